"""Two records of one title became one: who waits for the one that goes, and who has its items, follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from attrs import evolve, field, frozen

from libops.base.decisions import Decision, Permit, Reason
from libops.base.events import Event
from libops.base.ids import BibId, HoldId, PatronId
from libops.circulation.events import HoldCancelled, HoldRetitled, ItemLeftOnHoldShelf, LoanRetitled, TransitRetitled
from libops.circulation.model import Hold, HoldState, Loan, ShelfClearance, Transit, retitled
from libops.circulation.policy.holds.reasons import HOLD_ONE_PLACE
from libops.patrons.model import Patron

__all__ = ["MergedTitleFacts", "MergedTitlePlan", "follow_title"]

Wish = tuple[PatronId, frozenset[str]]


@frozen
class MergedTitleFacts:
    """What a merge of two records concerns at the desk and on the hold shelf.

    `holds` are all that ask for the record that goes, waiting or caught, `others` those of the same patrons that ask
    for the one that stays; `loans`, `transits` and `clearances` are those of the items that go over.
    """

    gone: BibId
    into: BibId
    holds: tuple[Hold, ...] = ()
    others: tuple[Hold, ...] = ()
    loans: tuple[Loan, ...] = ()
    transits: tuple[Transit, ...] = ()
    clearances: tuple[ShelfClearance, ...] = ()
    patrons: Mapping[PatronId, Patron] = field(factory=dict)


@frozen
class MergedTitlePlan:
    """What follows the items: `given_up` are the holds of patrons who waited for both, with the one that stays."""

    events: tuple[Event, ...]
    given_up: tuple[tuple[Hold, Hold], ...] = ()


def follow_title(facts: MergedTitleFacts, *, at: datetime, by: str, why: str) -> Decision[MergedTitlePlan]:
    """Let holds, loans and transits follow the items to the record that stays.

    Each hold keeps its place in the order of the queue. A patron who waits for both titles keeps one place: that of
    the hold that has its item, else the earlier; the other is cancelled for the reason `why`, which is told. Holds
    that were placed together (a book club's) stay as many as they are.
    """
    given_up = tuple(_twice(facts))
    gone = {hold.id for hold, _ in given_up}
    events: list[Event] = [HoldCancelled(at, by, hold.id, hold.patron_id, why) for hold, _ in given_up]
    events += [HoldRetitled(at, by, hold.id, facts.gone, facts.into) for hold in facts.holds if hold.id not in gone]
    events += [LoanRetitled(at, by, loan.id, loan.item_id, facts.into) for loan in facts.loans]
    events += [TransitRetitled(at, by, transit.item_id, facts.into) for transit in facts.transits]
    events += [ItemLeftOnHoldShelf(at, by, one.item_id, evolve(one, bib_id=facts.into)) for one in facts.clearances]
    return Permit(MergedTitlePlan(tuple(events), given_up), tuple([_told(facts, stays) for _, stays in given_up]))


def _twice(facts: MergedTitleFacts) -> Iterator[tuple[Hold, Hold]]:
    """The holds that wait for what another hold of the same patron asks for as well, with that other one."""
    ours = {hold.id for hold in facts.holds}
    wishes: dict[Wish, dict[HoldId, Hold]] = {}
    for hold in (*facts.holds, *facts.others):
        if not hold.batch:
            wanted = frozenset(retitled(hold, facts.gone, facts.into).targets)
            wishes.setdefault((hold.patron_id, wanted), {})[hold.id] = hold
    for holds in wishes.values():
        if ours.isdisjoint(holds) or ours >= holds.keys():
            continue
        first, *later = sorted(holds.values(), key=_standing)
        yield from ((hold, first) for hold in later if hold.state is HoldState.WAITING)


def _standing(hold: Hold) -> tuple[bool, int, int, datetime, HoldId]:
    return hold.state is HoldState.WAITING, hold.cut, hold.priority, hold.queued_at, hold.id


def _told(facts: MergedTitleFacts, stays: Hold) -> Reason:
    patron = facts.patrons.get(stays.patron_id)
    return HOLD_ONE_PLACE(patron=stays.patron_id if patron is None else patron.name, since=stays.queued_at)
