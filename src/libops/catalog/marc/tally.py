"""What a file of records holds, in numbers, before or while it is imported; and the rejects to mend by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import field, frozen

from libops.catalog.marc.outcomes import Gap, Note, Ok, Outcome, Rejected, Rescued

__all__ = ["FileAccount", "rejects", "tally"]


@frozen
class FileAccount:
    """The account of a file: every byte is in a record, a rejected record or a gap."""

    ok: int = 0
    rescued: int = 0
    rejected: int = 0
    gaps: int = 0
    bytes_read: int = 0
    contiguous: bool = True
    """Whether every outcome began where the one before it ended."""
    repairs: Mapping[str, int] = field(factory=dict)
    warnings: Mapping[str, int] = field(factory=dict)
    reasons: Mapping[str, int] = field(factory=dict)
    examples: Mapping[str, str] = field(factory=dict)
    """For each code the first place where it was found, in words."""

    @property
    def records(self) -> int:
        """Records read, as they stand or mended."""
        return self.ok + self.rescued


def tally(outcomes: Iterable[Outcome]) -> FileAccount:
    """Count outcomes and notes: with nothing stored, this is the report of a dry run."""
    counts = {Ok: 0, Rescued: 0, Rejected: 0, Gap: 0}
    repairs: dict[str, int] = {}
    warnings: dict[str, int] = {}
    reasons: dict[str, int] = {}
    examples: dict[str, str] = {}
    at, contiguous = 0, True

    def count(notes: Iterable[Note], into: dict[str, int], number: int) -> None:
        for note in notes:
            into[note.code] = into.get(note.code, 0) + 1
            examples.setdefault(note.code, f"record {number}: {note}")

    for outcome in outcomes:
        counts[type(outcome)] += 1
        contiguous = contiguous and outcome.offset == at
        at = outcome.offset + outcome.length
        if isinstance(outcome, Rejected):
            count((outcome.reason,), reasons, outcome.record_no)
        elif isinstance(outcome, Ok | Rescued):
            count(outcome.warnings, warnings, outcome.record_no)
            if isinstance(outcome, Rescued):
                count(outcome.repairs, repairs, outcome.record_no)
    return FileAccount(
        counts[Ok], counts[Rescued], counts[Rejected], counts[Gap], at, contiguous, repairs, warnings, reasons, examples
    )


def rejects(outcomes: Iterable[Outcome]) -> Iterator[bytes]:
    """The original bytes of the rejected records: written one after the other they can be mended and read again."""
    return (outcome.raw for outcome in outcomes if isinstance(outcome, Rejected))
