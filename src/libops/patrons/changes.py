"""What each event about patrons changes: the record, and who holds the card's barcode."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from libops.base.errors import NotFound
from libops.base.events import Change, Changes, Drop, Put, Records
from libops.base.holders import BarcodeUse, Holder
from libops.base.ids import PatronId
from libops.patrons.events import (
    BlockLifted,
    BlockPlaced,
    CardReplaced,
    EventForgotten,
    HistoryForgotten,
    PatronChanged,
    PatronRegistered,
    PatronRemoved,
)
from libops.patrons.model import Patron
from libops.patrons.standing import Standing

__all__ = ["CHANGES"]


def there(records: Records, patron_id: PatronId) -> Patron:
    patron = records.get(Patron, patron_id)
    if patron is None:
        raise NotFound(f"no patron {patron_id!r}: the log names one that was never registered")
    return patron


def registered(event: PatronRegistered, records: Records) -> Iterable[Change]:
    patron = event.patron
    yield Put(patron)
    yield Put(Standing(patron.id))
    if patron.card is not None:
        yield Put(BarcodeUse(patron.card, Holder.PATRON, patron.id))


def changed(event: PatronChanged, records: Records) -> Iterable[Change]:
    yield Put(event.patron)


def card_replaced(event: CardReplaced, records: Records) -> Iterable[Change]:
    patron = there(records, event.patron_id)
    if patron.card is not None:
        yield Drop(BarcodeUse, patron.card)
    if event.card is not None:
        yield Put(BarcodeUse(event.card, Holder.PATRON, patron.id))
    yield Put(evolve(patron, card=event.card))


def block_placed(event: BlockPlaced, records: Records) -> Iterable[Change]:
    patron = there(records, event.patron_id)
    yield Put(evolve(patron, blocks=(*patron.blocks, event.block)))


def block_lifted(event: BlockLifted, records: Records) -> Iterable[Change]:
    patron = there(records, event.patron_id)
    yield Put(evolve(patron, blocks=tuple(b for b in patron.blocks if b.id != event.block_id)))


def removed(event: PatronRemoved, records: Records) -> Iterable[Change]:
    patron = there(records, event.patron_id)
    yield Drop(Patron, patron.id)
    yield Drop(Standing, patron.id)
    if patron.card is not None:
        yield Drop(BarcodeUse, patron.card)


def forgotten(event: HistoryForgotten, records: Records) -> Iterable[Change]:
    yield Put(event.standing)


def gone(event: EventForgotten, records: Records) -> Iterable[Change]:
    return ()


CHANGES: Changes = {
    EventForgotten: gone,
    HistoryForgotten: forgotten,
    PatronRegistered: registered,
    PatronChanged: changed,
    CardReplaced: card_replaced,
    BlockPlaced: block_placed,
    BlockLifted: block_lifted,
    PatronRemoved: removed,
}
