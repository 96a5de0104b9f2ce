from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from attrs import evolve

from libops.base.decisions import Permit, Refuse
from libops.base.ids import AssetId, ItemId, LibraryCode, TicketId
from libops.base.periods import Period
from libops.equipment import (
    Asset,
    AssetState,
    DeviceFault,
    EquipmentPolicy,
    FaultFacts,
    Grade,
    MaintenanceCounts,
    MaintenanceSchedule,
    OutOfService,
    RepeatAfterFix,
    Ticket,
    TicketFacts,
    TicketSource,
    TicketState,
    close,
    dismiss,
    fault_key,
    next_maintenance,
    open_maintenance,
    reopen,
    report_damage,
    report_device_error,
    resolve,
    schedule_maintenance,
    stop_maintenance,
)
from libops.testing.notebook import Notebook

NIGHT = datetime(2026, 3, 2, 22, tzinfo=UTC)
PRINTER = Asset(id=AssetId("A-3"), name="Printer 3", kind="printer", library=LibraryCode("MAIN"))
POLICY = EquipmentPolicy()
ROLLERS = MaintenanceSchedule(
    id="M-1",
    asset_id=PRINTER.id,
    task="clean the rollers",
    every=Period.parse("1 month"),
    next_due=date(2026, 4, 1),
    lead_days=7,
)


def jam(notebook: Notebook, number: int, policy: EquipmentPolicy = POLICY, error: str = "paper_jam") -> object:
    fault = notebook.get(DeviceFault, fault_key("printer-3", error))
    facts = FaultFacts(asset=PRINTER, fault=fault, ticket=notebook.get(Ticket, fault.ticket_id) if fault else None)
    at = NIGHT + timedelta(minutes=number)
    decision = report_device_error(
        facts, device="printer-3", error=error, ticket_id=TicketId(f"T-{number}"), at=at, by="driver", policy=policy
    )
    if isinstance(decision, Permit):
        notebook.write(decision.result.events)
    return decision


def write(notebook: Notebook, decision: object) -> None:
    assert isinstance(decision, Permit), decision
    notebook.write(decision.result.events)


def facts(notebook: Notebook, ticket_id: str) -> TicketFacts:
    ticket = notebook.get(Ticket, ticket_id)
    assert ticket is not None
    return TicketFacts(ticket=ticket)


def shut(notebook: Notebook, ticket_id: str, number: int) -> None:
    at = NIGHT + timedelta(minutes=number)
    for act in (
        lambda: resolve(facts(notebook, ticket_id), fix="cleared", at=at, by="S-2", policy=POLICY),
        lambda: close(facts(notebook, ticket_id), at=at, by="S-1"),
    ):
        decision = act()
        assert isinstance(decision, Permit)
        notebook.write(decision.result.events)


def test_a_hundred_paper_jams_are_one_ticket(notebook: Notebook) -> None:
    """The first opens a ticket, the others are counted on the record of device and kind of error."""
    for number in range(100):
        jam(notebook, number)
    assert ["T-0"] == [ticket.id for ticket in notebook.all(Ticket)]
    last = NIGHT + timedelta(minutes=99)
    assert (DeviceFault("printer-3:paper_jam", TicketId("T-0"), 100, NIGHT, last),) == notebook.all(DeviceFault)
    assert TicketSource.DEVICE is notebook.all(Ticket)[0].source


def test_another_kind_of_error_has_its_own_ticket(notebook: Notebook) -> None:
    """A jam and an overheated fuser are two faults; what the library grades as unsafe blocks."""
    policy = EquipmentPolicy(graded={"fuser_hot": Grade(safety=True)})
    jam(notebook, 0, policy)
    jam(notebook, 1, policy, error="fuser_hot")
    assert [False, True] == [ticket.blocks for ticket in notebook.all(Ticket)]
    assert ["asset:A-3"] == [held.key for held in notebook.all(OutOfService)]


