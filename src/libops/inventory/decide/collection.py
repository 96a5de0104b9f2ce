"""The collection report: age, turnover and depth by class range."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date
from statistics import median_low

from libops.base.errors import InvalidValue
from libops.inventory.model import AGE_BANDS, CollectionReport, ConspectusRange, RangeReport, WeedingItem

__all__ = ["collection_report"]


def _count(name: str, items: Sequence[WeedingItem], since: date, on: date, line: ConspectusRange | None) -> RangeReport:
    bands = [0] * (len(AGE_BANDS) + 2)
    years = [one.published for one in items if one.published is not None]
    for year in years:
        bands[bisect_left(AGE_BANDS, on.year - year)] += 1
    bands[-1] = len(items) - len(years)
    return RangeReport(
        name=name,
        call_numbers=line.call_numbers if line else "",
        level=line.level if line else None,
        goal=line.goal if line else None,
        items=len(items),
        titles=len({one.title_key for one in items}),
        bands=tuple(bands),
        median_year=median_low(years) if years else None,
        uses=sum(one.uses for one in items),
        unused=sum(1 for one in items if one.uses == 0),
        added=sum(1 for one in items if one.acquired is not None and since <= one.acquired <= on),
    )


def collection_report(
    items: Iterable[WeedingItem], ranges: Sequence[ConspectusRange], *, since: date, on: date
) -> CollectionReport:
    """Count a collection by class range.

    `uses` of the items are those from `since` to `on`. Ranges may lie inside each other, as conspectus divisions and
    their subjects do; an item counts in each that holds it. Raises `InvalidValue` when the span runs backward.
    """
    if since > on:
        raise InvalidValue(f"from {since} to {on} runs backward: give the earlier day first")
    everything = list(items)
    by_line: list[list[WeedingItem]] = [[] for _ in ranges]
    outside = []
    for one in everything:
        held = [mine for line, mine in zip(ranges, by_line, strict=True) if one.item.sort_key in line.keys]
        for mine in held:
            mine.append(one)
        if not held:
            outside.append(one)
    return CollectionReport(
        since=since,
        on=on,
        ranges=tuple(_count(line.name, mine, since, on, line) for line, mine in zip(ranges, by_line, strict=True)),
        outside=_count("outside all ranges", outside, since, on, None),
        total=_count("collection", everything, since, on, None),
    )
