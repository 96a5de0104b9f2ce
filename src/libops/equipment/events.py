"""What happened to assets, tickets, known issues and schedules."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from attrs import frozen

from libops.base.events import Event
from libops.base.ids import AssetId, TicketId
from libops.equipment.model import (
    Asset,
    Impact,
    KnownIssue,
    Labor,
    MaintenanceSchedule,
    PartUsed,
    Priority,
    Ticket,
    Urgency,
)

__all__ = [
    "AssetChanged",
    "AssetRegistered",
    "FaultRepeated",
    "KnownIssueRecorded",
    "LaborLogged",
    "MaintenanceScheduled",
    "MaintenanceStopped",
    "PartsAwaited",
    "PartsUsed",
    "RepairStarted",
    "TicketAssigned",
    "TicketClosed",
    "TicketDiagnosed",
    "TicketDismissed",
    "TicketEscalated",
    "TicketEvent",
    "TicketOpened",
    "TicketReopened",
    "TicketResolved",
    "TicketRetired",
    "TicketTriaged",
]


@frozen
class AssetRegistered(Event):
    """An asset joined the register."""

    about: ClassVar[str] = "asset_id"

    asset: Asset

    @property
    def asset_id(self) -> AssetId:
        """The asset this is about."""
        return self.asset.id


@frozen
class AssetChanged(Event):
    """What the register says of an asset changed; `asset` is how it reads now."""

    about: ClassVar[str] = "asset_id"

    asset: Asset

    @property
    def asset_id(self) -> AssetId:
        """The asset this is about."""
        return self.asset.id


@frozen
class TicketOpened(Event):
    """A fault was reported, by a person, a device, the check-in desk or a maintenance schedule."""

    about: ClassVar[str] = "ticket_id"

    ticket: Ticket

    @property
    def ticket_id(self) -> TicketId:
        """The ticket this is about."""
        return self.ticket.id


@frozen
class TicketEvent(Event):
    """Something happened to a ticket that is there already."""

    about: ClassVar[str] = "ticket_id"

    ticket_id: TicketId


@frozen
class FaultRepeated(TicketEvent):
    """The same error came again while its ticket was there; it is counted, not reported anew."""

    fault: str


@frozen
class TicketTriaged(TicketEvent):
    """Somebody looked at a ticket and said how grave it is; `blocks`: it holds the asset out of service."""

    impact: Impact
    urgency: Urgency
    priority: Priority
    safety: bool
    unusable: bool
    blocks: bool
    assignee: str | None = None


@frozen
class TicketAssigned(TicketEvent):
    """A ticket was given to somebody; None takes it from everybody."""

    assignee: str | None


@frozen
class TicketEscalated(TicketEvent):
    """A ticket went up a level, because a target was missed or somebody asked for it."""

    level: int
    to: str | None = None
    why: str = ""


@frozen
class TicketDiagnosed(TicketEvent):
    """What is wrong was found out, by hand or as a known issue."""

    diagnosis: str
    known_issue: str | None = None


@frozen
class PartsAwaited(TicketEvent):
    """The repair waits for parts."""

    parts: str = ""


@frozen
class RepairStarted(TicketEvent):
    """The repair began, or went on when the parts had come."""


@frozen
class LaborLogged(TicketEvent):
    """Work on a ticket was written down."""

    labor: Labor


@frozen
class PartsUsed(TicketEvent):
    """A repair used spare parts."""

    part: PartUsed


@frozen
class TicketResolved(TicketEvent):
    """The fault was fixed. `releases`: the ticket no longer holds anything out of service.

    For a maintenance ticket `done_on` is the day the task was done and `next_due` when it comes again.
    """

    fix: str
    releases: bool
    done_on: date | None = None
    next_due: date | None = None


@frozen
class TicketDismissed(TicketEvent):
    """A ticket was closed without a repair: a duplicate, or no fault found."""

    why: str
    next_due: date | None = None


@frozen
class TicketClosed(TicketEvent):
    """Somebody agreed that a fault is fixed; from here on nothing is held out of service for it."""


@frozen
class TicketReopened(TicketEvent):
    """A fault came back. `overridden` lists the reasons that were set aside for it."""

    why: str
    blocks: bool
    overridden: tuple[str, ...] = ()
    override_why: str = ""


@frozen
class TicketRetired(TicketEvent):
    """Not worth repairing: the ticket ends, and its asset leaves the register for good."""

    why: str


@frozen
class KnownIssueRecorded(Event):
    """A fault that was understood was written down, or written anew, for the next time."""

    about: ClassVar[str] = "issue_id"

    issue: KnownIssue

    @property
    def issue_id(self) -> str:
        """The known issue this is about."""
        return self.issue.id


@frozen
class MaintenanceScheduled(Event):
    """A task that comes back was planned, or planned anew."""

    about: ClassVar[str] = "schedule_id"

    schedule: MaintenanceSchedule

    @property
    def schedule_id(self) -> str:
        """The schedule this is about."""
        return self.schedule.id


@frozen
class MaintenanceStopped(Event):
    """A task does not come back any more."""

    about: ClassVar[str] = "schedule_id"

    schedule_id: str
