"""What the linter finds in a set of rules, held against trying every case."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from libops.base.ids import LibraryCode
from libops.circulation.policy.lint import Finding, FindingKind, lint_rules
from libops.circulation.policy.rules import (
    AgeRange,
    Case,
    CircRule,
    ColumnWeights,
    CompiledRules,
    Concern,
    Criterion,
    FixedWeights,
    Precedence,
    PriorityLine,
    Tree,
    Trees,
    compile_rules,
)

LIBRARIES, CATEGORIES, TYPES = ("TOWN", "MAIN", "EAST"), ("adult", "student", "child"), ("media", "dvd", "book")
TREES = Trees(
    libraries=Tree({"TOWN": None, "MAIN": "TOWN", "EAST": "TOWN"}),
    categories=Tree({"adult": None, "student": "adult", "child": None}),
    item_types=Tree({"media": None, "dvd": "media", "book": None}),
)
CASES = tuple(
    Case(library, category, kind, library, library, library, patron_age=age, renewal=renewal)  # type: ignore[arg-type]
    for library, category, kind, age, renewal in product(LIBRARIES, CATEGORIES, TYPES, (5, 15, 40, None), (False, True))
)


def only(*codes: str) -> Criterion:
    return Criterion(codes)


def kinds(*rules: CircRule, precedence: Precedence | None = None, fallback: CircRule | None = None) -> list[str]:
    found = lint_rules(compile_rules(rules, precedence=precedence, trees=TREES, fallback=fallback))
    return [f"{finding.kind.value} {' '.join(finding.rules)}".strip() for finding in found]


FALLBACK = CircRule(id="fallback", loan="month")


def test_a_rule_under_an_earlier_line_never_wins() -> None:
    """With first-line, a narrow rule below a broad one is dead."""
    rules = (
        CircRule(id="media", item_type=only("media"), loan="a"),
        CircRule(id="dvd", item_type=only("dvd"), loan="b"),
    )
    line = PriorityLine("first-line")
    assert ["shadowed dvd"] == kinds(*rules, precedence=line, fallback=FALLBACK)
    assert [] == kinds(*rules, precedence=FixedWeights(), fallback=FALLBACK)


def test_a_rule_covered_by_several_others_together_never_wins() -> None:
    """No single rule stands above it everywhere, but together they leave it nothing."""
    rules = (
        CircRule(id="main", library=only("MAIN"), loan="a"),
        CircRule(id="east", library=only("EAST"), loan="b"),
        CircRule(id="town", library=only("TOWN"), loan="c"),
        CircRule(id="dvd", item_type=only("dvd"), loan="d"),
    )
    assert ["shadowed dvd"] == kinds(*rules, fallback=FALLBACK)


def test_criteria_that_exclude_each_other_are_unreachable() -> None:
    """A rule for the item's library MAIN cannot hold where the library that counts is the item's home, EAST."""
    rule = CircRule(id="never", transaction_library=only("MAIN"), library=only("EAST"), loan="a")
    assert ["unreachable never"] == kinds(rule, fallback=FALLBACK)


def test_ties_are_shown_with_a_case() -> None:
    """Two lists that share a type tie there."""
    rules = (
        CircRule(id="films", item_type=only("dvd", "book"), loan="a"),
        CircRule(id="sounds", item_type=only("dvd", "cd"), loan="b"),
    )
    flat = lint_rules(compile_rules(rules, fallback=FALLBACK))
    assert [(FindingKind.TIE, "dvd")] == [(found.kind, found.case and found.case.item_type) for found in flat]


def test_equal_rules_that_say_the_same_are_no_tie() -> None:
    """Two rules of one score that give the same policies leave no question."""
    rules = (
        CircRule(id="a", item_type=only("dvd"), loan="x"),
        CircRule(id="b", item_type=only("dvd", "book"), loan="x"),
    )
    assert [] == [kind for kind in kinds(*rules, precedence=ColumnWeights(), fallback=FALLBACK) if "tie" in kind]


def test_cases_that_no_rule_covers() -> None:
    """Without a fallback, the linter names what is left."""
    rules = (
        CircRule(id="young", patron_age=AgeRange(0, 17), loan="a"),
        CircRule(id="old", patron_age=AgeRange(18), loan="b"),
    )
    found = lint_rules(compile_rules(rules, trees=TREES))
    assert [(FindingKind.UNCOVERED, None)] == [(one.kind, one.case and one.case.patron_age) for one in found]
    assert [] == kinds(*rules, fallback=FALLBACK)
    assert ["uncovered"] == kinds(*rules, fallback=CircRule(id="fallback", limits="adult"))


def test_a_finding_reads_as_a_sentence() -> None:
    """The report names the rule, what is wrong and a case."""
    rules = (CircRule(id="all", loan="a"), CircRule(id="dvd", item_type=only("dvd"), loan="b"))
    found = lint_rules(compile_rules(rules, precedence=PriorityLine("first-line"), trees=TREES))
    text = "shadowed: dvd: never wins: all wins every case that it matches (for example: item_type dvd)"
    assert [text] == [str(finding) for finding in found]


def test_a_case_names_a_library_once_where_it_is_the_same_in_every_role() -> None:
    """Lent, owned, held and joined at East is "library EAST"; a loan between libraries says which is which."""
    east, main = LibraryCode("EAST"), LibraryCode("MAIN")
    others = "item_library EAST, holding_library EAST"
    for home, words in (
        (east, "library EAST, item_type dvd"),
        (main, f"transaction_library EAST, item_type dvd, patron_library MAIN, {others}"),
    ):
        finding = Finding(FindingKind.UNCOVERED, "no rule", case=Case(east, None, "dvd", home, east, east))
        assert f"uncovered: no rule (for example: {words})" == str(finding)


def criteria(codes: tuple[str, ...]) -> st.SearchStrategy[Criterion | None]:
    some = st.lists(st.sampled_from(codes), min_size=1, max_size=2, unique=True).map(tuple)
    return st.none() | some.map(Criterion) | some.map(lambda none: Criterion((), none))


@st.composite
def compiled(draw: st.DrawFn) -> CompiledRules:
    rules = tuple(
        CircRule(
            id=f"rule-{number}",
            library=draw(criteria(LIBRARIES)),
            patron_category=draw(criteria(CATEGORIES)),
            item_type=draw(criteria(TYPES)),
            patron_age=draw(st.sampled_from((None, None, AgeRange(0, 11), AgeRange(12, 17)))),
            renewal=draw(st.sampled_from((None, None, True, False))),
            loan=draw(st.sampled_from((None, "short", "long"))),
            limits=draw(st.sampled_from((None, "few", "many"))),
        )
        for number in range(draw(st.integers(1, 7)))
    )
    strategies = (
        FixedWeights(),
        FixedWeights(inherit=True),
        ColumnWeights(),
        PriorityLine("first-line"),
        PriorityLine(),
    )
    return compile_rules(rules, precedence=draw(st.sampled_from(strategies)), trees=TREES)


@given(compiled())
def test_every_rule_wins_somewhere_or_is_reported(rules: CompiledRules) -> None:
    """The linter reports exactly the rules that win none of all possible cases."""
    winning = {rule for case in CASES for rule in rules.find(case).by if rule is not None}
    dead = {
        name
        for finding in lint_rules(rules)
        if finding.kind in (FindingKind.UNREACHABLE, FindingKind.SHADOWED)
        for name in finding.rules
    }
    assert {rule.id for rule in rules.rules} - winning == dead


@given(compiled())
def test_every_tie_and_every_gap_has_a_case_that_shows_it(rules: CompiledRules) -> None:
    """A case that the linter names as a tie or a gap is one, and where it names none there is none."""
    findings = lint_rules(rules)
    for finding in findings:
        if finding.kind is FindingKind.TIE:
            assert finding.case is not None
            assert set(finding.rules) <= tied_or_won(rules, finding.case)
        if finding.kind is FindingKind.UNCOVERED:
            assert finding.case is not None
            assert None is rules.find(finding.case).loan
    gaps = {rules.find(case).by[:1] for case in CASES if not rules.find(case).by or rules.find(case).by[0] is None}
    if gaps:
        assert FindingKind.UNCOVERED in {finding.kind for finding in findings}


def tied_or_won(rules: CompiledRules, case: Case) -> set[str | None]:
    match = rules.find(case)
    return {*match.tied, *(match.rule_for(concern) for concern in Concern)}


def test_many_rules_are_linted_in_reasonable_steps() -> None:
    """A large set with a rule for each pair of library and shelf, and one below them all, is decided."""
    rules = [
        CircRule(id=f"{library}-{number}", library=only(library), collection=only(f"shelf-{number}"), loan="a")
        for library in LIBRARIES
        for number in range(60)
    ]
    assert ["shadowed below"] == kinds(*rules, CircRule(id="below", collection=only("shelf-1")), fallback=FALLBACK)
