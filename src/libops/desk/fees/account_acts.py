"""What all acts on patron accounts have in common: reading the account, deciding, and the receipt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen

from libops.base.decisions import Decision, Override, Reason, Refuse
from libops.base.errors import InvalidValue
from libops.base.ids import LibraryCode
from libops.base.money import Money
from libops.circulation.policy.book import CirculationBook
from libops.desk.holders import Holders
from libops.desk.reads import Reads
from libops.desk.receipts import Receipt
from libops.desk.shell import Errand, Shell
from libops.desk.words import read_by
from libops.fees.decide import AccountFacts, AccountPlan, Act
from libops.fees.model import AccountLine, LoanFine, OpenCharge, OpenCredit
from libops.patrons.model import Patron
from libops.patrons.standing import Standing
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Get

__all__ = ["Account", "AccountActs", "as_money"]

NEEDED: Mapping[str, tuple[type[Any], ...]] = {"refund": (AccountLine,), "void": (AccountLine, LoanFine)}
"""What an act asks for beyond what is open: every line of the patron, and what loans were fined."""


@frozen
class Account:
    """A patron and what is known of the account."""

    patron: Patron
    facts: AccountFacts


class AccountActs:
    """The account of a patron, and acts on it."""

    def __init__(self, shell: Shell, book: CirculationBook, library: LibraryCode, holders: Holders) -> None:
        self.shell = shell
        self.book = book
        self.library = library
        self.holders = holders

    def act(
        self,
        name: str,
        patron: str,
        ask: Callable[[AccountFacts, Act], Decision[AccountPlan]],
        by: str,
        note: str,
        override: Override | None,
        **shown: Any,
    ) -> Decision[Receipt]:
        def load(reads: Reads) -> Account | Refuse:
            found = self.account(reads, patron, NEEDED.get(name, ()))
            return Refuse((found,)) if isinstance(found, Reason) else found

        def decided(account: Account, at: datetime) -> Decision[AccountPlan]:
            return ask(account.facts, Act(at, by, self.library, note, override))

        def receive(plan: AccountPlan, account: Account, at: datetime, alerts: tuple[Reason, ...]) -> Receipt:
            return self.receipt(name, account, plan, at, alerts, **shown)

        return self.shell.act(Errand(load, decided, receive))

    def account(self, reads: Reads, patron: str, needed: Sequence[type[Any]] = ()) -> Account | Reason:
        """A patron with what is open on the account, and with what else an act needs of it."""
        use = self.holders.patron(reads, patron)
        if isinstance(use, Reason):
            return use
        who, standing, charges, credits, *lines = reads.load(
            Get(kind_of(Patron), use.holder_id),
            Get(kind_of(Standing), use.holder_id),
            Find(kind_of(OpenCharge), "by_patron", (use.holder_id,)),
            Find(kind_of(OpenCredit), "by_patron", (use.holder_id,)),
            *(Find(kind_of(kind), "by_patron", (use.holder_id,)) for kind in needed),
        )
        facts = AccountFacts(standing, self.book.currency, tuple(charges), tuple(credits), *map(tuple, lines))
        return Account(who, facts)

    def receipt(
        self,
        act: str,
        account: Account,
        plan: AccountPlan,
        at: datetime,
        alerts: tuple[Reason, ...],
        **shown: Any,
    ) -> Receipt:
        """What the patron takes home: the balance after the lines that are this patron's."""
        who = account.patron
        own = [line for line in plan.lines if line.patron_id == who.id]
        return Receipt(
            act,
            at,
            self.library,
            self.book.calendar(self.library).zone_info,
            who.name,
            who.card or "",
            balance=Money(account.facts.after(own).standing.balance, self.book.currency),
            alerts=alerts,
            policy=self.book.version,
            language=read_by(who.language, self.shell.words.language),
            **shown,
        )


def as_money(amount: Money | str) -> Money:
    """An amount as it is given at the desk; raises `InvalidValue` for what is none."""
    if isinstance(amount, Money):
        return amount
    if isinstance(amount, str):
        return Money.parse(amount)
    raise InvalidValue(f"amount {amount!r}: give Money(250, 'EUR') or '2.50 EUR'")
