"""A due date under way: what it counts from, where it stands, and the steps that moved it, if anyone asked."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from libops.base.calendars import Calendar
from libops.base.decisions import Reason, Step
from libops.circulation.policy.due.reasons import NEVER_OPEN
from libops.circulation.policy.due.terms import END_OF_DAY, ClosedDays, DueTerms

__all__ = ["Course"]

TO_END_OF_DAY = (ClosedDays.PREVIOUS_OPEN_DAY_END, ClosedDays.NEXT_OPEN_DAY_END, ClosedDays.KEEP_END_OF_DAY)
LAST_MINUTE = time(23, 59)
DAY, SECOND = timedelta(1), timedelta(seconds=1)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Course:
    """The way of one due date from the moment it counts from to its last step. Lives for one call.

    A loan by days moves its `day`, at the time of day `clock`; its `due` moment follows when the day is settled, or at
    once when the steps are recorded. A loan by hours moves `due` alone.
    """

    __slots__ = ("at", "calendar", "clock", "day", "due", "earliest", "start", "steps", "terms", "timed", "warnings")

    def __init__(
        self, terms: DueTerms, at: datetime, start: date, calendar: Calendar, timed: bool, explain: bool
    ) -> None:
        self.terms = terms
        self.at = self.due = at
        self.calendar = calendar
        self.timed = timed
        self.start = self.earliest = self.day = start
        self.clock = END_OF_DAY if timed else clock_of(terms, at, calendar)
        self.steps: list[Step] | None = [] if explain else None
        self.warnings: tuple[Reason, ...] = ()

    def move(self, name: str, due: datetime, why: str = "", *facts: object) -> None:
        """Set the due moment; a step is recorded when it moved and someone asked."""
        if self.steps is not None and due != self.due:
            before, after = self.calendar.local(self.due), self.calendar.local(due)
            self.steps.append(Step(name, before, after, why.format(*map(self.in_words, facts))))
        self.due = due

    def move_day(self, name: str, day: date, why: str = "", *facts: object) -> None:
        """Set the due day."""
        self.day = day
        if self.steps is not None:
            self.move(name, self.moment(day), why, *facts)

    def leave(self, closed: date, day: date, why: str) -> None:
        """Set the due day instead of a closed one; the step names why that is closed, where the calendar says so."""
        self.move_day("closed day", day, "{0} is closed{1}; {2}", closed, self.noted(closed), why)

    def noted(self, day: date | None = None) -> str:
        """What the calendar notes about a day, of the due moment when left out; empty if nobody asked for steps."""
        if self.steps is None:
            return ""
        note = self.calendar.note_on(self.calendar.service_day(self.due) if day is None else day)
        return f" ({note})" if note else ""

    def moment(self, day: date) -> datetime:
        """The due moment on a service day; for a loan by hours the end of that day."""
        return self._at(day, self.clock)

    def _at(self, day: date, clock: time) -> datetime:
        """A time on a service day. For a loan made after midnight the end of its day is where the service day ends."""
        moment = self.calendar.service_instant(day, clock)
        if moment < self.at and day == self.start and clock >= LAST_MINUTE:
            return max(moment, self._end_of_service(day))
        return moment

    def _end_of_service(self, day: date) -> datetime:
        return self.calendar.instant(day + DAY, self.calendar.day_starts) - SECOND

    @property
    def keeps_time(self) -> bool:
        """Whether the loan is due at a time of its own and not at that of the terms."""
        if self.timed or self.terms.closed_days is ClosedDays.KEEP_DATETIME:
            return True
        return self.terms.due_time is None and self.terms.closed_days not in TO_END_OF_DAY

    def end_of(self, day: date) -> datetime:
        """The last moment that a date allows: the due time of that day, or its end for a loan that keeps its time."""
        if self.keeps_time:
            return self._end_of_service(day)
        clock = self.terms.due_time
        return self._at(day, END_OF_DAY if clock is None else clock)

    def go_by(self, *, timed: bool) -> None:
        """Change from days to hours or back, as when demand shortens a loan."""
        if timed is not self.timed:
            self.timed = timed
            self.clock = END_OF_DAY if timed else clock_of(self.terms, self.at, self.calendar)

    def never_open(self) -> None:
        """A search for an open day or hour found none: the desk is told, once."""
        if not self.warnings:
            self.warnings = (NEVER_OPEN(day=self.start),)

    def in_words(self, fact: object) -> object:
        """A date with its weekday, a moment on the library's clock; anything else as it is."""
        if isinstance(fact, datetime):
            local = self.calendar.local(fact)
            return f"{WEEKDAYS[local.weekday()]} {local:%Y-%m-%d %H:%M}"
        return f"{WEEKDAYS[fact.weekday()]} {fact}" if isinstance(fact, date) else fact


def clock_of(terms: DueTerms, at: datetime, calendar: Calendar) -> time:
    """The time of day at which a loan by days is due."""
    if terms.closed_days is not ClosedDays.KEEP_DATETIME:
        if terms.due_time is not None:
            return terms.due_time
        if terms.closed_days in TO_END_OF_DAY:
            return END_OF_DAY
    return calendar.local(at).time()
