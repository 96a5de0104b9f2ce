"""Weeding rules as data: by class range, how old, how long unused, how many copies, how worn; and what guards an item.

A rule may be written as CREW writes it, `years since publication / years without use / MUSTIE`, with X for a factor
that does not apply (CREW: A Weeding Manual for Modern Libraries, Texas State Library). The numbers are the library's.

>>> rule = WeedingRule.crew("computers", "3/X/MUSTIE")
>>> rule.age, rule.unused, rule.mustie
(3, None, True)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import Enum
from typing import Any

from attrs import field, frozen

from libops.base.decisions import RuleConsidered
from libops.base.errors import InvalidValue
from libops.base.periods import add_months
from libops.classification import KeyRange
from libops.inventory.model import (
    Condition,
    Disposal,
    ShelfItem,
    WeedingFactor,
    WeedingItem,
    WeedingReason,
    WithdrawalStep,
)

__all__ = [
    "FactorsNeeded",
    "LastCopyGuard",
    "UnknownAge",
    "WeedingRule",
    "WeedingTerms",
    "copies_guarded",
    "find_rule",
    "reasons_to_weed",
    "uses_counted_since",
]


class FactorsNeeded(Enum):
    """How many of a rule's factors make a candidate."""

    ANY = "any"
    """One is enough, as CREW reads its formulas ("and/or")."""
    ALL = "all"
    """All that the rule names; a cautious library's choice."""


class UnknownAge(Enum):
    """What an item without a year of publication, or without any date of use, counts as."""

    NOT_OLD = "not_old"
    """What is not known speaks for nothing."""
    OLD = "old"
    """Undated items are looked at too."""


class LastCopyGuard(Enum):
    """Where the last copy of a title is guarded."""

    OFF = "off"
    LIBRARY = "library"
    """The last one in the library that owns it."""
    SYSTEM = "system"
    """The last one in all libraries of the system."""
    NETWORK = "network"
    """The last one in the network or region: the guard of a last copy agreement."""


def _years(rule: object, attribute: object, value: int | None) -> None:
    if value is not None and value < 0:
        raise InvalidValue(f"{getattr(attribute, 'name', 'years')} {value} is below 0: give years, or None for X")


@frozen(kw_only=True)
class WeedingRule:
    """One row of a weeding table: which items it is for, and from when on they are candidates.

    `age` is years since publication, `unused` years without use, `copies` how many copies are enough, `condition` the
    best one that already counts; each None does not apply. `keep` marks items that are never candidates. Empty
    `locations` and `item_types` are any.
    """

    name: str
    keys: KeyRange | None = None
    call_numbers: str = ""
    locations: tuple[str, ...] = ()
    item_types: tuple[str, ...] = ()
    age: int | None = field(default=None, validator=_years)
    unused: int | None = field(default=None, validator=_years)
    copies: int | None = field(default=None, validator=_years)
    condition: Condition | None = None
    mustie: bool = False
    keep: bool = False
    note: str = ""

    @classmethod
    def crew(cls, name: str, formula: str, **rest: Any) -> WeedingRule:
        """A rule from a formula such as `5/3/MUSTIE`, `X/2` or `3/X/X`; raises `InvalidValue` for another text."""
        parts = [part.strip().upper() for part in formula.split("/")]
        third = parts[2] if len(parts) == 3 else "X"
        years = parts[:2]
        if len(parts) not in (2, 3) or third not in ("MUSTIE", "X") or any(not _is_years(one) for one in years):
            raise InvalidValue(
                f"{formula!r} is no CREW formula: write years/years/MUSTIE with X for what does not apply"
            )
        age, unused = (None if one == "X" else int(one) for one in years)
        return cls(name=name, age=age, unused=unused, mustie=third == "MUSTIE", **rest)

    @property
    def formula(self) -> str:
        """The rule as CREW would write it."""
        years = ("X" if one is None else str(one) for one in (self.age, self.unused))
        return "/".join([*years, "MUSTIE" if self.mustie else "X"])

    def why_not_for(self, item: ShelfItem) -> str:
        """Why the rule is not for an item; empty when it is."""
        if self.keys is not None and item.sort_key not in self.keys:
            return f"{item.call_number} is outside {self.call_numbers or 'the range'}"
        if self.locations and item.location not in self.locations:
            return f"location {item.location or 'unknown'} is not among {', '.join(self.locations)}"
        if self.item_types and item.item_type not in self.item_types:
            return f"item type {item.item_type or 'unknown'} is not among {', '.join(self.item_types)}"
        return ""


def _is_years(text: str) -> bool:
    return text == "X" or (text.isascii() and text.isdigit())


USUAL_STEPS = (WithdrawalStep.LABEL_REMOVED, WithdrawalStep.RECORD_SUPPRESSED)


