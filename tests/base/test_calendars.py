"""Calendars: when a library is open, and which day a moment belongs to."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libops.base.calendars import SEARCH_DAYS, Calendar, Hours, OpenSpan, SpecialDays, WeeklyHours
from libops.base.errors import InvalidValue
from libops.testing.strategies.base import calendars, instants

TOWN = Calendar(
    "Europe/Berlin",
    WeeklyHours(
        tuesday="10:00-13:00 15:00-19:00", wednesday="10:00-13:00", friday="18:00-02:00", saturday="10:00-14:00"
    ),
)
NEVER = Calendar("Europe/Berlin")
TUESDAY = date(2026, 3, 3)


def berlin(day: date, clock: str) -> datetime:
    """The UTC instant of a wall-clock time in Berlin."""
    return TOWN.instant(day, time.fromisoformat(clock))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09:00-12:30", Hours(time(9), time(12, 30))),
        ("9:00 – 12:30", Hours(time(9), time(12, 30))),
        ("20:00-02:00", Hours(time(20), time(2))),
        ("00:00-24:00", Hours(time(0), time(0))),
    ],
)
def test_opening_hours_are_written_as_from_and_to(text: str, expected: Hours) -> None:
    """The way hours stand on the door."""
    assert expected == Hours.parse(text)
    assert expected == Hours.parse(str(expected))


@pytest.mark.parametrize("text", ["", "9-5", "24:00-12:00", "25:00-26:00", "09:60-10:00", "09:00-24:30", "nine"])
def test_hours_that_cannot_be_are_shown_with_an_example(text: str) -> None:
    """A slip in the settings is answered with what would be right."""
    with pytest.raises(InvalidValue, match="write it like '09:00-12:30'"):
        Hours.parse(text)


def test_hours_carry_no_zone_of_their_own() -> None:
    """The zone belongs to the library, not to a span."""
    with pytest.raises(InvalidValue, match="wall-clock"):
        Hours(time(9, tzinfo=UTC), time(12))


@pytest.mark.parametrize("hours", ["10:00-13:00 12:00-18:00", "20:00-02:00 21:00-23:00", "10:00-12:00 10:00-12:00"])
def test_spans_of_one_day_do_not_overlap(hours: str) -> None:
    """Two spans that overlap are a slip of the pen."""
    with pytest.raises(InvalidValue, match="overlap"):
        WeeklyHours(monday=hours)


def test_a_day_is_given_as_text_or_as_spans() -> None:
    """Settings and hosts write the same week in their own way; 'closed' and nothing are the same."""
    spans = (Hours(time(10), time(13)), Hours(time(15), time(19)))
    assert WeeklyHours(monday=spans) == WeeklyHours(monday="15:00-19:00, 10:00 - 13:00", tuesday="closed", friday="")
    assert WeeklyHours(monday=spans) == WeeklyHours(monday=["10:00-13:00", "15:00-19:00"])


def test_a_zone_is_an_iana_name() -> None:
    """An unknown zone is shown with an example."""
    for zone in ("Middle/Earth", "", "../etc"):
        with pytest.raises(InvalidValue, match="IANA name"):
            Calendar(zone)


def test_the_closing_instant_is_closed() -> None:
    """A5: hours are half-open: at ten o'clock sharp the doors are open, at one o'clock sharp they are shut (FOLIO)."""
    assert TOWN.is_open(berlin(TUESDAY, "10:00"))
    assert TOWN.is_open(berlin(TUESDAY, "12:59"))
    assert not TOWN.is_open(berlin(TUESDAY, "13:00"))
    assert not TOWN.is_open(berlin(TUESDAY, "09:59"))


def test_a_midday_break_ends_the_current_hours() -> None:
    """A day may have several spans; between them the library is closed."""
    noon = TOWN.span_at(berlin(TUESDAY, "12:00"))
    assert noon == OpenSpan(berlin(TUESDAY, "10:00"), berlin(TUESDAY, "13:00"))
    assert TOWN.span_at(berlin(TUESDAY, "14:00")) is None
    assert TOWN.next_opening(berlin(TUESDAY, "14:00")) == OpenSpan(berlin(TUESDAY, "15:00"), berlin(TUESDAY, "19:00"))


def test_spans_that_touch_are_one() -> None:
    """Hours written as 9 to 12 and 12 to 17 have no break at noon."""
    calendar = Calendar("UTC", WeeklyHours.every_day("09:00-12:00 12:00-17:00"))
    expected = OpenSpan(calendar.instant(TUESDAY, time(9)), calendar.instant(TUESDAY, time(17)))
    assert (expected,) == calendar.spans_on(TUESDAY)


def test_hours_past_midnight_belong_to_the_evening_before() -> None:
    """A Friday night that ends at two on Saturday is one span, and it is Friday's."""
    friday, saturday = date(2026, 3, 6), date(2026, 3, 7)
    assert TOWN.span_at(berlin(saturday, "01:30")) == OpenSpan(berlin(friday, "18:00"), berlin(saturday, "02:00"))
    assert TOWN.closing_of(friday) == berlin(saturday, "02:00")
    assert TOWN.previous_closing(berlin(saturday, "02:00")) == OpenSpan(
        berlin(friday, "18:00"), berlin(saturday, "02:00")
    )
    assert TOWN.previous_closing(berlin(friday, "12:00")) == OpenSpan(
        berlin(date(2026, 3, 4), "10:00"), berlin(date(2026, 3, 4), "13:00")
    )
    assert TOWN.opening_of(saturday) == berlin(saturday, "10:00")


