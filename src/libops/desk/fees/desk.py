"""The cash desk: charges, payments, credits, what is forgiven, given back or undone, and what a patron owes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from libops.base.decisions import Decision, Override, Reason, Refuse
from libops.base.ids import AccountLineId
from libops.base.money import Money
from libops.desk.arguments import checks_arguments
from libops.desk.fees.account_acts import Account, AccountActs, as_money
from libops.desk.holds.receipts import printed
from libops.desk.reads import Reads
from libops.desk.receipts import Receipt
from libops.desk.shell import Errand
from libops.desk.words import read_by
from libops.fees import decide
from libops.fees.account import Statement, statement
from libops.fees.decide import AccountPlan, Act
from libops.fees.model import AccountLine, Cause, OpenCharge
from libops.patrons.standing import Standing

__all__ = ["FeeDesk"]


@checks_arguments()
class FeeDesk(AccountActs):
    """Patron accounts: charge, take payments, forgive, refund, correct.

    `patron` is a card's barcode or the patron's identifier; amounts are `Money`, or text such as `"2.50 EUR"`;
    `charges` and `line` are identifiers of account lines, as `open_charges` and `statement` give them; a line gets
    another one when its loan is forgotten, and by the old one nothing is found. Acts answer `Permit` with a `Receipt`
    that has the new `balance`, or `Refuse` with all reasons: `barcode.no_patron` for an unknown card,
    `amount.not_positive`, `account.currency_mismatch`, and those that are named with the act. An amount that cannot be
    read raises `InvalidValue`; what only looks raises `NotFound` for an unknown card.

    >>> import libops
    >>> ops, ada = libops.open(), "21234000000017"
    >>> registered = ops.patrons.register(name="Ada Kowalski", category="adult", card=ada)
    >>> ops.fees.charge(patron=ada, amount="2.50 EUR", note="a lost locker key").result.balance
    Money(250, 'EUR')
    >>> print(*ops.fees.pay(patron=ada, amount="3.00 EUR").reasons)
    Only 2.50 EUR is open, less than the payment of 3.00 EUR.
    >>> ops.fees.pay(patron=ada, amount="1.50 EUR").result.balance
    Money(100, 'EUR')
    """

    def charge(
        self,
        *,
        patron: str,
        amount: Money | str,
        cause: Cause = Cause.OTHER,
        note: str = "",
        by: str = "desk",
        override: Override | None = None,
    ) -> Decision[Receipt]:
        """Charge a patron a fee that no rule charges by itself, for a `cause` that tells reports what it was for.

        `note` is shown on the patron's statement. Credit on the account settles it at once, where the settings say so.
        """
        money = as_money(amount)
        return self.act(
            "charge",
            patron,
            lambda facts, act: decide.charge(
                facts, act, amount=money, cause=cause, ids=self.shell.ids, policy=self.book.accounts
            ),
            by,
            note,
            override,
            charged=((cause.value, money),),
        )

    def pay(
        self,
        *,
        patron: str,
        amount: Money | str,
        charges: Sequence[str] = (),
        method: str = "cash",
        payer: str = "",
        by: str = "desk",
        override: Override | None = None,
    ) -> Decision[Receipt]:
        """Take a payment, for the charges named or for all of them in the order of `accounts.allocation`.

        `payer` is who pays, if not the patron; `method` is written on the receipt: `cash`, `card`,
        `bank-transfer` and `check` in the patron's language, others as they are. More than is open is kept as credit
        or refused, as the settings say: `payment.exceeds_debt`, `charge.not_open` for a charge with nothing open.
        """
        money = as_money(amount)
        keys = [AccountLineId(key) for key in charges]
        return self.act(
            "pay",
            patron,
            lambda facts, act: decide.pay(
                facts,
                act,
                amount=money,
                ids=self.shell.ids,
                policy=self.book.accounts,
                charges=keys,
                payer=payer,
                method=method,
            ),
            by,
            "",
            override,
            paid=money,
            method=method,
        )

    def waive(
        self,
        *,
        patron: str,
        why: str,
        amount: Money | str | None = None,
        charges: Sequence[str] = (),
        by: str = "desk",
        override: Override | None = None,
    ) -> Decision[Receipt]:
        """Forgive charges, all of the patron's where none are named; without an amount all that is open of them.

        `why` is kept in the log. Refused: `charge.not_open`, and `charge.open_less` for more than is open of them.
        """
        return self.giving_up("waive", decide.waive, patron, why, amount, charges, by, override)

    def write_off(
        self,
        *,
        patron: str,
        why: str,
        amount: Money | str | None = None,
        charges: Sequence[str] = (),
        by: str = "desk",
        override: Override | None = None,
    ) -> Decision[Receipt]:
        """Give charges up as uncollectible: the books tell this apart from forgiving. Asked and refused as `waive`."""
        return self.giving_up("write_off", decide.write_off, patron, why, amount, charges, by, override)

    def transfer(
        self,
        *,
        patron: str,
        to: str,
        why: str,
        amount: Money | str | None = None,
        charges: Sequence[str] = (),
        by: str = "desk",
        override: Override | None = None,
    ) -> Decision[Receipt]:
        """Move debt to an account outside the library, such as the bursar's; `to` names it.

        It is settled here, and what is refunded later goes there. Asked and refused as `waive`.
        """
        ask = partial(decide.transfer_outside, to=to)
        return self.giving_up("transfer", ask, patron, why, amount, charges, by, override)

    def transfer_to_patron(
        self,
        *,
        patron: str,
        charge: str,
        to: str,
        why: str,
        amount: Money | str | None = None,
        by: str = "desk",
        override: Override | None = None,
        preview: str = "",
        commit: bool = True,
    ) -> Decision[Receipt]:
        """Move a charge, or part of it, to another patron's account, such as a parent's, who owes it from then on.

        Args:
            patron: who owes it now.
            charge: which of the open charges.
            to: the card or identifier of the patron who takes it over.
            why: kept in the log, and on both accounts.
            amount: how much of it; all that is open when left out.
            by: who does it, for the log.
            override: reason codes that staff set aside, as in the other acts.
            preview: the `preview` of an earlier preview.
            commit: False only says what would happen.

        Returns a `Receipt` for `patron`, with how much was taken off (`credited`). It is settled there and no payment:
        what is paid for it later is refunded to the other patron, by hand where a lost item comes back
        (`loss.taken_over`). Neither line can be voided (`line.shared`); it is transferred back. For which loan it was,
        the other account does not say, and whose it was only until that loan is forgotten, which waits until the
        charge is settled.

        Refused: `charge.not_open`, `charge.open_less`, `transfer.to_same_patron`, `amount.not_positive`,
        `account.currency_mismatch`, `barcode.no_patron` for each unknown card.

        >>> import libops
        >>> ops, ada, mum = libops.open(), "21234000000017", "21234000000025"
        >>> for name, card in (("Ada Kowalski", ada), ("Maria Kowalski", mum)):
        ...     registered = ops.patrons.register(name=name, category="adult", card=card)
        >>> charged = ops.fees.charge(patron=ada, amount="2.50 EUR")
        >>> (open,) = ops.fees.open_charges(ada)
        >>> ops.fees.transfer_to_patron(patron=ada, charge=open.id, to=mum, why="pays for her").result.balance
        Money(0, 'EUR')
        >>> ops.fees.balance(mum)
        Money(250, 'EUR')
        """
        money = None if amount is None else as_money(amount)

        def load(reads: Reads) -> tuple[Account, Account] | Refuse:
            here, there = self.account(reads, patron), self.account(reads, to)
            if isinstance(here, Reason) or isinstance(there, Reason):
                return Refuse(tuple([each for each in (here, there) if isinstance(each, Reason)]))
            return here, there

        def decided(accounts: tuple[Account, Account], at: datetime) -> Decision[AccountPlan]:
            here, there = accounts
            act = Act(at, by, self.library, why, override)
            return decide.transfer_to_patron(
                here.facts, act, ids=self.shell.ids, charge=AccountLineId(charge), to=there.facts, amount=money
            )

        def receive(plan: AccountPlan, accounts: Any, at: datetime, alerts: tuple[Reason, ...]) -> Receipt:
            line = plan.lines[0]
            cause = line.kind.value if line.cause is None else line.cause.value
            credited = ((cause, -line.amount),)
            return self.receipt("transfer_to_patron", accounts[0], plan, at, alerts, credited=credited)

        return self.shell.act(Errand(load, decided, receive), commit=commit, expecting=preview)

    def preview_transfer_to_patron(self, **asked: Any) -> Decision[Receipt]:
        """What `transfer_to_patron` would do; its `preview` is handed back to do just that."""
        return self.transfer_to_patron(**asked, commit=False)

    def giving_up(
        self,
        name: str,
        ask: Callable[..., Decision[AccountPlan]],
        patron: str,
        why: str,
        amount: Money | str | None,
        charges: Sequence[str],
        by: str,
        override: Override | None,
    ) -> Decision[Receipt]:
        terms: dict[str, Any] = {
            "amount": None if amount is None else as_money(amount),
            "charges": [AccountLineId(key) for key in charges],
            "ids": self.shell.ids,
            "policy": self.book.accounts,
        }
        return self.act(name, patron, lambda facts, act: ask(facts, act, **terms), by, why, override)

    def credit(
        self, *, patron: str, amount: Money | str, why: str, by: str = "desk", override: Override | None = None
    ) -> Decision[Receipt]:
        """Give a patron credit: it settles what is open; the rest stays where `accounts.negative_balance` allows it.

        Refused: `balance.would_be_negative`, which the right `fees.negative_balance` lifts.
        """
        terms: dict[str, Any] = {"amount": as_money(amount), "ids": self.shell.ids, "policy": self.book.accounts}
        return self.act("credit", patron, lambda facts, act: decide.credit(facts, act, **terms), by, why, override)

    def use_credit(
        self, *, patron: str, charges: Sequence[str] = (), by: str = "desk", override: Override | None = None
    ) -> Decision[Receipt]:
        """Settle the charges named, or all of them, from the patron's credit.

        Refused: `credit.insufficient` where there is none, `charge.not_open`.
        """
        keys = [AccountLineId(key) for key in charges]
        terms: dict[str, Any] = {"ids": self.shell.ids, "policy": self.book.accounts, "charges": keys}
        return self.act(
            "use_credit", patron, lambda facts, act: decide.use_credit(facts, act, **terms), by, "", override
        )

    def pay_out(
        self,
        *,
        patron: str,
        amount: Money | str,
        method: str = "cash",
        payer: str = "",
        by: str = "desk",
        override: Override | None = None,
    ) -> Decision[Receipt]:
        """Hand credit out as money, the oldest credit first; `method` is written on the receipt.

        Refused: `credit.insufficient` for more than there is.
        """
        terms: dict[str, Any] = {"amount": as_money(amount), "ids": self.shell.ids, "payer": payer, "method": method}
        return self.act(
            "pay_out", patron, lambda facts, act: decide.pay_out(facts, act, **terms), by, "", override, method=method
        )

    def refund(
        self,
        *,
        patron: str,
        charge: str,
        why: str,
        amount: Money | str | None = None,
        by: str = "desk",
        override: Override | None = None,
    ) -> Decision[Receipt]:
        """Give back what was paid for a charge, or part of it, to whoever paid it; without an amount all of it.

        What was waived was not paid. Refused: `line.unknown`, `refund.exceeds_paid`, `balance.would_be_negative`.
        """
        terms: dict[str, Any] = {
            "charge": AccountLineId(charge),
            "amount": None if amount is None else as_money(amount),
            "ids": self.shell.ids,
            "policy": self.book.accounts,
            "zone": self.book.calendar(self.library).zone_info,
        }
        return self.act("refund", patron, lambda facts, act: decide.refund(facts, act, **terms), by, why, override)

    def void(
        self, *, patron: str, line: str, why: str, by: str = "desk", override: Override | None = None
    ) -> Decision[Receipt]:
        """Undo a line of the account that should never have been; nothing is erased, a line against it is added.

        Refused: `line.unknown`, `line.already_voided`, `line.is_void`, `line.part_of_charge`, `line.shared`, and
        `line.refunded` while a refund rests on it.
        """
        terms: dict[str, Any] = {"line": AccountLineId(line), "ids": self.shell.ids}
        return self.act("void", patron, lambda facts, act: decide.void(facts, act, **terms), by, why, override)

    def balance(self, patron: str) -> Money:
        """What a patron owes; below zero when the library owes the patron."""
        reads = Reads(self.shell.storage)
        found = self.holders.patron_or_raise(reads, patron)
        standing = reads.get(Standing, found.id)
        return Money(0 if standing is None else standing.balance, self.book.currency)

    def open_charges(self, patron: str) -> list[OpenCharge]:
        """The charges with something still to pay, oldest first: `open` of their `amount`."""
        reads = Reads(self.shell.storage)
        return reads.find(OpenCharge, "by_patron", self.holders.patron_or_raise(reads, patron).id)

    def statement(self, patron: str) -> Statement:
        """The whole account, each line with the balance after it; it is printed in the patron's language."""
        reads = Reads(self.shell.storage)
        found = self.holders.patron_or_raise(reads, patron)
        lines = reads.find(AccountLine, "by_patron", found.id)
        words = printed(read_by(found.language, self.shell.words.language), self.book.calendar(self.library).zone_info)
        return statement(found.id, lines, currency=self.book.currency, zone=words.zone, say=words.report)
