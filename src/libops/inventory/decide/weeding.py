"""The case of an item: proposed, kept or withdrawn, made ready, disposed of. Until disposal all can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from attrs import frozen

from libops.base.answers import Asked, answer
from libops.base.decisions import Decision, Override, Reason, Verdict, Weight
from libops.base.events import Event
from libops.base.periods import add_months
from libops.inventory.decide.plan import InventoryPlan
from libops.inventory.events import (
    ItemDisposed,
    ProtectionEnded,
    ProtectionGiven,
    WeedingKept,
    WeedingProposed,
    WithdrawalDecided,
    WithdrawalReversed,
    WithdrawalStepDone,
)
from libops.inventory.model import (
    WEEDING_TRANSITIONS,
    Disposal,
    FollowUp,
    Protection,
    ShelfStatus,
    WeedingAct,
    WeedingCase,
    WeedingItem,
    WeedingState,
    WithdrawalStep,
)
from libops.inventory.policy import LastCopyGuard, WeedingTerms, copies_guarded, find_rule, reasons_to_weed
from libops.inventory.reasons import (
    PROTECTION_EXISTS,
    PROTECTION_UNKNOWN,
    WEEDING_COPIES_UNKNOWN,
    WEEDING_HAS_HOLDS,
    WEEDING_ITEM_AWAY,
    WEEDING_KEPT_LATELY,
    WEEDING_LAST_COPY,
    WEEDING_OPEN,
    WEEDING_PROTECTED,
    WEEDING_SAME_PERSON,
    WEEDING_STATE,
    WEEDING_STEP_DONE,
    WEEDING_STEPS_OPEN,
    WEEDING_WAY,
    WEEDING_WHY_MISSING,
)

__all__ = [
    "WeedingFacts",
    "complete_step",
    "dispose_item",
    "keep_item",
    "propose_weeding",
    "protect",
    "reinstate_item",
    "unprotect",
    "withdraw_item",
]

BY_HAND = "by hand"
"""The rule named in a case that a person opened without a rule."""
AWAY = (ShelfStatus.ON_LOAN, ShelfStatus.AWAITING_PICKUP, ShelfStatus.IN_TRANSIT)


@frozen(kw_only=True)
class WeedingFacts:
    """For every decision about a case: the item, its case if it has one, and the protections that name it."""

    subject: WeedingItem
    case: WeedingCase | None = None
    protections: Sequence[Protection] = ()


def _legal(facts: WeedingFacts, act: WeedingAct) -> Reason | None:
    state = None if facts.case is None else facts.case.state
    if state is not None and act in WEEDING_TRANSITIONS[state]:
        return None
    now = "not proposed" if state is None else state.value
    return WEEDING_STATE(item=facts.subject.item.item_id, state=now, act=act.value)


def _guards(facts: WeedingFacts, terms: WeedingTerms, on: date) -> list[Asked]:
    """What protects an item, whatever the rules say."""
    subject, item = facts.subject, facts.subject.item
    lists = tuple(sorted({one.list_name for one in facts.protections if one.covers(item, on)}))
    copies = copies_guarded(subject, terms)
    guarded = terms.last_copy is not LastCopyGuard.OFF
    last = guarded and copies is not None and copies <= 1
    where = terms.last_copy.value
    return [
        ("no list protects it", WEEDING_PROTECTED(item=item.item_id, lists=lists) if lists else None),
        ("not the last copy", WEEDING_LAST_COPY(item=item.item_id, where=where) if last else None),
        ("copies are known", WEEDING_COPIES_UNKNOWN(where=where) if guarded and copies is None else None),
    ]


def _as_alerts(asked: Sequence[Asked]) -> list[Asked]:
    return [(name, None if why is None else Reason(why.code, Weight.ALERT, why.data)) for name, why in asked]


def _why(facts: WeedingFacts, why: str) -> Asked:
    missing = None if why.strip() else WEEDING_WHY_MISSING(item=facts.subject.item.item_id)
    return ("reason is given", missing)


def _answer(
    asked: Sequence[Asked], event: Callable[[tuple[str, ...]], Event], override: Override | None, explain: bool
) -> Decision[InventoryPlan]:
    """One event, told with the codes of the guards that were set aside."""

    def plan(verdict: Verdict) -> InventoryPlan:
        return InventoryPlan((event(tuple(reason.code for reason in verdict.overridden)),))

    return answer(asked, plan, override=override, explain=explain)


def propose_weeding(
    facts: WeedingFacts,
    *,
    terms: WeedingTerms,
    at: datetime,
    on: date,
    by: str,
    why: str = "",
    override: Override | None = None,
    explain: bool = False,
) -> Decision[InventoryPlan]:
    """Open an item's case: by the rule that names it, or by hand with a reason in words.

    Guards are said already now, but stop nobody before the withdrawal. `on` is the library's date.
    """
    item, case = facts.subject.item, facts.case
    rule, _ = find_rule(item, terms)
    reasons = () if rule is None else reasons_to_weed(facts.subject, rule, terms, on)
    open_case = case is not None and WeedingAct.PROPOSE not in WEEDING_TRANSITIONS[case.state]
    rests = case is not None and case.state is WeedingState.KEPT and case.review_after and on < case.review_after
    asked: list[Asked] = [
        ("no case is open", WEEDING_OPEN(item=item.item_id, state=case.state.value) if case and open_case else None),
        (
            "not kept lately",
            WEEDING_KEPT_LATELY(item=item.item_id, until=case.review_after) if case and rests else None,
        ),
        *([] if reasons else [_why(facts, why)]),
        *_as_alerts(_guards(facts, terms, on)),
    ]

    def event(waived: tuple[str, ...]) -> Event:
        return WeedingProposed(
            at=at,
            by=by,
            item_id=item.item_id,
            why=why,
            waived=waived,
            title=item.title,
            call_number=item.call_number,
            bib_id=item.bib_id,
            rule=rule.name if rule is not None and reasons else BY_HAND,
            reasons=tuple(str(reason) for reason in reasons),
        )

    return _answer(asked, event, override, explain)


def keep_item(
    facts: WeedingFacts,
    *,
    terms: WeedingTerms,
    at: datetime,
    on: date,
    by: str,
    why: str,
    follow_up: FollowUp = FollowUp.NOTHING,
    explain: bool = False,
) -> Decision[InventoryPlan]:
    """Keep an item that was proposed: as it is, to be mended, replaced, stored or promoted. It rests for a while."""
    item_id = facts.subject.item.item_id
    review = add_months(on, 12 * terms.keep_years) if terms.keep_years else None
    asked = [("case is proposed", _legal(facts, WeedingAct.KEEP)), _why(facts, why)]
    event = WeedingKept(at=at, by=by, item_id=item_id, why=why, follow_up=follow_up, review_after=review)
    return _answer(asked, lambda waived: event, None, explain)


def withdraw_item(
    facts: WeedingFacts,
    *,
    terms: WeedingTerms,
    at: datetime,
    on: date,
    by: str,
    why: str,
    override: Override | None = None,
    explain: bool = False,
) -> Decision[InventoryPlan]:
    """Take an item out of the collection. A protected item, a last copy or one that is waited for needs a right."""
    item, case = facts.subject.item, facts.case
    away = item.status in AWAY
    same = terms.second_person and case is not None and case.proposed_by == by
    holds = facts.subject.holds
    asked: list[Asked] = [
        ("case is proposed", _legal(facts, WeedingAct.WITHDRAW)),
        _why(facts, why),
        ("item is in the house", WEEDING_ITEM_AWAY(item=item.item_id, status=item.status.value) if away else None),
        *_guards(facts, terms, on),
        ("nobody waits for it", WEEDING_HAS_HOLDS(item=item.item_id, holds=holds) if holds else None),
        ("two people decide", WEEDING_SAME_PERSON(item=item.item_id, by=by) if same else None),
    ]

    def event(waived: tuple[str, ...]) -> Event:
        return WithdrawalDecided(at=at, by=by, item_id=item.item_id, why=why, waived=waived)

    return _answer(asked, event, override, explain)


def complete_step(
    facts: WeedingFacts, *, step: WithdrawalStep, at: datetime, by: str, explain: bool = False
) -> Decision[InventoryPlan]:
    """Note that a step toward disposal was done: the label is off, the record is suppressed."""
    item_id = facts.subject.item.item_id
    done = facts.case is not None and step in facts.case.steps
    asked = [
        ("item is withdrawn", _legal(facts, WeedingAct.STEP)),
        ("step is open", WEEDING_STEP_DONE(item=item_id, step=step.value) if done else None),
    ]
    event = WithdrawalStepDone(at=at, by=by, item_id=item_id, step=step)
    return _answer(asked, lambda waived: event, None, explain)


def reinstate_item(
    facts: WeedingFacts, *, at: datetime, by: str, why: str, explain: bool = False
) -> Decision[InventoryPlan]:
    """Take a withdrawn item back into the collection; the case lists the steps that have to be reversed."""
    asked = [("item is withdrawn", _legal(facts, WeedingAct.REINSTATE)), _why(facts, why)]
    event = WithdrawalReversed(at=at, by=by, item_id=facts.subject.item.item_id, why=why)
    return _answer(asked, lambda waived: event, None, explain)


def dispose_item(
    facts: WeedingFacts,
    *,
    terms: WeedingTerms,
    way: Disposal,
    at: datetime,
    by: str,
    why: str = "",
    override: Override | None = None,
    explain: bool = False,
) -> Decision[InventoryPlan]:
    """Let a withdrawn item go for good. Nothing after this can be taken back."""
    item_id = facts.subject.item.item_id
    done = () if facts.case is None else facts.case.steps
    left = tuple(step.value for step in terms.steps if step not in done)
    allowed = tuple(one.value for one in terms.ways)
    barred = bool(allowed) and way.value not in allowed
    asked: list[Asked] = [
        ("item is withdrawn", _legal(facts, WeedingAct.DISPOSE)),
        ("all steps are done", WEEDING_STEPS_OPEN(item=item_id, steps=left) if left else None),
        ("way is allowed", WEEDING_WAY(way=way.value, allowed=allowed) if barred else None),
    ]

    def event(waived: tuple[str, ...]) -> Event:
        return ItemDisposed(at=at, by=by, item_id=item_id, why=why, waived=waived, way=way)

    return _answer(asked, event, override, explain)


def protect(
    protection: Protection, *, stored: Protection | None = None, explain: bool = False
) -> Decision[InventoryPlan]:
    """Put an item or title on a list of what is not weeded; `stored` is what the list has under its key now."""
    twin = PROTECTION_EXISTS(list=protection.list_name, subject=protection.subject) if stored == protection else None
    event = ProtectionGiven(at=protection.since, by=protection.by, protection=protection)
    return _answer([("list does not say so already", twin)], lambda waived: event, None, explain)


def unprotect(
    stored: Protection | None, *, list_name: str, subject: str, why: str, at: datetime, by: str, explain: bool = False
) -> Decision[InventoryPlan]:
    """Take an item or title off a list."""
    asked: list[Asked] = [
        ("list names it", None if stored else PROTECTION_UNKNOWN(list=list_name, subject=subject)),
        ("reason is given", None if why.strip() else WEEDING_WHY_MISSING(item=subject)),
    ]
    event = ProtectionEnded(at=at, by=by, list_name=list_name, subject=subject, why=why)
    return _answer(asked, lambda waived: event, None, explain)
