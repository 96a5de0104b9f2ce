"""A library day in any order, on every store that comes with libops."""

from __future__ import annotations

import shutil
import tempfile

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from libops.testing.library_day import LibraryDay

DAY = settings(
    max_examples=max(120, settings().max_examples),
    stateful_step_count=30,
    suppress_health_check=[HealthCheck.too_slow],
    deadline=None,
)


class SqliteDay(LibraryDay):
    """The same day in a file."""

    def url(self) -> str:
        self.folder = tempfile.mkdtemp()
        return f"sqlite:///{self.folder}/library.db"

    def teardown(self) -> None:
        super().teardown()
        if self.ready():
            shutil.rmtree(self.folder)


COMMON = {
    "fined",
    "item.not_on_loan",
    "item.on_loan",
    "item.on_loan_to_patron",
    "item.damaged",
    "policy.on_site_only",
    "patron.expired",
    "patron.restricted",
    "patron.debt_limit",
    "patron.overdue_limit",
    "loan.limit_reached",
    "item.in_transit",
    "recall.none_out",
    "charge.open_less",
    "renewal.limit_reached",
    "renewal.not_on_loan",
    "payment.exceeds_debt",
}
"""What a desk says every day; a day on which none of it is said would prove little."""


def test_a_library_day_in_memory() -> None:
    """Everything holds, whatever the order, and every common reason was given to somebody."""
    LibraryDay.heard.clear()
    run_state_machine_as_test(LibraryDay, settings=DAY)
    assert set() == COMMON - set(LibraryDay.heard), dict(LibraryDay.heard.most_common())


TestSqliteDay = SqliteDay.TestCase
TestSqliteDay.settings = settings(DAY, max_examples=10)
