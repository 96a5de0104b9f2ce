"""What happened on patrons' accounts. Each event but one carries the account line that was written."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from libops.base.events import Event
from libops.base.ids import AccountLineId, LoanId, PatronId
from libops.fees.model import AccountLine, LineKind, OpenCharge, OpenCredit

__all__ = [
    "ChargeWaived",
    "ChargeWrittenOff",
    "Charged",
    "CreditGiven",
    "DebtTransferred",
    "FineCounted",
    "LineVoided",
    "LinesForgotten",
    "LineWritten",
    "PaidOut",
    "PaymentRefunded",
    "PaymentTaken",
    "line_written",
]


@frozen
class LineWritten(Event):
    """A line was added to a patron's account; the subclasses say which.

    `overridden` are the codes of reasons set aside for it, `override_by` and `override_why` who did so and why.
    """

    line: AccountLine
    overridden: tuple[str, ...] = ()
    override_by: str = ""
    override_why: str = ""

    @property
    def stream(self) -> str:
        """The patron's: all that happened on an account can be read alone."""
        return f"patron_id:{self.line.patron_id}"


@frozen
class Charged(LineWritten):
    """The patron was charged a fine or a fee."""


@frozen
class PaymentTaken(LineWritten):
    """Money was taken in."""


@frozen
class CreditGiven(LineWritten):
    """The patron was given a credit, or a charge was lowered."""


@frozen
class ChargeWaived(LineWritten):
    """A charge was forgiven in whole or part."""


@frozen
class ChargeWrittenOff(LineWritten):
    """A charge was given up as uncollectible in whole or part."""


@frozen
class PaymentRefunded(LineWritten):
    """What was paid for a charge went back to whoever paid it."""


@frozen
class PaidOut(LineWritten):
    """Credit was handed out as money."""


@frozen
class DebtTransferred(LineWritten):
    """Debt was moved to an account outside, or between two patrons (one event for each of them)."""


@frozen
class LineVoided(LineWritten):
    """A line was undone because it should never have been."""


@frozen
class FineCounted(Event):
    """The overdue fine of a loan was counted anew: `total` minor units for the time after `period` renewals.

    `charge` is the line that carries it, `lines` how many lines the loan's fines have used in all.
    """

    about: ClassVar[str] = "patron_id"

    loan_id: LoanId
    patron_id: PatronId
    period: int
    total: int
    lines: int
    charge: AccountLineId | None


@frozen
class LinesForgotten(Event):
    """Lines of an account no longer say what they were for: told anew as they stand, with what is open of them.

    Lines that were settled together with them are told anew beside them.
    """

    about: ClassVar[str] = "patron_id"

    patron_id: PatronId
    lines: tuple[AccountLine, ...]
    charges: tuple[OpenCharge, ...] = ()
    credits: tuple[OpenCredit, ...] = ()


EVENT_OF: dict[LineKind, type[LineWritten]] = {
    LineKind.CHARGE: Charged,
    LineKind.PAYMENT: PaymentTaken,
    LineKind.CREDIT: CreditGiven,
    LineKind.WAIVER: ChargeWaived,
    LineKind.WRITE_OFF: ChargeWrittenOff,
    LineKind.REFUND: PaymentRefunded,
    LineKind.PAYOUT: PaidOut,
    LineKind.TRANSFER: DebtTransferred,
    LineKind.VOID: LineVoided,
}


def line_written(
    line: AccountLine, overridden: tuple[str, ...] = (), override_by: str = "", override_why: str = ""
) -> LineWritten:
    """The event that says this line was written, by the line's kind."""
    return EVENT_OF[line.kind](line.at, line.by, line, overridden, override_by, override_why)
