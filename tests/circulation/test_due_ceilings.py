"""What bounds a due date: schedules, ceilings, the card of the patron, the next booking."""

from datetime import UTC, date, datetime, time

import pytest
from attrs import evolve

from libops.base.calendars import Calendar, SpecialDays, WeeklyHours
from libops.base.errors import InvalidValue
from libops.base.periods import Period
from libops.circulation.policy.due import (
    AfterCut,
    ClosedDays,
    ClosingTime,
    DueTerms,
    ExpiryCut,
    FixedDue,
    Profile,
    ScheduleUse,
    due_date,
)

HOURS = "10:00-13:00 15:00-19:00"
WEEK = WeeklyHours(monday=HOURS, tuesday=HOURS, wednesday=HOURS, thursday=HOURS, friday=HOURS, saturday="10:00-14:00")
TOWN = Calendar("Europe/Berlin", WEEK)
"""Closed on Sundays; 1, 8, 15, 22 and 29 March 2026 are Sundays."""

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


SUMMER = FixedDue(date(2026, 6, 28), date(2026, 3, 1), date(2026, 6, 15))
"""Loans of the term are due on 28 June 2026, a Sunday."""


def test_a_fixed_loan_takes_the_date_of_its_term_and_moves_over_closed_days() -> None:
    """Profile "fixed": the schedule's date, moved to Monday as the library is closed on Sunday (FOLIO).

    Where the date is kept, it lasts to the end of the day, whatever `due_time` says.
    """
    terms = DueTerms(profile=Profile.FIXED, schedule=[SUMMER, FixedDue(date(2026, 9, 30), date(2026, 6, 16))])
    assert "2026-06-29 23:59" == due(terms, "2026-03-03 11:00")
    assert "2026-09-30 23:59" == due(terms, "2026-06-16 11:00")
    for due_time in (None, time(18)):
        kept = evolve(terms, due_time=due_time, closed_days=ClosedDays.KEEP_DATETIME)
        assert "2026-06-28 23:59:59" == due(kept, "2026-03-03 11:00")


def test_a_fixed_loan_outside_its_schedule_has_no_due_date() -> None:
    """Profile "fixed": a day that no line covers gives a reason that refuses, and no guess."""
    answer = due_date(DueTerms(profile=Profile.FIXED, schedule=[SUMMER]), at=moment("2026-02-03 11:00"), calendar=TOWN)
    assert answer.at is None
    assert ["due_date.outside_schedule"] == [warning.code for warning in answer.warnings]
    exactly = DueTerms(schedule=[SUMMER], schedule_use=ScheduleUse.EXACTLY)
    assert answer.warnings == due_date(exactly, at=moment("2026-02-03 11:00"), calendar=TOWN).warnings


@pytest.mark.parametrize(
    ("use", "short", "long"),
    [
        (ScheduleUse.BEFORE, "2026-06-08 23:59", "2026-06-27 23:59"),
        (ScheduleUse.EXACTLY, "2026-06-28 23:59", "2026-06-28 23:59"),
        (ScheduleUse.AFTER, "2026-06-29 23:59", "2026-07-01 23:59"),
    ],
)
def test_a_schedule_is_a_ceiling_the_date_itself_or_a_floor(use: ScheduleUse, short: str, long: str) -> None:
    """Before, exactly, after: a week and a month from 1 June against 28 June, a Sunday."""
    terms = DueTerms(period=Period.parse("1 week"), schedule=[SUMMER], schedule_use=use)
    assert short == due(terms, "2026-06-01 11:00")
    assert long == due(evolve(terms, period=Period.parse("1 month")), "2026-06-01 11:00")


def test_a_floor_holds_against_moving_to_an_earlier_day() -> None:
    """After: the end of the previous open day would be before the floor, so the next one it is."""
    terms = DueTerms(
        period=Period.parse("1 week"),
        schedule=[SUMMER],
        schedule_use=ScheduleUse.AFTER,
        closed_days=ClosedDays.PREVIOUS_OPEN_DAY_END,
    )
    assert "2026-06-29 23:59" == due(terms, "2026-06-01 11:00")


def test_a_schedule_bounds_loans_by_hours_as_well() -> None:
    """Before and after for a loan by hours: the end of the date, then out of closed hours."""
    hours = DueTerms(period=Period.parse("48 hours"), schedule=[SUMMER], closing=ClosingTime.NEXT_OPENING_START)
    late = evolve(hours, schedule=[FixedDue(date(2026, 6, 2))])
    assert "2026-06-02 19:00" == due(late, "2026-06-01 11:00")
    assert "2026-06-29 10:00" == due(evolve(hours, schedule_use=ScheduleUse.AFTER), "2026-06-01 11:00")


