"""Since when an item is missing, told no finer than the loan that ended without it, once that is forgotten.

The account tells on which day a loss was charged: an item that is missing since that day would be found by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from libops.circulation.events import LoanEnded
from libops.circulation.model import ClosedLoan
from libops.desk.privacy.forgetting import forgotten
from libops.desk.privacy.retelling import Retold
from libops.desk.reads import Reads
from libops.items.events import ItemChanged
from libops.items.model import Item
from libops.storage.port import Logged, Rewrite, Storage

__all__ = ["item_retold"]


def item_retold(reads: Reads, loan: ClosedLoan, entries: Sequence[Logged]) -> tuple[Item | None, Retold]:
    """The item of a loan, and what the log has of it, with the time of the loan's end in place of a finer one.

    `loan` is as it is told from now on, `entries` are the events of its life. None where the record stays as it is.
    """
    item, storage = reads.get(Item, loan.item_id), reads.storage
    ended = [entry.position for entry in entries if isinstance(entry.event, LoanEnded)]
    if item is None or not ended:
        return None, Retold()
    marked, _ = storage.events(ended[-1], 1)
    since = [missing_from(entry.event, item) for entry in marked]
    if since in ([], [None]):
        return None, Retold()

    def coarse(at: datetime) -> datetime:
        return loan.closed_at if at in since else at

    told: list[Logged] = marked
    if told[0].event.item != item:  # type: ignore[attr-defined]
        told = [*told_of(storage, item, ended[-1])]
    plain = [(entry, forgotten(entry.event, {}, cut=coarse)) for entry in told]
    rewrites = [Rewrite(entry.position, event) for entry, event in plain if event != entry.event]
    found = forgotten(item, {}, cut=coarse)
    return None if found == item else found, Retold(rewrites=tuple(rewrites))


def missing_from(event: Any, item: Item) -> datetime | None:
    """When the item was marked as missing by this event; None where it was not, or had been before."""
    if not isinstance(event, ItemChanged) or event.item.id != item.id or event.previous.missing_since is not None:
        return None
    return event.item.missing_since


def told_of(storage: Storage, item: Item, position: int) -> Iterator[Logged]:
    """What the log has of an item's record behind a position: it is walked to its end, for items have no stream."""
    while (page := storage.events(position)).entries:
        position = page.after
        for entry in page.entries:
            there = getattr(entry.event, "item", None)
            if isinstance(there, Item) and there.id == item.id:
                yield entry
