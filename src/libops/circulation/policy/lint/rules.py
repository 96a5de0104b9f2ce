"""What is wrong with a set of rules: rules that never win, rules that tie, cases that no rule covers.

>>> from libops.circulation.policy.rules import CircRule, Criterion, FixedWeights, compile_rules
>>> rules = (
...     CircRule(id="dvd", item_type=Criterion(("dvd",)), loan="week"),
...     CircRule(id="media", item_type=Criterion(("dvd", "cd")), loan="month"),
... )
>>> for finding in lint_rules(compile_rules(rules)):
...     print(finding.kind.value, finding.rules, finding.case.item_type)
tie ('dvd', 'media') dvd
uncovered () another item type
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from itertools import combinations
from typing import Final

from attrs import frozen

from libops.circulation.policy.lint.boxes import Box, Space, TooMany, space_of, witness
from libops.circulation.policy.rules.compiled import CompiledRules
from libops.circulation.policy.rules.explain import RuleBook
from libops.circulation.policy.rules.matching import LIBRARY_AXES, ROLE_FIELDS
from libops.circulation.policy.rules.model import Case, CircRule, Concern
from libops.circulation.policy.rules.precedence import Score

__all__ = ["Finding", "FindingKind", "lint_rules"]

MOST_UNCOVERED: Final = 20


class FindingKind(Enum):
    """What the linter found."""

    UNREACHABLE = "unreachable"
    """No case satisfies all criteria of the rule."""
    SHADOWED = "shadowed"
    """For every case that the rule matches, other rules win."""
    TIE = "tie"
    """Two rules of equal score match the same case and give it different policies."""
    UNCOVERED = "uncovered"
    """A case that no rule, and no fallback, gives a loan policy."""
    UNDECIDED = "undecided"
    """So many rules overlap that the search for a witness was given up."""
    CONTRADICTION = "contradiction"
    """Two terms of a policy that cannot both have effect."""
    UNUSED = "unused"
    """A policy that no rule names."""


@frozen
class Finding:
    """One thing found: the rules or the path it concerns, a case that shows it, and what to do about it."""

    kind: FindingKind
    text: str
    rules: tuple[str, ...] = ()
    case: Case | None = None
    path: str = ""

    def __str__(self) -> str:
        where = self.path or ", ".join(self.rules)
        shown = f" (for example: {case_in_words(self.case)})" if self.case is not None else ""
        return f"{self.kind.value}: {where}{': ' if where else ''}{self.text}{shown}"


def case_in_words(case: Case) -> str:
    """The facts of a case that are known."""
    facts = {name: getattr(case, name) for name in Case.__match_args__}
    libraries = {facts[field] for field in ROLE_FIELDS.values()}
    if len(libraries) == 1:
        facts = {"library": libraries.pop(), **{name: facts[name] for name in facts if name not in LIBRARY_AXES}}
    return ", ".join(f"{name} {'yes' if fact is True else fact}" for name, fact in facts.items() if fact) or "any case"


def lint_rules(compiled: CompiledRules) -> tuple[Finding, ...]:
    """Everything that is wrong with the rules, each with a case that shows it."""
    book = compiled.book
    scores = {rule.id: book.precedence.score(book.shapes[rule.id]) for rule in book.rules}
    spaces = {concern: space_of(book, concern) for concern in concerns_of(book)}
    return (
        *(finding for rule in book.rules for finding in never_wins(book, rule, scores, spaces)),
        *ties(compiled, scores, spaces),
        *uncovered(book, spaces[Concern.LOAN]),
    )


def concerns_of(book: RuleBook) -> tuple[Concern, ...]:
    """With inheritance every concern has its own winner; without, concerns differ only by whose library counts."""
    if book.precedence.inherit:
        return tuple(Concern)
    first: dict[object, Concern] = {}
    for concern in Concern:
        first.setdefault(getattr(book.control, concern.value), concern)
    return tuple(first.values())


def setting(book: RuleBook, concern: Concern) -> list[CircRule]:
    return [rule for rule in book.rules if not book.precedence.inherit or getattr(rule, concern.value) is not None]


def never_wins(
    book: RuleBook, rule: CircRule, scores: dict[str, Score], spaces: dict[Concern, Space]
) -> Iterator[Finding]:
    """A finding if no case lets the rule win for any of the policies it sets."""
    rivals: dict[str, None] = {}
    possible = False
    for concern, space in spaces.items():
        box = space.boxes[rule.id]
        if not all(box.values()):
            continue
        possible = True
        rulers = setting(book, concern)
        if rule not in rulers:
            continue
        above = [other for other in rulers if before(other, rule, scores) and space.meets(space.boxes[other.id], box)]
        try:
            if witness(space, box, [space.boxes[other.id] for other in above]) is not None:
                return
        except TooMany:
            yield Finding(FindingKind.UNDECIDED, "too many rules overlap to say whether it ever wins", (rule.id,))
            return
        rivals.update((other.id, None) for other in above)
    if not possible:
        yield Finding(FindingKind.UNREACHABLE, "no case satisfies all its criteria", (rule.id,))
    elif not rule.policies and book.precedence.inherit:
        yield Finding(FindingKind.SHADOWED, "names no policy, so that it never decides anything", (rule.id,))
    else:
        text = f"never wins: {', '.join(rivals)} {'win' if len(rivals) > 1 else 'wins'} every case that it matches"
        example = spaces[Concern.LOAN].boxes[rule.id]
        yield Finding(FindingKind.SHADOWED, text, (rule.id,), spaces[Concern.LOAN].case(example))


def before(other: CircRule, rule: CircRule, scores: dict[str, Score]) -> bool:
    if other is rule:
        return False
    mine, theirs = scores[rule.id], scores[other.id]
    return theirs > mine or (theirs == mine and other.id < rule.id)


def ties(compiled: CompiledRules, scores: dict[str, Score], spaces: dict[Concern, Space]) -> Iterator[Finding]:
    """Pairs of rules that give one case different policies at the same score."""
    book = compiled.book
    by_score: dict[Score, list[CircRule]] = {}
    for rule in book.rules:
        by_score.setdefault(scores[rule.id], []).append(rule)
    for equals in by_score.values():
        for one, other in combinations(equals, 2):
            for concern, space in spaces.items():
                found = tie(book, one, other, concern, space, scores)
                if found is not None:
                    yield found
                    break


def tie(
    book: RuleBook, one: CircRule, other: CircRule, concern: Concern, space: Space, scores: dict[str, Score]
) -> Finding | None:
    if not differ(book, one, other, concern) or not space.meets(space.boxes[one.id], space.boxes[other.id]):
        return None
    box = both(space, one, other)
    score = scores[one.id]
    above = [space.boxes[rule.id] for rule in setting(book, concern) if scores[rule.id] > score]
    try:
        found = witness(space, box, above)
    except TooMany:
        return None
    if found is None:
        return None
    text = f"both match with the same score ({book.precedence.words(book.shapes[one.id])}): make one more specific"
    return Finding(FindingKind.TIE, text, (one.id, other.id), space.case(found))


def differ(book: RuleBook, one: CircRule, other: CircRule, concern: Concern) -> bool:
    if not book.precedence.inherit:
        return one.policies != other.policies
    mine, theirs = getattr(one, concern.value), getattr(other, concern.value)
    return mine is not None and theirs is not None and mine != theirs


def both(space: Space, one: CircRule, other: CircRule) -> Box:
    mine, theirs = space.boxes[one.id], space.boxes[other.id]
    return {axis: mine.get(axis, bits) & theirs.get(axis, bits) for axis, bits in space.full.items()}


def uncovered(book: RuleBook, space: Space) -> Iterator[Finding]:
    """Cases without a loan policy, at most twenty kinds of them."""
    if book.fallback is not None and book.fallback.loan:
        return
    covers: list[Box] = [space.boxes[rule.id] for rule in setting(book, Concern.LOAN)]
    for _ in range(MOST_UNCOVERED):
        try:
            found = witness(space, {}, covers)
        except TooMany:
            yield Finding(FindingKind.UNDECIDED, "too many rules overlap to say which cases none covers")
            return
        if found is None:
            return
        text = "no rule gives a loan policy: add a rule, or a fallback"
        yield Finding(FindingKind.UNCOVERED, text, case=space.case(found))
        covers.append(found)