def test_a_schedule_without_a_line_for_the_day_leaves_the_period() -> None:
    """A rolling loan outside all lines is due after its period."""
    for use in ScheduleUse:
        terms = DueTerms(period=Period.parse("1 week"), schedule=[SUMMER], schedule_use=use)
        assert "2026-02-10 23:59" == due(terms, "2026-02-03 11:00")


def test_a_fixed_date_in_the_past_makes_the_loan_due_at_once() -> None:
    """A schedule nobody renewed: due at once, and the desk is told."""
    terms = DueTerms(profile=Profile.FIXED, schedule=[FixedDue(date(2025, 6, 30))])
    answer = due_date(terms, at=moment("2026-03-03 11:00"), calendar=TOWN)
    assert moment("2026-03-03 11:00") == answer.at
    assert ["due_date.before_loan"] == [warning.code for warning in answer.warnings]


def test_an_indefinite_loan_has_no_due_date() -> None:
    """Profile "indefinite": nothing to count, nothing to warn of."""
    answer = due_date(
        DueTerms(profile=Profile.INDEFINITE, ceiling=date(2026, 6, 1)), at=moment("2026-03-03 11:00"), calendar=TOWN
    )
    assert (None, (), ()) == (answer.at, answer.steps, answer.warnings)


@pytest.mark.parametrize(
    ("after_cut", "expected"),
    [(AfterCut.STAY, "2026-03-15 23:59"), (AfterCut.MOVE_BACK, "2026-03-14 23:59")],
)
def test_a_ceiling_on_a_closed_day(after_cut: AfterCut, expected: str) -> None:
    """No loan beyond Sunday 15 March: due that day, or on the open day before it."""
    terms = DueTerms(period=Period.parse("2 weeks"), ceiling=date(2026, 3, 15), after_cut=after_cut)
    assert expected == due(terms, "2026-03-03 11:00")
    ignoring = evolve(terms, closed_days=ClosedDays.IGNORE_CALENDAR)
    assert "2026-03-15 23:59" == due(ignoring, "2026-03-03 11:00")


def test_a_ceiling_before_the_loan_is_not_moved_back_before_it() -> None:
    """Closed from the loan on: the cut stays at the ceiling, as no open day lies between."""
    calendar = Calendar("Europe/Berlin", WEEK, (SpecialDays(date(2026, 3, 3), date(2026, 3, 20)),))
    terms = DueTerms(period=Period.parse("2 weeks"), ceiling=date(2026, 3, 10))
    assert "2026-03-10 23:59" == due(terms, "2026-03-03 11:00", calendar)


def test_a_booking_cuts_the_loan_by_its_lead() -> None:
    """The item must be back a day before it is booked, or at the last closing before that."""
    terms = DueTerms(period=Period.parse("2 weeks"), booking_lead=Period.parse("1 day"))
    assert "2026-03-11 10:00" == due(terms, "2026-03-03 11:00", next_booking=moment("2026-03-12 10:00"))
    assert "2026-03-10 23:59" == due(terms, "2026-03-03 11:00", next_booking=moment("2026-03-12 09:00"))
    bare = evolve(terms, booking_lead=None, after_cut=AfterCut.STAY)
    assert "2026-03-12 09:00" == due(bare, "2026-03-03 11:00", next_booking=moment("2026-03-12 09:00"))
    hours = evolve(TWO_HOURS, booking_lead=Period.parse("90 minutes"))
    assert "2026-03-03 11:30" == due(hours, "2026-03-03 10:30", next_booking=moment("2026-03-03 13:00"))
    assert "2026-03-03 13:00" == due(hours, "2026-03-03 12:00", next_booking=moment("2026-03-03 15:30"))


