"""The tables of the standard, read once from their files: fields, codes of fixed fields, profiles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from attrs import frozen

from libops.base.errors import NotFound, SettingsError

__all__ = ["FieldRule", "Profile", "field_rules", "fixed_codes", "profile_of", "shipped_profile", "shipped_profiles"]

SUBFIELD: Final = re.compile(r"([a-z0-9])(\+?)")
WANTED: Final = re.compile(r"(?:[0-9X]{3}(?:\$[a-z0-9])?)(?:\|[0-9X]{3}(?:\$[a-z0-9])?)*")


@frozen
class FieldRule:
    """What the standard says of a field: whether it may be repeated, its indicators, its subfields.

    `subfields` maps a code to whether it may be repeated; None stands for any subfield.
    """

    tag: str
    name: str
    repeatable: bool
    indicators: tuple[str, str]
    subfields: Mapping[str, bool] | None


@frozen
class Profile:
    """What a library asks of its records: alternatives joined by `|`, `$` before a subfield, X for any digit."""

    name: str
    required: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()


def _text(name: str) -> str:
    return files("libops.catalog.validation").joinpath(name).read_text(encoding="utf-8")


def _tables(name: str) -> dict[str, Any]:
    from tomllib import loads

    return loads(_text(name))


def _indicator(written: str) -> str:
    return written.replace("#", " ").replace("-", "0123456789")


@cache
def field_rules() -> Mapping[str, FieldRule]:
    """The fields of MARC 21 by tag.

    >>> field_rules()["245"].repeatable, field_rules()["245"].indicators
    (False, ('01', '0123456789'))
    """
    rules = {}
    for line in _text("marc21_fields.tsv").splitlines():
        if not line or line.startswith(("#", "tag\t")):
            continue
        tag, repeat, first, second, subfields, name = line.split("\t")
        known = None if subfields == "*" else {code: bool(plus) for code, plus in SUBFIELD.findall(subfields)}
        rules[tag] = FieldRule(tag, name, repeat == "R", (_indicator(first), _indicator(second)), known)
    return rules


@cache
def fixed_codes() -> Mapping[str, Mapping[int, str]]:
    """The codes allowed at the positions of the leader and of 008, by table."""
    tables = _tables("fixed_fields.toml")
    return {name: {int(place): codes for place, codes in table.items()} for name, table in tables.items()}


def profile_of(name: str, spec: Mapping[str, Any]) -> Profile:
    """A profile from settings. Raises `SettingsError` with every entry that cannot be read."""
    problems = [f"{name}.{key}: no such key; there are required and expected" for key in spec if key not in KEYS]
    for key in KEYS:
        for wanted in spec.get(key, ()):
            if not isinstance(wanted, str) or not WANTED.fullmatch(wanted):
                problems.append(f'{name}.{key}: {wanted!r} is no field; write "245$a", "260|264" or "6XX"')
    if problems:
        raise SettingsError(f"profile {name!r} cannot be used: {'; '.join(problems)}", tuple(problems))
    return Profile(name, tuple(spec.get("required", ())), tuple(spec.get("expected", ())))


KEYS: Final = ("required", "expected")


@cache
def shipped_profiles() -> Mapping[str, Profile]:
    """The shipped profiles by name."""
    return {name: profile_of(name, spec) for name, spec in _tables("profiles.toml").items()}


def shipped_profile(name: str) -> Profile:
    """One of the shipped profiles: minimal, full, shared-print. Raises `NotFound` with the names there are."""
    try:
        return shipped_profiles()[name]
    except KeyError:
        raise NotFound(f"no profile {name!r}; there are {', '.join(shipped_profiles())}") from None
