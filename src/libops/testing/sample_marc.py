"""The shipped sample catalog in small portions, and the question that every reader of a record format must pass.

>>> len(chunks(3)), records(1)[0].subfield("245", "a")
(3, 'Living in absolute freedom :')
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from libops.catalog.marc import Gap, MarcRecord, Ok, Outcome, Rescued, read

__all__ = ["accounted", "chunks", "records", "records_in"]


@cache
def chunks(count: int) -> tuple[bytes, ...]:
    """The first records of the sample catalog, each in its bytes."""
    return tuple(
        part + b"\x1d"
        for part in files("libops").joinpath("cli/sample/catalog.mrc").read_bytes().split(b"\x1d")[:count]
    )


@cache
def records(count: int) -> tuple[MarcRecord, ...]:
    """The first records of the sample catalog."""
    return tuple(outcome.record for outcome in read(b"".join(chunks(count))) if isinstance(outcome, Ok))


def records_in(outcomes: list[Outcome]) -> list[MarcRecord]:
    """The records that were read, sound or mended."""
    return [outcome.record for outcome in outcomes if isinstance(outcome, Ok | Rescued)]


def accounted(outcomes: list[Outcome], blob: bytes) -> bool:
    """Whether the outcomes are contiguous, cover the file, carry its own bytes, and number the records one by one."""
    at, number = 0, 0
    for outcome in outcomes:
        if outcome.offset != at or outcome.length <= 0:
            return False
        at += outcome.length
        if not isinstance(outcome, Gap):
            number += 1
            if outcome.raw != blob[outcome.offset : at] or outcome.record_no != number:
                return False
    return at == len(blob)
