"""What a validator says about a record, as values."""

from __future__ import annotations

from enum import Enum

from attrs import frozen

__all__ = ["Finding", "Severity"]


class Severity(Enum):
    """How much a finding matters."""

    ERROR = "error"
    """Contradicts the standard, or lacks what the library's profile requires."""
    WARNING = "warning"
    """Likely a mistake, or lacks what the profile expects."""
    NOTE = "note"
    """Worth knowing; wrong nowhere."""


@frozen
class Finding:
    """One thing found in a record.

    `field_no` counts the fields of the record from 0 (None for the leader or for what is missing); `offset` is the
    position in a fixed field, or that of the subfield in its field; `found` is what stands there and `right` what would
    be right.
    """

    code: str
    severity: Severity
    tag: str
    field_no: int | None = None
    subfield: str = ""
    offset: int | None = None
    found: str = ""
    right: str = ""
    record_no: int | None = None

    def __str__(self) -> str:
        place = self.tag + (f" ${self.subfield}" if self.subfield else "")
        place += f" position {self.offset}" if self.offset is not None else ""
        shown = f": {self.found!r}" if self.found else ""
        return f"{self.severity.value} {self.code} in {place}{shown}" + (f" ({self.right})" if self.right else "")
