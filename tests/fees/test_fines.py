"""What an overdue loan costs: each option of a fine policy told apart from its neighbors.

The library is open Tuesday to Saturday from 10 to 20; 2 March 2026 is a Monday.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from libops.base.calendars import Calendar, SpecialDays, WeeklyHours
from libops.base.errors import InvalidValue
from libops.base.money import Money
from libops.base.periods import MonthLength, Period
from libops.fees import (
    AtRenewal,
    BackdatedFine,
    ChargeAt,
    ClaimFound,
    ClosedTime,
    Counting,
    Ended,
    FinePolicy,
    FineStep,
    GraceKind,
    GraceOverClosed,
    effective_return,
    fine,
)

HOURS = "10:00-20:00"
TOWN = Calendar(
    "Europe/Berlin", WeeklyHours(tuesday=HOURS, wednesday=HOURS, thursday=HOURS, friday=HOURS, saturday=HOURS)
)
EURO = Money(100, "EUR")
DAYS = FinePolicy(amount=EURO)


def march(day: int, clock: str = "23:59", month: int = 3) -> datetime:
    """A moment on the library's wall, in UTC."""
    return TOWN.instant(date(2026, month, day), time.fromisoformat(clock))


def euros(policy: FinePolicy, due: datetime, at: datetime, **facts: object) -> float:
    """The fine in euros."""
    return fine(policy, due=due, at=at, calendar=TOWN, **facts).amount.amount / 100  # type: ignore[arg-type]


def terms(**changed: object) -> FinePolicy:
    return FinePolicy(**{"amount": EURO, **changed})  # type: ignore[arg-type]


# --- On time


def test_returned_at_the_due_instant_is_on_time() -> None:
    """F6 `on-time-if-not-after-due`: exactly on time is no fine; a minute later on the next day is one day."""
    assert euros(DAYS, march(3, "20:00"), march(3, "20:00")) == 0
    assert euros(DAYS, march(3, "23:59"), march(4, "00:00")) == 1


# --- B1, B2: closed time


def test_closed_time_counts() -> None:
    """B1 `count-closed-time`: Thursday to Wednesday are six days, Sunday and Monday among them."""
    assert euros(terms(closed=ClosedTime.COUNT), march(5), march(11, "12:00")) == 6


def test_closed_days_do_not_count() -> None:
    """B1 `exclude-closed-days`: Thursday to Wednesday are four open days (Koha, Evergreen, rero)."""
    assert euros(terms(closed=ClosedTime.EXCLUDE_CLOSED_DAYS), march(5), march(11, "12:00")) == 4


def test_day_of_open_minutes_lasts_longer_than_a_day() -> None:
    """B2 `exclude-closed-minutes`: 42 open hours are 1.75 days of 1440 open minutes, so two are begun (FOLIO)."""
    assert euros(terms(closed=ClosedTime.EXCLUDE_CLOSED_MINUTES), march(5), march(11, "22:00")) == 2
    assert 4 * 10 * 60 == TOWN.open_minutes(march(5), march(11, "22:00"))


def test_three_days_late_is_one_charge_by_open_minutes() -> None:
    """B2: with ten open hours a day, a loan that is three days late costs one or two charges, not three."""
    by_minutes = terms(closed=ClosedTime.EXCLUDE_CLOSED_MINUTES)
    assert euros(by_minutes, march(3, "20:00"), march(5, "20:00")) == 1
    assert euros(terms(closed=ClosedTime.EXCLUDE_CLOSED_DAYS), march(3, "20:00"), march(5, "20:00")) == 2


def test_closed_day_takes_twenty_four_hours_off_elapsed_time() -> None:
    """B1: counted by elapsed time, each closed day removes its 24 hours (Koha)."""
    by_hour = terms(interval=Period.parse("1 hour"), closed=ClosedTime.EXCLUDE_CLOSED_DAYS)
    assert euros(by_hour, march(7, "20:00"), march(10, "10:00")) == 14
    assert euros(terms(interval=Period.parse("1 hour")), march(7, "20:00"), march(10, "10:00")) == 62


def test_return_on_a_closed_day_is_not_charged_for_it() -> None:
    """Due on Saturday, in the drop box on Sunday: no open day has passed."""
    assert euros(terms(closed=ClosedTime.EXCLUDE_CLOSED_DAYS), march(7), march(8, "12:00")) == 0


