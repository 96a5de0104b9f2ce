"""The arguments of the verbs for authority records."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from libops.cli import authority_verbs as run

__all__ = ["add_authorities"]

Group = Any
Verb = Callable[..., argparse.ArgumentParser]
KINDS = ["person", "corporate_body", "meeting", "title", "topic", "place", "genre", "period"]


def add_authorities(group: Group, verb: Verb, subject: Callable[..., Group]) -> None:
    """Authority records, and the titles that follow them."""
    authority = subject(group, "authority", "authority records, and the headings that follow them")
    verb(authority, "find", run.find, "find authorities by heading, see-from form or number").add_argument("text")
    add = verb(authority, "add", run.add, "add an authority record")
    add.add_argument("kind", choices=KINDS)
    add.add_argument("heading", help="such as 'Twain, Mark, $d 1835-1910'")
    add.add_argument("--number", default="", help="what headings name in $0, such as '(XxTown)n1'")
    change = verb(authority, "change", run.change, "edit an authority; its titles follow")
    change.add_argument("authority", help="its identifier")
    change.add_argument("--heading", help="the new heading")
    change.add_argument("--forget-former", action="store_true", help="let the earlier heading lead nowhere")
    for made in (add, change):
        made.add_argument("--see-from", action="append", help="a form that leads to the heading; may be given again")
    merge = verb(authority, "merge", run.merge, "make two authorities one")
    merge.add_argument("keep", help="the one whose heading stays")
    merge.add_argument("gone", help="the one whose titles follow")
    delete = verb(authority, "delete", run.delete, "remove an authority that no title names")
    delete.add_argument("authority", help="its identifier")
    control = verb(authority, "control", run.control, "link headings to their authorities, flip see-from forms")
    link = verb(authority, "link", run.link, "give one heading of a title to an authority")
    link.add_argument("bib", help="identifier of the title")
    link.add_argument("field_no", type=int, help="place of the field, as `libops catalog unauthorized` tells it")
    link.add_argument("authority", help="its identifier")
    verb(authority, "changes", run.changes, "list changes that titles are to follow")
    move = verb(authority, "follow", run.move, "let titles follow a change, leave them, or take it back")
    move.add_argument("act", choices=["apply", "dismiss", "undo"])
    move.add_argument("change", help="its identifier")
    for made in (change, merge, delete, control, link):
        made.add_argument("--preview", action="store_true", help="list what would change, write nothing")
    for made in (change, merge, delete, control, move):
        made.add_argument("--most", type=int, help="titles that follow now; the nightly run does the others")
    for made in (add, change, merge, delete):
        made.add_argument("--override", action="append", default=[], metavar="CODE", help="set this reason aside")
        made.add_argument("--right", action="append", default=[], help="a right you hold")
        made.add_argument("--why", default="", help="why it is set aside")
