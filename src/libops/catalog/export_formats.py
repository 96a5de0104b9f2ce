"""Formats a catalog is written in, record by record: MARC in its four forms, MODS, Dublin Core.

Each record is made whole before a byte of it is written; one that a format cannot hold is a `FormatError` and leaves
nothing behind in the file.

>>> sorted(export_formats())
['dc', 'marc', 'marc-json', 'marcxml', 'mods', 'mrk']
>>> export_format_for("town.mrc").name
'marc'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from attrs import frozen

from libops.base.errors import NotFound
from libops.catalog.crosswalk import dublin_core_xml, mods_xml
from libops.catalog.marc import MarcRecord, iso2709_bytes, marcxml_text, mrk_text, record_text
from libops.catalog.marc.write import NAMESPACE

__all__ = ["ExportFormat", "export_format_for", "export_formats"]

XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


@frozen
class ExportFormat:
    """A format of records: what stands before them, how one is written, what stands after them; in UTF-8.

    `write` raises `FormatError` for a record that the format cannot hold. `suffixes` are the endings of its files.
    """

    name: str
    write: Callable[[MarcRecord], bytes]
    before: bytes = b""
    after: bytes = b""
    suffixes: tuple[str, ...] = ()


def _in_xml(name: str, write: Callable[[MarcRecord], str], root: str, *suffixes: str) -> ExportFormat:
    element = root.partition(" ")[0]
    before, after = f"{XML}<{root}>\n".encode(), f"</{element}>\n".encode()
    return ExportFormat(name, lambda record: write(record).encode(), before, after, suffixes)


@cache
def export_formats() -> Mapping[str, ExportFormat]:
    """The formats that come with libops, by name."""
    found = (
        ExportFormat("marc", iso2709_bytes, suffixes=(".mrc", ".marc")),
        _in_xml("marcxml", marcxml_text, f'collection xmlns="{NAMESPACE}"', ".xml", ".marcxml"),
        ExportFormat("marc-json", lambda record: record_text(record).encode() + b"\n", suffixes=(".json", ".jsonl")),
        ExportFormat("mrk", lambda record: mrk_text(record).encode(), suffixes=(".mrk",)),
        _in_xml("mods", mods_xml, 'modsCollection xmlns="http://www.loc.gov/mods/v3"', ".mods"),
        # Dublin Core has no collection of its own: each record is a whole oai_dc element with its namespaces.
        _in_xml("dc", dublin_core_xml, "collection", ".dc"),
    )
    return {one.name: one for one in found}


def export_format_for(file: str, formats: Mapping[str, ExportFormat] | None = None) -> ExportFormat:
    """The format that the end of a file's name means. Raises `NotFound` with the formats there are."""
    known = export_formats() if formats is None else formats
    for one in known.values():
        if one.suffixes and file.lower().endswith(one.suffixes):
            return one
    raise NotFound(f"the name {file!r} does not say in which format to write; there are {', '.join(known)}")
