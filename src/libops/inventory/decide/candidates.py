"""Which items of a stretch of shelf a library may want to weed. A list for a person with a cart; nothing is decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from attrs import evolve

from libops.base.ids import ItemId
from libops.inventory.model import (
    Protection,
    ShelfStatus,
    WeedingCandidate,
    WeedingCase,
    WeedingItem,
    WeedingState,
)
from libops.inventory.policy import LastCopyGuard, WeedingTerms, copies_guarded, find_rule, reasons_to_weed

__all__ = ["weeding_candidates"]


def _resting(case: WeedingCase | None, on: date) -> bool:
    """Whether an item's case is open, final, or was decided so lately that it rests."""
    if case is None:
        return False
    return case.state is not WeedingState.KEPT or (case.review_after is not None and on < case.review_after)


def _worth(candidate: WeedingCandidate) -> tuple[int, int, int, str]:
    """Which copy to keep: the least speaks against it, it is in the best condition and was used last."""
    found = candidate.subject
    condition = 0 if found.condition is None else found.condition.rank
    used = 0 if found.last_used is None else -found.last_used.toordinal()
    return (len(candidate.reasons), condition, used, found.item.item_id)


def _guard_last_copies(candidates: Sequence[WeedingCandidate], terms: WeedingTerms) -> list[WeedingCandidate]:
    """Mark, of each title all whose copies are candidates, the copy most worth keeping."""
    if terms.last_copy is LastCopyGuard.OFF:
        return list(candidates)
    titles: dict[tuple[str, str], list[WeedingCandidate]] = {}
    for candidate in candidates:
        library = candidate.subject.item.library if terms.last_copy is LastCopyGuard.LIBRARY else ""
        titles.setdefault((candidate.subject.title_key, library), []).append(candidate)
    guarded = []
    for copies in titles.values():
        known = [number for number in (copies_guarded(one.subject, terms) for one in copies) if number is not None]
        best = min(copies, key=_worth)
        for candidate in copies:
            last = candidate is best and bool(known) and len(copies) >= min(known)
            guarded.append(evolve(candidate, last_copy=last, copies_unknown=not known))
    return guarded


def weeding_candidates(
    items: Iterable[WeedingItem],
    terms: WeedingTerms,
    *,
    on: date,
    protections: Sequence[Protection] = (),
    cases: Mapping[ItemId, WeedingCase] | None = None,
) -> tuple[WeedingCandidate, ...]:
    """The items that the library's table names on a day, those with most against them first.

    Protected items and last copies are on the list, marked, because a person may want to know. Items whose case is
    open or rests are not. Candidates that are not marked can all be withdrawn without losing a title.
    """
    by_subject: dict[str, list[Protection]] = {}
    for protection in protections:
        by_subject.setdefault(protection.subject, []).append(protection)
    found = []
    for subject in items:
        item = subject.item
        rule, _ = find_rule(item, terms)
        if rule is None or item.status is ShelfStatus.WITHDRAWN or _resting((cases or {}).get(item.item_id), on):
            continue
        reasons = reasons_to_weed(subject, rule, terms, on)
        if reasons:
            nearby = [*by_subject.get(item.item_id, ()), *by_subject.get(item.bib_id or "", ())]
            lists = tuple(sorted({one.list_name for one in nearby if one.covers(item, on)}))
            found.append(WeedingCandidate(subject=subject, rule=rule.name, reasons=reasons, protected_by=lists))
    guarded = _guard_last_copies(found, terms)
    guarded.sort(key=lambda one: (-len(one.reasons), one.subject.item.order, one.subject.item.item_id))
    return tuple(guarded)
