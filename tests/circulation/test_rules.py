"""Which circulation rule wins, and why."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libops.base.errors import InvalidValue
from libops.circulation.policy.rules import (
    AgeRange,
    Case,
    CircRule,
    ColumnWeights,
    Concern,
    ControlLibraries,
    Criterion,
    FixedWeights,
    LibraryPair,
    LibraryRole,
    Match,
    Precedence,
    Tree,
    Trees,
    WeightScale,
    compile_rules,
)
from libops.testing.strategies.rules import (
    TOWN,
    cases,
    circ_rules,
    control_libraries,
    line_strategies,
    weight_strategies,
)


def only(*codes: str) -> Criterion:
    return Criterion(codes)


def winner(case: Case, *rules: CircRule, precedence: Precedence | None = None) -> str | None:
    return compile_rules(rules, precedence=precedence, trees=TOWN).find(case).rule_id


def test_koha_one_library_beats_category_and_item_type() -> None:
    """Koha: a rule for the library wins over one for category and item type at all libraries."""
    assert "at-main" == winner(
        Case("MAIN", "adult", "dvd"),
        CircRule(id="adult-dvd", patron_category=only("adult"), item_type=only("dvd")),
        CircRule(id="at-main", library=only("MAIN")),
        precedence=FixedWeights(),
    )


def test_a_nearer_library_wins_over_the_one_above_it() -> None:
    """In a tree of libraries, the rule of the branch wins over the rule of the system."""
    assert "kids" == winner(
        Case("MAIN-KIDS"),
        CircRule(id="town", library=only("TOWN")),
        CircRule(id="kids", library=only("MAIN-KIDS")),
        CircRule(id="main", library=only("MAIN")),
    )


def test_a_category_covers_those_below_it() -> None:
    """A rule for adults holds for students, where students are a kind of adult."""
    rule = CircRule(id="adults", patron_category=only("adult"))
    assert "adults" == winner(Case(patron_category="student"), rule)
    assert None is winner(Case(patron_category="child"), rule)


def test_an_item_type_group_covers_its_types() -> None:
    """A rule for media holds for films and games."""
    rule = CircRule(id="media", item_type=only("media"))
    assert ["media", "media", None] == [winner(Case(item_type=kind), rule) for kind in ("dvd", "game", "book")]


def test_lists_and_negations() -> None:
    """A list matches any of its codes; a negation matches all others, but not an unknown fact."""
    listed = CircRule(id="listed", item_type=only("dvd", "game"))
    negated = CircRule(id="others", item_type=Criterion((), ("media",)))
    assert ["listed", "others", None] == [
        winner(Case(item_type=kind), listed, negated) for kind in ("dvd", "book", None)
    ]


def test_age_ranges_include_both_ends_and_never_an_unknown_age() -> None:
    """12 to 17 means that both the twelve-year-old and the seventeen-year-old are meant."""
    rule = CircRule(id="teens", patron_age=AgeRange(12, 17))
    assert [None, "teens", "teens", None, None] == [
        winner(Case(patron_age=age), rule) for age in (11, 12, 17, 18, None)
    ]


def test_a_rule_for_renewals_only() -> None:
    """A rule may hold for renewals alone; the first loan then falls to another rule."""
    rules = (CircRule(id="renewals", renewal=True), CircRule(id="any"))
    assert ["any", "renewals"] == [winner(Case(renewal=renewal), *rules) for renewal in (False, True)]


def test_evergreen_missing_values_come_from_the_next_rule() -> None:
    """Evergreen: what the winning rule leaves unset comes from the next that sets it; an empty name means none."""
    rules = (
        CircRule(id="everybody", loan="three-weeks", fine="daily", limits="adult"),
        CircRule(id="student", patron_category=only("student"), fine="", loan=None),
        CircRule(id="student-dvd", patron_category=only("student"), item_type=only("dvd"), loan="one-week"),
    )
    match = compile_rules(rules, precedence=ColumnWeights(), trees=TOWN).find(Case("MAIN", "student", "dvd"))
    assert ("one-week", "", "adult", None) == (match.loan, match.fine, match.limits, match.lost)
    assert "student" == match.rule_for(Concern.FINE)


def test_koha_missing_values_are_not_inherited() -> None:
    """Without inheritance, the winning rule alone decides: unset stays unset."""
    rules = (
        CircRule(id="all", loan="three-weeks", fine="daily"),
        CircRule(id="dvd", item_type=only("dvd"), loan="week"),
    )
    match = compile_rules(rules, precedence=FixedWeights(), trees=TOWN).find(Case(item_type="dvd"))
    assert ("week", None) == (match.loan, match.fine)


def test_evergreen_weights_decide_and_may_be_changed() -> None:
    """Evergreen: the heavier column wins; a library may weigh its columns otherwise."""
    rules = (
        CircRule(id="student", loan="week", patron_category=only("student")),
        CircRule(id="dvd", loan="week", item_type=only("dvd")),
    )
    case = Case("MAIN", "student", "dvd")
    assert "student" == winner(case, *rules, precedence=ColumnWeights())
    weights = {"item_type": 9.0, "patron_category": 2.0}
    assert "dvd" == winner(case, *rules, precedence=ColumnWeights(weights))


def test_weights_in_powers_let_one_heavy_column_beat_three_lighter_ones() -> None:
    """On Evergreen's scale a column beats three of the weight below it; added as they stand, it does not."""
    rules = (
        CircRule(id="library", loan="week", library=only("MAIN")),
        CircRule(id="three", loan="week", item_type=only("book"), loan_type=only("short"), collection=only("fiction")),
    )
    weights = {"library": 3.0, "item_type": 2.0, "loan_type": 2.0, "collection": 2.0}
    case = Case("MAIN", item_type="book", loan_type="short", collection="fiction")
    flat = Trees()
    for scale, expected in ((WeightScale.POWERS, "library"), (WeightScale.LINEAR, "three")):
        found = compile_rules(rules, precedence=ColumnWeights(weights, scale), trees=flat).find(case)
        assert expected == found.rule_id


