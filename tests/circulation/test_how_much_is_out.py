"""How much may this patron have at once? By counters, or loan by loan where the policy asks for it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libops.circulation.decide.wanted import WantedFacts, wanted_facts

NOON = datetime(2026, 3, 4, 11, tzinfo=UTC)


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


def test_a_limit_in_the_house_holds_beside_the_others(counter) -> None:
    """`on_site_items` where loans count together (Koha): two in the house stop a third there, and none to take home."""
    desk = counter(limits={"items_out": 4, "on_site_items": 2})
    desk.standing = evolve(desk.standing, open_loans=2, on_site_loans=2)
    assert ["loan.on_site_limit_reached"] == desk.codes(desk.out(on_site=True))
    assert desk.out()
    desk.standing = evolve(desk.standing, open_loans=4)
    assert ["loan.limit_reached", "loan.on_site_limit_reached"] == desk.codes(desk.out(on_site=True))


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
        desk.standing = evolve(desk.standing, open_loans=3, by_type={"novel@MAIN": 2, "dvd@MAIN": 1})
        assert expected == desk.codes(desk.out())
        desk.standing = evolve(desk.standing, open_loans=4, by_type={"novel@MAIN": 2, "dvd@MAIN": 1, "dvd@NORTH": 1})
        assert ["loan.limit_reached"] == desk.codes(desk.out())


@given(
    lent=st.lists(st.tuples(st.sampled_from(["novel", "dvd", "cd"]), st.sampled_from(["MAIN", "NORTH"])), max_size=6),
    limit=st.integers(0, 4),
    scope=st.sampled_from(["novel", "dvd", "media"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counters_and_loans_give_the_same_number_within_a_rule(counter, lent, limit, scope) -> None:
    """E7: a rule for a type or a group of types is limited by the patron's counters as by the loans one by one."""
    answers = []
    for claims in ("counted", "not-counted"):
        rules = [{"id": "these", "item_type": scope, "limits": "these", "loan": "loan"}]
        these = {"items_out": limit, "item_limit_scope": "within-rule", "claims": claims}
        desk = counter(rules=rules, limit_policies={"these": these})
        desk.item = evolve(desk.item, item_type="dvd" if scope == "media" else scope)
        loans = [desk.loan(f"l{n}", item_type=kind, library=place) for n, (kind, place) in enumerate(lent)]
        by_type = Counter(loan.counted_as for loan in loans)
        desk.standing = evolve(desk.standing, open_loans=len(loans), by_type=dict(by_type))
        wanted = wanted_facts(facts_of(desk), desk.book, at=NOON)
        assert wanted.loans is (claims == "not-counted")
        answers.append(desk.codes(desk.out(loans=tuple(loans) if wanted.loans else ())))
    assert answers[0] == answers[1]


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