# --- B3: partial intervals


@pytest.mark.parametrize(("charge_at", "cost"), [(ChargeAt.END_OF_INTERVAL, 1), (ChargeAt.START_OF_INTERVAL, 2)])
def test_interval_that_has_begun(charge_at: ChargeAt, cost: int) -> None:
    """B3 `charge-at-end-of-interval` is the floor, `charge-at-start-of-interval` the ceiling: 10 days of weeks."""
    assert cost == euros(terms(interval=Period.parse("1 week"), charge_at=charge_at), march(3), march(13))


# --- A8, A9: how days and months are counted


def test_days_are_dates_or_hours() -> None:
    """A8: due Tuesday 20:00 and back Wednesday 10:00 is one date, but no whole day by the clock."""
    due, back = march(3, "20:00"), march(4, "10:00")
    at_end = {"charge_at": ChargeAt.END_OF_INTERVAL}
    assert euros(terms(counting=Counting.DATES, **at_end), due, back) == 1
    assert euros(terms(counting=Counting.ELAPSED, **at_end), due, back) == 0


def test_clock_change_makes_a_day_shorter_only_by_elapsed_time() -> None:
    """A8 `wall-clock-difference` or elapsed: noon to noon over 29 March is 24 hours on the wall, 23 in fact."""
    due, back = march(28, "12:00"), march(29, "12:00")
    at_end = {"charge_at": ChargeAt.END_OF_INTERVAL}
    assert euros(terms(counting=Counting.WALL_CLOCK, **at_end), due, back) == 1
    assert euros(terms(counting=Counting.ELAPSED, **at_end), due, back) == 0


@pytest.mark.parametrize(
    ("days", "cost"),
    [
        (61, {MonthLength.DAYS_31: 1, MonthLength.TWELFTH_OF_YEAR: 2, MonthLength.CALENDAR: 2}),
        (89, {MonthLength.DAYS_31: 2, MonthLength.TWELFTH_OF_YEAR: 2, MonthLength.CALENDAR: 3}),
    ],
)
def test_length_of_a_month(days: int, cost: dict[MonthLength, int]) -> None:
    """A9: `month-is-31-days`, `month-is-a-twelfth-of-a-year` and `calendar-month` part from 31 January on."""
    due = TOWN.instant(date(2026, 1, 31), time(12))
    at = TOWN.instant(date(2026, 1, 31) + timedelta(days), time(12))
    every = {"interval": Period.parse("1 month"), "charge_at": ChargeAt.END_OF_INTERVAL}
    assert cost == {month: euros(terms(month=month, **every), due, at) for month in MonthLength}


# --- B4, B5: grace

GRACE = Period.parse("2 days")


def test_nothing_is_charged_within_grace() -> None:
    """The last day of grace is still free."""
    for kind in GraceKind:
        assert euros(terms(grace=GRACE, grace_kind=kind), march(3), march(5)) == 0


def test_after_grace_everything_is_charged_or_only_what_came_after() -> None:
    """B4 `grace-all-or-nothing` charges three days, `grace-days-deducted` the one after grace."""
    assert euros(terms(grace=GRACE, grace_kind=GraceKind.ALL_OR_NOTHING), march(3), march(6, "12:00")) == 3
    assert euros(terms(grace=GRACE, grace_kind=GraceKind.DEDUCTED), march(3), march(6, "12:00")) == 1


def test_grace_of_minutes_is_measured_by_the_clock() -> None:
    """Due at 23:59 with 30 minutes of grace: 00:29 is free, 00:30 is a day late."""
    policy = terms(grace=Period.parse("30 minutes"))
    assert euros(policy, march(3), march(4, "00:29")) == 0
    assert euros(policy, march(3), march(4, "00:30")) == 1


def last_free_day(option: GraceOverClosed, days: int, due: int) -> int:
    """The last day in March on which a loan comes back for free."""
    policy = terms(grace=Period.parse(f"{days} days"), grace_over_closed=option)
    return max(day for day in range(due, 25) if euros(policy, march(due), march(day, "12:00")) == 0)


