"""What the repair shop has to know before it answers, and what it answers with."""

from __future__ import annotations

from attrs import frozen

from libops.base.events import Event
from libops.base.ids import ItemId
from libops.equipment.model import Asset, DeviceFault, MaintenanceSchedule, OutOfService, Ticket

__all__ = ["AssetFacts", "EquipmentPlan", "FaultFacts", "ReportFacts", "TicketFacts"]


@frozen
class EquipmentPlan:
    """What will be said to have happened, in order; `changes` turns it into records."""

    events: tuple[Event, ...]


@frozen(kw_only=True)
class AssetFacts:
    """For the register: the asset stored under the id, the asset the item is now, and what holds it out of service."""

    stored: Asset | None = None
    asset_of_item: str | None = None
    out_of_service: OutOfService | None = None


@frozen(kw_only=True)
class ReportFacts:
    """For a new ticket: the asset, or the item that is no registered asset, and its open tickets."""

    asset: Asset | None = None
    item_id: ItemId | None = None
    open_tickets: tuple[Ticket, ...] = ()


@frozen(kw_only=True)
class FaultFacts:
    """For an error of a device or a damaged return: as `ReportFacts`, with what is stored under the fault's key."""

    asset: Asset | None = None
    item_id: ItemId | None = None
    open_tickets: tuple[Ticket, ...] = ()
    fault: DeviceFault | None = None
    ticket: Ticket | None = None


@frozen(kw_only=True)
class TicketFacts:
    """For an act on a ticket: the ticket and its asset; its schedule if it is one of maintenance.

    To retire an asset also its other open tickets and all its schedules.
    """

    ticket: Ticket
    asset: Asset | None = None
    schedule: MaintenanceSchedule | None = None
    other_tickets: tuple[Ticket, ...] = ()
    schedules: tuple[MaintenanceSchedule, ...] = ()
