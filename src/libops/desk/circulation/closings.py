"""A closing that the library announces: what it touches, listed first, then done, and undone if it never comes to it.

Once done it counts like the special days of the settings: for new loans, renewals, fines, shelf times and bookings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from attrs import frozen

from libops.base.decisions import Decision, Override, Reason, Refuse
from libops.base.errors import InvalidValue
from libops.base.ids import LibraryCode
from libops.bookings.decide import act_in_closing, close_booking, falls_into, flag_booking
from libops.bookings.model import Booking, BookingState, Resource
from libops.bookings.policy import BookingPolicy, InClosing, terms_for
from libops.catalog.model import BibRecord
from libops.circulation import reasons
from libops.circulation.decide.change_due import DuePlan, change_due, due_after_closing
from libops.circulation.decide.closings import (
    FineInClosing,
    announce_closing,
    fine_in_closing,
    forgive_fine,
    move_shelf_end,
    restore_fine,
    shelf_end_after_closing,
    undo_closing,
)
from libops.circulation.decide.facts import case_of
from libops.circulation.model import AnnouncedClosing, Hold, Loan, ReadyHold, closing_key
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.holds import HoldPolicy
from libops.circulation.policy.rules import Concern
from libops.desk.arguments import checks_arguments
from libops.desk.bookings.desk import BookingDesk
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.fees.decide import AccountFacts, AccountPlan, Act
from libops.fees.model import AccountLine, LoanFine, OpenCharge, OpenCredit
from libops.fees.policy import FinesInClosing
from libops.items.model import Item
from libops.patrons.model import Patron
from libops.patrons.standing import Standing
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Get

__all__ = ["BookingInClosing", "Closing", "ClosingDesk", "ClosingReport", "DueMove", "NotMoved", "ShelfMove"]

R = TypeVar("R")
PAGE = 200
DAY = timedelta(1)
OPEN_STATES = (BookingState.REQUESTED, BookingState.CONFIRMED, BookingState.STARTED)


@frozen
class DueMove:
    """A due date that a closing moves."""

    item_id: str
    loan_id: str
    before: datetime
    after: datetime


@frozen
class ShelfMove:
    """An item on the hold shelf that waits longer because of a closing."""

    item_id: str
    hold_id: str
    before: datetime
    after: datetime


@frozen
class BookingInClosing:
    """A booking that falls into a closing, and what becomes of it."""

    booking_id: str
    resource_id: str
    patron_id: str
    start: datetime
    end: datetime
    purpose: str
    act: InClosing


@frozen
class Closing:
    """A closing of a library from `first` to `last`, both included, and all that it touches."""

    library: LibraryCode
    first: date
    last: date
    moves: tuple[DueMove, ...]
    shelf: tuple[ShelfMove, ...] = ()
    bookings: tuple[BookingInClosing, ...] = ()
    fines: tuple[FineInClosing, ...] = ()

    @property
    def note(self) -> str:
        """How account lines and bookings name it."""
        return f"closing of {self.library}, {self.first} to {self.last}"


@frozen
class NotMoved:
    """What a closing left as it was, and why: a loan, hold, booking or fine by its identifier."""

    what: str
    id: str
    reasons: tuple[Reason, ...]


@frozen
class ClosingReport:
    """How much a closing changed, or its undoing, and what was left alone."""

    done: int
    refused: tuple[NotMoved, ...] = ()


@checks_arguments()
class ClosingDesk:
    """Closings. Loans, holds, bookings and fines that have changed since the list are left alone and reported.

    >>> import libops
    >>> from datetime import date, datetime
    >>> ops = libops.open(clock=lambda: datetime.fromisoformat("2026-03-03T10:00Z"))
    >>> ops.closings.announce("MAIN", date(2026, 3, 31), date(2026, 4, 1)).moves
    ()
    """

    def __init__(self, shell: Shell, book: CirculationBook, policy: BookingPolicy, bookings: BookingDesk) -> None:
        self.shell = shell
        self.book = book
        self.policy = policy
        self.bookings = bookings

    def announce(self, library: str, first: date, last: date) -> Closing:
        """What a closing on these days touches: listed, nothing is written.

        Due dates move by each loan policy's own way over closed days, and items wait longer on the hold shelf by that
        of their hold policy. `bookings.in_closing` says what becomes of bookings, `accounts.fines_in_closing` whether
        fines charged for these days already are forgiven. Raises `InvalidValue` for days in the wrong order.
        """
        place = self.book.library(library)
        if last < first:
            raise InvalidValue(f"a closing from {first} to {last}: the last day comes after the first, or is the same")
        self.shell.look_again(self.shell.clock())
        return Closing(
            place,
            first,
            last,
            tuple(self.dues(place, first, last)),
            tuple(self.shelved(place, first, last)),
            tuple(self.booked(place, first, last)),
            tuple(self.fined(place, first, last)),
        )

    def announced(self, library: str | None = None) -> tuple[AnnouncedClosing, ...]:
        """The closings that count beside the special days of the settings, of one library or of all, by days."""
        self.shell.look_again(self.shell.clock())
        return tuple(
            closing
            for closing in self.shell.calendars.closings
            if closing.counts() and library in (None, closing.library)
        )

    # --- the list -----------------------------------------------------------------------------------------------------

    def dues(self, library: LibraryCode, first: date, last: date) -> Iterator[DueMove]:
        calendar, now = self.book.calendar(library), self.shell.clock()
        low, high = calendar.instant(first - DAY, time(0)), calendar.instant(last + 2 * DAY, time(0))
        for loan in self.all(Loan, "by_due", low, high):
            if loan.due is None or (self.book.due_here and loan.library != library):
                continue
            item, patron = self.around(loan)
            if library != self.book.counting(Concern.LOAN, loan.library, item, patron):
                continue
            moved = due_after_closing(loan, patron, self.book, first=first, last=last, at=now, library=library)
            if moved is not None and moved != loan.due:
                yield DueMove(loan.item_id, loan.id, loan.due, moved)

    def shelved(self, library: LibraryCode, first: date, last: date) -> Iterator[ShelfMove]:
        calendar, now = self.book.calendar(library), self.shell.clock()
        for ready in self.all(ReadyHold, "by_keep_until", calendar.instant(first, time(0)), None):
            if ready.pickup_library != library or ready.keep_until is None or ready.keep_until < now:
                continue
            hold, patron, item, bib = Reads(self.shell.storage).load(
                Get(kind_of(Hold), ready.hold_id),
                Get(kind_of(Patron), ready.patron_id),
                Get(kind_of(Item), ready.item_id),
                Get(kind_of(BibRecord), ready.bib_id),
            )
            if item is None:  # deleted from the shelf by override
                continue
            case = case_of(library, patron, item, bib, calendar.service_day(now), self.book)
            policy = self.book.terms(case).holds or HoldPolicy()
            moved = shelf_end_after_closing(ready, hold, policy, self.book, first=first, last=last)
            if moved is not None and moved != ready.keep_until:
                yield ShelfMove(ready.item_id, ready.hold_id, ready.keep_until, moved)

    def booked(self, library: LibraryCode, first: date, last: date) -> Iterator[BookingInClosing]:
        calendar, reads = self.book.calendar(library), Reads(self.shell.storage)
        closes, opens = calendar.instant(first, time(0)), calendar.instant(last + DAY, time(0))
        now = self.shell.clock()
        for state in OPEN_STATES:
            for booking in reads.load(Find(kind_of(Booking), "by_state", (state,), high=opens))[0]:
                resource = reads.get(Resource, booking.resource_id)
                if resource is None or resource.library != library or booking.end <= now:
                    continue
                if falls_into(booking, terms_for(self.policy, resource)[0], closes, opens):
                    act = act_in_closing(booking, self.policy.in_closing)
                    span = (booking.start, booking.end)
                    yield BookingInClosing(booking.id, resource.id, booking.patron_id, *span, booking.purpose, act)

    def fined(self, library: LibraryCode, first: date, last: date) -> Iterator[FineInClosing]:
        now = self.shell.clock()
        if self.book.accounts.fines_in_closing is FinesInClosing.LEAVE:
            return
        for loan in self.all(Loan, "by_due", None, now):
            fined = Reads(self.shell.storage).get(LoanFine, loan.id)
            if fined is None:
                continue
            item, patron = self.around(loan)
            if library != self.book.counting(Concern.FINE, loan.library, item, patron):
                continue
            found = fine_in_closing(loan, item, patron, fined, self.book, first=first, last=last, at=now)
            if found is not None:
                yield found

    def all(self, cls: type[R], index: str, low: datetime | None, high: datetime | None) -> Iterator[R]:
        """Records in the order of an index, read in pages."""
        after = None
        while True:
            page = self.shell.storage.scan(kind_of(cls), index, low, high, after, PAGE)
            yield from (row.record for row in page.rows)
            after = page.after
            if after is None:
                return

    def around(self, loan: Loan) -> tuple[Item, Patron]:
        item, patron = Reads(self.shell.storage).load(
            Get(kind_of(Item), loan.item_id), Get(kind_of(Patron), loan.patron_id)
        )
        return item, patron

    # --- done and undone ----------------------------------------------------------------------------------------------

    def apply(self, closing: Closing, *, why: str, by: str = "desk") -> ClosingReport:
        """Do what the list says, and let the closing count from now on for all that the calendar decides.

        What has changed since the list was made is left alone and reported.
        """
        self.note(
            closing,
            lambda known, at: announce_closing(
                known, library=closing.library, first=closing.first, last=closing.last, why=why, at=at, by=by
            ),
        )
        return tally(
            *(("loan", m.loan_id, self.move_due(m, m.before, m.after, why, by)) for m in closing.moves),
            *(("hold", m.hold_id, self.move_shelf(m, m.before, m.after, why, by)) for m in closing.shelf),
            *(
                ("booking", found.booking_id, self.close_booking(found, closing, by))
                for found in closing.bookings
                if found.act is not InClosing.LEAVE
            ),
            *(("fine", found.loan_id, self.adjust(found, closing, forgive_fine, by)) for found in closing.fines),
        )

    def undo(self, closing: Closing, *, why: str, by: str = "desk") -> ClosingReport:
        """Take the closing away again, and move back what is still where it put it.

        Cancelled bookings are made again where there is room.
        """
        self.note(closing, lambda known, at: undo_closing(known, why=why, at=at, by=by))
        return tally(
            *(("loan", m.loan_id, self.move_due(m, m.after, m.before, why, by)) for m in closing.moves),
            *(("hold", m.hold_id, self.move_shelf(m, m.after, m.before, why, by)) for m in closing.shelf),
            *(
                ("booking", found.booking_id, self.reopen_booking(found, closing, by))
                for found in closing.bookings
                if found.act is not InClosing.LEAVE
            ),
            *(("fine", found.loan_id, self.adjust(found, closing, restore_fine, by)) for found in closing.fines),
        )

    def note(self, closing: Closing, decide: Callable[[AnnouncedClosing | None, datetime], Decision[Any]]) -> None:
        """Write down that the closing counts, or that it does so no more, and have the calendars know it."""
        key = closing_key(closing.library, closing.first, closing.last)
        self.done(
            lambda reads: (reads.get(AnnouncedClosing, key),),
            lambda found, at: decide(found[0], at),
        )
        self.shell.look_again(self.shell.clock())

    def move_due(self, move: DueMove, expected: datetime, due: datetime, why: str, by: str) -> Decision[Any]:
        def load(reads: Reads) -> Loan | Refuse:
            loan = reads.get(Loan, move.item_id)
            if loan is None or loan.id != move.loan_id or loan.due != expected:
                return Refuse((reasons.LOAN_CHANGED(due="" if loan is None else loan.due or ""),))
            return loan

        def decide(loan: Loan, at: datetime) -> Decision[DuePlan]:
            allowed = Override([reasons.DUE_BY_HAND.code], by, why, [reasons.DUE_BY_HAND.right or ""])
            return change_due(loan, due=due, at=at, by=by, override=allowed)

        return self.done(load, decide)

    def move_shelf(self, move: ShelfMove, expected: datetime, until: datetime, why: str, by: str) -> Decision[Any]:
        def load(reads: Reads) -> Any:
            ready = reads.get(ReadyHold, move.item_id)
            return (ready if ready is not None and ready.hold_id == move.hold_id else None,)

        return self.done(
            load, lambda facts, at: move_shelf_end(facts[0], expected=expected, until=until, why=why, at=at, by=by)
        )

    def close_booking(self, found: BookingInClosing, closing: Closing, by: str) -> Decision[Any]:
        return self.done(
            lambda reads: self.booking(reads, found),
            lambda booking, at: close_booking(booking, found.act, why=closing.note, at=at, by=by),
        )

    def reopen_booking(self, found: BookingInClosing, closing: Closing, by: str) -> Decision[Any]:
        if found.act is InClosing.FLAG:
            return self.done(
                lambda reads: self.booking(reads, found, flag=closing.note),
                lambda booking, at: flag_booking(booking, flag="", at=at, by=by),
            )
        return self.bookings.make(
            resource=found.resource_id,
            patron=found.patron_id,
            start=found.start,
            end=found.end,
            purpose=found.purpose,
            by=by,
        )

    def booking(self, reads: Reads, found: BookingInClosing, flag: str = "") -> Booking | Refuse:
        """The booking as it was listed; with `flag`, as the closing left it."""
        booking = reads.get(Booking, found.booking_id)
        assert booking is not None, f"booking {found.booking_id!r} was listed and is not there"
        same = (found.start, found.end) == (booking.start, booking.end) and booking.state.is_open
        return booking if same and booking.flag == flag else Refuse((reasons.CLOSING_OUTDATED(),))

    def adjust(
        self, found: FineInClosing, closing: Closing, ask: Callable[..., Decision[AccountPlan]], by: str
    ) -> Decision[Any]:
        def load(reads: Reads) -> Any:
            loan, fined = reads.load(Get(kind_of(Loan), found.item_id), Get(kind_of(LoanFine), found.loan_id))
            if loan is None or fined is None:
                return Refuse((reasons.CLOSING_OUTDATED(),))
            standing, charges, credits, lines = reads.load(
                Get(kind_of(Standing), loan.patron_id),
                Find(kind_of(OpenCharge), "by_loan", (loan.id,)),
                Find(kind_of(OpenCredit), "by_patron", (loan.patron_id,)),
                Find(kind_of(AccountLine), "by_patron", (loan.patron_id,)),
            )
            account = AccountFacts(standing, self.book.currency, tuple(charges), tuple(credits), tuple(lines))
            return loan, account, fined

        def decide(facts: Any, at: datetime) -> Decision[AccountPlan]:
            loan, account, fined = facts
            act = Act(at, by, loan.library, closing.note)
            return ask(found, loan, account, fined, self.book, act, ids=self.shell.ids)

        return self.done(load, decide)

    def done(self, load: Callable[[Reads], Any], decide: Callable[[Any, datetime], Any]) -> Decision[Any]:
        return self.shell.act(Errand(load, decide, lambda plan, facts, at, alerts: plan))


def tally(*answers: tuple[str, str, Decision[Any]]) -> ClosingReport:
    """How many acts were done, and the reasons of those that were not."""
    refused = tuple(NotMoved(what, key, answer.reasons) for what, key, answer in answers if isinstance(answer, Refuse))
    return ClosingReport(len(answers) - len(refused), refused)
