"""The post of Friday morning: an issue of a quarterly, and one that has not come."""

from __future__ import annotations

from typing import Any

from libops.base.decisions import Permit
from libops.catalog.model import MaterialType
from libops.cli.demo.own_records import made_here
from libops.desk.operations import Operations

__all__ = ["post"]

QUARTERLY = (
    ("245", (("a", "Notes of the historical society"),)),
    (
        "853",
        (("8", "1"), ("a", "v."), ("b", "no."), ("u", "4"), ("v", "r"), ("i", "(year)"), ("j", "(month)"), ("w", "q")),
    ),
    ("863", (("8", "1.1"), ("a", "17"), ("b", "3"), ("i", "2025"), ("j", "09"))),
)


def post(ops: Operations, teller: Any, by: str) -> None:
    """A subscription from the record's own pattern; its next issue has not come, the one after it has."""
    bib = made_here(ops, "demo-serial", "nas", QUARTERLY)
    assert bib.material_type is MaterialType.SERIAL
    started = ops.serials.subscribe(bib.id, vendor="the society", by=by)
    assert isinstance(started, Permit), started
    missing, here, *_ = started.result.issues
    received = ops.serials.receive(here.id, by=by)
    assert isinstance(received, Permit), received
    teller.tell(f"The post brings {here.name} of {bib.title}. {' '.join(map(str, received.alerts))}")
    ops.run_due(only=["late issues"])
    ops.serials.claim(missing.id, by=by)
    notice = ops.serials.claim_notice(missing.id)
    teller.tell(f"It is late, and Tom writes to the society: {notice.subject}.")
