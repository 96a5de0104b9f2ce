"""One library's calendar and the questions a circulation desk asks of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from attrs import field, frozen

from libops.base.calendars.hours import Hours, OpenSpan, SpecialDays, WeeklyHours
from libops.base.errors import InvalidValue

__all__ = ["SEARCH_DAYS", "Calendar"]

SEARCH_DAYS = 1100
"""How far a search for an open day looks, in days: three years. Beyond that the library counts as never open."""

CACHED_DAYS = 4000
MIDNIGHT = time(0)
CLOSED = WeeklyHours()
DAY = timedelta(1)


def _zone(key: str) -> str:
    try:
        ZoneInfo(key)
    except (KeyError, ValueError, OSError, TypeError):
        raise InvalidValue(f"{key!r} is not a time zone: give an IANA name such as 'Europe/Berlin'") from None
    return key


def _listed(special: Iterable[SpecialDays]) -> tuple[SpecialDays, ...]:
    return tuple(special)


@frozen(cache_hash=True)
class Calendar:
    """When one library is open, in its own time zone.

    `weekly` are the ordinary hours, `special` the days that differ. `day_starts` is the service-day cutoff: a moment
    before it still belongs to the day before, as at a reading room open until two in the morning. All instants in and
    out are UTC; dates are those of the library. Questions about a library that never opens are answered with None.

    Raises `InvalidValue` for a zone that is not an IANA name.
    """

    zone: str = field(converter=_zone)
    weekly: WeeklyHours = CLOSED
    special: tuple[SpecialDays, ...] = field(default=(), converter=_listed)
    day_starts: time = MIDNIGHT
    # What was asked before, kept per date: the value stays the same, only its answers come faster.
    _known: dict[date, tuple[OpenSpan, ...]] = field(init=False, eq=False, repr=False, factory=dict)
    _moments: dict[tuple[date, time], datetime] = field(init=False, eq=False, repr=False, factory=dict)
    _days: list[tuple[datetime, datetime, date]] = field(init=False, eq=False, repr=False, factory=list)
    zone_info: ZoneInfo = field(init=False, eq=False, repr=False)
    """The zone as an object."""

    @zone_info.default
    def _zone_info(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @classmethod
    def always_open(cls, zone: str) -> Calendar:
        """A calendar without closing: open around the clock on every day."""
        return cls(zone, WeeklyHours.every_day("00:00-24:00"))

    def with_special(self, *special: SpecialDays) -> Calendar:
        """The calendar with more special days, which win over its own of the same kind."""
        return Calendar(self.zone, self.weekly, (*self.special, *special), self.day_starts) if special else self

    # --- Moments and days

    def local(self, instant: datetime) -> datetime:
        """The moment on the library's wall clock."""
        return instant.astimezone(self.zone_info)

    def instant(self, day: date, clock: time) -> datetime:
        """The UTC instant of a wall-clock time on a date of the library.

        A time that the spring change skips moves forward (A7: 02:30 becomes 03:30); of a time that the autumn change
        repeats it is the first.
        """
        known = self._moments.get((day, clock))
        if known is None:
            known = datetime.combine(day, clock, self.zone_info).astimezone(UTC)
            if len(self._moments) >= CACHED_DAYS:
                self._moments.clear()
            self._moments[day, clock] = known
        return known

    def service_instant(self, day: date, clock: time) -> datetime:
        """The UTC instant of a time on a service day; a time before `day_starts` is that of the next date."""
        if self.day_starts is not MIDNIGHT and clock < self.day_starts:
            day += DAY
        return self.instant(day, clock)

    def service_day(self, instant: datetime) -> date:
        """The day the library counts the moment to: its date, or the day before when earlier than `day_starts`."""
        if instant.tzinfo is UTC:
            for begins, ends, day in self._days:
                if begins <= instant < ends:
                    return day
        return self._service_day(instant)

    def _service_day(self, instant: datetime) -> date:
        local = instant.astimezone(self.zone_info)
        if self.day_starts is not MIDNIGHT and local.time() < self.day_starts:
            return local.date() - DAY
        day = local.date()
        # Desks ask of one day again and again: its bounds are kept, unless the cutoff or an odd zone make them unsure.
        begins, ends = self.instant(day, MIDNIGHT), self.instant(day + DAY, MIDNIGHT)
        if self.day_starts is MIDNIGHT and instant.tzinfo is UTC and begins <= instant < ends:
            self._days[:] = [(begins, ends, day)]
        return day

    # --- Open or not

    def hours_on(self, day: date) -> tuple[Hours, ...]:
        """The hours of a date as they are written: those of the special day that covers it, else of its weekday."""
        found = self.special_on(day)
        return self.weekly.days[day.weekday()] if found is None else found.hours

    def special_on(self, day: date) -> SpecialDays | None:
        """The special days that count on a date; None on an ordinary day."""
        found: SpecialDays | None = None
        for special in self.special:
            if special.covers(day) and (found is None or found.yearly or not special.yearly):
                found = special
        return found

    def note_on(self, day: date) -> str:
        """What the calendar notes about a date, as why it is closed; empty for an ordinary day."""
        found = self.special_on(day)
        return "" if found is None else found.note

    def spans_on(self, day: date) -> tuple[OpenSpan, ...]:
        """The open spans that begin on a date, in order; spans that touch are one. Empty on a closed day."""
        known = self._known.get(day)
        return self._spans(day) if known is None else known

    def _spans(self, day: date) -> tuple[OpenSpan, ...]:
        spans: list[OpenSpan] = []
        for hours in self.hours_on(day):
            opens = self.instant(day, hours.opens)
            closes = self.instant(day + DAY if hours.past_midnight else day, hours.closes)
            if spans and opens <= spans[-1].closes:
                opens = spans.pop().opens
            # Hours that lie within the hour skipped in spring do not take place.
            if opens < closes:
                spans.append(OpenSpan(opens, closes))
        if len(self._known) >= CACHED_DAYS:
            self._known.clear()
        self._known[day] = answer = tuple(spans)
        return answer

    def is_open_day(self, day: date) -> bool:
        """Whether the library opens at all on this date."""
        return bool(self.spans_on(day))

    def is_open(self, instant: datetime) -> bool:
        """Whether the library is open at this moment; at the closing instant it is not (A5)."""
        return self.span_at(instant) is not None

    def span_at(self, instant: datetime) -> OpenSpan | None:
        """The current hours: the span that holds the moment, of two the one that opened later; None when closed."""
        day = instant.astimezone(self.zone_info).date()
        for begins in (day, day - DAY):
            for span in self.spans_on(begins):
                if span.opens <= instant < span.closes:
                    return span
        return None

    @property
    def never_opens(self) -> bool:
        """Whether no entry of the calendar has any hours."""
        return not any(self.weekly.days) and not any(special.hours for special in self.special)

    # --- Looking around

    def next_open_day(self, day: date) -> date | None:
        """The first open date after `day`; None when there is none within `SEARCH_DAYS`."""
        return self._search(day, DAY)

    def previous_open_day(self, day: date) -> date | None:
        """The last open date before `day`; None when there is none within `SEARCH_DAYS`."""
        return self._search(day, -DAY)

    def _search(self, day: date, step: timedelta) -> date | None:
        if self.never_opens:
            return None
        for _ in range(SEARCH_DAYS):
            day += step
            if self.spans_on(day):
                return day
        return None

    def add_open_days(self, day: date, count: int) -> date | None:
        """The date so many open days after `day`, which itself is not counted; None when the search finds too few."""
        reached: date | None = day
        for _ in range(count):
            if reached is None:
                break
            reached = self.next_open_day(reached)
        return reached

    def opening_of(self, day: date) -> datetime | None:
        """When the library first opens on a date; None on a closed day."""
        spans = self.spans_on(day)
        return spans[0].opens if spans else None

    def closing_of(self, day: date) -> datetime | None:
        """When the library closes for the day that opens on this date, perhaps past midnight; None on a closed day."""
        spans = self.spans_on(day)
        return spans[-1].closes if spans else None

    def next_opening(self, instant: datetime) -> OpenSpan | None:
        """The first span that opens at or after the moment; None when there is none within `SEARCH_DAYS`."""
        day: date | None = instant.astimezone(self.zone_info).date() - DAY
        while day is not None:
            for span in self.spans_on(day):
                if span.opens >= instant:
                    return span
            day = self.next_open_day(day)
        return None

    def previous_closing(self, instant: datetime) -> OpenSpan | None:
        """The last span that closes at or before the moment; None when there is none within `SEARCH_DAYS`."""
        day: date | None = instant.astimezone(self.zone_info).date() + DAY
        while day is not None:
            if any(span.closes <= instant for span in self.spans_on(day)):
                # Hours past midnight may outlast those of the morning they run into.
                spans = self.spans_on(day) + self.spans_on(day - DAY)
                return max((span for span in spans if span.closes <= instant), key=lambda span: span.closes)
            day = self.previous_open_day(day)
        return None

    # --- Counting

    def open_spans(self, start: datetime, end: datetime) -> Iterator[OpenSpan]:
        """The open stretches between two moments, cut at both, in order and without overlap."""
        if end <= start:
            return
        day, last = self.local(start).date() - DAY, self.local(end).date()
        reached = start
        while day <= last:
            for span in self.spans_on(day):
                opens, closes = max(span.opens, reached), min(span.closes, end)
                if opens < closes:
                    yield OpenSpan(opens, closes)
                    reached = closes
            day += DAY

    def open_minutes(self, start: datetime, end: datetime) -> int:
        """How many whole minutes the library is open between two moments; 0 when `end` is not after `start`."""
        total = timedelta(0)
        for span in self.open_spans(start, end):
            total += span.closes - span.opens
        return total // timedelta(minutes=1)

    def open_days_between(self, first: date, last: date) -> int:
        """How many open days lie between two dates, in whichever order: the earlier counts, the later does not.

        Koha counts this way; from Monday to Wednesday are two days.
        """
        if last < first:
            first, last = last, first
        return sum(1 for ahead in range((last - first).days) if self.spans_on(first + timedelta(ahead)))

    def open_days_including(self, first: date, last: date) -> int:
        """How many open days lie between two dates, in whichever order, both of them counted (rero's way)."""
        if last < first:
            first, last = last, first
        return self.open_days_between(first, last + DAY)
