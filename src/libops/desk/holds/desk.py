"""The hold desk: place, cancel, suspend, move; what is ready, and what has run out of time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from attrs import evolve

from libops.base.decisions import Decision, Override, Permit, Reason, Refuse
from libops.base.errors import InvalidValue, NotFound
from libops.base.ids import HoldId, LibraryCode
from libops.catalog.model import BibRecord
from libops.circulation.decide.hold_facts import (
    HoldFacts,
    PlaceHoldFacts,
)
from libops.circulation.decide.hold_life import (
    HoldActPlan,
    cancel_hold,
    change_pickup,
    lapse_hold,
    move_hold,
    release_hold,
    reorder_holds,
    resume_hold,
    suspend_hold,
)
from libops.circulation.decide.match import Matched, match_hold
from libops.circulation.decide.place_hold import HoldPlan, place_hold
from libops.circulation.model import Hold, HoldPlace, HoldTarget, ReadyHold
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.holds import Forecast, PositionView, Standpoint, forecast, positions
from libops.desk.arguments import checks_arguments
from libops.desk.holders import Holders
from libops.desk.holds.outlook import outlook
from libops.desk.holds.pull_list import PullLine, in_shelf_order, pull_list
from libops.desk.holds.reads import HoldReads
from libops.desk.holds.receipts import HoldReceipt
from libops.desk.holds.requests import HoldRequests
from libops.desk.holds.shelf import ClearLine, items_to_clear
from libops.desk.holds.targets import HoldTargets
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.desk.words import read_by
from libops.items.model import Item
from libops.patrons.model import Patron
from libops.storage.fold import fold
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Get

__all__ = ["HoldDesk"]


@checks_arguments()
class HoldDesk:
    """Holds and recalls: placed, moved, suspended, filled, lapsed.

    `hold` is a hold's identifier, as `of_patron` and the receipt of `place` give it. Acts answer `Permit` with a
    `HoldReceipt`, or `Refuse` with all reasons: `hold.unknown`, `hold.wrong_state` with the state it is in, and those
    named with the act. Times are moments with their zone.

    >>> import libops
    >>> from libops.testing.sample_library import PATRONS, sample_library
    >>> ops, ada = libops.open(), PATRONS[0][0]
    >>> sample_library(ops)
    >>> jazz = next(ops.catalog.all()).id
    >>> ops.holds.place(patron=ada, bib=jazz).result.act
    'hold_placed'
    >>> [(position, hold.bib_id == jazz) for position, hold in ops.holds.queue_of(jazz)]
    [(1, True)]
    """

    def __init__(
        self,
        shell: Shell,
        book: CirculationBook,
        library: LibraryCode,
        holders: Holders,
        pickup_places: frozenset[LibraryCode],
    ) -> None:
        self.shell = shell
        self.book = book
        self.library = library
        self.holders = holders
        self.pickup_places = pickup_places
        self.facts = HoldReads(book, lambda: shell.clock())
        self.targets = HoldTargets(shell.storage, self.facts, book)
        self.requests = HoldRequests(self.facts, holders, library, pickup_places)

    # --- placing --------------------------------------------------------------------------------------------------

    def place(
        self,
        *,
        patron: str,
        bib: str = "",
        item: str = "",
        volume: str = "",
        any_of: Sequence[str] = (),
        pickup: str | None = None,
        wanted_until: date | None = None,
        suspended: bool = False,
        suspended_until: datetime | None = None,
        recall: bool = False,
        count: int = 1,
        note: str = "",
        by: str = "desk",
        override: Override | None = None,
        explain: bool = False,
        preview: str = "",
        commit: bool = True,
    ) -> Decision[HoldReceipt]:
        """Place a hold on a title, a volume of it, one item, or whichever of several comes first.

        Args:
            patron: the card's barcode, or the patron's identifier.
            bib: the title's identifier.
            item: an item's barcode or identifier, in place of a title.
            volume: with `bib`, the enumeration that the item must have.
            any_of: several titles or items, in place of one.
            pickup: where the patron will pick it up; the library of this desk when left out.
            wanted_until: the last day on which the patron can use it.
            suspended: placed, but not to be filled yet, until `suspended_until` or until it is resumed.
            recall: also shorten the loan that ends first.
            count: so many holds at once, all or none (a book club's).
            override: reason codes that staff set aside.
            explain: say for every item what speaks against it.
            preview: the `preview` of a previewed receipt.
            commit: False only says what would happen.

        Raises `InvalidValue` when it is not clear what is wanted.
        """
        if sum(map(bool, (bib, item, any_of))) != 1 or (volume and not bib) or count < 1:
            raise InvalidValue("name one thing to hold: a bib (with a volume or without), an item, or any_of several")
        hold_ids = [HoldId(self.shell.ids()) for _ in range(count)]
        terms: dict[str, Any] = {"recall": recall, "count": count, "note": note, "wanted_until": wanted_until}
        terms |= {"suspended": suspended, "suspended_until": suspended_until}

        def load(reads: Reads) -> PlaceHoldFacts | Refuse:
            wanted = self.requests.wanted(reads, bib, item, volume, tuple(any_of), pickup, terms)
            who = self.holders.patron(reads, patron)
            found = [each for each in (who, wanted) if isinstance(each, Reason)]
            if found or isinstance(who, Reason) or isinstance(wanted, Reason):
                return Refuse(tuple(found))
            return self.requests.placing(reads, who.holder_id, wanted)

        def decide(facts: PlaceHoldFacts, at: datetime) -> Decision[HoldPlan]:
            extra = self.shell.extra_reasons("place_hold", facts)
            return place_hold(
                facts,
                self.book,
                at=at,
                hold_ids=hold_ids,
                by=by,
                ids=self.shell.ids,
                override=override,
                extra=extra,
                explain=explain,
            )

        def receive(plan: HoldPlan, facts: PlaceHoldFacts, at: datetime, alerts: tuple[Reason, ...]) -> HoldReceipt:
            due = None if plan.recall is None or plan.recall.due is None else plan.recall.due.at
            receipt = self.receipt("hold_placed", at, facts, plan.holds, alerts)
            return evolve(receipt, request=plan.request.value, recalled_due=due)

        return self.shell.act(Errand(load, decide, receive), commit=commit, expecting=preview)

    # --- what becomes of a hold -----------------------------------------------------------------------------------

    def cancel(self, hold: str, *, reason: str, by: str = "desk") -> Decision[HoldReceipt]:
        """Give a hold up. The item that waited for it goes to the next in line. Refused without a reason:
        `hold.why_missing`.
        """
        return self.act(
            "hold_cancelled", hold, lambda facts, at: cancel_hold(facts, self.book, at=at, by=by, reason=reason)
        )

    def suspend(self, hold: str, *, until: datetime | None = None, by: str = "desk") -> Decision[HoldReceipt]:
        """Pass the hold over until a time to come, or until it is resumed; it keeps its place. Only while it waits."""
        return self.act("hold_suspended", hold, lambda facts, at: suspend_hold(facts, at=at, by=by, until=until))

    def resume(self, hold: str, *, by: str = "desk") -> Decision[HoldReceipt]:
        """Let a suspended hold be filled again."""
        return self.act("hold_resumed", hold, lambda facts, at: resume_hold(facts, at=at, by=by))

    def change_pickup(self, hold: str, pickup: str, *, by: str = "desk") -> Decision[HoldReceipt]:
        """Pick up at another library: what waits already is sent there, what is on its way goes on from its arrival.

        Refused: `hold.pickup_not_allowed`. Tells `hold.goes_on` of an item that is on its way to another library.
        """
        return self.act(
            "pickup_changed",
            hold,
            lambda facts, at: change_pickup(facts, self.book, LibraryCode(pickup), at=at, by=by),
        )

    def release(self, hold: str, *, why: str, by: str = "desk") -> Decision[HoldReceipt]:
        """Take the item from a ready hold, which waits again in its old place. Refused: `hold.why_missing`."""
        return self.act("hold_released", hold, lambda facts, at: release_hold(facts, at=at, by=by, why=why))

    def lapse(self, hold: str, *, by: str = "desk", by_run: bool = False) -> Decision[HoldReceipt]:
        """End a hold whose time is over. The daily run sets `by_run`. Refused: `hold.not_due`, `hold.run_waits`."""
        return self.act(
            "hold_expired",
            hold,
            lambda facts, at: lapse_hold(facts, self.book, at=at, by=by, ids=self.shell.ids, by_run=by_run),
        )

    def move(self, hold: str, position: int, *, why: str, by: str = "desk") -> Decision[HoldReceipt]:
        """Give the hold another position in the queue of its title, counted from 1. The log keeps by whom and why.

        Refused: `hold.why_missing`. Raises `InvalidValue` for a position below 1.
        """
        if position < 1:
            raise InvalidValue(f"position {position}: the first in the queue has position 1")

        def more(reads: Reads, facts: HoldFacts) -> HoldFacts:
            head = Find(self.facts.places, "by_bib", (facts.hold.bib_id,), limit=position + len(facts.hold.targets))
            places = [place for place in reads.load(head)[0] if place.hold_id != facts.hold.id]
            holds = reads.load(*(Get(self.facts.holds, place.hold_id) for place in places))
            self.facts.all_places(reads, *holds)
            return evolve(facts, queue=tuple(dict.fromkeys(places)))

        return self.act("hold_moved", hold, lambda facts, at: move_hold(facts, position, at=at, by=by, why=why), more)

    def reorder(self, holds: Sequence[str], *, why: str, by: str = "desk") -> Decision[tuple[Hold, ...]]:
        """Put these holds of one title at the head of its queue, in this order. Refused: `hold.why_missing`."""
        order = tuple(map(HoldId, holds))

        def load(reads: Reads) -> tuple[Hold, ...]:
            found = tuple(hold for hold in reads.load(*(Get(self.facts.holds, each) for each in order)) if hold)
            self.facts.all_places(reads, *found)
            for bib_id in dict.fromkeys(hold.bib_id for hold in found):
                first = reads.load(Find(self.facts.places, "by_bib", (bib_id,), limit=1))[0]
                ahead = reads.load(*(Get(self.facts.holds, place.hold_id) for place in first))
                found += tuple(hold for hold in ahead if hold not in found)
            return found

        return self.shell.act(
            Errand(
                load,
                lambda facts, at: reorder_holds(facts, order, at=at, by=by, why=why),
                lambda plan, facts, at, alerts: facts,
            )
        )

    def act(
        self,
        name: str,
        hold: str,
        ask: Callable[[HoldFacts, datetime], Decision[HoldActPlan]],
        more: Callable[[Reads, HoldFacts], HoldFacts] | None = None,
    ) -> Decision[HoldReceipt]:
        seen: list[Reads] = []

        def load(reads: Reads) -> HoldFacts | Refuse:
            seen[:] = [reads]
            facts = self.facts.hold(reads, hold, self.library, self.pickup_places)
            if isinstance(facts, Reason):
                return Refuse((facts,))
            return facts if more is None else more(reads, facts)

        def receive(plan: HoldActPlan, facts: HoldFacts, at: datetime, alerts: tuple[Reason, ...]) -> HoldReceipt:
            after = fold(plan.events, seen[0]).get((kind_of(Hold), facts.hold.id)) or facts.hold
            receipt = self.receipt(name, at, facts, (after,), alerts)
            sent = plan.arrival.transit if plan.arrival is not None else None
            caught = receipt.title if facts.arrival is None else facts.arrival.match.bib.title
            return evolve(receipt, title=caught, send_to="" if sent is None else sent.destination)

        return self.shell.act(Errand(load, ask, receive))

    def receipt(
        self, act: str, at: datetime, facts: Any, holds: tuple[Hold, ...], alerts: tuple[Reason, ...]
    ) -> HoldReceipt:
        zone = self.book.calendar(self.library).zone_info
        patron: Patron = facts.patron
        return HoldReceipt(
            act,
            at,
            self.library,
            zone,
            holds,
            patron.name,
            patron.card or "",
            facts.bib.title,
            alerts=alerts,
            language=read_by(patron.language, self.shell.words.language),
        )

    # --- looking --------------------------------------------------------------------------------------------------

    def get(self, hold: str) -> Hold:
        """A hold in force. Raises `NotFound`."""
        found = Reads(self.shell.storage).get(Hold, hold)
        if found is None:
            raise NotFound(f"no hold in force has the identifier {hold!r}")
        return found

    def of_patron(self, patron: str) -> list[Hold]:
        """A patron's holds in force, the oldest first. Raises `NotFound` for an unknown card."""
        reads = Reads(self.shell.storage)
        return reads.find(Hold, "by_patron", self.holders.patron_or_raise(reads, patron).id)

    def ready_at(self, library: str | None = None) -> list[ReadyHold]:
        """The hold shelf of a library, this one when left out, what has waited longest first."""
        place = self.library if library is None else self.book.library(library)
        return Reads(self.shell.storage).find(ReadyHold, "by_shelf", place)

    def to_clear(self, library: str | None = None) -> list[ClearLine]:
        """What to take off a hold shelf, this library's when left out: its hold is over, or it is now for another.

        Each line has a `slip()`, and stays until the item is checked in. What is over longest comes first.
        """
        place = self.library if library is None else self.book.library(library)
        return items_to_clear(Reads(self.shell.storage), place, self.shell.words.language)

    def queue_of(self, bib: str, *, view: PositionView = PositionView.READY_UNNUMBERED) -> list[tuple[int, Hold]]:
        """The holds on a title with their positions, as the view numbers them (D3)."""
        reads = Reads(self.shell.storage)
        waiting = reads.find(HoldPlace, "by_bib", bib)
        caught = [
            hold for one in self.facts.items_of(reads, [bib]) for hold in reads.find(Hold, "by_item", one.item.id)
        ]
        queued = reads.load(*(Get(kind_of(Hold), key) for key in dict.fromkeys(place.hold_id for place in waiting)))
        holds = {hold.id: hold for hold in (*caught, *queued)}
        numbered = positions(holds.values(), self.book.holds, Standpoint(self.library), view=view)
        return sorted(
            ((number, holds[key]) for key, number in numbered.items()), key=lambda each: (each[0], each[1].id)
        )

    def next_for(self, item: str, *, library: str | None = None) -> Matched:
        """Whose hold an item would fill now, and why each one before it is passed over. Nothing is written."""
        reads = Reads(self.shell.storage)
        found: Item = self.holders.item_or_raise(reads, item)
        bib = reads.get(BibRecord, found.bib_id)
        assert bib is not None
        here = self.library if library is None else self.book.library(library)
        facts = self.facts.match(reads, found, bib, here, wanted=True)
        return match_hold(facts, self.book, at=self.shell.clock())

    def forecast(self, hold: str) -> Forecast:
        """When the hold's turn will come, with what is taken for granted. A forecast ends nothing (D10).

        Counted are the items that can fill it as they are, and that their policies let the patron have: none that is
        missing, lost, claimed returned, damaged, in repair or not for loan. Of their loans and shelf times the longest
        is reckoned with. Where there is none, `typical` and `worst` are None. Raises `NotFound`.
        """
        found = self.get(hold)
        return forecast(**outlook(self.facts, Reads(self.shell.storage), found, self.shell.clock()))

    def lapse_due(self, *, by: str = "run", page: int = 500) -> Iterator[Permit[HoldReceipt]]:
        """End every hold whose time is over, a page at a time; safe to run twice, and to stop at any point."""
        now = self.shell.clock()
        today = self.book.calendar(self.library).service_day(now)
        due: tuple[tuple[Any, str, Any, Callable[[Any], str]], ...] = (
            (self.facts.ready, "by_keep_until", now, attrgetter("hold_id")),
            (self.facts.holds, "by_lapse", now, attrgetter("id")),
            (self.facts.holds, "by_wanted_until", today, attrgetter("id")),
        )
        for kind, index, high, hold_of in due:
            after: tuple[Any, ...] | None = None
            while True:
                rows, after = self.shell.storage.scan(kind, index, high=high, after=after, page=page)
                for row in rows:
                    answer = self.lapse(hold_of(row.record), by=by, by_run=True)
                    if isinstance(answer, Permit):
                        yield answer
                if after is None:
                    break

    def pull_list(self, library: str | None = None) -> list[PullLine]:
        """What to fetch from the shelves of a library, by shelving location and shelf order.

        Where the settings have libraries asked in turn, only what this one was asked for (see `choose_targets`).
        """
        place = self.library if library is None else self.book.library(library)
        if self.targets.used:
            found = in_shelf_order(self.targets.pull_list(place, self.shell.clock()))
        else:
            found = pull_list(self.shell.storage, self.facts, place)
        return [evolve(line, language=self.shell.words.language) for line in found]

    def choose_targets(self, *, by: str = "run") -> Iterator[HoldTarget]:
        """Ask one library for an item for each waiting hold, and the next where it did not come in time.

        Does nothing where the settings have no `holds.targeting.retarget_after`. Hands out what has changed.
        """
        if not self.targets.used:
            return iter(())
        return self.targets.choose(
            self.shell.clock(), lambda hold_id, reason: self.cancel(hold_id, reason=reason, by=by)
        )

    def target_of(self, hold: str) -> HoldTarget | None:
        """Which item a library was asked to fetch for a hold, and why not the others; None where none was."""
        return self.targets.of_hold(hold)
