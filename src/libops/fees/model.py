"""The patron's account: lines that are only ever added, and what is still open of them.

A line moves the balance: up when the patron owes more (a charge, a payout), down when less (a payment, a waiver).
Its allocations say which credit pays which charge. What is left of a line is kept as an `OpenCharge` or an
`OpenCredit`, so that the desk finds a patron's open charges without reading the whole account; at every moment

    balance = sum of all lines = sum of open charges - sum of open credits.

Amounts of lines are signed; open amounts and allocations are above zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum

from attrs import frozen

from libops.base.errors import InvalidValue
from libops.base.ids import AccountLineId, ItemId, LibraryCode, LoanId, PatronId
from libops.base.money import Money

__all__ = [
    "AccountLine",
    "Allocation",
    "Cause",
    "LineKind",
    "LoanFine",
    "OpenCharge",
    "OpenCredit",
    "PAID_KINDS",
]


class LineKind(Enum):
    """What an account line does."""

    CHARGE = "charge"
    """A fine or a fee; with `of`, an amount added to an earlier charge."""
    PAYMENT = "payment"
    """Money taken in."""
    CREDIT = "credit"
    """An amount in the patron's favor that is no money taken in; with `of`, it lowers that charge for good."""
    WAIVER = "waiver"
    """A charge, or part of it, forgiven."""
    WRITE_OFF = "write-off"
    """A charge, or part of it, given up as uncollectible."""
    REFUND = "refund"
    """What was paid for the charge `of` goes back to whoever paid it, as a credit."""
    PAYOUT = "payout"
    """Credit handed out as money."""
    TRANSFER = "transfer"
    """Debt moved: to an account outside the library (`payer`) or between two patrons (`other_patron`)."""
    VOID = "void"
    """The line `of` should never have been: it is undone, and what it was settled with is free again."""


DEBITS = frozenset({LineKind.CHARGE, LineKind.PAYOUT})
CREDITS = frozenset({LineKind.PAYMENT, LineKind.CREDIT, LineKind.WAIVER, LineKind.WRITE_OFF, LineKind.REFUND})
PAID_KINDS = frozenset({LineKind.PAYMENT, LineKind.REFUND, LineKind.TRANSFER})
"""The credits that stand for money: only what they settled can be refunded."""


class Cause(Enum):
    """What a charge is for."""

    OVERDUE = "overdue"
    REMINDER = "reminder"
    LOST_ITEM = "lost-item"
    LOST_PROCESSING = "lost-processing"
    DAMAGE = "damage"
    RENTAL = "rental"
    DEPOSIT = "deposit"
    HOLD = "hold"
    HOLD_NOT_COLLECTED = "hold-not-collected"
    MEMBERSHIP = "membership"
    CARD = "card"
    BOOKING = "booking"
    PRINTING = "printing"
    ILL = "ill"
    PROGRAM = "program"
    OTHER = "other"


@frozen
class Allocation:
    """So many minor units of a credit line settle a charge line (or are paid out by a payout line)."""

    charge: AccountLineId
    credit: AccountLineId
    amount: int

    def __attrs_post_init__(self) -> None:
        if type(self.amount) is not int or self.amount <= 0:
            raise InvalidValue(f"{self.amount!r} minor units cannot be allocated: an allocation is above zero")


