"""The repair shop: the register of equipment, tickets and their life, device errors, maintenance, figures."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from attrs import evolve

from libops.base.decisions import Decision, Permit, Reason, Refuse, Weight
from libops.base.errors import DeviceError, LibopsError
from libops.base.events import Event
from libops.base.ids import AssetId, PatronId, TicketId
from libops.base.spoken import Say
from libops.desk.arguments import checks_arguments, fitting_fields
from libops.desk.equipment.maintenance import MaintenanceDesk
from libops.desk.equipment.tickets import NOT_GRADED, not_both
from libops.desk.reads import Reads
from libops.desk.shell import Errand
from libops.equipment import decide
from libops.equipment.decide import EquipmentPlan, FaultFacts, Report, ReportFacts
from libops.equipment.model import (
    Asset,
    DeviceFault,
    OutOfService,
    Reliability,
    Ticket,
    fault_key,
    reliability,
    subject_key,
)
from libops.equipment.report import AssetFigures, EquipmentReport
from libops.items.events import ItemChanged

__all__ = ["EquipmentDesk"]

LOG = logging.getLogger("libops")


Answer = Decision[EquipmentPlan]


@checks_arguments()
class EquipmentDesk(MaintenanceDesk):
    """Equipment. Acts on tickets return `Permit` with the ticket as it now is, or `Refuse` with every reason.

    `asset` is an identifier of the register, `item` an item's barcode or identifier. What is not in the register, and a
    schedule or ticket that is not there, raises `NotFound`; an item that nobody knows is refused: `barcode.no_item`.

    >>> import libops
    >>> ops = libops.open()
    >>> press = ops.equipment.register(id="press-1", name="Heat press", kind="heat press").result
    >>> ticket = ops.equipment.open_ticket(asset="press-1", symptom="smells of smoke", safety=True).result
    >>> ticket.priority.value, ops.equipment.out_of_service(asset="press-1").tickets == (ticket.id,)
    ('critical', True)
    >>> ops.equipment.resolve(ticket.id, fix="new cable").result.state.value
    'resolved'
    >>> ops.equipment.out_of_service(asset="press-1") is None
    True
    """

    # --- the register ---------------------------------------------------------------------------------------------

    def register(
        self, *, name: str, kind: str, id: str | None = None, item: str | None = None, by: str = "desk", **more: Any
    ) -> Decision[Asset]:
        """Take an asset into the register, and return it.

        Args:
            name: what people call it.
            kind: the library's own word, `3d printer`; it groups assets for known issues and reports.
            id: its identifier, such as the number on its label; made when left out.
            item: the item that it is, where it is lent too.
            by: who does it, for the log.
            more: other fields of `Asset`, such as `library`, `location`, `warranty_until` or `parts`.

        Refused: `asset.known` for an identifier in use, `item.is_other_asset`. Raises `InvalidValue` for a field that
        an asset does not have.
        """
        fitting_fields(Asset, "an asset", more, but=("item_id",))
        more.setdefault("library", self.library)
        asset_id = AssetId(self.shell.ids() if id is None else id)

        def load(reads: Reads) -> Any:
            return self.asset_facts(reads, Asset(id=asset_id, name=name, kind=kind, item_id=None, **more), item)

        return self.shell.act(
            Errand(
                load,
                lambda facts, at: decide.register_asset(facts[0], facts[1], at=at, by=by),
                lambda plan, facts, at, alerts: facts[1],
            )
        )

    def change(self, asset: str, *, by: str = "desk", **changed: Any) -> Decision[Asset]:
        """Edit what the register says, field by field, and return the asset. It is retired by its ticket (`retire`).

        Refused: `asset.retired`, `item.is_other_asset`, and `asset.out_of_service` when its item should change while a
        ticket holds it. Raises `InvalidValue` for a field that an asset does not have.
        """
        fitting_fields(Asset, "an asset", changed, but=("id", "state"))

        def load(reads: Reads) -> Any:
            before = self.asset_or_raise(reads, asset)
            return self.asset_facts(reads, evolve(before, **changed), None)

        return self.shell.act(
            Errand(
                load,
                lambda facts, at: decide.change_asset(facts[0], facts[1], at=at, by=by),
                lambda plan, facts, at, alerts: facts[1],
            )
        )

    def get(self, asset: str) -> Asset:
        """The asset with this identifier. Raises `NotFound`."""
        return self.asset_or_raise(Reads(self.shell.storage), asset)

    def assets(self, *, kind: str | None = None, library: str | None = None) -> list[Asset]:
        """What is registered in a library, this one when left out, of one kind or of all; retired assets too."""
        equal = (library or self.library,) if kind is None else (library or self.library, kind)
        return Reads(self.shell.storage).find(Asset, "by_library", *equal)

    # --- new tickets ----------------------------------------------------------------------------------------------

    def open_ticket(
        self,
        *,
        symptom: str,
        asset: str | None = None,
        item: str | None = None,
        patron: str | None = None,
        by: str = "desk",
        explain: bool = False,
        **grade: Any,
    ) -> Decision[Ticket]:
        """Report a fault of an asset, or of an item.

        Args:
            symptom: what is wrong, in the words of whoever noticed it.
            asset: identifier of the asset.
            item: barcode or identifier of the item, in place of the asset.
            patron: card or identifier of the patron who reports it, and is told when it is fixed.
            by: who reports it.
            explain: also say which questions were asked.
            grade: how grave it is: `impact`, `urgency`, `safety`, `unusable`, `assignee`; see `triage`.

        Told by alerts: `asset.has_open_tickets`, `asset.under_warranty`. Refused: `asset.retired`, `barcode.no_patron`.
        Raises `InvalidValue` without a symptom, and without asset and item or with both.
        """
        fitting_fields(Report, "a ticket", grade, but=NOT_GRADED)
        report = Report(symptom=symptom, **grade)
        ticket_id = TicketId(self.shell.ids())

        def load(reads: Reads) -> tuple[ReportFacts, Report] | Refuse:
            use = None if patron is None else self.holders.patron(reads, patron)
            if isinstance(use, Reason):
                return Refuse((use,))
            found = self.subject(reads, asset, item)
            if isinstance(found, Refuse):
                return found
            who = None if use is None else PatronId(use.holder_id)
            return ReportFacts(**found), evolve(report, patron_id=who)

        def ask(facts: tuple[ReportFacts, Report], at: datetime) -> Answer:
            return decide.open_ticket(
                *facts,
                ticket_id=ticket_id,
                at=at,
                by=by,
                policy=self.policy,
                today=self.today(at),
                explain=explain,
            )

        answer: Decision[Ticket] = self.act(load, ask, ticket_id)
        return answer

    def report_device_error(
        self, *, device: str, error: str, text: str = "", asset: str | None = None, by: str = "driver"
    ) -> Decision[Ticket | None]:
        """A driver's device failed: the first error of a kind opens a ticket, those that follow are counted on it.

        Args:
            device: the name of the device, which is also the identifier of its asset unless `asset` is given.
            error: what kind of error, in one word: `paper_jam`.
            text: the device's own words; they become the symptom.
            asset: the identifier of the asset.
            by: who noticed.

        Returns:
            `Permit` with the ticket; with None for a kind of error that the settings ignore.

        Raises:
            NotFound: there is no such asset in the register.
        """
        return self.fault(
            fault_key(device, error),
            asset or device,
            None,
            lambda facts, ticket_id, at: decide.report_device_error(
                facts,
                device=device,
                error=error,
                text=text,
                ticket_id=ticket_id,
                at=at,
                by=by,
                policy=self.policy,
            ),
        )

    @contextmanager
    def watching(
        self, device: str, *, asset: str | None = None, by: str = "driver", register_as: str = ""
    ) -> Iterator[None]:
        """Use a device; a `DeviceError` inside becomes a ticket, once, and is raised again.

        The kind of error is the error's `kind` if it has one, else the name of its class. `ops.devices` watches what it
        opens by itself. `register_as` is explained at `tell_of_device`.
        """
        try:
            yield
        except DeviceError as error:
            kind = str(getattr(error, "kind", "") or type(error).__name__)
            if register_as:
                self.tell_of_device(
                    device=device, error=kind, text=str(error), asset=asset, by=by, register_as=register_as
                )
            else:
                self.report_device_error(device=device, error=kind, text=str(error), asset=asset, by=by)
            raise

    def tell_of_device(
        self, *, device: str, error: str, text: str, register_as: str, asset: str | None = None, by: str = "driver"
    ) -> None:
        """Report a device error whatever happens: nothing is raised, a report that fails is logged.

        A device that the register does not have is taken into it, as an asset of the kind `register_as`.
        """
        key = asset or device
        try:
            if Reads(self.shell.storage).get(Asset, key) is None:
                self.register(id=key, name=device, kind=register_as, by=by)
            self.report_device_error(device=device, error=error, text=text, asset=key, by=by)
        except LibopsError:
            LOG.exception("error %r of device %r could not be reported", error, device)

    def report_damage(self, *, item: str, note: str, safety: bool = False, by: str = "desk") -> Decision[Ticket | None]:
        """An item came back damaged: a ticket is opened, or the report is counted on the one that is there.

        `note` says what is broken and becomes the symptom; with `safety` the item is not lent or booked from here on.
        The item's record is not marked: `check_in(damaged=...)` does both. Refused: `asset.retired`. Raises `NotFound`
        for an unknown item, `InvalidValue` without a note.
        """
        reads = Reads(self.shell.storage)
        item_id = self.holders.item_or_raise(reads, item).id
        return self.fault(
            fault_key(subject_key(item=item_id), "damaged"),
            None,
            item,
            lambda facts, ticket_id, at: decide.report_damage(
                facts, item=item_id, note=note, safety=safety, ticket_id=ticket_id, at=at, by=by, policy=self.policy
            ),
        )

    def with_damage(self, errand: Errand, *, item: str, note: str, by: str) -> Errand:
        """The errand of a return, which marks the item as damaged and opens its ticket in the same step.

        A ticket that cannot be opened stops no return; its reasons are told as alerts.
        """
        ticket_id = TicketId(self.shell.ids())

        def load(reads: Reads) -> Any:
            facts = errand.load(reads)
            if isinstance(facts, Refuse):
                return facts
            key = fault_key(subject_key(item=facts.item.id), "damaged")
            return facts.set_apart(), self.fault_facts(reads, key, None, item)

        def ask(facts: Any, at: datetime) -> Decision[Any]:
            returned = errand.decide(facts[0], at)
            if isinstance(returned, Refuse):
                return returned
            before = facts[0].item
            seen = [event.item for event in returned.result.events if isinstance(event, ItemChanged)]
            latest = seen[-1] if seen else before
            marked = evolve(latest, damaged=True, status_note=note)
            events: tuple[Event, ...] = () if marked == latest else (ItemChanged(at, by, marked, latest),)
            report = decide.report_damage(
                facts[1], item=before.id, note=note, ticket_id=ticket_id, at=at, by=by, policy=self.policy
            )
            told = report.alerts
            if isinstance(report, Permit):
                events += report.result.events
            else:
                told += tuple(evolve(reason, weight=Weight.ALERT) for reason in report.reasons)
            plan = evolve(returned.result, events=returned.result.events + events)
            return Permit(plan, returned.alerts + told, returned.trace)

        return Errand(load, ask, lambda plan, facts, at, alerts: errand.receive(plan, facts[0], at, alerts))

    # --- what is known --------------------------------------------------------------------------------------------

    def times_reported(self, *, device: str, error: str) -> int:
        """How often an error came while its ticket is there; 0 when none is."""
        fault = Reads(self.shell.storage).get(DeviceFault, fault_key(device, error))
        return 0 if fault is None else fault.count

    def out_of_service(self, *, asset: str | None = None, item: str | None = None) -> OutOfService | None:
        """What holds an asset or an item out of service; None when it may be booked and lent.

        Raises `InvalidValue` when neither is named, or both are.
        """
        not_both(asset, item)
        reads = Reads(self.shell.storage)
        if item is not None:
            return reads.get(OutOfService, subject_key(item=self.holders.item_or_raise(reads, item).id))
        return reads.get(OutOfService, subject_key(asset=None if asset is None else AssetId(asset)))

    def reliability(self, asset: str, *, since: datetime, until: datetime | None = None) -> Reliability:
        """Faults, downtime, availability and the means to repair and between faults, from `since` to now or `until`.

        Only the library's opening hours count; availability runs from 0.0 to 1.0.
        """
        end = self.shell.clock() if until is None else until
        return reliability(self.tickets(asset=asset), since, end, open_time=self.open_time)

    def report(self, *, since: datetime, until: datetime | None = None, kind: str | None = None) -> EquipmentReport:
        """The equipment of this library from `since` to now or `until`, of one kind or all.

        `libops.equipment.report` makes a page or a spreadsheet of it: `equipment_html(report, say=ops.equipment.say)`.
        """
        end = self.shell.clock() if until is None else until
        lines = []
        for asset in self.assets(kind=kind):
            tickets = self.tickets(asset=asset.id)
            figures = reliability(tickets, since, end, open_time=self.open_time)
            told = tuple(one for one in tickets if one.state.is_open or since <= one.opened_at < end)
            lines.append(AssetFigures(asset, figures, told))
        return EquipmentReport(since, end, tuple(lines), self.book.calendar(self.library).zone_info)

    @property
    def say(self) -> Say:
        """The words of reports in this desk's language."""
        return self.shell.words.report

    def fault(
        self,
        key: str,
        asset: str | None,
        item: str | None,
        ask: Callable[[FaultFacts, TicketId, datetime], Answer],
    ) -> Decision[Ticket | None]:
        ticket_id = TicketId(self.shell.ids())

        def receive(plan: EquipmentPlan, facts: FaultFacts, at: datetime, alerts: tuple[Reason, ...]) -> Ticket | None:
            fault = Reads(self.shell.storage).get(DeviceFault, key)
            return None if fault is None or not plan.events else self.ticket(fault.ticket_id)

        return self.shell.act(
            Errand(
                lambda reads: self.fault_facts(reads, key, asset, item),
                lambda facts, at: ask(facts, ticket_id, at),
                receive,
            )
        )

    def fault_facts(self, reads: Reads, key: str, asset: str | None, item: str | None) -> FaultFacts | Refuse:
        found = self.subject(reads, asset, item)
        if isinstance(found, Refuse):
            return found
        fault = reads.get(DeviceFault, key)
        running = None if fault is None else reads.get(Ticket, fault.ticket_id)
        return FaultFacts(fault=fault, ticket=running, **found)
