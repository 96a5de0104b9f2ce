"""The words of reports: asked for by name, with their facts; in English unless the caller brings another language.

>>> english("collection.total", items=12, titles=10)
'12 items, 10 titles'
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Protocol

__all__ = ["Say", "columns", "english", "english_words"]


class Say(Protocol):
    """Words in some language: `say("stocktake.title", name="Spring")`."""

    def __call__(self, key: str, /, **facts: object) -> str: ...


@cache
def english_words() -> Mapping[str, str]:
    """Every word of a report by its name, in English, with its facts in braces."""
    import tomllib

    found: dict[str, str] = tomllib.loads(
        files("libops.inventory.report").joinpath("english.toml").read_text(encoding="utf-8")
    )
    return found


def english(key: str, /, **facts: object) -> str:
    """A word of a report in English."""
    return english_words()[key].format_map(facts)


def columns(say: Say, *names: str) -> tuple[str, ...]:
    """The headings of columns."""
    return tuple(say(f"column.{name}") for name in names)