def test_errors_the_library_ignores_open_nothing(notebook: Notebook) -> None:
    """An empty paper tray is work for the desk, not for the shop."""
    decision = jam(notebook, 0, EquipmentPolicy(ignored=frozenset({"paper_out"})), error="paper_out")
    assert isinstance(decision, Permit)
    assert (((),), ["fault.ignored"]) == ((decision.result.events,), [alert.code for alert in decision.alerts])
    assert [] == notebook.log


def test_an_error_that_comes_back_after_the_fix_reopens_or_opens_as_the_library_says(notebook: Notebook) -> None:
    """Resolved is not closed: by default the fix did not hold, and the same ticket goes on."""
    jam(notebook, 0)
    resolved = resolve(facts(notebook, "T-0"), fix="cleared", at=NIGHT, by="S-2", policy=POLICY)
    assert isinstance(resolved, Permit)
    notebook.write(resolved.result.events)
    jam(notebook, 1)
    assert TicketState.REOPENED is notebook.all(Ticket)[0].state
    write(
        notebook, resolve(facts(notebook, "T-0"), fix="again", at=NIGHT + timedelta(minutes=2), by="S-2", policy=POLICY)
    )
    jam(notebook, 3, EquipmentPolicy(repeat_after_fix=RepeatAfterFix.NEW_TICKET))
    assert ["resolved", "new"] == [ticket.state.value for ticket in notebook.all(Ticket)]
    write(notebook, close(facts(notebook, "T-0"), at=NIGHT + timedelta(minutes=4), by="S-1"))
    assert ["T-3"] == [fault.ticket_id for fault in notebook.all(DeviceFault)]


def test_after_closing_the_next_error_opens_a_new_ticket(notebook: Notebook) -> None:
    """And a closed ticket that is reopened by hand takes the key back, unless it is taken."""
    jam(notebook, 0)
    shut(notebook, "T-0", 1)
    assert () == notebook.all(DeviceFault)
    again = reopen(facts(notebook, "T-0"), why="noise", at=NIGHT + timedelta(minutes=2), by="S-1", policy=POLICY)
    assert isinstance(again, Permit)
    notebook.write(again.result.events)
    assert ["T-0"] == [fault.ticket_id for fault in notebook.all(DeviceFault)]
    shut(notebook, "T-0", 3)
    jam(notebook, 4)
    write(
        notebook, reopen(facts(notebook, "T-0"), why="noise", at=NIGHT + timedelta(minutes=5), by="S-1", policy=POLICY)
    )
    assert ["T-4"] == [fault.ticket_id for fault in notebook.all(DeviceFault)]


def test_errors_of_a_retired_device_are_refused(notebook: Notebook) -> None:
    """Somebody left it plugged in; also an error that would reopen its resolved ticket is refused."""
    gone = evolve(PRINTER, state=AssetState.RETIRED)
    jam(notebook, 0)
    resolved = evolve(notebook.all(Ticket)[0], state=TicketState.RESOLVED)
    for known in (
        FaultFacts(asset=gone),
        FaultFacts(asset=gone, fault=notebook.all(DeviceFault)[0], ticket=resolved),
    ):
        decision = report_device_error(
            known,
            device="printer-3",
            error="paper_jam",
            ticket_id=TicketId("T-9"),
            at=NIGHT,
            by="driver",
            policy=POLICY,
        )
        assert isinstance(decision, Refuse)
        assert ["asset.retired"] == [reason.code for reason in decision.reasons]


