"""Tickets: a fault from the first word about it to the day it is closed, with its times and its costs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from types import MappingProxyType

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.base.ids import AssetId, ItemId, PatronId, TicketId
from libops.base.money import Money
from libops.base.texts import not_blank

__all__ = [
    "LEGAL",
    "DeviceFault",
    "Impact",
    "Labor",
    "Passage",
    "PartUsed",
    "Priority",
    "Ticket",
    "TicketAct",
    "TicketSource",
    "TicketState",
    "Urgency",
    "fault_key",
]


class TicketState(Enum):
    """Where a ticket stands."""

    NEW = "new"
    TRIAGED = "triaged"
    WAITING_FOR_PARTS = "waiting_for_parts"
    IN_REPAIR = "in_repair"
    RESOLVED = "resolved"
    """Fixed; somebody still has to agree that it is."""
    CLOSED = "closed"
    REOPENED = "reopened"
    RETIRED = "retired"
    """Not worth repairing: the asset left the register."""

    @property
    def is_open(self) -> bool:
        """Whether work is still to be done."""
        return self not in (TicketState.RESOLVED, TicketState.CLOSED, TicketState.RETIRED)


class TicketAct(Enum):
    """What moves a ticket from state to state."""

    TRIAGE = "triage"
    WAIT_FOR_PARTS = "wait_for_parts"
    START_REPAIR = "start_repair"
    RESOLVE = "resolve"
    DISMISS = "dismiss"
    """Close without a repair: a duplicate, or no fault found."""
    CLOSE = "close"
    REOPEN = "reopen"
    RETIRE = "retire"


def _legal() -> Mapping[TicketState, Mapping[TicketAct, TicketState]]:
    state, act = TicketState, TicketAct
    wait = {act.WAIT_FOR_PARTS: state.WAITING_FOR_PARTS}
    repair = {act.START_REPAIR: state.IN_REPAIR}
    end = {act.RESOLVE: state.RESOLVED, act.RETIRE: state.RETIRED}
    first = {act.TRIAGE: state.TRIAGED, act.DISMISS: state.CLOSED}
    table = {
        state.NEW: first | end,
        state.TRIAGED: first | wait | repair | end,
        state.WAITING_FOR_PARTS: repair | end,
        state.IN_REPAIR: wait | end,
        state.RESOLVED: {act.CLOSE: state.CLOSED, act.REOPEN: state.REOPENED},
        state.CLOSED: {act.REOPEN: state.REOPENED},
        state.REOPENED: first | wait | repair | end,
        state.RETIRED: {},
    }
    return MappingProxyType({before: MappingProxyType(acts) for before, acts in table.items()})


LEGAL: Mapping[TicketState, Mapping[TicketAct, TicketState]] = _legal()
"""Every legal move: state -> act -> next state. The state picture in the docs is drawn from it."""


class Impact(Enum):
    """How much of the service is hit."""

    ONE_FUNCTION = "one_function"
    """The asset still does its work, less well."""
    ONE_ASSET = "one_asset"
    """This asset cannot do its work."""
    WHOLE_SERVICE = "whole_service"
    """A service stops: every self-check, the only gate, the network."""


class Urgency(Enum):
    """How long it can wait."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Priority(Enum):
    """In which order tickets are worked on."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"


class TicketSource(Enum):
    """Who or what reported the fault."""

    PERSON = "person"
    DEVICE = "device"
    """A driver, after an error of its device."""
    CHECK_IN = "check_in"
    """The desk, when an item came back damaged."""
    MAINTENANCE = "maintenance"
    """A maintenance schedule, when a task fell due."""


@frozen
class Labor:
    """Work on a ticket: who, when, how many minutes, and what it cost, where the library counts that."""

    by: str
    at: datetime
    minutes: int = field()
    note: str = ""
    cost: Money | None = None

    @minutes.validator
    def _some_time(self, _: object, minutes: int) -> None:
        if minutes < 1:
            raise InvalidValue(f"{minutes} minutes of work: write at least 1")


@frozen
class PartUsed:
    """A spare part that a repair used, with the price of one; None when its price is not known."""

    name: str
    count: int = field(default=1)
    price: Money | None = None

    @count.validator
    def _some_parts(self, _: object, count: int) -> None:
        if count < 1:
            raise InvalidValue(f"{count} x {self.name!r} used: write at least 1")


@frozen
class Passage:
    """A ticket entered a state at a time."""

    state: TicketState
    at: datetime


@frozen(kw_only=True)
class Ticket:
    """One fault of one asset or item.

    `safety` means that using the thing may hurt somebody; `unusable` that it cannot do its work; `blocks` that this
    ticket holds it out of service now. `passages` tells the life of the ticket, the first entry its opening.
    `patron_id` is the patron who reported it and wants to hear of it; None for everybody else.
    """

    id: TicketId
    asset_id: AssetId | None = None
    item_id: ItemId | None = None
    symptom: str = field(validator=not_blank)
    opened_at: datetime
    opened_by: str
    source: TicketSource = TicketSource.PERSON
    state: TicketState = TicketState.NEW
    impact: Impact = Impact.ONE_ASSET
    urgency: Urgency = Urgency.NORMAL
    priority: Priority = Priority.NORMAL
    safety: bool = False
    unusable: bool = False
    blocks: bool = False
    assignee: str | None = None
    escalation: int = 0
    diagnosis: str = ""
    fix: str = ""
    known_issue: str | None = None
    schedule: str | None = None
    fault: str | None = None
    labor: tuple[Labor, ...] = ()
    parts: tuple[PartUsed, ...] = ()
    passages: tuple[Passage, ...] = ()
    patron_id: PatronId | None = None

    def __attrs_post_init__(self) -> None:
        if self.asset_id is None and self.item_id is None:
            raise InvalidValue(f"ticket {self.id} is about nothing: give the asset or the item")

    @property
    def changed_at(self) -> datetime:
        """When the ticket last changed its state."""
        return self.passages[-1].at if self.passages else self.opened_at

    @property
    def minutes_worked(self) -> int:
        """Minutes of work in all."""
        return sum(work.minutes for work in self.labor)

    @property
    def cost(self) -> Money | None:
        """Parts and work together, as far as priced; None when nothing was."""
        priced = [work.cost for work in self.labor if work.cost is not None]
        priced += [part.price * part.count for part in self.parts if part.price is not None]
        return sum(priced[1:], priced[0]) if priced else None


@frozen
class DeviceFault:
    """The open ticket of one kind of error of one device, and how often the error came.

    Keyed by `fault_key`: a second error of the kind finds the record and is counted, so one paper jam in a long
    night is one ticket. Dropped when its ticket is closed.
    """

    key: str
    ticket_id: TicketId
    count: int
    first_at: datetime
    last_at: datetime


def fault_key(device: str, error: str) -> str:
    """The key of `DeviceFault`.

    >>> fault_key("self-check-2", "paper_jam")
    'self-check-2:paper_jam'
    """
    return f"{device}:{error}"