def test_hours_past_midnight_may_outlast_those_they_run_into() -> None:
    """Open until one on Sunday morning, although Sunday's own first hours end at a quarter past midnight."""
    club = Calendar("Europe/Berlin", WeeklyHours(saturday="18:00-01:00", sunday="00:00-00:15"))
    one = berlin(date(2026, 3, 8), "01:00")
    assert club.is_open(one - timedelta(minutes=20))
    assert club.previous_closing(one) == OpenSpan(berlin(date(2026, 3, 7), "18:00"), one)
    assert 7 * 60 == club.open_minutes(one - timedelta(1), one)


def test_the_service_day_ends_at_the_cutoff() -> None:
    """With a cutoff at 03:00 a checkout at half past one is still counted to the evening before."""
    night = Calendar("Europe/Berlin", TOWN.weekly, day_starts=time(3))
    half_past_one = berlin(date(2026, 3, 7), "01:30")
    assert date(2026, 3, 6) == night.service_day(half_past_one)
    assert date(2026, 3, 7) == TOWN.service_day(half_past_one)
    assert date(2026, 3, 7) == night.service_day(berlin(date(2026, 3, 7), "03:00"))


def test_a_time_before_the_cutoff_is_that_of_the_next_date() -> None:
    """01:30 of Friday's service is an hour and a half past midnight on Saturday."""
    night = Calendar("Europe/Berlin", TOWN.weekly, day_starts=time(3))
    friday = date(2026, 3, 6)
    assert berlin(date(2026, 3, 7), "01:30") == night.service_instant(friday, time(1, 30))
    assert berlin(friday, "23:59") == night.service_instant(friday, time(23, 59))
    assert friday == night.service_day(night.service_instant(friday, time(1, 30)))


def test_a_special_day_replaces_the_hours_of_the_week() -> None:
    """Closed for stocktaking on a Tuesday, open for the book fair on a Sunday."""
    calendar = Calendar(
        "Europe/Berlin",
        TOWN.weekly,
        special=(SpecialDays(TUESDAY), SpecialDays(date(2026, 3, 8), hours=["12:00-17:00"], note="book fair")),
    )
    assert not calendar.is_open_day(TUESDAY)
    assert calendar.is_open(berlin(date(2026, 3, 8), "16:00"))
    assert (OpenSpan(berlin(date(2026, 3, 8), "12:00"), berlin(date(2026, 3, 8), "17:00")),) == calendar.spans_on(
        date(2026, 3, 8)
    )


def test_a_yearly_closing_repeats_from_its_first_year_on() -> None:
    """A holiday entered in 2026 closes the library in 2031, and not in 2025."""
    christmas = SpecialDays(date(2026, 12, 24), date(2027, 1, 1), yearly=True)
    closed = [day for day in (date(2030, 12, 24), date(2031, 1, 1), date(2030, 12, 31)) if christmas.covers(day)]
    assert [date(2030, 12, 24), date(2031, 1, 1), date(2030, 12, 31)] == closed
    assert not christmas.covers(date(2025, 12, 24))
    assert not christmas.covers(date(2030, 12, 23))
    assert not christmas.covers(date(2031, 1, 2))


