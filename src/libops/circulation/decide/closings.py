"""A closing that the library announces, and what it means to the hold shelf and to fines; loans see `change_due`."""

from __future__ import annotations

from datetime import date, datetime

from attrs import evolve, frozen

from libops.base.calendars import Calendar
from libops.base.decisions import Decision, Permit, Refuse
from libops.base.events import Event
from libops.base.ids import AccountLineId, IdSource, LibraryCode
from libops.base.money import Money
from libops.circulation import reasons
from libops.circulation.decide.change_due import closed_calendar
from libops.circulation.decide.returns import fine_calendar
from libops.circulation.events import ClosingAnnounced, ClosingUndone, ShelfEndMoved
from libops.circulation.model import AnnouncedClosing, Hold, Loan, ReadyHold, closing_key
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.holds import HoldPolicy, shelf_end
from libops.fees.decide import AccountFacts, AccountPlan, Act, FineFacts, count_fine, void, waive
from libops.fees.model import LineKind, LoanFine
from libops.fees.overdue import fine
from libops.fees.policy import ClosedTime
from libops.items.model import Item
from libops.patrons.model import Patron

__all__ = [
    "ClosingPlan",
    "FineInClosing",
    "ShelfPlan",
    "announce_closing",
    "fine_in_closing",
    "forgive_fine",
    "move_shelf_end",
    "restore_fine",
    "shelf_end_after_closing",
    "undo_closing",
]


@frozen
class ClosingPlan:
    """The events that lay a closing over the calendar of its library, or take it away; none if that is done."""

    events: tuple[Event, ...]


def announce_closing(
    known: AnnouncedClosing | None, *, library: LibraryCode, first: date, last: date, why: str, at: datetime, by: str
) -> Decision[ClosingPlan]:
    """Let a closing count from now on, for all that the library's calendar decides; `known` is the same one, if any."""
    if known is not None and known.counts():
        return Permit(ClosingPlan(()))
    return Permit(
        ClosingPlan((ClosingAnnounced(at, by, closing_key(library, first, last), library, first, last, why),))
    )


def undo_closing(known: AnnouncedClosing | None, *, why: str, at: datetime, by: str) -> Decision[ClosingPlan]:
    """Let a closing count no longer; nothing is to do for one that does not."""
    if known is None or not known.counts():
        return Permit(ClosingPlan(()))
    return Permit(ClosingPlan((ClosingUndone(at, by, known.key, known.library, why),)))


@frozen
class ShelfPlan:
    """An item on the hold shelf with its new last moment, and the events that make it so."""

    ready: ReadyHold
    events: tuple[Event, ...]


def shelf_end_after_closing(
    ready: ReadyHold, hold: Hold, policy: HoldPolicy, book: CirculationBook, *, first: date, last: date
) -> datetime | None:
    """Until when the item waits if its library closes on these days, by the policy's own way; never less long."""
    if ready.keep_until is None:
        return None
    calendar = closed_calendar(book.calendar(ready.pickup_library), first, last)
    moved = shelf_end(policy, at=ready.ready_at, calendar=calendar, wanted_until=hold.wanted_until)
    return ready.keep_until if moved is None else max(moved, ready.keep_until)


def move_shelf_end(
    ready: ReadyHold | None, *, expected: datetime, until: datetime, why: str, at: datetime, by: str
) -> Decision[ShelfPlan]:
    """Let the item wait until another moment; refused where it is not waiting until the one expected any more."""
    if ready is None or ready.keep_until != expected:
        return Refuse((reasons.CLOSING_OUTDATED(),))
    moved = ShelfEndMoved(at, by, ready.hold_id, ready.item_id, until, why)
    return Permit(ShelfPlan(evolve(ready, keep_until=until), (moved,)))


@frozen
class FineInClosing:
    """A loan that was fined for days on which the library is closed after all: the fine so far, and without them.

    `waived` is set where its policy counts closed days, so that the difference is a gift and not an error.
    """

    item_id: str
    loan_id: str
    before: Money
    after: Money
    waived: bool


def fine_in_closing(
    loan: Loan,
    item: Item,
    patron: Patron | None,
    fined: LoanFine,
    book: CirculationBook,
    *,
    first: date,
    last: date,
    at: datetime,
) -> FineInClosing | None:
    """What the loan was fined for days of a closing; None for nothing."""
    policy = book.fines.get(loan.fine)
    if policy is None or loan.due is None or fined.period != loan.renewals:
        return None
    calendar, waived = fine_calendar(loan, item, patron, book), policy.closed is ClosedTime.COUNT
    if waived:
        policy = evolve(policy, closed=ClosedTime.EXCLUDE_CLOSED_DAYS)
        calendar = Calendar.always_open(calendar.zone)
    counted = fine(
        policy,
        due=loan.due,
        at=at,
        calendar=closed_calendar(calendar, first, last),
        price=item.price,
        default_price=book.default_prices.get(loan.item_type),
        recalled=loan.recalled_at is not None,
    ).amount
    if counted.amount >= fined.total:
        return None
    return FineInClosing(loan.item_id, loan.id, Money(fined.total, counted.currency), counted, waived)


def forgive_fine(
    found: FineInClosing,
    loan: Loan | None,
    account: AccountFacts,
    fined: LoanFine | None,
    book: CirculationBook,
    act: Act,
    *,
    ids: IdSource,
) -> Decision[AccountPlan]:
    """Take off, or waive, what days of a closing cost; what was paid for a waived part stays paid."""
    if loan is None or loan.id != found.loan_id or fined is None or fined.total != found.before.amount:
        return Refuse((reasons.CLOSING_OUTDATED(),))
    if not found.waived:
        owed = FineFacts(account, loan.id, loan.item_id, loan.renewals, fined)
        zone = book.calendar(loan.library).zone_info
        return Permit(count_fine(owed, act, fine=found.after, policy=book.accounts, zone=zone))
    charge = None if fined.charge is None else account.charge(fined.charge)
    if charge is None:
        return Refuse((reasons.CLOSING_OUTDATED(),))
    amount = min(found.before - found.after, charge.open)
    return waive(account, act, ids=ids, charges=[charge.id], amount=amount, policy=book.accounts)


def restore_fine(
    found: FineInClosing,
    loan: Loan | None,
    account: AccountFacts,
    fined: LoanFine | None,
    book: CirculationBook,
    act: Act,
    *,
    ids: IdSource,
) -> Decision[AccountPlan]:
    """Undo `forgive_fine`, told by the note that both acts carry; refused where the fine has moved on since."""
    if loan is None or loan.id != found.loan_id or fined is None:
        return Refuse((reasons.CLOSING_OUTDATED(),))
    if found.waived:
        voided = {line.of for line in account.lines if line.kind is LineKind.VOID}
        given = [
            line.id
            for line in account.lines
            if line.kind is LineKind.WAIVER and line.note == act.note and line.id not in voided
        ]
        waived = next(iter(given), AccountLineId(""))
        return void(account, act, line=waived, ids=ids)
    if fined.total != found.after.amount:
        return Refuse((reasons.CLOSING_OUTDATED(),))
    owed = FineFacts(account, loan.id, loan.item_id, loan.renewals, fined)
    return Permit(count_fine(owed, act, fine=found.before, policy=book.accounts))
