"""Identifiers: text that sorts by the time it was made, so that any database can keep it in order.

Rooms never make identifiers; an id source hands them in. `sortable_id` is the pure part: 10 characters of
milliseconds and 16 of randomness in Crockford's base 32 (the layout known as ULID).

>>> sortable_id(1_767_225_600_000, 1)
'01KDVDNA000000000000000001'
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NewType

from libops.base.errors import InvalidValue

__all__ = [
    "AccountLineId",
    "AssetId",
    "BibId",
    "BookingId",
    "DisplayId",
    "HoldId",
    "HoldingsId",
    "IdSource",
    "ItemId",
    "JobId",
    "LibraryCode",
    "LoanId",
    "PatronId",
    "ResourceId",
    "RotationId",
    "SerialIssueId",
    "StocktakeId",
    "SubscriptionId",
    "TicketId",
    "sortable_id",
]

IdSource = Callable[[], str]
"""Makes a new identifier on each call; made with a clock and randomness by the desk, fixed in tests."""

BibId = NewType("BibId", str)
HoldingsId = NewType("HoldingsId", str)
ItemId = NewType("ItemId", str)
PatronId = NewType("PatronId", str)
LoanId = NewType("LoanId", str)
HoldId = NewType("HoldId", str)
AccountLineId = NewType("AccountLineId", str)
AssetId = NewType("AssetId", str)
TicketId = NewType("TicketId", str)
ResourceId = NewType("ResourceId", str)
BookingId = NewType("BookingId", str)
JobId = NewType("JobId", str)
StocktakeId = NewType("StocktakeId", str)
DisplayId = NewType("DisplayId", str)
RotationId = NewType("RotationId", str)
SubscriptionId = NewType("SubscriptionId", str)
SerialIssueId = NewType("SerialIssueId", str)
LibraryCode = NewType("LibraryCode", str)
"""A library as the settings name it: its ISIL or a short code."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PAIRS = tuple(high + low for high in ALPHABET for low in ALPHABET)


@lru_cache(maxsize=8)
def time_part(milliseconds: int) -> str:
    return (
        f"{PAIRS[milliseconds >> 40]}{PAIRS[milliseconds >> 30 & 1023]}{PAIRS[milliseconds >> 20 & 1023]}"
        f"{PAIRS[milliseconds >> 10 & 1023]}{PAIRS[milliseconds & 1023]}"
    )


def sortable_id(milliseconds: int, entropy: int) -> str:
    """An identifier from milliseconds since 1970 (48 bits) and up to 80 bits of randomness.

    Raises `InvalidValue` when either does not fit.
    """
    if not 0 <= milliseconds < 1 << 48:
        raise InvalidValue(f"{milliseconds} milliseconds do not fit 48 bits: give the time since 1970")
    if not 0 <= entropy < 1 << 80:
        raise InvalidValue(f"entropy {entropy} does not fit 80 bits")
    # Small numbers are shifted faster than one of 128 bits.
    high, low = entropy >> 40, entropy & 0xFFFFFFFFFF
    return (
        f"{time_part(milliseconds)}"
        f"{PAIRS[high >> 30]}{PAIRS[high >> 20 & 1023]}{PAIRS[high >> 10 & 1023]}{PAIRS[high & 1023]}"
        f"{PAIRS[low >> 30]}{PAIRS[low >> 20 & 1023]}{PAIRS[low >> 10 & 1023]}{PAIRS[low & 1023]}"
    )
