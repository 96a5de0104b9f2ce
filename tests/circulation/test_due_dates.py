"""Due dates: each option of how a library sets them, told apart from its neighbors."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from attrs import evolve

from libops.base.calendars import Calendar, SpecialDays, WeeklyHours
from libops.base.errors import InvalidValue
from libops.base.periods import Period
from libops.circulation.policy.due import (
    END_OF_DAY,
    ClosedDays,
    ClosingTime,
    DueTerms,
    due_date,
)

HOURS = "10:00-13:00 15:00-19:00"
WEEK = WeeklyHours(monday=HOURS, tuesday=HOURS, wednesday=HOURS, thursday=HOURS, friday=HOURS, saturday="10:00-14:00")
TOWN = Calendar("Europe/Berlin", WEEK)
"""Closed on Sundays; 1, 8, 15, 22 and 29 March 2026 are Sundays."""

DAY_LOAN = DueTerms(period=Period.parse("1 day"))
TWO_HOURS = DueTerms(period=Period.parse("2 hours"))


def moment(text: str, calendar: Calendar = TOWN) -> datetime:
    """A wall-clock moment such as "2026-03-07 11:00" at the library, as a UTC instant."""
    local = datetime.fromisoformat(text)
    return calendar.instant(local.date(), local.time())


def due(terms: DueTerms, at: str, calendar: Calendar = TOWN, **facts: object) -> str:
    """The due moment on the library's wall clock, to the minute, with seconds where there are any."""
    answer = due_date(terms, at=moment(at, calendar), calendar=calendar, **facts)  # type: ignore[arg-type]
    assert answer.at is not None
    assert answer.at.tzinfo is UTC
    local = calendar.local(answer.at)
    return f"{local:%Y-%m-%d %H:%M:%S}".removesuffix(":00")


@pytest.mark.parametrize(
    ("due_time", "expected"),
    [
        (time(23, 59), "2026-03-04 23:59"),
        (END_OF_DAY, "2026-03-04 23:59:59"),
        (None, "2026-03-04 11:20"),
        (time(18), "2026-03-04 18:00"),
    ],
)
def test_the_time_of_day_of_a_loan_by_days(due_time: time | None, expected: str) -> None:
    """A1: 23:59:00 (Koha, rero), 23:59:59 (FOLIO), the time of the loan (Evergreen), or any other."""
    assert expected == due(evolve(DAY_LOAN, due_time=due_time), "2026-03-03 11:20")


def test_loans_of_one_day_are_due_together_only_where_the_terms_set_the_time() -> None:
    """A1: without a due time each loan of a day keeps the time of its own, whichever was made first."""
    own = evolve(DAY_LOAN, due_time=None)
    for clock in ("11:20", "17:05", "10:00"):
        assert f"2026-03-04 {clock}" == due(own, f"2026-03-03 {clock}")
        assert "2026-03-04 23:59" == due(DAY_LOAN, f"2026-03-03 {clock}")


@pytest.mark.parametrize(
    ("closed_days", "expected"),
    [
        (ClosedDays.IGNORE_CALENDAR, "2026-03-15 11:20"),
        (ClosedDays.PUSH_ONE_DAY_AT_A_TIME, "2026-03-17 11:20"),
        (ClosedDays.COUNT_OPEN_DAYS, "2026-03-18 11:20"),
        (ClosedDays.PREVIOUS_OPEN_DAY_END, "2026-03-14 23:59:59"),
        (ClosedDays.NEXT_OPEN_DAY_END, "2026-03-17 23:59:59"),
        (ClosedDays.KEEP_END_OF_DAY, "2026-03-15 23:59:59"),
        (ClosedDays.KEEP_DATETIME, "2026-03-15 11:20"),
    ],
)
def test_a_loan_due_on_a_closed_day(closed_days: ClosedDays, expected: str) -> None:
    """A2: eight days from Saturday are a Sunday, and the Monday after it is closed: every answer differs.

    Without a due time those that move to the end of a day still do so; the others keep the time of the loan.
    """
    calendar = Calendar("Europe/Berlin", WEEK, (SpecialDays(date(2026, 3, 16)),))
    terms = DueTerms(period=Period.parse("8 days"), due_time=None, closed_days=closed_days)
    assert expected == due(terms, "2026-03-07 11:20", calendar)


def test_keeping_date_and_time_beats_the_due_time() -> None:
    """A2: "keep-datetime" keeps the time of the loan where "ignore-calendar" takes the due time."""
    assert "2026-03-08 11:20" == due(evolve(DAY_LOAN, closed_days=ClosedDays.KEEP_DATETIME), "2026-03-07 11:20")
    assert "2026-03-08 23:59" == due(evolve(DAY_LOAN, closed_days=ClosedDays.IGNORE_CALENDAR), "2026-03-07 11:20")


