"""A library day in any order, on every store that comes with libops."""

from __future__ import annotations

import shutil
import tempfile

from hypothesis import HealthCheck, settings

from libops.testing.library_day import LibraryDay

DAY = settings(max_examples=25, stateful_step_count=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)


class SqliteDay(LibraryDay):
    """The same day in a file."""

    def url(self) -> str:
        self.folder = tempfile.mkdtemp()
        return f"sqlite:///{self.folder}/library.db"

    def teardown(self) -> None:
        super().teardown()
        if self.ready():
            shutil.rmtree(self.folder)


TestLibraryDay = LibraryDay.TestCase
TestLibraryDay.settings = DAY
TestSqliteDay = SqliteDay.TestCase
TestSqliteDay.settings = settings(DAY, max_examples=10)
