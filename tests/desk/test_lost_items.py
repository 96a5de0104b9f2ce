"""Items that do not come back, at the desk: what is charged, what a return gives back, what becomes of the loan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

import libops
from libops.base.decisions import Override, Permit, ReasonCode, Weight
from libops.base.periods import Period
from libops.circulation.decide.losses import aging_times
from libops.circulation.decide.returns import fine_of
from libops.circulation.model import ClaimResolution, ClosedLoan, Closing, Loan
from libops.desk.settings.loading import default_settings
from libops.desk.shell import Errand
from libops.fees.decide.facts import Act
from libops.fees.decide.fines import FineFacts, count_fine
from libops.fees.policy import LostPolicy
from libops.hooks import hookimpl
from libops.hooks.specs.policy import OnFailure, PolicyCheck
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.sample_library import sample_library

ADA, BOOK = "21234000000017", "31234000000014"
NOON = datetime(2026, 4, 4, 11, tzinfo=UTC)


class Town:
    """The sample library with one policy for losses; Ada has a book of 18.00 out, due on 31 March."""

    def __init__(self, **lost) -> None:
        plain = default_settings().canonical()
        plain["lost_policies"]["replacement"] = {"processing_fees": {"declared-lost": "5.00 EUR"}, **lost}
        self.clock = FrozenClock()
        self.ops = libops.open(settings=plain, clock=self.clock, ids=CountingIds())
        sample_library(self.ops)
        assert self.ops.items.change(BOOK, price=libops.Money.parse("18.00 EUR"))
        assert self.ops.circulation.check_out(patron=ADA, item=BOOK)

    @property
    def owed(self) -> str:
        """Ada's balance."""
        return str(self.ops.fees.balance(ADA))

    def lose(self):
        """Ada says that she lost it."""
        answer = self.ops.losses.declare_lost(BOOK)
        assert answer, answer
        return answer.result

    def give_back(self):
        """It comes back; then the log alone still gives every record."""
        answer = self.ops.circulation.check_in(item=BOOK)
        assert answer, answer
        assert stored(self.ops.storage) == rebuilt(log_of(self.ops.storage))
        assert None is self.ops.losses.lost_item(BOOK)
        return answer

    def loans(self) -> list[Loan]:
        """The open loans."""
        return list(every(self.ops.storage, kind_of(Loan)))


def codes(answer) -> list[str]:
    """The codes of a refusal."""
    return [reason.code for reason in answer.reasons]


# --- the charge -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "owed"),
    [
        ({"cost": "price"}, "23.00 EUR"),
        ({"cost": "set-amount", "set_amount": "40.00 EUR"}, "45.00 EUR"),
        ({"cost": "nothing"}, "5.00 EUR"),
        ({"cost": "actual-cost"}, "5.00 EUR"),
        ({"processing_fees": {"aged-to-lost": "9.00 EUR"}}, "18.00 EUR"),
    ],
)
def test_what_a_loss_costs(policy, owed: str) -> None:
    """`cost` and `processing_fees`: the price, a set amount, nothing, or the real cost later; a fee by cause."""
    town = Town(**policy)
    town.lose()
    assert owed == town.owed
    assert 1 == town.ops.patrons.standing(ADA).lost


def test_the_real_cost_is_billed_when_it_is_known() -> None:
    """`actual-cost`: 21.35 for the new copy; billed a second time, nothing is added."""
    town = Town(cost="actual-cost")
    town.lose()
    assert town.ops.losses.bill(BOOK, cost="21.35 EUR")
    assert town.ops.losses.bill(BOOK, cost="21.35 EUR")
    assert "26.35 EUR" == town.owed


def test_a_loss_is_charged_once() -> None:
    """Item and fee, each by name; the second time that is told; an item at home was lost by nobody."""
    town = Town()
    charged = town.lose().charged
    assert [("lost-item", "18.00 EUR"), ("lost-processing", "5.00 EUR")] == [(why, str(cost)) for why, cost in charged]
    assert ["loss.already_lost"] == codes(town.ops.losses.declare_lost(BOOK))
    assert ["loss.not_on_loan"] == codes(town.ops.losses.declare_lost("31234000000022"))
    assert ["loss.not_lost"] == codes(town.ops.losses.bill("31234000000022"))


@pytest.mark.parametrize(
    ("option", "owed"), [("overdue-kept-when-lost", "23.75 EUR"), ("overdue-dropped-when-lost", "23.00 EUR")]
)
def test_the_fine_so_far_is_kept_or_dropped(option: str, owed: str) -> None:
    """`overdue_when_lost`: three open days late, the fine of 0.75 stands, or is not asked for."""
    town = Town(overdue_when_lost=option)
    town.clock.forward(days=31)
    town.lose()
    assert owed == town.owed


