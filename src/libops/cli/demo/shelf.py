"""The five items the story needs: titles of the catalog that suit it, and what the town recorded itself."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from libops.base.decisions import Permit
from libops.base.errors import InvalidValue
from libops.catalog.model import BibRecord, MaterialType
from libops.cli.demo.own_records import made_here
from libops.desk.operations import Operations

__all__ = ["NEEDED", "labeled"]

NEEDED = 5
"""So few titles a catalog must have for the story."""


@frozen
class Part:
    """What an item is in the story: words that a fitting title has, and what it is lent as."""

    name: str
    words: tuple[str, ...]
    item_type: str
    barcode: str
    material_type: MaterialType = MaterialType.BOOK
    call_number: str = ""
    """Where the title has none yet."""


PARTS = (
    Part("atlas", ("atlas", "dictionary", "dictionnaire", "encyclop"), "reference", "39999000000024"),
    Part("novel", (": a novel", "roman"), "book", "39999000000016"),
    Part("film", ("",), "dvd", "39999000000032", MaterialType.VIDEO, "DVD 114"),
    Part("record", ("",), "cd", "39999000000040", MaterialType.MUSIC_RECORDING, "CD 872"),
    Part("primer", ("garden", "bread", ""), "book", "39999000000057"),
)

FILM = (("245", (("a", "A winter on the river :"), ("b", "the town in 1963"))),)
SONGS = (("245", (("a", "Songs from the bandstand"),)),)


def labeled(ops: Operations) -> dict[str, str]:
    """Add the items; returns their barcodes by their names in the story. Raises `InvalidValue` for too few titles."""
    titles = list(ops.catalog.all())
    if len(titles) < NEEDED:
        raise InvalidValue(f"the catalog has {len(titles)} titles: the story needs five titles or more")
    if not any(bib.material_type is MaterialType.VIDEO for bib in titles):
        titles.append(made_here(ops, "demo-film", "ngm", FILM))
    if not any(bib.material_type is MaterialType.MUSIC_RECORDING for bib in titles):
        titles.append(made_here(ops, "demo-songs", "njm", SONGS))
    found: dict[str, str] = {}
    for part in PARTS:
        bib = next(suiting(part, titles), titles[0])
        titles.remove(bib)
        number = next((item.call_number for item in ops.items.of_bib(bib.id) if item.call_number), part.call_number)
        answer = ops.items.add(
            bib.id,
            barcode=part.barcode,
            item_type=part.item_type,
            call_number=number,
            shelving_location="new",
            by="ruth",
        )
        assert isinstance(answer, Permit), answer
        found[part.name] = part.barcode
    return found


def suiting(part: Part, titles: list[BibRecord]) -> Iterator[BibRecord]:
    """Titles for a part of the story: those with its first word before those with the next, short ones before long."""
    kind = [bib for bib in titles if bib.material_type is part.material_type]
    for word in part.words:
        yield from sorted((bib for bib in kind if word in bib.title.casefold()), key=lambda bib: len(bib.title))
    yield from kind
