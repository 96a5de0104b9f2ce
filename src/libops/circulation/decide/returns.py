"""What ends with a loan: its fine, brought to the account, and the days without borrowing that stand in for one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial

from attrs import evolve

from libops.base.calendars import Calendar
from libops.base.decisions import Reason, Step
from libops.base.events import Event
from libops.base.money import Money
from libops.circulation import reasons
from libops.circulation.decide.facts import CheckInFacts, RenewFacts
from libops.circulation.model import Loan
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.rules import Concern
from libops.fees.decide.facts import Act
from libops.fees.decide.fines import FineFacts, count_fine
from libops.fees.events import LineWritten
from libops.fees.model import Cause, LoanFine
from libops.fees.overdue import Ended, Fine, fine
from libops.fees.policy import ClaimFound, FinesInClosing
from libops.fees.suspensions import suspension
from libops.items.model import Item
from libops.patrons.events import BlockPlaced
from libops.patrons.model import Action, Block, Patron

__all__ = [
    "charged_for",
    "drop_box_time",
    "fine_calendar",
    "fine_of",
    "fine_to_account",
    "moved_by",
    "suspended_for",
]

SUSPENSION = "suspension-"
BORROWING = (Action.CHECK_OUT, Action.RENEW, Action.PLACE_HOLD)
DAY = timedelta(1)


def fine_calendar(loan: Loan, item: Item, patron: Patron | None, book: CirculationBook) -> Calendar:
    """The calendar that a fine is counted by: that of the library whose rule sets fines (B10).

    The checkout's own where that one keeps no calendar.
    """
    return book.calendar_for(Concern.FINE, loan.library, item, patron)


def fine_of(
    loan: Loan,
    item: Item,
    patron: Patron | None,
    book: CirculationBook,
    at: datetime,
    *,
    ended: Ended = Ended.RETURNED,
    backdated_to: datetime | None = None,
    fined: LoanFine | None = None,
    explain: bool = False,
) -> Fine | None:
    """The overdue fine of a loan by `at`; None where it has no due date or no fine policy.

    `fined` is what was charged so far: where the library leaves fines in closings, a closing announced later does not
    take it back.
    """
    policy = book.fines.get(loan.fine) if loan.fine else None
    if loan.due is None or policy is None:
        return None
    counting = partial(
        fine,
        policy,
        due=loan.due,
        at=at,
        price=item.price,
        default_price=book.default_prices.get(loan.item_type),
        recalled=loan.recalled_at is not None,
        ended=ended,
        backdated_to=backdated_to,
        explain=explain,
    )
    counted = counting(calendar=fine_calendar(loan, item, patron, book))
    charged = fined.total if fined is not None and fined.period == loan.renewals else 0
    if charged <= counted.amount.amount or book.accounts.fines_in_closing is not FinesInClosing.LEAVE:
        return counted
    calendar = book.as_announced.get(book.counting(Concern.FINE, loan.library, item, patron))
    return counted if calendar is None else left_in_closing(counted, counting(calendar=calendar), charged, explain)


def left_in_closing(counted: Fine, before: Fine, charged: int, explain: bool) -> Fine:
    """What was charged before a closing was announced, as far as it was right then; `before` is without the closing."""
    if before.amount <= counted.amount:
        return counted
    left = Money(min(charged, before.amount.amount), counted.amount.currency)
    step = Step("closing", counted.amount, left, "charged before the closing was announced, and left")
    return evolve(before, amount=left, steps=(*before.steps, step) if explain else ())


def fine_to_account(
    facts: CheckInFacts | RenewFacts,
    loan: Loan,
    book: CirculationBook,
    counted: Fine | None,
    act: Act,
    *,
    give_back: bool = True,
) -> tuple[Event, ...]:
    """What brings the patron's account to the fine; nothing when a sweep has charged it all before."""
    if counted is None or facts.account is None:
        return ()
    owed = FineFacts(facts.account, loan.id, loan.item_id, loan.renewals, facts.fined)
    zone = fine_calendar(loan, facts.item, facts.patron, book).zone_info
    return count_fine(owed, act, fine=counted.amount, policy=book.accounts, zone=zone, give_back=give_back).events


def charged_for(counted: Fine | None) -> tuple[tuple[str, Money], ...]:
    """The fine as a receipt shows it; nothing for none."""
    return () if counted is None or not counted.amount.amount else ((Cause.OVERDUE.value, counted.amount),)


def moved_by(events: Iterable[Event]) -> tuple[tuple[tuple[str, Money], ...], tuple[tuple[str, Money], ...]]:
    """What these events charge, and what they give back, as a receipt shows it."""
    lines = [event.line for event in events if isinstance(event, LineWritten)]
    named = [(line.cause.value if line.cause is not None else line.kind.value, line.amount) for line in lines]
    charged = tuple((what, amount) for what, amount in named if amount.amount > 0)
    return charged, tuple((what, -amount) for what, amount in named if amount.amount < 0)


def drop_box_time(calendar: Calendar, at: datetime) -> datetime:
    """When what lies in the drop box at `at` counts as returned: at the last closing before the present hours.

    Whoever comes after closing leaves the item in the box; the desk finds it in the morning (Koha's drop-box mode).
    """
    present = calendar.span_at(at)
    closing = calendar.previous_closing(at if present is None else present.opens)
    return at if closing is None else closing.closes


def suspended_for(
    loan: Loan,
    item: Item,
    patron: Patron,
    book: CirculationBook,
    *,
    returned: datetime,
    at: datetime,
    by: str,
    claim_found: bool = False,
    explain: bool = False,
) -> tuple[tuple[Event, ...], tuple[Reason, ...], tuple[Step, ...]]:
    """What keeps a patron from borrowing for days late, in place of money (B11); what the desk is told, and the steps.

    Nothing happens for no such days, nor where a suspension runs that lasts as long. `claim_found`: the patron claimed
    to have returned the item, and the library found it (B12).
    """
    policy = book.suspensions.get(loan.suspension)
    if policy is None or loan.due is None or (claim_found and policy.claim_found is ClaimFound.WAIVED):
        return (), (), ()
    calendar = book.calendar_for(Concern.SUSPENSION, loan.library, item, patron)
    running = running_until(patron.blocks, calendar)
    earned = suspension(policy, due=loan.due, at=returned, calendar=calendar, running_until=running, explain=explain)
    if not earned.days or earned.until is None or (running is not None and earned.until <= running):
        return (), (), earned.steps
    block = Block(
        f"{SUSPENSION}{loan.id}",
        f"{earned.days} days for a late return",
        at,
        by,
        BORROWING,
        calendar.instant(earned.until + DAY, calendar.day_starts) - timedelta(microseconds=1),
    )
    told = reasons.PATRON_SUSPENDED(until=earned.until, days=earned.days)
    return (BlockPlaced(at, by, patron.id, block),), (told,), earned.steps


def running_until(blocks: Iterable[Block], calendar: Calendar) -> date | None:
    """The last day of the suspensions that a patron serves, None for none."""
    ends = [block.until for block in blocks if block.id.startswith(SUSPENSION) and block.until is not None]
    return calendar.service_day(max(ends)) if ends else None
