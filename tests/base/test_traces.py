"""A decision says in words how it came about, at a prompt, in a terminal and in a notebook."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files

import pytest

import libops
from libops.base.decisions import Permit, Reason, Refuse, Trace, Weight

CARD, LABEL = "21234000000017", "31234000002319"


@pytest.fixture(scope="module")
def desk():
    sample = files("libops.cli").joinpath("sample", "catalog.mrc").read_bytes()
    with libops.open(clock=lambda: datetime(2026, 3, 3, 9, tzinfo=UTC)) as ops:
        begin = sample.rindex(b"\x1d", 0, sample.index(LABEL.encode())) + 1
        ops.catalog.import_marc(sample_file(sample[begin : sample.index(b"\x1d", begin) + 1]))
        ops.patrons.register(name="Mendoza, Rosa", category="adult", card=CARD)
        yield ops.circulation


def sample_file(records: bytes):
    from io import BytesIO

    return BytesIO(records)


def test_a_due_date_is_told_step_by_step(desk) -> None:
    """Which rule won and why the others did not, what was asked, and each step, in the library's own time."""
    told = str(desk.preview_check_out(patron=CARD, item=LABEL, explain=True).trace)
    assert "  won   fallback: no rule matches" in told
    assert "  lost  children: patron_category is adult, the rule asks for child" in told
    assert "  period  Tue 2026-03-03 10:00 becomes Tue 2026-03-31 23:59 (4 weeks from Tuesday 2026-03-03 10:00)" in told
    assert max(map(len, told.splitlines())) <= 100


def test_a_check_that_failed_says_why_in_words(desk) -> None:
    """In the trace as in the refusal."""
    assert desk.check_out(patron=CARD, item=LABEL)
    refused = desk.check_out(patron=CARD, item=LABEL, explain=True)
    words = "The patron has this item already, due 2026-03-31 23:59: renew it instead."
    assert f"No: {words}  [item.on_loan_to_patron]" == str(refused)
    assert f"  failed   on loan: {words}" in str(refused.trace)
    assert words in refused._repr_html_()


def test_a_notebook_shows_the_receipt_and_below_it_the_trace_that_was_asked_for(desk) -> None:
    """Unasked, the receipt stands alone."""
    told, plain = (desk.preview_check_in(item=LABEL, explain=explain) for explain in (True, False))
    receipt = plain.result._repr_html_()
    assert receipt == plain._repr_html_()
    shown = told._repr_html_()
    assert shown.startswith(receipt)
    assert all(check.name in shown.removeprefix(receipt) for check in told.trace.checks)


def test_titles_cannot_break_a_notebook() -> None:
    """What stands in a reason comes from outside: it is shown, and never run."""
    reason = Reason("item.on_loan", Weight.ABSOLUTE, text="<script>alert(1)</script> is out")
    assert "<script>" not in Refuse((reason,))._repr_html_()
    assert "&lt;script&gt;" in Refuse((reason,))._repr_html_()


def test_a_result_that_shows_nothing_leaves_it_to_the_notebook() -> None:
    """A patron's record has no card of its own; an empty trace has nothing to say."""
    assert Permit("Rosa")._repr_html_() is None
    assert ("", "Rosa") == (str(Trace()), str(Permit("Rosa")))
