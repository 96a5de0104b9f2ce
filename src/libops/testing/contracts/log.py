"""Scenarios of the log: events in the order of commits, in pages, by stream, and rewritten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from attrs import evolve

from libops.base.errors import Conflict
from libops.base.events import Event
from libops.storage.port import Batch, Rewrite, Storage
from libops.testing.contracts.reaching import ReachesStore
from libops.testing.small_records import MONDAY, loan, put, scanned

__all__ = ["LogScenarios"]


class LogScenarios(ReachesStore):
    """What `events` promises."""

    def read_on(self, store: Storage, page: int, stream: str | None = None) -> list[Event]:
        """All events, page by page, until there is no more; or twenty pages, for a log that never ends."""
        seen: list[Event] = []
        after = 0
        for _ in range(20):
            entries, after = store.events(after, page, stream)
            assert len(entries) <= page
            seen += [entry.event for entry in entries]
            if not entries:
                break
        return seen

    def test_401_the_log_keeps_the_order_of_commits(self, store: Storage) -> None:
        """Events of one batch stay in their order, and later batches come after."""
        store.apply(Batch(events=(scanned(1), scanned(2))))
        store.apply(Batch(events=(scanned(3),)))
        entries = store.events().entries
        assert [scanned(1), scanned(2), scanned(3)] == [entry.event for entry in entries]
        assert sorted({entry.position for entry in entries}) == [entry.position for entry in entries]

    @pytest.mark.parametrize("page", [1, 2, 100])
    def test_402_the_log_is_read_in_pages(self, store: Storage, page: int) -> None:
        """A reader remembers a position and goes on from there."""
        store.apply(Batch(events=tuple(scanned(number) for number in range(5))))
        assert [scanned(number) for number in range(5)] == self.read_on(store, page)

    def test_403_one_stream_can_be_read_alone(self, store: Storage) -> None:
        """Everything that happened to one item."""
        store.apply(Batch(events=(scanned(1, 0), scanned(2, 1), scanned(1, 2))))
        entries = store.events(stream="item_id:item-0001").entries
        assert [scanned(1, 0), scanned(1, 2)] == [entry.event for entry in entries]

    def test_404_an_event_can_be_rewritten_in_its_place(self, store: Storage) -> None:
        """Taking a person out of the log changes that event and no other."""
        store.apply(Batch(events=(scanned(1), scanned(2))))
        first = store.events().entries[0]
        store.apply(Batch(rewrites=(Rewrite(first.position, scanned(9)),)))
        assert [scanned(9), scanned(2)] == [entry.event for entry in store.events().entries]
        assert [] == store.events(stream="item_id:item-0001").entries
        assert 1 == len(store.events(stream="item_id:item-0009").entries)

    @pytest.mark.parametrize("page", [1, 2])
    def test_405_a_stream_is_read_in_pages_too(self, store: Storage, page: int) -> None:
        """A reader of one item's story goes on where it was."""
        store.apply(Batch(events=tuple(scanned(1 + number % 2, number) for number in range(6))))
        assert [scanned(1, number) for number in (0, 2, 4)] == self.read_on(store, page, "item_id:item-0001")

    @pytest.mark.parametrize("stream", [None, "item_id:item-0001"])
    def test_406_an_empty_page_ends_where_it_was_asked(self, store: Storage, stream: str | None) -> None:
        """Whoever has read everything asks again tomorrow, from the same place."""
        store.apply(Batch(events=(scanned(1),)))
        last = store.events(stream=stream).after
        assert ([], last) == store.events(last, stream=stream)

    def test_407_a_batch_is_told_its_place_in_the_log(self, store: Storage) -> None:
        """That of its last event: by it an announcement sees whether the host has undone what it was to announce."""
        for events in ((scanned(1),), (scanned(2), scanned(3), scanned(4))):
            place = store.apply(Batch(writes=(put(loan(len(events))),), events=events))
            assert place == store.events().entries[-1].position

    def test_408_an_event_is_rewritten_with_its_batch_or_not_at_all(self, store: Storage) -> None:
        """A person is taken out of records and log at once; where another desk was faster, out of neither."""
        store.apply(Batch(writes=(put(loan(1)),), events=(scanned(1),)))
        place = store.events().entries[0].position
        with pytest.raises(Conflict):
            store.apply(Batch(writes=(put(loan(1)),), rewrites=(Rewrite(place, scanned(9)),)))
        assert [scanned(1)] == [entry.event for entry in store.events().entries]

    def test_409_streams_differ_by_every_letter(self, store: Storage) -> None:
        """Item 1000 is not item 10001, though the one begins like the other."""
        store.apply(Batch(events=(scanned(1_000), scanned(10_001))))
        assert [scanned(1_000)] == [entry.event for entry in store.events(stream="item_id:item-1000").entries]
        assert [] == store.events(stream="item_id:ITEM-1000").entries

    def test_410_a_stream_is_whole_however_long_the_log(self, store: Storage) -> None:
        """What happened to one item of many, read page by page; an item taken out of the log is nowhere in it."""
        kept = [scanned(number % 40, number) for number in range(2_200)]
        for start in range(0, len(kept), 550):
            store.apply(Batch(events=tuple(kept[start : start + 550])))
        wanted, seen, after = [event for event in kept if event.item_id == "item-0007"], [], 0
        while entries := (page := store.events(after, 7, "item_id:item-0007")).entries:
            seen += [entry.event for entry in entries]
            after = page.after
        assert wanted == seen
        places = [entry.position for entry in store.events(0, 100, "item_id:item-0007").entries]
        rewrites = tuple(Rewrite(place, scanned(41, minute)) for minute, place in enumerate(places))
        store.apply(Batch(rewrites=rewrites))
        assert [] == store.events(stream="item_id:item-0007").entries
        assert places == [entry.position for entry in store.events(0, 100, "item_id:item-0041").entries]

    def test_410_an_event_comes_back_as_it_was(self, store: Storage) -> None:
        """To the microsecond, and with the letters of every script: the log is what everything else is made from."""
        names = ["ruth", "", "Zoë Ørsted 李", 'a "quoted"\nline', "\\ ' % _ \t", "\U0001f4da"]
        events = [evolve(scanned(1), by=name, at=MONDAY + timedelta(microseconds=1)) for name in names]
        store.apply(Batch(events=tuple(events)))
        assert events == [entry.event for entry in store.events().entries]
