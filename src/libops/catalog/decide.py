"""May this record be changed, deleted, restored or taken back to an earlier version? Facts in, a decision out.

The plan of a permit is the tuple of events to commit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from attrs import evolve, frozen

from libops.base.answers import answer
from libops.base.decisions import Decision, Override, Permit, Reason, Refuse
from libops.base.events import Event
from libops.catalog import reasons
from libops.catalog.events import (
    BibChanged,
    BibDeleted,
    BibRestored,
    BibReverted,
    BibSuppressed,
    BibUnsuppressed,
    HoldingsChanged,
)
from libops.catalog.model import BibRecord, BibVersion, Holdings

__all__ = [
    "BibFacts",
    "SecondLook",
    "change",
    "delete",
    "look_again",
    "merge",
    "merged_away",
    "restore",
    "revert",
    "suppress",
]

Plan = tuple[Event, ...]


@frozen
class BibFacts:
    """What a decision about a bibliographic record needs to know; `bib` is None when there is no such record.

    `subscriptions` counts those that are active; `asked` is the identifier that was asked for. `holdings` are those of
    the record, asked for where it is merged into another.
    """

    bib: BibRecord | None
    item_count: int = 0
    hold_count: int = 0
    subscriptions: int = 0
    asked: str = ""
    holdings: tuple[Holdings, ...] = ()


def _answer(found: Iterable[Reason], plan: Plan, override: Override | None = None) -> Decision[Plan]:
    return answer(((reason.code, reason) for reason in found), lambda verdict: plan, override=override)


def merged_away(bib: BibRecord) -> Reason | None:
    """Where a record has gone that was merged into another; None for one that was not."""
    return None if bib.merged_into is None else reasons.BIB_MERGED(bib=bib.id, into=bib.merged_into)


def _deleted(bib: BibRecord) -> Reason:
    """That a record is gone, and where to, if it was merged into another."""
    return merged_away(bib) or reasons.BIB_DELETED(bib=bib.id)


def change(
    facts: BibFacts, new: BibRecord, *, at: datetime, by: str, version_id: str, source: str = "", reason: str = ""
) -> Decision[Plan]:
    """Replace the record by `new`, keeping the previous version.

    Refused when there is no such record, when it is deleted, and when nothing would change.
    """
    bib = facts.bib
    if bib is None:
        return Refuse((reasons.BIB_UNKNOWN(bib=new.id),))
    found = []
    if bib.deleted:
        found.append(_deleted(bib))
    if new == bib or (new.content_hash and new.content_hash == bib.content_hash and new.suppressed == bib.suppressed):
        found.append(reasons.BIB_UNCHANGED(bib=bib.id))
    return _answer(found, (BibChanged(at, by, evolve(new, id=bib.id), bib, version_id, source, reason),))


def delete(facts: BibFacts, *, at: datetime, by: str, override: Override | None = None) -> Decision[Plan]:
    """Delete the record, leaving a trace. A record with items cannot go; one with holds only with the right to."""
    bib = facts.bib
    if bib is None:
        return Refuse((reasons.BIB_UNKNOWN(bib=facts.asked),))
    found = []
    if bib.deleted:
        found.append(_deleted(bib))
    if facts.item_count:
        found.append(reasons.BIB_HAS_ITEMS(bib=bib.id, items=facts.item_count))
    if facts.hold_count:
        found.append(reasons.BIB_HAS_HOLDS(bib=bib.id, holds=facts.hold_count))
    if facts.subscriptions:
        found.append(reasons.BIB_HAS_SUBSCRIPTION(bib=bib.id))
    return _answer(found, (BibDeleted(at, by, evolve(bib, deleted=True)),), override)


@frozen
class SecondLook:
    """What a record that was just deleted turned out to have: the refusal of the deletion, and what undoes it."""

    events: tuple[Event, ...] = ()
    refused: Refuse | None = None


def look_again(facts: BibFacts, *, at: datetime, by: str, override: Override | None = None) -> Decision[SecondLook]:
    """Ask once more after a deletion: a record that got a hold or an item at that moment comes back as it was.

    Whoever places a hold reads the record, but changes nothing of it: only afterwards can be said that nobody did.
    """
    bib = facts.bib
    if bib is None or not bib.deleted or bib.merged_into is not None:
        return Permit(SecondLook())
    before = evolve(bib, deleted=False)
    asked = delete(evolve(facts, bib=before), at=at, by=by, override=override)
    return Permit(SecondLook((BibRestored(at, by, before),), asked) if isinstance(asked, Refuse) else SecondLook())


def merge(
    winner: BibFacts,
    loser: BibFacts,
    merged: BibRecord | None,
    *,
    at: datetime,
    by: str,
    version_id: str,
    moved_items: int = 0,
    moved_holds: int = 0,
    moved_subscriptions: int = 0,
) -> Decision[Plan]:
    """Make two records one: the winner becomes `merged`, the loser leaves a trace that names it and leads to it.

    Where `merged` is None the winner stays as it is.
    `moved_items`, `moved_holds` and `moved_subscriptions` go over to the winner in the same act; what would stay behind
    on the loser refuses the merge. Its holdings say of the winner what they said of it. The winner can be taken back to
    its earlier version; the loser does not come back, for nothing says which items and holds were its own.
    """
    unknown = [one.asked for one in (winner, loser) if one.bib is None]
    if winner.bib is None or loser.bib is None:
        return Refuse(tuple([reasons.BIB_UNKNOWN(bib=asked) for asked in unknown]))
    kept, gone = winner.bib, loser.bib
    found = [_deleted(bib) for bib in (kept, gone) if bib.deleted]
    if kept.id == gone.id:
        found = [*found[:1], reasons.BIB_SAME(bib=kept.id)]
    if loser.item_count > moved_items:
        found.append(reasons.BIB_HAS_ITEMS(bib=gone.id, items=loser.item_count - moved_items))
    if loser.hold_count > moved_holds:
        found.append(reasons.BIB_HAS_HOLDS(bib=gone.id, holds=loser.hold_count - moved_holds))
    if loser.subscriptions > moved_subscriptions:
        found.append(reasons.BIB_HAS_SUBSCRIPTION(bib=gone.id))
    became = kept if merged is None else evolve(merged, id=kept.id)
    plan: Plan = (BibDeleted(at, by, evolve(gone, deleted=True, merged_into=kept.id)),)
    plan = (*plan, *[HoldingsChanged(at, by, evolve(one, bib_id=kept.id)) for one in loser.holdings])
    if became != kept:
        plan = (BibChanged(at, by, became, kept, version_id, f"record {gone.id}", "merged"), *plan)
    return _answer(found, plan)


def restore(facts: BibFacts, *, at: datetime, by: str) -> Decision[Plan]:
    """Bring a deleted record back, unless it was merged into another."""
    bib = facts.bib
    if bib is None:
        return Refuse((reasons.BIB_UNKNOWN(bib=facts.asked),))
    found = [] if bib.deleted else [reasons.BIB_NOT_DELETED(bib=bib.id)]
    if bib.merged_into is not None:
        found.append(_deleted(bib))
    return _answer(found, (BibRestored(at, by, evolve(bib, deleted=False)),))


def suppress(facts: BibFacts, hidden: bool, *, at: datetime, by: str) -> Decision[Plan]:
    """Hide the record from the public, or show it again. Items and holdings have their own flags."""
    bib = facts.bib
    if bib is None:
        return Refuse((reasons.BIB_UNKNOWN(bib=facts.asked),))
    found = []
    if bib.deleted:
        found.append(_deleted(bib))
    if bib.suppressed == hidden:
        found.append(reasons.BIB_UNCHANGED(bib=bib.id, suppressed=hidden))
    event = BibSuppressed if hidden else BibUnsuppressed
    return _answer(found, (event(at, by, evolve(bib, suppressed=hidden)),))


def revert(
    facts: BibFacts, version: BibVersion | None, *, at: datetime, by: str, version_id: str, asked: str = ""
) -> Decision[Plan]:
    """Put an earlier version back in place; the one it replaces is kept in turn, so this too can be undone.

    `asked` is the identifier of the version, which the refusal shows where there is none.
    """
    bib = facts.bib
    if bib is None:
        return Refuse((reasons.BIB_UNKNOWN(bib=facts.asked),))
    if version is None or version.bib_id != bib.id:
        return Refuse((reasons.VERSION_UNKNOWN(bib=bib.id, version=asked),))
    found = [_deleted(bib)] if bib.deleted else []
    if version.bib == bib:
        found.append(reasons.BIB_UNCHANGED(bib=bib.id))
    return _answer(found, (BibReverted(at, by, version.bib, bib, version_id, version.id),))
