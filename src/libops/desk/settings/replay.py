"""Real open loans under two versions of settings: which due dates, fines and limits would come out differently.

Nothing is written and no loan moves: a loan keeps the terms it was made by until it is renewed. The replay says what
the other settings would have made of it, and what they will make of its renewal, its fine and the next checkout.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from attrs import evolve, field, frozen

from libops.base.ids import ItemId, LoanId, PatronId
from libops.catalog.model import BibRecord
from libops.circulation.decide.facts import CheckOutFacts, case_of
from libops.circulation.decide.limit_checks import LIMIT_CHECKS
from libops.circulation.decide.patron_checks import PATRON_CHECKS
from libops.circulation.decide.question import LoanQuestion, run_checks
from libops.circulation.decide.returns import fine_of
from libops.circulation.decide.wanted import wanted_facts
from libops.circulation.model import Loan
from libops.circulation.policy.book import CirculationBook, Terms
from libops.circulation.policy.due import due_date
from libops.circulation.policy.limits import PatronAction
from libops.circulation.policy.rules import Concern
from libops.desk.library_calendars import LibraryCalendars
from libops.desk.settings.loading import Settings
from libops.items.model import Item
from libops.patrons.model import Patron
from libops.patrons.standing import Standing
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Get, Storage
from libops.storage.rebuild import every

__all__ = ["LoanChange", "Replay", "replay_open_loans"]

ASKED = (*PATRON_CHECKS, *LIMIT_CHECKS)
"""What may stop a patron who wants one more."""


@frozen
class LoanChange:
    """One thing that differs for an open loan: `due`, `fine`, `limits` or `rule`, before and after, in words.

    `limits` are the reason codes that would stop one more loan like this one.
    """

    what: str
    loan_id: LoanId
    item_id: ItemId
    patron_id: PatronId
    before: str
    after: str
    rule_before: str
    rule_after: str

    def __str__(self) -> str:
        same = self.rule_before == self.rule_after
        rules = f"rule {self.rule_after}" if same else f"rule {self.rule_before} -> {self.rule_after}"
        return f"loan {self.loan_id}: {self.what} {self.before} -> {self.after} ({rules})"


@frozen
class Replay:
    """How many open loans were looked at, and everything that comes out differently for them.

    `unknown` are loans of a library, or of a category, that one of the two settings does not have.
    """

    loans: int
    changes: tuple[LoanChange, ...]
    unknown: tuple[LoanId, ...] = field(default=())

    @property
    def counts(self) -> dict[str, int]:
        """How many loans differ in what."""
        found: dict[str, int] = {}
        for change in self.changes:
            found[change.what] = found.get(change.what, 0) + 1
        return found


def replay_open_loans(storage: Storage, before: Settings, after: Settings, *, at: datetime) -> Replay:
    """Ask both settings about every open loan of a store, as of `at` (UTC)."""
    changes: list[LoanChange] = []
    unknown: list[LoanId] = []
    looked = 0
    books = book_of(storage, before, at), book_of(storage, after, at)
    for loan in every(storage, kind_of(Loan)):
        looked += 1
        if any(loan.library not in settings.calendars for settings in (before, after)):
            unknown.append(loan.id)
            continue
        changes += differences(storage, loan, *books, at)
    return Replay(looked, tuple(changes), tuple(unknown))


def book_of(storage: Storage, settings: Settings, at: datetime) -> CirculationBook:
    """The rule book of the settings, with the closings that the store knows."""
    calendars = LibraryCalendars(storage, settings.calendars)
    calendars.look_again(at)
    return evolve(settings.book, calendars=calendars.current)


def differences(
    storage: Storage, loan: Loan, before: CirculationBook, after: CirculationBook, at: datetime
) -> Iterator[LoanChange]:
    """What differs for one loan."""
    facts = facts_of(storage, loan, at)
    if facts is None:
        return
    facts = with_loans(storage, facts, (before, after), at)
    one, other = (answers(loan, facts, book, at) for book in (before, after))
    for what in ("rule", "due", "fine", "limits"):
        if one[what] != other[what]:
            yield LoanChange(
                what, loan.id, loan.item_id, loan.patron_id, one[what], other[what], one["rule"], other["rule"]
            )


def facts_of(storage: Storage, loan: Loan, at: datetime) -> CheckOutFacts | None:
    """Patron, item and title of a loan; None where one of them is gone."""
    who, standing, item, bib, overdue = storage.read(
        (
            Get(kind_of(Patron), loan.patron_id),
            Get(kind_of(Standing), loan.patron_id),
            Get(kind_of(Item), loan.item_id),
            Get(kind_of(BibRecord), loan.bib_id),
            Find(kind_of(Loan), "by_patron", (loan.patron_id,), high=at),
        )
    )
    patron, what, title = who.record, item.record, bib.record
    if patron is None or what is None or title is None:
        return None
    late = tuple(row.record for row in overdue)
    return CheckOutFacts(loan.library, patron, standing.record or Standing(loan.patron_id), what, title, None, late)


def with_loans(
    storage: Storage, facts: CheckOutFacts, books: tuple[CirculationBook, ...], at: datetime
) -> CheckOutFacts:
    """The facts with what else the patron has out, where one of the rule books counts more than counters tell."""
    wanted = [wanted_facts(facts, book, at=at) for book in books]
    if not any(each.loans for each in wanted):
        return facts
    (rows,) = storage.read((Find(kind_of(Loan), "by_patron", (facts.patron.id,)),))
    loans = tuple(row.record for row in rows)
    found = storage.read([Get(kind_of(Item), loan.item_id) for loan in loans]) if loans else ()
    return evolve(facts, loans=loans, items={row.record.id: row.record for row in found if row.record is not None})


def answers(loan: Loan, facts: CheckOutFacts, book: CirculationBook, at: datetime) -> dict[str, str]:
    """What these settings say of a loan: the rule, when it would be due, its fine by now, what stops another."""
    made = loan.renewed_at or loan.checked_out_at
    day = book.calendar(loan.library).service_day(made)
    case = case_of(loan.library, facts.patron, facts.item, facts.bib, day, book, renewal=loan.renewals > 0)
    terms = book.terms(case)
    return {
        "rule": terms.rule or "none",
        "due": due_words(loan, facts, terms, book, made),
        "fine": fine_words(loan, facts, terms, book, at),
        "limits": limit_words(facts, terms, book, at),
    }


def due_words(loan: Loan, facts: CheckOutFacts, terms: Terms, book: CirculationBook, made: datetime) -> str:
    if terms.loan is None:
        return "not lent"
    calendar = book.calendar_for(Concern.LOAN, loan.library, facts.item, facts.patron)
    policy, period = terms.loan.due, terms.loan.renewals.period
    if loan.renewals and period is not None:
        policy = evolve(policy, period=period)
    due = due_date(policy, at=made, calendar=calendar, patron_expiry=facts.patron.expires).at
    return "no due date" if due is None else f"{calendar.local(due):%Y-%m-%d %H:%M}"


def fine_words(loan: Loan, facts: CheckOutFacts, terms: Terms, book: CirculationBook, at: datetime) -> str:
    counted = fine_of(evolve(loan, fine=terms.fine_name), facts.item, facts.patron, book, at)
    return "none" if counted is None or not counted.amount.amount else str(counted.amount)


def limit_words(facts: CheckOutFacts, terms: Terms, book: CirculationBook, at: datetime) -> str:
    calendar = book.calendar(facts.library)
    question = LoanQuestion(facts, terms, calendar, at, calendar.service_day(at), PatronAction.CHECK_OUT, book)
    found = run_checks(question, ASKED, override=None).verdict.refusing
    return ", ".join(reason.code for reason in found) or "none"
