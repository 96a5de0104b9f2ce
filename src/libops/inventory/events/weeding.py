"""What happened in weeding: who decided what about an item, and why."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from libops.base.events import Event
from libops.base.ids import BibId, ItemId
from libops.inventory.model import Disposal, FollowUp, Protection, WithdrawalStep

__all__ = [
    "ItemDisposed",
    "ProtectionEnded",
    "ProtectionGiven",
    "WeedingDecided",
    "WeedingKept",
    "WeedingProposed",
    "WithdrawalDecided",
    "WithdrawalReversed",
    "WithdrawalStepDone",
]


@frozen(kw_only=True)
class WeedingDecided(Event):
    """What all decisions about an item's case say: why, and which guards were set aside."""

    item_id: ItemId
    why: str = ""
    waived: tuple[str, ...] = ()


@frozen(kw_only=True)
class WeedingProposed(WeedingDecided):
    """An item was proposed for weeding, by a rule or by hand."""

    title: str
    call_number: str
    bib_id: BibId | None
    rule: str
    reasons: tuple[str, ...]


@frozen(kw_only=True)
class WeedingKept(WeedingDecided):
    """An item proposed for weeding is kept."""

    follow_up: FollowUp
    review_after: date | None


@frozen(kw_only=True)
class WithdrawalDecided(WeedingDecided):
    """An item leaves the collection; until it is disposed of this can be reversed."""


@frozen(kw_only=True)
class WithdrawalStepDone(WeedingDecided):
    """A step toward disposal was done."""

    step: WithdrawalStep


@frozen(kw_only=True)
class WithdrawalReversed(WeedingDecided):
    """A withdrawn item comes back into the collection; the steps done have to be reversed."""


@frozen(kw_only=True)
class ItemDisposed(WeedingDecided):
    """A withdrawn item left the house for good."""

    way: Disposal


@frozen(kw_only=True)
class ProtectionGiven(Event):
    """An item or title was put on a list of what is not weeded."""

    protection: Protection


@frozen(kw_only=True)
class ProtectionEnded(Event):
    """An item or title was taken off such a list."""

    list_name: str
    subject: str
    why: str
