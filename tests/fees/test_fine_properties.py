"""What holds for every overdue fine, under all options."""

from __future__ import annotations

from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from libops.base.calendars import Calendar
from libops.base.errors import InvalidValue
from libops.base.money import Money
from libops.base.periods import Period
from libops.fees import ClosedTime, Counting, FinePolicy, GraceOverClosed, fine
from libops.testing.strategies.base import calendars, instants
from libops.testing.strategies.fees import amounts, fine_policies

spans = st.integers(0, 60 * 1440).map(lambda minutes: timedelta(minutes=minutes))


@given(fine_policies(), calendars(), instants(), spans, spans, amounts(least=0), st.booleans())
def test_fine_grows_with_time_and_stays_within_its_caps(
    policy: FinePolicy, calendar: Calendar, due, late, more, price: Money, recalled: bool
) -> None:
    """Reference invariant 4: a fine is monotone in time, and at most each cap that applies."""
    facts = {"due": due, "calendar": calendar, "price": price, "recalled": recalled}
    sooner = fine(policy, at=due + late, **facts).amount
    later = fine(policy, at=due + late + more, **facts).amount
    assert Money(0, "EUR") <= sooner <= later
    fixed = policy.recall_cap if recalled and policy.recall_cap is not None else policy.cap
    if fixed is not None:
        assert later <= fixed
    if policy.cap_at_price and price.amount:
        assert later <= price


@given(fine_policies(), calendars(), instants(), st.integers(1, 10), spans)
def test_fine_is_zero_inside_grace(policy: FinePolicy, calendar: Calendar, due, days: int, late) -> None:
    """Reference invariant 4: nothing is charged within grace, however closed days are seen.

    Stretched grace ends at the same time of day as the loan, on the night the clocks go forward an hour earlier.
    """
    policy = evolve(policy, grace=Period.parse(f"{days} days"), counting=Counting.ELAPSED)
    inside = min(late, timedelta(days, hours=-1))
    assert Money(0, "EUR") == fine(policy, due=due, at=due + inside, calendar=calendar).amount


@given(fine_policies(), calendars(), instants(), spans)
def test_stretching_grace_never_makes_a_loan_dearer(policy: FinePolicy, calendar: Calendar, due, late) -> None:
    """B5: grace that stretches over closed days is at least as long as plain grace, where all time counts."""
    plain = evolve(policy, closed=ClosedTime.COUNT, grace_over_closed=GraceOverClosed.NO, counting=Counting.DATES)
    facts = {"due": due, "at": due + late, "calendar": calendar}
    for option in GraceOverClosed:
        assert fine(evolve(plain, grace_over_closed=option), **facts).amount <= fine(plain, **facts).amount


@given(fine_policies(), calendars(), instants(), spans, spans, st.booleans())
def test_dating_back_costs_no_less_than_the_day_it_came_and_no_more_than_today(
    policy: FinePolicy, calendar: Calendar, due, late, more, recalled: bool
) -> None:
    """F6: whatever is made of a check-in dated back, the fine lies between those of the two days."""
    facts = {"due": due, "calendar": calendar, "recalled": recalled}
    came, scanned = due + late, due + late + more
    dated = fine(policy, at=scanned, backdated_to=came, **facts).amount
    assert fine(policy, at=came, **facts).amount <= dated <= fine(policy, at=scanned, **facts).amount


@given(fine_policies(), calendars(), instants(), spans, st.booleans())
def test_explaining_changes_nothing(policy: FinePolicy, calendar: Calendar, due, late, recalled: bool) -> None:
    """The trace tells the same story as the fine; without it none is built."""
    facts = {"due": due, "at": due + late, "calendar": calendar, "recalled": recalled}
    plain, explained = fine(policy, **facts), fine(policy, explain=True, **facts)
    assert plain == evolve(explained, steps=())
    assert () != explained.steps
    capped = [step.after for step in explained.steps if step.name == "cap"]
    assert ([explained.amount] if explained.capped else []) == capped


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"amount": Money(-1, "EUR")}, "amount of -0.01 EUR"),
        ({"interval": Period.parse("0 days")}, "interval of 0 days"),
        ({"cap": Money(5, "CHF")}, "one currency"),
        ({"cap_percent": -5}, "cap_percent of -5"),
        ({"recall_cap": Money(-1, "EUR")}, "recall_cap of -0.01 EUR"),
    ],
)
def test_impossible_terms_are_shown(changed: dict, said: str) -> None:
    """A wrong value in the settings is named with what would be right."""
    with pytest.raises(InvalidValue, match=said):
        FinePolicy(**{"amount": Money(25, "EUR"), **changed})