# --- the loan ---------------------------------------------------------------------------------------------------------


def test_a_loss_ends_the_loan_or_keeps_it_open() -> None:
    """F5, `loan`: Koha may end it at once; FOLIO keeps it until the charges are settled."""
    ended = Town(loan="lost-closes-loan")
    ended.lose()
    assert [] == ended.loans()
    assert [Closing.LOST_AND_SETTLED] == [old.closing for old in every(ended.ops.storage, kind_of(ClosedLoan))]
    assert ended.ops.items.get(BOOK).missing_since is not None
    kept = Town(loan="lost-keeps-loan-open")
    kept.lose()
    assert 1 == len(kept.loans())


def test_a_loan_kept_open_ends_when_all_is_paid() -> None:
    """F5: 23.00 paid, the next run ends it; before that it says what is open."""
    town = Town()
    town.lose()
    assert ["loss.not_settled"] == codes(town.ops.losses.settle(BOOK))
    assert town.ops.fees.pay(patron=ADA, amount="23.00 EUR")
    assert 1 == town.ops.loan_sweeps.bill_losses().done
    assert [] == town.loans()
    assert 0 == town.ops.loan_sweeps.bill_losses().done
    assert stored(town.ops.storage) == rebuilt(log_of(town.ops.storage))


def test_a_loss_that_costs_nothing_may_end_the_loan() -> None:
    """`close_if_nothing_charged`."""
    for option, left in [(True, 0), (False, 1)]:
        town = Town(cost="nothing", processing_fees={}, close_if_nothing_charged=option)
        town.lose()
        assert left == len(town.loans())


# --- the return -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("refund", "paid", "owed"),
    [
        ("lost-return-none", None, "23.00 EUR"),
        ("lost-return-refund", None, "0.00 EUR"),
        ("lost-return-refund", "23.00 EUR", "-23.00 EUR"),
        ("lost-return-refund-unpaid-part", "10.00 EUR", "-0.00 EUR"),
        ("lost-return-refund-unpaid-part", "23.00 EUR", "0.00 EUR"),
    ],
)
def test_what_goes_back_when_a_lost_item_returns(refund: str, paid: str | None, owed: str) -> None:
    """F1, `refund`: nothing, all of it, or only what is still open."""
    town = Town(refund=refund)
    town.lose()
    if paid is not None:
        assert town.ops.fees.pay(patron=ADA, amount=paid)
    answer = town.give_back()
    assert owed.replace("-0.00", "0.00") == town.owed
    assert "item.was_lost" in [reason.code for reason in answer.alerts]
    assert ([], 0) == (town.loans(), town.ops.patrons.standing(ADA).lost)


def test_the_processing_fee_is_kept_or_goes_back() -> None:
    """F2, `processing_on_return`."""
    for option, owed in [("processing-fee-kept", "5.00 EUR"), ("processing-fee-refunded", "0.00 EUR")]:
        town = Town(processing_on_return=option)
        town.lose()
        town.give_back()
        assert owed == town.owed


@pytest.mark.parametrize(("late", "owed"), [(timedelta(0), "0.00 EUR"), (timedelta(seconds=1), "23.00 EUR")])
def test_the_last_instant_of_the_period_still_refunds(late: timedelta, owed: str) -> None:
    """F7, `refund_within`: thirty days after the loss to the second; one second later nothing goes back."""
    town = Town(refund_within="30 days", refund_clock="within-period-of-loss")
    lost_at = town.clock()
    town.lose()
    town.clock.at = lost_at + timedelta(days=30) + late - timedelta(hours=1)  # the clocks went forward in March
    town.give_back()
    assert owed == town.owed


def test_what_was_waived_does_not_go_back() -> None:
    """F4: of 23.00, ten were paid and thirteen forgiven: ten go back."""
    town = Town()
    town.lose()
    assert town.ops.fees.pay(patron=ADA, amount="10.00 EUR")
    assert town.ops.fees.waive(patron=ADA, amount="13.00 EUR", why="hardship")
    back = town.give_back().result
    assert "-10.00 EUR" == town.owed
    assert "Credited: lost item: 10.00 EUR" in str(back)


@pytest.mark.parametrize(
    ("option", "owed"),
    [
        ("lost-return-leaves-overdue", "0.00 EUR"),
        ("lost-return-restores-overdue", "0.75 EUR"),
        ("lost-return-charges-new-overdue", "1.50 EUR"),
    ],
)
def test_the_fine_when_a_lost_item_returns(option: str, owed: str) -> None:
    """F1, `overdue_on_return`: what was dropped at the loss stays dropped, is owed again, or is counted anew."""
    town = Town(overdue_when_lost="overdue-dropped-when-lost", overdue_on_return=option)
    town.clock.forward(days=31)
    fined_by_a_run(town)
    assert "0.75 EUR" == town.owed
    town.lose()
    assert "23.00 EUR" == town.owed
    town.clock.forward(days=5)
    town.give_back()
    assert owed == town.owed


