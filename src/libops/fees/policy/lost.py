"""What a lost item costs, and what goes back when it returns."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.base.money import Money
from libops.base.periods import Period

__all__ = [
    "LoanAfterLoss",
    "LossCause",
    "LossEnd",
    "LostCost",
    "LostPolicy",
    "LostRefund",
    "OverdueOnLostReturn",
    "OverdueWhenLost",
    "ProcessingFeeOnReturn",
    "RefundClock",
]


class LossCause(Enum):
    """How the item came to be lost."""

    DECLARED = "declared-lost"
    """The patron or the staff said so."""
    AGED = "aged-to-lost"
    """It was overdue for too long."""


class LostCost(Enum):
    """What is charged for the item itself."""

    NOTHING = "nothing"
    SET_AMOUNT = "set-amount"
    """`LostPolicy.set_amount`, whatever the item cost."""
    PRICE = "price"
    """The item's replacement price, or the default price of its type where it has none."""
    ACTUAL_COST = "actual-cost"
    """Nothing yet: staff bill the real cost when they know it (FOLIO)."""


class OverdueWhenLost(Enum):
    """The overdue fine counted before the loss."""

    KEPT = "overdue-kept-when-lost"
    DROPPED = "overdue-dropped-when-lost"
    """What is open of it is forgiven (Koha's WhenLostForgiveFine)."""


class LostRefund(Enum):
    """What a return does to the charge for the lost item (F1)."""

    NONE = "lost-return-none"
    FULL = "lost-return-refund"
    """The open part is taken off and what was paid goes back."""
    UNPAID_PART = "lost-return-refund-unpaid-part"
    """The open part is taken off; what was paid stays paid."""


class RefundClock(Enum):
    """What `LostPolicy.refund_within` runs from (F1, F3)."""

    LOSS = "within-period-of-loss"
    """Later, nothing is taken off nor goes back."""
    PAYMENT = "within-period-of-payment"
    """Later, that payment does not go back; the open part is taken off at any time."""


class ProcessingFeeOnReturn(Enum):
    """The processing fee when the item comes back (F2)."""

    KEPT = "processing-fee-kept"
    REFUNDED = "processing-fee-refunded"
    """By the same rule as the item's charge."""


class OverdueOnLostReturn(Enum):
    """The overdue fine when the item comes back (F1)."""

    NOTHING = "lost-return-leaves-overdue"
    RESTORED = "lost-return-restores-overdue"
    """What was dropped at the loss is owed again."""
    RECOMPUTED = "lost-return-charges-new-overdue"
    """The fine is counted up to the return."""


class LoanAfterLoss(Enum):
    """Whether the loss ends the loan (F5)."""

    CLOSED = "lost-closes-loan"
    OPEN_UNTIL_SETTLED = "lost-keeps-loan-open"
    """Until nothing is open of the charges for the loss."""


class LossEnd(Enum):
    """When the loss itself is over, so that the library waits for the item no more (F9): all is settled, and ..."""

    WITH_RETURN = "loss-ends-with-return"
    """... the item came back: until then it is remembered who lost it."""
    NOTHING_BACK = "loss-ends-when-nothing-goes-back"
    """... the time is over in which a return would give anything back."""
    WITHDRAWN = "loss-ends-when-withdrawn"
    """... as above, or the item has been withdrawn: what a return would have given back stays with the library."""


@frozen(kw_only=True)
class LostPolicy:
    """The terms of a loss. `processing_fees` holds a fee per cause; a cause that is not named costs none.

    `refund_within` None is no limit of time; its last instant still refunds (F7). `close_if_nothing_charged` ends the
    loan of a lost item that costs nothing, whatever `loan` says. `aged_after` is how long after its due date an item
    counts as lost by itself (None: never), `billed_after` how long after that it is charged (None: at once); recalled
    loans may have times of their own. `ends` says when the loss is over without a return; from then on it counts
    against nobody, and an item that does come back is found and gives nothing back.
    """

    cost: LostCost = LostCost.PRICE
    set_amount: Money | None = None
    processing_fees: Mapping[LossCause, Money] = field(factory=dict)
    overdue_when_lost: OverdueWhenLost = OverdueWhenLost.KEPT
    refund: LostRefund = LostRefund.FULL
    refund_within: Period | None = None
    refund_clock: RefundClock = RefundClock.LOSS
    processing_on_return: ProcessingFeeOnReturn = ProcessingFeeOnReturn.REFUNDED
    overdue_on_return: OverdueOnLostReturn = OverdueOnLostReturn.NOTHING
    loan: LoanAfterLoss = LoanAfterLoss.OPEN_UNTIL_SETTLED
    close_if_nothing_charged: bool = True
    ends: LossEnd = LossEnd.NOTHING_BACK
    aged_after: Period | None = None
    aged_after_recalled: Period | None = None
    billed_after: Period | None = None
    billed_after_recalled: Period | None = None

    def __attrs_post_init__(self) -> None:
        if self.cost is LostCost.SET_AMOUNT and self.set_amount is None:
            raise InvalidValue("cost is 'set-amount' and set_amount is None: give the amount, such as '20.00 EUR'")
        for money in (self.set_amount, *self.processing_fees.values()):
            if money is not None and money.amount < 0:
                raise InvalidValue(f"a lost item cannot cost {money}: give 0 or more")
