"""Who may change, delete, hide, restore and take back a bibliographic record, and that nothing is lost by it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from libops import catalog
from libops.base.decisions import Override, Permit, Refuse
from libops.base.events import Event, Put
from libops.base.ids import BibId
from libops.catalog import (
    CHANGES,
    BibAdded,
    BibFacts,
    BibIdentifier,
    BibRecord,
    BibVersion,
    Holdings,
    HoldingsAdded,
    HoldingsChanged,
    HoldingsDeleted,
    MaterialType,
    identifiers_of,
)
from libops.catalog.marc import to_bib
from libops.storage.kinds import key_of
from libops.testing.sample_marc import records
from libops.testing.strategies.catalog import bibs

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BY = "ada"
BIB = to_bib(records(1)[0], BibId("bib1"))


class Shelf:
    """The records as a dictionary: the simplest store there is."""

    def __init__(self) -> None:
        self.kept: dict[tuple[type, str], Any] = {}

    def get(self, cls: type, key: str) -> Any:
        return self.kept.get((cls, key))

    def fold(self, *events: Event) -> Shelf:
        for event in events:
            for change in list(CHANGES[type(event)](event, self)):
                if isinstance(change, Put):
                    record = change.record
                    self.kept[type(record), key_of(record)] = record
                else:
                    del self.kept[change.cls, change.key]
        return self

    def lookups(self) -> set[str]:
        return {record.lookup for record in self.kept.values() if isinstance(record, BibIdentifier)}


def codes(answer: object) -> list[str]:
    assert isinstance(answer, Refuse)
    return [reason.code for reason in answer.reasons]


def events(answer: object) -> tuple[Event, ...]:
    assert isinstance(answer, Permit)
    return answer.result


def test_the_facts_of_a_record_are_drawn_from_its_marc() -> None:
    """Title, author, numbers, subjects and year as a list shows them, without cataloging punctuation."""
    assert ("Living in absolute freedom : Donna Partow", "Partow, Donna", 2000) == (BIB.title, BIB.author, BIB.year)
    assert (("9780764222924",), "00008107") == (BIB.isbns, BIB.lccn)
    assert ("eng", "Bethany House") == (BIB.language, BIB.publisher)
    assert ("Christian women -- Religious life", "BV4527 .P375 2000") == (BIB.subjects[0], BIB.call_numbers[0])
    assert MaterialType.BOOK is BIB.material_type


def test_a_second_import_of_the_same_record_is_seen() -> None:
    """The content hash leaves out the date of last transaction, and nothing else."""
    record = records(1)[0]
    fields = [evolve(one, value="20270101000000.0") if one.tag == "005" else one for one in record.fields]
    later = evolve(record, fields=tuple(fields))
    other = evolve(record, fields=record.fields[:-1])
    again, edited = to_bib(later, BIB.id), to_bib(other, BIB.id)
    assert (BIB.content_hash, False) == (again.content_hash, edited.content_hash == BIB.content_hash)
    answer = catalog.change(BibFacts(BIB), again, at=AT, by=BY, version_id="v1")
    assert ["bib.unchanged"] == codes(answer)


def test_a_changed_record_keeps_its_former_version_and_can_go_back() -> None:
    """Overlay is reversible: the version before, and the one it replaced in turn, are both kept."""
    new = evolve(BIB, title="Living in freedom", isbns=("9780131103627",), content_hash="other")
    shelf = Shelf().fold(BibAdded(AT, BY, BIB))
    shelf.fold(*events(catalog.change(BibFacts(BIB), new, at=AT, by=BY, version_id="v1", source="vendor.mrc")))
    assert (new, BIB) == (shelf.get(BibRecord, BIB.id), shelf.get(BibVersion, "v1").bib)
    assert "isbn:9780131103627" in shelf.lookups()
    assert "isbn:9780764222924" not in shelf.lookups()
    back = catalog.revert(BibFacts(new), shelf.get(BibVersion, "v1"), at=AT, by=BY, version_id="v2")
    shelf.fold(*events(back))
    assert (BIB, new) == (shelf.get(BibRecord, BIB.id), shelf.get(BibVersion, "v2").bib)
    assert "isbn:9780764222924" in shelf.lookups()


def test_a_record_with_items_stays() -> None:
    """Items hang on the record: it cannot go before them, whoever asks."""
    facts = BibFacts(BIB, item_count=2, hold_count=1)
    everything = Override({"bib.has_items", "bib.has_holds"}, "head", "tidy", {"catalog.delete_with_holds"})
    assert ["bib.has_items", "bib.has_holds"] == codes(catalog.delete(facts, at=AT, by=BY))
    assert ["bib.has_items"] == codes(catalog.delete(facts, at=AT, by=BY, override=everything))


def test_a_title_patrons_wait_for_goes_only_with_the_right() -> None:
    """Deleting it would lose their holds."""
    facts = BibFacts(BIB, hold_count=3)
    assert ["bib.has_holds"] == codes(catalog.delete(facts, at=AT, by=BY))
    allowed = Override({"bib.has_holds"}, "head", "out of print", {"catalog.delete_with_holds"})
    assert events(catalog.delete(facts, at=AT, by=BY, override=allowed))


def test_a_deleted_record_leaves_a_trace_and_comes_back() -> None:
    """Deleted, it is found by no number; restored, by all of them."""
    shelf = Shelf().fold(BibAdded(AT, BY, BIB))
    shelf.fold(*events(catalog.delete(BibFacts(BIB), at=AT, by=BY)))
    gone = shelf.get(BibRecord, BIB.id)
    assert (True, False, set()) == (gone.deleted, gone.visible, shelf.lookups())
    assert ["bib.deleted"] == codes(catalog.delete(BibFacts(gone), at=AT, by=BY))
    assert ["bib.deleted"] == codes(catalog.suppress(BibFacts(gone), True, at=AT, by=BY))
    shelf.fold(*events(catalog.restore(BibFacts(gone), at=AT, by=BY)))
    assert (BIB, {one.lookup for one in identifiers_of(BIB)}) == (shelf.get(BibRecord, BIB.id), shelf.lookups())
    assert ["bib.not_deleted"] == codes(catalog.restore(BibFacts(BIB), at=AT, by=BY))


def test_hiding_and_showing_a_record() -> None:
    """Suppressed from the public, and shown again; hiding what is hidden changes nothing."""
    shelf = Shelf().fold(BibAdded(AT, BY, BIB), *events(catalog.suppress(BibFacts(BIB), True, at=AT, by=BY)))
    hidden = shelf.get(BibRecord, BIB.id)
    assert (True, False) == (hidden.suppressed, hidden.visible)
    assert ["bib.unchanged"] == codes(catalog.suppress(BibFacts(hidden), True, at=AT, by=BY))
    shelf.fold(*events(catalog.suppress(BibFacts(hidden), False, at=AT, by=BY)))
    assert BIB == shelf.get(BibRecord, BIB.id)


def test_nothing_can_be_done_to_a_record_that_is_not_there() -> None:
    """An unknown record is named as such by every act."""
    nobody = BibFacts(None, asked="bib9")
    answers = [
        catalog.change(nobody, evolve(BIB, id=BibId("bib9")), at=AT, by=BY, version_id="v1"),
        catalog.delete(nobody, at=AT, by=BY),
        catalog.restore(nobody, at=AT, by=BY),
        catalog.suppress(nobody, True, at=AT, by=BY),
        catalog.revert(nobody, None, at=AT, by=BY, version_id="v1"),
    ]
    assert [["bib.unknown"]] * 5 == [codes(answer) for answer in answers]
    assert {"bib9"} == {answer.reasons[0].data["bib"] for answer in answers}
    version = catalog.revert(BibFacts(BIB), None, at=AT, by=BY, version_id="v1", asked="v7")
    assert [("bib.version_unknown", "v7")] == [(why.code, why.data["version"]) for why in version.reasons]


def test_two_records_become_one_and_the_other_leads_there() -> None:
    """The loser leaves a trace that names the winner and keeps its numbers; the winner alone can be taken back."""
    other = to_bib(records(2)[1], BibId("bib2"))
    shelf = Shelf().fold(BibAdded(AT, BY, BIB), BibAdded(AT, BY, other))
    merged = evolve(BIB, isbns=(*BIB.isbns, *other.isbns))
    loser = BibFacts(other, item_count=2)
    act = catalog.merge(BibFacts(BIB), loser, merged, at=AT, by=BY, version_id="v1", moved_items=2)
    shelf.fold(*events(act))
    gone = shelf.get(BibRecord, "bib2")
    assert (merged, True, "bib1") == (shelf.get(BibRecord, "bib1"), gone.deleted, gone.merged_into)
    assert {f"isbn:{isbn}" for isbn in merged.isbns} | {"merged:bib1"} <= shelf.lookups()
    shelf.fold(*events(catalog.revert(BibFacts(merged), shelf.get(BibVersion, "v1"), at=AT, by=BY, version_id="v2")))
    assert BIB == shelf.get(BibRecord, "bib1")
    assert {f"isbn:{isbn}" for isbn in other.isbns} <= shelf.lookups()
    refused = [
        catalog.restore(BibFacts(gone), at=AT, by=BY),
        catalog.change(BibFacts(gone), BIB, at=AT, by=BY, version_id="v3"),
        catalog.delete(BibFacts(gone), at=AT, by=BY),
        catalog.suppress(BibFacts(gone), True, at=AT, by=BY),
        catalog.merge(BibFacts(BIB), BibFacts(gone), BIB, at=AT, by=BY, version_id="v4"),
    ]
    assert [["bib.merged"]] * 5 == [codes(answer) for answer in refused]
    assert {("bib2", "bib1")} == {(why.data["bib"], why.data["into"]) for each in refused for why in each.reasons}


def test_a_merge_that_would_leave_items_or_holds_behind_is_refused() -> None:
    """All reasons at once; a record is never merged with itself."""
    other = BibFacts(to_bib(records(2)[1], BibId("bib2")), item_count=3, hold_count=1)
    answer = catalog.merge(BibFacts(BIB), other, BIB, at=AT, by=BY, version_id="v1", moved_items=1)
    assert ["bib.has_items", "bib.has_holds"] == codes(answer)
    assert 2 == answer.reasons[0].data["items"]
    assert ["bib.same"] == codes(catalog.merge(BibFacts(BIB), BibFacts(BIB), BIB, at=AT, by=BY, version_id="v1"))
    serial = BibFacts(other.bib, subscriptions=1)
    assert ["bib.has_subscription"] == codes(catalog.merge(BibFacts(BIB), serial, BIB, at=AT, by=BY, version_id="v1"))
    nobody = catalog.merge(BibFacts(None, asked="b8"), BibFacts(None, asked="b9"), BIB, at=AT, by=BY, version_id="v1")
    assert ["b8", "b9"] == [why.data["bib"] for why in nobody.reasons]


def test_holdings_come_and_go() -> None:
    """Holdings are put in place of the former ones and removed when the library holds nothing more."""
    held = Holdings(id="h1", bib_id=BIB.id, library="MAIN", statements=("v.1 (1990)-v.12 (2001)",))
    more = evolve(held, statements=("v.1 (1990)-",))
    shelf = Shelf().fold(HoldingsAdded(AT, BY, held), HoldingsChanged(AT, BY, more))
    assert more == shelf.get(Holdings, "h1")
    assert {} == shelf.fold(HoldingsDeleted(AT, BY, more)).kept


@given(st.lists(bibs(), min_size=1, max_size=4, unique_by=lambda bib: bib.id), st.data())
@settings(max_examples=25, deadline=None)
def test_every_record_is_found_by_exactly_its_own_numbers(some: list[BibRecord], data) -> None:
    """After any run of changes, the numbers in the store are those of the records that are there."""
    shelf = Shelf().fold(*[BibAdded(AT, BY, evolve(bib, deleted=False)) for bib in some])
    for step in range(data.draw(st.integers(0, 6))):
        now = shelf.get(BibRecord, data.draw(st.sampled_from(some)).id)
        new = evolve(data.draw(bibs()), id=now.id)
        answer = data.draw(
            st.sampled_from(
                [
                    catalog.change(BibFacts(now), new, at=AT, by=BY, version_id=f"v{step}"),
                    catalog.delete(BibFacts(now), at=AT, by=BY),
                    catalog.restore(BibFacts(now), at=AT, by=BY),
                    catalog.suppress(BibFacts(now), True, at=AT, by=BY),
                ]
            )
        )
        if isinstance(answer, Permit):
            shelf.fold(*answer.result)
    kept = [record for record in shelf.kept.values() if isinstance(record, BibRecord)]
    expected = {one.key for bib in kept for one in identifiers_of(bib)}
    assert expected == {record.key for record in shelf.kept.values() if isinstance(record, BibIdentifier)}
