"""Two towns live the same weeks; one keeps all history, the other forgets it: every answer and account is the same."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from libops.fees import AccountLine, LineKind
from libops.storage.rebuild import log_of, rebuilt, stored
from libops.testing.watched_town import ADA, BEN, BERLIN, BOOK, GIVEN_UP, OTHER, THIRD, Town

LENDING = ("check_out", "check_in", "branch", "hold", "cancel", "lost", "given_up", "claim")
MONEY = ("pay", "part", "credit", "use", "pay_out", "waive", "write_off", "void", "refund")
ACTS = st.tuples(
    st.sampled_from(LENDING + MONEY),
    st.sampled_from([ADA, ADA, BEN]),
    st.sampled_from([BOOK, OTHER, THIRD]),
    st.sampled_from([0, 0, 1, 8, 40]),
    st.integers(0, 20),
)


def told(line: AccountLine) -> tuple[Any, ...]:
    """What a statement tells of a line: forgotten or not, it is the same."""
    return line.at.astimezone(BERLIN).date(), line.kind.value, line.amount.amount, str(line.cause)


def lines_of(town: Town, card: str) -> list[AccountLine]:
    return sorted((row.line for row in town.ops.fees.statement(card).rows), key=told)


def lending(town: Town, act: str, card: str, label: str) -> Any:
    ops = town.ops
    if act == "check_out":
        return ops.circulation.check_out(patron=card, item=label)
    if act in ("check_in", "branch"):
        return ops.circulation.check_in(item=label, library="MAIN" if act == "check_in" else "EAST")
    if act == "hold":
        return ops.holds.place(patron=card, item=label)
    if act == "cancel":
        return next((ops.holds.cancel(hold.id, reason="not needed") for hold in ops.holds.of_patron(card)), None)
    if act == "given_up":
        return ops.losses.end(label, override=GIVEN_UP)
    return ops.losses.declare_lost(label) if act == "lost" else ops.losses.claim_returned(label)


def money(town: Town, act: str, card: str, number: int) -> Any:
    fees = town.ops.fees
    owed = fees.balance(card)
    if act in ("pay", "part"):
        amount = owed.amount // (2 if act == "part" else 1)
        return fees.pay(patron=card, amount=type(owed)(amount, "EUR"), payer="Aunt") if amount > 0 else None
    if act in ("credit", "pay_out"):
        asked = {"why": "goodwill"} if act == "credit" else {}
        return getattr(fees, act)(patron=card, amount="0.70 EUR", **asked)
    if act == "use":
        return fees.use_credit(patron=card)
    if act in ("waive", "write_off"):
        return getattr(fees, act)(patron=card, why="goodwill", amount="0.30 EUR")
    lines = [line for line in lines_of(town, card) if act == "void" or line.kind is LineKind.CHARGE]
    keys = [told(line) for line in lines]
    if not lines or keys.count(keys[number % len(keys)]) > 1:  # which of two alike is meant nobody can say
        return None
    line = lines[number % len(lines)].id
    if act == "void":
        return fees.void(patron=card, line=line, why="an error")
    return fees.refund(patron=card, charge=line, why="an error")


def answered(town: Town, act: str, card: str, label: str, number: int) -> Any:
    """The codes of the answer, a minute after the last."""
    town.clock.forward(minutes=1)
    answer = lending(town, act, card, label) if act in LENDING else money(town, act, card, number)
    return None if answer is None else bool(answer) or sorted(reason.code for reason in answer.reasons)


def accounts(town: Town) -> list[Any]:
    """What the desk sees of both readers: the counters, and what is written on and open of their accounts."""
    ops = town.ops
    return [
        (
            ops.patrons.standing(card),
            [told(line) for line in lines_of(town, card)],
            sorted((charge.open.amount, str(charge.cause)) for charge in ops.fees.open_charges(card)),
        )
        for card in (ADA, BEN)
    ]


@given(keep=st.sampled_from(["until-return", "never"]), story=st.lists(ACTS, min_size=4, max_size=16))
def test_who_forgets_answers_as_who_keeps_all(keep, story) -> None:
    """Charges told anew are paid, voided and refunded as before; after each night the log gives every record."""
    keeping, forgetting = Town("always"), Town(keep)
    for act, card, label, days, number in story:
        answers = [answered(town, act, card, label, number) for town in (keeping, forgetting)]
        assert answers[0] == answers[1]
        if days:
            for town in (keeping, forgetting):
                town.clock.forward(days=days - 1)
                town.night()
            forgetting.clock.at = keeping.clock.at
            assert stored(forgetting.ops.storage) == rebuilt(log_of(forgetting.ops.storage))
        assert accounts(keeping) == accounts(forgetting)
