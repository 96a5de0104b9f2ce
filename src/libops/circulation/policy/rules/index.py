"""The index of compiled rules: which of them win for the facts of a case, in about the time of a few look-ups.

Rules that name the same axes by codes, each at the same level of its tree, make up a group that answers with a single
look-up. Groups stand in the order of their best rule, and asking ends where no later group can do better. A negation,
an age range, a flag or a very long list is no code: for each value of its axis a bit mask says which groups can be
meant, worked out when the value is first met. So the number of look-ups depends on the kinds of rules that there are,
not on their number.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import reduce
from itertools import product
from operator import itemgetter, or_
from typing import Any, Final

from attrs import define, field

from libops.circulation.policy.rules.matching import Trees, satisfied
from libops.circulation.policy.rules.model import AXES, AgeRange, CircRule, Concern, Criterion, RuleCriterion

__all__ = ["BITS", "Facts", "RuleIndex"]

MOST_KEYS: Final = 64
MOST_VALUES: Final = 10_000
BITS: Final = {concern: 1 << number for number, concern in enumerate(Concern)}

Facts = tuple[Any, ...]
"""What a case has to say on each axis of the index, in their order; ages by the steps of `RuleIndex.ages`."""
Slot = tuple[str, int]
"""An axis, and a level of its tree; 0 where its values stand alone."""
Meaning = tuple[tuple[str | None, ...], int]
"""A value's ancestors at the levels that rules name, itself among them, and the groups it can be meant by, as bits."""
Entry = tuple[int, int, int]
"""A rule: its place, which rules of equal score share, its rank, and the concerns it sets, as bits."""
LookUp = tuple[int, Callable[[Facts], Any], Callable[[Any], Any]]
"""A group made ready: its best place, how its key is read off the facts, and what stands under a key."""


class Column(dict[Any, Meaning]):
    """One axis of the index; as a dictionary, what the values met so far mean."""

    def __init__(self, axis: str, trees: Trees) -> None:
        super().__init__()
        self.axis = axis
        self.trees = trees
        self.tree = trees.of(axis)
        self.is_tree = any(parent is not None for parent in self.tree.parents.values())
        self.alone: Slot = (axis, 0)
        self.slots: dict[str, Slot] = {}
        self.named: dict[str, int] = {}
        """Groups with rules that name a code."""
        self.conditions: dict[RuleCriterion, int] = {}
        """Groups of rules with a criterion that is no code."""
        self.levels: tuple[int, ...] = ()
        self.silent = 0
        """Groups that do not ask about this axis."""
        self.steps: list[int] = []

    def __missing__(self, value: Any) -> Meaning:
        if len(self) >= MOST_VALUES:
            self.clear()
        line = self.tree.lineage(value) if isinstance(value, str) else ()
        fact = self.age(value) if self.steps else value
        groups = self.silent
        for code in line:
            groups |= self.named.get(code, 0)
        for criterion, bits in self.conditions.items():
            if satisfied(self.trees, self.axis, criterion, fact):
                groups |= bits
        near = tuple([line[-level] if level <= len(line) else None for level in self.levels])
        found = self[value] = near, groups
        return found

    def codes(self, criterion: RuleCriterion, room: int) -> list[tuple[Slot, str]] | None:
        """The codes that a rule is filed under, at most `room` of them; None for a criterion that is no such list."""
        if not isinstance(criterion, Criterion) or criterion.none_of or len(criterion.any_of) > room:
            return None
        named = criterion.any_of
        if len(named) == 1:
            return [(self.slot(named[0]), named[0])]
        # A code below another one of the list adds nothing, and would find the rule twice.
        above = {code: set(self.tree.lineage(code)[1:]) for code in named}
        return [(self.slot(code), code) for code in above if above[code].isdisjoint(named)]

    def slot(self, code: str) -> Slot:
        """Where a code stands."""
        if not self.is_tree:
            return self.alone
        found = self.slots.get(code)
        if found is None:
            found = self.slots[code] = (self.axis, len(self.tree.lineage(code)))
        return found

    def seal(self, everything: int) -> None:
        """All rules are filed: find out what is asked of this axis, and by which groups."""
        self.levels = tuple(sorted({level for _, level in self.slots.values()}))
        self.silent = everything
        for bits in (*self.named.values(), *self.conditions.values()):
            self.silent &= ~bits
        for found in self.conditions:
            if isinstance(found, AgeRange):
                self.steps += [found.at_least, *([] if found.at_most is None else [found.at_most + 1])]
        self.steps = sorted(set(self.steps))

    def step(self, age: int | None) -> int | None:
        """The same number for all ages that satisfy the same ranges."""
        return None if age is None else bisect_left(self.steps, age + 1)

    def age(self, step: int | None) -> int | None:
        """The least age of a step; None below all ranges."""
        return self.steps[step - 1] if step else None


