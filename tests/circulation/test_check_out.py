"""May this patron take this item? One example for each reason, and the option that gives it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve

from libops.base.decisions import Outcome, Override, Permit, Weight
from libops.base.money import Money
from libops.fees.model import Cause
from libops.patrons.model import Action, Block

NOON = datetime(2026, 3, 4, 11, tzinfo=UTC)


def test_a_novel_goes_out_for_two_weeks(counter) -> None:
    """Lent on Wednesday noon for two weeks: due on the Wednesday two weeks on, at 23:59 by the library's clocks."""
    answer = counter().out()
    assert isinstance(answer, Permit)
    assert datetime(2026, 3, 18, 22, 59, tzinfo=UTC) == answer.result.loan.due
    assert ("loan", "fallback") == (answer.result.loan.loan_policy, answer.result.loan.rule)


# --- the item ---------------------------------------------------------------------------------------------------------


def test_an_item_is_lent_once_at_a_time(counter) -> None:
    """Somebody else has it: no right lifts that."""
    desk = counter()
    answer = desk.out(loan=evolve(desk.loan(item_id="item-1"), patron_id="ben"))
    assert ["item.on_loan"] == desk.codes(answer)
    assert Weight.ABSOLUTE is answer.reasons[0].weight


def test_what_the_patron_has_already_is_renewed_not_lent(counter) -> None:
    """Scanned again for the same patron, the desk says so."""
    desk = counter()
    assert ["item.on_loan_to_patron"] == desk.codes(desk.out(loan=desk.loan(item_id="item-1")))


def test_a_withdrawn_item_is_not_lent(counter) -> None:
    """It has left the collection, and no right brings it back at the desk."""
    desk = counter()
    desk.item = evolve(desk.item, withdrawn_at=NOON)
    everything = Override(["item.withdrawn"], "ruth", "sold by mistake", ["loan.not_for_loan"])
    assert ["item.withdrawn"] == desk.codes(desk.out(override=everything))


def test_an_item_not_for_loan_may_be_used_in_the_house(counter) -> None:
    """The atlas stays, with its reason; read in the house it may be; with the right it goes out all the same."""
    desk = counter()
    desk.item = evolve(desk.item, not_for_loan="desk copy")
    refused = desk.out()
    assert (["item.not_for_loan"], "desk copy") == (desk.codes(refused), refused.reasons[0].data["why"])
    assert desk.out(on_site=True)
    assert desk.out(override=Override(["item.not_for_loan"], "ruth", "for the exhibition", ["loan.not_for_loan"]))
    assert not desk.out(override=Override(["item.not_for_loan"], "ruth", "for the exhibition", []))


@pytest.mark.parametrize("flag", ["damaged", "in_repair"])
def test_a_damaged_item_goes_out_when_the_desk_has_looked_at_it(counter, flag: str) -> None:
    """To confirm it needs no right."""
    desk = counter()
    desk.item = evolve(desk.item, **{flag: True}, status_note="spine loose")
    assert ["item.damaged"] == desk.codes(desk.out())
    assert desk.out(override=Override(["item.damaged"], "ruth", "reader knows"))


def test_new_material_waits_for_its_required_steps(counter) -> None:
    """A book without its label is not lent yet; staff with the right may hand it out."""
    desk = counter()
    assert ["item.in_processing"] == desk.codes(desk.out(in_processing=True))
    right = Override(["item.in_processing"], "ruth", "author is here", ["loan.in_processing"])
    assert desk.out(in_processing=True, override=right)


def test_parts_are_counted_before_they_go_out(counter) -> None:
    """`parts`: the game with 112 pieces stops for a confirmation, is only mentioned, or goes without a word."""
    for option, expected in [("confirm", ["item.parts_to_count"]), ("alert", []), ("allow", [])]:
        desk = counter({"parts": option})
        desk.item = evolve(desk.item, pieces=112, pieces_note="112 tiles, 4 racks")
        answer = desk.out()
        assert expected == desk.codes(answer)
        assert (["item.parts_to_count"] if option == "alert" else []) == desk.alerts(answer)


