"""Patrons and their standing."""

from libops.patrons.model import Patron
from libops.patrons.standing import Standing
from libops.storage.records import Index, RecordType

__all__ = ["KINDS", "PATRONS", "STANDINGS"]

PATRONS = RecordType(
    "patron",
    Patron,
    "id",
    (Index("by_name", ("name",)), Index("by_category", ("category",)), Index("by_expiry", ("expires",))),
)
STANDINGS = RecordType("standing", Standing, "patron_id", (Index("by_balance", ("balance",)),))

KINDS = (PATRONS, STANDINGS)
