"""Items from the MARC fields of a record: which subfield brings which attribute is data, an `ItemMapping`.

Shipped are the standard's own 852 and 876, Koha's 952, Evergreen's 852 and the older 999 (`mappings.toml`, which also
explains how one is written). A library with a field of its own writes the same few lines.

>>> own = mapping_of("town-949", {"tag": "949", "attributes": {"barcode": "i", "home_library": "l"}})
>>> own.attributes["barcode"]
('i',)
>>> sorted(shipped_mappings())
['evergreen-852', 'koha-952', 'marc-852', 'marc-876', 'unicorn-949', 'unicorn-999']
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any, Final, Protocol

from attrs import field, frozen

from libops.base.errors import NotFound, SettingsError

__all__ = [
    "TEXT_ATTRIBUTES",
    "ItemMapping",
    "MarcLike",
    "mapping_of",
    "shipped_mapping",
    "shipped_mappings",
    "texts_of",
]

TEXT_ATTRIBUTES: Final = frozenset(
    {"shelving_location", "collection", "call_number", "call_number_scheme", "enumeration", "chronology"}
    | {"copy_number", "item_type", "barcode", "acquired_from", "accession_number", "pieces_note", "not_for_loan"}
    | {"status_note", "public_note", "staff_note", "loan_type"}
)
ATTRIBUTES: Final = TEXT_ATTRIBUTES | {
    "home_library",
    "holding_library",
    "price",
    "acquired",
    "new_until",
    "age_restriction",
    "pieces",
}
FLAGS: Final = frozenset(("damaged", "in_repair", "suppressed", "withdrawn", "not_for_loan"))
TAG: Final = re.compile(r"[0-9A-Za-z]{3}")
PATH: Final = re.compile(r"@[12]|[0-9A-Za-z](?:#[1-9])?(?:\+[0-9A-Za-z](?:#[1-9])?)*")


class MarcLike(Protocol):
    """A data field, as the catalog's MARC reader gives it: tag, two indicators, subfields of code and text."""

    @property
    def tag(self) -> str: ...
    @property
    def indicators(self) -> str: ...
    @property
    def subfields(self) -> tuple[tuple[str, str], ...]: ...


Paths = tuple[str, ...]


