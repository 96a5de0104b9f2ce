"""What the contracts of plugins share: the plugin is let in, brings what it should, and complains of nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from libops.hooks.loader import load

__all__ = ["LetsIn"]


class LetsIn:
    """`plugins` are what `libops.open(plugins=...)` gets, `name` what the plugin brings, `shelf` where it is kept."""

    plugins: ClassVar[Sequence[Any]] = ()
    name: ClassVar[str]
    shelf: ClassVar[str]

    def test_101_the_plugin_is_let_in(self) -> None:
        """It brings what it is named for and has nothing to complain of."""
        reports = load(self.plugins).reports
        assert [()] == [report.problems for report in reports if f"{self.shelf}: {self.name}" in report.brought]
        assert [] == [report for report in reports if report.problems]
