"""Compiled rules: the answer to "which rule wins for this case" in about the time of a few look-ups.

>>> from libops.circulation.policy.rules.model import Criterion
>>> rules = (
...     CircRule(id="all", loan="three-weeks", limits="adult"),
...     CircRule(id="dvd", item_type=Criterion(("dvd",)), loan="one-week", limits="adult"),
... )
>>> compiled = compile_rules(rules, precedence=FixedWeights())
>>> match = compiled.find(Case(item_type="dvd", patron_category="adult"))
>>> match.loan, match.rule_id
('one-week', 'dvd')
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter, itemgetter
from typing import Any, Final

from attrs import evolve, frozen

from libops.base.decisions import RuleConsidered
from libops.base.errors import InvalidValue
from libops.base.ids import LibraryCode
from libops.circulation.policy.rules.explain import RuleBook, explained
from libops.circulation.policy.rules.index import BITS, Facts, RuleIndex
from libops.circulation.policy.rules.matching import ROLE_FIELDS, Trees, shape_of
from libops.circulation.policy.rules.model import Case, CircRule, Concern, ControlLibraries
from libops.circulation.policy.rules.precedence import FixedWeights, Precedence, Shape

__all__ = ["CompiledRules", "Match", "Trees", "compile_rules"]

MOST_CASES: Final = 20_000
CONCERNS: Final = tuple(Concern)
EVERY_CONCERN: Final = sum(BITS.values())
ID: Final = attrgetter("id")
SCORE: Final = itemgetter(0)


@frozen(eq=False)
class Match:
    """The rule that won, the policies it gives, and which rule set each of them.

    A policy is `None` where no rule sets it, and an empty name where a rule says that there is none. `rule` is `None`
    when no rule matches at all. `tied` names the rules of equal score that match as well: the linter reports them.
    """

    rule: CircRule | None
    loan: str | None = None
    fine: str | None = None
    limits: str | None = None
    holds: str | None = None
    lost: str | None = None
    suspension: str | None = None
    reminders: str | None = None
    recall: str | None = None
    notices: str | None = None
    by: tuple[str | None, ...] = ()
    tied: tuple[str, ...] = ()

    @property
    def rule_id(self) -> str | None:
        """The id of the rule that decides about the loan."""
        return None if self.rule is None else self.rule.id

    def rule_for(self, concern: Concern) -> str | None:
        """The id of the rule that set the policy of this concern."""
        return self.by[CONCERNS.index(concern)] if self.by else None


NO_MATCH: Final = Match(None)


class CompiledRules:
    """Rules in their order of precedence, indexed by what they match on. Made by `compile_rules`."""

    __slots__ = (
        "_concerns",
        "_index",
        "_key_of",
        "_matches",
        "_memo",
        "_ranked",
        "_roles",
        "control",
        "facts",
        "fallback",
        "precedence",
        "rules",
        "shapes",
        "trees",
    )

    def __init__(
        self,
        rules: tuple[CircRule, ...],
        precedence: Precedence,
        fallback: CircRule | None,
        trees: Trees,
        control: ControlLibraries,
    ) -> None:
        self.rules = rules
        self.precedence = precedence
        self.fallback = fallback
        self.trees = trees
        self.control = control
        self.shapes: dict[str, Shape] = shapes_of(rules, trees)
        self._ranked = ranked(rules, self.shapes, precedence)
        self._index = RuleIndex(self._ranked, trees, inherit=precedence.inherit)
        axes = self._index.axes
        self._roles = roles_of(control, "library" in axes)
        self._concerns = [
            sum(BITS[concern] for concern in CONCERNS if ROLE_FIELDS[getattr(control, concern.value)] == role)
            for role in self._roles
        ]
        self.facts = frozenset(self._roles) | frozenset(axes) - {"library"}
        """The facts of a case that can make a difference."""
        self._key_of = self._key_getter()
        self._memo: dict[object, Match] = {}
        self._matches: dict[object, Match] = {}

    def find(self, case: Case) -> Match:
        """The rule that wins for the case, and the policies it gives. Never fails: `rule` is None if none matches."""
        key = self._key_of(case)
        match = self._memo.get(key)
        if match is None:
            if len(self._memo) >= MOST_CASES:
                self._memo.clear()
            match = self._memo[key] = self._decide(key)
        return match

    def look_up(self, case: Case) -> Match:
        """As `find`, without remembering the answer."""
        return self._decide(self._key_of(case))

    def as_if(self, case: Case, concern: Concern, library: LibraryCode) -> Case:
        """The case as it would be if this library counted for the concern."""
        changed: dict[str, Any] = {ROLE_FIELDS[getattr(self.control, concern.value)]: library}
        return evolve(case, **changed)

    def explain(self, case: Case, *, concern: Concern = Concern.LOAN) -> tuple[RuleConsidered, ...]:
        """Every rule with why it won or lost for the case: the winner, then those that matched, then the others."""
        return explained(self.book, case, concern)

    @property
    def book(self) -> RuleBook:
        """The rules as they stand, without the index."""
        return RuleBook(self.rules, self.shapes, self.precedence, self.fallback, self.trees, self.control)

    def _decide(self, key: Facts) -> Match:
        inherit, roles = self.precedence.inherit, self._roles
        if len(roles) < 2:
            won = self._index.setting(key, EVERY_CONCERN) if inherit else self._index.best(key)
            match = self._matches.get(won)
            return self._made(won, (won,)) if match is None else match
        found = []
        others = key[len(roles) :]
        for library, concerns in zip(key, self._concerns, strict=False):
            facts = (library, *others)
            found.append(self._index.setting(facts, concerns) if inherit else self._index.best(facts))
        match = self._matches.get(tuple(found))
        return self._made(tuple(found), found) if match is None else match

    def _key_getter(self) -> Callable[[Case], Facts]:
        axes = self._index.axes
        fields = [*self._roles, *[axis for axis in axes if axis != "library"]]
        if not fields:
            return no_fact
        fields += fields[-1:] * (self._index.width - len(axes))
        get: Callable[[Case], Facts] = attrgetter(*fields)
        ages = [(fields.index(axis), step) for axis, step in self._index.ages.items()]
        if not ages:
            return get

        def in_steps(case: Case) -> Facts:
            facts = list(get(case))
            for at, step in ages:
                facts[at] = step(facts[at])
            return tuple(facts)

        return in_steps

    def _made(self, known: object, found: Sequence[tuple[int, ...]]) -> Match:
        """One `Match` for each combination of winners, however many cases lead to it."""
        winners: list[CircRule | None] = []
        tied: dict[str, None] = {}
        for concern in CONCERNS:
            role = ROLE_FIELDS[getattr(self.control, concern.value)]
            candidates = [self._ranked[order] for order in found[self._roles.index(role) if len(found) > 1 else 0]]
            if self.precedence.inherit:
                candidates = [entry for entry in candidates if getattr(entry[1], concern.value) is not None]
            winners.append(candidates[0][1] if candidates else self.fallback)
            tied.update((rule.id, None) for place, rule in candidates[1:] if place == candidates[0][0])
        by = tuple(None if rule is None else rule.id for rule in winners)
        match = self._matches.setdefault((by, *tied), made_match(winners, by, tuple(tied)))
        self._matches[known] = match
        return match


def compile_rules(
    rules: Sequence[CircRule],
    *,
    precedence: Precedence | None = None,
    fallback: CircRule | None = None,
    trees: Trees | None = None,
    control: ControlLibraries | None = None,
) -> CompiledRules:
    """Put rules in their order of precedence and index them. `fallback` holds where no rule matches (E2, C7).

    Raises `InvalidValue` for two rules of one id, and for a fallback that has criteria.
    """
    ids = [rule.id for rule in rules] + ([fallback.id] if fallback is not None else [])
    if len(set(ids)) < len(ids):
        doubled = sorted({rule for rule in ids if ids.count(rule) > 1})
        raise InvalidValue(f"rule ids {', '.join(map(repr, doubled))} occur more than once: give each rule its own id")
    if fallback is not None and fallback.axes:
        raise InvalidValue(
            f"fallback {fallback.id!r} names {', '.join(fallback.axes)}: a fallback holds for every case"
        )
    return CompiledRules(
        tuple(rules), precedence or FixedWeights(), fallback, trees or Trees(), control or ControlLibraries()
    )


def no_fact(case: Case) -> Facts:
    return ()


def ranked(
    rules: tuple[CircRule, ...], shapes: Mapping[str, Shape], precedence: Precedence
) -> list[tuple[int, CircRule]]:
    """The rules by score, those of equal score by id, each with its place: rules of equal score share one."""
    scored = sorted(
        [(precedence.score(shapes[rule.id]), rule) for rule in sorted(rules, key=ID)], key=SCORE, reverse=True
    )
    found: list[tuple[int, CircRule]] = []
    last, place = None, 0
    for order, (score, rule) in enumerate(scored):
        if score != last:
            last, place = score, order
        found.append((place, rule))
    return found


def shapes_of(rules: tuple[CircRule, ...], trees: Trees) -> dict[str, Shape]:
    axes = {axis for rule in rules for axis in rule.axes}
    deepest = {axis: 1 + max(map(trees.of(axis).depth, trees.of(axis).parents), default=0) for axis in sorted(axes)}
    return {rule.id: shape_of(rule, line, trees, deepest) for line, rule in enumerate(rules, 1)}


def roles_of(control: ControlLibraries, library_named: bool) -> tuple[str, ...]:
    """The fields of the case that hold a library that counts for some concern; empty if no rule names one."""
    if not library_named:
        return ()
    return tuple(dict.fromkeys(ROLE_FIELDS[getattr(control, concern.value)] for concern in CONCERNS))


def made_match(winners: list[CircRule | None], by: tuple[str | None, ...], tied: tuple[str, ...]) -> Match:
    if not any(winners):
        return NO_MATCH
    names = [
        None if rule is None else getattr(rule, concern.value) for concern, rule in zip(CONCERNS, winners, strict=True)
    ]
    return Match(winners[0], *names, by=by, tied=tied)  # type: ignore[arg-type,misc]