def test_whole_weeks_keep_the_weekday() -> None:
    """A2, "push-same-weekday": a week's loan on a holiday is due a week later; pushing by days ends on the morrow."""
    calendar = Calendar("Europe/Berlin", WEEK, (SpecialDays(date(2026, 3, 17)),))
    by_week = DueTerms(period=Period.parse("2 weeks"), closed_days=ClosedDays.PUSH_SAME_WEEKDAY)
    assert "2026-03-24 23:59" == due(by_week, "2026-03-03 11:00", calendar)
    by_day = evolve(by_week, closed_days=ClosedDays.PUSH_ONE_DAY_AT_A_TIME)
    assert "2026-03-18 23:59" == due(by_day, "2026-03-03 11:00", calendar)
    assert "2026-03-24 23:59" == due(evolve(by_week, period=Period.parse("14 days")), "2026-03-03 11:00", calendar)


def test_weekly_steps_fall_back_to_days() -> None:
    """A3: day by day when the weekday is closed every week, or the period is no multiple of seven days (Koha)."""
    calendar = Calendar("Europe/Berlin", WEEK, (SpecialDays(date(2026, 3, 1), hours="10:00-14:00"),))
    terms = DueTerms(period=Period.parse("1 week"), closed_days=ClosedDays.PUSH_SAME_WEEKDAY)
    assert "2026-03-09 23:59" == due(terms, "2026-03-01 11:00", calendar)  # Sunday to Sunday: always closed
    holiday = Calendar("Europe/Berlin", WEEK, (SpecialDays(date(2026, 3, 17)),))
    ten_days = evolve(terms, period=Period.parse("10 days"))
    assert "2026-03-18 23:59" == due(ten_days, "2026-03-07 11:00", holiday)
    month = evolve(terms, period=Period.parse("1 month"))
    assert "2026-03-18 23:59" == due(month, "2026-02-17 11:00", holiday)


def test_a_weekday_closed_for_years_falls_back_to_days() -> None:
    """A3: when every Tuesday of the search is taken, the step is a day."""
    closed = tuple(SpecialDays(date(2026, 3, 10) + timedelta(7 * week)) for week in range(170))
    calendar = Calendar("Europe/Berlin", WEEK, closed)
    terms = DueTerms(period=Period.parse("1 week"), closed_days=ClosedDays.PUSH_SAME_WEEKDAY)
    assert "2026-03-11 23:59" == due(terms, "2026-03-03 11:00", calendar)


def test_counting_open_days_leaves_out_every_closed_day_on_the_way() -> None:
    """A2, "count-open-days": seven days over two Sundays end later than pushing would."""
    terms = DueTerms(period=Period.parse("12 days"), closed_days=ClosedDays.COUNT_OPEN_DAYS)
    assert "2026-03-17 23:59" == due(terms, "2026-03-03 11:00")
    pushed = evolve(terms, closed_days=ClosedDays.PUSH_ONE_DAY_AT_A_TIME)
    assert "2026-03-16 23:59" == due(pushed, "2026-03-03 11:00")
    month = evolve(terms, period=Period.parse("1 month"))
    assert "2026-03-09 23:59" == due(month, "2026-02-08 11:00")


def test_the_trace_says_that_closed_days_were_not_counted() -> None:
    """Twelve open days are named as such; where no closed day lies between, there is nothing to say."""
    for days, said in (("12 days", True), ("2 days", False)):
        terms = DueTerms(period=Period.parse(days), closed_days=ClosedDays.COUNT_OPEN_DAYS)
        found = due_date(terms, at=moment("2026-03-03 11:00"), calendar=TOWN, explain=True)
        assert said is found.steps[0].why.endswith("closed days not counted")


def test_the_previous_open_day_is_never_before_the_loan() -> None:
    """A2, "previous-open-day-end": a day loan on a closed Sunday is due on Monday, not on the Saturday before."""
    terms = evolve(DAY_LOAN, period=Period.parse("0 days"), closed_days=ClosedDays.PREVIOUS_OPEN_DAY_END)
    assert "2026-03-09 23:59" == due(terms, "2026-03-08 11:00")
    assert "2026-03-07 23:59" == due(evolve(terms, period=Period.parse("1 day")), "2026-03-07 11:00")


def test_zero_days_is_until_the_end_of_the_day() -> None:
    """A period of 0 days is a real one: due tonight."""
    assert "2026-03-03 23:59" == due(evolve(DAY_LOAN, period=Period.parse("0 days")), "2026-03-03 11:00")


