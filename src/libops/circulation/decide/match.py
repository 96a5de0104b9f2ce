"""Whose hold does an item in hand fill? One decision, which says of every hold passed over why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from attrs import frozen

from libops.base.decisions import Check, Outcome, Reason, Weight
from libops.base.ids import HoldId
from libops.circulation.decide.facts import case_of
from libops.circulation.decide.hold_facts import Candidate, MatchFacts
from libops.circulation.decide.patron_checks import PATRON_CHECKS
from libops.circulation.decide.question import LoanQuestion, run_checks
from libops.circulation.model import Hold
from libops.circulation.policy.book import CirculationBook, Terms
from libops.circulation.policy.holds import (
    HoldPolicy,
    HoldScope,
    OnShelf,
    PickupMatch,
    Standpoint,
    queue_order,
    rank,
    reasons,
)
from libops.circulation.policy.limits import PatronAction
from libops.items.model import Item

__all__ = ["Considered", "Matched", "against", "checks_of", "fetched_for", "match_hold", "may_fill", "terms_for"]


@frozen
class Considered:
    """A hold that was looked at, and what spoke against it; nothing for the one that is filled."""

    hold_id: HoldId
    patron_id: str
    reasons: tuple[Reason, ...] = ()


@frozen
class Matched:
    """The hold that the item fills, if any, and all that were considered, in the order of the queue.

    `certain` is False when the heads of the queues that were read do not settle it: read more and ask again.
    """

    hold: Hold | None
    considered: tuple[Considered, ...] = ()
    certain: bool = True


def checks_of(considered: Iterable[Considered]) -> tuple[Check, ...]:
    """Holds that were considered, as checks of a trace."""
    return tuple(
        Check(f"hold {each.hold_id}", Outcome.FAILED if each.reasons else Outcome.PASSED, reason)
        for each in considered
        for reason in (each.reasons or (None,))
    )


def may_fill(item: Item, hold: Hold, policy: HoldPolicy, book: CirculationBook) -> Reason | None:
    """Whether the policy lets this item fill the hold: by who owns it, and by where it is picked up (D2).

    What staff allowed when they placed the hold stays allowed.
    """
    together = book.holds.together
    owns = {
        HoldScope.NOWHERE: False,
        HoldScope.OWN_LIBRARY: item.home_library == hold.patron_library,
        HoldScope.GROUP: together(item.home_library, hold.patron_library),
        HoldScope.ANYWHERE: True,
    }[policy.allowed]
    pickup = {
        PickupMatch.ANY: True,
        PickupMatch.HOME: item.home_library == hold.pickup_library,
        PickupMatch.HOLDING: item.holding_library == hold.pickup_library,
        PickupMatch.GROUP: together(item.home_library, hold.pickup_library),
    }[policy.pickup_match]
    owns = owns or hold.waives(reasons.HOLD_NOT_ALLOWED.code)
    pickup = pickup or hold.waives(reasons.HOLD_PICKUP.code)
    if owns and pickup:
        return None
    return reasons.HOLD_NOT_AT_LIBRARY(library=item.home_library, pickup=hold.pickup_library)


def terms_for(facts: MatchFacts, candidate: Candidate, book: CirculationBook, at: datetime) -> Terms:
    """What the rules grant to the patron of a hold for this item."""
    today = book.calendar(facts.library).service_day(at)
    return book.terms(case_of(facts.library, candidate.patron, facts.item, facts.bib, today, book))


def against(facts: MatchFacts, candidate: Candidate, book: CirculationBook, at: datetime) -> Iterator[Reason]:
    """Everything that speaks against filling a hold with the item."""
    hold, calendar = candidate.hold, book.calendar(facts.library)
    today = calendar.service_day(at)
    if hold.suspended(at):
        yield reasons.HOLD_SUSPENDED(until=hold.suspended_until or "")
    if hold.lapses_at is not None and hold.lapses_at < at:
        yield reasons.HOLD_AFTER_LIMIT(limit=hold.lapses_at)
    if hold.wanted_until is not None and hold.wanted_until < today:
        yield reasons.HOLD_AFTER_LIMIT(limit=hold.wanted_until)
    if stalled(facts, hold, at):
        yield reasons.HOLD_STALLED(until=hold.stalled_until, pickup=hold.pickup_library)
    terms = terms_for(facts, candidate, book, at)
    if terms.holds is None:
        yield reasons.HOLD_NO_POLICY(patron_category=candidate.patron.category, item_type=facts.item.item_type)
        return
    reason = may_fill(facts.item, hold, terms.holds, book)
    if reason is not None:
        yield reason
    question = LoanQuestion(candidate, terms, calendar, at, today, PatronAction.CAPTURE_HOLD, book)
    for found in run_checks(question, PATRON_CHECKS, override=None).verdict.refusing:
        if found.weight is Weight.ABSOLUTE or not hold.waives(found.code):
            yield found


def stalled(facts: MatchFacts, hold: Hold, at: datetime) -> bool:
    """Whether the item is too far away so early: neither in hand nor kept where the hold is picked up."""
    if hold.stalled_until is None or at >= hold.stalled_until:
        return False
    return hold.pickup_library not in (facts.library, facts.item.holding_library)


def match_hold(
    facts: MatchFacts, book: CirculationBook, *, at: datetime, without: frozenset[HoldId] = frozenset()
) -> Matched:
    """The first hold in the order of the queue that nothing speaks against; `without` are served already.

    The queue is that of the item as it stands at the library: local and near holds count as the settings say (D1).
    """
    settings, standpoint = book.holds, Standpoint.of(facts.item, facts.library)
    item = facts.item
    if item.damaged or item.in_repair or item.withdrawn or item.not_for_loan:
        unfit = reasons.HOLD_ITEM_NOT_FIT(barcode=item.barcode or item.id)
        return Matched(None, (Considered(HoldId(""), "", (unfit,)),))
    considered: list[Considered] = []
    found: Hold | None = None
    for place in queue_order((place for head in facts.heads for place in head.places), settings, standpoint):
        if place.hold_id in without:
            continue
        candidate = facts.candidates[place.hold_id]
        speaking = tuple(against(facts, candidate, book, at))
        considered.append(Considered(place.hold_id, place.patron_id, speaking))
        if not speaking:
            found = candidate.hold
            break
    bounds = [
        rank(head.places[-1], settings, standpoint, remote=head.index == "by_queue")
        for head in facts.heads
        if head.more
    ]
    own = None if found is None else rank(found, settings, standpoint)
    certain = all(own is not None and own <= bound for bound in bounds)
    return Matched(found, tuple(considered), certain)


def fetched_for(facts: MatchFacts, matched: Matched, book: CirculationBook, at: datetime) -> Candidate | None:
    """Whom an item that stands on the shelf is fetched for: the hold it fills, with its patron.

    None where it fills none, or where the policy of the hold takes nothing from the shelf and leaves it to returns,
    unless staff allowed that when they placed it.
    """
    if matched.hold is None:
        return None
    candidate = facts.candidates[matched.hold.id]
    policy, waived = terms_for(facts, candidate, book, at).holds, matched.hold.waives(reasons.HOLD_ITEM_ON_SHELF.code)
    if policy is None or (policy.on_shelf is OnShelf.NEVER and not waived):
        return None
    return candidate
