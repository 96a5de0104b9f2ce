"""Take an item back: close its loan and count its fine."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from attrs import evolve, field, frozen

from libops.base.decisions import Decision, Override, Permit, Reason, Refuse, Step, Trace, weigh
from libops.base.events import Event
from libops.base.money import Money
from libops.circulation import reasons
from libops.circulation.decide.arrival import Arrival, arrive
from libops.circulation.decide.facts import CheckInFacts
from libops.circulation.decide.found_again import charges_taken_over, earlier_loss_events, found_again_events
from libops.circulation.decide.in_house import use_of
from libops.circulation.decide.question import answered, waived_by
from libops.circulation.decide.returns import (
    charged_for,
    drop_box_time,
    fine_of,
    fine_to_account,
    moved_by,
    suspended_for,
)
from libops.circulation.events import ClaimSetBack, ItemCheckedIn, ItemReturnScanned, ItemTakenOffHoldShelf
from libops.circulation.model import Closing, Loan, Waived
from libops.circulation.policy.book import CirculationBook
from libops.fees.decide.facts import Act
from libops.fees.overdue import Ended, Fine, effective_return
from libops.items.events import ItemChanged
from libops.items.model import Item

__all__ = ["CheckInPlan", "check_in"]


@frozen
class CheckInPlan:
    """The loan that ends (None when nobody had the item), what it cost, and the events that make it so.

    `arrival` says where the item goes now. `credited` is what goes back for an item that counted as lost.
    """

    loan: Loan | None
    fine: Fine | None
    charged: tuple[tuple[str, Money], ...]
    waived: Waived | None
    events: tuple[Event, ...]
    arrival: Arrival = field(factory=Arrival)
    credited: tuple[tuple[str, Money], ...] = ()


def check_in(
    facts: CheckInFacts,
    book: CirculationBook,
    *,
    at: datetime,
    by: str,
    override: Override | None = None,
    extra: Iterable[Reason] = (),
    explain: bool = False,
) -> Decision[CheckInPlan]:
    """Decide what happens when an item is scanned at the return desk.

    A return is never refused for what the patron owes: the item is back. `extra` are reasons of plugins, which may
    ask the desk to confirm something first. The fine is counted by the policy named on the loan, with the calendar of
    the library that lent the item, up to the moment it came back.
    """
    loan = facts.loan
    found = [*alerts_of(facts, book, at), *extra]
    if facts.amnesty:
        found.append(reasons.FINE_FORGIVEN())
    verdict = weigh(found, override)
    if verdict.refusing:
        return Refuse(verdict.refusing, verdict.alerts)
    waived = waived_by(override, verdict)
    arrival = Arrival() if facts.arrival is None else arrive(facts.arrival, book, at=at, by=by)
    alerts = verdict.alerts + arrival.alerts
    onward = (*found_again(facts.item, at, by), *taken_off_shelf(facts, at, by), *arrival.events)
    if loan is None:
        scanned = scan_events(facts, book, at, by)
        charged, credited = moved_by(scanned)
        plan = CheckInPlan(None, None, charged, waived, (*scanned, *onward), arrival, credited)
        return Permit(plan, alerts, Trace(arrival.checks) if explain else None)
    returned = returned_when(facts, loan, book, at)
    counted = counted_fine(facts, loan, book, at, returned, explain=explain)
    found_lost = lost_events(facts, book, at, by, returned)
    refunds = found_lost or earlier_loss_events(facts.earlier, loan, book, at, by)
    fining = fine_to_account(facts, loan, book, counted, Act(at, by, loan.library), give_back=not facts.amnesty)
    if claim_found(facts, loan):
        fining = (*fining, ClaimSetBack(at, by, loan.id, loan.patron_id))
    suspended, told, served = days_without_borrowing(facts, loan, book, at, by, returned, explain=explain)
    closing = ItemCheckedIn(
        at,
        by,
        loan.id,
        loan.item_id,
        loan.patron_id,
        loan.counted_as,
        loan.on_site,
        returned,
        facts.library,
        Closing.CHECKED_IN,
        counted.amount if counted is not None and counted.amount.amount else None,
        waived,
    )
    fees = served if counted is None else counted.steps + served
    trace = Trace(arrival.checks, (), (), fees) if explain else None
    events = (closing, *refunds, *fining, *suspended, *onward)
    charged, credited = moved_by(found_lost)
    charged = (*charged_for(counted), *charged)
    return Permit(CheckInPlan(loan, counted, charged, waived, events, arrival, credited), alerts + told, trace)


def scan_events(facts: CheckInFacts, book: CirculationBook, at: datetime, by: str) -> tuple[Event, ...]:
    """The scan of an item that nobody had on loan: used in the house, or lost and found."""
    scanned = ItemReturnScanned(at, by, facts.item.id, facts.library)
    return (scanned, *used_in_house(facts, book, at, by), *lost_events(facts, book, at, by, at))


def used_in_house(facts: CheckInFacts, book: CirculationBook, at: datetime, by: str) -> tuple[Event, ...]:
    """The use of an item from a table in the house, where the library counts those that are scanned."""
    pending = facts.arrival is not None and (facts.arrival.transit is not None or facts.arrival.ready is not None)
    item = facts.item
    if (
        not book.returns.count_use_at_return
        or pending
        or facts.lost is not None
        or item.missing_since
        or item.withdrawn
    ):
        return ()
    return use_of(item, facts.library, day=book.calendar(facts.library).service_day(at), at=at, by=by)


def found_again(item: Item, at: datetime, by: str) -> tuple[Event, ...]:
    """An item that was marked as missing and is scanned is missing no more."""
    return () if item.missing_since is None else (ItemChanged(at, by, evolve(item, missing_since=None), item),)


def taken_off_shelf(facts: CheckInFacts, at: datetime, by: str) -> tuple[Event, ...]:
    """An item whose hold was over is in hand: it stands on the hold shelf no more."""
    if facts.arrival is None or facts.arrival.clearance is None:
        return ()
    return (ItemTakenOffHoldShelf(at, by, facts.item.id, facts.library),)


def lost_events(
    facts: CheckInFacts, book: CirculationBook, at: datetime, by: str, returned: datetime
) -> tuple[Event, ...]:
    """A lost item is back: what goes back for it."""
    lost = facts.lost
    if lost is None:
        return ()
    act = Act(at, by, lost.library)
    return found_again_events(facts, lost, book, act, returned)


def alerts_of(facts: CheckInFacts, book: CirculationBook, at: datetime) -> Iterable[Reason]:
    """What the desk is told, or asked, when an item comes back."""
    item, loan = facts.item, facts.loan
    losing = facts if facts.earlier is None else facts.earlier
    if losing.lost is not None:
        yield reasons.ITEM_WAS_LOST(since=losing.lost.lost_at)
        yield from charges_taken_over(losing, losing.lost, book, at)
    yield from not_to_shelve(facts)
    if loan is None:
        yield reasons.NOT_ON_LOAN(barcode=item.barcode or item.id)
        if facts.loss_over:
            yield reasons.ITEM_LOSS_OVER()
        elif item.missing_since is not None and losing.lost is None:
            yield reasons.RETURNED_MISSING(since=item.missing_since)
        return
    policy = book.loans.get(loan.loan_policy)
    if item.pieces > 1 and policy is not None:
        asked = answered(policy.parts_at_return, reasons.PARTS_TO_COUNT, pieces=item.pieces, note=item.pieces_note)
        if asked is not None:
            yield asked


def not_to_shelve(facts: CheckInFacts) -> Iterable[Reason]:
    """Why the item does not simply go back on its shelf, which only whoever has it in hand can see to (Koha, FOLIO)."""
    item = facts.item
    if item.withdrawn:
        yield reasons.RETURNED_WITHDRAWN(since=item.withdrawn_at, reason=item.withdrawn_reason)
    if facts.out_of_service:
        yield reasons.RETURNED_OUT_OF_SERVICE()
    if facts.in_processing:
        yield reasons.RETURNED_IN_PROCESSING()
    if item.in_repair:
        yield reasons.RETURNED_IN_REPAIR(note=item.status_note)
    elif item.damaged:
        yield reasons.RETURNED_DAMAGED(note=item.status_note)


def days_without_borrowing(
    facts: CheckInFacts,
    loan: Loan,
    book: CirculationBook,
    at: datetime,
    by: str,
    returned: datetime,
    *,
    explain: bool,
) -> tuple[tuple[Event, ...], tuple[Reason, ...], tuple[Step, ...]]:
    """The suspension that the loan has earned, what the desk is told of it, and its steps; none by amnesty."""
    patron, claim = facts.patron, claim_found(facts, loan)
    if patron is None or facts.amnesty:
        return (), (), ()
    return suspended_for(
        loan, facts.item, patron, book, returned=returned, at=at, by=by, claim_found=claim, explain=explain
    )


def claim_found(facts: CheckInFacts, loan: Loan) -> bool:
    """Whether the library found on its own shelf what the patron claimed to have returned (B12)."""
    return facts.found_here and loan.claimed_returned_at is not None


def returned_when(facts: CheckInFacts, loan: Loan, book: CirculationBook, at: datetime) -> datetime:
    """When the item counts as returned: now, as dated back, or at the last closing; never before it went out."""
    if facts.returned_at is None and facts.drop_box:
        found = drop_box_time(book.calendar(facts.library), at)
    else:
        found = effective_return(at=at, backdated_to=facts.returned_at)
    return max(found, loan.checked_out_at)


def counted_fine(
    facts: CheckInFacts, loan: Loan, book: CirculationBook, at: datetime, returned: datetime, *, explain: bool
) -> Fine | None:
    """The fine of a loan that ends now; none by amnesty."""
    if facts.lost is not None and facts.lost.billed_at is not None:
        return None  # what was charged as lost has the policy for losses say what becomes of its fine
    counted = fine_of(
        loan,
        facts.item,
        facts.patron,
        book,
        at,
        ended=Ended.CLAIM_FOUND if claim_found(facts, loan) else Ended.RETURNED,
        backdated_to=returned if returned < at else None,
        fined=facts.fined,
        explain=explain,
    )
    if counted is None or not facts.amnesty or not counted.amount.amount:
        return counted
    none = Money(0, counted.amount.currency)
    forgiven = Step("amnesty", counted.amount, none, "taken back without a fine")
    return Fine(none, steps=(*counted.steps, forgiven) if explain else ())
