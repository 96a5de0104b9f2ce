"""Serials for property tests: patterns as publishers have them, with the issue at hand that the count goes on from."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from libops.catalog.serials import Frequency, Issue, NumberLevel, Regularity, SerialPattern, regularity_from

__all__ = ["issues_at_hand", "regularity_codes", "serial_patterns"]

CODES = (
    "om07",
    "om01,02",
    "cm07/08",
    "cm12/01",
    "od0229",
    "os23",
    "ow0402we",
    "pm01,03,05",
    "pd15",
    "pw02we",
    "py2028",
    "ce27/8",
    "oe29",
)


def regularity_codes() -> st.SearchStrategy[Regularity]:
    """A code of 853 $y: of dates, or of numbers at the second level."""
    return st.sampled_from(CODES).map(regularity_from)


@st.composite
def serial_patterns(draw: st.DrawFn) -> SerialPattern:
    """Volumes and numbers, or numbers alone; with regularity codes and calendar change, or without."""
    units = draw(st.none() | st.integers(2, 24))
    number = NumberLevel("no.", units, restarts=draw(st.booleans()))
    levels = draw(st.sampled_from([(NumberLevel("v."), number), (NumberLevel("no."),), ()]))
    rules = draw(st.lists(regularity_codes(), max_size=2))
    change = draw(st.sampled_from([(), ((1, 1),), ((1, 1), (7, 1))]))
    kept = tuple([rule for rule in rules if rule.level <= len(levels)])
    return SerialPattern(draw(st.sampled_from(list(Frequency))), levels, kept, change)


def issues_at_hand(pattern: SerialPattern) -> st.SearchStrategy[Issue]:
    """An issue that the count of a pattern can go on from."""
    days = st.dates(date(1999, 1, 1), date(2060, 12, 31))
    return st.builds(lambda day, first: Issue((first,) * len(pattern.levels), day), days, st.integers(1, 12))
