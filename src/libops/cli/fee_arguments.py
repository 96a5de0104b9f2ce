"""The arguments of the verbs about patron accounts."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from libops.cli import fee_verbs

__all__ = ["add_fees"]


def add_fees(group: Any, verb: Callable[..., argparse.ArgumentParser], subject: Callable[..., Any]) -> None:
    """What patrons owe."""
    fees = subject(group, "fees", "patron accounts")
    owed = verb(fees, "open", fee_verbs.open_charges, "list the open charges of a patron, oldest first")
    move = verb(fees, "transfer", fee_verbs.transfer, "move a charge to another patron's account, such as a parent's")
    for act in (owed, move):
        act.add_argument("patron", help="barcode of the card")
    move.add_argument("charge", help="identifier of the charge, as `libops fees open` lists it")
    move.add_argument("--to", required=True, metavar="PATRON", help="card of who takes it over")
    move.add_argument("--why", required=True, help="for the log")
    move.add_argument("--amount", help='such as "2.50 EUR"; all that is open when left out')
    move.add_argument("--preview", action="store_true", help="say what would happen, write nothing")
