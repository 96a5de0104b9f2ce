"""May this patron hold this, and what will become of it?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from attrs import evolve, frozen

from libops.base.calendars import Calendar
from libops.base.decisions import (
    Check,
    Decision,
    Outcome,
    Override,
    Permit,
    Reason,
    Refuse,
    RuleConsidered,
    Trace,
    Verdict,
    Weight,
    weigh,
)
from libops.base.events import Event
from libops.base.ids import HoldId, IdSource
from libops.circulation import reasons as general
from libops.circulation.decide.facts import age_on, case_of
from libops.circulation.decide.hold_facts import ItemOfTitle, PlaceHoldFacts
from libops.circulation.decide.patron_checks import PATRON_CHECKS
from libops.circulation.decide.question import LoanQuestion, answered, run_checks, waived_by
from libops.circulation.decide.recall import Recall, recall_for
from libops.circulation.events import HoldPlaced
from libops.circulation.model import Hold, HoldLevel, ItemState, RequestKind, Waived, requests_allowed
from libops.circulation.policy.book import CirculationBook, Terms
from libops.circulation.policy.holds import (
    HoldPolicy,
    HoldScope,
    ItemLevel,
    OnShelf,
    PickupMatch,
    SuspendedCounting,
    reasons,
)
from libops.circulation.policy.limits import PatronAction
from libops.circulation.policy.terms import UnknownAge
from libops.fees.decide import Act, charge
from libops.fees.model import Cause
from libops.fees.policy import AccountPolicy
from libops.items.model import Item

__all__ = ["HoldPlan", "item_reasons", "place_hold"]


@frozen
class HoldPlan:
    """The holds as they will be, what kind of request it is, the loan that is recalled, and the events."""

    holds: tuple[Hold, ...]
    request: RequestKind
    waived: Waived | None
    events: tuple[Event, ...]
    recall: Recall | None = None


@frozen
class Asked:
    """The facts as a check of one item sees them."""

    facts: PlaceHoldFacts
    one: ItemOfTitle
    terms: Terms
    on_shelf: int
    out: int

    @property
    def policy(self) -> HoldPolicy:
        assert self.terms.holds is not None
        return self.terms.holds


def scope(facts: PlaceHoldFacts, item: Item, policy: HoldPolicy, book: CirculationBook) -> Reason | None:
    """Whose items may fill the hold."""
    home = facts.patron.home_library
    fits = {
        HoldScope.NOWHERE: False,
        HoldScope.OWN_LIBRARY: item.home_library == home,
        HoldScope.GROUP: book.holds.together(item.home_library, home),
        HoldScope.ANYWHERE: True,
    }[policy.allowed]
    return None if fits else reasons.HOLD_NOT_ALLOWED(library=item.home_library, scope=policy.allowed.value)


def level(asked: Asked) -> Reason | None:
    """One item or the title."""
    on_item = asked.facts.wanted.level is HoldLevel.ITEM
    if on_item and asked.policy.item_level is ItemLevel.NO:
        return reasons.HOLD_ON_TITLE_ONLY()
    if not on_item and asked.policy.item_level is ItemLevel.ONLY:
        return reasons.HOLD_ON_ITEM_ONLY()
    return None


def state(asked: Asked) -> Reason | None:
    """Whether an item in this state can be held at all (FOLIO's table)."""
    found = asked.one.state
    return None if requests_allowed(found) else reasons.HOLD_ITEM_STATE(state=found.value)


def on_shelf(asked: Asked) -> Reason | None:
    """What holds for items that stand there (D4)."""
    option, here = asked.policy.on_shelf, asked.one.on_shelf
    barcode = asked.one.item.barcode or asked.one.item.id
    if option is OnShelf.ONLY_AVAILABLE:
        return None if here else reasons.HOLD_NOT_ON_SHELF(barcode=barcode)
    if option is OnShelf.NEVER and here:
        return reasons.HOLD_ITEM_ON_SHELF(barcode=barcode)
    if option is OnShelf.IF_ALL_OUT and asked.on_shelf:
        return reasons.HOLD_ITEM_ON_SHELF(barcode=barcode)
    if option is OnShelf.IF_ANY_OUT and not asked.out:
        return reasons.HOLD_NONE_OUT()
    return None


def pickup(asked: Asked, book: CirculationBook) -> Reason | None:
    """Where the item can be picked up (D2)."""
    return pickup_reason(asked.facts.wanted.pickup_library, asked.one.item, asked.policy, book, asked.facts)


def pickup_reason(
    place: str, item: Item, policy: HoldPolicy, book: CirculationBook, facts: PlaceHoldFacts | None = None
) -> Reason | None:
    known = facts is None or place in facts.pickup_places
    listed = policy.pickup_libraries is None or place in policy.pickup_libraries
    match = {
        PickupMatch.ANY: True,
        PickupMatch.HOME: place == item.home_library,
        PickupMatch.HOLDING: place == item.holding_library,
        PickupMatch.GROUP: book.holds.together(item.home_library, type(item.home_library)(place)),
    }[policy.pickup_match]
    return None if known and listed and match else reasons.HOLD_PICKUP(library=place)


def age(asked: Asked, question: LoanQuestion) -> Reason | None:
    """The patron is of the age that the item and the policy ask for (D11)."""
    terms, item = asked.policy.age, asked.one.item
    if item.age_restriction is None and terms.at_least is None and terms.at_most is None:
        return None
    least = max(item.age_restriction or 0, terms.at_least or 0)
    years = age_on(asked.facts.patron.birth_date, question.today)
    if years is None:
        if terms.unknown is UnknownAge.PASSES:
            return None
        if terms.unknown is UnknownAge.CONFIRM:
            return general.AGE_UNKNOWN(at_least=least)
        return general.AGE_NOT_ALLOWED(age="", at_least=least)
    if years >= least and (terms.at_most is None or years <= terms.at_most):
        return None
    return answered(terms.otherwise, general.AGE_NOT_ALLOWED, age=years, at_least=least)


def limits(asked: Asked) -> Iterable[Reason]:
    """How many holds a patron may have: on the title, today, in all."""
    facts, policy, more = asked.facts, asked.policy, asked.facts.wanted.count
    counts = (
        (policy.per_record, len(facts.own_holds), reasons.HOLD_PER_RECORD),
        (policy.per_day, facts.placed_today, reasons.HOLD_PER_DAY),
        (policy.in_all, counted(facts, policy), reasons.HOLD_LIMIT_REACHED),
    )
    for limit, count, code in counts:
        if limit is not None and count + more > limit:
            yield code(count=count, limit=limit)


def counted(facts: PlaceHoldFacts, policy: HoldPolicy) -> int:
    """The patron's holds in force, suspended ones as the policy says."""
    return facts.standing.holds - (facts.suspended if policy.suspended is SuspendedCounting.NOT_COUNTED else 0)


def item_reasons(asked: Asked, question: LoanQuestion, book: CirculationBook) -> list[Reason]:
    """Everything that speaks against holding one item."""
    found = [
        scope(asked.facts, asked.one.item, asked.policy, book),
        level(asked),
        state(asked),
        on_shelf(asked),
        pickup(asked, book),
        age(asked, question),
    ]
    return [*(reason for reason in found if reason is not None), *limits(asked)]


@frozen
class Answer:
    """What was found for one item."""

    one: ItemOfTitle
    terms: Terms
    verdict: Verdict
    checks: tuple[Check, ...]


def ask_items(
    facts: PlaceHoldFacts, book: CirculationBook, at: datetime, override: Override | None, extra: Sequence[Reason]
) -> list[Answer]:
    """Ask for each item that could fill the hold; the patron may hold the title if one of them says yes."""
    calendar = book.calendar(facts.library)
    today = calendar.service_day(at)
    granted = [
        (one, book.terms(case_of(facts.library, facts.patron, one.item, facts.bib, today, book))) for one in facts.items
    ]
    holdable = [one for one, terms in granted if terms.holds and scope(facts, one.item, terms.holds, book) is None]
    shelf, out = sum(one.on_shelf for one in holdable), sum(not one.on_shelf for one in holdable)
    answers = []
    for one, terms in granted:
        if terms.holds is None:
            none = reasons.HOLD_NO_POLICY(patron_category=facts.patron.category, item_type=one.item.item_type)
            answers.append(Answer(one, terms, weigh((none,), override), (Check("hold policy", Outcome.FAILED, none),)))
            continue
        question = LoanQuestion(facts, terms, calendar, at, today, PatronAction.PLACE_HOLD, book)
        own = item_reasons(Asked(facts, one, terms, shelf, out), question, book)
        asked = run_checks(question, PATRON_CHECKS, override=override, extra=(*own, *extra), explain=True)
        told = tuple(Check(f"item {one.item.barcode or one.item.id}", Outcome.FAILED, reason) for reason in own)
        answers.append(Answer(one, terms, asked.verdict, (*told, *asked.checks)))
    return answers


def place_hold(
    facts: PlaceHoldFacts,
    book: CirculationBook,
    *,
    at: datetime,
    hold_ids: Sequence[HoldId],
    by: str,
    ids: IdSource,
    override: Override | None = None,
    extra: Iterable[Reason] = (),
    explain: bool = False,
) -> Decision[HoldPlan]:
    """Decide whether a patron may hold something, and plan the holds.

    A hold on a title is taken when at least one of its items may be held; otherwise the reasons of all of them are
    given. `hold_ids` has one identifier for each hold wanted. The rule that counts is that of the first item that
    says yes.
    """
    extra = list(extra)
    if any(one.loan is not None and one.loan.patron_id == facts.patron.id for one in facts.items):
        extra.append(reasons.HOLD_TITLE_OUT(title=facts.bib.title))
    answers = ask_items(facts, book, at, override, extra)
    yes = next((answer for answer in answers if not answer.verdict.refusing), None)
    trace = trace_of(facts, book, at, answers) if explain else None
    if yes is None:
        verdict = verdict_of_none(answers, override, extra)
        if verdict.refusing:
            return Refuse(verdict.refusing, verdict.alerts, trace)
        policy, rule = HoldPolicy(), ""
    else:
        assert yes.terms.holds is not None
        verdict, policy, rule = yes.verdict, yes.terms.holds, yes.terms.rule
    recall: Recall | None = None
    if facts.wanted.recall:
        recall = recall_for(facts, book, at=at, override=override)
        verdict = verdict.and_then(recall.verdict)
        if verdict.refusing:
            return Refuse(verdict.refusing, verdict.alerts, trace)
    waived = waived_by(override, verdict)
    stalled_until = stall(facts, book, at)
    holds = [
        evolve(hold, waived=waived, stalled_until=stalled_until)
        for hold in planned(facts, book, policy, rule, at, hold_ids)
    ]
    events: list[Event] = [HoldPlaced(at, by, hold.id, hold, waived) for hold in holds]
    if recall is not None:
        events += recall.events(at, by, holds[0].id)
    events += fee_events(facts, policy, book.accounts, at, by, ids, len(holds))
    kind = request_kind(facts, recall)
    return Permit(HoldPlan(tuple(holds), kind, waived, tuple(events), recall), verdict.alerts, trace)


def verdict_of_none(answers: Sequence[Answer], override: Override | None, extra: Sequence[Reason]) -> Verdict:
    """The reasons of all items, each said once; a title without items says so.

    Where rights could lift what stands against one item, those that nothing lifts for another are no help.
    """
    if not answers:
        return weigh([reasons.HOLD_NO_ITEM(), *extra], override)
    seen: dict[str, Reason] = {}
    for answer in [each for each in answers if can_be_lifted(each.verdict)] or answers:
        for reason in (*answer.verdict.refusing, *answer.verdict.alerts):
            seen.setdefault(reason.code, reason)
    return weigh(seen.values(), override)


def can_be_lifted(verdict: Verdict) -> bool:
    return all(reason.weight is not Weight.ABSOLUTE for reason in verdict.refusing)


def trace_of(facts: PlaceHoldFacts, book: CirculationBook, at: datetime, answers: Sequence[Answer]) -> Trace:
    """Every check of every item, and why its rule won."""
    today = book.calendar(facts.library).service_day(at)
    rules: tuple[RuleConsidered, ...] = ()
    if answers:
        rules = book.rules.explain(case_of(facts.library, facts.patron, answers[0].one.item, facts.bib, today, book))
    return Trace(tuple(check for answer in answers for check in answer.checks), rules)


def request_kind(facts: PlaceHoldFacts, recall: Recall | None) -> RequestKind:
    """What the request is called: a page where an item is there, a recall where a loan was shortened (D4)."""
    if recall is not None and recall.loan is not None:
        return RequestKind.RECALL
    there = any(one.state is ItemState.AVAILABLE for one in facts.items)
    return RequestKind.PAGE if there else RequestKind.HOLD


def stall(facts: PlaceHoldFacts, book: CirculationBook, at: datetime) -> datetime | None:
    """Until when only items at the pickup library fill the hold; None where all may at once."""
    terms, place = book.holds.targeting, facts.wanted.pickup_library
    near = any(place in (one.item.holding_library, one.item.home_library) for one in facts.items)
    if terms.stall is None or not (near or terms.stall_without_local):
        return None
    return terms.stall.after_instant(at, book.calendar(facts.library).zone_info)


def planned(
    facts: PlaceHoldFacts,
    book: CirculationBook,
    policy: HoldPolicy,
    rule: str,
    at: datetime,
    hold_ids: Sequence[HoldId],
) -> list[Hold]:
    """The holds that are placed, as many as were asked for, one behind the other."""
    wanted, patron = facts.wanted, facts.patron
    local = book.holds.local_library(
        pickup=wanted.pickup_library, patron_home=patron.home_library, category=patron.category
    )
    first = Hold(
        hold_ids[0],
        patron.id,
        facts.bib.id,
        wanted.level,
        wanted.targets,
        wanted.target_bibs,
        wanted.pickup_library,
        at,
        at,
        patron.category,
        patron.home_library,
        local,
        priority=policy.priority,
        suspended_from=at if wanted.suspended else None,
        suspended_until=wanted.suspended_until,
        lapses_at=unfilled_until(policy, at, book.calendar(facts.library)),
        wanted_until=wanted.wanted_until,
        recall=wanted.recall,
        rule=rule,
        policy=book.version,
        batch=hold_ids[0] if len(hold_ids) > 1 else "",
        note=wanted.note,
    )
    return [evolve(first, id=key, queued_at=at + timedelta(microseconds=n)) for n, key in enumerate(hold_ids)]


def unfilled_until(policy: HoldPolicy, at: datetime, calendar: Calendar) -> datetime | None:
    """When a hold that was placed then ends unfilled: after so many hours, or with the last of so many days."""
    period = policy.expire_unfilled
    if period is None or period.is_timed:
        return None if period is None else period.after_instant(at, calendar.zone_info)
    return calendar.service_instant(period.after(calendar.service_day(at)), time(23, 59, 59))


def fee_events(
    facts: PlaceHoldFacts, policy: HoldPolicy, accounts: AccountPolicy, at: datetime, by: str, ids: IdSource, count: int
) -> tuple[Event, ...]:
    """What the holds cost."""
    if policy.fee is None or not policy.fee.amount:
        return ()
    amount = evolve(policy.fee, amount=policy.fee.amount * count)
    charged = charge(
        facts.account, Act(at, by, facts.library), amount=amount, cause=Cause.HOLD, ids=ids, policy=accounts
    )
    return charged.result.events if isinstance(charged, Permit) else ()