@pytest.mark.parametrize(
    ("option", "ends_closed", "ends_before_closed", "spans_closed"),
    [
        (GraceOverClosed.NO, 8, 7, 10),
        (GraceOverClosed.CALENDAR_DAYS, 8, 7, 10),
        (GraceOverClosed.EXTENDS_IF_ENDS_CLOSED, 10, 7, 10),
        (GraceOverClosed.OPEN_DAYS_ONLY, 10, 7, 12),
        (GraceOverClosed.SWALLOWS_TRAILING_CLOSED, 9, 9, 10),
    ],
)
def test_grace_over_closed_days(
    option: GraceOverClosed, ends_closed: int, ends_before_closed: int, spans_closed: int
) -> None:
    """B5 `grace-extends-over-closed-days`: 8 and 9 March are closed. Grace may end on the 8th, the 7th, or the 10th."""
    assert ends_closed == last_free_day(option, 3, 5)
    assert ends_before_closed == last_free_day(option, 2, 5)
    assert spans_closed == last_free_day(option, 5, 5)


@pytest.mark.parametrize(
    ("option", "all_or_nothing", "deducted"),
    [
        (GraceOverClosed.NO, [0, 0, 0, 3], [0, 0, 0, 1]),
        (GraceOverClosed.CALENDAR_DAYS, [0, 1, 2, 3], [0, 1, 2, 3]),
        (GraceOverClosed.EXTENDS_IF_ENDS_CLOSED, [0, 0, 2, 3], [0, 0, 1, 2]),
        (GraceOverClosed.OPEN_DAYS_ONLY, [0, 0, 0, 3], [0, 0, 0, 1]),
        (GraceOverClosed.SWALLOWS_TRAILING_CLOSED, [0, 1, 2, 3], [0, 1, 2, 3]),
    ],
)
def test_grace_where_closed_days_cost_nothing(
    option: GraceOverClosed, all_or_nothing: list[int], deducted: list[int]
) -> None:
    """B5 with `exclude-closed-days`: due on Saturday the 7th, two days of grace; the 8th and 9th are closed. Counted
    as lateness is, grace is two open days; by the calendar it is over before the library opens again."""
    two_days = {"grace": Period.parse("2 days"), "grace_over_closed": option, "closed": ClosedTime.EXCLUDE_CLOSED_DAYS}
    for kind, expected in ((GraceKind.ALL_OR_NOTHING, all_or_nothing), (GraceKind.DEDUCTED, deducted)):
        policy = terms(grace_kind=kind, **two_days)
        assert expected == [euros(policy, march(7), march(day, "12:00")) for day in (9, 10, 11, 12)]


def test_stretched_grace_is_deducted_as_a_whole() -> None:
    """B5 with `grace-days-deducted`: grace of three days that ends on the closed 8th runs to the 10th."""
    policy = terms(
        grace=Period.parse("3 days"),
        grace_kind=GraceKind.DEDUCTED,
        grace_over_closed=GraceOverClosed.EXTENDS_IF_ENDS_CLOSED,
    )
    assert euros(policy, march(5), march(12, "12:00")) == 2


@pytest.mark.parametrize(("counting", "cost"), [(Counting.DATES, 0), (Counting.WALL_CLOCK, 3), (Counting.ELAPSED, 3)])
def test_the_last_day_of_stretched_grace_is_free_until_its_end(counting: Counting, cost: int) -> None:
    """B5 with A8: due on Wednesday at noon with two days of grace. By dates all of Friday is free, by the clock until
    noon: back at three, three days are begun."""
    policy = terms(grace=GRACE, grace_over_closed=GraceOverClosed.OPEN_DAYS_ONLY, counting=counting)
    assert euros(policy, march(4, "12:00"), march(6, "12:00")) == 0
    assert euros(policy, march(4, "12:00"), march(6, "15:00")) == cost


def test_grace_of_hours_does_not_stretch() -> None:
    """B5: Evergreen stretches only grace of a day or more."""
    policy = terms(grace=Period.parse("24 hours"), grace_over_closed=GraceOverClosed.SWALLOWS_TRAILING_CLOSED)
    assert euros(policy, march(7, "12:00"), march(9, "12:00")) == 2


