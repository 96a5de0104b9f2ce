"""What the verbs for shelves, equipment and bookings do."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from libops.base.errors import InvalidValue
from libops.cli.named_files import lines_of, written
from libops.cli.output import Output
from libops.cli.typed_values import moment
from libops.cli.verbs import opened, override_of

if TYPE_CHECKING:
    from libops.desk.devices import DeviceState
    from libops.desk.operations import Operations
    from libops.equipment.model import Ticket
    from libops.inventory.model import ShelfReading, StocktakeResult, StocktakeScan, WeedingCandidate

__all__ = [
    "MOVES",
    "asset_add",
    "device_check",
    "device_list",
    "shelf_read",
    "stocktake_accept",
    "stocktake_close",
    "stocktake_result",
    "stocktake_scan",
    "stocktake_start",
    "stocktake_undo",
    "ticket_list",
    "ticket_move",
    "ticket_open",
    "ticket_report",
    "ticket_show",
    "weed_list",
]

DONE, BROKEN = 0, 4

MOVES = {
    "triage": ("triage", ""),
    "assign": ("assign", "to"),
    "diagnose": ("diagnose", "diagnosis"),
    "wait": ("wait_for_parts", "parts"),
    "repair": ("start_repair", ""),
    "resolve": ("resolve", "fix"),
    "dismiss": ("dismiss", "why"),
    "close": ("close", ""),
    "reopen": ("reopen", "why"),
    "retire": ("retire", "why"),
}
"""What a ticket can be moved by: the act at the desk, and which of its arguments the note is."""


def asset_add(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(
            ops.equipment.register(
                id=arguments.id, name=arguments.name, kind=arguments.kind, item=arguments.item, by=arguments.by
            )
        )


def device_list(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        output.rows(ops.devices.all(), device_line)
    return DONE


def device_line(state: DeviceState) -> str:
    tickets = ", ".join(f"{ticket.id} ({ticket.symptom})" for ticket in state.tickets) or "no open ticket"
    return f"{state.name:<20} {state.driver + (' (simulated)' if state.simulated else ''):<28} {tickets}"


def device_check(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        state = ops.devices.state(arguments.device, try_it=True)
        output.value(state)
    return BROKEN if state.problem else DONE


def ticket_open(arguments: argparse.Namespace, output: Output) -> int:
    from libops.equipment.model import Impact, Urgency

    with opened(arguments) as ops:
        return output.answer(
            ops.equipment.open_ticket(
                symptom=arguments.symptom,
                asset=arguments.asset,
                item=arguments.item,
                patron=arguments.patron,
                impact=Impact(arguments.impact),
                urgency=Urgency(arguments.urgency),
                safety=arguments.safety,
                by=arguments.by,
            )
        )


def ticket_list(arguments: argparse.Namespace, output: Output) -> int:
    from libops.equipment.model import TicketState

    state = None if arguments.state is None else TicketState(arguments.state)
    with opened(arguments) as ops:
        output.rows(ops.equipment.tickets(state=state, asset=arguments.asset), ticket_line)
    return DONE


def ticket_line(ticket: Ticket) -> str:
    about = ticket.asset_id or ticket.item_id
    return f"{ticket.id}  {ticket.priority.value:<8}  {ticket.state.value:<17}  {about:<16}  {ticket.symptom}"


def ticket_report(arguments: argparse.Namespace, output: Output) -> int:
    from libops.equipment.report import equipment_csv, equipment_html

    with opened(arguments) as ops:
        say, report = (
            ops.equipment.say,
            ops.equipment.report(since=ops.bookings.instant(arguments.since), kind=arguments.kind),
        )
        written(arguments.html, equipment_html(report, say=say))
        written(arguments.csv, equipment_csv(report, say=say))
        output.shown(report, lambda found: equipment_csv(found, say=say).rstrip())
    return DONE


def ticket_show(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        ticket = ops.equipment.ticket(arguments.ticket)
        output.value(ticket)
        if not output.as_json:
            for passage in ticket.passages:
                print(f"{output.local(passage.at)}  {passage.state.value}")
            print(f"{'work:':<20} {ticket.minutes_worked} minutes\n{'cost:':<20} {ticket.cost or 'nothing priced'}")
    return DONE


def ticket_move(arguments: argparse.Namespace, output: Output) -> int:
    act, noted = MOVES[arguments.act]
    more: dict[str, Any] = {noted: arguments.note} if noted else {}
    with opened(arguments) as ops:
        return output.answer(getattr(ops.equipment, act)(arguments.ticket, by=arguments.by, **more))


def stocktake_start(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(
            ops.inventory.open_stocktake(
                id=arguments.id,
                name=arguments.name,
                location=arguments.location,
                call_numbers=arguments.call_numbers,
                by=arguments.by,
                override=override_of(arguments),
            )
        )


def stocktake_scan(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        scans = [scan_of(arguments, ops, place, line) for place, line in lines_of(arguments.file)]
        return output.answer(
            ops.inventory.record_scans(arguments.session, device=arguments.device, scans=scans, by=arguments.by)
        )


def scan_of(arguments: argparse.Namespace, ops: Operations, place: int, line: str) -> StocktakeScan:
    """The scan of a line: a barcode, and after a tab its time if the device keeps one."""
    from libops.base.ids import StocktakeId
    from libops.inventory.model import StocktakeScan

    text, _, when = line.partition("\t")
    try:
        at = ops.bookings.instant(moment(when.strip())) if when.strip() else ops.clock()
    except argparse.ArgumentTypeError as wrong:
        raise InvalidValue(f"line {place} of {str(arguments.file)!r}: {wrong}") from None
    device, run = arguments.device, arguments.stretch
    return StocktakeScan(StocktakeId(arguments.session), device, place, text.strip(), at, run, arguments.location)


def stocktake_result(arguments: argparse.Namespace, output: Output) -> int:
    from libops.inventory.report import stocktake_csv, stocktake_html

    with opened(arguments) as ops:
        result, session = ops.inventory.result(arguments.session), ops.inventory.stocktake(arguments.session)
        written(arguments.html, stocktake_html(result, session, say=ops.inventory.say))
        written(arguments.csv, stocktake_csv(result, say=ops.inventory.say))
        output.shown({"fingerprint": result.fingerprint, "result": result}, lambda told: result_text(result))
    return DONE


def result_text(result: StocktakeResult) -> str:
    found = f"{result.scans} scans, {len(result.found)} of {result.expected} found; fingerprint {result.fingerprint}"
    lines = [
        f"{one.kind.value:<18} {one.text:<16} {one.item.call_number if one.item else '':<24} {one.neighbors or ''}"
        for one in result.findings
    ]
    return "\n".join([found, *lines])


def stocktake_close(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(ops.inventory.close_counting(arguments.session, by=arguments.by))


def stocktake_accept(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(
            ops.inventory.accept_stocktake(
                arguments.session, reviewed=arguments.reviewed, by=arguments.by, override=override_of(arguments)
            )
        )


def stocktake_undo(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(ops.inventory.undo_stocktake(arguments.session, why=arguments.why, by=arguments.by))


def weed_list(arguments: argparse.Namespace, output: Output) -> int:
    from libops.inventory.report import weeding_list_csv, weeding_list_html

    with opened(arguments) as ops:
        found = ops.inventory.candidates(location=arguments.location, call_numbers=arguments.call_numbers)
        written(arguments.html, weeding_list_html(found, on=ops.inventory.today(), say=ops.inventory.say))
        written(arguments.csv, weeding_list_csv(found, say=ops.inventory.say))
        output.rows(found, candidate_line)
    return DONE


def candidate_line(one: WeedingCandidate) -> str:
    item, why = one.subject.item, "; ".join(map(str, one.reasons))
    return f"{item.barcode or item.item_id:<16} {item.call_number:<24} {why}{'  GUARDED' if one.guarded else ''}"


def shelf_read(arguments: argparse.Namespace, output: Output) -> int:
    from libops.inventory.report import shelf_reading_csv

    with opened(arguments) as ops:
        reading = ops.inventory.read_shelf([line.strip() for _, line in lines_of(arguments.file)])
        written(arguments.csv, shelf_reading_csv(reading, say=ops.inventory.say))
        output.shown(reading, reading_text)
    return DONE


def reading_text(reading: ShelfReading) -> str:
    lines = [f"{reading.items} items, {len(reading.misplaced)} to move"]
    for one in reading.misplaced:
        lines.append(f"{one.position:>4}  {one.item.barcode:<16} {one.item.call_number:<24} {one.neighbors}")
        lines += [f"      {why}" for why in one.why]
    return "\n".join(lines)
