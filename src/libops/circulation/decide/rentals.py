"""The fee for a loan itself: what it comes to, and the line that charges it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from libops.base.calendars import Calendar
from libops.base.events import Event
from libops.base.ids import AccountLineId
from libops.base.money import Money
from libops.base.periods import Period, intervals_between
from libops.circulation.model import Loan
from libops.circulation.policy.terms import RentalTerms
from libops.fees.decide.facts import Act, spend
from libops.fees.events import Charged
from libops.fees.model import AccountLine, Cause, LineKind, OpenCredit

__all__ = ["rental_events", "rental_fee", "rented_for"]


def rental_fee(terms: RentalTerms, *, start: datetime, end: datetime | None, calendar: Calendar) -> Money:
    """What a loan from `start` to `end` costs: once, or for every period begun. One without end costs one period.

    >>> from datetime import UTC
    >>> from libops.base.periods import Period
    >>> weekly = RentalTerms(amount=Money.parse("1.50 EUR"), per=Period.parse("1 week"))
    >>> lent, due = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 12, 22, 59, tzinfo=UTC)
    >>> print(rental_fee(weekly, start=lent, end=due, calendar=Calendar.always_open("Europe/Berlin")))
    3.00 EUR
    """
    if terms.per is None or end is None:
        return terms.amount
    if terms.per.is_timed:
        begun = intervals_between(start, end, terms.per, zone=calendar.zone_info).begun
    else:
        begun = periods_begun(terms.per, calendar.service_day(start), calendar.service_day(end))
    return terms.amount * max(begun, 1)


def periods_begun(per: Period, first: date, last: date) -> int:
    """How many periods of days or months it takes from one day to another; due on the seventh day is one week."""
    begun = 0
    while Period(per.amount * begun, per.unit).after(first) < last:
        begun += 1
    return begun


def rental_events(
    terms: RentalTerms,
    loan: Loan,
    number: int,
    start: datetime,
    end: datetime | None,
    calendar: Calendar,
    act: Act,
    credits: Iterable[OpenCredit] = (),
) -> tuple[Event, ...]:
    """The charge for the loan (`number` 0) or for its renewal of that number; nothing when it costs nothing.

    Open `credits` settle it at once, the oldest first.
    """
    fee = rental_fee(terms, start=start, end=end, calendar=calendar)
    if fee.amount <= 0:
        return ()
    key = AccountLineId(f"{loan.id}-rental-{number}")
    line = AccountLine(
        key,
        loan.patron_id,
        act.at,
        act.by,
        LineKind.CHARGE,
        fee,
        Cause.RENTAL,
        spend(key, fee.amount, credits)[0],
        loan_id=loan.id,
        item_id=loan.item_id,
        library=act.library,
    )
    return (Charged(act.at, act.by, line),)


def rented_for(events: Iterable[Event]) -> tuple[tuple[str, Money], ...]:
    """What these events charge, as a receipt shows it."""
    return tuple((Cause.RENTAL.value, event.line.amount) for event in events if isinstance(event, Charged))
