"""Checks of the leader and of 005 and 008, position by position."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from libops.catalog.marc import MarcRecord
from libops.catalog.validation.findings import Finding, Severity
from libops.catalog.validation.standard import fixed_codes

__all__ = ["check_fixed", "map_of_008"]

MOMENT: Final = re.compile(r"\d{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d\.\d")
DATE: Final = re.compile(r"[0-9u]{4}|    |\|{4}")
LANGUAGE: Final = re.compile(r"[a-z]{3}|   |\|{3}")
MAPS: Final = {"e": "maps", "f": "maps", "m": "computer", "p": "mixed", "t": "books"}
MAPS_OF_KIND: Final = {"c": "music", "d": "music", "i": "music", "j": "music"} | dict.fromkeys("gkor", "visual")
ERROR, WARNING = Severity.ERROR, Severity.WARNING


def map_of_008(leader: str) -> str:
    """Which meaning 008/18-34 have, from leader/06 and 07; empty when the leader does not say.

    >>> map_of_008("00000nas a2200000 a 4500"), map_of_008("00000njm a2200000 a 4500")
    ('continuing', 'music')
    """
    kind, level = leader[6:7], leader[7:8]
    if kind == "a":
        return "continuing" if level in ("b", "i", "s") else "books"
    return MAPS.get(kind) or MAPS_OF_KIND.get(kind, "")


def check_fixed(record: MarcRecord) -> Iterator[Finding]:
    """All findings about the leader, 005 and 008."""
    tables = fixed_codes()
    if len(record.leader) != 24:
        yield Finding("leader.length", ERROR, "LDR", found=record.leader, right="24 characters")
        return
    for place, codes in tables["leader"].items():
        if record.leader[place] not in codes:
            right = f"one of {codes!r}"
            yield Finding("leader.bad_code", ERROR, "LDR", offset=place, found=record.leader[place], right=right)
    for place, found in enumerate(record.fields):
        if found.tag == "005" and not MOMENT.fullmatch(found.value):
            yield Finding("005.bad", WARNING, "005", place, found=found.value, right="yyyymmddhhmmss.f")
        elif found.tag == "008":
            yield from _check_008(found.value, map_of_008(record.leader), place)


def _check_008(value: str, kind: str, place: int) -> Iterator[Finding]:
    if len(value) != 40:
        yield Finding("008.length", ERROR, "008", place, found=value, right=f"40 characters, there are {len(value)}")
        return
    tables = fixed_codes()
    codes = {**tables["common"], **tables.get(kind, {})}
    for offset, allowed in codes.items():
        if value[offset] not in allowed and value[offset] != "|":
            right = f"one of {allowed!r} for {kind or 'all materials'}"
            yield Finding("008.bad_code", WARNING, "008", place, offset=offset, found=value[offset], right=right)
    if not value[:6].isdigit():
        yield Finding("008.bad_date", WARNING, "008", place, offset=0, found=value[:6], right="yymmdd")
    for offset in (7, 11):
        # Detailed dates (type e) put month and day in the second place.
        text = value[offset : offset + 4]
        if not DATE.fullmatch(text) and not (offset == 11 and value[6] == "e"):
            right = "four digits, u for one unknown"
            yield Finding("008.bad_date", WARNING, "008", place, offset=offset, found=text, right=right)
    if not LANGUAGE.fullmatch(value[35:38]):
        right = "a MARC language code of three letters"
        yield Finding("008.bad_language", WARNING, "008", place, offset=35, found=value[35:38], right=right)
