"""The arguments of the verbs for serials."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from libops.cli import serial_verbs as run
from libops.cli.typed_values import day

__all__ = ["add_serials"]

Group = Any
Verb = Callable[..., argparse.ArgumentParser]
STATES = ["expected", "late", "claimed", "received", "missing", "not_published", "skipped", "canceled"]


def add_serials(group: Group, verb: Verb, subject: Callable[..., Group]) -> None:
    """Subscriptions and their issues."""
    serials = subject(group, "serials", "subscriptions and their issues")
    start = verb(serials, "subscribe", run.subscribe, "subscribe to a serial and expect its issues")
    add_subscription(start)
    correct = verb(serials, "correct", run.correct, "count anew: the publisher did otherwise")
    cancel = verb(serials, "cancel", run.cancel, "end a subscription")
    issues = verb(serials, "issues", run.issues, "list the issues of a subscription")
    extra = verb(serials, "supplement", run.supplement, "take in what was not predicted")
    for made in (correct, cancel, issues, extra):
        made.add_argument("subscription")
    correct.add_argument("--pattern", help="the new pattern, as subfields of 853")
    correct.add_argument("--last", required=True, help="the last issue at hand, as subfields of 863")
    issues.add_argument("--state", choices=STATES)
    extra.add_argument("--enumeration", default="", help='such as "v.41:suppl.2"')
    extra.add_argument("--chronology", default="", help='such as "2026:Nov."')
    extra.add_argument("--kind", default="supplement", choices=["basic", "supplement", "index"])
    verb(serials, "list", run.listed, "list the subscriptions of this library").add_argument("--bib")
    verb(serials, "to-claim", run.to_claim, "list the issues that it is time to claim")
    receive = verb(serials, "receive", run.receive, "take in an issue")
    receive.add_argument("what", help="identifier of the issue, or of the subscription for the next one")
    undo = verb(serials, "undo", run.undo, "take back a receipt, with the item made of it")
    undo.add_argument("--copy", type=int, help="number of the copy (default: the last one)")
    claim = verb(serials, "claim", run.claim, "claim an issue, and print the letter to the vendor")
    settle = verb(serials, "settle", run.settle, "say that an issue will not come, or wait for it again")
    settle.add_argument("act", choices=[*run.SETTLED, "reopen"])
    for made in (undo, claim, settle):
        made.add_argument("issue")
    for made in (receive, extra):
        made.add_argument("--barcode", help="of the new item")
        made.add_argument("--no-item", action="store_true", help="make no item of it")
    for made in (receive, extra, claim, settle):
        made.add_argument("--note", default="")
    for made in (start, correct, cancel, receive):
        made.add_argument("--preview", action="store_true", help="say what would happen, write nothing")
    for made in (start, correct, receive, undo, claim):
        made.add_argument("--override", action="append", default=[], metavar="CODE", help="set this reason aside")
        made.add_argument("--right", action="append", default=[], help="a right you hold")
        made.add_argument("--why", default="", help="why it is set aside")


def add_subscription(start: argparse.ArgumentParser) -> None:
    """What a subscription is like."""
    start.add_argument("bib", help="identifier of the bibliographic record")
    start.add_argument("--pattern", help="as subfields of 853: '$a v. $b no. $u 12 $w m' (default: the record's own)")
    start.add_argument("--last", help="the last issue at hand, as subfields of 863: '$a 41 $b 10 $i 2026 $j 10'")
    start.add_argument("--vendor", default="")
    start.add_argument("--vendor-number", default="", help="number of the subscription at the vendor")
    start.add_argument("--copies", type=int, default=1)
    start.add_argument("--item-type", default="", help="make an item of this type for each issue")
    start.add_argument("--location", default="", help="shelving location of the items")
    start.add_argument("--call-number", default="", help="of the items")
    start.add_argument("--scheme", default="", help="of the call number: ddc, lcc, ...")
    start.add_argument("--late-after", type=int, default=14, help="days after its day (default: 14)")
    start.add_argument("--claim-after", type=int, default=30, help="days after it is late (default: 30)")
    start.add_argument("--arrives-after", type=int, default=0, help="days after its date, below 0 for dated ahead")
    start.add_argument("--ends-on", type=day, help="the last day of the subscription")
    start.add_argument("--kind", default="basic", choices=["basic", "supplement", "index"], help="(default: basic)")