def test_grace_of_a_library_that_never_opens_is_plain() -> None:
    """There is no open day to stretch to."""
    closed = Calendar("Europe/Berlin", WeeklyHours(), special=(SpecialDays(date(2030, 1, 1)),))
    policy = terms(grace=GRACE, grace_over_closed=GraceOverClosed.OPEN_DAYS_ONLY)
    assert fine(policy, due=march(3), at=march(5), calendar=closed).amount == Money(0, "EUR")
    assert fine(policy, due=march(3), at=march(6), calendar=closed).amount == Money(300, "EUR")


# --- B6: recalled loans


def test_grace_may_be_ignored_for_recalled_loans() -> None:
    """B6 `grace-ignored-for-recalled-loans`: somebody is waiting."""
    policy = terms(grace=GRACE, grace_ignored_for_recalled=True)
    assert euros(policy, march(3), march(4), recalled=False) == 0
    assert euros(policy, march(3), march(4), recalled=True) == 1
    assert euros(terms(grace=GRACE), march(3), march(4), recalled=True) == 0


def test_recalled_loans_have_their_own_rate_and_cap() -> None:
    """B6: recall rate, recall interval and recall cap; where they are not set the ordinary ones hold."""
    policy = terms(cap=Money(200, "EUR"), recall_amount=Money(50, "EUR"), recall_interval=Period.parse("1 hour"))
    assert euros(policy, march(3, "12:00"), march(3, "15:00"), recalled=True) == 1.5
    assert euros(policy, march(3, "12:00"), march(3, "15:00")) == 0
    assert euros(policy, march(3), march(9), recalled=True) == 2
    own_cap = terms(cap=Money(200, "EUR"), recall_cap=Money(500, "EUR"))
    assert (2, 5) == (euros(own_cap, march(3), march(12)), euros(own_cap, march(3), march(12), recalled=True))


# --- B7: caps


@pytest.mark.parametrize(
    ("caps", "price", "default", "cost"),
    [
        ({}, 300, None, 9),
        ({"cap": Money(400, "EUR")}, 300, None, 4),
        ({"cap_at_price": True}, 300, None, 3),
        ({"cap": Money(400, "EUR"), "cap_at_price": True}, 300, None, 3),
        ({"cap": Money(400, "EUR"), "cap_at_price": True}, 700, None, 4),
        ({"cap_percent": 50}, 500, None, 2.5),
        ({"cap_percent": Decimal("12.5")}, 1001, None, 1.25),
        ({"cap_percent": 50, "cap_at_price": True}, 500, None, 2.5),
        ({"cap_at_price": True}, 0, 600, 6),
        ({"cap_at_price": True}, None, 600, 6),
        ({"cap_at_price": True}, 0, None, 9),
        ({"cap_at_price": True}, 0, 0, 9),
        ({"cap": Money(0, "EUR")}, None, None, 0),
    ],
)
def test_lowest_cap_wins(caps: dict, price: int | None, default: int | None, cost: float) -> None:
    """B7: amount, price, percentage of the price; a price of 0 is the type's default; a cap of 0 is a cap."""
    facts = {
        "price": None if price is None else Money(price, "EUR"),
        "default_price": None if default is None else Money(default, "EUR"),
    }
    assert cost == euros(terms(**caps), march(3), march(12), **facts)


def test_a_fine_that_just_reaches_its_cap_is_not_cut() -> None:
    """B7: the cap took nothing off, so it is no part of how the fine came about."""
    found = fine(terms(cap=EURO * 9), due=march(3), at=march(12), calendar=TOWN, explain=True)
    assert (EURO * 9, False) == (found.amount, found.capped)
    assert "cap" not in [step.name for step in found.steps]
    assert fine(terms(cap=EURO * 8), due=march(3), at=march(12), calendar=TOWN).capped


# --- B8: steps


def test_graduated_steps_by_open_day_with_gaps() -> None:
    """B8 `graduated-steps-by-open-day`: day 1 is free for good, days 2 to 3 cost 1, day 4 nothing, from day 5 on 2."""
    steps = (FineStep(2, EURO, 3), FineStep(5, EURO * 2))
    policy = terms(amount=EURO * 9, steps=steps, closed=ClosedTime.EXCLUDE_CLOSED_DAYS)
    due = march(3)
    days = [4, 5, 6, 7, 8, 10, 11]
    assert [0, 1, 2, 2, 2, 4, 6] == [euros(policy, due, march(day, "12:00")) for day in days]


