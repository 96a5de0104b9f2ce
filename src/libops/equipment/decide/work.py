"""Acts on a ticket: triage, repair, resolve, close, reopen, retire, and what is written down on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from libops.base.answers import Asked, answer
from libops.base.bounds import amount_at_least_zero
from libops.base.decisions import Decision, Override, Verdict
from libops.base.events import Event
from libops.base.money import Money
from libops.equipment.decide.facts import EquipmentPlan, TicketFacts
from libops.equipment.events import (
    LaborLogged,
    MaintenanceStopped,
    PartsAwaited,
    PartsUsed,
    RepairStarted,
    TicketAssigned,
    TicketClosed,
    TicketDiagnosed,
    TicketDismissed,
    TicketEscalated,
    TicketReopened,
    TicketResolved,
    TicketRetired,
    TicketTriaged,
)
from libops.equipment.model import (
    LEGAL,
    AssetState,
    Impact,
    Labor,
    OpenTime,
    PartUsed,
    Ticket,
    TicketAct,
    TicketState,
    Urgency,
    wall_clock,
)
from libops.equipment.policy import (
    EquipmentPolicy,
    ReleaseOn,
    ResolveNeeds,
    escalation_due,
    labor_cost,
    next_maintenance,
    priority_of,
)
from libops.equipment.reasons import (
    ASSET_RETIRED,
    ASSET_UNDER_WARRANTY,
    ESCALATION_NOT_DUE,
    TICKET_ACT_NOT_LEGAL,
    TICKET_BEFORE_LAST_CHANGE,
    TICKET_DIAGNOSIS_MISSING,
    TICKET_FIX_MISSING,
    TICKET_NOT_OPEN,
    TICKET_OTHER_CURRENCY,
    TICKET_REOPENING_LATE,
)

__all__ = [
    "assign",
    "close",
    "diagnose",
    "dismiss",
    "escalate",
    "log_labor",
    "reopen",
    "resolve",
    "retire",
    "start_repair",
    "triage",
    "use_part",
    "wait_for_parts",
]

Answer = Decision[EquipmentPlan]


def triage(
    facts: TicketFacts,
    *,
    at: datetime,
    by: str,
    policy: EquipmentPolicy,
    impact: Impact | None = None,
    urgency: Urgency | None = None,
    safety: bool | None = None,
    unusable: bool | None = None,
    assignee: str | None = None,
) -> Answer:
    """Say how grave a ticket is and who takes it; what is None stays as it was reported.

    The priority follows from impact and urgency; a ticket found to concern safety blocks from here on, and one found
    not to stops blocking.
    """
    ticket = facts.ticket
    safe = ticket.safety if safety is None else safety
    down = ticket.unusable if unusable is None else unusable
    grave, soon = impact or ticket.impact, urgency or ticket.urgency
    event = TicketTriaged(
        at,
        by,
        ticket.id,
        grave,
        soon,
        priority_of(policy, grave, soon, safety=safe),
        safe,
        down,
        policy.blocks(safety=safe, unusable=down),
        assignee or ticket.assignee,
    )
    return _act(ticket, TicketAct.TRIAGE, event)


def wait_for_parts(facts: TicketFacts, *, at: datetime, by: str, parts: str = "") -> Answer:
    """Let a repair wait for parts that were ordered."""
    return _act(facts.ticket, TicketAct.WAIT_FOR_PARTS, PartsAwaited(at, by, facts.ticket.id, parts))


def start_repair(facts: TicketFacts, *, at: datetime, by: str) -> Answer:
    """Begin the repair, or go on when the parts have come."""
    return _act(facts.ticket, TicketAct.START_REPAIR, RepairStarted(at, by, facts.ticket.id))


def resolve(
    facts: TicketFacts, *, fix: str, at: datetime, by: str, policy: EquipmentPolicy, today: date | None = None
) -> Answer:
    """Say that a fault is fixed, and what helped; a maintenance ticket needs `today`, the day the task was done.

    When the policy releases at once, the asset may be booked and lent again from here on.
    """
    ticket, schedule = facts.ticket, facts.schedule
    no_fix = policy.resolve_needs is not ResolveNeeds.NOTHING and not fix.strip()
    no_diagnosis = policy.resolve_needs is ResolveNeeds.DIAGNOSIS_AND_FIX and not ticket.diagnosis.strip()
    done = (today or at.date()) if schedule else None
    due = next_maintenance(policy, schedule, done) if schedule and done else None
    event = TicketResolved(at, by, ticket.id, fix, policy.release_on is ReleaseOn.RESOLVED, done, due)
    return _act(
        ticket,
        TicketAct.RESOLVE,
        event,
        ("fix written down", TICKET_FIX_MISSING(ticket=ticket.id) if no_fix else None),
        ("diagnosis written down", TICKET_DIAGNOSIS_MISSING(ticket=ticket.id) if no_diagnosis else None),
    )


def dismiss(
    facts: TicketFacts, *, why: str, at: datetime, by: str, policy: EquipmentPolicy, today: date | None = None
) -> Answer:
    """Close a ticket without a repair: a duplicate, or no fault found. It stops blocking; maintenance is skipped."""
    schedule = facts.schedule
    due = next_maintenance(policy, schedule, max(today or at.date(), schedule.next_due)) if schedule else None
    return _act(facts.ticket, TicketAct.DISMISS, TicketDismissed(at, by, facts.ticket.id, why, due))


def close(facts: TicketFacts, *, at: datetime, by: str) -> Answer:
    """Agree that a fault is fixed; the ticket stops blocking if it still did."""
    return _act(facts.ticket, TicketAct.CLOSE, TicketClosed(at, by, facts.ticket.id))


def reopen(
    facts: TicketFacts,
    *,
    why: str,
    at: datetime,
    by: str,
    policy: EquipmentPolicy,
    day_of: Callable[[datetime], date] = datetime.date,
    override: Override | None = None,
) -> Answer:
    """Open a resolved or closed ticket again: the fault came back. A safety ticket blocks again at once.

    The days to reopen it are counted by the library's own days, which `day_of` tells.
    """
    ticket, days = facts.ticket, policy.reopen_days
    closed = ticket.state is TicketState.CLOSED and days is not None
    late = closed and day_of(at) - day_of(ticket.changed_at) > timedelta(days or 0)
    blocks = policy.blocks(safety=ticket.safety, unusable=ticket.unusable)

    def event(verdict: Verdict) -> Event:
        codes = tuple(reason.code for reason in verdict.overridden)
        return TicketReopened(at, by, ticket.id, why, blocks, codes, override.why if override and codes else "")

    gone = facts.asset is not None and facts.asset.state is AssetState.RETIRED
    asked = (
        ("asset in use", ASSET_RETIRED(asset=ticket.asset_id) if gone else None),
        _legal(ticket, TicketAct.REOPEN),
        _in_time(ticket, at),
        ("not too late", TICKET_REOPENING_LATE(closed_at=ticket.changed_at, days=days) if late else None),
    )
    return answer(asked, lambda verdict: EquipmentPlan((event(verdict),)), override=override)


def retire(facts: TicketFacts, *, why: str, at: datetime, by: str) -> Answer:
    """Give an asset up: the ticket and its other open tickets end, its schedules stop, it is never lent again."""
    others = (ticket for ticket in facts.other_tickets if ticket.state.is_open and ticket.id != facts.ticket.id)
    ended = tuple(TicketRetired(at, by, ticket.id, why) for ticket in others)
    stopped = tuple(MaintenanceStopped(at, by, schedule.id) for schedule in facts.schedules)
    event = TicketRetired(at, by, facts.ticket.id, why)
    return _act(facts.ticket, TicketAct.RETIRE, event, then=ended + stopped)


def assign(facts: TicketFacts, *, to: str | None, at: datetime, by: str) -> Answer:
    """Give an open ticket to somebody; None takes it back."""
    return _note(facts.ticket, TicketAssigned(at, by, facts.ticket.id, to))


def escalate(
    facts: TicketFacts,
    *,
    at: datetime,
    by: str,
    policy: EquipmentPolicy,
    why: str = "",
    open_time: OpenTime = wall_clock,
) -> Answer:
    """Move a ticket up a level: because a target was missed or, with a `why`, because somebody asks for it.

    A sweep calls this without `why` for every open ticket; it is refused while nothing new was missed.
    """
    ticket = facts.ticket
    due = escalation_due(ticket, policy, at, open_time=open_time)
    level = ticket.escalation + 1 if why else due
    told = policy.escalate_to[min(level, len(policy.escalate_to)) - 1] if policy.escalate_to and level else None
    idle = level <= ticket.escalation
    return _note(
        ticket,
        TicketEscalated(at, by, ticket.id, level, told, why),
        ("target missed", ESCALATION_NOT_DUE(ticket=ticket.id, level=ticket.escalation) if idle else None),
    )


def diagnose(facts: TicketFacts, *, diagnosis: str, at: datetime, by: str, known_issue: str | None = None) -> Answer:
    """Write down what is wrong; with `known_issue` it is that one, which is counted when the ticket is resolved."""
    return _note(facts.ticket, TicketDiagnosed(at, by, facts.ticket.id, diagnosis, known_issue))


def log_labor(
    facts: TicketFacts,
    *,
    minutes: int,
    at: datetime,
    by: str,
    policy: EquipmentPolicy,
    note: str = "",
    today: date | None = None,
) -> Answer:
    """Write down work on a ticket; it costs what the policy's rate says, and nothing is counted without a rate."""
    cost = labor_cost(policy, minutes)
    labor = Labor(by, at, minutes, note, cost)
    return _note(facts.ticket, LaborLogged(at, by, facts.ticket.id, labor), *_costs(facts, cost, today))


