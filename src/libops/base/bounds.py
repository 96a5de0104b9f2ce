"""Bounds of the numbers in records and policies, as validators of their fields: None is no number, and passes.

>>> from attrs import field, frozen
>>> @frozen
... class Limit:
...     items_out: int | None = field(default=None, validator=at_least_zero)
>>> Limit(0), Limit()
(Limit(items_out=0), Limit(items_out=None))
>>> Limit(-1)
Traceback (most recent call last):
...
libops.base.errors.InvalidValue: items_out = -1 is below 0: write 0 for none at all, or leave it out
"""

from __future__ import annotations

from typing import Any

from attrs import Attribute

from libops.base.errors import InvalidValue
from libops.base.money import Money

__all__ = ["amount_at_least_zero", "at_least_one", "at_least_zero", "money_at_least_zero", "not_below"]

HOW_TO_WRITE = {0: "write 0 for none at all, or leave it out", 1: "write 1 or more, or leave it out"}


def at_least_zero(instance: object, attribute: Attribute[Any], value: int | None) -> None:
    """Raises `InvalidValue` for a number below 0."""
    not_below(0, attribute.name, value)


def at_least_one(instance: object, attribute: Attribute[Any], value: int | None) -> None:
    """Raises `InvalidValue` for a number below 1."""
    not_below(1, attribute.name, value)


def money_at_least_zero(instance: object, attribute: Attribute[Any], value: Money | None) -> None:
    """Raises `InvalidValue` for an amount below 0."""
    amount_at_least_zero(attribute.name, value)


# A log is read forever: what earlier versions let into it is bounded where it is decided, not where it is read.


def not_below(least: int, name: str, value: int | None) -> None:
    """Raises `InvalidValue` for a number below 0 or 1, `least`."""
    if value is not None and value < least:
        raise InvalidValue(f"{name} = {value} is below {least}: {HOW_TO_WRITE[least]}")


def amount_at_least_zero(name: str, value: Money | None) -> None:
    """Raises `InvalidValue` for an amount below 0."""
    if value is not None and value.amount < 0:
        raise InvalidValue(f"{name} of {value}: give 0 or more")