@frozen(weakref_slot=False)
class AccountLine:
    """One entry of a patron's account; it is written once and never changed, but to be forgotten.

    `id` holds until the loan, hold or booking that the line is about is forgotten: then it is told anew under another
    one, and nothing leads from the old to the new.

    `amount` is signed as it moves the balance. `allocations` are made by this line, `undone` are earlier ones that it
    takes back (voids only). `of` is the line it adds to, lowers, refunds or voids. `payer` is who paid or is repaid,
    empty for the patron. `other_patron` is whose account debt went to or came from: None where no other account had a
    part in it, blank once it is forgotten whose. `method` is how money changed hands.

    Raises `InvalidValue` when the sign does not fit the kind or more is allocated than it holds.
    """

    id: AccountLineId
    patron_id: PatronId
    at: datetime
    by: str
    kind: LineKind
    amount: Money
    cause: Cause | None = None
    allocations: tuple[Allocation, ...] = ()
    undone: tuple[Allocation, ...] = ()
    of: AccountLineId | None = None
    loan_id: LoanId | None = None
    item_id: ItemId | None = None
    library: LibraryCode | None = None
    payer: str = ""
    other_patron: PatronId | None = None
    method: str = ""
    note: str = ""

    def __attrs_post_init__(self) -> None:
        amount, kind = self.amount.amount, self.kind
        if amount == 0 or (amount < 0 and kind in DEBITS) or (amount > 0 and kind in CREDITS):
            side = "above" if kind in DEBITS else "below" if kind in CREDITS else "above or below"
            raise InvalidValue(f"a {kind.value} of {self.amount}: it must be {side} zero")
        if _sum(self.allocations) > abs(amount):
            raise InvalidValue(
                f"a {kind.value} of {self.amount} allocates {_sum(self.allocations)} minor units: at most its amount"
            )

    @property
    def account_id(self) -> AccountLineId:
        """The charge or credit that this line's amount belongs to: its own, or the charge that it adds to."""
        return self.of if self.kind is LineKind.CHARGE and self.of is not None else self.id

    @property
    def moves(self) -> tuple[dict[AccountLineId, int], dict[AccountLineId, int]]:
        """By how many minor units this line changes what is open of each charge, and of each credit."""
        charges: dict[AccountLineId, int] = {}
        credits: dict[AccountLineId, int] = {}
        amount = self.amount.amount
        (charges if amount > 0 else credits)[self.account_id] = abs(amount)
        for sign, allocations in ((-1, self.allocations), (1, self.undone)):
            for part in allocations:
                charges[part.charge] = charges.get(part.charge, 0) + sign * part.amount
                credits[part.credit] = credits.get(part.credit, 0) + sign * part.amount
        return charges, credits


@frozen(weakref_slot=False)
class OpenCharge:
    """What is still owed of a charge; gone when it is settled. Keyed by the charge's line."""

    id: AccountLineId
    patron_id: PatronId
    open: Money
    cause: Cause | None
    since: datetime
    loan_id: LoanId | None = None
    item_id: ItemId | None = None
    library: LibraryCode | None = None

    @classmethod
    def of(cls, line: AccountLine, amount: int) -> OpenCharge:
        """So many minor units open of what this line charged."""
        left = _open(line.account_id, amount, line.amount.currency)
        return cls(line.account_id, line.patron_id, left, line.cause, line.at, line.loan_id, line.item_id, line.library)

    def moved(self, by: int) -> OpenCharge:
        """The same charge with so many minor units more (or less) open."""
        left = _open(self.id, self.open.amount + by, self.open.currency)
        return OpenCharge(
            self.id, self.patron_id, left, self.cause, self.since, self.loan_id, self.item_id, self.library
        )


@frozen
class OpenCredit:
    """What is left of a payment, credit or refund; gone when it is spent. Keyed by the credit's line."""

    id: AccountLineId
    patron_id: PatronId
    open: Money
    kind: LineKind
    since: datetime
    payer: str = ""

    @classmethod
    def of(cls, line: AccountLine, amount: int) -> OpenCredit:
        """So many minor units left of this credit line."""
        left = _open(line.id, amount, line.amount.currency)
        return cls(line.id, line.patron_id, left, line.kind, line.at, line.payer)

    def moved(self, by: int) -> OpenCredit:
        """The same credit with so many minor units more (or less) left."""
        left = _open(self.id, self.open.amount + by, self.open.currency)
        return OpenCredit(self.id, self.patron_id, left, self.kind, self.since, self.payer)


@frozen(weakref_slot=False)
class LoanFine:
    """How much overdue fine a loan has been charged, so that counting it twice charges it once.

    `period` is the number of renewals before the overdue time: each renewal closes the fine before it. `total` is the
    fine of this period in minor units as last counted, `charge` the line that carries it (None while it is zero),
    `lines` how many lines were written for the loan in all. Keyed by the loan.
    """

    loan_id: LoanId
    patron_id: PatronId
    period: int
    total: int
    lines: int
    charge: AccountLineId | None


def _open(key: AccountLineId, amount: int, currency: str) -> Money:
    if amount < 0:
        raise InvalidValue(f"line {key!r} would be settled by {-amount} minor units more than it holds")
    return Money(amount, currency)


def _sum(allocations: Iterable[Allocation]) -> int:
    return sum(allocation.amount for allocation in allocations)
