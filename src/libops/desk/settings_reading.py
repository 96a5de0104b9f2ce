"""What settings leave to be filled in: names of rules and profiles, rules that came as text, calendars."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import evolve

from libops.base.calendars import Calendar
from libops.base.errors import SettingsError
from libops.base.ids import LibraryCode
from libops.circulation.policy.rules import parse_rules
from libops.desk.organization import inherited

if TYPE_CHECKING:
    from libops.desk.settings import SettingsFile

__all__ = ["calendars_of", "with_names", "written_out"]


def with_names(plain: dict[str, Any]) -> dict[str, Any]:
    """Rules and validation profiles are called by their place or by the name of their table."""
    return with_profile_names(with_rule_ids(plain))


def written_out(file: SettingsFile, name: str) -> SettingsFile:
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


def with_profile_names(plain: dict[str, Any]) -> dict[str, Any]:
    """Validation profiles are called by the name of their table."""
    catalog = plain.get("catalog")
    profiles = catalog.get("profiles") if isinstance(catalog, Mapping) else None
    if not isinstance(catalog, Mapping) or not isinstance(profiles, Mapping):
        return plain
    named = {
        name: {"name": name, **profile} if isinstance(profile, Mapping) else profile
        for name, profile in profiles.items()
    }
    return {**plain, "catalog": {**catalog, "profiles": named}}


def calendars_of(file: SettingsFile) -> dict[LibraryCode, Calendar]:
    """The calendar of each library, its own or that of the unit above it, in its own zone."""
    kept = inherited(file.trees.libraries, {code: library.calendar for code, library in file.libraries.items()})
    found = {}
    for code, name in kept.items():
        calendar, zone = file.calendars[name], file.libraries[LibraryCode(code)].zone
        found[LibraryCode(code)] = calendar if zone in (None, calendar.zone) else evolve(calendar, zone=zone)
    return found