# --- the policy -------------------------------------------------------------------------------------------------------


def test_without_a_rule_nothing_is_lent(counter) -> None:
    """E2: a rule without a loan policy is said to be missing, not taken for zero days (Koha) or for no limit."""
    desk = counter(rules=[{"id": "maps", "item_type": "map", "loan": ""}])
    desk.item = evolve(desk.item, item_type="map")
    assert ["rule.missing"] == desk.codes(desk.out())


def test_a_policy_may_lend_nothing_or_only_in_the_house(counter) -> None:
    """`loanable`: no, on site only, yes."""
    assert ["policy.not_loanable"] == counter.codes(counter({"loanable": "no"}).out())
    assert ["policy.not_loanable"] == counter.codes(counter({"loanable": "no"}).out(on_site=True))
    here = counter({"loanable": "on-site-only"})
    assert ["policy.on_site_only"] == here.codes(here.out())
    assert here.out(on_site=True)


def test_one_of_a_title_at_a_time(counter) -> None:
    """`one_per_title`: a second copy of what the patron has out is refused, asked about, or not spoken of."""
    for option, weight in [("refuse", Weight.OVERRIDABLE), ("confirm", Weight.CONFIRM)]:
        desk = counter({"one_per_title": option})
        answer = desk.out(loans=(desk.loan(bib_id="bib-1"),))
        assert (["loan.same_title_out"], weight) == (desk.codes(answer), answer.reasons[0].weight)
        assert desk.out(loans=(desk.loan(bib_id="bib-2"),))
    assert counter().out(loans=(counter().loan(bib_id="bib-1"),))


def test_readers_may_be_told_what_they_have_read(counter) -> None:
    """`had_before`: a reader who had the title is asked; where the policy does not ask, nobody is."""
    desk = counter({"had_before": "confirm"})
    assert ["loan.had_before"] == desk.codes(desk.out(had_before=True))
    assert desk.out(had_before=False)
    assert counter().out(had_before=True)


def test_an_item_may_ask_for_an_age(counter) -> None:
    """A film from sixteen on: a patron of fifteen is refused, on the sixteenth birthday it goes out."""
    desk = counter()
    desk.item = evolve(desk.item, age_restriction=16)
    for birth, expected in [(date(2010, 3, 5), ["patron.age_not_allowed"]), (date(2010, 3, 4), [])]:
        desk.patron = evolve(desk.patron, birth_date=birth)
        assert expected == desk.codes(desk.out())


def test_a_policy_may_serve_ages(counter) -> None:
    """`age`: a children's policy up to twelve refuses an adult, or only asks (`otherwise`)."""
    for otherwise, weight in [("refuse", Weight.OVERRIDABLE), ("confirm", Weight.CONFIRM)]:
        desk = counter({"age": {"at_most": 12, "otherwise": otherwise}})
        desk.patron = evolve(desk.patron, birth_date=date(1990, 6, 9))
        answer = desk.out()
        assert (["patron.age_not_allowed"], weight) == (desk.codes(answer), answer.reasons[0].weight)


def test_an_unknown_birth_date_passes_asks_or_stops(counter) -> None:
    """D11, `unknown`: Koha lets it pass; a library may ask for the card, or refuse."""
    answers = {"passes": [], "confirm": ["patron.age_unknown"], "refuse": ["patron.age_not_allowed"]}
    for option, expected in answers.items():
        assert expected == counter.codes(counter({"age": {"at_least": 12, "unknown": option}}).out())


def test_a_fee_for_the_loan_is_agreed_to_and_charged(counter) -> None:
    """`rental`: two euros, asked first; confirmed, the loan and the charge are one act."""
    desk = counter({"rental": {"amount": "2.00 EUR"}})
    assert ["loan.rental_fee"] == desk.codes(desk.out())
    plan = desk.out(override=Override(["loan.rental_fee"], "ruth", "agreed")).result
    assert (("rental", Money(200, "EUR")),) == plan.charged
    line = plan.events[1].line
    assert (Cause.RENTAL, "loan-new", 200) == (line.cause, line.loan_id, line.amount.amount)