def test_a_yearly_leap_day_comes_in_leap_years_only() -> None:
    """29 February repeats in 2032 and touches neither neighbor in between."""
    leap = SpecialDays(date(2028, 2, 29), yearly=True)
    assert [date(2028, 2, 29), date(2032, 2, 29)] == [
        day for day in (date(2028, 2, 29), date(2029, 2, 28), date(2029, 3, 1), date(2032, 2, 29)) if leap.covers(day)
    ]


def test_a_dated_entry_beats_a_yearly_one_and_the_later_one_its_equal() -> None:
    """Open on this year's holiday by exception, as Koha has exceptions to repeating holidays."""
    yearly, dated = SpecialDays(date(2020, 3, 3), yearly=True), SpecialDays(TUESDAY, hours="10:00-12:00")
    for special in ((yearly, dated), (dated, yearly)):
        assert Calendar("Europe/Berlin", TOWN.weekly, special).is_open_day(TUESDAY)
    closed = SpecialDays(TUESDAY)
    assert not Calendar("Europe/Berlin", TOWN.weekly, (dated, closed)).is_open_day(TUESDAY)
    assert Calendar("Europe/Berlin", TOWN.weekly, (closed, dated)).is_open_day(TUESDAY)


def test_special_days_end_after_they_begin_and_repeat_within_a_year() -> None:
    """Swapped dates and a yearly range longer than the year are slips."""
    with pytest.raises(InvalidValue, match="swap the two"):
        SpecialDays(TUESDAY, TUESDAY - timedelta(1))
    with pytest.raises(InvalidValue, match="less than a year"):
        SpecialDays(TUESDAY, TUESDAY + timedelta(366), yearly=True)


def test_open_days_are_found_on_both_sides() -> None:
    """From Sunday the next open day is Tuesday and the one before is Saturday."""
    sunday = date(2026, 3, 8)
    assert date(2026, 3, 10) == TOWN.next_open_day(sunday)
    assert date(2026, 3, 7) == TOWN.previous_open_day(sunday)
    assert date(2026, 3, 11) == TOWN.add_open_days(sunday, 2)
    assert sunday == TOWN.add_open_days(sunday, 0)


def test_a_library_that_never_opens_gives_an_answer() -> None:
    """No hours at all: every search ends with None, every count with 0, and nothing hangs."""
    now = berlin(TUESDAY, "12:00")
    assert NEVER.never_opens
    assert not NEVER.is_open(now)
    found = (NEVER.next_open_day(TUESDAY), NEVER.previous_open_day(TUESDAY), NEVER.next_opening(now))
    assert (None, None, None) == found
    assert NEVER.previous_closing(now) is None
    assert NEVER.add_open_days(TUESDAY, 3) is None
    assert (None, None) == (NEVER.opening_of(TUESDAY), NEVER.closing_of(TUESDAY))
    assert 0 == NEVER.open_minutes(now, now + timedelta(30)) == NEVER.open_days_between(TUESDAY, date(2027, 3, 3))


def test_a_search_for_an_open_day_is_bounded() -> None:
    """A closing longer than the search counts as never opening again."""
    rebuilt = Calendar("UTC", WeeklyHours(monday="09:00-17:00"), (SpecialDays(TUESDAY, TUESDAY + timedelta(4000)),))
    assert not rebuilt.never_opens
    assert rebuilt.next_open_day(TUESDAY) is None
    opened = rebuilt.next_open_day(TUESDAY + timedelta(4000 - SEARCH_DAYS + 10))
    assert date(2037, 2, 16) == opened


def test_days_are_counted_in_two_documented_ways() -> None:
    """A12: Koha leaves the end day out and does not mind the order; rero counts both ends."""
    wednesday_after = date(2026, 3, 11)  # Tuesday, Wednesday, Friday, Saturday, Tuesday, Wednesday
    assert 5 == TOWN.open_days_between(TUESDAY, wednesday_after) == TOWN.open_days_between(wednesday_after, TUESDAY)
    assert 6 == TOWN.open_days_including(TUESDAY, wednesday_after) == TOWN.open_days_including(wednesday_after, TUESDAY)
    assert (0, 1) == (TOWN.open_days_between(TUESDAY, TUESDAY), TOWN.open_days_including(TUESDAY, TUESDAY))


