"""Periods: how long a loan is, and how its length is counted."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libops.base.errors import InvalidValue
from libops.base.periods import (
    ElapsedTime,
    Intervals,
    MonthLength,
    Period,
    Unit,
    add_months,
    elapsed,
    intervals_between,
    months_between,
)

BERLIN = ZoneInfo("Europe/Berlin")
DATES = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 weeks", Period(3, Unit.WEEKS)),
        ("90 minutes", Period(90, Unit.MINUTES)),
        ("1 day", Period(1, Unit.DAYS)),
        (" 2  Hours ", Period(2, Unit.HOURS)),
        ("0 days", Period(0, Unit.DAYS)),
        ("1 year", Period(12, Unit.MONTHS)),
    ],
)
def test_a_period_is_written_as_a_number_and_a_unit(text: str, expected: Period) -> None:
    """Settings name a loan period the way a librarian says it."""
    assert expected == Period.parse(text)


@pytest.mark.parametrize("text", ["", "3", "weeks", "-1 days", "1.5 hours", "three weeks", "3 fortnights", "٣ days"])
def test_anything_else_is_refused_with_the_text_and_an_example(text: str) -> None:
    """A misspelled period shows itself and what would be right."""
    with pytest.raises(InvalidValue, match="such as '3 weeks'"):
        Period.parse(text)


@pytest.mark.parametrize(("amount", "unit"), [(-1, Unit.DAYS), (True, Unit.DAYS), (1201, Unit.MONTHS)])
def test_a_period_is_a_whole_number_up_to_a_hundred_years(amount: int, unit: Unit) -> None:
    """Nothing negative, and nothing that would run out of the calendar."""
    with pytest.raises(InvalidValue, match="a period of"):
        Period(amount, unit)


def test_a_unit_is_one_of_five() -> None:
    """A unit given as bare text is refused with the list of units."""
    with pytest.raises(InvalidValue, match="minutes, hours, days, weeks, months"):
        Period(1, "days")  # type: ignore[arg-type]


@given(st.sampled_from(Unit), st.integers(0, 1200))
def test_the_text_of_a_period_reads_back_as_the_period(unit: Unit, amount: int) -> None:
    """What is stored as text is the same period when read again."""
    assert Period(amount, unit) == Period.parse(str(Period(amount, unit)))


def test_a_month_after_the_30th_of_january_is_the_last_of_february() -> None:
    """A10: the end of a month clamps (FOLIO); no overflow into March (Koha's date library)."""
    assert date(2026, 2, 28) == Period(1, Unit.MONTHS).after(date(2026, 1, 30))
    assert date(2028, 2, 29) == Period(1, Unit.MONTHS).after(date(2028, 1, 31))
    assert date(2026, 2, 28) == Period(1, Unit.MONTHS).before(date(2026, 3, 31))


@given(DATES, st.integers(0, 240))
def test_months_come_back_as_they_were_added(day: date, months: int) -> None:
    """Counting the months between two dates undoes adding them, clamped or not."""
    assert months == months_between(day, add_months(day, months))


@given(DATES, st.integers(0, 240))
def test_a_clamped_month_never_leaves_the_month_it_names(day: date, months: int) -> None:
    """A10: so many months later is in exactly that month, on the same day or its last one."""
    later = add_months(day, months)
    assert day.year * 12 + day.month + months == later.year * 12 + later.month
    assert later.day == day.day or (later + timedelta(1)).day == 1


def test_months_beyond_the_calendar_are_refused() -> None:
    """The year 9999 is the last."""
    with pytest.raises(InvalidValue, match="outside the years"):
        add_months(date(9999, 12, 1), 1)


def test_hours_have_no_meaning_on_a_bare_date() -> None:
    """Two hours from a date is nonsense and says so."""
    with pytest.raises(InvalidValue, match="2 hours cannot be added to a date"):
        Period(2, Unit.HOURS).after(date(2026, 3, 2))
    with pytest.raises(InvalidValue, match="2 hours cannot be taken from a date"):
        Period(2, Unit.HOURS).before(date(2026, 3, 2))


def test_days_keep_the_wall_clock_and_hours_keep_the_clock() -> None:
    """One day across the spring change is noon to noon (23 hours); 24 hours end at one o'clock."""
    noon = at(2026, 3, 28, 11)  # 12:00 in Berlin, still winter time
    assert at(2026, 3, 29, 10) == Period(1, Unit.DAYS).after_instant(noon, BERLIN)
    assert at(2026, 3, 29, 11) == Period(24, Unit.HOURS).after_instant(noon, BERLIN)
    assert noon == Period(1, Unit.DAYS).before_instant(at(2026, 3, 29, 10), BERLIN)
    assert noon == Period(24, Unit.HOURS).before_instant(at(2026, 3, 29, 11), BERLIN)


def test_a_time_skipped_in_spring_moves_forward() -> None:
    """A7: 02:30 does not exist on the night of the change; one day after 02:30 is 03:30."""
    half_past_two = at(2026, 3, 28, 1, 30)
    moved = Period(1, Unit.DAYS).after_instant(half_past_two, BERLIN)
    assert (moved.astimezone(BERLIN).hour, moved.astimezone(BERLIN).minute) == (3, 30)


def test_a_month_as_an_interval_has_three_lengths() -> None:
    """A9: 31 days (FOLIO), a twelfth of a year (Evergreen without a date), or the calendar's own month."""
    month = Period(1, Unit.MONTHS)
    assert month.minutes(months=MonthLength.DAYS_31) == 44_640
    assert month.minutes(months=MonthLength.TWELFTH_OF_YEAR) * 60 == 2_628_000
    assert month.minutes(months=MonthLength.CALENDAR, since=date(2026, 2, 1)) == 28 * 1440
    with pytest.raises(InvalidValue, match="give the date it starts from"):
        month.minutes(months=MonthLength.CALENDAR)


def test_the_three_months_give_three_counts_for_one_delay() -> None:
    """A9: from 1 February, 30 days and 12 hours are one calendar month begun twice, or one 31-day month begun."""
    due, returned = at(2026, 2, 1), at(2026, 3, 3, 12)
    month = Period(1, Unit.MONTHS)
    assert Intervals(1, True) == intervals_between(due, returned, month, zone=BERLIN, months=MonthLength.CALENDAR)
    assert Intervals(0, True) == intervals_between(due, returned, month, zone=BERLIN, months=MonthLength.DAYS_31)
    twelfth = MonthLength.TWELFTH_OF_YEAR
    assert Intervals(1, True) == intervals_between(due, returned, month, zone=BERLIN, months=twelfth)
    assert Intervals(0, True) == intervals_between(due, at(2026, 3, 3), month, zone=BERLIN, months=twelfth)


def test_a_calendar_month_is_whole_at_the_same_time_of_day() -> None:
    """A9: one minute before the hour of the start the month is not over yet."""
    due, month = at(2026, 1, 15, 12), Period(1, Unit.MONTHS)
    calendar = MonthLength.CALENDAR
    assert Intervals(0, True) == intervals_between(due, at(2026, 2, 15, 11, 59), month, zone=BERLIN, months=calendar)
    assert Intervals(1, False) == intervals_between(due, at(2026, 2, 15, 12), month, zone=BERLIN, months=calendar)


def test_the_wall_clock_and_the_elapsed_time_differ_when_clocks_change() -> None:
    """A8: noon to noon over the spring change is 24 hours on the wall (Koha) and 23 in truth (FOLIO)."""
    start, end = at(2026, 3, 28, 11), at(2026, 3, 29, 10)
    assert timedelta(hours=24) == elapsed(start, end, BERLIN, ElapsedTime.WALL_CLOCK)
    assert timedelta(hours=23) == elapsed(start, end, BERLIN, ElapsedTime.ELAPSED)
    day = Period(1, Unit.DAYS)
    assert Intervals(1, False) == intervals_between(start, end, day, zone=BERLIN, how=ElapsedTime.WALL_CLOCK)
    assert Intervals(0, True) == intervals_between(start, end, day, zone=BERLIN, how=ElapsedTime.ELAPSED)


def test_no_interval_lies_between_a_moment_and_an_earlier_one() -> None:
    """An item that came back in time has no overdue interval."""
    assert Intervals(0, False) == intervals_between(at(2026, 3, 2), at(2026, 3, 1), Period(1, Unit.DAYS), zone=BERLIN)
    assert Intervals(0, False).begun == 0


def test_an_interval_of_length_zero_is_refused() -> None:
    """A fine every zero days would never end."""
    with pytest.raises(InvalidValue, match="never ends"):
        intervals_between(at(2026, 3, 1), at(2026, 3, 2), Period(0, Unit.DAYS), zone=BERLIN)


@given(
    st.timedeltas(timedelta(0), timedelta(3650)).map(at(2020, 1, 1).__add__),
    st.timedeltas(timedelta(0), timedelta(400)),
    st.sampled_from([Period(1, Unit.MONTHS), Period(2, Unit.WEEKS), Period(3, Unit.HOURS), Period(2, Unit.MONTHS)]),
    st.sampled_from(MonthLength),
    st.sampled_from(ElapsedTime),
)
def test_the_intervals_begun_never_grow_less_with_time(
    start: datetime, late: timedelta, every: Period, months: MonthLength, how: ElapsedTime
) -> None:
    """Two days later at least as many intervals have passed (two days, as the wall clock may go back an hour)."""
    sooner = intervals_between(start, start + late, every, zone=BERLIN, months=months, how=how)
    later = intervals_between(start, start + late + timedelta(2), every, zone=BERLIN, months=months, how=how)
    assert sooner.begun <= later.begun
    assert 0 <= sooner.begun - sooner.whole <= 1
