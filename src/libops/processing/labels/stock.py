"""Sheets and layouts that come with libops, read from data; a library adds its own beside them.

>>> shipped_sheets()["L7651"].per_page
65
>>> [block.what for block in shipped_layouts()["spine"].blocks]
['call_number_lines']
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, TypeVar

from libops.base.errors import InvalidValue
from libops.processing.labels.model import Block, LabelLayout, Sheet, Symbology

__all__ = ["layout_from", "sheet_from", "shipped_layouts", "shipped_sheets", "table"]


Made = TypeVar("Made")


def table(name: str) -> dict[str, Any]:
    """One of the tables of this package."""
    import tomllib

    return tomllib.loads(files("libops.processing.labels").joinpath(name).read_text(encoding="utf-8"))


@cache
def shipped_sheets() -> Mapping[str, Sheet]:
    """The sheets by name."""
    return MappingProxyType({row["name"]: sheet_from(row) for row in table("sheets.toml")["sheet"]})


@cache
def shipped_layouts() -> Mapping[str, LabelLayout]:
    """The layouts by name: `spine`, `pocket`, `barcode`, `patron_card`."""
    return MappingProxyType({row["name"]: layout_from(row) for row in table("layouts.toml")["layout"]})


def sheet_from(row: Mapping[str, Any]) -> Sheet:
    """A sheet from a table of a settings file. Raises `InvalidValue` for a key that is missing or unknown."""
    return _made(Sheet, {"title": row.get("name"), **row})


def layout_from(row: Mapping[str, Any]) -> LabelLayout:
    """A layout from a table of a settings file. Raises `InvalidValue` for a key that is missing or unknown."""
    more: dict[str, Any] = dict(row)
    if "symbology" in row:
        more["symbology"] = Symbology(row["symbology"])
    more["blocks"] = tuple(_made(Block, block) for block in row.get("blocks", ()))
    return _made(LabelLayout, more)


def _made(kind: Callable[..., Made], row: Mapping[str, Any]) -> Made:
    try:
        return kind(**row)
    except TypeError as wrong:
        raise InvalidValue(f"{dict(row)!r} cannot be used: {wrong}") from None