def test_a_fee_may_be_counted_by_period(counter) -> None:
    """`per`: 1.50 a week for a loan of two weeks is 3.00; with `ask = "allow"` nobody is asked."""
    desk = counter({"rental": {"amount": "1.50 EUR", "per": "1 week", "ask": "allow"}})
    assert (("rental", Money(300, "EUR")),) == desk.out().result.charged


# --- the patron -------------------------------------------------------------------------------------------------------


def test_an_expired_card_does_not_borrow(counter) -> None:
    """Through its last day it holds; the day after it does not (E8)."""
    desk = counter(limits={})
    for expires, expected in [(date(2026, 3, 4), []), (date(2026, 3, 3), ["patron.expired"])]:
        desk.patron = evolve(desk.patron, expires=expires)
        assert expected == desk.codes(desk.out())


def test_the_desk_hears_of_a_card_that_ends_soon(counter) -> None:
    """`expiry_alert`: within thirty days it is said, and stops nothing."""
    desk = counter(limits={"expiry_alert": "30 days"})
    for expires, expected in [(date(2026, 4, 3), ["patron.expires_soon"]), (date(2026, 4, 4), [])]:
        desk.patron = evolve(desk.patron, expires=expires)
        answer = desk.out()
        assert (True, expected) == (bool(answer), desk.alerts(answer))


def test_a_restriction_stops_the_acts_it_names_until_its_end(counter) -> None:
    """A block on borrowing stops a checkout up to its last instant; one on holds alone does not."""
    desk = counter(limits={})
    for actions, until, expected in [
        ((Action.CHECK_OUT,), NOON, ["patron.restricted"]),
        ((Action.CHECK_OUT,), NOON - timedelta(seconds=1), []),
        ((Action.CHECK_OUT,), None, ["patron.restricted"]),
        ((Action.PLACE_HOLD,), None, []),
    ]:
        desk.patron = evolve(desk.patron, blocks=(Block("b1", "lost a key", NOON, "ruth", actions, until),))
        assert expected == desk.codes(desk.out())


def test_a_library_may_leave_restricted_patrons_reading_in_the_house(counter) -> None:
    """`restricted.stops`: check-out, but not on site."""
    desk = counter(limits={"restricted": {"stops": ["check-out"]}})
    desk.patron = evolve(desk.patron, blocks=(Block("b1", "lost a key", NOON, "ruth"),))
    assert ["patron.restricted"] == desk.codes(desk.out())
    assert desk.out(on_site=True)


def test_returned_mail_may_stop_loans(counter) -> None:
    """`bad_address`: only where the library says so."""
    for limits, expected in [({"bad_address": {}}, ["patron.bad_address"]), ({}, [])]:
        desk = counter(limits=limits)
        desk.patron = evolve(desk.patron, bad_address=True)
        assert expected == desk.codes(desk.out())


def test_a_debt_stops_above_its_limit_or_at_it(counter) -> None:
    """E4, `boundary`: exactly ten euros may be allowed (passed) or not (reached)."""
    for boundary, owed, expected in [
        ("passed", 1000, []),
        ("passed", 1001, ["patron.debt_limit"]),
        ("reached", 1000, ["patron.debt_limit"]),
        ("reached", 999, []),
    ]:
        desk = counter(limits={"debt": {"limit": "10.00 EUR", "boundary": boundary}})
        desk.standing = evolve(desk.standing, balance=owed)
        assert expected == desk.codes(desk.out())


