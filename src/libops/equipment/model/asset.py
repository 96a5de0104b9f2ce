"""The register: what the library keeps running, where it is, whose it is, and whether it may be used now."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from attrs import field, frozen

from libops.base.bounds import at_least_one
from libops.base.errors import InvalidValue
from libops.base.ids import AssetId, ItemId, LibraryCode, TicketId
from libops.base.money import Money
from libops.base.texts import an_identifier, not_blank

__all__ = ["Asset", "AssetOfItem", "AssetPart", "AssetState", "OutOfService", "subject_key"]


class AssetState(Enum):
    """Whether an asset still belongs to the equipment in use."""

    IN_USE = "in_use"
    RETIRED = "retired"
    """Taken out for good: no more tickets, bookings or loans."""


@frozen
class AssetPart:
    """A part that belongs to an asset: the charger of a laptop, the second build plate of a printer."""

    name: str
    count: int = field(default=1, validator=at_least_one)
    serial_number: str = ""


@frozen(kw_only=True)
class Asset:
    """One thing in the register: a public computer, a self-check, a gate, an e-reader, a laser cutter.

    `kind` is the library's own word and groups assets for known issues and maintenance. An asset that is lent like
    any other material names its item.

    >>> press = Asset(id=AssetId("A-7"), name="Heat press", kind="heat press", library=LibraryCode("MAIN"))
    >>> press.under_warranty(date(2026, 3, 2)) is None
    True
    """

    id: AssetId = field(validator=an_identifier)
    name: str = field(validator=not_blank)
    kind: str = field(validator=not_blank)
    library: LibraryCode
    location: str = ""
    owner: str = ""
    item_id: ItemId | None = None
    maker: str = ""
    model_name: str = ""
    serial_number: str = ""
    bought_on: date | None = None
    price: Money | None = None
    warranty_until: date | None = None
    parts: tuple[AssetPart, ...] = ()
    state: AssetState = AssetState.IN_USE

    def under_warranty(self, on: date) -> bool | None:
        """Whether the warranty still runs on that day, its last day included; None when none is recorded."""
        return None if self.warranty_until is None else on <= self.warranty_until


@frozen
class AssetOfItem:
    """Which asset an item is. Keyed by the item, so that no item can be two assets."""

    item_id: ItemId
    asset_id: AssetId


@frozen
class OutOfService:
    """An asset or item that may be neither booked nor lent now: read by key, before anything is promised.

    There is one such record per subject while at least one ticket holds it, or for good when it is `retired`; no
    record means free. Make the key with `subject_key`.
    """

    key: str
    since: datetime
    tickets: tuple[TicketId, ...]
    retired: bool = field(default=False)

    def __attrs_post_init__(self) -> None:
        if not (self.tickets or self.retired):
            raise InvalidValue(f"{self.key} is out of service for no ticket: drop the record instead")


def subject_key(*, asset: AssetId | None = None, item: ItemId | None = None) -> str:
    """The key of `OutOfService` for an asset or an item.

    >>> subject_key(asset=AssetId("A-7")), subject_key(item=ItemId("I-31"))
    ('asset:A-7', 'item:I-31')

    Raises `InvalidValue` unless exactly one of the two is given.
    """
    if (asset is None) == (item is None):
        raise InvalidValue(f"asset {asset!r} and item {item!r}: give exactly one of them")
    return f"item:{item}" if asset is None else f"asset:{asset}"
