"""The nightly run looks over a million late loans: it does so in their order, without opening the loans themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import libops
from libops.desk.settings.loading import default_settings
from libops.testing.fakes import FrozenClock
from libops.testing.sample_library import sample_library

CARD, ITEM = "21234000000017", "31234000000014"
STEPS = ("fines", "losses", "notices", "reminders")


def settings() -> dict[str, Any]:
    """Everything that time brings to a late loan."""
    plain = default_settings().canonical()
    plain["lost_policies"][plain["fallback"]["lost"]]["aged_after"] = "365 days"
    plain["reminder_policies"] = {"letters": [{"after": "7 days", "fee": "1.00 EUR"}]}
    overdue = {"template": "overdue", "trigger": "due", "timing": "after", "period": "1 day"}
    plain["notice_policies"] = {"standard": {"notices": [overdue]}}
    plain["fallback"] |= {"reminders": "letters", "notices": "standard"}
    return plain


def test_late_loans_are_looked_over_in_the_order_of_due_dates_alone(tmp_path: Path) -> None:
    """What each step asks of a late loan is carried by the order of due dates: no loan is fetched to be left alone."""
    clock = FrozenClock()
    with libops.open(f"sqlite:///{tmp_path / 'town.db'}", settings=settings(), clock=clock) as ops:
        sample_library(ops)
        assert ops.circulation.check_out(patron=CARD, item=ITEM)
        clock.forward(days=60)
        ops.run_due(clock())
        connection, asked = ops.storage.connection, list[str]()
        connection.set_trace_callback(asked.append)
        report = ops.run_due(clock(), only=STEPS)
        connection.set_trace_callback(None)
        walks = [text for text in asked if 'FROM "loan"' in text and 'ORDER BY "due"' in text]
        plans = [connection.execute(f"EXPLAIN QUERY PLAN {text}").fetchone()[-1] for text in walks]
    assert (len(STEPS), 0) == (len(walks), sum(step.acts for step in report.steps))
    assert ["SEARCH loan USING COVERING INDEX loan_by_due"] * len(STEPS) == [plan.split(" (")[0] for plan in plans]
