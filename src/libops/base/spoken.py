"""The words of reports: asked for by name, with their facts, in whatever language the caller brings.

A room keeps its English beside its reports, in `english.toml`; other languages stand with the words of the desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Protocol

__all__ = ["Say", "columns", "english_of"]


class Say(Protocol):
    """Words in some language: `say("stocktake.title", name="Spring")`."""

    def __call__(self, key: str, /, **facts: object) -> str: ...


@cache
def english_of(package: str) -> Mapping[str, str]:
    """Every word of a package's reports by its name, in English, with its facts in braces.

    >>> english_of("libops.inventory.report")["collection.total"]
    '{items} items, {titles} titles'
    """
    import tomllib

    found: dict[str, str] = tomllib.loads(files(package).joinpath("english.toml").read_text(encoding="utf-8"))
    return found


def columns(say: Say, *names: str) -> tuple[str, ...]:
    """The headings of columns."""
    return tuple(say(f"column.{name}") for name in names)
