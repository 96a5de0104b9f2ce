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

__all__ = ["at_least_one", "at_least_zero"]


def at_least_zero(instance: object, attribute: Attribute[Any], value: int | None) -> None:
    """Raises `InvalidValue` for a number below 0."""
    if value is not None and value < 0:
        raise InvalidValue(f"{attribute.name} = {value} is below 0: write 0 for none at all, or leave it out")


def at_least_one(instance: object, attribute: Attribute[Any], value: int | None) -> None:
    """Raises `InvalidValue` for a number below 1."""
    if value is not None and value < 1:
        raise InvalidValue(f"{attribute.name} = {value} is below 1: write 1 or more, or leave it out")
