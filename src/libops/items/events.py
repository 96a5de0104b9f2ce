"""What happens to items. Every event carries the whole item, so that the log alone rebuilds it."""

from __future__ import annotations

from attrs import frozen

from libops.base.events import Event
from libops.items.model import Item

__all__ = ["ItemAdded", "ItemChanged", "ItemDeleted", "ItemReinstated", "ItemWithdrawn"]


@frozen
class ItemAdded(Event):
    """An item joined the collection; `source` is the file, order or person it came from."""

    item: Item
    source: str = ""


@frozen
class ItemChanged(Event):
    """An item was edited: relabeled, moved, repaired, sent to another title."""

    item: Item
    previous: Item


@frozen
class ItemWithdrawn(Event):
    """An item left the collection; its record and its barcode stay."""

    item: Item


@frozen
class ItemReinstated(Event):
    """A withdrawn item came back into the collection."""

    item: Item


@frozen
class ItemDeleted(Event):
    """The record of an item was removed, and its barcode is free again."""

    item: Item