def test_overdue_items_block_or_ask(counter) -> None:
    """E9, `weight`: Koha's "confirm" needs no right; rero's and Evergreen's block needs one."""
    for weight, asked in [("confirm", Weight.CONFIRM), ("overridable", Weight.OVERRIDABLE)]:
        desk = counter(limits={"overdue": {"limit": 2, "weight": weight}})
        answer = desk.out(overdue=(desk.loan("a"), desk.loan("b")))
        assert (["patron.overdue_limit"], asked) == (desk.codes(answer), answer.reasons[0].weight)
        assert desk.out(overdue=(desk.loan("a"),))


def test_overdue_items_may_count_for_each_library_alone(counter) -> None:
    """D8, `scope`: two overdue at another library stop everywhere, or only there."""
    for scope, expected in [("everywhere", ["patron.overdue_limit"]), ("per-library", [])]:
        desk = counter(limits={"overdue": {"limit": 2, "scope": scope}})
        north = (desk.loan("a", library="NORTH"), desk.loan("b", library="NORTH"))
        assert expected == desk.codes(desk.out(overdue=north))


def test_overdue_recalls_have_a_limit_of_their_own(counter) -> None:
    """`overdue_recalls`: keeping what others were promised weighs more than being late."""
    desk = counter(limits={"overdue_recalls": {"limit": 1}})
    assert desk.out(overdue=(desk.loan("a"),))
    late = desk.out(overdue=(desk.loan("a"), desk.loan("b", recalled_at=NOON - timedelta(9))))
    assert ["patron.overdue_recalls_limit"] == desk.codes(late)


def test_lost_items_and_claims_have_limits(counter) -> None:
    """`lost` and `claims_returned` stop at their number."""
    desk = counter(limits={"lost": {"limit": 2}, "claims_returned": {"limit": 3}})
    desk.standing = evolve(desk.standing, lost=2, claims_returned=3)
    assert ["patron.lost_limit", "patron.claims_limit"] == desk.codes(desk.out())
    desk.standing = evolve(desk.standing, lost=1, claims_returned=2)
    assert desk.out()


def test_all_reasons_are_given_and_the_first_alone_when_asked(counter) -> None:
    """C5: the desk sees all at once, in the order of the checks; a sorting machine may ask for the first only."""
    desk = counter(limits={"debt": {"limit": "0.00 EUR"}, "items_out": 0})
    desk.patron = evolve(desk.patron, expires=date(2026, 1, 1))
    desk.standing = evolve(desk.standing, balance=1)
    assert ["patron.expired", "patron.debt_limit", "loan.limit_reached"] == desk.codes(desk.out())
    assert ["patron.expired"] == desk.codes(desk.out(ask={"first_only": True}))


# --- from home to the rules -------------------------------------------------------------------------------------------


def test_the_limit_of_the_patrons_home_may_count(counter) -> None:
    """`control.limits`: Koha's home-library control reads the rule of the patron's library, not of the desk's."""
    rules = [{"id": "north", "library": "NORTH", "limits": "few"}]
    more = {"limit_policies": {"few": {"items_out": 1}, "many": {"items_out": 20}}, "fallback": {"limits": "many"}}
    for control, expected in [("transaction", []), ("patron-home", ["loan.limit_reached"])]:
        desk = counter(
            rules=rules,
            **more,
            control={"limits": control},
            precedence={"strategy": "column-weights", "weights": {"library": 1.0}},
        )
        desk.patron = evolve(desk.patron, home_library="NORTH")
        desk.standing = evolve(desk.standing, open_loans=5)
        assert expected == desk.codes(desk.out())


def test_the_trace_says_of_every_question_how_it_ended(counter) -> None:
    """Passed where nothing was found, failed with the reason that was, skipped where there was nothing to ask."""
    desk = counter(limits={"items_out": 0})
    answer = desk.out(ask={"explain": True})
    told = {check.name: check for check in answer.trace.checks}
    failed = [check.reason for check in told.values() if check.outcome is Outcome.FAILED]
    assert list(answer.reasons) == failed != []
    assert {Outcome.PASSED, Outcome.FAILED, Outcome.SKIPPED} == {check.outcome for check in told.values()}
    assert all((check.reason is None) is (check.outcome is not Outcome.FAILED) for check in told.values())