def test_open_minutes_leave_out_break_and_night() -> None:
    """From Tuesday noon to Wednesday noon the library is open for one, four and two hours."""
    assert 7 * 60 == TOWN.open_minutes(berlin(TUESDAY, "12:00"), berlin(date(2026, 3, 4), "12:00"))
    assert 0 == TOWN.open_minutes(berlin(TUESDAY, "12:00"), berlin(TUESDAY, "11:00"))


def test_a_full_day_around_the_clock_change_has_23_or_25_hours() -> None:
    """A library open around the clock is open for what really passed."""
    always = Calendar.always_open("Europe/Berlin")
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    for day, hours in ((spring, 23), (autumn, 25)):
        start, end = always.instant(day, time(0)), always.instant(day + timedelta(1), time(0))
        assert hours * 60 == always.open_minutes(start, end)


def test_a_time_skipped_in_spring_moves_forward_and_a_repeated_one_is_the_first() -> None:
    """A7: 02:30 on the night of the change becomes 03:30; in autumn 02:30 is the one in summer time."""
    assert datetime(2026, 3, 29, 1, 30, tzinfo=UTC) == berlin(date(2026, 3, 29), "02:30")
    assert datetime(2026, 10, 25, 0, 30, tzinfo=UTC) == berlin(date(2026, 10, 25), "02:30")
    howe = Calendar("Australia/Lord_Howe")
    assert time(2, 45) == howe.local(howe.instant(date(2026, 10, 4), time(2, 15))).time()


def test_hours_that_lie_within_the_skipped_hour_do_not_take_place() -> None:
    """Open from 02:30 to 03:15 on the night the clock jumps from 02:00 to 03:00: closed."""
    night = Calendar("Europe/Berlin", WeeklyHours.every_day("02:30-03:15"))
    assert not night.is_open_day(date(2026, 3, 29))
    assert night.is_open_day(date(2026, 3, 28))


def test_two_calendars_with_the_same_hours_are_equal_whatever_they_were_asked() -> None:
    """What a calendar remembers to answer faster is no part of its value."""
    asked, fresh = Calendar("UTC", TOWN.weekly), Calendar("UTC", TOWN.weekly)
    asked.next_open_day(TUESDAY)
    assert fresh == asked
    assert hash(fresh) == hash(asked)
    assert repr(fresh) == repr(asked)


@given(calendars(), instants())
def test_open_now_means_within_the_current_hours(calendar: Calendar, now: datetime) -> None:
    """Whatever the week, zone and special days: open exactly when a span of the days around holds the moment."""
    day = calendar.local(now).date()
    around = [span for ahead in (-2, -1, 0, 1, 2) for span in calendar.spans_on(day + timedelta(ahead))]
    assert any(span.opens <= now < span.closes for span in around) == calendar.is_open(now)


@given(calendars(), instants())
def test_the_next_opening_is_the_first(calendar: Calendar, now: datetime) -> None:
    """Nothing opens between now and the next opening, and it is an open moment."""
    opening = calendar.next_opening(now)
    if opening is None:
        assert calendar.never_opens or calendar.next_open_day(calendar.local(now).date()) is None
        return
    assert opening.opens >= now
    assert calendar.is_open(opening.opens)
    assert not [span for span in calendar.open_spans(now, opening.opens) if span.opens > now]


@given(calendars(), instants(), st.integers(0, 40_000), st.integers(0, 40_000))
def test_open_minutes_add_up(calendar: Calendar, now: datetime, first: int, second: int) -> None:
    """The open minutes up to a moment and those after it are all of them, and never more than passed."""
    middle, end = now + timedelta(minutes=first), now + timedelta(minutes=first + second)
    total = calendar.open_minutes(now, end)
    assert total == calendar.open_minutes(now, middle) + calendar.open_minutes(middle, end)
    assert 0 <= total <= first + second


@given(calendars(), instants())
def test_the_open_day_before_the_next_one_is_the_last(calendar: Calendar, now: datetime) -> None:
    """Between a day and its next open day every day is closed."""
    day = calendar.service_day(now)
    following = calendar.next_open_day(day)
    if following is not None:
        assert calendar.is_open_day(following)
        assert 1 == calendar.open_days_between(day + timedelta(1), following + timedelta(1))
        assert following == calendar.add_open_days(day, 1)
