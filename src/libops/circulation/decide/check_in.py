"""Take an item back: close its loan and count its fine."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from attrs import evolve, frozen

from libops.base.decisions import Decision, Override, Permit, Reason, Refuse, Step, Trace, weigh
from libops.base.events import Event
from libops.base.money import Money
from libops.circulation import reasons
from libops.circulation.decide.facts import CheckInFacts
from libops.circulation.decide.question import waived_by
from libops.circulation.events import ItemCheckedIn, ItemReturnScanned
from libops.circulation.model import Closing, Loan, Waived
from libops.circulation.policy.book import CirculationBook
from libops.fees.decide.facts import Act
from libops.fees.decide.fines import FineFacts, count_fine
from libops.fees.model import Cause
from libops.fees.overdue import Fine, effective_return, fine
from libops.items.events import ItemChanged
from libops.items.model import Item

__all__ = ["CheckInPlan", "check_in"]


@frozen
class CheckInPlan:
    """The loan that ends (None when nobody had the item), what it cost, and the events that make it so."""

    loan: Loan | None
    fine: Fine | None
    charged: tuple[tuple[str, Money], ...]
    waived: Waived | None
    events: tuple[Event, ...]


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
    found = list(extra)
    loan = facts.loan
    if loan is None:
        found.append(reasons.NOT_ON_LOAN(barcode=facts.item.barcode or facts.item.id))
    verdict = weigh(found, override)
    if verdict.refusing:
        return Refuse(verdict.refusing, verdict.alerts)
    waived = waived_by(override, verdict)
    again = found_again(facts.item, at, by)
    if loan is None:
        scanned = ItemReturnScanned(at, by, facts.item.id, facts.library)
        return Permit(CheckInPlan(None, None, (), waived, (scanned, *again)), verdict.alerts)
    counted = counted_fine(facts, loan, book, at, explain=explain)
    fining = fine_events(facts, loan, book, counted, at, by)
    returned = ItemCheckedIn(
        at,
        by,
        loan.id,
        loan.item_id,
        loan.patron_id,
        loan.counted_as,
        loan.on_site,
        effective_return(at=at, backdated_to=facts.returned_at),
        facts.library,
        Closing.CHECKED_IN,
        counted.amount if counted is not None and counted.amount.amount else None,
        waived,
    )
    charged = () if counted is None or not counted.amount.amount else ((Cause.OVERDUE.value, counted.amount),)
    steps: tuple[Step, ...] = () if counted is None else counted.steps
    trace = Trace((), (), (), steps) if explain else None
    return Permit(CheckInPlan(loan, counted, charged, waived, (returned, *fining, *again)), verdict.alerts, trace)


def found_again(item: Item, at: datetime, by: str) -> tuple[Event, ...]:
    """An item that was marked as missing and is scanned is missing no more."""
    return () if item.missing_since is None else (ItemChanged(at, by, evolve(item, missing_since=None), item),)


def counted_fine(facts: CheckInFacts, loan: Loan, book: CirculationBook, at: datetime, *, explain: bool) -> Fine | None:
    """The fine of a loan that ends now; None where it has no due date or no fine policy."""
    policy = book.fines.get(loan.fine)
    if policy is None or loan.due is None:
        return None
    return fine(
        policy,
        due=loan.due,
        at=at,
        calendar=book.calendar(loan.library),
        price=facts.item.price,
        default_price=book.default_prices.get(loan.item_type),
        recalled=loan.recalled_at is not None,
        backdated_to=facts.returned_at,
        explain=explain,
    )


def fine_events(
    facts: CheckInFacts, loan: Loan, book: CirculationBook, counted: Fine | None, at: datetime, by: str
) -> tuple[Event, ...]:
    """What brings the patron's account to the fine; nothing when a sweep has charged it all before."""
    if counted is None or facts.account is None:
        return ()
    owed = FineFacts(facts.account, loan.id, loan.item_id, loan.renewals, facts.fined)
    zone = book.calendar(loan.library).zone_info
    return count_fine(owed, Act(at, by, loan.library), fine=counted.amount, zone=zone).events
