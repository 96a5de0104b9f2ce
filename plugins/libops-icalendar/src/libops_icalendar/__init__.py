"""Bookings as iCalendar (RFC 5545): events for a calendar, and the busy times of a resource.

>>> from datetime import UTC, datetime
>>> text = bookings_as_ical([], [], now=datetime(2026, 3, 2, tzinfo=UTC), domain="library.example").decode()
>>> text.splitlines()[:2]
['BEGIN:VCALENDAR', 'VERSION:2.0']
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event, FreeBusy

from libops.base.errors import InvalidValue
from libops.base.ids import ResourceId
from libops.bookings import Booking, BookingState, Resource
from libops.hooks import Format, hookimpl

__all__ = ["PRODUCT", "ICalendar", "bookings_as_ical", "busy_times", "libops_formats"]

libops_api = 1
"""The hook API this plugin was made for."""

PRODUCT = "-//libops//libops-icalendar//EN"
"""What the files name as their maker (PRODID)."""

# RFC 5545, 3.8.1.11: an event is tentative, confirmed or cancelled.
STATUS: Mapping[BookingState, str] = {
    BookingState.REQUESTED: "TENTATIVE",
    BookingState.CONFIRMED: "CONFIRMED",
    BookingState.STARTED: "CONFIRMED",
    BookingState.ENDED: "CONFIRMED",
    BookingState.CANCELLED: "CANCELLED",
    BookingState.REJECTED: "CANCELLED",
    BookingState.NO_SHOW: "CANCELLED",
}


def bookings_as_ical(
    bookings: Iterable[Booking],
    resources: Iterable[Resource],
    *,
    now: datetime,
    domain: str,
    name: str = "",
    purposes: bool = False,
    remind_minutes: int | None = None,
) -> bytes:
    """A calendar with one event per booking, in UTC, as UTF-8 with the line ends that RFC 5545 asks for.

    `domain` makes the identifiers unique among libraries. Patrons are never named; what a booking is for only with
    `purposes`. With `remind_minutes` open bookings carry an alarm so long before their start.

    Raises `InvalidValue` when the resource of a booking is not among `resources`, or the domain is no domain.
    """
    if not domain or any(sign.isspace() or sign == "@" for sign in domain):
        raise InvalidValue(f"{domain!r} is no domain: give one such as library.example")
    known = {resource.id: resource for resource in resources}
    calendar = _calendar()
    if name:
        # Not in the RFC, but read by the calendars people use; RFC 7986 adds NAME for the same.
        calendar.add("x-wr-calname", name)
        calendar.add("name", name)
    for booking in bookings:
        event = _event(booking, _resource(known, booking), now, domain)
        if purposes and booking.purpose:
            event.add("description", booking.purpose)
        if remind_minutes is not None and booking.state.is_open:
            event.add_component(_alarm(event, remind_minutes))
        calendar.add_component(event)
    return _written(calendar)


def busy_times(
    bookings: Iterable[Booking], resource: Resource, start: datetime, end: datetime, *, now: datetime, domain: str
) -> bytes:
    """When one resource is taken between two moments, lead and trail included: a VFREEBUSY, without any booking's name.

    Requested bookings are BUSY-TENTATIVE; those cancelled, rejected, missed or over are left out.
    """
    component = FreeBusy()
    component.add("uid", f"busy-{resource.id}@{domain}")
    component.add("dtstamp", now)
    component.add("dtstart", start)
    component.add("dtend", end)
    ours = (booking for booking in bookings if booking.resource_id == resource.id and booking.state.is_open)
    for booking in sorted(ours, key=lambda booking: (booking.blocked_from, booking.id)):
        since, until = max(booking.blocked_from, start), min(booking.blocked_until, end)
        if since < until:
            kind = "BUSY-TENTATIVE" if booking.state is BookingState.REQUESTED else "BUSY"
            component.add("freebusy", (since, until), parameters={"FBTYPE": kind})
    calendar = _calendar()
    calendar.add_component(component)
    return _written(calendar)


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    return calendar


def _written(calendar: Calendar) -> bytes:
    text: bytes = calendar.to_ical()
    return text


def _event(booking: Booking, resource: Resource, now: datetime, domain: str) -> Event:
    event = Event()
    event.add("uid", f"{booking.id}@{domain}")
    event.add("dtstamp", now)
    event.add("created", booking.made_at)
    event.add("dtstart", booking.start)
    event.add("dtend", booking.end)
    event.add("summary", resource.name)
    event.add("location", resource.library)
    event.add("status", STATUS[booking.state])
    event.add("categories", [resource.kind])
    if booking.state not in (BookingState.REQUESTED, BookingState.CONFIRMED, BookingState.STARTED):
        event.add("transp", "TRANSPARENT")
    return event


def _alarm(event: Event, minutes: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", str(event["summary"]))
    alarm.add("trigger", timedelta(minutes=-minutes))
    return alarm


def _resource(known: Mapping[ResourceId, Resource], booking: Booking) -> Resource:
    found = known.get(booking.resource_id)
    if found is None:
        there = ", ".join(sorted(known)) or "none"
        raise InvalidValue(f"booking {booking.id} is of resource {booking.resource_id!r}; given were {there}")
    return found


class ICalendar:
    """The format `icalendar` of kind `calendar`."""

    bookings = staticmethod(bookings_as_ical)
    busy = staticmethod(busy_times)


@hookimpl
def libops_formats() -> Iterable[Format]:
    """The format `icalendar`."""
    return [Format("calendar", "icalendar", ICalendar())]
