"""Suspension in place of money, and fees for reminders."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libops.base.calendars import Calendar, WeeklyHours
from libops.base.errors import InvalidValue
from libops.base.ids import ItemId, LoanId
from libops.base.money import Money
from libops.base.periods import Period
from libops.fees import (
    ChargeAt,
    ClosedTime,
    GraceKind,
    Reminder,
    Several,
    SuspensionPolicy,
    charge_reminders,
    reminders_due,
    suspension,
)
from libops.testing.strategies.base import calendars, instants
from libops.testing.strategies.fees import AccountBook

HOURS = "10:00-20:00"
TOWN = Calendar(
    "Europe/Berlin", WeeklyHours(tuesday=HOURS, wednesday=HOURS, thursday=HOURS, friday=HOURS, saturday=HOURS)
)


def march(day: int, clock: str = "23:59") -> datetime:
    return TOWN.instant(date(2026, 3, day), time.fromisoformat(clock))


def served(due: int, back: int, running: int | None = None, **terms: object) -> tuple[int, int | None]:
    """Days of suspension, and its last day in March."""
    policy = SuspensionPolicy(**{"days": 1, **terms})  # type: ignore[arg-type]
    until = None if running is None else date(2026, 3, running)
    found = suspension(policy, due=march(due), at=march(back, "12:00"), calendar=TOWN, running_until=until)
    return found.days, None if found.until is None else found.until.day


def test_returned_on_time_is_no_suspension() -> None:
    """Nothing is earned, nothing is served."""
    assert (0, None) == served(3, 3)


def test_days_for_each_unit_late() -> None:
    """B11: two days for each three days late; a part of a unit counts only when charged at its start."""
    terms = {"days": 2, "per": Period.parse("3 days")}
    assert (2, 9) == served(3, 7, **terms)
    assert (4, 11) == served(3, 7, charge_at=ChargeAt.START_OF_INTERVAL, **terms)


def test_grace_of_a_suspension() -> None:
    """B4: Koha deducts grace from a suspension; all or nothing is the other way."""
    grace = Period.parse("2 days")
    assert (0, None) == served(3, 5, grace=grace)
    assert (1, 7) == served(3, 6, grace=grace)
    assert (3, 9) == served(3, 6, grace=grace, grace_kind=GraceKind.ALL_OR_NOTHING)


def test_longest_suspension() -> None:
    """A maximum of 5 days; a maximum of 0 is no suspension at all."""
    assert (5, 17) == served(3, 12, max_days=5)
    assert (0, None) == served(3, 12, max_days=0)


def test_closed_days_late_earn_nothing() -> None:
    """Sunday and Monday late are not counted when closed days are excluded."""
    assert (5, 15) == served(5, 10)
    assert (3, 13) == served(5, 10, closed=ClosedTime.EXCLUDE_CLOSED_DAYS)


def test_suspension_skips_closed_days() -> None:
    """B11 `suspension-skips-closed-days`: three days from Friday end on Monday, or on Wednesday."""
    assert (3, 9) == served(3, 6)
    assert (3, 11) == served(3, 6, skips_closed_days=True)


@pytest.mark.parametrize(("option", "until"), [(Several.LONGEST_WINS, 12), (Several.ADD_UP, 15)])
def test_second_suspension(option: Several, until: int) -> None:
    """B11 `suspensions-longest-wins`, `suspensions-add-up`: three days earned on the 6th, one running to the 12th."""
    assert (3, until) == served(3, 6, running=12, several=option)


def test_suspension_that_is_over_counts_for_nothing() -> None:
    """It ended on the 5th; the new one runs from the 6th."""
    assert (3, 9) == served(3, 6, running=5, several=Several.ADD_UP)


def test_running_suspension_stays_when_nothing_is_earned() -> None:
    """Bringing one book back on time does not lift the suspension for another."""
    assert (0, 12) == served(3, 3, running=12)


def test_suspension_below_zero_is_refused() -> None:
    """Days are counted from 0 up."""
    with pytest.raises(InvalidValue, match="-1 days"):
        SuspensionPolicy(days=-1)


def test_suspension_is_explained() -> None:
    """What was earned, what the maximum left, and until when."""
    policy = SuspensionPolicy(days=1, max_days=2)
    found = suspension(policy, due=march(3), at=march(7), calendar=TOWN, explain=True)
    assert [("suspension", 4), ("maximum", 2), ("until", date(2026, 3, 9))] == [
        (step.name, step.after) for step in found.steps
    ]
    assert "at most 2 days" == found.steps[1].why
    endless = suspension(SuspensionPolicy(days=1), due=march(3), at=march(7), calendar=TOWN, explain=True)
    assert ("none", 4) == (endless.steps[1].why, endless.days)


@given(calendars(), instants(), st.integers(0, 60), st.integers(0, 20), st.booleans(), st.sampled_from(Several))
def test_suspension_never_ends_before_one_that_runs(calendar, due, late, running, skips, several) -> None:
    """A late return never shortens what the patron already serves."""
    at = due + timedelta(days=late)
    until = calendar.service_day(at) + timedelta(running)
    policy = SuspensionPolicy(days=1, skips_closed_days=skips, several=several)
    found = suspension(policy, due=due, at=at, calendar=calendar, running_until=until)
    assert found.until is not None
    assert until <= found.until


# --- Reminders

SCHEDULE = (
    Reminder(Period.parse("7 days"), Money(100, "EUR"), "first"),
    Reminder(Period.parse("7 days"), Money(0, "EUR"), "second"),
    Reminder(Period.parse("1 month"), Money(500, "EUR"), "last"),
)


def numbers(at: datetime, **terms: object) -> list[int]:
    earned = reminders_due(SCHEDULE, due=march(3), at=at, calendar=TOWN, **terms)  # type: ignore[arg-type]
    return [reminder.number for reminder in earned]


def test_reminders_follow_one_another() -> None:
    """A week after the due date, a week after that, and a month after that; each at its very instant."""
    assert [] == numbers(march(10, "23:58"))
    assert [1] == numbers(march(10))
    assert [1, 2] == numbers(march(31))
    assert [1, 2, 3] == numbers(TOWN.instant(date(2026, 4, 17), time(23, 59)))


def test_reminders_sent_before_are_not_due_again() -> None:
    """The sweep asks for those beyond the ones sent."""
    assert [2] == numbers(march(31), sent=1)
    assert [] == numbers(march(31), sent=2)


def test_reminders_may_count_open_days_only() -> None:
    """Seven open days from 3 March end on the 12th."""
    assert [] == numbers(march(11), open_days=True)
    assert [1] == numbers(march(12), open_days=True)


def test_fee_of_a_reminder_is_charged_once() -> None:
    """A reminder without a fee writes nothing; a sweep that runs twice charges once, a renewal starts anew."""
    book = AccountBook()
    earned = reminders_due(SCHEDULE, due=march(3), at=march(31), calendar=TOWN)
    loan = {"loan_id": LoanId("L-1"), "item_id": ItemId("I-1")}
    for _ in range(2):
        book.write(charge_reminders(book.facts(), book.act(), earned=earned, **loan))
    assert ["L-1-reminder-0-1"] == [line.id for line in book.facts().lines]
    book.write(charge_reminders(book.facts(), book.act(), earned=earned, period=1, **loan))
    assert 200 == book.facts().standing.balance
