"""Terms of the repair shop as data: priorities, targets, what blocks, and how device errors are graded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import Enum

from attrs import field, frozen

from libops.base.bounds import at_least_zero, money_at_least_zero
from libops.base.money import Money
from libops.equipment.model import (
    Impact,
    MaintenanceSchedule,
    OpenTime,
    Priority,
    Ticket,
    TicketState,
    Urgency,
    wall_clock,
)

__all__ = [
    "BlockOn",
    "EquipmentPolicy",
    "Grade",
    "MaintenanceCounts",
    "PartsWait",
    "ReleaseOn",
    "RepeatAfterFix",
    "ResolveNeeds",
    "Targets",
    "escalation_due",
    "labor_cost",
    "next_maintenance",
    "priority_of",
]


class BlockOn(Enum):
    """Which tickets hold an asset out of service, so that it is neither booked nor lent."""

    SAFETY = "safety"
    """Only those of safety; a slow computer may still be booked."""
    UNUSABLE = "unusable"
    """Those of safety and those that say the asset cannot do its work."""


class ReleaseOn(Enum):
    """When a ticket stops holding its asset out of service."""

    RESOLVED = "resolved"
    """As soon as it is fixed."""
    CLOSED = "closed"
    """Only when a second look agreed that it is fixed."""


class RepeatAfterFix(Enum):
    """What an error does that comes again while its ticket is resolved but not closed."""

    REOPEN = "reopen"
    """The fix did not hold: the same ticket is reopened."""
    NEW_TICKET = "new_ticket"
    """A new ticket is opened."""


class ResolveNeeds(Enum):
    """What has to be written down before a ticket is resolved."""

    NOTHING = "nothing"
    FIX = "fix"
    """What helped."""
    DIAGNOSIS_AND_FIX = "diagnosis_and_fix"
    """What was wrong, and what helped."""


class MaintenanceCounts(Enum):
    """From which day the next due date of a maintenance task is counted."""

    FROM_DUE = "from_due"
    """From the day it was due: the rhythm stays, late work does not move it."""
    FROM_DONE = "from_done"
    """From the day it was done."""


class PartsWait(Enum):
    """Whether the resolution target runs while a ticket waits for parts."""

    COUNTS = "counts"
    DOES_NOT_COUNT = "does_not_count"


@frozen
class Targets:
    """How many minutes the library gives itself; None is no target, 0 is at once."""

    respond: int | None = field(default=None, validator=at_least_zero)
    resolve: int | None = field(default=None, validator=at_least_zero)


@frozen
class Grade:
    """How grave a kind of device error is."""

    impact: Impact = Impact.ONE_ASSET
    urgency: Urgency = Urgency.NORMAL
    safety: bool = False
    unusable: bool = True


PRIORITIES: Mapping[Impact, Mapping[Urgency, Priority]] = {
    Impact.ONE_FUNCTION: {
        Urgency.LOW: Priority.LOW,
        Urgency.NORMAL: Priority.LOW,
        Urgency.HIGH: Priority.NORMAL,
    },
    Impact.ONE_ASSET: {
        Urgency.LOW: Priority.LOW,
        Urgency.NORMAL: Priority.NORMAL,
        Urgency.HIGH: Priority.HIGH,
    },
    Impact.WHOLE_SERVICE: {
        Urgency.LOW: Priority.NORMAL,
        Urgency.NORMAL: Priority.HIGH,
        Urgency.HIGH: Priority.CRITICAL,
    },
}
TARGETS: Mapping[Priority, Targets] = {
    Priority.CRITICAL: Targets(30, 4 * 60),
    Priority.HIGH: Targets(2 * 60, 24 * 60),
    Priority.NORMAL: Targets(8 * 60, 5 * 24 * 60),
    Priority.LOW: Targets(None, None),
}


@frozen(kw_only=True)
class EquipmentPolicy:
    """The terms of the repair shop. `priorities` is the matrix impact -> urgency -> priority.

    `graded` says per kind of device error how grave it is (`default_grade` for the others); errors in `ignored` open
    no ticket. `escalate_to` names who is told at level 1, 2 and so on; the last one also above. `reopen_days` is how
    long after closing a ticket may be reopened: None without end, 0 only on the same day. `notices` names the notice
    policy for patrons who reported a fault.
    """

    priorities: Mapping[Impact, Mapping[Urgency, Priority]] = field(factory=lambda: PRIORITIES)
    safety_priority: Priority = Priority.CRITICAL
    targets: Mapping[Priority, Targets] = field(factory=lambda: TARGETS)
    escalate_to: tuple[str, ...] = ()
    block_on: BlockOn = BlockOn.SAFETY
    release_on: ReleaseOn = ReleaseOn.RESOLVED
    repeat_after_fix: RepeatAfterFix = RepeatAfterFix.REOPEN
    resolve_needs: ResolveNeeds = ResolveNeeds.FIX
    maintenance_counts: MaintenanceCounts = MaintenanceCounts.FROM_DUE
    parts_wait: PartsWait = PartsWait.COUNTS
    reopen_days: int | None = field(default=None, validator=at_least_zero)
    labor_rate: Money | None = field(default=None, validator=money_at_least_zero)
    default_grade: Grade = Grade()
    graded: Mapping[str, Grade] = field(factory=dict)
    ignored: frozenset[str] = frozenset()
    notices: str | None = None

    def blocks(self, *, safety: bool, unusable: bool) -> bool:
        """Whether such a ticket holds its asset out of service."""
        return safety or (unusable and self.block_on is BlockOn.UNUSABLE)


def priority_of(policy: EquipmentPolicy, impact: Impact, urgency: Urgency, *, safety: bool = False) -> Priority:
    """The priority that impact and urgency make; a safety ticket has the one the policy gives to safety.

    >>> priority_of(EquipmentPolicy(), Impact.WHOLE_SERVICE, Urgency.HIGH).value
    'critical'
    """
    return policy.safety_priority if safety else policy.priorities[impact][urgency]


def escalation_due(ticket: Ticket, policy: EquipmentPolicy, now: datetime, *, open_time: OpenTime = wall_clock) -> int:
    """The level a ticket should stand at now: 1 when nobody responded in time, 2 when it is not resolved in time.

    A ticket is responded to when it leaves `new` or `reopened`. 0 when no target is missed or the ticket is not open.
    """
    if not ticket.state.is_open:
        return 0
    targets = policy.targets.get(ticket.priority, Targets())
    waiting = ticket.state in (TicketState.NEW, TicketState.REOPENED)
    unheard = open_time(ticket.changed_at, now) if waiting else timedelta()
    counted = frozenset(state for state in TicketState if state.is_open)
    if policy.parts_wait is PartsWait.DOES_NOT_COUNT:
        counted -= {TicketState.WAITING_FOR_PARTS}
    if targets.resolve is not None and _time_in(ticket, counted, now, open_time) > timedelta(minutes=targets.resolve):
        return 2
    return int(targets.respond is not None and unheard > timedelta(minutes=targets.respond))


def _time_in(ticket: Ticket, states: frozenset[TicketState], now: datetime, open_time: OpenTime) -> timedelta:
    ends = [passage.at for passage in ticket.passages[1:]] + [now]
    spans = zip(ticket.passages, ends, strict=True)
    return sum((open_time(passage.at, end) for passage, end in spans if passage.state in states), timedelta())


def labor_cost(policy: EquipmentPolicy, minutes: int) -> Money | None:
    """What so many minutes of work cost, half a minor unit rounded up; None where the library sets no rate.

    >>> labor_cost(EquipmentPolicy(labor_rate=Money.parse("40.00 EUR")), 50)
    Money(3333, 'EUR')
    """
    rate = policy.labor_rate
    return None if rate is None else Money((rate.amount * minutes + 30) // 60, rate.currency)


def next_maintenance(policy: EquipmentPolicy, schedule: MaintenanceSchedule, done_on: date) -> date:
    """When a task that was done (or skipped) on a day falls due again, always after that day."""
    if policy.maintenance_counts is MaintenanceCounts.FROM_DONE:
        return schedule.due_after(done_on)
    passed = max(done_on, schedule.next_due)
    return next(due for due in schedule.rhythm() if due > passed)
