"""Hypothesis strategies for due dates: terms of every option, and what cuts a loan short."""

from __future__ import annotations

from datetime import date, time, timedelta

from hypothesis import strategies as st

from libops.base.periods import Period, Unit
from libops.circulation.policy.due import (
    END_OF_DAY,
    AfterCut,
    ClosedDays,
    ClosingTime,
    Demand,
    DemandMeasure,
    DemandTerms,
    DueTerms,
    ExpiryCut,
    FixedDue,
    ScheduleUse,
)
from libops.testing.strategies.base import periods

__all__ = ["DAY_UNITS", "TIMED_UNITS", "ceiling_dates", "demand_terms", "demands", "due_terms", "schedules"]

DAY_UNITS = (Unit.DAYS, Unit.WEEKS, Unit.MONTHS)
TIMED_UNITS = (Unit.MINUTES, Unit.HOURS)
DUE_TIMES = (time(23, 59), END_OF_DAY, time(18), time(9, 30), None)
FIRST, LAST = date(2024, 1, 1), date(2029, 1, 1)


def ceiling_dates() -> st.SearchStrategy[date]:
    """Dates on which loans may have to end, in the past and in the future of `instants`."""
    return st.dates(FIRST, LAST)


def demands() -> st.SearchStrategy[Demand]:
    """Holds on a title, and items that can fill them."""
    return st.builds(Demand, st.integers(0, 12), st.integers(0, 5))


def demand_terms() -> st.SearchStrategy[DemandTerms]:
    """When a title in demand is lent for less, and for how long."""
    return st.builds(
        DemandTerms,
        periods(longest=10),
        threshold=st.integers(0, 5),
        measure=st.sampled_from(DemandMeasure),
        minimum_holds=st.integers(0, 3),
    )


@st.composite
def schedules(draw: st.DrawFn) -> tuple[FixedDue, ...]:
    """Up to two lines of fixed due dates, with open or closed ends."""
    lines = []
    for _ in range(draw(st.integers(0, 2))):
        first = draw(st.one_of(st.none(), st.dates(FIRST, LAST)))
        last = None if first is None else first + timedelta(draw(st.integers(0, 300)))
        lines.append(FixedDue(draw(ceiling_dates()), first, draw(st.sampled_from((None, last)))))
    return tuple(lines)


def due_terms(*, period: st.SearchStrategy[Period] | None = None, bounded: bool = True) -> st.SearchStrategy[DueTerms]:
    """Terms of rolling loans with any combination of options; without schedule and ceiling unless `bounded`."""
    return st.builds(
        DueTerms,
        period=periods(longest=40) if period is None else period,
        due_time=st.sampled_from(DUE_TIMES),
        closed_days=st.sampled_from(ClosedDays),
        closing=st.sampled_from(ClosingTime),
        opening_offset=st.one_of(st.none(), periods(units=TIMED_UNITS, longest=5)),
        schedule=schedules() if bounded else st.just(()),
        schedule_use=st.sampled_from(ScheduleUse),
        ceiling=st.one_of(st.none(), ceiling_dates()) if bounded else st.none(),
        expiry_cut=st.sampled_from(ExpiryCut),
        booking_lead=st.one_of(st.none(), periods(longest=3)),
        after_cut=st.sampled_from(AfterCut),
        demand=st.one_of(st.none(), demand_terms()),
    )
