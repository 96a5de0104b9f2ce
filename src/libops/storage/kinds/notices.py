"""The outbox and what was told: the store's own business, not the fold of events."""

from libops.notices.model import NoticeTrack, OutboxEntry
from libops.storage.records import Index, RecordType

__all__ = ["KINDS", "OUTBOX", "TRACKS"]

OUTBOX = RecordType(
    "outbox",
    OutboxEntry,
    "key",
    (
        Index("by_next_try", ("state", "next_try")),
        Index("by_group", ("group",)),
        Index("by_patron", ("patron_id", "next_try")),
    ),
    logged=False,
)
TRACKS = RecordType("notice_track", NoticeTrack, "subject", logged=False)

KINDS = (OUTBOX, TRACKS)
