"""What stands against a patron's act that is about no item: booking a room, handing a file in."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from libops.base.decisions import Reason
from libops.base.ids import LibraryCode
from libops.circulation.decide.patron_checks import PATRON_CHECKS
from libops.circulation.decide.question import LoanQuestion
from libops.circulation.model import Loan
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.limits import PatronAction
from libops.circulation.policy.rules import Case
from libops.patrons.model import Patron
from libops.patrons.standing import Standing

__all__ = ["PatronFacts", "patron_reasons"]


@frozen
class PatronFacts:
    """A patron at a counter of a library, where no item is asked for. `overdue` are their loans past due."""

    library: LibraryCode
    patron: Patron
    standing: Standing
    overdue: tuple[Loan, ...] = ()


def patron_reasons(
    facts: PatronFacts, book: CirculationBook, *, at: datetime, action: PatronAction
) -> tuple[Reason, ...]:
    """What the library's limits and the patron's restrictions say against it.

    The limits are those of the rule for the patron's category alone.
    """
    calendar, patron = book.calendar(facts.library), facts.patron
    case = Case(facts.library, patron.category, patron_library=patron.home_library)
    question = LoanQuestion(facts, book.terms(case), calendar, at, calendar.service_day(at), action, book)
    asked = (check(question) for _, check in PATRON_CHECKS)
    return tuple(reason for reason in asked if isinstance(reason, Reason))
