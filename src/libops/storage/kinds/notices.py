"""The outbox and what was told: the store's own business, not the fold of events."""

from typing import Any

from libops.storage.records import Index, RecordType

__all__ = ["KINDS", "OUTBOX", "TRACKS"]

OUTBOX: RecordType[Any] = RecordType(
    "outbox",
    "libops.notices.model:OutboxEntry",
    "key",
    (
        Index("by_next_try", ("state", "next_try")),
        Index("by_group", ("group",)),
        Index("by_patron", ("patron_id", "next_try")),
    ),
    logged=False,
)
TRACKS: RecordType[Any] = RecordType("notice_track", "libops.notices.model:NoticeTrack", "subject", logged=False)

KINDS: tuple[RecordType[Any], ...] = (OUTBOX, TRACKS)