def test_the_lowest_ceiling_counts() -> None:
    """Schedule, ceiling, expiry and booking all cut; the earliest of them is the due date."""
    terms = DueTerms(
        period=Period.parse("3 months"),
        schedule=[FixedDue(date(2026, 5, 29))],
        ceiling=date(2026, 5, 22),
        expiry_cut=ExpiryCut.CUT,
    )
    booked = moment("2026-05-08 12:00")
    assert "2026-05-08 12:00" == due(terms, "2026-03-03 11:00", patron_expiry=date(2026, 5, 15), next_booking=booked)
    assert "2026-05-15 23:59" == due(terms, "2026-03-03 11:00", patron_expiry=date(2026, 5, 15))
    assert "2026-05-22 23:59" == due(terms, "2026-03-03 11:00")
    assert "2026-05-29 23:59" == due(evolve(terms, ceiling=None), "2026-03-03 11:00")


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({}, "a rolling loan without a period"),
        ({"profile": Profile.FIXED}, "a fixed loan without a schedule"),
        ({"period": Period.parse("2 hours"), "opening_offset": Period.parse("1 day")}, "give minutes or hours"),
    ],
)
def test_terms_that_lack_what_they_count_from_are_refused(terms: dict[str, object], message: str) -> None:
    """Half a policy is found when it is written, not when the first reader stands at the desk."""
    with pytest.raises(InvalidValue, match=message):
        DueTerms(**terms)  # type: ignore[arg-type]


def test_a_schedule_line_ends_after_it_begins() -> None:
    """Swapped dates are shown."""
    with pytest.raises(InvalidValue, match="swap the two"):
        FixedDue(date(2026, 6, 28), date(2026, 6, 15), date(2026, 3, 1))


@pytest.mark.parametrize(
    ("cut", "expected"),
    [
        (ExpiryCut.NONE, "2026-03-17 23:59"),
        (ExpiryCut.CUT, "2026-03-15 23:59"),
        (ExpiryCut.CUT_AND_MOVE_BACK, "2026-03-14 23:59"),
    ],
)
def test_a_card_that_expires_cuts_the_loan(cut: ExpiryCut, expected: str) -> None:
    """A6: on the expiry, which is a Sunday (FOLIO), on the open day before it (Koha), or not at all."""
    terms = DueTerms(period=Period.parse("2 weeks"), expiry_cut=cut)
    assert expected == due(terms, "2026-03-03 11:00", patron_expiry=date(2026, 3, 15))
    assert "2026-03-17 23:59" == due(terms, "2026-03-03 11:00", patron_expiry=date(2026, 3, 17))


def test_an_expiry_to_the_minute_cuts_by_day_or_instant() -> None:
    """A6: FOLIO's expiry is an instant; a strategy by days takes its day, one that keeps the time the instant."""
    expiry = moment("2026-03-12 16:00")
    terms = DueTerms(period=Period.parse("2 weeks"), expiry_cut=ExpiryCut.CUT)
    assert "2026-03-12 23:59" == due(terms, "2026-03-03 11:00", patron_expiry=expiry)
    keeping = evolve(terms, closed_days=ClosedDays.KEEP_DATETIME)
    assert "2026-03-12 16:00" == due(keeping, "2026-03-03 17:00", patron_expiry=expiry)
    hours = DueTerms(period=Period.parse("200 hours"), expiry_cut=ExpiryCut.CUT, closing=ClosingTime.IGNORE_CALENDAR)
    assert "2026-03-10 16:00" == due(hours, "2026-03-03 11:00", patron_expiry=moment("2026-03-10 16:00"))
    night = evolve(hours, expiry_cut=ExpiryCut.CUT_AND_MOVE_BACK)
    assert "2026-03-09 19:00" == due(night, "2026-03-03 11:00", patron_expiry=date(2026, 3, 9))


def test_a_loan_by_hours_lasts_into_the_night_of_its_last_day() -> None:
    """Open until two, and the service day ends at three: on the card's last day a loan made at 23:00 is due at one."""
    night = Calendar("Europe/Berlin", WeeklyHours.every_day("18:00-02:00"), day_starts=time(3))
    terms = evolve(TWO_HOURS, expiry_cut=ExpiryCut.CUT, ceiling=date(2026, 3, 3))
    assert "2026-03-04 01:00" == due(terms, "2026-03-03 23:00", night, patron_expiry=date(2026, 3, 3))
    assert "2026-03-04 02:59:59" == due(
        evolve(terms, period=Period.parse("9 hours"), closing=ClosingTime.IGNORE_CALENDAR, after_cut=AfterCut.STAY),
        "2026-03-03 23:00",
        night,
    )


def test_a_card_already_expired_makes_the_loan_due_at_once_and_not_before() -> None:
    """A6: FOLIO cuts even to a date before the loan; here a due date is never before the loan, and the desk is told."""
    terms = DueTerms(period=Period.parse("2 weeks"), expiry_cut=ExpiryCut.CUT_AND_MOVE_BACK)
    answer = due_date(terms, at=moment("2026-03-03 11:00"), calendar=TOWN, patron_expiry=date(2026, 2, 20))
    assert moment("2026-03-03 11:00") == answer.at
    assert ["due_date.before_loan"] == [warning.code for warning in answer.warnings]