@frozen
class ItemMapping:
    """Which field brings items, and where in it each attribute stands.

    `location_tag` names a second field that carries library, shelf and call number (852 beside 876), found by the same
    link number in $8, or the only one there is. `flags` are true for any value but an empty one, "0" and those in
    `off`; `contains` are set when the subfield holds a word; `words` turn codes into words, by attribute.
    """

    name: str
    tag: str
    attributes: Mapping[str, Paths] = field(factory=dict)
    location_tag: str = ""
    location_attributes: Mapping[str, Paths] = field(factory=dict)
    flags: Mapping[str, Paths] = field(factory=dict)
    contains: Mapping[str, tuple[str, str]] = field(factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(factory=dict)
    off: tuple[str, ...] = ("", "0")


def _paths(name: str, spec: object, known: frozenset[str], problems: list[str]) -> dict[str, Paths]:
    if not isinstance(spec, Mapping):
        problems.append(f"{name}: {spec!r} is no table of attribute = subfield")
        return {}
    found = {}
    for attribute, path in spec.items():
        paths = (path,) if isinstance(path, str) else tuple(path) if isinstance(path, list | tuple) else ()
        if attribute not in known:
            problems.append(f"{name}.{attribute}: no such attribute; {_meant(str(attribute), known)}")
        elif not paths or not all(isinstance(one, str) and PATH.fullmatch(one) for one in paths):
            problems.append(f'{name}.{attribute}: {path!r} is no subfield; write "p", "b#2", "h+i" or "@1"')
        else:
            found[attribute] = paths
    return found


def _meant(wrong: str, known: Iterable[str]) -> str:
    close = get_close_matches(wrong, known := sorted(known), 1, 0.6)
    return f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"


def _table(name: str, spec: object, problems: list[str]) -> Mapping[str, Any]:
    if isinstance(spec, Mapping):
        return spec
    problems.append(f"{name}: {spec!r} is no table")
    return {}


def mapping_of(name: str, spec: Mapping[str, Any]) -> ItemMapping:
    """A mapping from settings (TOML or a dictionary). Raises `SettingsError` with every problem found."""
    problems: list[str] = []
    known = {"tag", "attributes", "location_tag", "location_attributes", "flags", "contains", "words", "off"}
    problems += [f"{name}.{key}: unknown key; {_meant(str(key), known)}" for key in spec if key not in known]
    tags = [spec.get("tag", ""), spec.get("location_tag", "") or "852"]
    problems += [f"{name}: {tag!r} is no tag of three digits or letters" for tag in tags if not TAG.fullmatch(str(tag))]
    attributes = _paths(f"{name}.attributes", spec.get("attributes", {}), ATTRIBUTES, problems)
    location = _paths(f"{name}.location_attributes", spec.get("location_attributes", {}), ATTRIBUTES, problems)
    flags = _paths(f"{name}.flags", spec.get("flags", {}), FLAGS, problems)
    contains = _table(f"{name}.contains", spec.get("contains", {}), problems)
    words = _table(f"{name}.words", spec.get("words", {}), problems)
    for attribute, pair in contains.items():
        if attribute not in FLAGS or not isinstance(pair, list | tuple) or len(pair) != 2:
            known_flags = ", ".join(sorted(FLAGS))
            problems.append(f"{name}.contains.{attribute}: write [subfield, word] for one of {known_flags}")
    if not attributes and not problems:
        problems.append(f"{name}.attributes: at least one attribute must be mapped")
    if problems:
        raise SettingsError(f"item mapping {name!r} cannot be used: {'; '.join(problems)}", tuple(problems))
    return ItemMapping(
        name=name,
        tag=spec["tag"],
        attributes=attributes,
        location_tag=spec.get("location_tag", ""),
        location_attributes=location,
        flags=flags,
        contains={attribute: (pair[0], pair[1]) for attribute, pair in contains.items()},
        words=words,
        off=tuple(spec.get("off", ("", "0"))),
    )


@cache
def shipped_mappings() -> Mapping[str, ItemMapping]:
    """The mappings that come with libops, by name."""
    from tomllib import loads

    text = files("libops.items").joinpath("mappings.toml").read_text(encoding="utf-8")
    return {name: mapping_of(name, spec) for name, spec in loads(text).items()}


def shipped_mapping(name: str) -> ItemMapping:
    """One shipped mapping. Raises `NotFound` with the names there are."""
    try:
        return shipped_mappings()[name]
    except KeyError:
        raise NotFound(f"no item mapping {name!r}; there are {', '.join(sorted(shipped_mappings()))}") from None


def _nth(marc: MarcLike, path: str) -> str:
    code, _, place = path.partition("#")
    if code == "@":
        return ""
    nth = int(place or 1)
    for found, text in marc.subfields:
        if found == code:
            nth -= 1
            if not nth:
                return text.strip()
    return ""


def text_at(marc: MarcLike, paths: Paths) -> str:
    """The first of these paths that is not empty in the field."""
    for path in paths:
        if path.startswith("@"):
            text = marc.indicators[int(path[1]) - 1 : int(path[1])]
        else:
            text = " ".join([one for one in [_nth(marc, part) for part in path.split("+")] if one])
        if text:
            return text
    return ""


def _location(marc: MarcLike, others: list[MarcLike]) -> MarcLike | None:
    """The location field for this item: the one with the same link number in $8, else the only one."""
    link = _nth(marc, "8").split(".")[0].split("\\")[0]
    linked = [other for other in others if link and _nth(other, "8").split(".")[0].split("\\")[0] == link]
    if linked:
        return linked[0]
    return others[0] if len(others) == 1 else None


def texts_of(fields: Iterable[MarcLike], mapping: ItemMapping) -> list[dict[str, str]]:
    """For each item field of a record, the text of each attribute that is there; flags are "1"."""
    held = list(fields)
    places = [one for one in held if mapping.location_tag and one.tag == mapping.location_tag]
    found = []
    for marc in held:
        if marc.tag != mapping.tag:
            continue
        texts = {name: text_at(marc, paths) for name, paths in mapping.attributes.items()}
        place = _location(marc, places)
        if place is not None:
            for name, paths in mapping.location_attributes.items():
                texts[name] = texts.get(name, "") or text_at(place, paths)
        for name, words in mapping.words.items():
            texts[name] = words.get(texts.get(name, ""), texts.get(name, ""))
        for name, paths in mapping.flags.items():
            if text_at(marc, paths) not in mapping.off:
                texts[name] = texts.get(name, "") or "1"
        for name, (code, word) in mapping.contains.items():
            if any(one == code and word.casefold() in text.casefold() for one, text in marc.subfields):
                texts[name] = texts.get(name, "") or word
        found.append({name: text for name, text in texts.items() if text})
    return found
