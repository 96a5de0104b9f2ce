"""The arguments of the verbs for shelves, equipment and bookings."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from libops.cli import booking_verbs
from libops.cli import shelf_verbs as run
from libops.cli.typed_values import moment

__all__ = ["add_bookings", "add_equipment", "add_shelves"]

Group = Any
Verb = Callable[..., argparse.ArgumentParser]


def add_equipment(group: Group, verb: Verb, subject: Callable[..., Group]) -> None:
    """Assets, devices, tickets."""
    asset = verb(subject(group, "asset", "the register of equipment"), "add", run.asset_add, "register an asset")
    add_identity(asset)
    device = subject(group, "device", "scanners, printers and gates of the settings")
    verb(device, "list", run.device_list, "list devices with their drivers and open tickets")
    tried = verb(device, "check", run.device_check, "open a device; what goes wrong becomes a ticket")
    tried.add_argument("device")
    ticket = subject(group, "ticket", "what is broken")
    report = verb(ticket, "open", run.ticket_open, "report a fault")
    report.add_argument("symptom", help="what is wrong, in your words")
    report.add_argument("--asset")
    report.add_argument("--item", help="barcode of the item, in place of the asset")
    report.add_argument("--patron", help="card of the patron who reports it, to be told when it is fixed")
    report.add_argument("--impact", default="one_asset", choices=["one_function", "one_asset", "whole_service"])
    report.add_argument("--urgency", default="normal", choices=["low", "normal", "high"])
    report.add_argument("--safety", action="store_true", help="somebody may be hurt: block lending and booking now")
    listed = verb(ticket, "list", run.ticket_list, "list tickets, the most urgent first")
    states = "new triaged waiting_for_parts in_repair resolved closed reopened retired"
    listed.add_argument("--state", choices=states.split())
    listed.add_argument("--asset")
    figures = verb(ticket, "report", run.ticket_report, "what broke how often, for how long, at what cost")
    figures.add_argument("--since", type=moment, required=True, help="from which day on, as 2026-01-01")
    figures.add_argument("--kind", help="only this kind of equipment")
    figures.add_argument("--html", type=Path, help="write the report to this file")
    figures.add_argument("--csv", type=Path, help="write the rows to this file")
    verb(ticket, "show", run.ticket_show, "tell a ticket's life").add_argument("ticket")
    move = verb(ticket, "move", run.ticket_move, "triage, repair, resolve, close a ticket")
    move.add_argument("ticket")
    move.add_argument("act", choices=list(run.MOVES))
    move.add_argument("--note", default="", help="the diagnosis, the fix, who it is assigned to, or why")


def add_bookings(group: Group, verb: Verb, subject: Callable[..., Group]) -> None:
    """What can be booked, bookings, and calendars of them."""
    resource = verb(
        subject(group, "resource", "what can be booked"), "add", booking_verbs.resource_add, "let it be booked"
    )
    add_identity(resource)
    resource.add_argument("--asset", help="identifier in the register of equipment")
    book = verb(group, "book", booking_verbs.book, "book a room, a machine or a piece of equipment")
    book.add_argument("resource")
    book.add_argument("patron", help="barcode of the card")
    book.add_argument("start", type=moment, help="on the library's clocks, as 2026-03-10T16:00")
    book.add_argument("end", type=moment)
    book.add_argument("--purpose", default="")
    book.add_argument("--preview", action="store_true", help="say what would happen, write nothing")
    feed = verb(group, "calendar", booking_verbs.calendar, "bookings as iCalendar; needs the plugin libops_icalendar")
    feed.add_argument("start", type=moment, help="from when on, as 2026-03-01")
    feed.add_argument("end", type=moment)
    feed.add_argument("--domain", required=True, help="makes identifiers unique, such as library.example")
    feed.add_argument("--resource", help="only of this resource")
    feed.add_argument("--patron", help="only of this card")
    feed.add_argument("--purposes", action="store_true", help="also say what each booking is for")
    feed.add_argument("--busy", action="store_true", help="only when the resource is taken, not what by")
    feed.add_argument("--out", type=Path, help="write to this file")


def add_identity(made: argparse.ArgumentParser) -> None:
    """What an asset or a resource is known by."""
    made.add_argument("id", help="its identifier, such as printer-3")
    made.add_argument("name")
    made.add_argument("--kind", required=True, help="such as printer, or study room")
    made.add_argument("--item", help="barcode, where it is lent too")


def add_shelves(group: Group, verb: Verb, subject: Callable[..., Group]) -> None:
    """Stocktakes, weeding, shelf reading."""
    stocktake = subject(group, "stocktake", "count the shelves")
    start = verb(stocktake, "start", run.stocktake_start, "open a session and freeze its list")
    start.add_argument("name")
    start.add_argument("--id", help="its identifier (made if left out)")
    scan = verb(stocktake, "scan", run.stocktake_scan, "hand in a file of barcodes, in the order on the shelf")
    result = verb(stocktake, "result", run.stocktake_result, "what was found so far, or in the end")
    close = verb(stocktake, "close", run.stocktake_close, "end counting")
    accept = verb(stocktake, "accept", run.stocktake_accept, "accept the result and correct the records")
    undo = verb(stocktake, "undo", run.stocktake_undo, "take an accepted result back")
    for made in (scan, result, close, accept, undo):
        made.add_argument("session")
    scan.add_argument("file", type=Path, help="one barcode a line; after a tab its time, if the device keeps one")
    scan.add_argument("--device", required=True, help="the device's name; its lines are numbered as in the file")
    scan.add_argument("--run", dest="stretch", default="", help="the stretch of shelf that was walked without a break")
    accept.add_argument("--reviewed", required=True, help="the fingerprint of the result you looked at")
    for made in (start, accept):
        made.add_argument("--override", action="append", default=[], metavar="CODE", help="set this reason aside")
        made.add_argument("--right", action="append", default=[], help="a right you hold")
        made.add_argument("--why", default="", help="why it is set aside")
    undo.add_argument("--why", required=True)
    weed = verb(subject(group, "weed", "weeding"), "list", run.weed_list, "list what the weeding table names")
    read = verb(group, "shelf-read", run.shelf_read, "check the order of a scanned shelf and explain what stands wrong")
    read.add_argument("file", type=Path, help="one barcode a line, first item first")
    for made in (start, scan, weed):
        made.add_argument("--location", help="a shelving location")
    for made in (start, weed):
        made.add_argument(
            "--call-numbers",
            default="",
            help="a stretch, such as 500-599, or 'SF-KAL .. SF-MUS' where numbers have hyphens",
        )
    for made in (result, weed):
        made.add_argument("--html", type=Path, help="write the report to this file")
    for made in (result, weed, read):
        made.add_argument("--csv", type=Path, help="write the rows to this file")
