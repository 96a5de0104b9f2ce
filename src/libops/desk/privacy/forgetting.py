"""Taking a person out of records and events: the pure part.

A loan that is forgotten gets a new identifier, no patron, no fine and no times finer than a day; one that left
something with its patron, a fee or a suspension, none finer than a month, for the amount tells how late it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from random import SystemRandom
from typing import Any, TypeVar

import attrs
from attrs import evolve, frozen

from libops.base.events import Event
from libops.base.ids import BookingId, PatronId, sortable_id
from libops.bookings.events import BookingCancelled, BookingChanged, BookingMade, BookingRejected, CertificationChanged
from libops.bookings.model import Booking, Certification
from libops.circulation.events import ItemCheckedIn, LoanEnded
from libops.circulation.model import ClosedHold, ClosedLoan, Waived
from libops.fees.events import LinesForgotten, LineWritten
from libops.fees.model import AccountLine
from libops.patrons.events import BlockPlaced, CardReplaced, EventForgotten, PatronChanged, PatronRegistered
from libops.patrons.model import Patron
from libops.storage.port import Logged, Rewrite

__all__ = [
    "Telling",
    "booking_forgotten",
    "cards_of",
    "erased",
    "erased_event",
    "erased_line",
    "forgotten",
]

T = TypeVar("T")

CHANCE = SystemRandom()
ERASED = "erased"

LEFT_OUT: Mapping[type[Any], Mapping[str, Any]] = {
    Waived: {"why": ""},
    ClosedHold: {"reason": ""},
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


@frozen
class Telling:
    """How things are told from `now` on; in `zone` the day begins."""

    now: datetime
    zone: tzinfo

    @property
    def at(self) -> datetime:
        """The day of the telling."""
        return self.day(self.now)

    def name(self) -> str:
        """A new identifier that tells the day and no more: one of the desk's own tells the millisecond."""
        return sortable_id(int(self.at.timestamp() * 1000), CHANCE.getrandbits(80))

    def day(self, at: datetime) -> datetime:
        """The beginning of the day."""
        return at.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)

    def month(self, at: datetime) -> datetime:
        """The beginning of the month."""
        local = at.astimezone(self.zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return local.astimezone(UTC)

    def gap(self, logged: Logged) -> Rewrite:
        """An event taken out of the log; that something stood there on that day is all that is left."""
        return Rewrite(logged.position, EventForgotten(self.day(logged.event.at), ""))


def forgotten(value: T, names: Mapping[str, str], *, cut: Callable[[datetime], datetime] | None) -> T:
    """A value with other names in place of those given, its times cut, without free text and without fines.

    With `cut=None` its times stay as they are.

    >>> telling = Telling(datetime(2026, 4, 1, tzinfo=UTC), UTC)
    >>> forgotten((datetime(2026, 3, 3, 10, 5, tzinfo=UTC), "ada", "31234"), {"ada": ""}, cut=telling.day)
    (datetime.datetime(2026, 3, 3, 0, 0, tzinfo=datetime.timezone.utc), '', '31234')
    """
    found: Any = value
    if isinstance(value, str) and type(value) is str:
        found = names.get(value, value)
    elif isinstance(value, datetime):
        found = value if cut is None else cut(value)
    elif isinstance(value, tuple) and not hasattr(value, "_fields"):
        found = tuple([forgotten(part, names, cut=cut) for part in value])
    elif isinstance(value, Mapping):
        found = {names.get(key, key): forgotten(part, names, cut=cut) for key, part in value.items()}
    elif attrs.has(cls := type(found)):
        fields = [field for field in attrs.fields(cls) if field.init]
        parts = {field.alias: getattr(value, field.name) for field in fields}
        found = cls(**{name: forgotten(part, names, cut=cut) for name, part in parts.items()})
    left_out = LEFT_OUT.get(type(found))
    return evolve(found, **left_out) if left_out else found  # type: ignore[no-any-return]


def booking_forgotten(booking: Booking, name: BookingId, telling: Telling) -> Booking:
    """A booking without a patron: what was booked, on which day and for how long."""
    start = telling.day(booking.start)
    end = start + (booking.end - booking.start)
    return evolve(
        booking,
        id=name,
        patron_id=PatronId(""),
        start=start,
        end=end,
        blocked_from=start,
        blocked_until=end,
        made_at=telling.day(booking.made_at),
        started_at=None if booking.started_at is None else start,
        ended_at=None if booking.ended_at is None else telling.day(booking.ended_at),
        series=None,
        purpose="",
        flag="",
    )


def erased(patron: Patron) -> Patron:
    """A patron's record of which only the identifier, the category and the library are left."""
    return Patron(patron.id, ERASED, patron.category, patron.home_library)


def cards_of(events: Sequence[Event]) -> frozenset[str]:
    """Every card that a patron has had, by the events of the patron's stream."""
    found = {event.patron.card for event in events if isinstance(event, PatronRegistered | PatronChanged)}
    found |= {event.card for event in events if isinstance(event, CardReplaced)}
    return frozenset(card for card in found if card)


def erased_line(line: AccountLine) -> AccountLine:
    """A line of an account of which only the amounts are left, for the books."""
    return evolve(line, note="", payer="", other_patron=None if line.other_patron is None else PatronId(""))


def erased_event(event: Event) -> Event:
    """An event of a patron's stream without anything that says who it was."""
    if isinstance(event, PatronRegistered | PatronChanged):
        return evolve(event, by=ERASED, patron=erased(event.patron))
    if isinstance(event, CardReplaced):
        return evolve(event, by=ERASED, card=None)
    if isinstance(event, BlockPlaced):
        return evolve(event, block=evolve(event.block, note=""))
    if isinstance(event, LineWritten):
        return evolve(event, line=erased_line(event.line), override_why="")
    if isinstance(event, LinesForgotten):
        lines = tuple([erased_line(line) for line in event.lines])
        return evolve(event, lines=lines, credits=tuple([evolve(credit, payer="") for credit in event.credits]))
    return event
