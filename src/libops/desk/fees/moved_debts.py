"""Debts that went from one patron's account to another's: the line on the other one, and whether it is settled."""

from __future__ import annotations

from collections.abc import Collection

from libops.desk.privacy.retelling import Account
from libops.desk.reads import Reads
from libops.fees.model import AccountLine, OpenCharge
from libops.storage.port import Storage

__all__ = ["moved_lines", "others_lines", "owed_elsewhere"]


def moved_lines(account: Account, own: Collection[str] | None = None) -> list[AccountLine]:
    """The lines that name another patron's account: all of them, or those among some."""
    return [line for line in account.lines if line.other_patron and (own is None or line.id in own)]


def others_lines(reads: Reads, line: AccountLine) -> list[AccountLine]:
    """The lines of the other account on which a debt went that this line took off, or came from."""
    same = (line.patron_id, line.at, -line.amount)
    found = reads.find(AccountLine, "by_patron", line.other_patron)
    return [one for one in found if (one.other_patron, one.at, one.amount) == same]


def owed_elsewhere(store: Storage, account: Account, own: Collection[str]) -> bool:
    """Whether another patron took one of these charges over and still owes it: so long it must be clear what it is for.

    It is read by itself: that account may be told anew before this one is.
    """
    moved = moved_lines(account, own)
    reads = Reads(store)
    return any(reads.get(OpenCharge, one.id) is not None for line in moved for one in others_lines(reads, line))
