"""Where an item files: call number, enumeration, chronology, copy and stamps in one key.

`Schemes` is the set of schemes in use, by code. It is a value; who asks the functions here makes a larger one with
`plus` and hands it in. The desk uses the built-in ones.

>>> first = sort_key(CallNumber("lcc", "QA76.73 .P98"), enumeration="v.9")
>>> first < sort_key(CallNumber("lcc", "QA76.73 .P98"), enumeration="v.10")
True
>>> detect("539.12").ambiguous
True
>>> detect("QA76.73 .P98 L88 2001").best.scheme
'lcc'
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from attrs import field, frozen

from libops.base.errors import NotFound
from libops.classification import anscr, ddc, enumeration, lcc, local, nlm, sudoc, udc
from libops.classification.enumeration import RawPart
from libops.classification.keys import COUNTS_LAST, OWN_SEQUENCE, fold, tidy
from libops.classification.model import CallNumber, Detection, Explanation, ParsedNumber, Part, PartKind
from libops.classification.policy import DEFAULT_LABELS, DEFAULT_POLICY, FilingPolicy, LabelStyle
from libops.classification.scheme import Scheme, compare
from libops.classification.stamps import prefix_part, suffix_part

__all__ = ["SCHEMES", "Schemes", "base_key", "detect", "explain", "label_lines", "place", "sort_key"]

ALIASES = {"lc": "lcc", "dewey": "ddc", "sudoc": "sudocs", "accession": "local"}
VOLUMES = (PartKind.ENUMERATION, PartKind.CHRONOLOGY, PartKind.COPY, PartKind.SIZE_MARK, PartKind.PREFIX)


@frozen
class Schemes:
    """The schemes in use, by code."""

    by_code: Mapping[str, Scheme] = field(factory=dict)

    def plus(self, *schemes: Scheme) -> Schemes:
        """These schemes and more; one of the same code takes the place of the old."""
        return Schemes({**self.by_code, **{scheme.code: scheme for scheme in schemes}})

    def named(self, code: str) -> Scheme:
        """The scheme of this code. Raises `NotFound` when there is none."""
        found = self.find(code)
        if found is None:
            raise NotFound(f"no classification scheme {code!r}: known are {', '.join(self.by_code)}")
        return found

    def find(self, code: str) -> Scheme | None:
        """The scheme of this code or alias, or None."""
        found = self.by_code.get(code)
        if found is None:
            folded = code.strip().casefold()
            found = self.by_code.get(ALIASES.get(folded, folded))
        return found

    def filing(self, code: str) -> Scheme:
        """The scheme of this code; natural order where the scheme is not there, so that items keep a place."""
        return self.find(code) or local.SCHEME


BUILT_IN = (lcc, ddc, nlm, sudoc, udc, anscr, local)
SCHEMES = Schemes({module.SCHEME.code: module.SCHEME for module in BUILT_IN})
"""The built-in schemes."""


@lru_cache(maxsize=16_384)
def volume_parts(text: str, policy: FilingPolicy) -> tuple[RawPart, ...]:
    """The parts of an enumeration; the same few volumes come again and again in a collection."""
    text = tidy(text)
    return tuple(enumeration.scan(text, fold(text), 0, policy))


def item_parts(volume: str, chronology: str, copy: str, policy: FilingPolicy) -> list[RawPart]:
    """The parts that tell items of one call number apart."""
    parts = list(volume_parts(volume, policy)) if volume else []
    if chronology:
        dated = volume_parts(chronology, policy)
        parts += [(PartKind.CHRONOLOGY, text, "#" + key[1:]) for _, text, key in dated]
    if copy.strip():
        parts.append(enumeration.copy_part(copy))
    return parts


def stamp_parts(call_number: CallNumber, policy: FilingPolicy) -> list[RawPart]:
    """The parts for the stamps beside the number."""
    stamps = []
    if call_number.prefix.strip():
        stamps.append(prefix_part(call_number.prefix, policy))
    if call_number.suffix.strip():
        stamps.append(suffix_part(call_number.suffix, policy))
    return stamps


def sort_key(
    call_number: CallNumber,
    *,
    enumeration: str = "",
    chronology: str = "",
    copy: str = "",
    policy: FilingPolicy = DEFAULT_POLICY,
    schemes: Schemes = SCHEMES,
) -> str:
    """The key an item files under: one ASCII string that any database sorts byte by byte into shelf order.

    The texts are the item's volume (`v.2`), date of issue (`1990:Jan.`) and copy (`2`). Never raises on odd data; a
    scheme that is not there files in natural order.
    """
    scheme = schemes.filing(call_number.scheme)
    key = scheme.sort_key(call_number.text, policy=policy)
    if not (enumeration or chronology or copy or call_number.prefix or call_number.suffix):
        return key
    number, last, stamped = key.partition(COUNTS_LAST)
    number += "".join([part[2] for part in item_parts(enumeration, chronology, copy, policy)])
    for _, _, piece in reversed(stamp_parts(call_number, policy)):
        if piece[:1] == OWN_SEQUENCE:
            number = piece + number
        else:
            stamped, last = piece + last + stamped, ""
    return number + last + stamped


def place(
    call_number: CallNumber,
    *,
    enumeration: str = "",
    chronology: str = "",
    copy: str = "",
    policy: FilingPolicy = DEFAULT_POLICY,
    schemes: Schemes = SCHEMES,
) -> ParsedNumber:
    """All parts of an item's place on the shelf, in filing order, with warnings; its `sort_key` is the item's key."""
    scheme = schemes.filing(call_number.scheme)
    read, odd = scheme.scan(call_number.text, policy)
    warnings = list(odd)
    number = [part for part in read if part[2][:1] != COUNTS_LAST]
    number += item_parts(enumeration, chronology, copy, policy)
    stamps = stamp_parts(call_number, policy)
    raw = [part for part in stamps if part[2][:1] == OWN_SEQUENCE] + number
    raw += [part for part in stamps if part[2][:1] != OWN_SEQUENCE]
    raw += [part for part in read if part[2][:1] == COUNTS_LAST]
    if schemes.find(call_number.scheme) is None:
        warnings.append(f"no classification scheme {call_number.scheme!r}: filed in natural order")
    parts = tuple([Part(kind, text, key, scheme.compared.get(kind)) for kind, text, key in raw])
    return ParsedNumber(scheme.code, str(call_number), parts, tuple(warnings))


def explain(a: ParsedNumber, b: ParsedNumber) -> Explanation:
    """Which part decides the order of two items, each given as its `place`."""
    return compare(a, b)


def base_key(call_number: CallNumber, *, policy: FilingPolicy = DEFAULT_POLICY, schemes: Schemes = SCHEMES) -> str:
    """The key without volume, copy and stamps: the same for all items of a set, for browsing title by title."""
    parts, _ = schemes.filing(call_number.scheme).scan(call_number.text, policy)
    return "".join([key for kind, _, key in parts if kind not in VOLUMES])


def label_lines(
    call_number: CallNumber,
    *,
    enumeration: str = "",
    chronology: str = "",
    copy: str = "",
    policy: FilingPolicy = DEFAULT_POLICY,
    style: LabelStyle = DEFAULT_LABELS,
    schemes: Schemes = SCHEMES,
) -> tuple[str, ...]:
    """The lines of an item's spine label: stamps, number, each level of the volume, copy; nothing is cut.

    >>> label_lines(CallNumber("lcc", "QA76.73 .P98 2001", prefix="REF"), enumeration="v. 2:no. 3", copy="2")
    ('REF', 'QA', '76.73', '.P98', '2001', 'v.2', 'no.3', 'c.2')
    """
    scheme = schemes.filing(call_number.scheme)
    found = tidy(call_number.prefix).split()
    found += scheme.label_lines(call_number.text, policy=policy, style=style)
    for field_text in (enumeration, chronology):
        found += volume_lines(field_text, policy)
    if copy.strip():
        found.append(f"c.{tidy(copy)}" if copy.strip().isdecimal() else tidy(copy))
    return (*found, *tidy(call_number.suffix).split())


def volume_lines(text: str, policy: FilingPolicy) -> list[str]:
    return [enumeration.volume_line(part[1], policy) for part in volume_parts(text, policy)]


def detect(text: str, *, schemes: Schemes = SCHEMES) -> Detection:
    """Which scheme a number seems to follow, with confidence and reasons; `ambiguous` when two are nearly as likely."""
    candidates = [scheme.recognize(text) for scheme in schemes.by_code.values()]
    likely = sorted((found for found in candidates if found.confidence > 0), key=lambda found: -found.confidence)
    return Detection(text, tuple(likely) or (local.SCHEME.recognize(text),))
