"""Friday of the week: a broken scanner, the post, a study room, and one shelf that is counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from libops.base.decisions import Permit
from libops.cli.demo.post import post
from libops.desk.operations import Operations
from libops.equipment.model import Urgency
from libops.inventory.report import stocktake_html

__all__ = ["TOM", "friday"]

FRIDAY = date(2026, 3, 6)
ADA, BEN = "21234000000017", "21234000000025"
TOM = "tom"


def friday(ops: Operations, teller: Any, to: Callable[..., None]) -> None:
    """The back rooms; `to` sets the library's clock."""
    to(FRIDAY, 9, 30)
    teller.day("Friday, 6 March")
    scanner(ops, teller, to)
    post(ops, teller, TOM)
    study_room(ops, teller)
    one_shelf(ops, teller, to)


def scanner(ops: Operations, teller: Any, to: Callable[..., None]) -> None:
    """A ticket's life, with its times and costs."""
    repairs = ops.equipment
    device = ops.devices.open("scanner-1")
    device.fail("wrong_layout")
    teller.tell("Before opening, somebody reads the wrong programming code. The front desk's scanner types nonsense.")
    for _ in range(40):
        device.type("31234000000014", ops.clock())
    (ticket,) = repairs.tickets(asset="scanner-1")
    repairs.change("scanner-1", name="Scanner at the front desk", by=TOM)
    count = repairs.times_reported(device="scanner-1", error="layout_suspect")
    teller.tell(f"Nobody wrote a ticket. The device's errors did, and are one, told {count} times: {ticket.symptom}.")
    to(FRIDAY, 9, 45)
    repairs.triage(ticket.id, urgency=Urgency.HIGH, assignee=TOM, by=TOM)
    repairs.start_repair(ticket.id, by=TOM)
    refused = repairs.resolve(ticket.id, fix="", by=TOM)
    teller.tell("Tom wants to close it without a word.")
    teller.show(refused)
    repairs.use_part(ticket.id, name="sheet of programming codes", price="4.20 EUR", by=TOM)
    to(FRIDAY, 10, 5)
    repairs.log_labor(ticket.id, minutes=20, by=TOM)
    repairs.resolve(ticket.id, fix="set back to the keyboard of this house", by=TOM)
    repairs.close(ticket.id, by=TOM)
    told, zone = repairs.ticket(ticket.id), ops.settings.calendar_of(ops.library).zone_info
    life = ", ".join(f"{passage.state.value} {passage.at.astimezone(zone):%H:%M}" for passage in told.passages)
    teller.tell(f"Its life: {life}. {told.minutes_worked} minutes of work, {told.cost} of parts.")


def study_room(ops: Operations, teller: Any) -> None:
    """A booking, and one that comes too late."""
    ops.bookings.register(id="study", name="Study room", kind="study room")
    booked = ops.bookings.make(resource="study", patron=ADA, start="2026-03-07T10:00", end="2026-03-07T12:00")
    assert isinstance(booked, Permit), booked
    teller.tell("Ada books the study room for Saturday from ten to twelve. Ben wants it from eleven:")
    late = ops.bookings.make(resource="study", patron=BEN, start="2026-03-07T11:00", end="2026-03-07T13:00")
    teller.show(late)


def one_shelf(ops: Operations, teller: Any, to: Callable[..., None]) -> None:
    """A stocktake: one book is gone, one stands wrong, and a page tells where."""
    to(FRIDAY, 16)
    shelves = ops.inventory
    opened = shelves.open_stocktake(name="Science", location="stacks", call_numbers="500-599", by=TOM)
    if not isinstance(opened, Permit) or opened.result.expected < 5:
        teller.tell("The science shelf of this catalog is too short to be counted today.")
        return
    session = opened.result
    line = [item for item in shelves.shelves.of_range(session.range) if item.barcode and item.on_shelf]
    line.sort(key=lambda item: (item.order, item.item_id))
    walked = [str(item.barcode) for item in line]
    gone, wrong = walked.pop(2), walked.pop(3)
    shelves.scan(session.id, [*walked, wrong], device="wand-1", run="science", by=TOM)
    to(FRIDAY, 16, 40)
    shelves.close_counting(session.id, by=TOM)
    result = shelves.result(session.id)
    teller.tell(f"Tom counts the science shelf: {len(result.found)} of {session.expected} stand where they should.")
    for finding in result.alarms:
        number = finding.item.call_number if finding.item else finding.text
        teller.tell(f"{finding.kind.value}: {number}, {finding.neighbors}.")
    (teller.folder.path / "stocktake.html").write_text(
        stocktake_html(result, session, say=shelves.say), encoding="utf-8"
    )
    accepted = shelves.accept_stocktake(session.id, reviewed=result.fingerprint, by="ruth")
    if isinstance(accepted, Permit):
        teller.tell(f"Ruth accepts the result. The records say now that {ops.items.get(gone).barcode} is missing.")
