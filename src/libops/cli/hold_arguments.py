"""The arguments of the verbs for what happens between libraries and people: holds, transits, losses."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from libops.cli import hold_verbs, loss_verbs, transit_verbs
from libops.cli.typed_values import day, moment

__all__ = ["add_holds", "add_losses", "add_transits"]

Group = Any
Verb = Callable[..., argparse.ArgumentParser]


def setting_aside(*acts: argparse.ArgumentParser) -> None:
    """What an act takes that may be previewed, and whose reasons staff may set aside."""
    for act in acts:
        act.add_argument("--preview", action="store_true", help="say what would happen, write nothing")
        act.add_argument("--override", action="append", default=[], metavar="CODE", help="set this reason aside")
        act.add_argument("--right", action="append", default=[], help="a right you hold")
        act.add_argument("--why", default="", help="why it is set aside")


def add_holds(group: Group, verb: Verb, subject: Callable[..., Group]) -> None:
    """Holds and what to fetch for them."""
    hold = subject(group, "hold", "holds")
    add_placing(verb(hold, "place", hold_verbs.hold_place, "place a hold for a patron"))
    listed = verb(hold, "list", hold_verbs.hold_list, "list the holds of a patron, or the queue of a title")
    whose = listed.add_mutually_exclusive_group(required=True)
    whose.add_argument("--patron", help="barcode of the card")
    whose.add_argument("--bib", help="identifier of the title")
    verb(hold, "shelf", hold_verbs.hold_shelf, "list what waits on the hold shelf of this library")
    cleared = verb(hold, "to-clear", hold_verbs.hold_to_clear, "print slips for what to take off the hold shelf")
    cleared.add_argument("--html", action="store_true", help="as HTML, to print")
    following = verb(hold, "next", hold_verbs.hold_next, "say whose hold an item would fill, and who is passed over")
    following.add_argument("item", help="barcode of the item")
    add_attending(hold, verb)
    fetch = verb(group, "pull-list", hold_verbs.pull_list, "print slips for what to fetch, in shelf order")
    fetch.add_argument("--html", action="store_true", help="as HTML, to print")


def add_placing(place: argparse.ArgumentParser) -> None:
    place.add_argument("patron", help="barcode of the card")
    place.add_argument("what", nargs="+", help="identifier of the title, of several any will do; barcode with --item")
    place.add_argument("--item", action="store_true", help="hold this very item, or any of several")
    place.add_argument("--volume", default="", help="hold this volume of the title")
    place.add_argument("--pickup", help="library where it is picked up (default: this one)")
    place.add_argument("--recall", action="store_true", help="also shorten the loan that ends first")
    place.add_argument("--count", type=int, default=1, help="so many at once, all or none")
    place.add_argument("--wanted-until", type=day, help="the last day on which it is of use, such as 2026-03-31")
    place.add_argument("--note", default="", help="kept with the hold")
    setting_aside(place)


def add_attending(hold: Group, verb: Verb) -> None:
    """What becomes of a hold."""
    cancel = verb(hold, "cancel", hold_verbs.hold_cancel, "cancel a hold")
    suspend = verb(hold, "suspend", hold_verbs.hold_suspend, "pass a hold over for a while; it keeps its place")
    resume = verb(hold, "resume", hold_verbs.hold_resume, "let a suspended hold be filled again")
    move = verb(hold, "move", hold_verbs.hold_move, "give a hold another position in the queue of its title")
    pickup = verb(hold, "pickup", hold_verbs.hold_pickup, "pick up elsewhere; what was caught already is sent on")
    release = verb(hold, "release", hold_verbs.hold_release, "take the item from a hold that is ready")
    ahead = verb(
        hold, "forecast", hold_verbs.hold_forecast, "say when the turn of a hold will come, and what is assumed"
    )
    for act in (cancel, suspend, resume, move, pickup, release, ahead):
        act.add_argument("hold", help="identifier of the hold")
    cancel.add_argument("--reason", required=True)
    suspend.add_argument("--until", type=moment, help="by the library's clock, such as 2026-03-31 (default: resumed)")
    move.add_argument("position", type=int, help="counted from 1")
    pickup.add_argument("where", metavar="LIBRARY", help="code of the library")
    for act in (move, release):
        act.add_argument("--why", required=True, help="told to the log")
    order = verb(
        hold, "reorder", hold_verbs.hold_reorder, "put holds of a title at the head of its queue, in this order"
    )
    order.add_argument("holds", nargs="+", metavar="hold", help="identifiers, the first one first")
    order.add_argument("--why", required=True, help="told to the log")


def add_transits(group: Group, verb: Verb, subject: Callable[..., Group]) -> None:
    """Items between libraries."""
    transit = subject(group, "transit", "items on their way between libraries; a check-in ends a transit")
    send = verb(transit, "send", transit_verbs.transit_send, "send an item from the shelf to another library")
    cancel = verb(transit, "cancel", transit_verbs.transit_cancel, "call a transit off: the item has not left")
    for act in (send, cancel):
        act.add_argument("item", help="barcode of the item")
    send.add_argument("to", metavar="LIBRARY", help="code of the library")
    cancel.add_argument("--why", required=True, help="told to the log")
    verb(transit, "list", transit_verbs.transit_list, "list what is on its way to this library")
    verb(transit, "lost", transit_verbs.transit_lost, "list what should have come long ago")


def add_losses(group: Group, verb: Verb, subject: Callable[..., Group]) -> None:
    """Items that do not come back."""
    loss = subject(group, "loss", "items that do not come back; a check-in takes them back")
    acts = {
        name: verb(loss, name, run, words)
        for name, run, words in (
            ("declare", loss_verbs.loss_declare, "count the item of a loan as lost, and charge it"),
            ("claim", loss_verbs.loss_claim, "the patron says that the item was returned"),
            ("resolve", loss_verbs.loss_resolve, "settle a claim"),
            ("bill", loss_verbs.loss_bill, "charge a loss whose charge was put off, or the real cost"),
            ("settle", loss_verbs.loss_settle, "end the loan of a lost item of which nothing is open"),
            ("end", loss_verbs.loss_end, "stop waiting for a lost item; its return gives nothing back then"),
        )
    }
    shown = verb(loss, "show", loss_verbs.loss_show, "show what is remembered of an item's loss")
    for act in (*acts.values(), shown):
        act.add_argument("item", help="barcode of the item")
    setting_aside(*acts.values())
    acts["claim"].add_argument("--never-had", action="store_true", help="or never to have had it: the loan ends")
    acts["resolve"].add_argument("resolution", choices=list(loss_verbs.RESOLUTIONS), help="how it is settled")
    acts["bill"].add_argument("--cost", help='the real cost, such as "24.90 EUR"')
