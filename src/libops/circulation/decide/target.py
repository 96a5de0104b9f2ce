"""Which item is fetched for a hold? One library is asked at a time, and every item that is not chosen says why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from attrs import frozen

from libops.base.decisions import Reason
from libops.base.ids import ItemId, LibraryCode
from libops.circulation.decide.hold_facts import Candidate, MatchFacts
from libops.circulation.decide.match import against
from libops.circulation.model import HoldTarget, TargetRefusal
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.holds import AfterLoops, ClosedLibraries, Targeting, reasons

__all__ = ["TargetFacts", "given_up", "next_target"]

FARTHEST = 1 << 30


@frozen
class TargetFacts:
    """A waiting hold, the items of its title that stand on shelves, and the item asked for so far.

    `taken` are the items to be fetched for holds before this one.
    """

    candidate: Candidate
    shelved: tuple[MatchFacts, ...]
    before: HoldTarget | None = None
    taken: frozenset[ItemId] = frozenset()


def next_target(facts: TargetFacts, book: CirculationBook, *, at: datetime) -> HoldTarget:
    """The item to fetch: the one asked for while its time lasts, then the nearest of those not asked for yet.

    Without `item_id`, nothing is left to ask for: nothing fits, or the rounds are over (`loops`).
    """
    terms, before = book.holds.targeting, facts.before
    loops = 0 if before is None else before.loops
    if before is not None and (lasts(facts, before, book, at) or (terms.loops is not None and loops >= terms.loops)):
        return before
    tried: tuple[LibraryCode, ...] = ()
    if before is not None:
        tried = before.tried if before.library is None else (*before.tried, before.library)
    found = {each.item.id: first_reason(facts, each, book, at) for each in facts.shelved}
    fitting = [each for each in facts.shelved if found[each.item.id] is None]
    fresh = [each for each in fitting if each.library not in tried]
    if fitting and not fresh:
        # Every library has been asked: a round is over.
        loops, tried = loops + 1, ()
        fresh = [] if terms.loops is not None and loops >= terms.loops else fitting
    refused = [TargetRefusal(key, reason.code) for key, reason in found.items() if reason is not None]
    refused += [TargetRefusal(each.item.id, reasons.HOLD_LIBRARY_TRIED.code) for each in fitting if each not in fresh]
    chosen = nearest(facts.candidate, fresh, book)
    if chosen is None:
        return HoldTarget(facts.candidate.hold.id, None, None, at, tried, loops, tuple(refused))
    return HoldTarget(facts.candidate.hold.id, chosen.item.id, chosen.library, at, tried, loops, tuple(refused))


def given_up(target: HoldTarget, terms: Targeting) -> bool:
    """Whether the hold ends here: every library was asked as often as the settings say, and nothing was found."""
    over = terms.loops is not None and target.loops >= terms.loops
    return over and target.item_id is None and terms.after_loops is AfterLoops.CANCELLED


def lasts(facts: TargetFacts, before: HoldTarget, book: CirculationBook, at: datetime) -> bool:
    """Whether the item asked for still stands there for this hold, and may still be fetched."""
    after, here = book.holds.targeting.retarget_after, None
    for each in facts.shelved:
        if each.item.id == before.item_id and each.library == before.library:
            here = each
    if here is None or after is None or before.item_id in facts.taken:
        return False
    ends = after.after_instant(before.targeted_at, book.calendar(here.library).zone_info)
    return at < ends and not any(True for _ in against(here, facts.candidate, book, at))


def first_reason(facts: TargetFacts, each: MatchFacts, book: CirculationBook, at: datetime) -> Reason | None:
    """Why an item is not asked for, apart from having been."""
    if each.item.id in facts.taken:
        return reasons.HOLD_ITEM_ASKED_FOR(barcode=each.item.barcode or each.item.id)
    if closed(facts.candidate.hold.pickup_library, each.library, book, at):
        return reasons.HOLD_LIBRARY_CLOSED(library=each.library)
    return next(iter(against(each, facts.candidate, book, at)), None)


def closed(pickup: LibraryCode, library: LibraryCode, book: CirculationBook, at: datetime) -> bool:
    """Whether a library is left out because it is closed today."""
    option = book.holds.targeting.closed
    if option is ClosedLibraries.ASKED or (option is ClosedLibraries.SKIPPED_UNLESS_PICKUP and library == pickup):
        return False
    calendar = book.calendar(library)
    return not calendar.is_open_day(calendar.service_day(at))


def nearest(candidate: Candidate, found: Sequence[MatchFacts], book: CirculationBook) -> MatchFacts | None:
    """The item with the shortest way to the pickup library; of several, the first by library and identifier."""
    pickup, far = candidate.hold.pickup_library, book.holds.proximity

    def way(each: MatchFacts) -> tuple[int, str, str]:
        distance = 0 if each.library == pickup else far.get(each.library, {}).get(pickup, FARTHEST)
        return distance, each.library, each.item.id

    return min(found, key=way, default=None)
