"""What time brings to loans: automatic renewals, and due dates set by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

import libops
from libops.base.decisions import Override
from libops.circulation.model import Loan
from libops.desk.circulation import sweeps as loan_sweeps
from libops.desk.settings.loading import default_settings
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.sample_library import sample_library

ADA, BEN, BOOK, OTHER, DISC = "21234000000017", "21234000000025", "31234000000014", "31234000000022", "31234000000030"


@pytest.fixture
def ops():
    """The sample library with automatic renewals of books; Ada has two books and a film, Ben has none."""
    plain = default_settings().canonical()
    plain["loan_policies"]["four-weeks"]["renewals"] = {"count": 2, "automatic": {"debt_limit": "5.00 EUR"}}
    with libops.open(settings=plain, clock=FrozenClock(), ids=CountingIds()) as ops:
        sample_library(ops)
        for item in (BOOK, OTHER, DISC):
            assert ops.circulation.check_out(patron=ADA, item=item)
        yield ops


def codes(answer) -> list[str]:
    """The codes of a refusal."""
    return [reason.code for reason in answer.reasons]


def dues(ops) -> dict[str, date]:
    """The day on which each item is due."""
    return {ops.items.get(loan.item_id).barcode: loan.due.date() for loan in every(ops.storage, kind_of(Loan))}


def test_the_night_before_nothing_is_renewed(ops) -> None:
    """Due on 31 March: on the 30th the run leaves the books alone, and reports nothing."""
    ops.clock.forward(days=27)
    report = ops.loan_sweeps.renew_automatically()
    assert (0, ()) == (report.done, report.refused)


def test_on_the_due_date_books_are_renewed_once(ops) -> None:
    """Four weeks more for both books; the film has no automatic renewals; a second run finds nothing to do."""
    ops.clock.forward(days=28)
    report = ops.loan_sweeps.renew_automatically()
    assert (2, ()) == (report.done, report.refused)
    assert {BOOK: date(2026, 4, 28), OTHER: date(2026, 4, 28), DISC: date(2026, 3, 17)} == dues(ops)
    assert [1, 1] == [ops.circulation.loan_of(item).automatic_renewals for item in (BOOK, OTHER)]
    assert 0 == ops.loan_sweeps.renew_automatically().done
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_a_refusal_is_reported_with_its_reasons(ops) -> None:
    """Ada owes more than five euros: both books are named, with the debt as the reason."""
    ops.clock.forward(days=28)
    assert ops.fees.charge(patron=ADA, amount="5.01 EUR")
    report = ops.loan_sweeps.renew_automatically()
    assert 0 == report.done
    assert [["patron.debt_limit"]] * 2 == [codes(refusal) for refusal in report.refused]


def test_a_run_that_stops_goes_on_where_it_stopped(ops, monkeypatch) -> None:
    """Page by page: what the first part looked at, the second does not."""
    monkeypatch.setattr(loan_sweeps, "PAGE", 1)
    ops.clock.forward(days=28)
    first = ops.loan_sweeps.renew_automatically(most=2)
    assert (2, 1) == (first.looked_at, first.done)
    rest = ops.loan_sweeps.renew_automatically(after=first.after)
    assert (1, None) == (rest.done, rest.after)


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_a_due_date_set_by_hand_needs_a_right_and_a_reason(ops) -> None:
    """Until the exam: with the right it is set, and the log says who and why; the past is out of the question."""
    exam = datetime(2026, 5, 29, 21, 59, tzinfo=UTC)
    named = Override(["loan.due_by_hand"], "ruth", "exam in May")
    assert ["loan.due_by_hand"] == codes(ops.circulation.change_due(item=BOOK, due=exam, override=named))
    right = Override(["loan.due_by_hand"], "ruth", "exam in May", ["loan.change_due"])
    assert exam == ops.circulation.change_due(item=BOOK, due=exam, override=right).result.due
    past = ops.clock() - timedelta(days=1)
    assert ["loan.due_in_past"] == codes(ops.circulation.change_due(item=BOOK, due=past, override=right))
    assert "exam in May" == [logged.event.why for logged in ops.events if hasattr(logged.event, "why")][-1]
