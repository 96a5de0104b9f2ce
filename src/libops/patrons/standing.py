"""A patron's standing: the counters that limits and blocks ask for, so that nobody has to count.

One `Standing` per patron is kept beside the patron's record. Every act that changes a loan, a hold or the account
writes a new version of it, and every decision that depends on it is guarded by the version it read: so limits hold
exactly, also when many desks race.

>>> standing = loan_opened(Standing(PatronId("ada")), counted_as("dvd", "main"))
>>> standing.open_loans, standing.by_type
(1, {'dvd@main': 1})
>>> owing(standing, 250).balance
250
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from libops.base.errors import InvalidValue
from libops.base.ids import PatronId
from libops.base.makers import maker

__all__ = [
    "Standing",
    "claim_counted",
    "counted_as",
    "hold_counted",
    "loan_closed",
    "loan_opened",
    "loss_counted",
    "owing",
]

NO_LOANS: Mapping[str, int] = {}


@frozen(weakref_slot=False)
class Standing:
    """How many loans and holds a patron has and what the patron owes.

    `open_loans` counts all open loans, on-site ones included; `on_site_loans` counts those of them that may not leave
    the library. `by_type` counts open loans per `item_type@library`. `claims_returned` and `lost` count over the
    patron's time with the library until staff set them back. `balance` is in minor units: above zero the patron owes,
    below zero the library does.
    """

    patron_id: PatronId
    open_loans: int = 0
    on_site_loans: int = 0
    by_type: Mapping[str, int] = NO_LOANS
    claims_returned: int = 0
    lost: int = 0
    holds: int = 0
    balance: int = 0


new_standing = maker(Standing)


def counted_as(item_type: str, library: str) -> str:
    """The key under which `Standing.by_type` counts a loan."""
    return f"{item_type}@{library}"


def loan_opened(standing: Standing, key: str, on_site: bool = False) -> Standing:
    """One more open loan, counted under `key` (see `counted_as`)."""
    by_type = dict(standing.by_type)
    by_type[key] = by_type.get(key, 0) + 1
    return new_standing(
        standing.patron_id,
        standing.open_loans + 1,
        standing.on_site_loans + on_site,
        by_type,
        standing.claims_returned,
        standing.lost,
        standing.holds,
        standing.balance,
    )


def loan_closed(standing: Standing, key: str, on_site: bool = False) -> Standing:
    """One open loan less. Raises `InvalidValue` when none is counted under `key`."""
    left = _not_below_zero(standing, "loans of " + key, standing.by_type.get(key, 0) - 1)
    by_type = {counted: number for counted, number in standing.by_type.items() if counted != key}
    if left:
        by_type[key] = left
    return new_standing(
        standing.patron_id,
        standing.open_loans - 1,
        _not_below_zero(standing, "on-site loans", standing.on_site_loans - on_site),
        by_type,
        standing.claims_returned,
        standing.lost,
        standing.holds,
        standing.balance,
    )


def claim_counted(standing: Standing, difference: int = 1) -> Standing:
    """One more item claimed returned, or fewer when staff set claims back."""
    claims = _not_below_zero(standing, "claims returned", standing.claims_returned + difference)
    return _copy(standing, claims, standing.lost, standing.holds, standing.balance)


def loss_counted(standing: Standing, difference: int = 1) -> Standing:
    """One more item lost by the patron, or one less when it comes back."""
    lost = _not_below_zero(standing, "lost items", standing.lost + difference)
    return _copy(standing, standing.claims_returned, lost, standing.holds, standing.balance)


def hold_counted(standing: Standing, difference: int = 1) -> Standing:
    """One more hold in force, or one less when it is filled, cancelled or has expired."""
    holds = _not_below_zero(standing, "holds", standing.holds + difference)
    return _copy(standing, standing.claims_returned, standing.lost, holds, standing.balance)


def owing(standing: Standing, difference: int) -> Standing:
    """The account moved by so many minor units: up for a charge, down for a payment."""
    return _copy(standing, standing.claims_returned, standing.lost, standing.holds, standing.balance + difference)


def _copy(standing: Standing, claims: int, lost: int, holds: int, balance: int) -> Standing:
    return Standing(
        standing.patron_id,
        standing.open_loans,
        standing.on_site_loans,
        standing.by_type,
        claims,
        lost,
        holds,
        balance,
    )


def _not_below_zero(standing: Standing, what: str, number: int) -> int:
    if number < 0:
        raise InvalidValue(f"patron {standing.patron_id!r} would have {number} {what}: counters end at 0")
    return number
