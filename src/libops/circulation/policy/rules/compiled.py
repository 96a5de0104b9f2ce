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

from collections.abc import Callable, Sequence
from itertools import product
from operator import attrgetter
from typing import Any, Final

from attrs import evolve, frozen

from libops.base.decisions import RuleConsidered
from libops.base.errors import InvalidValue
from libops.base.ids import LibraryCode
from libops.circulation.policy.rules.explain import RuleBook, explained
from libops.circulation.policy.rules.matching import (
    ROLE_FIELDS,
    AxisIndex,
    Token,
    Trees,
    shape_of,
    token_keys,
)
from libops.circulation.policy.rules.model import Case, CircRule, Concern, ControlLibraries
from libops.circulation.policy.rules.precedence import FixedWeights, Precedence, Shape

__all__ = ["CompiledRules", "Match", "Trees", "compile_rules"]

MOST_CASES: Final = 20_000
CONCERNS: Final = tuple(Concern)
Entry = tuple[int, int, CircRule]


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
        "_cells",
        "_getter",
        "_groups",
        "_indexes",
        "_matches",
        "_memo",
        "_nothing",
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
        named = dict.fromkeys(axis for rule in rules for axis in rule.axes)
        self._indexes = {axis: AxisIndex(axis, trees.of(axis)) for axis in named}
        self._cells: dict[tuple[str, ...], dict[tuple[Token, ...], list[Entry]]] = {}
        self._file()
        self._groups = tuple(self._cells.items())
        self._roles = roles_of(control, "library" in named)
        self.facts = frozenset(self._roles) | frozenset(named) - {"library"}
        """The facts of a case that can make a difference."""
        self._getter = self._key_getter(tuple(named))
        self._memo: dict[object, Match] = {}
        self._matches: dict[object, Match] = {}
        self._nothing = self._interned([[]] * len(CONCERNS))

    def find(self, case: Case) -> Match:
        """The rule that wins for the case, and the policies it gives. Never fails: `rule` is None if none matches."""
        key = self._getter(case)
        match = self._memo.get(key)
        if match is None:
            if len(self._memo) >= MOST_CASES:
                self._memo.clear()
            match = self._memo[key] = self.look_up(case)
        return match

    def look_up(self, case: Case) -> Match:
        """As `find`, without remembering the answer."""
        roles = set(self._roles)
        if len(roles) < 2 and not self.precedence.inherit:
            return self._only(self._candidates(case, next(iter(roles), None)))
        if not roles:
            return self._interned([self._candidates(case, None)] * len(CONCERNS))
        found = {library: self._candidates(case, library) for library in roles}
        return self._interned([found[role] for role in self._roles])

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

    def _file(self) -> None:
        scores = {rule.id: self.precedence.score(self.shapes[rule.id]) for rule in self.rules}
        ranked = sorted(sorted(self.rules, key=attrgetter("id")), key=lambda rule: scores[rule.id], reverse=True)
        place, last = -1, None
        for order, rule in enumerate(ranked):
            score = scores[rule.id]
            if score != last:
                place, last = order, score
            entry = (place, order, rule)
            pattern, keys = token_keys(rule, self._indexes)
            cells = self._cells.setdefault(pattern, {})
            for key in keys:
                cells.setdefault(key, []).append(entry)
        for index in self._indexes.values():
            index.seal()
        if not self.precedence.inherit:
            for cells in self._cells.values():
                for key, entries in cells.items():
                    cells[key] = [entry for entry in entries if entry[0] == entries[0][0]]

    def _key_getter(self, named: tuple[str, ...]) -> Callable[[Case], object]:
        ages = [axis for axis in named if axis in ("patron_age", "item_age")]
        plain = dict.fromkeys(axis for axis in named if axis not in ("library", *ages))
        fields = [*dict.fromkeys((*self._roles, *plain))]
        get: Callable[[Case], object] = attrgetter(*fields) if fields else no_fact
        if not ages:
            return get
        indexes = [(attrgetter(axis), self._indexes[axis].bucket) for axis in ages]
        return lambda case: (get(case), *[bucket(age(case)) for age, bucket in indexes])

    def _candidates(self, case: Case, library: str | None) -> list[Entry]:
        tokens: dict[str, tuple[Token, ...]] = {}
        for axis, index in self._indexes.items():
            value = getattr(case, library if axis == "library" and library is not None else axis)
            tokens[axis] = index.tokens_of(value)
        found: list[Entry] = []
        for pattern, cells in self._groups:
            for key in product(*[tokens[axis] for axis in pattern]):
                entries = cells.get(key)
                if entries is not None:
                    found += entries
        found.sort(key=by_place)
        return found

    def _interned(self, candidates: list[list[Entry]]) -> Match:
        """One `Match` for each combination of winners, however many cases lead to it."""
        winners: list[CircRule | None] = []
        tied: dict[str, None] = {}
        for concern, entries in zip(CONCERNS, candidates, strict=True):
            setting = self._setting(entries, concern.value)
            winners.append(setting[0][2] if setting else self.fallback)
            tied.update((entry[2].id, None) for entry in setting[1:] if entry[0] == setting[0][0])
        by = tuple(None if rule is None else rule.id for rule in winners)
        return self._matches.setdefault((by, *tied), made_match(winners, by, tuple(tied)))

    def _only(self, entries: list[Entry]) -> Match:
        """The match when one list of candidates decides about every concern."""
        if not entries:
            return self._nothing
        place, order, _ = entries[0]
        tied = [entry[2].id for entry in entries[1:] if entry[0] == place]
        known = (order, *tied)
        match = self._matches.get(known)
        if match is None:
            match = self._matches[known] = self._interned([entries] * len(CONCERNS))
        return match

    def _setting(self, entries: list[Entry], concern: str) -> list[Entry]:
        if not self.precedence.inherit:
            return entries
        return [entry for entry in entries if getattr(entry[2], concern) is not None]


def compile_rules(
    rules: Sequence[CircRule],
    *,
    precedence: Precedence | None = None,
    fallback: CircRule | None = None,
    trees: Trees | None = None,
    control: ControlLibraries | None = None,
) -> CompiledRules:
    """Put rules in their order of precedence and index them. `fallback` holds where no rule matches.

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


def by_place(entry: Entry) -> int:
    return entry[1]


def no_fact(case: Case) -> object:
    return None


def shapes_of(rules: tuple[CircRule, ...], trees: Trees) -> dict[str, Shape]:
    axes = {axis for rule in rules for axis in rule.axes}
    deepest = {axis: 1 + max(map(trees.of(axis).depth, trees.of(axis).parents), default=0) for axis in sorted(axes)}
    return {rule.id: shape_of(rule, line, trees, deepest) for line, rule in enumerate(rules, 1)}


def roles_of(control: ControlLibraries, library_named: bool) -> tuple[str, ...]:
    """For each concern, the field of the case that holds the library that counts; empty if no rule names one."""
    if not library_named:
        return ()
    return tuple([ROLE_FIELDS[getattr(control, concern.value)] for concern in CONCERNS])


def made_match(winners: list[CircRule | None], by: tuple[str | None, ...], tied: tuple[str, ...]) -> Match:
    if not any(winners):
        return NO_MATCH
    names = [
        None if rule is None else getattr(rule, concern.value) for concern, rule in zip(CONCERNS, winners, strict=True)
    ]
    return Match(winners[0], *names, by=by, tied=tied)  # type: ignore[arg-type,misc]
