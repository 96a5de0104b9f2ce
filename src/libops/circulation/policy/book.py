"""The rule book of circulation: compiled rules, the policies they name, and the calendars of the libraries.

Made once from the settings; decisions take it as an argument, so that a host with tables of its own can use the rules
without any storage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from operator import attrgetter
from typing import Any

from attrs import field, frozen

from libops.base.calendars import Calendar
from libops.base.errors import NotFound
from libops.base.ids import LibraryCode
from libops.base.money import Money
from libops.base.periods import Period
from libops.circulation.policy.holds.network import HoldSettings
from libops.circulation.policy.holds.terms import HoldPolicy, RecallPolicy
from libops.circulation.policy.limits import LimitPolicy, PatronAction
from libops.circulation.policy.returns import ReturnSettings
from libops.circulation.policy.rules import Axis, Case, CircRule, CompiledRules, Concern, LibraryRole, Match
from libops.circulation.policy.terms import LoanPolicy, Question
from libops.fees.policy import AccountPolicy, FinePolicy, LostPolicy, Reminder, SuspensionPolicy
from libops.items.model import Item
from libops.patrons.model import Patron

__all__ = ["CirculationBook", "Terms"]

PATRON_CODES = {"patron_category": "category", "patron_library": "home_library"}
ITEM_CODES = {
    "item_type": "item_type",
    "item_library": "home_library",
    "holding_library": "holding_library",
    "loan_type": "loan_type",
    "shelving_location": "shelving_location",
    "collection": "collection",
}
"""Facts that rules may name which are a field of the patron's or the item's record."""

NO_LIMITS = LimitPolicy(expired=None, restricted=None)


@frozen(eq=False)
class Terms:
    """What the winning rule grants: the policies themselves, and the names they have in the settings.

    `loan` is None where no rule covers the case or the rule names no loan policy.
    """

    match: Match
    loan: LoanPolicy | None
    limits: LimitPolicy
    fine: FinePolicy | None
    lost: LostPolicy | None
    rule: str
    loan_name: str
    fine_name: str
    lost_name: str
    suspension: SuspensionPolicy | None = None
    reminders: tuple[Reminder, ...] = ()
    suspension_name: str = ""
    reminders_name: str = ""
    limits_rule: CircRule | None = None
    """The rule that set the limits: its item criteria may be their scope."""
    holds: HoldPolicy | None = None
    recall: RecallPolicy | None = None
    asked: dict[PatronAction, Any] = field(factory=dict, init=False)
    """The checks of a checkout that these terms leave to ask, by act: worked out once."""


@frozen(eq=False)
class CirculationBook:
    """Everything a decision about a loan needs to know of the settings.

    `version` is the content hash of the settings, kept on every loan. `default_prices` are what an item
    of a type costs when its own price is not known, and `new_for` how long it counts as new; `juvenile_below` is the
    age, in full years, from which patrons of a library are no juveniles any more.
    """

    version: str
    currency: str
    rules: CompiledRules
    loans: Mapping[str, LoanPolicy]
    limits: Mapping[str, LimitPolicy]
    fines: Mapping[str, FinePolicy]
    losts: Mapping[str, LostPolicy]
    calendars: Mapping[LibraryCode, Calendar]
    default_prices: Mapping[str, Money]
    suspensions: Mapping[str, SuspensionPolicy] = field(factory=dict)
    reminders: Mapping[str, tuple[Reminder, ...]] = field(factory=dict)
    accounts: AccountPolicy = field(factory=AccountPolicy)
    hold_policies: Mapping[str, HoldPolicy] = field(factory=dict)
    recalls: Mapping[str, RecallPolicy] = field(factory=dict)
    holds: HoldSettings = field(factory=HoldSettings)
    returns: ReturnSettings = field(factory=ReturnSettings)
    juvenile_below: Mapping[LibraryCode, int] = field(factory=dict)
    new_for: Mapping[str, Period] = field(factory=dict)
    as_announced: Mapping[LibraryCode, Calendar] = field(factory=dict)
    """Of libraries with closings, the calendars in which each closes no day before it was announced."""
    resolved: dict[Match, Terms] = field(factory=dict, init=False, repr=False)
    granted: dict[object, Terms] = field(factory=dict, init=False, repr=False)
    """Terms found before, by the codes that decide about them; see `terms_of` in `circulation.decide.facts`."""
    asks_more: bool = field(init=False, repr=False)
    """Whether any policy asks for more than counters: the titles a patron has out or had, what does not count
    as an item out, how wanted a title is, what the account owes the patron."""

    @asks_more.default
    def _asks_more(self) -> bool:
        titles = any(
            loan.one_per_title is not Question.ALLOW or loan.had_before is not Question.ALLOW
            for loan in self.loans.values()
        )
        return (
            titles
            or self.asks_demand
            or self.rents_by_credit
            or not all(limits.counts_all_alike for limits in self.limits.values())
            or self.counts_by_owner
        )

    @property
    def counts_by_owner(self) -> bool:
        """Whether any limit counts what one library owns or keeps, which no counter tells."""
        by_item = self.rules.control.limits in (LibraryRole.ITEM_HOME, LibraryRole.ITEM_HOLDING)
        return by_item and any(limits.counts_by_library for limits in self.limits.values())

    codes: tuple[Callable[[Any], Any], Callable[[Any], Any]] | None = field(init=False, repr=False)
    """How to read off patron and item all that the rules name; None where they name more than codes of these two."""

    @codes.default
    def _codes(self) -> tuple[Callable[[Any], Any], Callable[[Any], Any]] | None:
        named = self.rules.facts - {"transaction_library"}
        if not named <= PATRON_CODES.keys() | ITEM_CODES.keys():
            return None
        of_patron = attrgetter("category", *[name for fact, name in PATRON_CODES.items() if fact in named])
        return of_patron, attrgetter("item_type", *[name for fact, name in ITEM_CODES.items() if fact in named])

    asks_juvenile: bool = field(init=False, repr=False)
    """Whether any rule asks if the patron is a juvenile."""
    asks_new: bool = field(init=False, repr=False)
    """Whether any rule asks if the item is new."""

    due_here: bool = field(init=False, repr=False)
    """Whether due dates follow the calendar of the library where the loan is made, as they mostly do."""

    @due_here.default
    def _due_here(self) -> bool:
        return self.rules.control.loan is LibraryRole.TRANSACTION

    @asks_juvenile.default
    def _asks_juvenile(self) -> bool:
        return any(Axis.JUVENILE.value in rule.axes for rule in self.rules.rules)

    @asks_new.default
    def _asks_new(self) -> bool:
        return any(Axis.NEW.value in rule.axes for rule in self.rules.rules)

    def is_juvenile(self, library: LibraryCode, age: int | None) -> bool:
        """Whether a patron of this library and age (full years) is a juvenile; one of unknown age is none."""
        below = self.juvenile_below.get(library)
        return age is not None and below is not None and age < below

    def is_new(self, item_type: str, acquired: date | None, new_until: date | None, today: date) -> bool:
        """Whether an item counts as new: until its own date, else as long as its type says from its acquisition."""
        if new_until is not None:
            return today <= new_until
        period = self.new_for.get(item_type)
        return acquired is not None and period is not None and today < period.after(acquired)

    def counting(self, concern: Concern, here: LibraryCode, item: Item, patron: Patron | None) -> LibraryCode:
        """The library that counts for a concern of a loan made `here`; `here` where that one keeps no calendar."""
        role, library = getattr(self.rules.control, concern.value), here
        if role is LibraryRole.ITEM_HOME:
            library = item.home_library
        elif role is LibraryRole.ITEM_HOLDING:
            library = item.holding_library
        elif role is LibraryRole.PATRON_HOME and patron is not None:
            library = patron.home_library
        return library if library in self.calendars else here

    def calendar_for(self, concern: Concern, here: LibraryCode, item: Item, patron: Patron | None) -> Calendar:
        """The calendar of the library that counts for a concern of a loan made `here`."""
        return self.calendar(self.counting(concern, here, item, patron))

    @property
    def asks_demand(self) -> bool:
        """Whether any loan is shorter for titles in demand."""
        return any(loan.due.demand is not None for loan in self.loans.values())

    @property
    def renews_ahead(self) -> timedelta | None:
        """How far ahead of their due dates loans may be renewed by the library itself; None where none is."""
        renewals = (loan.renewals for loan in self.loans.values())
        by_itself = [each.automatic for each in renewals if each.allowed and each.automatic is not None]
        return max((each.reach for each in by_itself), default=None)

    @property
    def rents_by_credit(self) -> bool:
        """Whether any loan costs a fee that is settled from credit."""
        return self.accounts.spend_credit and any(loan.rental is not None for loan in self.loans.values())

    def terms(self, case: Case) -> Terms:
        """What the rules grant in this case."""
        match = self.rules.find(case)
        found = self.resolved.get(match)
        if found is None:
            found = self.resolved[match] = self.resolve(match)
        return found

    def resolve(self, match: Match) -> Terms:
        loan = self.loans.get(match.loan or "")
        fine = match.fine if match.fine is not None else (loan.fine if loan is not None else None)
        lost = match.lost if match.lost is not None else (loan.lost if loan is not None else None)
        return Terms(
            match,
            loan,
            self.limits.get(match.limits or "", NO_LIMITS),
            self.fines.get(fine or ""),
            self.losts.get(lost or ""),
            match.rule_id or "",
            match.loan or "",
            fine or "",
            lost or "",
            self.suspensions.get(match.suspension or ""),
            self.reminders.get(match.reminders or "", ()),
            match.suspension or "",
            match.reminders or "",
            self.rule_named(match.rule_for(Concern.LIMITS)),
            self.hold_policies.get(match.holds or ""),
            self.recalls.get(match.recall or ""),
        )

    def rule_named(self, name: str | None) -> CircRule | None:
        """The rule of this id; the fallback is a rule, too."""
        fallback = self.rules.fallback
        every = self.rules.rules if fallback is None else (*self.rules.rules, fallback)
        return next((rule for rule in every if rule.id == name), None)

    def kinds_of(self, item_type: str) -> tuple[str, ...]:
        """An item type with the groups it belongs to, itself first."""
        return self.rules.trees.item_types.lineage(item_type)

    def library(self, code: str) -> LibraryCode:
        """The library of a code; raises `NotFound` with the libraries there are."""
        self.calendar(LibraryCode(code))
        return LibraryCode(code)

    def calendar(self, library: LibraryCode) -> Calendar:
        """When a library is open; raises `NotFound` with the libraries there are."""
        found = self.calendars.get(library)
        if found is None:
            raise NotFound(f"no library {library!r}; the settings name {', '.join(self.calendars)}")
        return found
