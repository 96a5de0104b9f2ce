"""Words for people, made from reason codes: one file a language, beside this module.

A template names the facts of a reason in braces; what stands in brackets is left out where one of its facts is empty. A
language without a code falls back to English, and a code
without words shows itself with its facts, so that nothing is ever lost. The words of reports, and of receipts, slips
and statements, stand in the same files, under `report.`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from libops.base.decisions import Reason
from libops.base.errors import NotFound
from libops.base.spoken import english_of

__all__ = ["REPORTS", "Words", "languages", "read_by"]

REPORTS = ("libops.equipment", "libops.inventory.report", "libops.fees", "libops.desk")
"""Where the English words of reports are, and of what is printed."""

OPTIONS = frozenset({"state", "act", "scope", "run", "looks_like"})
"""Facts whose values are options of the program and have words of their own, in `options/`."""


@cache
def table(language: str) -> dict[str, str]:
    import tomllib

    text = files(__name__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    found: dict[str, str] = tomllib.loads(text)
    return found


@cache
def in_english() -> dict[str, str]:
    """The words of all reports in English; the rooms keep them beside their reports."""
    return {key: word for package in REPORTS for key, word in english_of(package).items()}


@cache
def options(language: str) -> dict[str, dict[str, str]]:
    """What a language calls the values of facts that are options of the program: states, acts."""
    import tomllib

    place = files(__name__).joinpath("options", f"{language}.toml")
    found: dict[str, dict[str, str]] = tomllib.loads(place.read_text(encoding="utf-8")) if place.is_file() else {}
    return found


@cache
def languages() -> tuple[str, ...]:
    """The languages there are words in."""
    return tuple(sorted(f.name.removesuffix(".toml") for f in files(__name__).iterdir() if f.name.endswith(".toml")))


@cache
def read_by(wanted: str, library: str) -> str:
    """The language to print in: the reader's as `Patron.language` has it, else the library's, else English.

    >>> read_by("de-AT", "fr"), read_by("pl", "fr"), read_by("", "fr")
    ('de', 'fr', 'fr')
    """
    tags = (wanted, wanted.partition("-")[0], library)
    return next((tag for tag in tags if tag in languages()), "en")


class Words:
    """Reasons in one language, with times as the library's clocks show them."""

    def __init__(self, language: str, zone: tzinfo) -> None:
        if language not in languages():
            raise NotFound(f"no words in {language!r}; there are {', '.join(languages())}")
        self.language = language
        self.zone = zone

    def text(self, reason: Reason) -> str:
        """What a reason says."""
        template = table(self.language).get(reason.code) or table("en").get(reason.code)
        if template is None:
            return str(reason)
        facts = {name: self.named(name, value) for name, value in reason.data.items()}

        def where_known(part: re.Match[str]) -> str:
            return part[1] if all(facts[name] for _, name, _, _ in Formatter().parse(part[1]) if name) else ""

        try:
            return re.sub(r"\[(.*?)\]", where_known, template).format_map(facts)
        except (KeyError, IndexError, ValueError):
            return str(reason)

    def report(self, key: str, /, **facts: object) -> str:
        """What a report calls something, in this language; see `libops.base.spoken`."""
        template = table(self.language).get(f"report.{key}") or in_english()[key]
        return template.format_map({name: self.shown(value) for name, value in facts.items()})

    def named(self, name: str, value: Any) -> str:
        """A fact in words: an option by its name in the language, in English by its own."""
        if name in OPTIONS and isinstance(value, str):
            known = options(self.language).get(name, {}).get(value)
            return known or value.replace("_", " ").replace("-", " ")
        return self.shown(value)

    def shown(self, value: Any) -> str:
        """A fact as people read it: times in the library's zone, without seconds."""
        if isinstance(value, datetime):
            return value.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, tuple | list | set | frozenset):
            return ", ".join(map(self.shown, value))
        return str(value)
