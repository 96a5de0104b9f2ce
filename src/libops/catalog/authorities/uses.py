"""Which titles use a heading: for each heading proper and each number of an authority, the titles that carry it.

A place in the index says that a title may be concerned; whether it is, its record tells. Titles of older stores are
not in it until the desk has gone through the catalog once, and has put down that it is `FILLED`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import frozen

from libops.base.ids import BibId
from libops.catalog.authorities.headings import Heading, heading_for_comparison, heading_of
from libops.catalog.authorities.model import Authority, heading_field, marc_of_authority
from libops.catalog.marc import MarcField, parse_text
from libops.catalog.model import BibRecord

__all__ = ["FILLED", "HeadingUse", "places_of", "uses_of"]

LONGEST: Final = 200
"""Letters of a place; longer headings that begin alike share one, and are told apart by reading the titles."""


@frozen
class HeadingUse:
    """A title under one of its headings: the key joins the place in the index and the title.

    >>> HeadingUse("topic:chess|bib-7", BibId("bib-7")).bib_id
    'bib-7'
    """

    key: str
    bib_id: BibId


FILLED: Final = HeadingUse("filled/1", BibId(""))
"""Stands in a store whose titles are all in the index; the number is that of the recipe by which places are made."""


def _place(heading: Heading) -> str:
    return f"{heading.kind.value}:{heading.main}"[:LONGEST]


def _numbered(number: str) -> str:
    return f"number:{number}"[:LONGEST]


def uses_of(bib: BibRecord, fields: Sequence[MarcField] | None = None) -> tuple[HeadingUse, ...]:
    """Every place under which a title stands; `fields` are those of its record where somebody has read it already."""
    if bib.deleted or not bib.marc:
        return ()
    places: dict[str, None] = {}
    for found in parse_text(bib.marc).fields if fields is None else fields:
        if found.is_control:
            continue
        heading = heading_of(found)
        if heading is not None:
            places[_place(heading)] = None
        for code, text in found.subfields:
            if code == "0":
                places[_numbered(text)] = None
    return tuple([HeadingUse(f"{place}|{bib.id}", bib.id) for place in places])


def places_of(authority: Authority) -> tuple[str, ...]:
    """Where the titles stand that may carry the heading of an authority, or its number."""
    own = heading_field(marc_of_authority(authority))
    heading = None if own is None else heading_for_comparison(own, "")
    found = [] if heading is None else [_place(heading)]
    return (*found, _numbered(authority.number)) if authority.number else tuple(found)
