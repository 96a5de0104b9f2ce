"""What settings leave to be filled in: names of rules and profiles, rules that came as text, calendars."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import evolve

from libops.base.calendars import Calendar
from libops.base.errors import SettingsError
from libops.base.ids import LibraryCode
from libops.circulation.policy.rules import parse_rules
from libops.desk.settings.organization import inherited

if TYPE_CHECKING:
    from libops.desk.settings.lending import LendingSettings

__all__ = ["calendars_of", "readable_part", "with_names", "written_out"]


def with_names(plain: dict[str, Any]) -> dict[str, Any]:
    """What is in a list is called by its place, what is in a table by its name."""
    plain = with_rule_ids(plain)
    for group, table in (("catalog", "profiles"), ("labels", "sheets"), ("labels", "layouts")):
        plain = with_table_names(plain, group, table)
    return plain


def readable_part(plain: Any, problems: tuple[str, ...], path: str) -> Any:
    """What is left of settings without the values that have problems; None where that is nothing."""
    inside = tuple(problem for problem in problems if problem.startswith((f"{path}.", f"{path}[")))
    if any(problem.startswith(f"{path}: ") for problem in problems):
        return None
    if not inside:
        return plain
    if not isinstance(plain, Mapping):
        parts = [readable_part(part, inside, f"{path}[{place}]") for place, part in enumerate(plain)]
        return None if None in parts else parts
    paths = {key: f"{path}.{key}" for key in plain}
    at_keys = tuple(f"{each}{mark}" for each in paths.values() for mark in ".[:")
    if not all(problem.startswith(at_keys) for problem in inside):
        return None  # a key that is missing
    left = {key: readable_part(part, inside, paths[key]) for key, part in plain.items()}
    return {key: part for key, part in left.items() if part is not None}


def written_out(file: LendingSettings, name: str) -> LendingSettings:
    """Rules that came as text, as rules."""
    if not file.rules_text:
        return file
    try:
        if file.rules or file.fallback is not None:
            raise SettingsError("", ("rules and a fallback are given beside it: keep either the text or the tables",))
        found = parse_rules(file.rules_text)
    except SettingsError as error:
        problems = tuple(f"{name}.rules_text: {problem}" for problem in error.problems)
        raise SettingsError("\n  ".join([f"{name} has rules that cannot be read:", *problems]), problems) from None
    return evolve(file, rules=found.rules, precedence=found.precedence, fallback=found.fallback, rules_text="")


def with_rule_ids(plain: dict[str, Any]) -> dict[str, Any]:
    """Rules without an id are called by their place, and the fallback by what it is."""
    rules, fallback = plain.get("rules"), plain.get("fallback")
    if isinstance(rules, list):
        named = [
            {"id": f"rule-{place}", **rule} if isinstance(rule, Mapping) else rule
            for place, rule in enumerate(rules, 1)
        ]
        plain = {**plain, "rules": named}
    if isinstance(fallback, Mapping):
        plain = {**plain, "fallback": {"id": "fallback", **fallback}}
    return plain


def with_table_names(plain: dict[str, Any], group: str, table: str) -> dict[str, Any]:
    """Each entry of a table such as `labels.sheets` is called by its key; a sheet is titled so, too."""
    outer = plain.get(group)
    entries = outer.get(table) if isinstance(outer, Mapping) else None
    if not isinstance(outer, Mapping) or not isinstance(entries, Mapping):
        return plain
    named = {}
    for name, entry in entries.items():
        given = {"name": name, "title": name} if table == "sheets" else {"name": name}
        named[name] = {**given, **entry} if isinstance(entry, Mapping) else entry
    return {**plain, group: {**outer, table: named}}


def calendars_of(file: LendingSettings) -> dict[LibraryCode, Calendar]:
    """The calendar of each library, its own or that of the unit above it, in its own zone."""
    kept = inherited(file.trees.libraries, {code: library.calendar for code, library in file.libraries.items()})
    found = {}
    for code, name in kept.items():
        calendar, zone = file.calendars[name], file.libraries[LibraryCode(code)].zone
        found[LibraryCode(code)] = calendar if zone in (None, calendar.zone) else evolve(calendar, zone=zone)
    return found
