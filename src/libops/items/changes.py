"""Which records each item event makes, replaces or removes: the item, and the use of its barcode."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from libops.base.events import Change, Changes, Drop, Put, Records
from libops.base.holders import BarcodeUse, Holder
from libops.items.events import ItemAdded, ItemChanged, ItemDeleted, ItemReinstated, ItemWithdrawn
from libops.items.model import Item

__all__ = ["CHANGES", "barcode_use"]


def barcode_use(item: Item) -> BarcodeUse | None:
    """The record that says this barcode is taken by this item; None for an item that has no barcode."""
    return None if item.barcode is None else BarcodeUse(item.barcode, Holder.ITEM, item.id, item.bib_id)


def added(event: ItemAdded, records: Records) -> Iterator[Change]:
    yield Put(event.item)
    use = barcode_use(event.item)
    if use is not None:
        yield Put(use)


def changed(event: ItemChanged, records: Records) -> Iterator[Change]:
    yield Put(event.item)
    before, after = barcode_use(event.previous), barcode_use(event.item)
    if before is not None and (after is None or after.barcode != before.barcode):
        yield Drop(BarcodeUse, before.barcode)
    if after is not None and after != before:
        yield Put(after)


def kept(event: ItemWithdrawn | ItemReinstated, records: Records) -> Iterable[Change]:
    return (Put(event.item),)


def deleted(event: ItemDeleted, records: Records) -> Iterator[Change]:
    yield Drop(Item, event.item.id)
    if event.item.barcode is not None:
        yield Drop(BarcodeUse, event.item.barcode)


CHANGES: Changes = {
    ItemAdded: added,
    ItemChanged: changed,
    ItemWithdrawn: kept,
    ItemReinstated: kept,
    ItemDeleted: deleted,
}
