"""What a stocktake found: each item in exactly one group, and for each thing wrong a finding: where and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from enum import Enum
from hashlib import sha256

from attrs import field, frozen

from libops.base.ids import ItemId, StocktakeId
from libops.inventory.model.shelf import ShelfItem, ShelfStatus

__all__ = ["ALARMS", "Finding", "FindingKind", "Neighbors", "Seen", "StocktakeResult"]


class FindingKind(Enum):
    """What is wrong, or worth knowing, about an item or a scan."""

    MISSING = "missing"
    """Should stand here all through the session, and was not scanned."""
    PENDING = "pending"
    """The same while counting goes on: not scanned yet."""
    MISPLACED = "misplaced"
    """Stands on the right shelves, out of order."""
    WRONG_LOCATION = "wrong_location"
    """Belongs to another library or shelving location."""
    WRONG_STATUS = "wrong_status"
    """Stands here although the records say otherwise: on loan, withdrawn, missing."""
    DUPLICATE_BARCODE = "duplicate_barcode"
    """One barcode read at two places, or carried by two records."""
    UNKNOWN = "unknown"
    """No record has this barcode or tag."""
    UNEXPECTED = "unexpected"
    """Belongs here, but was not on the list at the start: added since, or not among the items listed."""
    MOVED = "moved"
    """Not scanned, and circulation moved it during the session: no alarm."""


ALARMS = (
    FindingKind.MISSING,
    FindingKind.MISPLACED,
    FindingKind.WRONG_LOCATION,
    FindingKind.WRONG_STATUS,
    FindingKind.DUPLICATE_BARCODE,
    FindingKind.UNKNOWN,
)
"""The findings somebody has to act on, in the order of a report."""


@frozen
class Seen:
    """Where and when something was read: the device, its run along the shelf, its number there, the time."""

    device: str
    run: str
    number: int
    at: datetime


@frozen
class Neighbors:
    """Between which two items of the shelf something belongs; None at the end of what was scanned."""

    after: ShelfItem | None
    before: ShelfItem | None

    def __str__(self) -> str:
        if self.after is None and self.before is None:
            return "alone on the shelf"
        if self.after is None:
            return f"before {self.before.call_number}" if self.before else ""
        if self.before is None:
            return f"after {self.after.call_number}"
        return f"between {self.after.call_number} and {self.before.call_number}"


@frozen(kw_only=True)
class Finding:
    """One finding: its kind, what was read, the item if there is a record, and what a person needs to put it right."""

    kind: FindingKind
    text: str
    item: ShelfItem | None = None
    seen: Seen | None = None
    also_seen: Seen | None = None
    also_item: ShelfItem | None = None
    neighbors: Neighbors | None = None
    status: ShelfStatus | None = None
    location: str | None = None
    """The shelving location where it was seen, when that is known."""

    @property
    def identity(self) -> str:
        """The finding as one line of text: equal findings have equal lines."""
        between = () if self.neighbors is None else (self.neighbors.after, self.neighbors.before)
        parts = [self.kind.value, self.text, self.item.item_id if self.item else "", self.location or ""]
        parts += [self.status.value if self.status else "", *(n.item_id if n else "" for n in between)]
        return "|".join(parts)


@frozen(kw_only=True)
class StocktakeResult:
    """The result of a session at a moment, live or final.

    Every expected item is in exactly one of `found`, `pending`, `away`, `moved`, `missing` and `flagged`: seen and
    right; not seen yet; rightly not on the shelf; not seen and moved by circulation; gone; seen with something wrong.
    `findings` come in the order of the shelf within each kind. Reports show times on the clocks of `zone`.
    """

    session_id: StocktakeId
    at: datetime
    final: bool
    scans: int
    expected: int
    found: tuple[ItemId, ...]
    pending: tuple[ItemId, ...]
    away: tuple[ItemId, ...]
    moved: tuple[ItemId, ...]
    missing: tuple[ItemId, ...]
    flagged: tuple[ItemId, ...]
    findings: tuple[Finding, ...]
    zone: tzinfo = field(default=UTC, repr=False, eq=False)

    @property
    def counts(self) -> Mapping[FindingKind, int]:
        """How many findings there are of each kind."""
        return Counter(finding.kind for finding in self.findings)

    def of(self, kind: FindingKind) -> tuple[Finding, ...]:
        """The findings of one kind."""
        return tuple(finding for finding in self.findings if finding.kind is kind)

    @property
    def alarms(self) -> tuple[Finding, ...]:
        """The findings somebody has to act on."""
        return tuple(finding for finding in self.findings if finding.kind in ALARMS)

    @property
    def fingerprint(self) -> str:
        """A short text that changes when any group or finding changes: what a reviewer signs."""
        digest = sha256("\n".join(sorted(finding.identity for finding in self.findings)).encode())
        for group in (self.found, self.pending, self.away, self.moved, self.missing, self.flagged):
            digest.update(("\n\n" + "\n".join(sorted(group))).encode())
        return digest.hexdigest()[:16]
