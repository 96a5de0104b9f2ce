"""Headings, as bibliographic records use them and authority records define them, brought to one form.

>>> subject = MarcField("650", " 0", (("a", "Chess players"), ("z", "Hungary."), ("0", "(DLC)sh85023256")))
>>> heading = heading_of(subject)
>>> heading.kind.value, heading.main, heading.key, heading.thesaurus
('topic', 'chess players', 'chess players -- hungary', 'lcsh')
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from attrs import frozen

from libops.catalog.marc import MarcField, strip_isbd
from libops.catalog.naco import normalized

__all__ = ["Heading", "HeadingKind", "heading_of", "heading_text", "main_subfields"]


class HeadingKind(Enum):
    """What a heading names."""

    PERSON = "person"
    CORPORATE_BODY = "corporate_body"
    MEETING = "meeting"
    TITLE = "title"
    TOPIC = "topic"
    PLACE = "place"
    GENRE = "genre"
    PERIOD = "period"


KINDS: Final = {
    "00": HeadingKind.PERSON,
    "10": HeadingKind.CORPORATE_BODY,
    "11": HeadingKind.MEETING,
    "30": HeadingKind.TITLE,
    "40": HeadingKind.TITLE,
    "48": HeadingKind.PERIOD,
    "50": HeadingKind.TOPIC,
    "51": HeadingKind.PLACE,
    "55": HeadingKind.GENRE,
}
BIB_TAGS: Final = frozenset(
    {"100", "110", "111", "130", "240", "600", "610", "611", "630", "648", "650", "651", "655"}
    | {"700", "710", "711", "730", "800", "810", "811", "830"}
)
THESAURI: Final = {"0": "lcsh", "1": "lcshac", "2": "mesh", "3": "nal", "5": "cash", "6": "rvm"}
SUBDIVISIONS: Final = "vxyz"
NOT_HEADING: Final = frozenset("0123456789ehijuw")
"""Control subfields, relators and, in added entries, what describes the relation rather than the entity."""


@frozen
class Heading:
    """A heading for comparison: `main` without subdivisions, `key` with them, and the thesaurus it is taken from.

    An empty thesaurus fits any: names and titles outside subjects do not say where they come from.
    """

    kind: HeadingKind
    main: str
    key: str
    thesaurus: str = ""


def main_subfields(found: MarcField) -> tuple[tuple[str, str], ...]:
    """The subfields that make the heading proper, without subdivisions, relators and links."""
    meeting = found.tag[1:] == "11"
    return tuple(
        [
            (code, text)
            for code, text in found.subfields
            if code not in SUBDIVISIONS
            # In meeting names $e is a subordinate unit and $j the relator.
            and (code not in NOT_HEADING or (meeting and code == "e"))
        ]
    )


def heading_text(found: MarcField) -> str:
    """The heading as people read it.

    >>> heading_text(MarcField("150", "  ", (("a", "Chess"), ("x", "History"))))
    'Chess -- History'
    """
    main = " ".join([text for _, text in main_subfields(found)])
    parts = [main, *[text for code, text in found.subfields if code in SUBDIVISIONS]]
    return strip_isbd(" -- ".join([strip_isbd(part) for part in parts if part.strip()]), period=True)


def _thesaurus(found: MarcField) -> str:
    if not found.tag.startswith("6"):
        return ""
    if found.ind2 == "7":
        return found.get("2").strip()
    return THESAURI.get(found.ind2, "")


def heading_of(found: MarcField) -> Heading | None:
    """The heading of a field of a bibliographic record; None for a field that has none."""
    if found.tag not in BIB_TAGS:
        return None
    return heading_for_comparison(found, _thesaurus(found))


def heading_for_comparison(found: MarcField, thesaurus: str) -> Heading | None:
    kind = KINDS.get(found.tag[1:])
    main = normalized(" ".join([text for _, text in main_subfields(found)]))
    if kind is None or not main:
        return None
    rest = [normalized(text, keep_comma=False) for code, text in found.subfields if code in SUBDIVISIONS]
    return Heading(kind, main, " -- ".join([main, *[part for part in rest if part]]), thesaurus)
