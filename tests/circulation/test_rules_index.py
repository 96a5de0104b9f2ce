"""The compiled index answers as reading the rules one by one does, for every strategy of precedence."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from libops.base.ids import LibraryCode
from libops.circulation.policy.rules import (
    AgeRange,
    Case,
    CircRule,
    ColumnWeights,
    CompiledRules,
    Concern,
    ControlLibraries,
    Criterion,
    FixedWeights,
    Precedence,
    PriorityLine,
    Tree,
    Trees,
    compile_rules,
)
from libops.circulation.policy.rules.explain import why_not
from libops.testing.strategies.rules import (
    TOWN,
    cases,
    circ_rules,
    control_libraries,
    line_strategies,
    weight_strategies,
)

STRATEGIES = weight_strategies() | line_strategies() | st.just(ColumnWeights({}, inherit=False))


def one_by_one(compiled: CompiledRules, case: Case) -> tuple[tuple[str | None, ...], set[str]]:
    """For each concern the rule that wins, and all that tie with one that wins, found by asking every rule."""
    book = compiled.book
    winners, tied = [], set()
    for concern in Concern:
        asked = [rule for rule in book.rules if why_not(book, rule, case, concern) is None]
        if book.precedence.inherit:
            asked = [rule for rule in asked if rule.policies.get(concern) is not None]
        if not asked:
            winners.append("fallback")
            continue
        scores = {rule.id: book.precedence.score(book.shapes[rule.id]) for rule in asked}
        best = sorted(name for name, score in scores.items() if score == max(scores.values()))
        winners.append(best[0])
        tied.update(best[1:])
    return tuple(winners), tied


@given(circ_rules(most=12), STRATEGIES, control_libraries(), st.lists(cases(), min_size=1, max_size=6))
def test_the_index_finds_what_reading_every_rule_finds(
    rules: tuple[CircRule, ...], precedence: Precedence, control: ControlLibraries, asked: Sequence[Case]
) -> None:
    """Every concern's winner and every tie are those that a reader of the rules would find, met before or not."""
    fallback = CircRule(id="fallback", loan="none")
    compiled = compile_rules(rules, precedence=precedence, fallback=fallback, trees=TOWN, control=control)
    for case in asked:
        expected = one_by_one(compiled, case)
        for match in (compiled.look_up(case), compiled.find(case), compiled.find(case)):
            assert expected == (match.by, set(match.tied))


def test_a_library_named_beside_the_one_above_it_is_no_tie() -> None:
    """A rule that lists both a town and its branch holds for the branch once, and does not tie with itself."""
    rule = CircRule(id="town", library=Criterion(("TOWN", "MAIN")), loan="weeks")
    match = compile_rules((rule,), trees=TOWN).find(Case(LibraryCode("MAIN")))
    assert ("town", ()) == (match.rule_id, match.tied)


def test_branches_at_different_depths_in_one_rule() -> None:
    """A list may name a branch and a department of another branch: each is met at its own depth."""
    rule = CircRule(id="both", library=Criterion(("EAST", "MAIN-KIDS")), loan="weeks")
    compiled = compile_rules((rule,), trees=TOWN)
    libraries = ("TOWN", "MAIN", "MAIN-KIDS", "EAST")
    assert [None, None, "both", "both"] == [compiled.find(Case(LibraryCode(code))).rule_id for code in libraries]


def test_lists_of_hundreds_of_collections() -> None:
    """A rule may list every collection of a large library; those not in the list are not met."""
    named = tuple(f"fund-{number}" for number in range(300))
    rules = (CircRule(id="funds", collection=Criterion(named)), CircRule(id="all"))
    compiled = compile_rules(rules)
    assert ["funds", "funds", "all", "all"] == [
        compiled.look_up(Case(collection=code)).rule_id for code in ("fund-0", "fund-299", "fund-300", None)
    ]


def test_ages_between_and_beside_the_ranges() -> None:
    """Every age is told apart at the edge of a range, and remembered answers keep to it."""
    rules = (
        CircRule(id="child", patron_age=AgeRange(0, 11)),
        CircRule(id="teen", patron_age=AgeRange(12, 17)),
        CircRule(id="senior", patron_age=AgeRange(65)),
        CircRule(id="fresh", item_age=AgeRange(0, 90), patron_age=AgeRange(18, 64)),
    )
    compiled = compile_rules(rules)
    asked = [(0, 0), (11, 91), (12, 0), (17, 5), (18, 0), (18, 90), (18, 91), (64, None), (65, 0), (None, 0)]
    expected = ["child", "child", "teen", "teen", "fresh", "fresh", None, None, "senior", None]
    for _ in range(2):
        assert expected == [compiled.find(Case(patron_age=age, item_age=days)).rule_id for age, days in asked]


def test_flags_and_negations_stand_beside_codes() -> None:
    """A rule for reference works, one for anything but films, and one for films: the more is named, the better."""
    rules = (
        CircRule(id="not-film", item_type=Criterion((), ("dvd",)), loan="month"),
        CircRule(id="film", item_type=Criterion(("dvd",)), loan="week"),
        CircRule(id="reference", reference=True, item_type=Criterion((), ("dvd",)), loan="no"),
    )
    compiled = compile_rules(rules, precedence=FixedWeights())
    asked = [("book", False), ("dvd", False), ("book", True), ("dvd", True), (None, True)]
    assert ["not-film", "film", "reference", "film", None] == [
        compiled.find(Case(item_type=kind, reference=flag)).rule_id for kind, flag in asked
    ]


def test_the_last_line_wins_over_better_kinds_of_rules() -> None:
    """FOLIO's last line alone decides: a rule of one criterion further down beats one of three above it."""
    rules = (
        CircRule(id="three", library=Criterion(("MAIN",)), patron_category=Criterion(("adult",)), loan="a"),
        CircRule(id="films", item_type=Criterion(("dvd",)), loan="b"),
        CircRule(id="main", library=Criterion(("MAIN",)), loan="c"),
    )
    case = Case(LibraryCode("MAIN"), "adult", "dvd")
    found = {line: compile_rules(rules, precedence=PriorityLine(line)).find(case).rule_id for line in LINES}
    assert {"last-line": "main", "first-line": "three"} == found


LINES = ("last-line", "first-line")


def test_values_outside_the_trees_meet_only_themselves() -> None:
    """A code that the settings do not know has nothing above it."""
    trees = Trees(item_types=Tree({"media": None, "dvd": "media"}))
    rules = (
        CircRule(id="media", item_type=Criterion(("media",))),
        CircRule(id="kayak", item_type=Criterion(("kayak",))),
    )
    compiled = compile_rules(rules, trees=trees)
    assert ["media", "kayak", None] == [compiled.find(Case(item_type=kind)).rule_id for kind in ("dvd", "kayak", "oar")]


def test_no_rules_at_all() -> None:
    """Without rules the fallback holds for every case, and without a fallback nothing does."""
    assert "fallback" == compile_rules((), fallback=CircRule(id="fallback", loan="weeks")).look_up(Case()).rule_id
    assert None is compile_rules((), precedence=ColumnWeights()).look_up(Case()).rule_id