def test_rero_library_then_pair_then_default() -> None:
    """rero: a rule of the library, then one for category and item type, then the default."""
    rules = (
        CircRule(id="default"),
        CircRule(id="pair", patron_category=only("adult"), item_type=only("dvd")),
        CircRule(id="library", loan="week", library=only("EAST"), patron_category=only("adult"), item_type=only("dvd")),
    )
    cases = (Case("EAST", "adult", "dvd"), Case("MAIN", "adult", "dvd"), Case("MAIN", "child", "dvd"))
    assert ["library", "pair", "default"] == [winner(case, *rules, precedence=LibraryPair()) for case in cases]


def test_whose_library_counts_is_set_per_concern() -> None:
    """The loan length may follow the item's home, and the limits the patron's home."""
    rules = (
        CircRule(id="main", library=only("MAIN"), loan="main-loan", limits="main-limits"),
        CircRule(id="east", library=only("EAST"), loan="east-loan", limits="east-limits"),
    )
    control = ControlLibraries(loan=LibraryRole.ITEM_HOME, limits=LibraryRole.PATRON_HOME)
    match = compile_rules(rules, trees=TOWN, control=control).find(
        Case("TOWN", patron_library="EAST", item_library="MAIN")  # type: ignore[arg-type]
    )
    assert ("main-loan", "east-limits") == (match.loan, match.limits)
    assert ("main", "east") == (match.rule_for(Concern.LOAN), match.rule_for(Concern.LIMITS))


