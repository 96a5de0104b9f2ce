"""From what happened to the records: assets, tickets, faults, schedules, and what is out of service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from attrs import evolve

from libops.base.errors import NotFound
from libops.base.events import Change, Changes, Drop, Put, Records, removing, replacing
from libops.equipment.events import (
    AssetChanged,
    AssetRegistered,
    FaultRepeated,
    KnownIssueRecorded,
    LaborLogged,
    MaintenanceScheduled,
    MaintenanceStopped,
    PartsAwaited,
    PartsUsed,
    RepairStarted,
    TicketAssigned,
    TicketClosed,
    TicketDiagnosed,
    TicketDismissed,
    TicketEscalated,
    TicketEvent,
    TicketOpened,
    TicketReopened,
    TicketResolved,
    TicketRetired,
    TicketTriaged,
)
from libops.equipment.model import (
    LEGAL,
    Asset,
    AssetOfItem,
    AssetState,
    DeviceFault,
    KnownIssue,
    MaintenanceSchedule,
    OutOfService,
    Passage,
    Ticket,
    TicketAct,
    subject_key,
)

__all__ = ["CHANGES"]


def asset_registered(event: AssetRegistered, records: Records) -> Iterator[Change]:
    """The asset, and the item it is."""
    yield replacing(records, event.asset, event.asset.id)
    if event.asset.item_id is not None:
        yield replacing(records, AssetOfItem(event.asset.item_id, event.asset.id), event.asset.item_id)


def asset_changed(event: AssetChanged, records: Records) -> Iterator[Change]:
    """The asset as it reads now; the item it was is free again."""
    before, now = records.get(Asset, event.asset.id), event.asset
    if before is not None and before.item_id is not None and before.item_id != now.item_id:
        yield from removing(records, AssetOfItem, before.item_id)
    yield from asset_registered(AssetRegistered(event.at, event.by, now), records)


def ticket_opened(event: TicketOpened, records: Records) -> Iterator[Change]:
    """The ticket; what it blocks; the fault or the maintenance task it is for."""
    ticket = event.ticket
    yield Put(ticket)
    yield from _service(records, ticket, ticket.blocks, event.at)
    if ticket.fault is not None:
        yield replacing(records, DeviceFault(ticket.fault, ticket.id, 1, event.at, event.at), ticket.fault)
    schedule = records.get(MaintenanceSchedule, ticket.schedule) if ticket.schedule else None
    if schedule is not None:
        yield Put(evolve(schedule, open_ticket=ticket.id))


def fault_repeated(event: FaultRepeated, records: Records) -> Iterator[Change]:
    """The fault, counted once more."""
    fault = records.get(DeviceFault, event.fault)
    if fault is None:
        raise NotFound(f"no fault {event.fault!r} to count: the ticket {event.ticket_id} must be open for it")
    yield Put(evolve(fault, count=fault.count + 1, last_at=event.at))


def ticket_triaged(event: TicketTriaged, records: Records) -> Iterator[Change]:
    """The ticket with its weight; what it blocks from here on."""
    ticket = evolve(
        _moved(records, event, TicketAct.TRIAGE),
        impact=event.impact,
        urgency=event.urgency,
        priority=event.priority,
        safety=event.safety,
        unusable=event.unusable,
        blocks=event.blocks,
        assignee=event.assignee,
    )
    yield Put(ticket)
    yield from _service(records, ticket, event.blocks, event.at)


def ticket_assigned(event: TicketAssigned, records: Records) -> Iterator[Change]:
    """The ticket with who has it."""
    yield Put(evolve(_ticket(records, event), assignee=event.assignee))


def ticket_escalated(event: TicketEscalated, records: Records) -> Iterator[Change]:
    """The ticket at its level."""
    yield Put(evolve(_ticket(records, event), escalation=event.level))


def ticket_diagnosed(event: TicketDiagnosed, records: Records) -> Iterator[Change]:
    """The ticket with what is wrong."""
    yield Put(evolve(_ticket(records, event), diagnosis=event.diagnosis, known_issue=event.known_issue))


def labor_logged(event: LaborLogged, records: Records) -> Iterator[Change]:
    """The ticket with the work."""
    ticket = _ticket(records, event)
    yield Put(evolve(ticket, labor=(*ticket.labor, event.labor)))


def parts_used(event: PartsUsed, records: Records) -> Iterator[Change]:
    """The ticket with the parts."""
    ticket = _ticket(records, event)
    yield Put(evolve(ticket, parts=(*ticket.parts, event.part)))


def moved_by(act: TicketAct) -> Callable[[TicketEvent, Records], Iterator[Change]]:
    """The change of an act that only moves the ticket."""

    def moved(event: TicketEvent, records: Records) -> Iterator[Change]:
        yield Put(_moved(records, event, act))

    return moved


def ticket_resolved(event: TicketResolved, records: Records) -> Iterator[Change]:
    """The ticket with its fix; what it blocked; its task, due again; its known issue, seen once more."""
    ticket = evolve(_moved(records, event, TicketAct.RESOLVE), fix=event.fix)
    if event.releases:
        ticket = evolve(ticket, blocks=False)
    yield Put(ticket)
    yield from _service(records, ticket, ticket.blocks, event.at)
    schedule = records.get(MaintenanceSchedule, ticket.schedule) if ticket.schedule else None
    if schedule is not None and event.next_due is not None:
        yield Put(evolve(schedule, last_done=event.done_on, next_due=event.next_due, open_ticket=None))
    issue = records.get(KnownIssue, ticket.known_issue) if ticket.known_issue else None
    if issue is not None:
        yield Put(evolve(issue, seen=issue.seen + 1))


def ticket_dismissed(event: TicketDismissed, records: Records) -> Iterator[Change]:
    """The ticket, closed; nothing is blocked; its task is skipped this time."""
    ticket = evolve(_moved(records, event, TicketAct.DISMISS), blocks=False, fix=event.why)
    yield from _ended(records, ticket, event.at)
    schedule = records.get(MaintenanceSchedule, ticket.schedule) if ticket.schedule else None
    if schedule is not None and event.next_due is not None:
        yield Put(evolve(schedule, next_due=event.next_due, open_ticket=None))


def ticket_closed(event: TicketClosed, records: Records) -> Iterator[Change]:
    """The ticket, closed; nothing is blocked; the next error of the kind opens a new one."""
    yield from _ended(records, evolve(_moved(records, event, TicketAct.CLOSE), blocks=False), event.at)


def ticket_reopened(event: TicketReopened, records: Records) -> Iterator[Change]:
    """The ticket, open again; what it blocks; its fault, unless another ticket has it by now."""
    ticket = evolve(_moved(records, event, TicketAct.REOPEN), blocks=event.blocks)
    yield Put(ticket)
    yield from _service(records, ticket, event.blocks, event.at)
    if ticket.fault is not None and records.get(DeviceFault, ticket.fault) is None:
        yield Put(DeviceFault(ticket.fault, ticket.id, 1, event.at, event.at))


def ticket_retired(event: TicketRetired, records: Records) -> Iterator[Change]:
    """The ticket, ended; its asset, retired; asset and item out of service for good."""
    ticket = evolve(_moved(records, event, TicketAct.RETIRE), blocks=False, fix=event.why)
    yield from _ended(records, ticket, event.at, retired=True)
    asset = records.get(Asset, ticket.asset_id) if ticket.asset_id else None
    if asset is not None:
        yield Put(evolve(asset, state=AssetState.RETIRED))


def known_issue_recorded(event: KnownIssueRecorded, records: Records) -> Iterator[Change]:
    """The known issue."""
    yield replacing(records, event.issue, event.issue.id)


def maintenance_scheduled(event: MaintenanceScheduled, records: Records) -> Iterator[Change]:
    """The schedule."""
    yield replacing(records, event.schedule, event.schedule.id)


def maintenance_stopped(event: MaintenanceStopped, records: Records) -> Iterator[Change]:
    """No schedule any more."""
    yield from removing(records, MaintenanceSchedule, event.schedule_id)


def _ticket(records: Records, event: TicketEvent) -> Ticket:
    ticket = records.get(Ticket, event.ticket_id)
    if ticket is None:
        raise NotFound(f"no ticket {event.ticket_id!r}: load it before {type(event).__name__}")
    return ticket


def _moved(records: Records, event: TicketEvent, act: TicketAct) -> Ticket:
    ticket = _ticket(records, event)
    state = LEGAL[ticket.state][act]
    return evolve(ticket, state=state, passages=(*ticket.passages, Passage(state, event.at)))


def _ended(records: Records, ticket: Ticket, at: datetime, *, retired: bool = False) -> Iterator[Change]:
    yield Put(ticket)
    yield from _service(records, ticket, False, at, retired=retired)
    fault = records.get(DeviceFault, ticket.fault) if ticket.fault else None
    if fault is not None and fault.ticket_id == ticket.id:
        yield Drop(DeviceFault, fault.key)


def _service(
    records: Records, ticket: Ticket, blocks: bool, at: datetime, *, retired: bool = False
) -> Iterator[Change]:
    keys = [subject_key(asset=ticket.asset_id)] if ticket.asset_id is not None else []
    keys += [subject_key(item=ticket.item_id)] if ticket.item_id is not None else []
    for key in keys:
        held = records.get(OutOfService, key)
        tickets = tuple(other for other in held.tickets if other != ticket.id) if held else ()
        tickets = (*tickets, ticket.id) if blocks else tickets
        gone = retired or (held is not None and held.retired)
        if tickets or gone:
            now = OutOfService(key, held.since if held else at, tickets, gone)
            if now != held:
                yield Put(now)
        elif held is not None:
            yield Drop(OutOfService, key)


CHANGES: Changes = {
    AssetRegistered: asset_registered,
    AssetChanged: asset_changed,
    TicketOpened: ticket_opened,
    FaultRepeated: fault_repeated,
    TicketTriaged: ticket_triaged,
    TicketAssigned: ticket_assigned,
    TicketEscalated: ticket_escalated,
    TicketDiagnosed: ticket_diagnosed,
    PartsAwaited: moved_by(TicketAct.WAIT_FOR_PARTS),
    RepairStarted: moved_by(TicketAct.START_REPAIR),
    LaborLogged: labor_logged,
    PartsUsed: parts_used,
    TicketResolved: ticket_resolved,
    TicketDismissed: ticket_dismissed,
    TicketClosed: ticket_closed,
    TicketReopened: ticket_reopened,
    TicketRetired: ticket_retired,
    KnownIssueRecorded: known_issue_recorded,
    MaintenanceScheduled: maintenance_scheduled,
    MaintenanceStopped: maintenance_stopped,
}
"""What each event of the room changes."""
