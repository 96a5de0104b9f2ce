"""Why an act on a patron's account is refused."""

from __future__ import annotations

from libops.base.decisions import ReasonCode, Weight

__all__ = [
    "AMOUNT_NOT_POSITIVE",
    "BALANCE_WOULD_BE_NEGATIVE",
    "CHARGE_NOT_OPEN",
    "CHARGE_OPEN_LESS",
    "CREDIT_INSUFFICIENT",
    "CURRENCY_MISMATCH",
    "LINE_ALREADY_VOIDED",
    "LINE_IS_VOID",
    "LINE_PART_OF_CHARGE",
    "LINE_REFUNDED",
    "LINE_SHARED",
    "LINE_UNKNOWN",
    "PAYMENT_EXCEEDS_DEBT",
    "REFUND_EXCEEDS_PAID",
    "TRANSFER_TO_SAME_PATRON",
]

AMOUNT_NOT_POSITIVE = ReasonCode("amount.not_positive", Weight.ABSOLUTE)
"""The amount is zero or below."""
CURRENCY_MISMATCH = ReasonCode("account.currency_mismatch", Weight.ABSOLUTE)
"""The amount is in another currency than the account."""
CHARGE_NOT_OPEN = ReasonCode("charge.not_open", Weight.ABSOLUTE)
"""Nothing is open of the charge: it is settled, void, not on this account, or its loan was forgotten and it goes by
another identifier."""
CHARGE_OPEN_LESS = ReasonCode("charge.open_less", Weight.ABSOLUTE)
"""Less is open than is to be waived, written off or transferred."""
PAYMENT_EXCEEDS_DEBT = ReasonCode("payment.exceeds_debt", Weight.ABSOLUTE)
"""More is paid than is open, and the library keeps no credit."""
BALANCE_WOULD_BE_NEGATIVE = ReasonCode("balance.would_be_negative", Weight.OVERRIDABLE, "fees.negative_balance")
"""The library would end up owing the patron, which its policy does not allow here."""
REFUND_EXCEEDS_PAID = ReasonCode("refund.exceeds_paid", Weight.ABSOLUTE)
"""More is to be refunded than was paid for the charge and not refunded yet."""
CREDIT_INSUFFICIENT = ReasonCode("credit.insufficient", Weight.ABSOLUTE)
"""The patron has less credit than is to be paid out."""
TRANSFER_TO_SAME_PATRON = ReasonCode("transfer.to_same_patron", Weight.ABSOLUTE)
"""The debt is to move to the account it is on."""
LINE_UNKNOWN = ReasonCode("line.unknown", Weight.ABSOLUTE)
"""The account has no line of that identifier. Lines of forgotten loans have new ones; nothing leads from the old."""
LINE_ALREADY_VOIDED = ReasonCode("line.already_voided", Weight.ABSOLUTE)
"""The line was voided before."""
LINE_IS_VOID = ReasonCode("line.is_void", Weight.ABSOLUTE)
"""A void cannot be voided: write the line anew."""
LINE_PART_OF_CHARGE = ReasonCode("line.part_of_charge", Weight.ABSOLUTE)
"""The line only adds to a charge: void that charge, or lower it by a credit."""
LINE_REFUNDED = ReasonCode("line.refunded", Weight.ABSOLUTE)
"""A refund rests on this line: void the refund first."""
LINE_SHARED = ReasonCode("line.shared", Weight.ABSOLUTE)
"""The line moved debt between two accounts: transfer it back."""
