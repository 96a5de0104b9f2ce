"""May this patron be registered, changed, blocked, removed? Facts in, `Permit` of events or `Refuse` out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from attrs import evolve, frozen

from libops.base.decisions import Decision, Override, Permit, Reason, Refuse, weigh
from libops.base.events import Event
from libops.base.holders import BarcodeUse
from libops.base.money import Money
from libops.patrons import reasons
from libops.patrons.events import (
    BlockLifted,
    BlockPlaced,
    CardReplaced,
    PatronChanged,
    PatronRegistered,
    PatronRemoved,
)
from libops.patrons.model import Block, Patron
from libops.patrons.standing import Standing

__all__ = ["PatronPlan", "change", "lift_block", "place_block", "register", "remove", "replace_card"]


@frozen
class PatronPlan:
    """The patron as it will be, and the events that make it so."""

    patron: Patron
    events: tuple[Event, ...]


def taken(card: str | None, use: BarcodeUse | None, patron: Patron) -> list[Reason]:
    if card is None or use is None or use.holder_id == patron.id:
        return []
    return [reasons.CARD_TAKEN(barcode=card, holder=use.holder.value)]


def known_category(patron: Patron, categories: Collection[str]) -> list[Reason]:
    if patron.category in categories:
        return []
    return [reasons.CATEGORY_UNKNOWN(category=patron.category, known=", ".join(sorted(categories)))]


def register(
    patron: Patron, *, use: BarcodeUse | None, categories: Collection[str], at: datetime, by: str
) -> Decision[PatronPlan]:
    """Make a person a patron. `use` is who holds the card's barcode now, None when it is free."""
    found = [*taken(patron.card, use, patron), *known_category(patron, categories)]
    if found:
        return Refuse(tuple(found))
    return Permit(PatronPlan(patron, (PatronRegistered(at, by, patron.id, patron),)))


def change(
    patron: Patron, *, before: Patron, categories: Collection[str], at: datetime, by: str
) -> Decision[PatronPlan]:
    """Edit a patron's record. Card and blocks are changed by acts of their own, and stay as they were."""
    patron = evolve(patron, card=before.card, blocks=before.blocks)
    found = known_category(patron, categories)
    if found:
        return Refuse(tuple(found))
    return Permit(PatronPlan(patron, (PatronChanged(at, by, patron.id, patron),)))


def replace_card(
    patron: Patron, card: str | None, *, use: BarcodeUse | None, at: datetime, by: str
) -> Decision[PatronPlan]:
    """Give a patron another card, or take it away with None."""
    found = taken(card, use, patron)
    if found:
        return Refuse(tuple(found))
    return Permit(PatronPlan(evolve(patron, card=card), (CardReplaced(at, by, patron.id, card),)))


def place_block(patron: Patron, block: Block, *, at: datetime, by: str) -> Decision[PatronPlan]:
    """Restrict a patron."""
    blocks = (*patron.blocks, block)
    return Permit(PatronPlan(evolve(patron, blocks=blocks), (BlockPlaced(at, by, patron.id, block),)))


def lift_block(patron: Patron, block_id: str, *, at: datetime, by: str) -> Decision[PatronPlan]:
    """Lift a restriction before its end."""
    blocks = tuple(block for block in patron.blocks if block.id != block_id)
    if len(blocks) == len(patron.blocks):
        return Refuse((reasons.BLOCK_UNKNOWN(block=block_id),))
    return Permit(PatronPlan(evolve(patron, blocks=blocks), (BlockLifted(at, by, patron.id, block_id),)))


def remove(
    patron: Patron, standing: Standing, *, currency: str, at: datetime, by: str, override: Override | None = None
) -> Decision[PatronPlan]:
    """Delete a patron's record: not while anything is out or on hold, and with money open only by right.

    `currency` is that of the account, whose balance is in minor units.
    """
    found = []
    if standing.open_loans:
        found.append(reasons.HAS_LOANS(loans=standing.open_loans))
    if standing.holds:
        found.append(reasons.HAS_HOLDS(holds=standing.holds))
    if standing.balance:
        found.append(reasons.HAS_BALANCE(balance=Money(standing.balance, currency)))
    verdict = weigh(found, override)
    if verdict.refusing:
        return Refuse(verdict.refusing)
    return Permit(PatronPlan(patron, (PatronRemoved(at, by, patron.id),)))