@define(eq=False)
class Group:
    """Rules that one look-up finds."""

    slots: tuple[Slot, ...]
    conditions: tuple[tuple[str, RuleCriterion], ...]
    cells: dict[tuple[str, ...], list[Entry]] = field(factory=dict)


class RuleIndex:
    """Rules by what they match on. `ranked` are the rules in their order of precedence, each with its place."""

    __slots__ = (
        "_columns",
        "_everything",
        "_groups",
        "_last",
        "_look_ups",
        "_plans",
        "_readings",
        "_settable",
        "axes",
        "width",
    )

    def __init__(self, ranked: Sequence[tuple[int, CircRule]], trees: Trees, *, inherit: bool) -> None:
        named = {axis for _, rule in ranked for axis in rule.axes}
        self.axes = tuple([axis for axis in AXES if axis in named])
        """The axes that rules name, `library` first."""
        self.width = max(2, len(self.axes))
        """How many facts are asked for: at least two, so that they always are a tuple."""
        self._columns: dict[str, Column] = {axis: Column(axis, trees) for axis in self.axes}
        self._groups: dict[object, Group] = {}
        self._settable = 0
        for order, (place, rule) in enumerate(ranked):
            sets = concerns_set(rule) if inherit else 0
            self._settable |= sets
            self._file(rule, (place, order, sets))
        self._everything = (1 << len(self._groups)) - 1
        self._readings = self._narrowing()
        self._look_ups = self._made_ready(all_of if inherit else best_of)
        self._plans: dict[int, tuple[LookUp, ...]] = {}
        self._last = len(ranked)

    @property
    def ages(self) -> dict[str, Callable[[int | None], int | None]]:
        """The axes of ages, each with how an age counts as a fact."""
        return {axis: column.step for axis, column in self._columns.items() if column.steps}

    def best(self, facts: Facts) -> tuple[int, ...]:
        """The rank of the rule that wins, and of those that tie with it; empty if none matches."""
        look_ups = self._look_ups
        if self._readings:
            facts, look_ups = self._narrowed(facts)
        place, winners = self._last, ()
        for first, key_of, cell_of in look_ups:
            if first > place:
                break
            found = cell_of(key_of(facts))
            if found is not None and found[0] <= place:
                if found[0] < place:
                    place, winners = found
                else:
                    winners = tuple(sorted(winners + found[1]))
        return winners

    def setting(self, facts: Facts, concerns: int) -> tuple[int, ...]:
        """The ranks of the rules that are first to set one of these concerns, or tie with one that is; others may be
        among them if no look-up finds more than theirs."""
        look_ups = self._look_ups
        if self._readings:
            facts, look_ups = self._narrowed(facts)
        hits = []
        unset, reach = concerns & self._settable, -1
        for first, key_of, cell_of in look_ups:
            if not unset and first > reach:
                break
            found = cell_of(key_of(facts))
            if found is not None:
                hits.append(found)
                unset &= ~found[2]
                if found[1] > reach:
                    reach = found[1]
        if len(hits) == 1:
            only: tuple[int, ...] = hits[0][3]
            return only
        return decisive(sorted([entry for entries, *_ in hits for entry in entries]), concerns)

    def _narrowed(self, facts: Facts) -> tuple[Facts, tuple[LookUp, ...]]:
        """The facts with the ancestors of each, and the look-ups that can find something."""
        groups, found = self._everything, facts
        for at, column in self._readings:
            near, meant = column[facts[at]]
            found += near
            groups &= meant
        plan = self._plans.get(groups)
        if plan is None:
            if len(self._plans) >= MOST_VALUES:
                self._plans.clear()
            plan = tuple([look_up for at, look_up in enumerate(self._look_ups) if groups >> at & 1])
            self._plans[groups] = plan
        return found, plan

    def _file(self, rule: CircRule, entry: Entry) -> None:
        parts, conditions, room = [], [], MOST_KEYS
        for axis, criterion in rule.axes.items():
            if isinstance(criterion, Criterion) and criterion.is_any:
                continue
            codes = self._columns[axis].codes(criterion, room)
            if codes is None:
                conditions.append((axis, criterion))
            else:
                parts.append(codes)
                room = max(1, room // len(codes))
        for found in product(*parts):
            slots, key = tuple([slot for slot, _ in found]), tuple([code for _, code in found])
            group = self._groups.get((slots, *conditions))
            if group is None:
                group = self._groups[slots, *conditions] = Group(slots, tuple(conditions))
            entries = group.cells.get(key)
            if entries is None:
                group.cells[key] = [entry]
            else:
                entries.append(entry)

    def _narrowing(self) -> tuple[tuple[int, Column], ...]:
        """The columns whose values have ancestors or meet conditions, each with the groups that ask about it."""
        for number, group in enumerate(self._groups.values()):
            for axis, criterion in group.conditions:
                asked = self._columns[axis].conditions
                asked[criterion] = asked.get(criterion, 0) | 1 << number
        columns = enumerate(self._columns.values())
        found = tuple([(at, column) for at, column in columns if column.is_tree or column.conditions])
        narrowing = {column.axis: column for _, column in found}
        for number, group in enumerate(self._groups.values()):
            for at, (axis, _) in enumerate(group.slots):
                if axis in narrowing:
                    named = narrowing[axis].named
                    for code in {key[at] for key in group.cells}:
                        named[code] = named.get(code, 0) | 1 << number
        for column in narrowing.values():
            column.seal(self._everything)
        return found

    def _made_ready(self, cell: Callable[[list[Entry]], Any]) -> tuple[LookUp, ...]:
        """The look-ups of all groups. Rules were filed by rank, so that groups stand by their best."""
        places: dict[Slot, int] = {(axis, 0): at for at, axis in enumerate(self.axes)}
        at = self.width
        for _, column in self._readings:
            for level in column.levels:
                places[column.axis, level] = at
                at += 1
        made = []
        for group in self._groups.values():
            asked = [places[slot] for slot in group.slots]
            cells: dict[Any, Any] = {key: cell(entries) for key, entries in group.cells.items()}
            if len(asked) == 1:
                cells = {key[0]: found for key, found in cells.items()}
            key_of = itemgetter(*asked) if asked else itemgetter(slice(0))
            first = next(iter(group.cells.values()))[0][0]
            made.append((first, key_of, cells.get))
        return tuple(made)


def concerns_set(rule: CircRule) -> int:
    """The concerns that a rule sets, as bits."""
    return sum(BITS[concern] for concern in rule.policies)


def best_of(entries: list[Entry]) -> tuple[int, tuple[int, ...]]:
    """The best place in a cell, and the ranks of the rules that share it."""
    place = entries[0][0]
    return place, tuple([order for found, order, _ in entries if found == place])


def all_of(entries: list[Entry]) -> tuple[list[Entry], int, int, tuple[int, ...]]:
    """The rules of a cell, the place of the last, all concerns that they set, and which of them decide if alone."""
    sets = reduce(or_, [found for _, _, found in entries])
    return entries, entries[-1][0], sets, decisive(entries, sets)


def decisive(matching: list[Entry], concerns: int) -> tuple[int, ...]:
    """The ranks of the rules that are first to set one of the concerns, or tie with one that is."""
    taken, here, won_here = [], -1, 0
    for place, order, sets in matching:
        if place != here:
            if not concerns:
                break
            here, won_here = place, 0
        gained = sets & (concerns | won_here)
        if gained:
            taken.append(order)
            won_here |= gained
            concerns &= ~gained
    return tuple(taken)