def test_a_tie_is_named() -> None:
    """Two rules of equal score are never settled in silence: the match names the other one."""
    rules = (
        CircRule(id="b", loan="week", loan_type=only("short")),
        CircRule(id="a", loan="week", item_type=only("dvd")),
    )
    match = compile_rules(rules, precedence=ColumnWeights({}), trees=Trees()).find(
        Case(item_type="dvd", loan_type="short")
    )
    assert ("a", ("b",)) == (match.rule_id, match.tied)


def test_the_fallback_holds_where_no_rule_matches() -> None:
    """A fallback is there for every case that no rule covers."""
    rules = (CircRule(id="dvd", item_type=only("dvd"), loan="week"),)
    fallback = CircRule(id="fallback", loan="no-loan")
    compiled = compile_rules(rules, fallback=fallback)
    assert ["week", "no-loan"] == [compiled.find(Case(item_type=kind)).loan for kind in ("dvd", "book")]
    assert (None, None) == ((match := compile_rules(rules).find(Case())).rule, match.loan)


def test_explain_says_why_each_rule_lost() -> None:
    """Every rule is listed with why it won or lost."""
    rules = (
        CircRule(id="all", loan="three-weeks"),
        CircRule(id="dvd", item_type=only("dvd"), loan="one-week"),
        CircRule(id="child", patron_category=only("child"), loan="two-weeks"),
    )
    told = compile_rules(rules, trees=TOWN).explain(Case("MAIN", "adult", "dvd"))
    assert ["dvd", "all", "child"] == [line.rule for line in told]
    assert [True, False, False] == [line.won for line in told]
    assert "matches, but dvd scores higher (item_type 2)" == told[1].why
    assert "patron_category is adult, the rule asks for child" == told[2].why


@pytest.mark.parametrize(
    ("criteria", "rank"),
    [
        (("library", "patron_category", "item_type"), "library and pair"),
        (("library", "item_type"), "library"),
        (("patron_category", "item_type"), "organization pair"),
        (("item_type",), "default"),
    ],
)
def test_explain_names_the_kind_of_rule_that_wins_by_pairs(criteria: tuple[str, ...], rank: str) -> None:
    """E3, rero: a rule of a library goes before one of the organization, a pair before what names one axis only."""
    case = {"library": "MAIN", "patron_category": "adult", "item_type": "dvd"}
    best = CircRule(id="best", loan="one-week", **{name: only(case[name]) for name in criteria})
    rules = (CircRule(id="all", loan="three-weeks"), best)
    told = compile_rules(rules, precedence=LibraryPair(), trees=TOWN).explain(Case("MAIN", "adult", "dvd"))
    assert told[1].why.startswith(f"matches, but best scores higher ({rank}: ")


def test_explain_says_which_rule_gives_the_other_policies() -> None:
    """Inherited from another rule, or found for another library: what does not come from the winner is said."""
    rules = (
        CircRule(id="all", loan="three-weeks", fine="daily", limits="twenty"),
        CircRule(id="dvd", item_type=only("dvd"), loan="one-week", fine="", limits="ten"),
        CircRule(id="north", library=only("NORTH"), loan="two-weeks", limits="five"),
    )
    inherited = compile_rules(rules[:2], precedence=ColumnWeights(), trees=TOWN).explain(Case("MAIN", item_type="dvd"))
    assert ["dvd", "all"] == [line.rule for line in inherited]
    assert not any("gives" in line.why for line in inherited)
    control = ControlLibraries(limits=LibraryRole.PATRON_HOME)
    compiled = compile_rules(rules, precedence=FixedWeights(), trees=TOWN, control=control)
    told = compiled.explain(Case("MAIN", item_type="dvd", patron_library="NORTH"))
    assert {
        "dvd": "matches with the best score",
        "all": "matches, but dvd scores higher (item_type 2)",
        "north": "library is MAIN, the rule asks for NORTH; gives limits",
    } == {line.rule: line.why for line in told}