def fined_by_a_run(town: Town) -> None:
    """What a nightly run does: count the fine of the loan so far, and charge it."""
    ops = town.ops

    def load(reads):
        return ops.circulation.facts.of_loss(reads, BOOK, ops.library)

    def decide(facts, at):
        grown = fine_of(facts.loan, facts.item, facts.patron, ops.book, at)
        owed = FineFacts(facts.account, facts.loan.id, facts.loan.item_id)
        return Permit(count_fine(owed, Act(at, "run", ops.library), fine=grown.amount))

    assert ops.shell.act(Errand(load, decide, lambda plan, facts, at, alerts: plan))


# --- lost by age ------------------------------------------------------------------------------------------------------


def test_an_item_ages_to_lost_and_is_charged_at_once() -> None:
    """`aged_after` six weeks past 31 March: not on 11 May, but on the 12th; the run does it once."""
    town = Town(aged_after="6 weeks", overdue_when_lost="overdue-dropped-when-lost")
    town.clock.forward(days=69)
    assert (1, 0) == (town.ops.loan_sweeps.age_to_lost().looked_at, town.ops.loan_sweeps.age_to_lost().done)
    assert ["loss.too_early"] == codes(town.ops.losses.age_to_lost(BOOK))
    town.clock.forward(days=2)
    assert [1, 0] == [town.ops.loan_sweeps.age_to_lost().done for _ in range(2)]
    assert "18.00 EUR" == town.owed
    assert town.loans()[0].aged_to_lost_at == town.clock()


def test_the_charge_may_come_later_than_the_loss() -> None:
    """`billed_after` a week: brought back meanwhile, only the fine is owed; else the week's end charges it, once."""
    policy = {"aged_after": "6 weeks", "billed_after": "1 week", "overdue_when_lost": "overdue-dropped-when-lost"}
    back, away = Town(**policy), Town(**policy)
    for town in (back, away):
        town.clock.forward(days=71)
        assert 1 == town.ops.loan_sweeps.age_to_lost().done
        assert ("0.00 EUR", 0) == (town.owed, town.ops.loan_sweeps.bill_losses().done)
    back.give_back()
    assert "7.75 EUR" == back.owed
    away.clock.forward(days=7)
    assert [1, 0] == [away.ops.loan_sweeps.bill_losses().done for _ in range(2)]
    assert "18.00 EUR" == away.owed


def test_recalled_items_age_on_times_of_their_own() -> None:
    """`aged_after_recalled`: somebody waits, so a week is enough; `billed_after_recalled` likewise."""
    book = default_settings().book
    loan = Loan("l", "i", "p", "b", "MAIN", NOON, NOON, "book", "adult", "book@MAIN", "r", "v", "four-weeks")
    weeks = {name: Period.parse(text) for name, text in [("aged_after", "6 weeks"), ("billed_after", "2 weeks")]}
    short = {"aged_after_recalled": Period.parse("1 week"), "billed_after_recalled": Period.parse("1 day")}
    policy = LostPolicy(**weeks, **short)
    days = [[(moment - NOON).days for moment in aging_times(policy, each, book)] for each in (loan, recalled(loan))]
    assert [[42, 56], [7, 8]] == days
    assert (None, None) == aging_times(LostPolicy(), loan, book)


def test_what_was_aged_and_not_charged_may_be_declared_lost() -> None:
    """The patron says so before the week is over: charged by the fee for declared losses, and counted once."""
    town = Town(aged_after="6 weeks", billed_after="1 week", overdue_when_lost="overdue-dropped-when-lost")
    town.clock.forward(days=71)
    assert 1 == town.ops.loan_sweeps.age_to_lost().done
    town.lose()
    assert ("23.00 EUR", 1) == (town.owed, town.ops.patrons.standing(ADA).lost)


# --- claims -----------------------------------------------------------------------------------------------------------


def test_a_claim_is_counted_and_stops_the_next_loan() -> None:
    """Said to be back: the loan stays open, the claim counts, and at its limit the patron borrows no more."""
    plain = default_settings().canonical()
    plain["limit_policies"]["adult"]["claims_returned"] = {"limit": 1}
    with libops.open(settings=plain, clock=FrozenClock(), ids=CountingIds()) as ops:
        sample_library(ops)
        assert ops.circulation.check_out(patron=ADA, item=BOOK)
        assert ops.losses.claim_returned(BOOK)
        assert ["claim.already_open"] == codes(ops.losses.claim_returned(BOOK))
        assert ["patron.claims_limit"] == codes(ops.circulation.check_out(patron=ADA, item="31234000000022"))


