"""Acts on an account: each takes the facts and the act, and answers with the events to write or the reasons why not."""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
    from libops.fees.decide.entries import charge, credit, pay, pay_out, use_credit
    from libops.fees.decide.facts import AccountFacts, AccountPlan, Act
    from libops.fees.decide.fines import FineFacts, count_fine
    from libops.fees.decide.forgive import transfer_outside, transfer_to_patron, waive, write_off
    from libops.fees.decide.losses import (
        Loss,
        LostCharges,
        NewFine,
        bill_actual_cost,
        charge_loss,
        gives_back,
        loan_ends,
        lost_charges,
        return_lost,
        taken_over,
    )
    from libops.fees.decide.refunds import refund
    from libops.fees.decide.reminders import charge_reminders
    from libops.fees.decide.voids import void
else:
    __getattr__ = offering(
        __name__,
        "entries",
        "facts",
        "fines",
        "forgive",
        "losses",
        "refunds",
        "reminders",
        "voids",
    )

__all__ = [
    "AccountFacts",
    "AccountPlan",
    "Act",
    "FineFacts",
    "Loss",
    "LostCharges",
    "NewFine",
    "bill_actual_cost",
    "charge",
    "charge_loss",
    "charge_reminders",
    "count_fine",
    "credit",
    "gives_back",
    "loan_ends",
    "lost_charges",
    "pay",
    "pay_out",
    "refund",
    "return_lost",
    "taken_over",
    "transfer_outside",
    "transfer_to_patron",
    "void",
    "use_credit",
    "waive",
    "write_off",
]
