"""The account at the desk: every entry there is, and the options of `accounts` that tell libraries apart."""

from __future__ import annotations

import pytest

ADA = "21234000000017"


def charged(here, *amounts: str) -> list[str]:
    """Charges of these amounts, one a minute, and their identifiers."""
    for amount in amounts:
        assert here.ops.fees.charge(patron=ADA, amount=amount, note="photocopies")
        here.clock.forward(minutes=1)
    return [charge.id for charge in here.ops.fees.open_charges(ADA)]


def test_every_entry_of_the_ledger_can_be_made_at_the_desk(town) -> None:
    """Charge, payment, waiver, write-off, transfer, credit, payout, refund, void: the balance after each."""
    here = town()
    fees, balances = here.ops.fees, []
    one, two, three = charged(here, "4.00 EUR", "3.00 EUR", "2.00 EUR")
    acts = (
        lambda: fees.pay(patron=ADA, amount="4.00 EUR", charges=[one]),
        lambda: fees.waive(patron=ADA, amount="1.00 EUR", charges=[two], why="hardship"),
        lambda: fees.write_off(patron=ADA, charges=[two], why="years ago"),
        lambda: fees.transfer(patron=ADA, to="bursar", charges=[three], why="end of term"),
        lambda: fees.refund(patron=ADA, charge=one, amount="1.50 EUR", why="copies were blank"),
        lambda: fees.pay_out(patron=ADA, amount="1.50 EUR"),
        lambda: fees.credit(patron=ADA, amount="5.00 EUR", why="prize"),
        lambda: fees.void(patron=ADA, line=fees.statement(ADA).rows[-1].line.id, why="wrong patron"),
    )
    for act in acts:
        answer = act()
        assert answer, answer
        balances.append(here.owed())
    euros = ("5.00", "4.00", "2.00", "0.00", "-1.50", "0.00", "-5.00", "0.00")
    assert [f"{each} EUR" for each in euros] == balances


@pytest.mark.parametrize(("order", "left"), [("oldest-first", ["3.00 EUR"]), ("by-cause", ["2.00 EUR", "1.00 EUR"])])
def test_which_charge_a_payment_settles_first(town, order, left) -> None:
    """`accounts.allocation`: the oldest, or the causes that the library names."""
    here = town(accounts={"allocation": order, "causes_first": ["hold"]})
    for amount, cause in (("2.00 EUR", "other"), ("4.00 EUR", "hold")):
        from libops.fees.model import Cause

        assert here.ops.fees.charge(patron=ADA, amount=amount, cause=Cause(cause))
        here.clock.forward(minutes=1)
    assert here.ops.fees.pay(patron=ADA, amount="3.00 EUR")
    assert left == [str(charge.open) for charge in here.ops.fees.open_charges(ADA)]


@pytest.mark.parametrize(("option", "owed"), [("refused", "2.00 EUR"), ("kept-as-credit", "-3.00 EUR")])
def test_paying_more_than_is_open(town, option, owed) -> None:
    """`accounts.overpayment`."""
    here = town(accounts={"overpayment": option})
    charged(here, "2.00 EUR")
    here.ops.fees.pay(patron=ADA, amount="5.00 EUR")
    assert owed == here.owed()


@pytest.mark.parametrize(("option", "owed"), [("account", "-2.00 EUR"), ("payer", "0.00 EUR")])
def test_where_a_refund_goes(town, option, owed) -> None:
    """`accounts.refund_to`: it stays on the account, or is paid out at once to whoever paid."""
    here = town(accounts={"refund_to": option})
    (charge,) = charged(here, "2.00 EUR")
    assert here.ops.fees.pay(patron=ADA, amount="2.00 EUR")
    assert here.ops.fees.refund(patron=ADA, charge=charge, why="copies were blank")
    assert owed == here.owed()


@pytest.mark.parametrize(
    ("accounts", "days", "allowed"),
    [
        ({"negative_balance": "negative-balance-allowed"}, 0, True),
        ({"negative_balance": "no-negative-balance"}, 0, False),
        ({"negative_balance": "no-negative-balance-by-charge-kind", "never_negative_for": ["other"]}, 0, False),
        ({"negative_balance": "no-negative-balance-by-charge-kind", "never_negative_for": ["hold"]}, 0, True),
        ({"negative_balance": "negative-balance-within-interval", "negative_within": "7 days"}, 6, True),
        ({"negative_balance": "negative-balance-within-interval", "negative_within": "7 days"}, 8, False),
    ],
)
def test_whether_a_patron_may_end_with_a_credit(town, accounts, days, allowed) -> None:
    """`accounts.negative_balance`, when a paid charge is given back some days later."""
    here = town(accounts=accounts)
    (charge,) = charged(here, "2.00 EUR")
    assert here.ops.fees.pay(patron=ADA, amount="2.00 EUR")
    here.clock.forward(days=days)
    assert allowed is bool(here.ops.fees.refund(patron=ADA, charge=charge, why="copies were blank"))
    assert ("-2.00 EUR" if allowed else "0.00 EUR") == here.owed()


@pytest.mark.parametrize(("spend", "left"), [(True, []), (False, ["2.00 EUR"])])
def test_a_new_charge_and_credit_there_is(town, spend, left) -> None:
    """`accounts.spend_credit`; where it is not spent at once, the desk may."""
    here = town(accounts={"spend_credit": spend})
    assert here.ops.fees.credit(patron=ADA, amount="2.00 EUR", why="prize")
    charged(here, "2.00 EUR")
    assert left == [str(charge.open) for charge in here.ops.fees.open_charges(ADA)]
    if not spend:
        assert here.ops.fees.use_credit(patron=ADA)
        assert [] == here.ops.fees.open_charges(ADA)
