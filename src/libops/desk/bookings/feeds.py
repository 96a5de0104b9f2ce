"""Bookings for the calendars that people use already: events, or only when something is taken."""

from __future__ import annotations

from datetime import datetime

from libops.bookings.model import Booking
from libops.desk.bookings.acts import BookingActs
from libops.desk.bookings.reserving import Moment
from libops.desk.reads import Reads
from libops.hooks.specs.formats import CalendarFormat
from libops.storage.kinds import kind_of
from libops.storage.port import Find

__all__ = ["BookingFeeds"]


class BookingFeeds(BookingActs):
    """Bookings in a format of kind `calendar`, which a plugin brings: `libops-icalendar` brings `icalendar`."""

    def calendar(
        self,
        start: Moment,
        end: Moment,
        *,
        domain: str,
        resource: str | None = None,
        patron: str | None = None,
        format: str = "icalendar",
        name: str = "",
        purposes: bool = False,
        remind_minutes: int | None = None,
    ) -> bytes:
        """The bookings of a resource, a patron or the whole library that begin between two moments, as a file.

        Those that were cancelled are in it as such, so that they leave the calendars that have them. Patrons are never
        named.

        Args:
            start: from when on.
            end: until when.
            domain: makes the identifiers unique among libraries: `library.example`.
            resource: the resource, if not all of this library.
            patron: card or identifier of the patron whose bookings these are.
            format: which calendar format.
            name: what the calendar is called.
            purposes: also say what each booking is for.
            remind_minutes: let open bookings ring so long before they begin.

        Raises:
            NotFound: no plugin brings the format; or no such resource or patron.
        """
        written: CalendarFormat = self.shell.registry.format("calendar", format)
        reads = Reads(self.shell.storage)
        since, until = self.instant(start), self.instant(end)
        if patron is not None:
            who = self.holders.patron_or_raise(reads, patron).id
            found = self.between(reads, "by_patron", who, since, until)
            found = [booking for booking in found if resource in (None, booking.resource_id)]
        else:
            ids = [one.id for one in self.resources()] if resource is None else [resource]
            found = [booking for key in ids for booking in self.between(reads, "by_resource", key, since, until)]
        known = {key: self.resource_or_raise(reads, key) for key in {booking.resource_id for booking in found}}
        if resource is not None:
            self.resource_or_raise(reads, resource)
        return written.bookings(
            sorted(found, key=lambda booking: (booking.start, booking.id)),
            list(known.values()),
            now=self.shell.clock(),
            domain=domain,
            name=name,
            purposes=purposes,
            remind_minutes=remind_minutes,
        )

    def busy(self, resource: str, start: Moment, end: Moment, *, domain: str, format: str = "icalendar") -> bytes:
        """When a resource is taken between two moments, lead and trail included, and nothing else.

        Raises `NotFound` when no plugin brings the format, or there is no such resource.
        """
        written: CalendarFormat = self.shell.registry.format("calendar", format)
        reads = Reads(self.shell.storage)
        found, since, until = self.resource_or_raise(reads, resource), self.instant(start), self.instant(end)
        # What begins before the span may reach into it.
        taken = [one for one in reads.find(Booking, "by_resource", found.id) if one.blocked_until > since]
        return written.busy(taken, found, since, until, now=self.shell.clock(), domain=domain)

    def between(self, reads: Reads, index: str, key: str, since: datetime, until: datetime) -> list[Booking]:
        found: list[Booking] = reads.load(Find(kind_of(Booking), index, (key,), low=since, high=until))[0]
        return found