@frozen(kw_only=True)
class WeedingTerms:
    """How a library weeds: its table (the first rule that is for an item counts), its guards, its way of working.

    `steps` must be done before disposal; `ways` are those allowed, empty for all. With `second_person` nobody decides
    on their own proposal. An item that was kept is not proposed again for `keep_years`.
    """

    rules: tuple[WeedingRule, ...] = ()
    factors_needed: FactorsNeeded = FactorsNeeded.ANY
    unknown_age: UnknownAge = UnknownAge.NOT_OLD
    last_copy: LastCopyGuard = LastCopyGuard.SYSTEM
    steps: tuple[WithdrawalStep, ...] = USUAL_STEPS
    ways: tuple[Disposal, ...] = ()
    second_person: bool = False
    keep_years: int = field(default=1, validator=_years)


def uses_counted_since(on: date) -> date:
    """From which day on the uses of an item count, looked at on a day: those of a year (365 days).

    >>> str(uses_counted_since(date(2026, 3, 2)))
    '2025-03-02'
    """
    return on - timedelta(days=365)


def find_rule(item: ShelfItem, terms: WeedingTerms) -> tuple[WeedingRule | None, tuple[RuleConsidered, ...]]:
    """The first rule of the table that is for an item, and why each rule before it was not."""
    considered = []
    for rule in terms.rules:
        why_not = rule.why_not_for(item)
        considered.append(RuleConsidered(rule.name, not why_not, rule.formula, why_not or "first rule for this item"))
        if not why_not:
            return rule, tuple(considered)
    return None, tuple(considered)


def _is_old(found: WeedingItem, rule: WeedingRule, terms: WeedingTerms, on: date) -> WeedingReason | None:
    if rule.age is None:
        return None
    limit = f"more than {rule.age} years since publication"
    if found.published is None:
        return WeedingReason(WeedingFactor.AGE, "year unknown", limit) if terms.unknown_age is UnknownAge.OLD else None
    years = on.year - found.published
    return WeedingReason(WeedingFactor.AGE, f"published {found.published}", limit) if years > rule.age else None


def _is_unused(found: WeedingItem, rule: WeedingRule, terms: WeedingTerms, on: date) -> WeedingReason | None:
    """An item never used counts from the day it came: it cannot be unused for longer than it is here."""
    if rule.unused is None:
        return None
    limit = f"more than {rule.unused} years without use"
    since = found.last_used or found.acquired
    if since is None:
        return (
            WeedingReason(WeedingFactor.DISUSE, "use unknown", limit) if terms.unknown_age is UnknownAge.OLD else None
        )
    what = f"last used {since}" if found.last_used else f"never used since {since}"
    return WeedingReason(WeedingFactor.DISUSE, what, limit) if since < add_months(on, -12 * rule.unused) else None


def _others(found: WeedingItem, rule: WeedingRule) -> list[WeedingReason]:
    """Too many copies, too worn, or something that somebody saw."""
    reasons = []
    copies = found.copies_in_library
    if rule.copies is not None and copies is not None and copies > rule.copies:
        reasons.append(WeedingReason(WeedingFactor.COPIES, f"{copies} copies", f"{rule.copies} are enough"))
    if rule.condition is not None and found.condition is not None and found.condition.rank >= rule.condition.rank:
        reasons.append(
            WeedingReason(WeedingFactor.CONDITION, found.condition.value, f"{rule.condition.value} or worse")
        )
    if rule.mustie and found.mustie:
        seen = ", ".join(one.value for one in found.mustie)
        reasons.append(WeedingReason(WeedingFactor.MUSTIE, seen, "any of MUSTIE"))
    return reasons


def reasons_to_weed(found: WeedingItem, rule: WeedingRule, terms: WeedingTerms, on: date) -> tuple[WeedingReason, ...]:
    """What speaks for weeding an item by a rule; empty when it is not a candidate."""
    if rule.keep:
        return ()
    first: Sequence[WeedingReason | None] = (_is_old(found, rule, terms, on), _is_unused(found, rule, terms, on))
    reasons = (*(reason for reason in first if reason is not None), *_others(found, rule))
    named = sum(one is not None for one in (rule.age, rule.unused, rule.copies, rule.condition)) + rule.mustie
    if terms.factors_needed is FactorsNeeded.ALL and len(reasons) < named:
        return ()
    return reasons


def copies_guarded(found: WeedingItem, terms: WeedingTerms) -> int | None:
    """How many copies there are where the library guards the last one; None when that is not known."""
    match terms.last_copy:
        case LastCopyGuard.LIBRARY:
            return found.copies_in_library
        case LastCopyGuard.SYSTEM:
            return found.copies_in_system
        case _:
            return found.copies_in_network
