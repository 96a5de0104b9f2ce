"""Small records for the contracts: facts that read like a library's, of kinds that every store keeps; and batches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from libops.base.holders import BarcodeUse, Holder
from libops.base.ids import BibId, ItemId, LibraryCode, LoanId, PatronId
from libops.circulation.events import ItemReturnScanned
from libops.circulation.model import Loan
from libops.patrons.model import Patron
from libops.patrons.standing import Standing
from libops.storage.kinds import kind_of
from libops.storage.port import Get, Write

__all__ = ["MONDAY", "card", "drop", "get", "loan", "patron", "put", "scanned", "standing"]

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def patron(number: int, *, name: str = "", category: str = "adult") -> Patron:
    """A patron with a name of their own."""
    return Patron(PatronId(f"patron-{number:04}"), name or f"Patron {number:04}", category, LibraryCode("MAIN"))


def standing(number: int, *, open_loans: int = 0, balance: int = 0) -> Standing:
    """How that patron stands."""
    by_type = {"book@MAIN": open_loans} if open_loans else {}
    return Standing(PatronId(f"patron-{number:04}"), open_loans, by_type=by_type, balance=balance)


def card(number: int) -> BarcodeUse:
    """That patron's card."""
    return BarcodeUse(f"2123400{number:07}", Holder.PATRON, f"patron-{number:04}")


def loan(item: int, patron: int = 1, *, days: int | None = 28) -> Loan:
    """An open loan of an item, due in so many days, or never."""
    due = None if days is None else MONDAY + timedelta(days=days)
    return Loan(
        LoanId(f"loan-{item:04}-{patron:04}"),
        ItemId(f"item-{item:04}"),
        PatronId(f"patron-{patron:04}"),
        BibId(f"bib-{item:04}"),
        LibraryCode("MAIN"),
        MONDAY,
        due,
        "book",
        "adult",
        "book@MAIN",
        "rule-1",
        "0123456789abcdef",
        "four-weeks",
    )


def scanned(item: int, minute: int = 0) -> ItemReturnScanned:
    """An item was scanned at the return desk: an event that changes no record."""
    return ItemReturnScanned(MONDAY + timedelta(minutes=minute), "ruth", ItemId(f"item-{item:04}"), LibraryCode("MAIN"))


def put(record: Any, version: int = 0) -> Write:
    """Write a record that was read at this version, 0 for a new one."""
    kind = kind_of(type(record))
    return Write(kind, kind.key_of(record), record, version)


def get(record: Any) -> Get:
    """Ask for what is stored under this record's key."""
    kind = kind_of(type(record))
    return Get(kind, kind.key_of(record))


def drop(record: Any, version: int) -> Write:
    """Remove what is stored under this record's key."""
    return put(record, version)._replace(record=None)
