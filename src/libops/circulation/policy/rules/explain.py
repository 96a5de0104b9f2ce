"""Why a rule won or lost: each rule of the settings, asked one by one without the index.

The answer is found by another way than `CompiledRules.find`, so that one can be held against the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import evolve, frozen

from libops.base.decisions import RuleConsidered
from libops.circulation.policy.rules.matching import Trees, fact, satisfied
from libops.circulation.policy.rules.model import Case, CircRule, Concern, ControlLibraries
from libops.circulation.policy.rules.precedence import Precedence, Score, Shape

__all__ = ["RuleBook", "explained", "why_not"]


@frozen(eq=False)
class RuleBook:
    """All that decides which rule wins: the rules with their shapes, the strategy, the trees and the libraries."""

    rules: Sequence[CircRule]
    shapes: Mapping[str, Shape]
    precedence: Precedence
    fallback: CircRule | None
    trees: Trees
    control: ControlLibraries


def explained(book: RuleBook, case: Case, concern: Concern) -> tuple[RuleConsidered, ...]:
    """The winner first, then the rules that matched by score, then the others in the order of the settings.

    Where other policies come from other rules, each line says which of them its rule gives.
    """
    refusals = {rule.id: why_not(book, rule, case, concern) for rule in book.rules}
    scores = {rule.id: book.precedence.score(book.shapes[rule.id]) for rule in book.rules}
    matching = by_score([rule for rule in book.rules if refusals[rule.id] is None], scores)
    winner = next((rule for rule in matching if sets(book, rule, concern)), None)
    scores = {rule.id: scores[rule.id] for rule in matching}
    lines = [told(book, rule, winner, scores, concern) for rule in matching]
    lines.sort(key=lambda line: not line.won)
    if book.fallback is not None:
        why = "no rule matches" if not matching else "no rule sets it" if winner is None else "a rule matches"
        lines.insert(0 if winner is None else len(lines), RuleConsidered(book.fallback.id, winner is None, "-", why))
    lines += [RuleConsidered(rule, False, "-", why) for rule, why in refusals.items() if why is not None]
    given = other_policies(book, case, concern)
    if given.keys() <= {lines[0].rule}:
        return tuple(lines)
    return tuple(
        evolve(line, why=f"{line.why}; gives {', '.join(given[line.rule])}") if line.rule in given else line
        for line in lines
    )


def by_score(rules: list[CircRule], scores: Mapping[str, Score]) -> list[CircRule]:
    return sorted(rules, key=lambda rule: ([-part for part in scores[rule.id]], rule.id))


def other_policies(book: RuleBook, case: Case, concern: Concern) -> dict[str, list[str]]:
    """By rule, the kinds of policies beside this one that come from it, as `fine` or `limits`."""
    scores = {rule.id: book.precedence.score(book.shapes[rule.id]) for rule in book.rules}
    given: dict[str, list[str]] = {}
    for other in Concern:
        if other is concern:
            continue
        matching = by_score([rule for rule in book.rules if why_not(book, rule, case, other) is None], scores)
        rule = next((rule for rule in matching if sets(book, rule, other)), book.fallback)
        if rule is not None and getattr(rule, other.value):
            given.setdefault(rule.id, []).append(other.value)
    return given


def sets(book: RuleBook, rule: CircRule, concern: Concern) -> bool:
    return not book.precedence.inherit or getattr(rule, concern.value) is not None


def told(
    book: RuleBook, rule: CircRule, winner: CircRule | None, scores: Mapping[str, Score], concern: Concern
) -> RuleConsidered:
    words = book.precedence.words(book.shapes[rule.id])
    if winner is None or not sets(book, rule, concern):
        why = f"matches, but leaves {concern.value} unset"
    elif rule is winner:
        equal = [name for name, score in scores.items() if score == scores[rule.id] and name != rule.id]
        why = f"tie with {', '.join(equal)}; the id first in order is taken" if equal else "matches with the best score"
    elif scores[rule.id] == scores[winner.id]:
        why = f"matches, but {winner.id} has the same score and comes first by id: a tie"
    else:
        why = f"matches, but {winner.id} scores higher ({book.precedence.words(book.shapes[winner.id])})"
    return RuleConsidered(rule.id, rule is winner, words, why)


def why_not(book: RuleBook, rule: CircRule, case: Case, concern: Concern) -> str | None:
    """The first criterion that the case does not satisfy, in words; `None` if the rule matches."""
    for axis, criterion in rule.axes.items():
        value = fact(case, axis, book.control, concern)
        if not satisfied(book.trees, axis, criterion, value):
            return f"{axis} is {'unknown' if value is None else value}, the rule asks for {criterion}"
    return None
