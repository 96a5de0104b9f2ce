"""The rule book of circulation: compiled rules, the policies they name, and the calendars of the libraries.

Made once from the settings; decisions take it as an argument, so that a host with tables of its own can use the rules
without any storage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import field, frozen

from libops.base.calendars import Calendar
from libops.base.errors import NotFound
from libops.base.ids import LibraryCode
from libops.base.money import Money
from libops.circulation.policy.holds.network import HoldSettings
from libops.circulation.policy.holds.terms import HoldPolicy, RecallPolicy
from libops.circulation.policy.limits import ClaimsCounting, ItemLimitScope, LimitPolicy, PatronAction
from libops.circulation.policy.returns import ReturnSettings
from libops.circulation.policy.rules import Case, CircRule, CompiledRules, Concern, Match
from libops.circulation.policy.terms import LoanPolicy, Question
from libops.fees.policy import AccountPolicy, FinePolicy, LostPolicy, Reminder, SuspensionPolicy

__all__ = ["CirculationBook", "Terms"]

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
    asked: dict[PatronAction, tuple[tuple[str, Callable[[Any], Any]], ...]] = field(factory=dict, init=False)
    """The checks of a checkout that these terms leave to ask, by act: worked out once."""


@frozen(eq=False)
class CirculationBook:
    """Everything a decision about a loan needs to know of the settings.

    `version` is the content hash of the settings, kept on every loan. `default_prices` are what an item
    of a type costs when its own price is not known.
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
    resolved: dict[Match, Terms] = field(factory=dict, init=False, repr=False)
    asks_more: bool = field(init=False, repr=False)
    """Whether any policy asks for more than counters: the titles a patron has out or had, or what claims leave room."""

    @asks_more.default
    def _asks_more(self) -> bool:
        titles = any(
            loan.one_per_title is not Question.ALLOW or loan.had_before is not Question.ALLOW
            for loan in self.loans.values()
        )
        return titles or any(
            limits.claims is ClaimsCounting.NOT_COUNTED or limits.item_limit_scope is ItemLimitScope.WITHIN_RULE
            for limits in self.limits.values()
        )

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

    def calendar(self, library: LibraryCode) -> Calendar:
        """When a library is open; raises `NotFound` with the libraries there are."""
        found = self.calendars.get(library)
        if found is None:
            raise NotFound(f"no library {library!r}; the settings name {', '.join(self.calendars)}")
        return found
