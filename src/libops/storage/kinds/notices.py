"""The outbox: messages committed and not yet handed over. The store's own business, not the fold of events."""

from libops.notices.model import OutboxEntry
from libops.storage.records import Index, RecordType

__all__ = ["KINDS", "OUTBOX"]

OUTBOX = RecordType("outbox", OutboxEntry, "key", (Index("by_next_try", ("state", "next_try")),), logged=False)

KINDS = (OUTBOX,)