@pytest.mark.parametrize(
    ("closing", "in_the_break", "next_morning_open", "overnight"),
    [
        (ClosingTime.IGNORE_CALENDAR, "2026-03-03 14:00", "2026-03-04 11:00", "2026-03-04 09:00"),
        (ClosingTime.CLAMP_TO_CLOSING, "2026-03-03 14:00", "2026-03-03 19:00", "2026-03-03 19:00"),
        (ClosingTime.EXTEND_TO_OPENING, "2026-03-03 15:00", "2026-03-04 10:00", "2026-03-04 10:00"),
        (ClosingTime.END_OF_CURRENT_HOURS, "2026-03-03 13:00", "2026-03-04 11:00", "2026-03-03 19:00"),
        (ClosingTime.NEXT_OPENING_START, "2026-03-03 15:30", "2026-03-04 11:00", "2026-03-04 10:30"),
    ],
)
def test_a_loan_by_hours_that_runs_past_closing(
    closing: ClosingTime, in_the_break: str, next_morning_open: str, overnight: str
) -> None:
    """A4: Koha measures against today's closing; FOLIO asks whether the library is open at the due moment.

    Three cases tell the five answers apart: due in the midday break, due when the library is open again, due at night.
    """
    terms = DueTerms(period=Period.parse("3 hours"), closing=closing, opening_offset=Period.parse("30 minutes"))
    assert in_the_break == due(terms, "2026-03-03 11:00")
    assert next_morning_open == due(evolve(terms, period=Period.parse("17 hours")), "2026-03-03 18:00")
    assert overnight == due(evolve(terms, period=Period.parse("15 hours")), "2026-03-03 18:00")


def test_the_opening_offset_ends_with_the_hours() -> None:
    """A4: an offset longer than the opening hours is cut at their end (FOLIO)."""
    terms = evolve(TWO_HOURS, closing=ClosingTime.NEXT_OPENING_START, opening_offset=Period.parse("5 hours"))
    assert "2026-03-04 13:00" == due(terms, "2026-03-03 18:00")


def test_due_exactly_at_closing_is_outside_hours() -> None:
    """A5: the closing instant is closed, so a loan due then goes on to the next opening (FOLIO)."""
    terms = evolve(TWO_HOURS, closing=ClosingTime.NEXT_OPENING_START)
    assert "2026-03-04 10:00" == due(terms, "2026-03-03 17:00")
    assert "2026-03-03 18:59" == due(terms, "2026-03-03 16:59")
    assert "2026-03-04 10:00" == due(evolve(terms, closing=ClosingTime.EXTEND_TO_OPENING), "2026-03-03 17:00")


def test_a_loan_made_while_closed_is_due_in_the_hours_that_follow() -> None:
    """A4: with nobody at the desk, as at a self-check machine at night, the next hours count as the current ones."""
    assert "2026-03-04 13:00" == due(TWO_HOURS, "2026-03-03 23:00")
    clamp = evolve(TWO_HOURS, period=Period.parse("24 hours"), closing=ClosingTime.CLAMP_TO_CLOSING)
    assert "2026-03-04 19:00" == due(clamp, "2026-03-03 20:00")


@pytest.mark.parametrize("closing", list(ClosingTime))
def test_a_library_open_around_the_clock_has_no_closing(closing: ClosingTime) -> None:
    """A4: hours that meet at midnight do not end there."""
    always = Calendar.always_open("Europe/Berlin")
    assert "2026-03-05 23:00" == due(
        DueTerms(period=Period.parse("48 hours"), closing=closing), "2026-03-03 23:00", always
    )


def test_the_last_hours_before_a_closed_day_may_reach_past_midnight() -> None:
    """A4: the hours of Friday night end at two, after meeting those of Saturday."""
    club = Calendar("Europe/Berlin", WeeklyHours(friday="18:00-24:00", saturday="00:00-02:00"))
    assert "2026-03-07 02:00" == due(DueTerms(period=Period.parse("6 hours")), "2026-03-06 22:00", club)


def test_a_due_time_skipped_in_spring_moves_forward() -> None:
    """A7: due at 02:30 on the night of the change is due at 03:30 (Evergreen)."""
    terms = evolve(DAY_LOAN, due_time=time(2, 30), closed_days=ClosedDays.IGNORE_CALENDAR)
    assert "2026-03-29 03:30" == due(terms, "2026-03-28 11:00")
    assert datetime(2026, 10, 25, 0, 30, tzinfo=UTC) == due_date(terms, at=moment("2026-10-24 11:00"), calendar=TOWN).at


def test_hours_are_counted_on_the_clock_and_days_on_the_wall() -> None:
    """A8: over the spring change 24 hours end an hour later on the wall than one day that keeps the time."""
    always = Calendar.always_open("Europe/Berlin")
    assert "2026-03-29 13:00" == due(DueTerms(period=Period.parse("24 hours")), "2026-03-28 12:00", always)
    assert "2026-03-29 12:00" == due(evolve(DAY_LOAN, due_time=None), "2026-03-28 12:00", always)


