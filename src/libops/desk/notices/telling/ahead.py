"""What lies ahead: records with a known moment, before and after which patrons are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from attrs import frozen

from libops.bookings.model import Booking, BookingState, Certification, Resource
from libops.catalog.model import BibRecord
from libops.circulation.model import Loan
from libops.desk.notices.telling.bookings import booking_tale
from libops.desk.notices.telling.loans import loan_tale
from libops.desk.notices.telling.people import LAST_MINUTE, certification_tale, membership_tale
from libops.desk.notices.telling.terms import Tale, TellingTerms
from libops.desk.reads import Reads
from libops.items.model import Item
from libops.notices.model import NoticeTrack, Trigger
from libops.patrons.model import Patron
from libops.storage.kinds import key_of

__all__ = ["AHEAD_OF", "Ahead"]

Place = tuple[type[Any], str]


@frozen(eq=False)
class Ahead:
    """Records of one class with a moment ahead of them: the index they are found by, and what is told of one.

    `tale` gets the record as it is now; `needs` names the records that go with it, to be read at once. `days`: the
    index goes by days and not by moments; `past`: it is also told of what is long over.
    """

    name: str
    trigger: Trigger
    cls: type[Any]
    index: str
    tale: Callable[[TellingTerms, Reads, Any, datetime], Tale | None]
    moment: Callable[[Any], datetime | None]
    needs: Callable[[Any], Iterator[Place]]
    equal: tuple[Any, ...] = ()
    days: bool = False
    past: bool = False

    def place(self, record: Any) -> Place:
        """Where the record itself is kept."""
        return self.cls, key_of(record)

    def bound(self, moment: datetime) -> Any:
        """A moment as the index has it."""
        return moment.date() if self.days else moment


def _loan(terms: TellingTerms, reads: Reads, loan: Loan, at: datetime) -> Tale | None:
    return loan_tale(terms, reads, loan, at) if loan.awaited else None


def _around_loan(loan: Loan) -> Iterator[Place]:
    yield from (
        (Patron, loan.patron_id),
        (Item, loan.item_id),
        (BibRecord, loan.bib_id),
        (NoticeTrack, loan.id),
    )


def _booking(terms: TellingTerms, reads: Reads, booking: Booking, at: datetime) -> Tale | None:
    return booking_tale(terms, reads, booking, at) if booking.state is BookingState.CONFIRMED else None


def _around_booking(booking: Booking) -> Iterator[Place]:
    yield from ((Patron, booking.patron_id), (Resource, booking.resource_id), (NoticeTrack, booking.id))


def _last_minute(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, LAST_MINUTE, UTC)


AHEAD_OF: Mapping[Trigger, Ahead] = {
    each.trigger: each
    for each in (
        Ahead(
            "notices",
            Trigger.DUE,
            Loan,
            "by_due",
            _loan,
            lambda loan: loan.due,
            _around_loan,
            past=True,
        ),
        Ahead(
            "booking-reminders",
            Trigger.BOOKING,
            Booking,
            "by_state",
            _booking,
            lambda booking: booking.start,
            _around_booking,
            equal=(BookingState.CONFIRMED,),
        ),
        Ahead(
            "memberships",
            Trigger.MEMBERSHIP,
            Patron,
            "by_expiry",
            membership_tale,
            lambda patron: _last_minute(patron.expires),
            lambda patron: iter(((NoticeTrack, patron.id),)),
            days=True,
        ),
        Ahead(
            "certifications",
            Trigger.CERTIFICATION,
            Certification,
            "by_expiry",
            certification_tale,
            lambda held: held.expires_at,
            lambda held: iter(((Patron, held.patron_id), (NoticeTrack, held.key))),
        ),
    )
}
"""What each trigger that lies ahead is about."""