@pytest.mark.parametrize(
    ("resolution", "claims", "owed", "open_loans"),
    [
        (ClaimResolution.FOUND_BY_LIBRARY, 0, "0.00 EUR", 0),
        (ClaimResolution.RETURNED_BY_PATRON, 1, "0.75 EUR", 0),
        (ClaimResolution.DECLARED_LOST, 1, "23.75 EUR", 1),
        (ClaimResolution.MISSING, 1, "0.00 EUR", 0),
    ],
)
def test_how_a_claim_may_end(resolution: ClaimResolution, claims: int, owed: str, open_loans: int) -> None:
    """The library was wrong; the patron was; it counts as lost; or nobody can say."""
    town = Town()
    town.clock.forward(days=31)
    assert town.ops.losses.claim_returned(BOOK)
    assert town.ops.losses.resolve_claim(BOOK, resolution)
    assert (claims, owed, open_loans) == (town.ops.patrons.standing(ADA).claims_returned, town.owed, len(town.loans()))
    missing = resolution is ClaimResolution.MISSING
    assert missing is (town.ops.items.get(BOOK).missing_since is not None)
    assert stored(town.ops.storage) == rebuilt(log_of(town.ops.storage))


def test_a_claim_never_to_have_had_it_ends_the_loan() -> None:
    """Believed: the loan is closed, the item missing, the claim counted."""
    town = Town()
    assert ["claim.not_open"] == codes(town.ops.losses.resolve_claim(BOOK, ClaimResolution.MISSING))
    assert town.ops.losses.claim_never_had(BOOK)
    assert ([], 1) == (town.loans(), town.ops.patrons.standing(ADA).claims_returned)
    assert [Closing.CLAIM_RESOLVED] == [old.closing for old in every(town.ops.storage, kind_of(ClosedLoan))]
    assert town.ops.items.get(BOOK).missing_since is not None


def recalled(loan: Loan) -> Loan:
    """The loan, recalled."""
    return evolve(loan, recalled_at=NOON)


# --- what staff may set aside -----------------------------------------------------------------------------------------


def test_an_item_may_be_counted_as_lost_before_its_time() -> None:
    """Who has the right says why; the event keeps both, and a preview writes nothing."""
    town = Town(aged_after="6 weeks", billed_after="2 weeks")
    assert ["loss.too_early"] == codes(town.ops.losses.age_to_lost(BOOK))
    early = Override({"loss.too_early"}, "Mira", "moved abroad", {"loss.before_time"})
    assert town.ops.losses.age_to_lost(BOOK, override=early, commit=False)
    assert None is town.ops.losses.lost_item(BOOK)
    assert town.ops.losses.age_to_lost(BOOK, by="mira", override=early)
    assert "0.00 EUR" == town.owed
    assert ["loss.too_early"] == codes(town.ops.losses.bill(BOOK))
    assert town.ops.losses.bill(BOOK, override=early)
    assert "18.00 EUR" == town.owed
    kept = [
        logged.event.waived for logged in town.ops.events if type(logged.event).__name__ in ("ItemLost", "LossBilled")
    ]
    assert [("loss.too_early",)] * 2 == [waived.codes for waived in kept]


def test_a_loan_may_be_ended_although_something_is_open() -> None:
    """The debt stays; only the loan ends."""
    town = Town()
    town.lose()
    assert ["loss.not_settled"] == codes(town.ops.losses.settle(BOOK))
    ends = Override({"loss.not_settled"}, "Mira", "sent to the bursar", {"loss.end_unsettled"})
    assert town.ops.losses.settle(BOOK, override=ends)
    assert ("23.00 EUR", []) == (town.owed, town.loans())


def test_local_conditions_are_heard_about_losses_too() -> None:
    """A plugin asks for a report to the police before a tool counts as lost; staff with the right go on without."""
    needed = ReasonCode("tool.no_report", Weight.OVERRIDABLE, "tools.no_report")
    check = PolicyCheck("reports", "declare_lost", OnFailure.REFUSE, lambda facts: [needed()])

    class Reports:
        @hookimpl
        def libops_policy_checks(self):
            return [check]

    with libops.open(plugins=[Reports()], clock=FrozenClock(), ids=CountingIds()) as ops:
        sample_library(ops)
        assert ops.circulation.check_out(patron=ADA, item=BOOK)
        assert ["tool.no_report"] == codes(ops.losses.declare_lost(BOOK))
        known = Override({"tool.no_report"}, "Mira", "burnt", {"tools.no_report"})
        assert ops.losses.declare_lost(BOOK, override=known)
