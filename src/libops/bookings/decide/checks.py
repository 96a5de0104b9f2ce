"""The questions that every booking is asked, whether it is new, moved, or one of a series."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from libops.base.answers import Asked
from libops.base.calendars import Calendar
from libops.base.decisions import Reason
from libops.base.errors import InvalidValue
from libops.base.ids import BookingId
from libops.bookings.decide.facts import BookingFacts, BookingRequest
from libops.bookings.model import (
    EPOCH,
    Booking,
    BookingState,
    Certification,
    CertificationState,
    Resource,
    slot_key,
    slots_between,
)
from libops.bookings.policy import ApprovalNeeded, BookingTerms, OffGrid, OutsideHours, blocked_span
from libops.bookings.reasons import (
    BOOKING_HOURS,
    BOOKING_LIMIT,
    BOOKING_NEEDS_APPROVAL,
    BOOKING_NOTICE_LONG,
    BOOKING_NOTICE_SHORT,
    BOOKING_OFF_GRID,
    BOOKING_OVERLAPS,
    BOOKING_PAST,
    BOOKING_TOO_LONG,
    BOOKING_TOO_SHORT,
    CERTIFICATION_EXPIRED,
    CERTIFICATION_MISSING,
    ITEM_ON_LOAN,
    ITEM_OVERDUE,
    RESOURCE_NOT_BOOKABLE,
    RESOURCE_OUT_OF_SERVICE,
)

__all__ = ["SPAN_FREE", "booking_of", "certified", "checks", "in_service", "needs_approval", "overlap", "span_of"]

MINUTE = timedelta(minutes=1)
SPAN_FREE = "span free"
"""The name of the question whether no slot is taken."""


def span_of(request: BookingRequest, terms: BookingTerms, slot_minutes: int) -> tuple[datetime, datetime]:
    """The span as it will be booked: as asked for, or grown to whole slots where the terms say so."""
    if terms.off_grid is OffGrid.REFUSE or request.start >= request.end:
        return request.start, request.end
    slots = tuple(slots_between(request.start, request.end, slot_minutes))
    return slots[0], slots[-1] + timedelta(minutes=slot_minutes)


def booking_of(
    resource: Resource,
    request: BookingRequest,
    terms: BookingTerms,
    *,
    booking_id: BookingId,
    at: datetime,
    series: str | None = None,
) -> Booking:
    """The booking that a request becomes: with lead and trail, confirmed or waiting for approval."""
    start, end = span_of(request, terms, resource.slot_minutes)
    since, until = blocked_span(terms, start, end, resource.slot_minutes)
    return Booking(
        id=booking_id,
        resource_id=resource.id,
        patron_id=request.patron_id,
        start=start,
        end=end,
        blocked_from=since,
        blocked_until=until,
        slot_minutes=resource.slot_minutes,
        state=BookingState.REQUESTED if needs_approval(terms, start, end) else BookingState.CONFIRMED,
        purpose=request.purpose,
        made_at=at,
        item_id=resource.item_id,
        series=series,
    )


def needs_approval(terms: BookingTerms, start: datetime, end: datetime) -> bool:
    """Whether a booking of this span is only a request until somebody approves it."""
    if terms.approval is ApprovalNeeded.LONG:
        return end - start > timedelta(minutes=terms.approval_above)
    return terms.approval is ApprovalNeeded.ALWAYS


def checks(
    facts: BookingFacts,
    request: BookingRequest,
    terms: BookingTerms,
    now: datetime,
    *,
    own: BookingId | None = None,
    running: bool = False,
) -> Iterator[Asked]:
    """All questions, in their order. `own` is the booking that is changed, whose slots are not in the way.

    A booking that is `running` is asked only what concerns its new end. Raises `InvalidValue`, in the library's time,
    when the end does not come after the start.
    """
    if request.end <= request.start:
        span = " to ".join(f"{facts.calendar.local(at):%Y-%m-%d %H:%M}" for at in (request.start, request.end))
        raise InvalidValue(f"a booking from {span}: the end comes after the start")
    resource = facts.resource
    start, end = span_of(request, terms, resource.slot_minutes)
    off = any((at - EPOCH) % timedelta(minutes=resource.slot_minutes) for at in (start, end))
    yield from in_service(facts.resource.bookable, resource.id, facts.held_by)
    yield from (("patron may book", reason) for reason in facts.patron_reasons)
    yield ("on the grid", BOOKING_OFF_GRID(start=start, end=end, slot_minutes=resource.slot_minutes) if off else None)
    yield from _length(terms, end - start)
    if not running:
        yield ("ahead", BOOKING_PAST(start=start, now=now) if start < now else None)
        yield from _notice(terms, start - now)
        yield from certified(terms.certifications, facts.certifications, start)
        yield from _limit(facts, terms, own)
        yield from _loan(facts, blocked_span(terms, start, end, resource.slot_minutes)[0], now)
    hours = _hours(facts.calendar, terms.outside_hours, start, end)
    yield ("within opening hours", hours)
    yield (SPAN_FREE, overlap(facts, terms, start, end, own))
    approval = needs_approval(terms, start, end) and own is None
    yield ("no approval needed", BOOKING_NEEDS_APPROVAL() if approval else None)


def in_service(bookable: bool, resource_id: str, held_by: tuple[str, ...]) -> Iterator[Asked]:
    """Whether the resource may be used at all."""
    yield ("resource bookable", None if bookable else RESOURCE_NOT_BOOKABLE(resource=resource_id))
    held = RESOURCE_OUT_OF_SERVICE(resource=resource_id, tickets=held_by) if held_by else None
    yield ("resource in service", held)


def certified(subjects: Iterable[str], held: Iterable[Certification], at: datetime) -> Iterator[Asked]:
    """Whether the patron has every course that is needed, at the moment it is needed."""
    by_subject = {certification.subject: certification for certification in held}
    for subject in subjects:
        found = by_subject.get(subject)
        reason: Reason | None = None
        if found is None or found.state is not CertificationState.GRANTED:
            reason = CERTIFICATION_MISSING(subject=subject, state=found.state.value if found else None)
        elif not found.holds(at):
            reason = CERTIFICATION_EXPIRED(subject=subject, expired_at=found.expires_at)
        yield (f"certified: {subject}", reason)


def _length(terms: BookingTerms, length: timedelta) -> Iterator[Asked]:
    minutes, least, most = length // MINUTE, terms.min_length, terms.max_length
    short = least is not None and minutes < least
    long = most is not None and length > timedelta(minutes=most)
    yield ("long enough", BOOKING_TOO_SHORT(minutes=minutes, min_length=least) if short else None)
    yield ("short enough", BOOKING_TOO_LONG(minutes=minutes, max_length=most) if long else None)


def _notice(terms: BookingTerms, notice: timedelta) -> Iterator[Asked]:
    minutes, least, most = notice // MINUTE, terms.min_notice, terms.max_notice
    short = least is not None and notice < timedelta(minutes=least)
    long = most is not None and notice > timedelta(minutes=most)
    yield ("enough notice", BOOKING_NOTICE_SHORT(minutes=minutes, min_notice=least) if short else None)
    yield ("not too far ahead", BOOKING_NOTICE_LONG(minutes=minutes, max_notice=most) if long else None)


def _limit(facts: BookingFacts, terms: BookingTerms, own: BookingId | None) -> Iterator[Asked]:
    count = sum(1 for booking in facts.open_bookings if booking.state.is_open and booking.id != own)
    full = BOOKING_LIMIT(open=count, max_open=terms.max_open) if terms.full(count) else None
    yield ("within the limit", full)


def _loan(facts: BookingFacts, needed_from: datetime, now: datetime) -> Iterator[Asked]:
    due, item = facts.loan_due, facts.resource.item_id
    reason = None
    if due is not None and due > needed_from:
        reason = ITEM_ON_LOAN(item=item, due=due, needed_from=needed_from)
    elif due is not None and due < now:
        reason = ITEM_OVERDUE(item=item, due=due)
    yield ("item back in time", reason)


def _hours(calendar: Calendar, how: OutsideHours, start: datetime, end: datetime) -> Reason | None:
    if how is OutsideHours.ALLOW:
        return None
    if how is OutsideHours.SPAN_CLOSED:
        inside = calendar.is_open(start) and calendar.is_open(end - MINUTE)
    else:
        # Evenings that touch midnight are two spans of the calendar, yet one open stretch.
        stretch = sum((span.closes - span.opens for span in calendar.open_spans(start, end)), timedelta())
        inside = stretch == end - start
    return None if inside else BOOKING_HOURS(start=start, end=end)


def overlap(
    facts: BookingFacts, terms: BookingTerms, start: datetime, end: datetime, own: BookingId | None
) -> Reason | None:
    """The reason against a span of which slots are taken, lead and trail included; None when it is free."""
    resource = facts.resource
    since, until = blocked_span(terms, start, end, resource.slot_minutes)
    taken = {slot.key: slot for slot in facts.taken if slot.booking_id != own}
    found = [
        taken[key]
        for slot in slots_between(since, until, resource.slot_minutes)
        if (key := slot_key(resource.id, slot)) in taken
    ]
    if not found:
        return None
    return BOOKING_OVERLAPS(resource=resource.id, first_taken=found[0].start, slots=len(found))
