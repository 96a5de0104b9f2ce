"""What every due date keeps to, whatever the terms, the opening hours and the zone."""

from datetime import UTC, date, datetime, time, timedelta

from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from libops.base.calendars import Calendar, WeeklyHours
from libops.base.periods import Period
from libops.circulation.policy.due import (
    ClosedDays,
    ClosingTime,
    Demand,
    DueTerms,
    ExpiryCut,
    ScheduleUse,
    due_date,
    recall_due,
    renewal_due,
)
from libops.circulation.policy.due.later import RecallTerms
from libops.testing.strategies.base import ZONES, calendars, instants, periods
from libops.testing.strategies.due import DAY_UNITS, TIMED_UNITS, ceiling_dates, demands, due_terms

DAYS = periods(units=DAY_UNITS, longest=30)
HOURS = periods(units=TIMED_UNITS, longest=90)

PROMISING_DAYS = (
    ClosedDays.PUSH_ONE_DAY_AT_A_TIME,
    ClosedDays.COUNT_OPEN_DAYS,
    ClosedDays.PUSH_SAME_WEEKDAY,
    ClosedDays.PREVIOUS_OPEN_DAY_END,
    ClosedDays.NEXT_OPEN_DAY_END,
)


@given(
    due_terms(),
    instants(),
    calendars(),
    st.one_of(st.none(), ceiling_dates()),
    st.one_of(st.none(), instants()),
    demands(),
)
def test_a_due_date_is_never_before_the_loan_and_explaining_changes_nothing(
    terms: DueTerms, at: datetime, calendar: Calendar, expiry: date | None, booked: datetime | None, demand: Demand
) -> None:
    """Invariant 2: due at or after the loan; and the trace leads from the loan to the answer without a gap."""
    facts = {"at": at, "calendar": calendar, "patron_expiry": expiry, "next_booking": booked, "demand": demand}
    answer = due_date(terms, **facts)  # type: ignore[arg-type]
    assert answer.at is not None
    assert answer.at >= at
    assert answer.at.tzinfo is UTC
    explained = due_date(terms, explain=True, **facts)  # type: ignore[arg-type]
    assert answer == explained
    moments = [at, *(step.after for step in explained.steps)]
    assert [step.before for step in explained.steps] == moments[:-1]
    assert answer.at == moments[-1]


@given(due_terms(), instants(), st.lists(st.timedeltas(timedelta(-1), timedelta(1)), max_size=4), calendars())
def test_a_loan_is_due_the_same_whatever_was_lent_before(
    terms: DueTerms, at: datetime, others: list[timedelta], calendar: Calendar
) -> None:
    """Other loans under the same terms, on the same day or the next, leave no trace in the answer."""
    fresh = due_date(evolve(terms), at=at, calendar=evolve(calendar))
    for apart in others:
        due_date(terms, at=at + apart, calendar=calendar)
    assert fresh == due_date(terms, at=at, calendar=calendar)
    assert fresh == due_date(terms, at=at, calendar=calendar)


def end_of(day: date, calendar: Calendar) -> datetime:
    """Where a service day ends, and the next begins."""
    return calendar.instant(day + timedelta(1), calendar.day_starts)


@given(due_terms(), instants(), calendars(), ceiling_dates(), instants())
def test_a_due_date_is_within_every_ceiling_or_at_once(
    terms: DueTerms, at: datetime, calendar: Calendar, expiry: date, booked: datetime
) -> None:
    """Invariant 2: not after the ceiling, the card's expiry, the schedule or the booking, unless those have passed."""
    answer = due_date(terms, at=at, calendar=calendar, patron_expiry=expiry, next_booking=booked).at
    assert answer is not None
    limits = [booked]
    if terms.ceiling is not None:
        limits.append(end_of(terms.ceiling, calendar))
    if terms.expiry_cut is not ExpiryCut.NONE:
        limits.append(end_of(expiry, calendar))
    lines = [line.due for line in terms.schedule if line.covers(calendar.service_day(at))]
    if lines and terms.schedule_use is ScheduleUse.BEFORE:
        limits.append(end_of(lines[0], calendar))
    assert answer <= max(min(limits), at)


@given(due_terms(period=DAYS, bounded=False), st.sampled_from(PROMISING_DAYS), instants(), calendars())
def test_a_loan_by_days_is_due_on_an_open_day(
    terms: DueTerms, closed_days: ClosedDays, at: datetime, calendar: Calendar
) -> None:
    """Invariant 2: on an open day whenever the strategy promises one, or the desk is told that there is none."""
    answer = due_date(evolve(terms, closed_days=closed_days), at=at, calendar=calendar)
    assert answer.at is not None
    told = "calendar.never_open" in [warning.code for warning in answer.warnings]
    assert told or calendar.is_open_day(calendar.service_day(answer.at))


