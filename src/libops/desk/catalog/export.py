"""The catalog, or a part of it, as one file for another program."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from attrs import define, field, frozen

from libops.base.errors import FormatError, InvalidValue, LibopsError
from libops.base.ids import BibId
from libops.catalog.export_formats import ExportFormat
from libops.catalog.marc import marc_of
from libops.catalog.model import BibRecord

__all__ = ["CatalogExport", "LeftOut", "write_catalog"]


@frozen
class LeftOut:
    """A record that the format cannot hold, and why."""

    bib_id: BibId
    title: str
    why: str

    def __str__(self) -> str:
        return f"record {self.bib_id} ({self.title!r}) was left out: {self.why}"


@define
class CatalogExport:
    """What was written: the format, how many records and bytes, and the records that were left out."""

    format: str
    records: int = 0
    bytes_written: int = 0
    left_out: list[LeftOut] = field(factory=list)

    def __str__(self) -> str:
        missing = f"; {len(self.left_out)} were left out" if self.left_out else ""
        return f"{self.records} records as {self.format}, {self.bytes_written} bytes{missing}"


def write_catalog(bibs: Iterable[BibRecord], target: Path | BinaryIO, format: ExportFormat) -> CatalogExport:
    """Write records one by one; a file appears under its name when it is whole, and never in the place of another.

    Raises `InvalidValue` when the file is there already, `LibopsError` when it cannot be written.
    """
    if not isinstance(target, Path):
        return streamed(bibs, target, format)
    if target.exists():
        raise InvalidValue(f"{str(target)!r} is there already: name a new file")
    part = target.with_name(f"{target.name}.part")
    try:
        with part.open("wb") as stream:
            report = streamed(bibs, stream, format)
        part.rename(target)
    except OSError as error:
        raise LibopsError(f"cannot write {str(target)!r}: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
    return report


def streamed(bibs: Iterable[BibRecord], stream: BinaryIO, format: ExportFormat) -> CatalogExport:
    report = CatalogExport(format.name)

    def put(raw: bytes) -> None:
        stream.write(raw)
        report.bytes_written += len(raw)

    put(format.before)
    for bib in bibs:
        try:
            raw = format.write(marc_of(bib))
        except FormatError as error:
            report.left_out.append(LeftOut(bib.id, bib.title, str(error)))
            continue
        put(raw)
        report.records += 1
    put(format.after)
    return report
