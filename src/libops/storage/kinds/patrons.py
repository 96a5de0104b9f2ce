"""Patrons and their standing."""

from typing import Any

from libops.storage.records import Index, RecordType

__all__ = ["KINDS", "PATRONS", "STANDINGS"]

PATRONS: RecordType[Any] = RecordType(
    "patron",
    "libops.patrons.model:Patron",
    "id",
    (Index("by_name", ("name",)), Index("by_category", ("category",)), Index("by_expiry", ("expires",))),
)
STANDINGS: RecordType[Any] = RecordType(
    "standing", "libops.patrons.standing:Standing", "patron_id", (Index("by_balance", ("balance",)),)
)

KINDS: tuple[RecordType[Any], ...] = (PATRONS, STANDINGS)
