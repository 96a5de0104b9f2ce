"""New tickets: reported by a person, a device, the check-in desk, or a maintenance schedule."""

from __future__ import annotations

from datetime import date, datetime

from attrs import evolve, frozen

from libops.base.answers import Asked, answer
from libops.base.decisions import Decision, Permit
from libops.base.errors import InvalidValue
from libops.base.ids import ItemId, PatronId, TicketId
from libops.equipment.decide.facts import EquipmentPlan, FaultFacts, ReportFacts
from libops.equipment.events import FaultRepeated, TicketOpened, TicketReopened
from libops.equipment.model import (
    Asset,
    AssetState,
    Impact,
    MaintenanceSchedule,
    Passage,
    Ticket,
    TicketSource,
    TicketState,
    Urgency,
    fault_key,
)
from libops.equipment.policy import EquipmentPolicy, RepeatAfterFix, priority_of
from libops.equipment.reasons import (
    ASSET_HAS_TICKETS,
    ASSET_RETIRED,
    ASSET_UNDER_WARRANTY,
    FAULT_IGNORED,
    MAINTENANCE_NOT_DUE,
    MAINTENANCE_TICKET_OPEN,
)

__all__ = ["Report", "open_maintenance", "open_ticket", "report_damage", "report_device_error"]


@frozen(kw_only=True)
class Report:
    """What is said to be wrong. `unusable` None: as the impact says (anything above one function is unusable).

    `patron_id` is the patron who says so, where it is one.
    """

    symptom: str
    impact: Impact = Impact.ONE_ASSET
    urgency: Urgency = Urgency.NORMAL
    safety: bool = False
    unusable: bool | None = None
    source: TicketSource = TicketSource.PERSON
    assignee: str | None = None
    fault: str | None = None
    schedule: str | None = None
    patron_id: PatronId | None = None

    def __attrs_post_init__(self) -> None:
        if not self.symptom.strip():
            raise InvalidValue(f"symptom {self.symptom!r} of a ticket is empty: say what is wrong")

    @property
    def is_unusable(self) -> bool:
        """Whether the asset cannot do its work."""
        return self.impact is not Impact.ONE_FUNCTION if self.unusable is None else self.unusable


def open_ticket(
    facts: ReportFacts,
    report: Report,
    *,
    ticket_id: TicketId,
    at: datetime,
    by: str,
    policy: EquipmentPolicy,
    today: date | None = None,
    explain: bool = False,
) -> Decision[EquipmentPlan]:
    """Open a ticket; refused only for a retired asset.

    One that concerns safety holds the asset, and the item it is, out of service from this moment. Alerts tell of a
    warranty that still runs on `today`, and of other open tickets.
    """
    ticket = _ticket(facts.asset, facts.item_id, report, ticket_id, at, by, policy)
    asked = [_in_use(facts.asset), *_hints(facts.asset, facts.open_tickets, today)]
    return answer(asked, lambda _: EquipmentPlan((TicketOpened(at, by, ticket),)), explain=explain)


def report_device_error(
    facts: FaultFacts,
    *,
    device: str,
    error: str,
    text: str = "",
    ticket_id: TicketId,
    at: datetime,
    by: str,
    policy: EquipmentPolicy,
) -> Decision[EquipmentPlan]:
    """A driver reports an error: the first opens a ticket, those that follow are counted on it.

    `facts.fault` and its ticket are what is stored under `fault_key(device, error)`. `ticket_id` is only used when a
    ticket is opened. Kinds of error that the policy ignores give an empty plan and an alert.
    """
    if error in policy.ignored:
        return Permit(EquipmentPlan(()), (FAULT_IGNORED(device=device, error=error),))
    grade = policy.graded.get(error, policy.default_grade)
    report = Report(
        symptom=text or f"{device}: {error}",
        impact=grade.impact,
        urgency=grade.urgency,
        safety=grade.safety,
        unusable=grade.unusable,
        source=TicketSource.DEVICE,
        fault=fault_key(device, error),
    )
    return _report_fault(facts, report, ticket_id, at, by, policy)


def report_damage(
    facts: FaultFacts,
    *,
    item: ItemId,
    note: str,
    ticket_id: TicketId,
    at: datetime,
    by: str,
    policy: EquipmentPolicy,
    safety: bool = False,
) -> Decision[EquipmentPlan]:
    """An item came back damaged: the first time opens a ticket, the same damage told again is counted.

    `facts.fault` is what is stored under `fault_key(f"item:{item}", "damaged")`.
    """
    report = Report(
        symptom=note,
        safety=safety,
        unusable=True,
        source=TicketSource.CHECK_IN,
        fault=fault_key(f"item:{item}", "damaged"),
    )
    return _report_fault(evolve(facts, item_id=item), report, ticket_id, at, by, policy)