def test_a_damaged_return_opens_one_ticket_for_the_item(notebook: Notebook) -> None:
    """A ukulele is no registered asset, yet its broken string is mended; a second scan of the return only counts."""
    item = ItemId("I-77")
    for number in range(2):
        fault = notebook.get(DeviceFault, "item:I-77:damaged")
        known = FaultFacts(fault=fault, ticket=notebook.get(Ticket, fault.ticket_id) if fault else None)
        decision = report_damage(
            known,
            item=item,
            note="string broken",
            ticket_id=TicketId(f"T-{number}"),
            at=NIGHT,
            by="S-1",
            policy=POLICY,
            safety=True,
        )
        assert isinstance(decision, Permit)
        notebook.write(decision.result.events)
    (ticket,) = notebook.all(Ticket)
    assert (None, item, TicketSource.CHECK_IN) == (ticket.asset_id, ticket.item_id, ticket.source)
    assert ["item:I-77"] == [held.key for held in notebook.all(OutOfService)]


def maintain(notebook: Notebook, today: date) -> object:
    schedule = notebook.get(MaintenanceSchedule, "M-1")
    assert schedule is not None
    return open_maintenance(
        schedule, PRINTER, today=today, ticket_id=TicketId("T-1"), at=NIGHT, by="sweep", policy=POLICY
    )


def test_maintenance_opens_its_ticket_in_time_and_once(notebook: Notebook) -> None:
    """A week before it is due, not earlier, and not again while the ticket is open."""
    write(notebook, schedule_maintenance(PRINTER, ROLLERS, at=NIGHT, by="S-1"))
    early = maintain(notebook, date(2026, 3, 24))
    assert isinstance(early, Refuse)
    assert ["maintenance.not_due"] == [reason.code for reason in early.reasons]
    due = maintain(notebook, date(2026, 3, 25))
    assert isinstance(due, Permit)
    notebook.write(due.result.events)
    twice = maintain(notebook, date(2026, 3, 26))
    assert isinstance(twice, Refuse)
    assert ["maintenance.ticket_open"] == [reason.code for reason in twice.reasons]


def test_the_next_maintenance_counts_from_due_or_from_done(notebook: Notebook) -> None:
    """Done on 5 May, two months late: due again on 1 June by the rhythm, on 5 June by the day it was done."""
    write(notebook, schedule_maintenance(PRINTER, ROLLERS, at=NIGHT, by="S-1"))
    write(notebook, maintain(notebook, date(2026, 4, 1)))
    known = evolve(facts(notebook, "T-1"), schedule=notebook.get(MaintenanceSchedule, "M-1"))
    days = []
    for counts in MaintenanceCounts:
        policy = EquipmentPolicy(maintenance_counts=counts)
        decision = resolve(known, fix="done", at=NIGHT, by="S-2", policy=policy, today=date(2026, 5, 5))
        assert isinstance(decision, Permit)
        days.append(decision.result.events[0].next_due)
    assert [date(2026, 6, 1), date(2026, 6, 5)] == days
    write(notebook, dismiss(known, why="new rollers", at=NIGHT, by="S-2", policy=POLICY))
    skipped = notebook.get(MaintenanceSchedule, "M-1")
    assert skipped is not None
    assert (date(2026, 5, 1), None, None) == (skipped.next_due, skipped.last_done, skipped.open_ticket)
    write(notebook, stop_maintenance(skipped, at=NIGHT, by="S-1"))
    assert () == notebook.all(MaintenanceSchedule)


def test_a_task_of_the_last_day_of_the_month_stays_there() -> None:
    """Due on 31 January, done in time each month: 28 February, then 31 March, not the 28th for ever."""
    alarm = evolve(ROLLERS, first_due=date(2026, 1, 31), next_due=date(2026, 2, 28))
    assert date(2026, 3, 31) == next_maintenance(POLICY, alarm, date(2026, 2, 28))
    assert date(2026, 3, 31) == next_maintenance(POLICY, alarm, date(2026, 1, 31))


def test_no_task_is_planned_for_a_retired_asset() -> None:
    """It would come back for ever."""
    decision = schedule_maintenance(evolve(PRINTER, state=AssetState.RETIRED), ROLLERS, at=NIGHT, by="S-1")
    assert isinstance(decision, Refuse)
    assert ["asset.retired"] == [reason.code for reason in decision.reasons]