@given(HOURS, instants(), calendars(), st.sampled_from((ClosingTime.EXTEND_TO_OPENING, ClosingTime.NEXT_OPENING_START)))
def test_a_loan_by_hours_that_waits_for_opening_is_due_while_open(
    period: Period, at: datetime, calendar: Calendar, closing: ClosingTime
) -> None:
    """Invariant 2: at an open moment, not earlier than the period, or the desk is told that there is none."""
    answer = due_date(DueTerms(period=period, closing=closing), at=at, calendar=calendar)
    assert answer.at is not None
    assert answer.warnings or calendar.is_open(answer.at)
    if closing is ClosingTime.NEXT_OPENING_START:
        assert answer.at >= period.after_instant(at, calendar.zone_info)


@given(HOURS, instants(), calendars())
def test_a_loan_by_hours_that_ends_with_the_hours_is_due_while_open_or_at_closing(
    period: Period, at: datetime, calendar: Calendar
) -> None:
    """Invariant 2: at an open moment or the very closing of the hours it began in."""
    terms = DueTerms(period=period, closing=ClosingTime.END_OF_CURRENT_HOURS)
    answer = due_date(terms, at=at, calendar=calendar)
    assert answer.at is not None
    if not answer.warnings and not calendar.is_open(answer.at):
        previous = calendar.previous_closing(answer.at)
        assert previous is not None
        assert answer.at == previous.closes


@given(HOURS, instants(), calendars())
def test_a_loan_clamped_to_closing_never_ends_later_than_its_period(
    period: Period, at: datetime, calendar: Calendar
) -> None:
    """Clamping only shortens."""
    answer = due_date(DueTerms(period=period, closing=ClosingTime.CLAMP_TO_CLOSING), at=at, calendar=calendar)
    assert answer.at is not None
    assert answer.at <= period.after_instant(at, calendar.zone_info)


@given(due_terms(bounded=False), instants(), st.sampled_from(ZONES))
def test_a_library_that_never_opens_is_like_one_that_ignores_its_calendar(
    terms: DueTerms, at: datetime, zone: str
) -> None:
    """Never open is plain arithmetic, in every zone, with one warning at most."""
    assume(terms.due_time is not None)
    plain = evolve(terms, closed_days=ClosedDays.IGNORE_CALENDAR, closing=ClosingTime.IGNORE_CALENDAR)
    assume(terms.closed_days is not ClosedDays.KEEP_DATETIME)
    answer = due_date(terms, at=at, calendar=Calendar(zone))
    assert due_date(plain, at=at, calendar=Calendar(zone)).at == answer.at
    assert [warning.code for warning in answer.warnings].count("calendar.never_open") <= 1


@given(
    DAYS,
    st.sampled_from((ClosedDays.IGNORE_CALENDAR, ClosedDays.PUSH_ONE_DAY_AT_A_TIME, ClosedDays.COUNT_OPEN_DAYS)),
    instants(),
    st.timedeltas(timedelta(0), timedelta(40)),
    calendars(),
)
def test_a_later_loan_is_never_due_sooner(
    period: Period, closed_days: ClosedDays, at: datetime, wait: timedelta, calendar: Calendar
) -> None:
    """Who borrows later under the same terms gives back no earlier."""
    terms = DueTerms(period=period, closed_days=closed_days)
    first = due_date(terms, at=at, calendar=calendar)
    second = due_date(terms, at=at + wait, calendar=calendar)
    assume(first.warnings == () == second.warnings)
    assert first.at is not None
    assert second.at is not None
    assert first.at <= second.at


@given(due_terms(), instants(), instants(), calendars())
def test_a_renewal_is_never_due_before_it_is_made(
    terms: DueTerms, now: datetime, old: datetime, calendar: Calendar
) -> None:
    """Invariant 3, the half that dates can keep: whatever it counts from, a renewal ends in the future."""
    answer = renewal_due(terms, now=now, calendar=calendar, counted_from=old)
    assert answer.at is not None
    assert answer.at >= now


@given(due_terms(bounded=False), instants(), st.integers(0, 60_000), calendars(), periods(), periods())
def test_a_recall_never_lengthens_a_loan_in_time(
    terms: DueTerms, loaned: datetime, minutes: int, calendar: Calendar, guaranteed: Period, within: Period
) -> None:
    """D9: a loan that is not overdue is due no later than before, and not before the recall."""
    due = due_date(terms, at=loaned, calendar=calendar).at
    assert due is not None
    now = min(loaned + timedelta(minutes=minutes), due)
    recall = RecallTerms(guaranteed=guaranteed, return_within=within)
    recalled = recall_due(recall, terms, due=due, loaned_at=loaned, now=now, calendar=calendar).at
    assert recalled is not None
    assert now <= recalled <= due


@given(instants(), st.sampled_from(ZONES), st.integers(0, 400))
def test_days_by_the_wall_clock_keep_the_due_time_in_every_zone(at: datetime, zone: str, days: int) -> None:
    """A7 and A8: on the clock of the library the loan is due at its due time, summer or winter."""
    calendar = Calendar(zone, WeeklyHours.every_day("09:00-17:00"))
    answer = due_date(DueTerms(period=Period.parse(f"{days} days"), due_time=time(17)), at=at, calendar=calendar)
    assert answer.at is not None
    if answer.at > at:
        assert time(17) == calendar.local(answer.at).time()
