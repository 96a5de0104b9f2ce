"""Loans as lines of a CSV file, for statistics: without patrons, without titles."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from libops.base.events import Event
from libops.circulation.events import ItemCheckedIn, ItemCheckedOut, LoanRenewed
from libops.hooks import Observer, hookimpl

__all__ = ["COLUMNS", "StatisticsCsv", "libops_observers"]

COLUMNS = ("at", "act", "library", "item_type", "patron_category", "on_site")
PATH = "LIBOPS_STATISTICS_CSV"
"""The environment variable that names the file, for a plugin that is discovered and cannot be asked."""


class StatisticsCsv:
    """Writes to one file; it is made, with a line of column names, when the first loan comes."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def notify(self, events: Sequence[Event]) -> None:
        """Add a line for each event that is about a loan."""
        rows = list(rows_of(events))
        if not rows:
            return
        with self.path.open("a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            if file.tell() == 0:
                writer.writerow(COLUMNS)
            writer.writerows(rows)

    @hookimpl
    def libops_observers(self) -> Iterable[Observer]:
        """Hand over this observer."""
        return [Observer("statistics_csv", self.notify)]


def rows_of(events: Iterable[Event]) -> Iterator[tuple[str, ...]]:
    for event in events:
        at = event.at.isoformat(timespec="seconds")
        match event:
            case ItemCheckedOut():
                loan = event.loan
                yield at, "check_out", loan.library, loan.item_type, loan.patron_category, yes(loan.on_site)
            case LoanRenewed():
                yield at, "renew", "", "", "", ""
            case ItemCheckedIn():
                yield at, "check_in", event.library, "", "", yes(event.on_site)


def yes(flag: bool) -> str:
    return "yes" if flag else ""


@hookimpl
def libops_observers() -> Iterable[Observer]:
    path = os.environ.get(PATH)
    return [] if path is None else StatisticsCsv(path).libops_observers()
