"""Memberships and certifications that end soon, and faults that a patron reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time

from libops.base.events import Event
from libops.bookings.model import Certification, CertificationState
from libops.catalog.model import BibRecord
from libops.desk.notices.telling.terms import Tale, TellingTerms
from libops.desk.reads import Reads
from libops.equipment.events import TicketResolved
from libops.equipment.model import Asset, Ticket, TicketState
from libops.items.model import Item
from libops.notices.model import Occasion, Trigger
from libops.notices.planner import Telling
from libops.patrons.model import Patron

__all__ = [
    "certification_stands",
    "certification_tale",
    "membership_stands",
    "membership_tale",
    "repaired",
    "still_repaired",
]

LAST_MINUTE = time(23, 59)


def membership_tale(terms: TellingTerms, reads: Reads, patron: Patron, at: datetime) -> Tale | None:
    """A registration that ends, by the notice policy of the patron's category."""
    policy = terms.notices.of_category(patron.category)
    if policy is None or patron.expires is None:
        return None
    end = terms.book.calendar(patron.home_library).instant(patron.expires, LAST_MINUTE)
    occasion = Occasion("", Trigger.MEMBERSHIP, patron.id, due=end, stands_while=marked(patron.expires), end=end)
    return Tale(Telling(occasion, patron, patron.home_library, end, f"{patron.expires:%Y%m%d}"), policy)


def membership_stands(occasion: Occasion, reads: Reads) -> bool:
    """The registration was not prolonged meanwhile."""
    patron = reads.get(Patron, occasion.subject)
    return patron is not None and patron.expires is not None and marked(patron.expires) == occasion.stands_while


def marked(day: date) -> datetime:
    """A day as the moment that an occasion keeps."""
    return datetime.combine(day, time(0), UTC)


def certification_tale(terms: TellingTerms, reads: Reads, held: Certification, at: datetime) -> Tale | None:
    """A certification that ends, by the notice policy of the patron's category."""
    end, patron = held.expires_at, reads.get(Patron, held.patron_id)
    policy = None if patron is None else terms.notices.of_category(patron.category)
    if patron is None or policy is None or end is None or held.state is not CertificationState.GRANTED:
        return None
    occasion = Occasion(
        "", Trigger.CERTIFICATION, held.key, title=held.subject, due=end, stands_while=end, start=held.since, end=end
    )
    return Tale(Telling(occasion, patron, patron.home_library, end, f"{end:%Y%m%dT%H%M%S}"), policy)


def certification_stands(occasion: Occasion, reads: Reads) -> bool:
    """It is still granted, and ends when it did."""
    held = reads.get(Certification, occasion.subject)
    return held is not None and held.state is CertificationState.GRANTED and held.expires_at == occasion.stands_while


def repaired(event: Event, events: Sequence[Event], reads: Reads, terms: TellingTerms) -> Iterator[Tale]:
    """A fault is fixed, and the patron who reported it hears of it."""
    assert isinstance(event, TicketResolved)
    policy, ticket = terms.notices.of_tickets, reads.get(Ticket, event.ticket_id)
    if policy is None or ticket is None or ticket.patron_id is None:
        return
    patron = reads.get(Patron, ticket.patron_id)
    asset = None if ticket.asset_id is None else reads.get(Asset, ticket.asset_id)
    item = None if ticket.item_id is None else reads.get(Item, ticket.item_id)
    bib = None if item is None else reads.get(BibRecord, item.bib_id)
    if patron is None:
        return
    title = asset.name if asset is not None else "" if bib is None else bib.title
    barcode = "" if item is None else item.barcode or ""
    occasion = Occasion(
        "",
        Trigger.TICKET_RESOLVED,
        ticket.id,
        ticket.item_id,
        title,
        barcode,
        start=ticket.opened_at,
        note=ticket.symptom,
    )
    library = patron.home_library if asset is None else asset.library
    # A fault that comes back and is fixed again is told again.
    yield Tale(Telling(occasion, patron, library, None, f"{len(ticket.passages)}"), policy)


def still_repaired(occasion: Occasion, reads: Reads) -> bool:
    """Nobody reopened the ticket."""
    ticket = reads.get(Ticket, occasion.subject)
    return ticket is not None and ticket.state in (TicketState.RESOLVED, TicketState.CLOSED)
