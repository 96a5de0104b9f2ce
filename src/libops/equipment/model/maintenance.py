"""Preventive maintenance: the tasks that fall due by the calendar, before anything breaks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.base.ids import AssetId, TicketId
from libops.base.periods import Period
from libops.base.texts import not_blank

__all__ = ["MaintenanceSchedule"]


@frozen(kw_only=True)
class MaintenanceSchedule:
    """A task on one asset that comes back: every six months the lamp, every week the print bed.

    Its ticket is opened `lead_days` before `next_due`; while `open_ticket` is set no second one is.
    `first_due` keeps the rhythm of tasks that are due at the end of a month; None counts from `next_due`.

    >>> lamp = MaintenanceSchedule(
    ...     id="M-1", asset_id=AssetId("A-7"), task="change the lamp", every=Period.parse("6 months"),
    ...     next_due=date(2026, 3, 31), lead_days=7)
    >>> lamp.opens_on, lamp.due_after(date(2026, 3, 31))
    (datetime.date(2026, 3, 24), datetime.date(2026, 9, 30))
    """

    id: str
    asset_id: AssetId
    task: str = field(validator=not_blank)
    every: Period = field()
    next_due: date
    first_due: date | None = None
    lead_days: int = 0
    last_done: date | None = None
    open_ticket: TicketId | None = None

    @every.validator
    def _by_the_calendar(self, _: object, every: Period) -> None:
        if every.is_timed or every.amount == 0:
            raise InvalidValue(f"maintenance every {every}: give days, weeks or months, at least 1")

    @property
    def opens_on(self) -> date:
        """The day on which its ticket is opened."""
        return self.next_due - timedelta(self.lead_days)

    def rhythm(self) -> Iterator[date]:
        """The due dates in order, counted from the first, so that the 31st comes back after a shorter month.

        >>> from itertools import islice
        >>> lamp = MaintenanceSchedule(
        ...     id="M-1", asset_id=AssetId("A-7"), task="test the alarm", every=Period.parse("1 month"),
        ...     next_due=date(2026, 2, 28), first_due=date(2026, 1, 31))
        >>> [str(day) for day in islice(lamp.rhythm(), 3)]
        ['2026-01-31', '2026-02-28', '2026-03-31']
        """
        first = self.next_due if self.first_due is None else self.first_due
        return (Period(self.every.amount * number, self.every.unit).after(first) for number in count())

    def due_after(self, day: date) -> date:
        """The due date that follows `day` by one period."""
        return self.every.after(day)