def test_a_fine_is_explained_by_its_rate_or_by_each_of_its_steps() -> None:
    """B8, B6: what was charged how often; the last step has no end, and a recalled loan has a rate of its own."""
    steps = (FineStep(1, EURO, 2), FineStep(3, EURO * 2))

    def told(policy: FinePolicy, *, recalled: bool = False) -> list[tuple[object, str]]:
        late = {"due": march(3), "at": march(7), "calendar": TOWN, "recalled": recalled, "explain": True}
        found = fine(policy, **late)  # type: ignore[arg-type]
        return [(step.after, step.why) for step in found.steps if step.name in ("rate", "step")]

    assert [
        (EURO * 2, "1.00 EUR each from interval 1 to 2"),
        (EURO * 4, "2.00 EUR each from interval 3 to the last"),
    ] == told(terms(steps=steps))
    assert [(EURO * 4, "1.00 EUR each")] == told(DAYS)
    recall = terms(steps=steps, recall_amount=EURO * 3)
    assert [(EURO * 12, "3.00 EUR each, the rate for recalled loans")] == told(recall, recalled=True)


def test_steps_must_be_in_order() -> None:
    """Two rates for one day would be a guess."""
    with pytest.raises(InvalidValue, match="overlap"):
        terms(steps=(FineStep(1, EURO, 3), FineStep(3, EURO)))
    with pytest.raises(InvalidValue, match="overlap"):
        terms(steps=(FineStep(1, EURO), FineStep(3, EURO)))
    with pytest.raises(InvalidValue, match="count from 1"):
        FineStep(0, EURO)


# --- B9, B12: how the time ended


@pytest.mark.parametrize(("option", "cost"), [(AtRenewal.CHARGED, 3), (AtRenewal.FORGIVEN, 0)])
def test_renewal_of_an_overdue_loan(option: AtRenewal, cost: int) -> None:
    """B9 `fine-charged-on-renewal`, `fine-forgiven-on-renewal`."""
    assert cost == euros(terms(at_renewal=option), march(3), march(6), ended=Ended.RENEWED)
    assert euros(terms(at_renewal=option), march(3), march(6), ended=Ended.RETURNED) == 3


@pytest.mark.parametrize(("option", "cost"), [(ClaimFound.CHARGED, 3), (ClaimFound.WAIVED, 0)])
def test_claimed_returned_and_found_by_the_library(option: ClaimFound, cost: int) -> None:
    """B12 `claim-found-by-library-waives-fine`: the patron was right."""
    assert cost == euros(terms(claim_found=option), march(3), march(6), ended=Ended.CLAIM_FOUND)
    assert euros(terms(claim_found=option), march(3), march(6), ended=Ended.STILL_OUT) == 3


# --- F6: backdating


@pytest.mark.parametrize(
    ("option", "cost"),
    [
        (BackdatedFine.RECALCULATED, 2),
        (BackdatedFine.VOIDED_AFTER_ONE_INTERVAL, 3),
        (BackdatedFine.KEPT, 6),
    ],
)
def test_check_in_dated_back(option: BackdatedFine, cost: int) -> None:
    """F6 `backdate-recalculates-fine` (Koha), to the effective date and one interval (Evergreen), or not at all."""
    assert cost == euros(terms(backdated=option), march(3), march(9), backdated_to=march(5))


def test_check_in_dated_back_to_the_time_of_grace_costs_nothing() -> None:
    """F6: Evergreen takes all back when the effective date is within grace."""
    policy = terms(grace=GRACE, backdated=BackdatedFine.VOIDED_AFTER_ONE_INTERVAL)
    assert euros(policy, march(3), march(9), backdated_to=march(5)) == 0
    assert euros(policy, march(3), march(9), backdated_to=march(6)) == 4


def test_check_in_dated_to_the_future_is_ignored() -> None:
    """F6 `future-backdate-ignored`."""
    assert march(9) == effective_return(at=march(9), backdated_to=march(12))
    assert march(5) == effective_return(at=march(9), backdated_to=march(5))
    assert euros(DAYS, march(3), march(9), backdated_to=march(12)) == 6