def use_part(facts: TicketFacts, part: PartUsed, *, at: datetime, by: str, today: date | None = None) -> Answer:
    """Write down a spare part that a repair used; an alert tells of a warranty that still runs on `today`.

    Raises `InvalidValue` for a price below 0.
    """
    amount_at_least_zero("price", part.price)
    asked = _costs(facts, part.price, today)
    return _note(facts.ticket, PartsUsed(at, by, facts.ticket.id, part), *asked)


def _act(ticket: Ticket, act: TicketAct, event: Event, *asked: Asked, then: tuple[Event, ...] = ()) -> Answer:
    checks = (_legal(ticket, act), _in_time(ticket, event.at), *asked)
    return answer(checks, lambda _: EquipmentPlan((event, *then)))


def _note(ticket: Ticket, event: Event, *more: Asked) -> Answer:
    shut = TICKET_NOT_OPEN(ticket=ticket.id, state=ticket.state.value)
    asked = (("ticket open", None if ticket.state.is_open else shut), _in_time(ticket, event.at), *more)
    return answer(asked, lambda _: EquipmentPlan((event,)))


def _legal(ticket: Ticket, act: TicketAct) -> Asked:
    legal = LEGAL[ticket.state]
    if act in legal:
        return ("act legal", None)
    would = tuple(possible.value for possible in legal)
    return ("act legal", TICKET_ACT_NOT_LEGAL(act=act.value, state=ticket.state.value, legal=would))


def _in_time(ticket: Ticket, at: datetime) -> Asked:
    before = TICKET_BEFORE_LAST_CHANGE(at=at, last=ticket.changed_at) if at < ticket.changed_at else None
    return ("after the last change", before)


def _costs(facts: TicketFacts, cost: Money | None, today: date | None) -> tuple[Asked, ...]:
    asset, so_far = facts.asset, facts.ticket.cost
    other = cost is not None and so_far is not None and cost.currency != so_far.currency
    covered = asset is not None and today is not None and asset.under_warranty(today)
    warranty = ASSET_UNDER_WARRANTY(asset=asset.id, until=asset.warranty_until) if asset and covered else None
    return (
        ("one currency", TICKET_OTHER_CURRENCY(cost=str(cost), so_far=str(so_far)) if other else None),
        ("warranty", warranty),
    )