@given(circ_rules(), weight_strategies(), control_libraries(), cases())
def test_what_each_rule_gives_is_what_the_search_finds(rules, strategy, control, case: Case) -> None:
    """The trace names the rule of every policy, found another way than the index finds it."""
    rest = CircRule(id="rest", loan="two", fine="daily")
    compiled = compile_rules(rules, precedence=strategy, trees=TOWN, control=control, fallback=rest)
    match, told = compiled.find(case), {line.rule: line.why for line in compiled.explain(case)}
    named = [each for each in Concern if each is not Concern.LOAN and getattr(match, each.value)]
    givers = {each: match.by[list(Concern).index(each)] for each in named}
    if set(givers.values()) <= {match.rule_id}:
        assert not any("; gives " in why for why in told.values())
    else:
        assert all(each.value in told[giver].partition("; gives ")[2] for each, giver in givers.items())


def test_rule_ids_must_differ() -> None:
    """Two rules of one id could not be told apart in a loan's history."""
    with pytest.raises(InvalidValue, match=r"^rule ids 'dvd' occur more than once"):
        compile_rules((CircRule(id="dvd"), CircRule(id="cd"), CircRule(id="dvd")))


def test_a_circle_of_libraries_is_refused() -> None:
    """A library cannot stand above itself."""
    with pytest.raises(InvalidValue, match="its own ancestor"):
        Tree({"MAIN": "EAST", "EAST": "MAIN"})


@pytest.mark.parametrize("written", ["dvd", ["dvd", "game"], "!rare", ["!rare", "!map"], "*"])
def test_criteria_are_written_as_they_are_read(written: str | list[str]) -> None:
    """What is written in the settings comes back the same."""
    assert written == Criterion.parse(written).written()


@pytest.mark.parametrize("written", [[], "", "!", ["a", "!b"], ["*", "a"]])
def test_criteria_that_say_nothing_are_refused(written: str | list[str]) -> None:
    """An empty list, or a mixture of codes and negated codes, has no clear meaning."""
    with pytest.raises(InvalidValue):
        Criterion.parse(written)


STRATEGIES = weight_strategies() | line_strategies()


@given(circ_rules(), STRATEGIES, control_libraries(), cases(), st.sampled_from((Concern.LOAN, Concern.LIMITS)))
def test_explanation_and_answer_agree(
    rules: tuple[CircRule, ...], precedence: Precedence, control: ControlLibraries, case: Case, concern: Concern
) -> None:
    """The rule that the explanation calls the winner is the one that governs the loan."""
    fallback = CircRule(id="fallback", loan="none")
    compiled = compile_rules(rules, precedence=precedence, fallback=fallback, trees=TOWN, control=control)
    told = compiled.explain(case, concern=concern)
    assert [compiled.find(case).rule_for(concern)] == [line.rule for line in told if line.won]
    assert len(rules) + 1 == len(told)


@given(circ_rules(), weight_strategies(), cases(), st.randoms(use_true_random=False))
def test_weights_do_not_depend_on_the_order_of_the_rules(
    rules: tuple[CircRule, ...], precedence: Precedence, case: Case, chance: object
) -> None:
    """Sorting the settings file differently changes no answer, where weights decide."""
    shuffled = list(rules)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert outcome(rules, precedence, case) == outcome(shuffled, precedence, case)


def outcome(rules: object, precedence: Precedence, case: Case) -> tuple[object, ...]:
    match: Match = compile_rules(rules, precedence=precedence, trees=TOWN).find(case)  # type: ignore[arg-type]
    return (match.by, match.loan, match.limits, sorted(match.tied))


@given(circ_rules(), STRATEGIES, cases())
def test_a_remembered_answer_is_the_answer(rules: tuple[CircRule, ...], precedence: Precedence, case: Case) -> None:
    """Asking twice gives the same match, and so does asking afresh."""
    compiled = compile_rules(rules, precedence=precedence, trees=TOWN)
    assert compiled.find(case) is compiled.find(attrs.evolve(case)) is compiled.look_up(case)
