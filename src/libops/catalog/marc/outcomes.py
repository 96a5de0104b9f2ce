"""What became of each stretch of a file of records.

Outcomes are contiguous and their lengths add up to the length of the file: nothing is skipped in silence.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from libops.catalog.marc.record import MarcRecord

__all__ = ["Gap", "Note", "Ok", "Outcome", "Progress", "Rejected", "Rescued"]


@frozen
class Note:
    """Something noticed while reading: a code, the byte offset in the file, the tag of the field, and the facts.

    `raw` keeps the original bytes where their reading is in doubt.
    """

    code: str
    offset: int
    tag: str = ""
    detail: str = ""
    raw: bytes = b""

    def __str__(self) -> str:
        place = f"{self.tag} at byte {self.offset}" if self.tag else f"at byte {self.offset}"
        return f"{self.code} ({place}): {self.detail}" if self.detail else f"{self.code} ({place})"


@frozen
class Ok:
    """A record that was read as it stands."""

    record_no: int
    offset: int
    length: int
    record: MarcRecord
    raw: bytes
    warnings: tuple[Note, ...] = ()


@frozen
class Rescued:
    """A damaged record that was read all the same; `repairs` say what was mended."""

    record_no: int
    offset: int
    length: int
    record: MarcRecord
    raw: bytes
    repairs: tuple[Note, ...]
    warnings: tuple[Note, ...] = ()


@frozen
class Rejected:
    """A record that cannot be read. `raw` holds its original bytes, for a rejects file to mend and re-read."""

    record_no: int
    offset: int
    length: int
    reason: Note
    raw: bytes


@frozen
class Gap:
    """Bytes between records: line ends, padding, the frame of an XML or JSON file."""

    offset: int
    length: int


Outcome = Ok | Rescued | Rejected | Gap
Progress = Callable[[int], None]
"""Told now and then how many bytes of the file are done."""
