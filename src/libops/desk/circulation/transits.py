"""Items between libraries: send, call off, what is on the way, what should have come long ago, pull lists and slips."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from typing import Any

from attrs import evolve, field, frozen

from libops.base.decisions import Decision, Reason, Refuse
from libops.base.ids import LibraryCode
from libops.catalog.model import BibRecord
from libops.circulation.decide.hold_facts import ItemOfTitle
from libops.circulation.decide.transit import TransitFacts, TransitPlan, cancel_transit, send_item
from libops.circulation.model import Hold, ItemState, Loan, ReadyHold, Transit
from libops.circulation.policy.book import CirculationBook
from libops.desk.arguments import checks_arguments
from libops.desk.holders import Holders
from libops.desk.holds.reads import HoldReads
from libops.desk.holds.receipts import Slip, printed
from libops.desk.neighbors import ticket_on
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.storage.kinds import kind_of
from libops.storage.port import Get

__all__ = ["TransitDesk", "TransitReceipt"]


@frozen
class TransitReceipt:
    """An item's way: `act` is `sent` or `called_off`; `slip()` is the paper that travels with it.

    `language` is the library's: people at another one read it.
    """

    act: str
    at: datetime
    zone: tzinfo = field(repr=False)
    transit: Transit
    title: str
    barcode: str
    alerts: tuple[Reason, ...] = ()
    preview: str = ""
    language: str = "en"

    def slip(self) -> Slip:
        """The slip to lay into the item."""
        words, way = printed(self.language, self.zone), self.transit
        lines = words.pairs(
            ("item", self.title),
            ("barcode", self.barcode),
            ("from", way.source),
            ("sent", words.day(way.sent_at)),
            ("why", words.report(f"receipt.why.{way.reason.value}")),
        )
        return Slip("transit", words.report("receipt.to", library=way.destination), tuple(lines), words.language)

    def __str__(self) -> str:
        slip, words = self.slip(), printed(self.language, self.zone)
        called_off = words.report("receipt.called_off", library=self.transit.destination)
        return str(slip if self.act == "sent" else evolve(slip, heading=called_off))


@checks_arguments()
class TransitDesk:
    """Items on the way. A check-in at any library ends a transit; these acts are for staff.

    `item` is a barcode or the item's identifier. Acts answer `Permit` with a `TransitReceipt`, the slip to lay into the
    item, or `Refuse` with reasons, `barcode.no_item` for an unknown barcode.

    >>> import libops
    >>> from libops.testing.sample_library import ITEMS, sample_library
    >>> ops, guide = libops.open(), ITEMS[0][0]
    >>> sample_library(ops)
    >>> ops.transits.state_of(guide).value, ops.transits.of_item(guide) is None
    ('available', True)
    >>> print(*ops.transits.cancel(guide, why="found on its shelf").reasons)
    The item 31234000000014 is not on the way anywhere.
    """

    def __init__(self, shell: Shell, book: CirculationBook, library: LibraryCode, holders: Holders) -> None:
        self.shell = shell
        self.book = book
        self.library = library
        self.holders = holders
        self.facts = HoldReads(book, lambda: shell.clock())

    def send(self, item: str, to: str, *, library: str | None = None, by: str = "desk") -> Decision[TransitReceipt]:
        """Send an item that is on the shelf to another library; `library` is where it is, this desk's when left out.

        Refused: `item.in_transit`, `transit.item_not_here` for one that is lent or set aside, `transit.same_place`.
        Raises `NotFound` for a library that the settings do not know.
        """
        destination = self.book.library(to)
        return self.act("sent", item, library, lambda facts, at: send_item(facts, destination, at=at, by=by))

    def cancel(self, item: str, *, why: str, by: str = "desk") -> Decision[TransitReceipt]:
        """Call a transit off: the item has not left, and is on the shelf again; a hold that it was for waits again.

        What never came is given up with `ops.items.mark_missing`. Refused: `transit.none`, and `hold.why_missing`
        without a reason.
        """
        return self.act("called_off", item, None, lambda facts, at: cancel_transit(facts, at=at, by=by, why=why))

    def act(
        self,
        name: str,
        item: str,
        library: str | None,
        ask: Callable[[TransitFacts, datetime], Decision[TransitPlan]],
    ) -> Decision[TransitReceipt]:
        place = self.library if library is None else self.book.library(library)

        def load(reads: Reads) -> TransitFacts | Refuse:
            use = self.holders.item(reads, item)
            if isinstance(use, Reason):
                return Refuse((use,))
            what, bib, loan, ready, transit = reads.load(
                Get(self.facts.items, use.holder_id),
                Get(kind_of(BibRecord), use.bib_id),
                Get(kind_of(Loan), use.holder_id),
                Get(kind_of(ReadyHold), use.holder_id),
                Get(kind_of(Transit), use.holder_id),
            )
            hold = None if transit is None or transit.hold_id is None else reads.get(Hold, transit.hold_id)
            return TransitFacts(place, ItemOfTitle(what, loan, ready, transit), bib.title, hold)

        def receive(plan: TransitPlan, facts: TransitFacts, at: datetime, alerts: tuple[Reason, ...]) -> TransitReceipt:
            zone, barcode = self.book.calendar(self.library).zone_info, facts.one.item.barcode or ""
            language = self.shell.words.language
            return TransitReceipt(name, at, zone, plan.transit, facts.title, barcode, alerts, language=language)

        return self.shell.act(Errand(load, ask, receive))

    def of_item(self, item: str) -> Transit | None:
        """The way an item is on; None when it is on none. Raises `NotFound` for an unknown barcode."""
        reads = Reads(self.shell.storage)
        return reads.get(Transit, self.holders.item_or_raise(reads, item).id)

    def on_the_way_to(self, library: str | None = None) -> list[Transit]:
        """What is coming to a library, this one when left out, what was sent first at the top."""
        place = self.library if library is None else self.book.library(library)
        return Reads(self.shell.storage).find(Transit, "by_destination", place)

    def lost(self, *, page: int = 500) -> Iterator[Transit]:
        """What should be there by now: sent longer ago than `returns.lost_in_transit_after`, to any library."""
        calendar, now = self.book.calendar(self.library), self.shell.clock()
        before = self.book.returns.lost_in_transit_after.before_instant(now, calendar.zone_info)
        after: tuple[Any, ...] | None = None
        while True:
            rows, after = self.shell.storage.scan(kind_of(Transit), "by_sent", high=before, after=after, page=page)
            yield from (row.record for row in rows)
            if after is None:
                return

    def state_of(self, item: str) -> ItemState:
        """The circulation state of an item, derived from what is open for it. Raises `NotFound`.

        One that would be on the shelf, and that a ticket of the repair shop holds, is in process.
        """
        reads = Reads(self.shell.storage)
        found = self.holders.item_or_raise(reads, item)
        kinds = [kind_of(each) for each in (Loan, ReadyHold, Transit)]
        loan, ready, transit, ticket = reads.load(*[Get(kind, found.id) for kind in kinds], ticket_on(found.id))
        return ItemOfTitle(found, loan, ready, transit, ticket is not None).state
