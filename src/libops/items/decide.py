"""May this item be added, changed, withdrawn, reinstated or deleted? Facts in, a decision out.

The plan of a permit is the tuple of events to commit.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from attrs import evolve, frozen

from libops.base.answers import answer
from libops.base.decisions import Decision, Override, Reason, Refuse
from libops.base.events import Event
from libops.base.holders import BarcodeUse
from libops.items import reasons
from libops.items.events import ItemAdded, ItemChanged, ItemDeleted, ItemReinstated, ItemWithdrawn
from libops.items.model import Item

__all__ = ["ItemFacts", "add", "change", "delete", "mark_missing", "reinstate", "withdraw"]

Plan = tuple[Event, ...]


@frozen
class ItemFacts:
    """What a decision about an item needs to know.

    `item` is the stored one (None when there is none, or when one is to be added); `bib_exists` and `bib_deleted` speak
    of the bibliographic record the item hangs on or shall hang on; `barcode_use` is who holds the barcode it shall get;
    `others_of_bib` counts the title's other items that are not withdrawn; `asked` is the identifier that was asked for;
    `bib_merged` is what the catalog says of a record that was merged into another.
    """

    item: Item | None = None
    bib_exists: bool = True
    bib_deleted: bool = False
    barcode_use: BarcodeUse | None = None
    on_loan: bool = False
    has_hold: bool = False
    has_history: bool = False
    others_of_bib: int = 1
    asked: str = ""
    bib_merged: Reason | None = None


def _answer(found: list[Reason], plan: Plan, override: Override | None = None) -> Decision[Plan]:
    return answer(((reason.code, reason) for reason in found), lambda verdict: plan, override=override)


def _placing(facts: ItemFacts, item: Item) -> list[Reason]:
    """What stands against this item hanging on its title under its barcode."""
    found = []
    if not facts.bib_exists:
        found.append(reasons.NO_BIB(bib=item.bib_id))
    elif facts.bib_merged is not None:
        found.append(facts.bib_merged)
    elif facts.bib_deleted:
        found.append(reasons.BIB_DELETED(bib=item.bib_id))
    use = facts.barcode_use
    if use is not None and use.barcode == item.barcode and use.holder_id != item.id:
        found.append(reasons.BARCODE_TAKEN(barcode=use.barcode, holder=use.holder.value, holder_id=use.holder_id))
    return found


def _typed(item: Item, known: Collection[str] | None) -> list[Reason]:
    """What is to be told of the item's type, where it is known which types there are."""
    if not known or not item.item_type or item.item_type in known:
        return []
    return [reasons.ITEM_TYPE_UNKNOWN(item_type=item.item_type, known=", ".join(sorted(known)))]


def add(
    facts: ItemFacts,
    item: Item,
    *,
    at: datetime,
    by: str,
    source: str = "",
    item_types: Collection[str] | None = None,
) -> Decision[Plan]:
    """Add an item to a title. `item_types` are those the library has; an item of another is added, and that is told."""
    return _answer([*_placing(facts, item), *_typed(item, item_types)], (ItemAdded(at, by, item, source),))


def change(
    facts: ItemFacts, new: Item, *, at: datetime, by: str, item_types: Collection[str] | None = None
) -> Decision[Plan]:
    """Edit an item; its identifier stays. `item_types` as for `add`, of a type that changes."""
    item = facts.item
    if item is None:
        return Refuse((reasons.ITEM_UNKNOWN(item=new.id),))
    new = evolve(new, id=item.id)
    found = _placing(facts, new)
    if new == item:
        found.append(reasons.ITEM_UNCHANGED(item=item.barcode or item.id))
    if new.missing_since != item.missing_since:
        found += _missed(facts, new)
    if new.item_type != item.item_type:
        found += _typed(new, item_types)
    return _answer(found, (ItemChanged(at, by, new, item),))


def mark_missing(facts: ItemFacts, *, at: datetime, by: str) -> Decision[Plan]:
    """Nobody finds the item: it is missing from now on. One that somebody has out is not missing but on loan."""
    item = facts.item
    if item is None:
        return Refuse((reasons.ITEM_UNKNOWN(item=facts.asked),))
    new = evolve(item, missing_since=at)
    found = _missed(facts, new)
    if item.missing_since is not None:
        found.append(reasons.ITEM_MISSING(item=item.barcode or item.id, since=item.missing_since))
    if item.withdrawn:
        found.append(reasons.ITEM_WITHDRAWN(item=item.barcode or item.id, since=item.withdrawn_at))
    return _answer(found, (ItemChanged(at, by, new, item),))


def _missed(facts: ItemFacts, item: Item) -> list[Reason]:
    """What stands against the item being missing (Evergreen asks to check it in first)."""
    lent = facts.on_loan and item.missing_since is not None
    return [reasons.ITEM_ON_LOAN(item=item.barcode or item.id)] if lent else []


def withdraw(
    facts: ItemFacts, *, at: datetime, by: str, reason: str = "", override: Override | None = None
) -> Decision[Plan]:
    """Take an item out of the collection; the record stays. An item on loan cannot go."""
    item = facts.item
    if item is None:
        return Refuse((reasons.ITEM_UNKNOWN(item=facts.asked),))
    found = []
    if item.withdrawn:
        found.append(reasons.ITEM_WITHDRAWN(item=item.barcode or item.id, since=item.withdrawn_at))
    found += _leaving(facts, item)
    return _answer(found, (ItemWithdrawn(at, by, evolve(item, withdrawn_at=at, withdrawn_reason=reason)),), override)


def reinstate(facts: ItemFacts, *, at: datetime, by: str) -> Decision[Plan]:
    """Bring a withdrawn item back into the collection."""
    item = facts.item
    if item is None:
        return Refuse((reasons.ITEM_UNKNOWN(item=facts.asked),))
    found = _placing(facts, item)
    if not item.withdrawn:
        found.append(reasons.ITEM_NOT_WITHDRAWN(item=item.barcode or item.id))
    return _answer(found, (ItemReinstated(at, by, evolve(item, withdrawn_at=None, withdrawn_reason="")),))


def delete(facts: ItemFacts, *, at: datetime, by: str, override: Override | None = None) -> Decision[Plan]:
    """Remove the record of an item for good: for one added by mistake. One that was lent is better withdrawn."""
    item = facts.item
    if item is None:
        return Refuse((reasons.ITEM_UNKNOWN(item=facts.asked),))
    found = _leaving(facts, item)
    if facts.has_history:
        found.append(reasons.ITEM_HAS_HISTORY(item=item.barcode or item.id))
    return _answer(found, (ItemDeleted(at, by, item),), override)


def _leaving(facts: ItemFacts, item: Item) -> list[Reason]:
    found = []
    if facts.on_loan:
        found.append(reasons.ITEM_ON_LOAN(item=item.barcode or item.id))
    if facts.has_hold:
        found.append(reasons.ITEM_HAS_HOLD(item=item.barcode or item.id))
    if not facts.others_of_bib:
        found.append(reasons.LAST_ITEM(item=item.barcode or item.id, bib=item.bib_id))
    return found
