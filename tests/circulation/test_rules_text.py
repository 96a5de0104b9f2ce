"""Circulation rules in FOLIO's language."""

from __future__ import annotations

import pytest

from libops.base.errors import SettingsError
from libops.circulation.policy.rules import AgeRange, Case, Criterion, Tree, Trees, compile_rules, parse_rules

TREES = Trees(libraries=Tree({"uni": None, "north": "uni", "law": "north"}))
HEAD = "priority: criterium(t, s, c, b, a, m, g), number-of-criteria, last-line\nfallback-policy: l no-loan\n"


def loan(text: str, case: Case) -> str | None:
    found = parse_rules(text)
    compiled = compile_rules(found.rules, precedence=found.precedence, fallback=found.fallback, trees=TREES)
    return compiled.find(case).loan


FIVE_RULES = (
    HEAD
    + """
g visitor: l loan-a
    t rare: l loan-b
t rare: l loan-c
    m book: l loan-d
m book: l loan-e
"""
)


def test_the_best_letter_then_the_number_of_criteria_then_the_last_line() -> None:
    """FOLIO's documented example: t beats m and g, two criteria beat one, and of b and d the last line wins."""
    visitor = Case("law", "visitor", "book", loan_type="rare")
    assert "loan-d" == loan(FIVE_RULES, visitor)
    assert "loan-b" == loan(FIVE_RULES, Case("law", "visitor", "map", loan_type="rare"))
    assert "loan-e" == loan(FIVE_RULES, Case("law", "visitor", "book", loan_type="usual"))
    assert "loan-a" == loan(FIVE_RULES, Case("law", "visitor", "map", loan_type="usual"))
    assert "no-loan" == loan(FIVE_RULES, Case("law", "staff", "map"))


def test_all_raises_the_priority_of_a_line() -> None:
    """`all` restricts nothing, but it counts as a criterion."""
    case = Case("law", "visitor", "book", loan_type="rare", shelving_location="course-reserve")
    plain = HEAD + "g visitor + t rare: l two\ns course-reserve: l one\n"
    raised = HEAD + "g visitor + t rare: l two\ng all + t all + s course-reserve: l one\n"
    assert ["two", "one"] == [loan(text, case) for text in (plain, raised)]


def test_places_count_as_one_criterion() -> None:
    """Library and shelving location together are one criterion, so that group and type win over them."""
    text = (
        "priority: number-of-criteria, last-line\nfallback-policy: l no-loan\n"
        "g visitor + m book: l pair\nc law + s reserve: l place\n"
    )
    assert "pair" == loan(text, Case("law", "visitor", "book", shelving_location="reserve"))


@pytest.mark.parametrize(("line", "expected"), [("first-line", "one"), ("last-line", "two")])
def test_first_or_last_line(line: str, expected: str) -> None:
    """With a line alone as priority, the place in the text decides; the fallback stands on the far side."""
    rules, fallback = "m book: l one\ng visitor: l two\n", "fallback-policy: l no-loan\n"
    body = rules + fallback if line == "first-line" else fallback + rules
    assert expected == loan(f"priority: {line}\n{body}", Case("law", "visitor", "book"))


def test_letters_alone_are_short_for_the_whole_priority() -> None:
    """Older rule files list the letters only."""
    text = FIVE_RULES.replace("criterium(t, s, c, b, a, m, g), number-of-criteria, last-line", "t, s, c, b, a, m, g")
    assert "loan-d" == loan(text, Case("law", "visitor", "book", loan_type="rare"))


def test_a_library_nearer_to_the_item_has_its_own_letter() -> None:
    """a, b and c are the institution, the campus and the library."""
    text = (
        "priority: c, b, a, s, t, m, g\nfallback-policy: l no-loan\nc law: l library\nb north: l campus\na uni: l all\n"
    )
    cases = (Case("law"), Case("north"), Case("uni"))  # type: ignore[arg-type]
    assert ["library", "campus", "all"] == [loan(text, case) for case in cases]


def test_negated_names_and_comments() -> None:
    """`!` matches every other name; what follows # or / is no rule."""
    text = HEAD + "# visitors\ng !visitor !undergrad: l in-house / not at night\n"
    assert ["in-house", "no-loan"] == [loan(text, Case(patron_category=group)) for group in ("staff", "undergrad")]


def test_a_code_may_hold_a_slash() -> None:
    """FOLIO's codes of locations do; a comment begins the line, or after a blank."""
    text = HEAD + "/ places\ns KU/CC/DI/M: l in-house / read there\n#s KU: l one\n"
    (rule,) = parse_rules(text).rules
    assert (Criterion(("KU/CC/DI/M",)), "in-house") == (rule.shelving_location, rule.loan)


def test_the_score_names_the_letter_that_decides() -> None:
    """The best letter, its rank, the number of criteria, the line."""
    found = parse_rules(FIVE_RULES)
    compiled = compile_rules(found.rules, precedence=found.precedence, fallback=found.fallback, trees=TREES)
    first = compiled.explain(Case("law", "visitor", "book", loan_type="rare"))[0]
    assert "criterium t 7, number-of-criteria 2, last-line 4" == first.score


def test_nested_lines_narrow_the_line_above() -> None:
    """A line under another holds only where both do."""
    text = HEAD + "m book map: l one\n    m !map + g staff: l two\n"
    assert Criterion(("book",)) == parse_rules(text).rules[1].item_type


def test_names_without_a_letter_are_written_out() -> None:
    """What FOLIO has no letter for is named, so that every rule can be written as text."""
    rule = parse_rules(HEAD + "patron_age 12-17 + renewal yes + collection fiction: l a limits young\n").rules[0]
    assert (AgeRange(12, 17), True, Criterion(("fiction",))) == (rule.patron_age, rule.renewal, rule.collection)
    assert "young" == rule.limits


def test_all_problems_are_told_with_their_lines() -> None:
    """Somebody who writes rules sees every mistake at once."""
    text = "priority: number-of-criteria\nx book: l one\nm book: l\nm book\n    m map: l never\ng a !b: z one\n"
    with pytest.raises(SettingsError) as caught:
        parse_rules(text)
    assert ["line 2", "line 3", "line 5", "line 6", "line 1", "fallback-policy"] == [
        problem.partition(":")[0] for problem in caught.value.problems
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("m book: l one\n", "fallback-policy: is missing"),
        ("m book: l one\nfallback-policy: l none\n", "before the first rule"),
        ("priority: first-line\nfallback-policy: l none\nm book: l one\n", "after all rules"),
        ("fallback-policy: l a l b\n", "given twice"),
        ("fallback-policy: l a\nm book\ng staff: l b\n", "line 2: no policies here"),
        ("fallback-policy: l a\nm book: l b\n    g staff\n", "line 3: no policies here"),
        ("fallback-policy: l a\nfallback-policy: l b\n", "already"),
        ("fallback-policy: l a\nm book: l b\npriority: last-line\n", "after the first rule"),
        ("priority: criterium(q), last-line\nfallback-policy: l a\n", "the letters are"),
    ],
)
def test_heads_in_the_wrong_place(text: str, problem: str) -> None:
    """Priority comes first, and there is always a fallback (FOLIO refuses rules without one)."""
    with pytest.raises(SettingsError, match=problem):
        parse_rules(text)
