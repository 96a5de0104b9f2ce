"""Taking a person out of records and events: the pure part.

A loan that is forgotten gets a new identifier, no patron, no fine and no times finer than a day, alike in its record
and in every event of its stream, so that the rewritten log still gives the stored records. What stands on the patron's
account keeps the old identifier inside the ids of its lines, where it leads nowhere, and loses the loan and the item.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import attrs
from attrs import evolve

from libops.base.events import Event
from libops.base.ids import LoanId, PatronId
from libops.bookings.events import BookingCancelled, BookingChanged, BookingMade, BookingRejected, CertificationChanged
from libops.bookings.model import Booking, Certification
from libops.circulation.events import (
    HoldCancelled,
    HoldMoved,
    HoldReleased,
    ItemCheckedIn,
    LoanEnded,
    LoanRenewed,
    RenewedBy,
)
from libops.circulation.model import ClosedHold, ClosedLoan, Hold, Waived
from libops.fees.events import FineCounted, LineWritten
from libops.fees.model import AccountLine
from libops.patrons.events import BlockPlaced, CardReplaced, PatronChanged, PatronRegistered
from libops.patrons.model import Patron

__all__ = [
    "account_event",
    "account_line",
    "cards_of",
    "erased",
    "erased_event",
    "forgotten",
    "forgotten_event",
    "hold_fee_event",
]

T = TypeVar("T")

ERASED = "erased"

LEFT_OUT: Mapping[type[Any], Mapping[str, Any]] = {
    Waived: {"why": ""},
    Hold: {"note": ""},
    ClosedHold: {"reason": ""},
    HoldCancelled: {"reason": ""},
    HoldMoved: {"why": ""},
    HoldReleased: {"why": ""},
    ClosedLoan: {"fined": None},
    ItemCheckedIn: {"fined": None},
    LoanEnded: {"fined": None},
    Booking: {"purpose": ""},
    BookingMade: {"override_why": ""},
    BookingChanged: {"override_why": ""},
    BookingRejected: {"why": ""},
    BookingCancelled: {"why": ""},
    Certification: {"why": ""},
    CertificationChanged: {"why": ""},
}
"""Where people write what they like, which may name anybody; and a fine, which is found again on the account."""


def forgotten(value: T, names: Mapping[str, str], *, to_the_day: bool = True) -> T:
    """A value with other names in place of those given, its times cut to the day, without free text and without fines.

    With `to_the_day=False` its times stay as they are.

    >>> from datetime import UTC
    >>> forgotten((datetime(2026, 3, 3, 10, 5, tzinfo=UTC), "ada", "31234"), {"ada": ""})
    (datetime.datetime(2026, 3, 3, 0, 0, tzinfo=datetime.timezone.utc), '', '31234')
    """
    found: Any = value
    if isinstance(value, str) and type(value) is str:
        found = names.get(value, value)
    elif isinstance(value, datetime) and to_the_day:
        found = value.replace(hour=0, minute=0, second=0, microsecond=0)
    elif isinstance(value, tuple) and not hasattr(value, "_fields"):
        found = tuple([forgotten(part, names, to_the_day=to_the_day) for part in value])
    elif isinstance(value, Mapping):
        found = {names.get(key, key): forgotten(part, names, to_the_day=to_the_day) for key, part in value.items()}
    elif attrs.has(cls := type(found)):
        fields = [field for field in attrs.fields(cls) if field.init]
        parts = {field.alias: getattr(value, field.name) for field in fields}
        found = cls(**{name: forgotten(part, names, to_the_day=to_the_day) for name, part in parts.items()})
    left_out = LEFT_OUT.get(type(found))
    return evolve(found, **left_out) if left_out else found  # type: ignore[no-any-return]


def forgotten_event(event: Event, names: Mapping[str, str]) -> Event:
    """An event of a loan or hold that nobody is to be found by."""
    found = forgotten(event, names)
    if isinstance(found, LoanRenewed) and found.renewed_by is RenewedBy.PATRON:
        return evolve(found, by="")
    return found


def account_line(line: AccountLine) -> AccountLine:
    """An account line that no longer says which loan and which item it was for."""
    return evolve(line, loan_id=None, item_id=None)


def hold_fee_event(event: Event, lines: Collection[str]) -> Event:
    """An event of the account whose lines no longer say which item was not collected."""
    if isinstance(event, LineWritten) and event.line.id in lines:
        return evolve(event, line=account_line(event.line))
    return event


def account_event(event: Event, loan_id: str) -> Event:
    """An event of the account without the loan; one that is not about it stays as it is."""
    if isinstance(event, LineWritten) and event.line.loan_id == loan_id:
        return evolve(event, line=account_line(event.line))
    if isinstance(event, FineCounted) and event.loan_id == loan_id:
        return evolve(event, loan_id=LoanId(""), patron_id=PatronId(""))
    return event


def erased(patron: Patron) -> Patron:
    """A patron's record of which only the identifier, the category and the library are left."""
    return Patron(patron.id, ERASED, patron.category, patron.home_library)


def cards_of(events: Sequence[Event]) -> frozenset[str]:
    """Every card that a patron has had, by the events of the patron's stream."""
    found = {event.patron.card for event in events if isinstance(event, PatronRegistered | PatronChanged)}
    found |= {event.card for event in events if isinstance(event, CardReplaced)}
    return frozenset(card for card in found if card)


def erased_event(event: Event) -> Event:
    """An event of a patron's stream without anything that says who it was."""
    if isinstance(event, PatronRegistered | PatronChanged):
        return evolve(event, by=ERASED, patron=erased(event.patron))
    if isinstance(event, CardReplaced):
        return evolve(event, by=ERASED, card=None)
    if isinstance(event, BlockPlaced):
        return evolve(event, block=evolve(event.block, note=""))
    if isinstance(event, LineWritten):
        return evolve(event, line=evolve(event.line, note="", payer=""), override_why="")
    return event