def test_a_month_ends_with_the_month() -> None:
    """A10: a month from 30 January is due on 28 February."""
    terms = DueTerms(period=Period.parse("1 month"), closed_days=ClosedDays.IGNORE_CALENDAR)
    assert "2026-02-28 23:59" == due(terms, "2026-01-30 11:00")


def test_without_a_calendar_there_is_no_due_date() -> None:
    """A13: a calendar that could not be found must surface, not be guessed around."""
    with pytest.raises(InvalidValue, match="needs the one of the library"):
        due_date(DAY_LOAN, at=moment("2026-03-03 11:00"), calendar=None)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="lacks a time zone"):
        due_date(DAY_LOAN, at=datetime(2026, 3, 3), calendar=TOWN)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("terms", "expected", "warned"),
    [
        (evolve(DAY_LOAN, closed_days=ClosedDays.KEEP_DATETIME), "2026-03-04 11:00", False),
        (evolve(DAY_LOAN, closed_days=ClosedDays.IGNORE_CALENDAR), "2026-03-04 23:59", False),
        (evolve(DAY_LOAN, closed_days=ClosedDays.PUSH_ONE_DAY_AT_A_TIME), "2026-03-04 23:59", True),
        (evolve(DAY_LOAN, closed_days=ClosedDays.COUNT_OPEN_DAYS), "2026-03-04 23:59", True),
        (evolve(DAY_LOAN, closed_days=ClosedDays.PUSH_SAME_WEEKDAY), "2026-03-04 23:59", True),
        (evolve(DAY_LOAN, closed_days=ClosedDays.PREVIOUS_OPEN_DAY_END), "2026-03-04 23:59", True),
        (evolve(DAY_LOAN, closed_days=ClosedDays.NEXT_OPEN_DAY_END), "2026-03-04 23:59", True),
        (evolve(TWO_HOURS, closing=ClosingTime.IGNORE_CALENDAR), "2026-03-03 13:00", False),
        (evolve(TWO_HOURS, closing=ClosingTime.CLAMP_TO_CLOSING), "2026-03-03 13:00", True),
        (evolve(TWO_HOURS, closing=ClosingTime.EXTEND_TO_OPENING), "2026-03-03 13:00", True),
        (evolve(TWO_HOURS, closing=ClosingTime.END_OF_CURRENT_HOURS), "2026-03-03 13:00", True),
        (evolve(TWO_HOURS, closing=ClosingTime.NEXT_OPENING_START), "2026-03-03 13:00", True),
    ],
)
def test_a_library_that_never_opens_lends_by_plain_arithmetic_and_says_so(
    terms: DueTerms, expected: str, warned: bool
) -> None:
    """A13: an empty calendar gets a defined answer, with a warning wherever the terms asked for an open day."""
    never = Calendar("Europe/Berlin")
    assert expected == due(terms, "2026-03-03 11:00", never)
    answer = due_date(terms, at=moment("2026-03-03 11:00"), calendar=never)
    assert (["calendar.never_open"] if warned else []) == [warning.code for warning in answer.warnings]


def test_the_service_day_counts_and_not_the_date() -> None:
    """At half past one on Saturday morning it is still Friday's service: one day is until Saturday night."""
    night = Calendar("Europe/Berlin", WeeklyHours.every_day("18:00-02:00"), day_starts=time(3))
    assert "2026-03-07 23:59" == due(DAY_LOAN, "2026-03-07 01:30", night)
    assert "2026-03-08 23:59" == due(DAY_LOAN, "2026-03-07 03:00", night)
    assert "2026-03-08 01:30" == due(evolve(DAY_LOAN, due_time=None), "2026-03-07 01:30", night)
    assert "2026-03-07 02:00" == due(evolve(TWO_HOURS, closing=ClosingTime.CLAMP_TO_CLOSING), "2026-03-07 01:30", night)


def test_until_the_end_of_the_day_is_until_the_service_day_ends() -> None:
    """A loan for 0 days at half past one belongs to Friday, whose 23:59 has passed: it is due when Friday's service
    day ends, at three. One in the evening keeps 23:59, asked for before or after; another due time that has passed
    stays."""
    night = Calendar("Europe/Berlin", WeeklyHours.every_day("18:00-02:00"), day_starts=time(3))
    today = DueTerms(period=Period.parse("0 days"))
    for _ in range(2):
        assert "2026-03-06 23:59" == due(today, "2026-03-06 21:00", night)
        assert "2026-03-07 02:59:59" == due(today, "2026-03-07 01:30", night)
    assert "2026-03-07 01:30" == due(evolve(today, due_time=time(21)), "2026-03-07 01:30", night)
    ends = DueTerms(period=Period.parse("1 week"), ceiling=date(2026, 3, 6))
    assert "2026-03-07 02:59:59" == due(ends, "2026-03-07 01:30", night)
