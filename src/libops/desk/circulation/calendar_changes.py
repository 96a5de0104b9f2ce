"""Open loans when the library's calendar has changed since they were made (A11): moved where their policy says so.

A loan keeps the version of the settings that governed it. Only a due date that is still the one those settings gave is
computed anew: what staff, a recall or a closing has set stays.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache

from attrs import evolve

from libops.base.errors import NotFound
from libops.circulation.decide.calendar_change import any_recomputes, asks_anew, counted_from_old_due, due_anew
from libops.circulation.events import DueDateChanged, ItemCheckedOut, LoanRecalled, LoanRenewed
from libops.circulation.model import AnnouncedClosing, Loan
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.closings import calendars_with
from libops.desk.circulation.closings import ClosingDesk, DueMove
from libops.desk.settings.loading import Settings

__all__ = ["CalendarChanges"]

PAGE = 200
WHY = "the calendar has changed"


class CalendarChanges:
    """Computes due dates anew, by the policies that ask for it."""

    def __init__(self, book: CirculationBook, closings: ClosingDesk, settings_at: Callable[[str], Settings]) -> None:
        self.book = book
        self.closings = closings
        self.settings_at = cache(settings_at)
        self.book_of = cache(self.book_with)

    @property
    def asked(self) -> bool:
        """Whether any policy wants it."""
        return any_recomputes(self.book)

    def recompute(self, *, by: str = "run") -> tuple[int, int]:
        """Move the due dates of open loans that the present calendar puts later; returns looked at, and moved."""
        looked = moved = 0
        now = self.closings.shell.clock()
        for loan in self.closings.all(Loan, "by_due", now, None):
            looked += 1
            due = self.due_now(loan, now)
            if due is not None and loan.due is not None and due != loan.due:
                move = DueMove(loan.item_id, loan.id, loan.due, due)
                moved += bool(self.closings.move_due(move, loan.due, due, WHY, by))
        return looked, moved

    def due_now(self, loan: Loan, now: datetime) -> datetime | None:
        """When a loan is due under the present calendar; None where that is not to be asked."""
        if not asks_anew(loan, self.book):
            return None
        try:
            before = self.governing(loan)
        except NotFound:
            return None
        item, patron = self.closings.around(loan)
        made = loan.renewed_at or loan.checked_out_at
        base = self.old_due(loan) if counted_from_old_due(loan, before) else made
        if base is None:
            return None
        return due_anew(loan, item, patron, before=before, book=self.book, counted_from=base, at=now)

    def old_due(self, loan: Loan) -> datetime | None:
        """When a loan was due before it was last renewed, by its events; None where the log does not go back to it."""
        storage, after = self.closings.shell.storage, 0
        old = due = None
        while (page := storage.events(after, PAGE, f"{ItemCheckedOut.about}:{loan.id}")).entries:
            for _, event in page.entries:
                if isinstance(event, LoanRenewed):
                    old, due = due, event.due
                elif isinstance(event, ItemCheckedOut):
                    due = event.loan.due
                elif isinstance(event, (DueDateChanged, LoanRecalled)):
                    due = event.due
            after = page.after
        return old

    def governing(self, loan: Loan) -> CirculationBook:
        """The settings that governed a loan, with the closings that were known when it was made or last renewed."""
        made = loan.renewed_at or loan.checked_out_at
        known = tuple(closing for closing in self.closings.shell.calendars.closings if closing.counts(made))
        return self.book_of(loan.policy, known)

    def book_with(self, version: str, closings: tuple[AnnouncedClosing, ...]) -> CirculationBook:
        book = self.settings_at(version).book
        # What counted then is asked for here, also where it was undone since.
        then = [evolve(closing, undone_at=None) for closing in closings]
        return evolve(book, calendars=calendars_with(book.calendars, then)) if closings else book
