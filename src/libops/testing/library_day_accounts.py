"""The part of a library day that is about patron accounts: fees by hand, payments, and charges that move."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from libops.base.decisions import Permit, Refuse
from libops.base.money import Money
from libops.desk.operations import Operations
from libops.testing.library_day_holds import CARDS

__all__ = ["AccountRules"]

AMOUNTS = st.integers(1, 600)


class AccountRules:
    """What a desk does about accounts, for a state machine with `ops`."""

    ops: Operations

    def heed(self, answer: Any) -> Any:
        """Count the reasons of an answer."""
        raise NotImplementedError

    @rule(card=CARDS, amount=AMOUNTS)
    def charge(self, card: str, amount: int) -> None:
        """A fee by hand."""
        assert self.ops.fees.charge(patron=card, amount=Money(amount, "EUR"))

    @rule(card=CARDS, amount=AMOUNTS)
    def pay(self, card: str, amount: int) -> None:
        """Pay a part, or more than is owed."""
        self.heed(self.ops.fees.pay(patron=card, amount=Money(amount, "EUR")))

    @rule(card=CARDS, amount=AMOUNTS)
    def waive(self, card: str, amount: int) -> None:
        """Forgive."""
        self.heed(self.ops.fees.waive(patron=card, amount=Money(amount, "EUR"), why="hardship"))

    @rule(card=CARDS, other=CARDS, pick=st.integers(0, 3), amount=st.none() | AMOUNTS)
    def hand_over(self, card: str, other: str, pick: int, amount: int | None) -> None:
        """Somebody takes a charge over, or a part of it; together the two owe what they owed, as previewed."""
        fees, charges = self.ops.fees, self.ops.fees.open_charges(card)
        if not charges:
            return
        asked: dict[str, Any] = {
            "patron": card,
            "charge": charges[pick % len(charges)].id,
            "to": other,
            "why": "family",
        }
        money = None if amount is None else Money(amount, "EUR")
        before = fees.balance(card) + fees.balance(other)
        foreseen = fees.preview_transfer_to_patron(**asked, amount=money)
        done = self.heed(fees.transfer_to_patron(**asked, amount=money))
        if isinstance(foreseen, Permit) and isinstance(done, Permit):
            assert foreseen.result.balance == done.result.balance
        else:
            assert isinstance(foreseen, Refuse)
            assert foreseen.reasons == done.reasons
        assert before == fees.balance(card) + fees.balance(other)
