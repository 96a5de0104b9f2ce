"""Due dates of loans that are out: renewed, recalled, caught by a closing; and shorter loans for titles in demand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve

from libops.base.calendars import Calendar, SpecialDays, WeeklyHours
from libops.base.periods import Period
from libops.circulation.policy.due import (
    CalendarChange,
    ClosedDays,
    ClosingTime,
    Demand,
    DemandMeasure,
    DemandTerms,
    Due,
    DueTerms,
    Profile,
    RecallTerms,
    due_after_calendar_change,
    due_date,
    recall_due,
    renewal_due,
    renewal_gains,
)

HOURS = "10:00-13:00 15:00-19:00"
WEEK = WeeklyHours(monday=HOURS, tuesday=HOURS, wednesday=HOURS, thursday=HOURS, friday=HOURS, saturday="10:00-14:00")
TOWN = Calendar("Europe/Berlin", WEEK)
"""Closed on Sundays; 1, 8, 15, 22 and 29 March 2026 are Sundays."""

TWO_WEEKS = DueTerms(period=Period.parse("2 weeks"))


def moment(text: str) -> datetime:
    """A wall-clock moment in Berlin as a UTC instant."""
    local = datetime.fromisoformat(text)
    return TOWN.instant(local.date(), local.time())


def shown(due: Due) -> str:
    """The due moment on the wall clock, to the minute."""
    assert due.at is not None
    return f"{TOWN.local(due.at):%Y-%m-%d %H:%M}"


def test_a_renewal_counts_from_today_or_from_the_due_date() -> None:
    """C1: renewed four days early, two weeks from today (rero) or from the due date (Koha's option)."""
    now, due = moment("2026-03-03 11:00"), moment("2026-03-07 23:59")
    assert "2026-03-17 23:59" == shown(renewal_due(TWO_WEEKS, now=now, calendar=TOWN))
    assert "2026-03-21 23:59" == shown(renewal_due(TWO_WEEKS, now=now, calendar=TOWN, counted_from=due))


def test_an_overdue_loan_renewed_from_its_due_date_is_never_due_in_the_past() -> None:
    """C1: counted from a date long ago the new date would have passed: due at once, and said so."""
    answer = renewal_due(
        TWO_WEEKS, now=moment("2026-03-31 11:00"), calendar=TOWN, counted_from=moment("2026-03-03 23:59")
    )
    assert "2026-03-31 11:00" == shown(answer)
    assert ["due_date.before_loan"] == [warning.code for warning in answer.warnings]


def test_a_renewal_that_gains_nothing_is_told() -> None:
    """C2: renewed on the day of the loan the date stays the same (inv allows, FOLIO refuses: the caller decides)."""
    loaned = moment("2026-03-03 11:00")
    due = due_date(TWO_WEEKS, at=loaned, calendar=TOWN).at
    same = renewal_due(TWO_WEEKS, now=loaned + timedelta(hours=5), calendar=TOWN).at
    later = renewal_due(TWO_WEEKS, now=loaned + timedelta(2), calendar=TOWN).at
    assert (False, True) == (renewal_gains(due, same), renewal_gains(due, later))
    assert (True, False) == (renewal_gains(due, None), renewal_gains(None, due))


def test_a_renewal_may_have_a_period_of_its_own_and_zero_days_is_one() -> None:
    """C3: absent is the period of the loan, 0 days is until tonight (Koha), one week is a week."""
    now = moment("2026-03-03 11:00")
    periods = (None, Period.parse("0 days"), Period.parse("1 week"), Period.parse("2 hours"))
    assert ["2026-03-17 23:59", "2026-03-03 23:59", "2026-03-10 23:59", "2026-03-03 13:00"] == [
        shown(renewal_due(TWO_WEEKS, now=now, calendar=TOWN, period=period)) for period in periods
    ]


LOANED, DUE, NOW = moment("2026-03-02 11:00"), moment("2026-03-30 23:59"), moment("2026-03-04 11:00")


@pytest.mark.parametrize(
    ("guaranteed", "return_within", "expected"),
    [
        ("10 days", "3 days", "2026-03-12 23:59"),
        ("4 days", "5 days", "2026-03-09 23:59"),
        ("1 day", "4 days", "2026-03-09 23:59"),
        (None, "2 days", "2026-03-06 23:59"),
        ("10 weeks", "3 days", "2026-03-30 23:59"),
    ],
)
def test_a_recall_shortens_to_the_later_of_guarantee_and_return(
    guaranteed: str | None, return_within: str, expected: str
) -> None:
    """D9: the later of the two counts, moved off a closed Sunday, and a recall never lengthens (FOLIO)."""
    recall = RecallTerms(
        guaranteed=Period.parse(guaranteed) if guaranteed else None, return_within=Period.parse(return_within)
    )
    assert expected == shown(recall_due(recall, TWO_WEEKS, due=DUE, loaned_at=LOANED, now=NOW, calendar=TOWN))


def test_a_second_recall_changes_nothing() -> None:
    """D9: recalled again a day later, the loan keeps the date of the first recall."""
    recall = RecallTerms(return_within=Period.parse("5 days"))
    first = recall_due(recall, TWO_WEEKS, due=DUE, loaned_at=LOANED, now=NOW, calendar=TOWN)
    again = recall_due(recall, TWO_WEEKS, due=first.at, loaned_at=LOANED, now=NOW + timedelta(1), calendar=TOWN)
    assert first == again


def test_a_recall_lengthens_an_overdue_loan_only_where_the_library_says_so() -> None:
    """D9: an overdue loan keeps its date, or gets the return interval (FOLIO's option)."""
    late = moment("2026-04-07 11:00")
    recall = RecallTerms(return_within=Period.parse("3 days"))
    kept = recall_due(recall, TWO_WEEKS, due=DUE, loaned_at=LOANED, now=late, calendar=TOWN)
    longer = recall_due(
        evolve(recall, extends_overdue=True), TWO_WEEKS, due=DUE, loaned_at=LOANED, now=late, calendar=TOWN
    )
    assert ("2026-03-30 23:59", "2026-04-10 23:59") == (shown(kept), shown(longer))


def test_a_recalled_loan_without_a_due_date_gets_one() -> None:
    """D9: an indefinite loan is due when the recall says."""
    recall = RecallTerms(return_within=Period.parse("3 days"))
    terms = DueTerms(profile=Profile.INDEFINITE)
    answer = recall_due(recall, terms, due=None, loaned_at=LOANED, now=NOW, calendar=TOWN, explain=True)
    assert "2026-03-07 23:59" == shown(answer)
    assert ["recall"] == [step.name for step in answer.steps]


def test_a_recalled_loan_by_hours_is_due_in_opening_hours() -> None:
    """D9: no right at all means at once; a night is moved to the next opening by the loan's own terms."""
    hours = DueTerms(period=Period.parse("60 hours"), closing=ClosingTime.NEXT_OPENING_START)
    due = moment("2026-03-06 12:00")
    at_once = recall_due(RecallTerms(), hours, due=due, loaned_at=LOANED, now=NOW, calendar=TOWN)
    assert "2026-03-04 11:00" == shown(at_once)
    recall = RecallTerms(return_within=Period.parse("12 hours"))
    assert "2026-03-05 10:00" == shown(recall_due(recall, hours, due=due, loaned_at=LOANED, now=NOW, calendar=TOWN))


CLOSED_LATER = Calendar("Europe/Berlin", WEEK, (SpecialDays(date(2026, 3, 16), date(2026, 3, 18)),))


@pytest.mark.parametrize(
    ("change", "expected"),
    [(CalendarChange.LEAVE, "2026-03-17 23:59"), (CalendarChange.RECOMPUTE, "2026-03-19 23:59")],
)
def test_a_closing_announced_later_moves_open_loans_only_where_asked_for(change: CalendarChange, expected: str) -> None:
    """A11: rero computes open loans anew; with the others the date stays on the closed day."""
    terms = evolve(TWO_WEEKS, on_calendar_change=change)
    loaned = moment("2026-03-03 11:00")
    due = due_date(terms, at=loaned, calendar=TOWN).at
    answer = due_after_calendar_change(
        terms, due=due, counted_from=loaned, now=moment("2026-03-10 11:00"), calendar=CLOSED_LATER
    )
    assert expected == shown(answer)


def test_a_calendar_that_opens_more_never_takes_time_away() -> None:
    """A11: opened on a Sunday after all, the loan keeps Monday; an overdue loan keeps its date in any case."""
    terms = evolve(TWO_WEEKS, on_calendar_change=CalendarChange.RECOMPUTE)
    loaned, opened = moment("2026-03-08 11:00"), Calendar("Europe/Berlin", WeeklyHours.every_day(HOURS))
    due = due_date(terms, at=loaned, calendar=TOWN).at
    now = moment("2026-03-10 11:00")
    kept = due_after_calendar_change(terms, due=due, counted_from=loaned, now=now, calendar=opened)
    assert "2026-03-23 23:59" == shown(kept)
    late = moment("2026-04-10 11:00")
    assert kept == due_after_calendar_change(terms, due=due, counted_from=loaned, now=late, calendar=CLOSED_LATER)
    none = due_after_calendar_change(terms, due=None, counted_from=loaned, now=now, calendar=CLOSED_LATER)
    assert Due(None) == none


@pytest.mark.parametrize(
    ("measure", "threshold", "minimum", "wanted", "expected"),
    [
        (DemandMeasure.HOLDS, 4, 1, Demand(5, 4), "2026-03-06"),
        (DemandMeasure.HOLDS, 5, 1, Demand(5, 4), "2026-03-17"),
        (DemandMeasure.HOLDS_ABOVE_ITEMS, 0, 1, Demand(5, 4), "2026-03-06"),
        (DemandMeasure.HOLDS_ABOVE_ITEMS, 1, 1, Demand(5, 4), "2026-03-17"),
        (DemandMeasure.HOLDS_PER_ITEM, 1, 1, Demand(5, 4), "2026-03-06"),
        (DemandMeasure.HOLDS_PER_ITEM, 2, 1, Demand(5, 4), "2026-03-17"),
        (DemandMeasure.HOLDS_PER_ITEM, 1, 6, Demand(5, 4), "2026-03-17"),
        (DemandMeasure.HOLDS_PER_ITEM, 9, 1, Demand(1, 0), "2026-03-06"),
    ],
)
def test_a_title_in_demand_is_lent_for_a_shorter_time(
    measure: DemandMeasure, threshold: int, minimum: int, wanted: Demand, expected: str
) -> None:
    """Static by holds, dynamic by holds above items (Koha), or a ratio with a least number of holds."""
    terms = evolve(TWO_WEEKS, demand=DemandTerms(Period.parse("3 days"), threshold, measure, minimum))
    answer = due_date(terms, at=moment("2026-03-03 11:00"), calendar=TOWN, demand=wanted)
    assert f"{expected} 23:59" == shown(answer)


def test_demand_never_lengthens_and_may_turn_days_into_hours() -> None:
    """A two-week loan is not made three weeks by demand; a two-hour loan of a wanted reserve ends within hours."""
    longer = evolve(TWO_WEEKS, demand=DemandTerms(Period.parse("3 weeks")))
    wanted, at = Demand(3, 1), moment("2026-03-03 10:30")
    assert "2026-03-17 23:59" == shown(due_date(longer, at=at, calendar=TOWN, demand=wanted))
    hours = evolve(TWO_WEEKS, demand=DemandTerms(Period.parse("2 hours")))
    assert "2026-03-03 12:30" == shown(due_date(hours, at=at, calendar=TOWN, demand=wanted))
    assert "2026-03-17 23:59" == shown(due_date(hours, at=at, calendar=TOWN, demand=Demand(0, 1)))


def test_the_trace_names_each_step_that_moved_the_date() -> None:
    """Two weeks, cut to three days by demand, moved off Sunday, then cut by a ceiling and moved back."""
    terms = DueTerms(
        period=Period.parse("2 weeks"),
        demand=DemandTerms(Period.parse("5 days")),
        ceiling=date(2026, 3, 8),
        closed_days=ClosedDays.NEXT_OPEN_DAY_END,
    )
    at = moment("2026-03-03 11:00")
    answer = due_date(terms, at=at, calendar=TOWN, demand=Demand(2, 1), explain=True)
    assert [
        ("period", "2 weeks from Tuesday 2026-03-03 11:00"),
        ("demand", "2 holds on 1 items: 5 days"),
        ("closed day", "Sunday 2026-03-08 is closed; next open day"),
        ("ceiling", "no loan beyond Sunday 2026-03-08"),
        ("moved back", "closed on Sunday 2026-03-08; last open day before"),
    ] == [(step.name, step.why) for step in answer.steps]
    assert "2026-03-07 23:59" == shown(answer)
    assert at == answer.steps[0].before
    assert answer.at == answer.steps[-1].after
    assert all(one.after == other.before for one, other in zip(answer.steps, answer.steps[1:], strict=False))


def test_without_being_asked_nothing_is_traced_and_the_answer_is_the_same() -> None:
    """The trace is built on demand."""
    at = datetime(2026, 3, 3, 10, tzinfo=UTC)
    plain = due_date(TWO_WEEKS, at=at, calendar=TOWN)
    assert () == plain.steps
    assert plain == due_date(TWO_WEEKS, at=at, calendar=TOWN, explain=True)
