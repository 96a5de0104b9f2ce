"""The observer contract: told once of what was committed, of nothing else, and in nobody's way."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest

import libops
from libops.desk.operations import Operations
from libops.hooks.loader import load
from libops.testing.sample_library import sample_library

__all__ = ["ObserverContract"]

ADA, BOOK, OTHER = "21234000000017", "31234000000014", "31234000000022"


class ObserverContract:
    """Inherit, say how the plugin is made and what it has noted, and run pytest.

    `plugin(folder)` is what `libops.open(plugins=[...])` gets; `noted(folder)` is what the observer has noted so far,
    entry by entry. It must note something of a check-out.
    """

    name: ClassVar[str]

    def plugin(self, folder: Path) -> Any:
        """The plugin, working in an empty folder."""
        raise NotImplementedError

    def noted(self, folder: Path) -> Sequence[Any]:
        """What the observer has noted, in order."""
        raise NotImplementedError

    @pytest.fixture
    def ops(self, tmp_path: Path) -> Iterator[Operations]:
        """The sample library with the plugin."""
        with libops.open(plugins=[self.plugin(tmp_path)]) as opened:
            sample_library(opened)
            yield opened

    def test_101_the_plugin_is_let_in(self, tmp_path: Path) -> None:
        """It brings its observer and has nothing to complain of."""
        report = load([self.plugin(tmp_path)]).reports[-1]
        assert (True, ()) == (f"observers: {self.name}" in report.brought, report.problems)

    def test_201_it_is_told_of_what_was_done(self, ops: Operations, tmp_path: Path) -> None:
        """A check-out leaves something behind."""
        before = len(self.noted(tmp_path))
        assert ops.circulation.check_out(patron=ADA, item=BOOK)
        assert len(self.noted(tmp_path)) > before

    def test_202_it_is_told_once_and_in_order(self, ops: Operations, tmp_path: Path) -> None:
        """What was noted stays as it was, and the next comes after it."""
        assert ops.circulation.check_out(patron=ADA, item=BOOK)
        first = list(self.noted(tmp_path))
        assert ops.circulation.check_out(patron=ADA, item=OTHER)
        both = list(self.noted(tmp_path))
        assert first == both[: len(first)]
        assert len(both) > len(first)

    def test_203_a_refusal_is_not_told(self, ops: Operations, tmp_path: Path) -> None:
        """Nothing happened."""
        assert ops.circulation.check_out(patron=ADA, item=BOOK)
        before = list(self.noted(tmp_path))
        assert not ops.circulation.check_out(patron="21234000000025", item=BOOK)
        assert before == list(self.noted(tmp_path))

    def test_204_a_preview_is_not_told(self, ops: Operations, tmp_path: Path) -> None:
        """Nothing happened yet."""
        before = list(self.noted(tmp_path))
        assert ops.circulation.preview_check_out(patron=ADA, item=BOOK)
        assert before == list(self.noted(tmp_path))

    def test_205_what_a_host_rolls_back_is_not_told(self, tmp_path: Path) -> None:
        """Joined to a host's transaction, it is told when the host says that it has committed."""
        host = sqlite3.connect(tmp_path / "host.db", isolation_level=None)
        ops = libops.open(join=host, plugins=[self.plugin(tmp_path)])
        host.execute("BEGIN")
        sample_library(ops)
        ops.announce()
        host.execute("COMMIT")
        before = list(self.noted(tmp_path))
        host.execute("BEGIN")
        assert ops.circulation.check_out(patron=ADA, item=BOOK)
        host.execute("ROLLBACK")
        ops.forget()
        assert before == list(self.noted(tmp_path))
        host.execute("BEGIN")
        assert ops.circulation.check_out(patron=ADA, item=OTHER)
        assert before == list(self.noted(tmp_path))
        host.execute("COMMIT")
        host.execute("BEGIN")
        ops.announce()
        host.execute("COMMIT")
        assert len(self.noted(tmp_path)) > len(before)
        host.close()
