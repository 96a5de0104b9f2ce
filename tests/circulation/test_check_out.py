"""May this patron take this item? One example for each reason, and the option that gives it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve

from libops.base.decisions import Override, Permit, Weight
from libops.base.money import Money
from libops.circulation.decide.wanted import WantedFacts, wanted_facts
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


# --- how much is out --------------------------------------------------------------------------------------------------


def test_zero_is_none_and_absent_is_unlimited(counter) -> None:
    """E5: with 0 nothing goes out, without a number anything does; the limit itself refuses (E4)."""
    for limits, out, expected in [
        ({"items_out": 0}, 0, ["loan.limit_reached"]),
        ({}, 5000, []),
        ({"items_out": 2}, 1, []),
        ({"items_out": 2}, 2, ["loan.limit_reached"]),
        ({"items_out": 2, "items_out_boundary": "passed"}, 2, []),
    ]:
        desk = counter(limits=limits)
        desk.standing = evolve(desk.standing, open_loans=out)
        assert expected == desk.codes(desk.out())


def test_a_limit_on_a_group_counts_its_types_together(counter) -> None:
    """`by_item_type` with a group: two films and a compact disc are three of the media; a novel is none."""
    desk = counter(limits={"by_item_type": [{"item_types": ["media"], "limit": 3}]})
    desk.standing = evolve(desk.standing, open_loans=4, by_type={"dvd@MAIN": 2, "cd@NORTH": 1, "novel@MAIN": 1})
    assert desk.out()
    desk.item = evolve(desk.item, item_type="cd")
    assert ["loan.type_limit_reached"] == desk.codes(desk.out())
    desk.standing = evolve(desk.standing, by_type={"dvd@MAIN": 2, "novel@MAIN": 7})
    assert desk.out()


def test_loans_in_the_house_count_together_or_apart(counter) -> None:
    """E6, `on_site`: together they use up the limit; apart they have one of their own."""
    together = counter(limits={"items_out": 3})
    together.standing = evolve(together.standing, open_loans=3, on_site_loans=2)
    assert ["loan.limit_reached"] == together.codes(together.out())
    apart = counter(limits={"items_out": 3, "on_site": "apart", "on_site_items": 2})
    apart.standing = together.standing
    assert apart.out()
    assert ["loan.on_site_limit_reached"] == apart.codes(apart.out(on_site=True))


def test_a_library_may_limit_what_is_its_own(counter) -> None:
    """E7, `items_out_per_library` and `by_library`: the branch has two of its own out, whatever is out elsewhere."""
    desk = counter(limits={"items_out_per_library": 10, "by_library": {"NORTH": 2}})
    desk.standing = evolve(desk.standing, open_loans=9, by_type={"novel@MAIN": 7, "novel@NORTH": 2})
    assert desk.out()
    assert ["loan.limit_reached"] == desk.codes(desk.out(library="NORTH"))


def test_an_item_limit_may_count_within_its_rule_only(counter) -> None:
    """E7, `item_limit_scope`: FOLIO counts only what the rule's own item criteria match; others count all loans."""
    for scope, expected in [("all-loans", ["loan.limit_reached"]), ("within-rule", [])]:
        rules = [{"id": "films", "item_type": "dvd", "limits": "films", "loan": "loan"}]
        films = {"items_out": 2, "item_limit_scope": scope}
        desk = counter(rules=rules, limit_policies={"films": films})
        desk.item = evolve(desk.item, item_type="dvd")
        desk.standing = evolve(desk.standing, open_loans=3)
        loans = (desk.loan("a"), desk.loan("b"), desk.loan("c", item_type="dvd"))
        assert expected == desk.codes(desk.out(loans=loans))
        both = (*loans, desk.loan("d", item_type="dvd"))
        assert ["loan.limit_reached"] == desk.codes(desk.out(loans=both))


def test_a_rule_without_item_criteria_has_no_item_limit_of_that_kind(counter) -> None:
    """E7: FOLIO ignores an item limit whose rule names no item scope."""
    desk = counter(limits={"items_out": 1, "item_limit_scope": "within-rule"})
    desk.standing = evolve(desk.standing, open_loans=30)
    assert desk.out(loans=tuple(desk.loan(f"l{n}") for n in range(30)))


def test_the_scope_may_be_a_collection(counter) -> None:
    """E7: where the rule names a collection, the items of the loans are looked at."""
    rules = [{"id": "rare", "collection": "rare", "limits": "rare", "loan": "loan"}]
    desk = counter(rules=rules, limit_policies={"rare": {"items_out": 1, "item_limit_scope": "within-rule"}})
    desk.item = evolve(desk.item, collection="rare")
    other = evolve(desk.item, id="item-of-a")
    loans = (desk.loan("a"),)
    assert WantedFacts(True, True, False) == wanted_facts(facts_of(desk), desk.book, at=NOON)
    assert ["loan.limit_reached"] == desk.codes(desk.out(loans=loans, items={other.id: other}))
    assert desk.out(loans=loans, items={other.id: evolve(other, collection="open")})


def test_claimed_items_may_leave_room_for_others(counter) -> None:
    """`claims`: what the patron says is back counts as out, or does not (FOLIO)."""
    for option, expected in [("counted", ["loan.limit_reached"]), ("not-counted", [])]:
        desk = counter(limits={"items_out": 2, "claims": option})
        desk.standing = evolve(desk.standing, open_loans=2)
        loans = (desk.loan("a"), desk.loan("b", claimed_returned_at=NOON))
        assert expected == desk.codes(desk.out(loans=loans))


def test_nothing_more_is_loaded_than_a_policy_asks_for(counter) -> None:
    """Most policies ask for counters only; those that ask for titles, claims or history name what they need."""
    for loan, limits, expected in [
        ({}, {"items_out": 20}, WantedFacts()),
        ({"one_per_title": "refuse"}, {}, WantedFacts(same_title=True)),
        ({"one_per_title": "refuse"}, {"items_out": 20, "claims": "not-counted"}, WantedFacts(loans=True)),
        ({"had_before": "alert"}, {}, WantedFacts(had_before=True)),
        ({}, {"items_out": 20, "claims": "not-counted"}, WantedFacts(loans=True)),
        ({}, {"claims": "not-counted"}, WantedFacts()),
    ]:
        desk = counter(loan, limits)
        assert expected == wanted_facts(facts_of(desk), desk.book, at=NOON)


def facts_of(desk):
    """The usual facts of a checkout at this counter."""
    from libops.circulation.decide.facts import CheckOutFacts

    return CheckOutFacts("MAIN", desk.patron, desk.standing, desk.item, desk.bib)


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
