"""A11: a calendar that changes moves open loans where their policy asks for it, however their due date was counted."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

import libops

ANEW = "recompute-open-loans-on-calendar-change"


def holiday(here, *days: date) -> None:
    """The library puts holidays into its calendar; the nightly run by the new settings."""
    here.settings["calendars"]["tuesday-to-saturday"] |= {"special": [{"first": day} for day in days]}
    later = libops.open(settings=here.settings, clock=here.clock, library="MAIN")
    later.storage = later.shell.storage = later.shell.calendars.storage = here.ops.storage
    later.run_due(only=["calendar"])


@pytest.mark.parametrize("renew_from", ["due-date", "now"])
@pytest.mark.parametrize("times", [0, 1, 3])
def test_a_loan_moves_however_often_it_was_renewed(town, renew_from, times) -> None:
    """One week and renewals of two, none, one or three, counted from the old due date or from the renewal: the due day
    is a holiday."""
    renewals = {"count": 3, "period": "2 weeks", "renew_from": renew_from}
    due = {"period": "1 week", "on_calendar_change": ANEW}
    here = town(loan_policies={"standard": {"due": due, "renewals": renewals}})
    assert here.lend("book")
    for _ in range(times):
        here.clock.forward(days=1)
        assert here.renew("book")
    before = date.fromisoformat(here.due("book")[:10])
    holiday(here, before)
    after = date.fromisoformat(here.due("book")[:10])
    assert (before.toordinal(), True) == (after.toordinal() - (3 if before.weekday() == 5 else 1), after > before)


def test_a_renewed_loan_that_staff_has_set_stays(town) -> None:
    """The chain of renewals does not lead to this date: a person has set it, and it stays on the holiday."""
    renewals = {"count": 3, "period": "2 weeks", "renew_from": "due-date"}
    due = {"period": "1 week", "on_calendar_change": ANEW}
    here = town(loan_policies={"standard": {"due": due, "renewals": renewals}})
    assert here.lend("book")
    assert here.renew("book")
    by_hand = here.allow("loan.due_by_hand", right="loan.change_due")
    day = datetime(2026, 4, 1, 15, tzinfo=UTC)
    assert here.ops.circulation.change_due(item="31234000000014", due=day, override=by_hand)
    holiday(here, date(2026, 4, 1))
    assert "2026-04-01" == here.due("book")[:10]


def test_a_renewal_from_a_date_that_staff_had_set(town) -> None:
    """Set by hand to the 20th, then renewed from there by two weeks: what it was counted from is known; it moves."""
    renewals = {"count": 3, "period": "2 weeks", "renew_from": "due-date"}
    due = {"period": "1 week", "on_calendar_change": ANEW}
    here = town(loan_policies={"standard": {"due": due, "renewals": renewals}})
    assert here.lend("book")
    by_hand = here.allow("loan.due_by_hand", right="loan.change_due")
    day = datetime(2026, 3, 20, 15, tzinfo=UTC)
    assert here.ops.circulation.change_due(item="31234000000014", due=day, override=by_hand)
    assert here.renew("book")
    assert "2026-04-03" == here.due("book")[:10]
    holiday(here, date(2026, 4, 3))
    assert "2026-04-04" == here.due("book")[:10]


def test_a_loan_made_by_an_announced_closing_moves_on(town) -> None:
    """Due on the 24th because the week before is closed, as was announced; the 24th then becomes a holiday."""
    here = town(loan_policies={"standard": {"due": {"period": "2 weeks", "on_calendar_change": ANEW}}})
    closing = here.ops.closings.announce("MAIN", date(2026, 3, 17), date(2026, 3, 21))
    here.ops.closings.apply(closing, why="burst pipe")
    here.clock.forward(minutes=1)
    assert here.lend("book")
    assert "2026-03-24" == here.due("book")[:10]
    holiday(here, date(2026, 3, 24))
    assert "2026-03-25" == here.due("book")[:10]