def open_maintenance(
    schedule: MaintenanceSchedule,
    asset: Asset,
    *,
    today: date,
    ticket_id: TicketId,
    at: datetime,
    by: str,
    policy: EquipmentPolicy,
) -> Decision[EquipmentPlan]:
    """Open the ticket of a task that is due, or as many days before as its schedule leads; once, not every day."""
    early, running = today < schedule.opens_on, schedule.open_ticket
    asked = (
        _in_use(asset),
        ("task due", MAINTENANCE_NOT_DUE(schedule=schedule.id, opens_on=schedule.opens_on) if early else None),
        ("no ticket yet", MAINTENANCE_TICKET_OPEN(schedule=schedule.id, ticket=running) if running else None),
    )
    report = Report(
        symptom=schedule.task,
        impact=Impact.ONE_FUNCTION,
        urgency=Urgency.NORMAL if today <= schedule.next_due else Urgency.HIGH,
        source=TicketSource.MAINTENANCE,
        schedule=schedule.id,
    )
    ticket = _ticket(asset, None, report, ticket_id, at, by, policy)
    return answer(asked, lambda _: EquipmentPlan((TicketOpened(at, by, ticket),)))


def _report_fault(
    facts: FaultFacts, report: Report, ticket_id: TicketId, at: datetime, by: str, policy: EquipmentPolicy
) -> Decision[EquipmentPlan]:
    running = facts.ticket if facts.fault is not None else None
    if running is None or not _goes_on(running, policy):
        known = ReportFacts(asset=facts.asset, item_id=facts.item_id, open_tickets=facts.open_tickets)
        return open_ticket(known, report, ticket_id=ticket_id, at=at, by=by, policy=policy)
    repeated = FaultRepeated(at, by, running.id, str(report.fault))
    if running.state.is_open:
        return Permit(EquipmentPlan((repeated,)))
    blocks = policy.blocks(safety=running.safety, unusable=running.unusable)
    reopened = TicketReopened(at, by, running.id, report.symptom, blocks)
    return answer((_in_use(facts.asset),), lambda _: EquipmentPlan((repeated, reopened)))


def _goes_on(ticket: Ticket, policy: EquipmentPolicy) -> bool:
    resolved = ticket.state is TicketState.RESOLVED and policy.repeat_after_fix is RepeatAfterFix.REOPEN
    return resolved or ticket.state.is_open


def _ticket(
    asset: Asset | None,
    item_id: ItemId | None,
    report: Report,
    ticket_id: TicketId,
    at: datetime,
    by: str,
    policy: EquipmentPolicy,
) -> Ticket:
    unusable = report.is_unusable
    return Ticket(
        id=ticket_id,
        asset_id=asset.id if asset else None,
        item_id=asset.item_id if asset and asset.item_id else item_id,
        symptom=report.symptom,
        opened_at=at,
        opened_by=by,
        source=report.source,
        impact=report.impact,
        urgency=report.urgency,
        priority=priority_of(policy, report.impact, report.urgency, safety=report.safety),
        safety=report.safety,
        unusable=unusable,
        blocks=policy.blocks(safety=report.safety, unusable=unusable),
        assignee=report.assignee,
        fault=report.fault,
        schedule=report.schedule,
        passages=(Passage(TicketState.NEW, at),),
        patron_id=report.patron_id,
    )


def _in_use(asset: Asset | None) -> Asked:
    retired = asset is not None and asset.state is AssetState.RETIRED
    return ("asset in use", ASSET_RETIRED(asset=asset.id) if asset and retired else None)


def _hints(asset: Asset | None, open_tickets: tuple[Ticket, ...], today: date | None) -> tuple[Asked, ...]:
    covered = asset is not None and today is not None and asset.under_warranty(today)
    warranty = ASSET_UNDER_WARRANTY(asset=asset.id, until=asset.warranty_until) if asset and covered else None
    others = tuple(ticket.id for ticket in open_tickets if ticket.state.is_open)
    return (
        ("warranty", warranty),
        ("no other ticket", ASSET_HAS_TICKETS(tickets=others) if others else None),
    )
