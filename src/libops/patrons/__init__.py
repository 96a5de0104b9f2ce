"""Patrons: who may use the library, and what stands against them.

A person is registered in a category at a home library and is given a card. Staff edit the record, replace a lost
card, place and lift blocks, and remove a patron who has nothing out. How much a patron has out and owes is counted
in `Standing`, which loans, holds and charges keep up to date, and which every checkout relies on.
"""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
    from libops.patrons.decide import PatronPlan, change, lift_block, place_block, register, remove, replace_card
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
    from libops.patrons.model import Action, Block, HistoryConsent, Patron
    from libops.patrons.standing import Standing
else:
    __getattr__ = offering(__name__, "model", "events", "standing", "decide")

__all__ = [
    "Action",
    "Block",
    "BlockLifted",
    "BlockPlaced",
    "CardReplaced",
    "EventForgotten",
    "HistoryForgotten",
    "HistoryConsent",
    "Patron",
    "PatronChanged",
    "PatronPlan",
    "PatronRegistered",
    "PatronRemoved",
    "Standing",
    "change",
    "lift_block",
    "place_block",
    "register",
    "remove",
    "replace_card",
]
