"""Due dates that change without a renewal: set by hand, or moved because the library announces a closing."""

from __future__ import annotations

from datetime import date, datetime

from attrs import evolve, frozen

from libops.base.calendars import Calendar, SpecialDays
from libops.base.decisions import Decision, Override, Permit, Refuse, weigh
from libops.base.events import Event
from libops.base.ids import LibraryCode
from libops.base.periods import Period, Unit
from libops.circulation import reasons
from libops.circulation.events import DueDateChanged
from libops.circulation.model import Loan
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.due import ClosedDays, DueTerms, Profile, renewal_due
from libops.patrons.model import Patron

__all__ = ["DuePlan", "change_due", "closed_calendar", "due_after_closing"]


@frozen
class DuePlan:
    """The loan with its new due date, and the events that make it so."""

    loan: Loan
    events: tuple[Event, ...]


def change_due(
    loan: Loan, *, due: datetime | None, at: datetime, by: str, override: Override | None = None
) -> Decision[DuePlan]:
    """Set a due date by hand: `override` names `loan.due_by_hand`, with the right and the reason.

    None takes the due date away. A date before now is refused for good.
    """
    found = [reasons.DUE_BY_HAND()]
    if due is not None and due < at:
        found.append(reasons.DUE_IN_PAST(due=due))
    verdict = weigh(found, override)
    if verdict.refusing:
        return Refuse(verdict.refusing)
    why = override.why if override is not None else ""
    return Permit(DuePlan(evolve(loan, due=due), (DueDateChanged(at, by, loan.id, loan.item_id, due, why),)))


def closed_calendar(calendar: Calendar, first: date, last: date) -> Calendar:
    """The calendar with these days closed, both included."""
    return calendar.with_special(SpecialDays(first, last))


def due_after_closing(
    loan: Loan,
    patron: Patron | None,
    book: CirculationBook,
    *,
    first: date,
    last: date,
    at: datetime,
    library: LibraryCode | None = None,
) -> datetime | None:
    """When a loan is due if the library closes on these days: by its policy's own way over closed days.

    `library` is the one whose calendar counts; where the loan was made when left out.

    As before where it is due on another day, is overdue or recalled, or its policy knows no closed days. Never earlier.
    """
    policy = book.loans.get(loan.loan_policy)
    if loan.due is None or loan.due < at or loan.recalled_at is not None or policy is None:
        return loan.due
    calendar = book.calendar(library or loan.library)
    if not first <= calendar.service_day(loan.due) <= last:
        return loan.due
    moved = renewal_due(
        as_it_stands(policy.due),
        now=at,
        calendar=closed_calendar(calendar, first, last),
        counted_from=loan.due,
        patron_expiry=None if patron is None else patron.expires,
    ).at
    return loan.due if moved is None else max(moved, loan.due)


def as_it_stands(terms: DueTerms) -> DueTerms:
    """Terms that move a due date out of closed time and otherwise leave it where it is."""
    timed = terms.profile is Profile.ROLLING and terms.period is not None and terms.period.is_timed
    # Counting open days from a day on counts none here: a day that is closed now is pushed on instead.
    counting = terms.closed_days is ClosedDays.COUNT_OPEN_DAYS
    return evolve(
        terms,
        profile=Profile.ROLLING,
        period=Period(0, Unit.HOURS if timed else Unit.DAYS),
        schedule=(),
        closed_days=ClosedDays.PUSH_ONE_DAY_AT_A_TIME if counting else terms.closed_days,
    )
