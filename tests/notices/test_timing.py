"""When notices are due: before and after the due date, again and again, on open days, not at night."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libops.base.calendars import Calendar, WeeklyHours
from libops.base.errors import InvalidValue
from libops.base.periods import Period
from libops.notices import Counted, Digest, Notice, NoticePolicy, OnClosedDays, Timing, Trigger, moments, send_time

TOWN = Calendar("Europe/Berlin", WeeklyHours(tuesday="10:00-18:00", thursday="10:00-18:00", saturday="10:00-14:00"))
MONDAY_NIGHT = datetime(2026, 3, 2, 22, 59, tzinfo=UTC)
"""23:59 on Monday in Berlin."""
INSTANTS = st.integers(0, 365 * 24 * 60).map(lambda minutes: MONDAY_NIGHT + timedelta(minutes=minutes))


def notice(timing: Timing, period: str, **more: object) -> Notice:
    return Notice(template="overdue", trigger=Trigger.DUE, timing=timing, period=Period.parse(period), **more)


def days(of: Notice, until: datetime = datetime(2026, 4, 30, tzinfo=UTC)) -> list[str]:
    return [f"{TOWN.local(moment):%a %d.%m. %H:%M}" for _, moment in moments(of, MONDAY_NIGHT, TOWN, until=until)]


def test_one_day_overdue_is_the_next_morning() -> None:
    """Due on Monday at 23:59, the loan is one day overdue on Tuesday, not on Wednesday."""
    assert ["Tue 03.03. 00:00"] == days(notice(Timing.AFTER, "1 day"))


def test_a_courtesy_notice_comes_the_days_before() -> None:
    """Three days before Monday is Friday."""
    assert ["Fri 27.02. 00:00"] == days(notice(Timing.BEFORE, "3 days"))


def test_open_days_only() -> None:
    """Two open days after Monday: Tuesday and Thursday count. Two before: Saturday and Thursday."""
    assert ["Thu 05.03. 00:00"] == days(notice(Timing.AFTER, "2 days", counted=Counted.OPEN_DAYS))
    assert ["Thu 26.02. 00:00"] == days(notice(Timing.BEFORE, "2 days", counted=Counted.OPEN_DAYS))


def test_hours_are_counted_from_the_instant() -> None:
    """A laptop two hours late."""
    assert ["Tue 03.03. 01:59"] == days(notice(Timing.AFTER, "2 hours"))


def test_a_notice_is_sent_again_as_often_as_the_policy_says() -> None:
    """Three times at most, a week apart; without a limit as long as time goes on."""
    thrice = notice(Timing.AFTER, "7 days", every=Period.parse("7 days"), times=3)
    assert ["Mon 09.03. 00:00", "Mon 16.03. 00:00", "Mon 23.03. 00:00"] == days(thrice)
    assert 8 == len(days(notice(Timing.AFTER, "7 days", every=Period.parse("7 days"))))


def test_a_courtesy_notice_that_recurs_ends_at_the_due_date() -> None:
    """Every day from three days before on: three of them, none on the day after."""
    daily = notice(Timing.BEFORE, "3 days", every=Period.parse("1 day"))
    assert ["Fri 27.02. 00:00", "Sat 28.02. 00:00", "Sun 01.03. 00:00", "Mon 02.03. 00:00"] == days(daily)


def test_a_notice_waits_for_the_end_of_quiet_hours() -> None:
    """Nothing between eight in the evening and eight in the morning."""
    policy = NoticePolicy(quiet_from=time(20), quiet_until=time(8))
    at = notice(Timing.AFTER, "1 day")
    for hour, minute, then in ((19, 59, "19:59"), (20, 0, "08:00"), (3, 0, "08:00"), (8, 0, "08:00")):
        moment = TOWN.instant(date(2026, 3, 3), time(hour, minute))
        assert then == f"{TOWN.local(send_time(policy, at, moment, TOWN)):%H:%M}"


def test_a_notice_waits_for_the_next_open_day() -> None:
    """Monday and Wednesday are closed; a library may send all the same."""
    wait, send = NoticePolicy(on_closed_days=OnClosedDays.NEXT_OPEN_DAY), NoticePolicy()
    at, closed = notice(Timing.AFTER, "1 day"), datetime(2026, 3, 4, 9, tzinfo=UTC)
    assert date(2026, 3, 5) == TOWN.local(send_time(wait, at, closed, TOWN)).date()
    assert closed == send_time(send, at, closed, TOWN)


def test_a_session_digest_waits_until_the_patron_has_paused() -> None:
    """Fifteen minutes after the last loan, unless the policy says otherwise."""
    upon = Notice(template="check_out", trigger=Trigger.CHECK_OUT, digest=Digest.SESSION)
    at = datetime(2026, 3, 3, 11, tzinfo=UTC)
    assert at + timedelta(minutes=15) == send_time(NoticePolicy(), upon, at, TOWN)


def test_policies_that_make_no_sense_are_refused() -> None:
    """Only what lies ahead can be announced before it happens; `times` needs `every`."""
    with pytest.raises(InvalidValue, match="only booking, certification, due, membership lie ahead"):
        Notice(template="check_in", trigger=Trigger.CHECK_IN, timing=Timing.BEFORE, period=Period.parse("1 day"))
    with pytest.raises(InvalidValue, match="how often"):
        notice(Timing.AFTER, "1 day", times=3)
    with pytest.raises(InvalidValue, match="sent once"):
        Notice(template="due", trigger=Trigger.DUE, every=Period.parse("1 day"))
    with pytest.raises(InvalidValue, match="1 or more"):
        notice(Timing.AFTER, "1 day", every=Period.parse("1 day"), times=0)
    with pytest.raises(InvalidValue, match="both"):
        NoticePolicy(quiet_from=time(20))


@given(
    st.integers(0, 30),
    st.integers(1, 10),
    st.sampled_from(Counted),
    INSTANTS,
)
def test_moments_go_forward_and_are_never_before_the_due_date(after, every, counted, due) -> None:
    """Whatever the calendar, an overdue notice comes after the due date, and the next after the one before."""
    of = notice(Timing.AFTER, f"{after} days", every=Period.parse(f"{every} days"), counted=counted)
    found = [moment for _, moment in moments(of, due, TOWN, until=due + timedelta(60))]
    assert found == sorted(set(found))
    assert all(moment >= due for moment in found)


@given(st.times(), st.times(), INSTANTS)
def test_nothing_goes_out_in_quiet_hours(start, end, moment) -> None:
    """And nothing goes out earlier than it is due."""
    policy = NoticePolicy(quiet_from=start, quiet_until=end, on_closed_days=OnClosedDays.NEXT_OPEN_DAY)
    found = send_time(policy, notice(Timing.AFTER, "1 day"), moment, TOWN)
    clock = TOWN.local(found).time()
    quiet = start <= clock < end if start < end else (clock >= start or clock < end) and start != end
    assert found >= moment
    # The spring change may skip the very minute at which quiet hours end.
    assert not quiet or TOWN.local(found).date() in (date(2026, 3, 29), date(2026, 10, 25))
