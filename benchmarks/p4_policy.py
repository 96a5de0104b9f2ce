"""P4: the rule that wins, with its policies, against a fallback over eight dictionaries by hand.

Run with `python benchmarks/p4_policy.py`. The floor asks up to eight dictionaries, from all of library, category and
item type down to none of them; it knows no trees, lists, negations, reasons or ties. `met before` asks for cases that
are remembered; all other rows ask for cases that were never met, once for each strategy of precedence. With trees,
every library stands below a region, every category and type below a group, and rules name codes at both levels: by hand
that takes up to 27 dictionaries.
"""

from __future__ import annotations

import gc
import random
import sys
from collections.abc import Callable
from itertools import cycle, islice, product

import harness

from libops.circulation.policy.rules import (
    Case,
    CircRule,
    ColumnWeights,
    CompiledRules,
    Criterion,
    FixedWeights,
    LibraryPair,
    Precedence,
    PriorityLine,
    Tree,
    Trees,
    compile_rules,
)

CASES = 2000
AXES = ("library", "patron_category", "item_type")
Key = tuple[str | None, str | None, str | None]


def made_rules(count: int, *, groups: int = 0) -> dict[Key, CircRule]:
    """Rules over enough libraries, categories and types for `count` of them, at all eight levels of detail."""
    chance = random.Random(500)
    width = max(3, round((count * 2) ** (1 / 3)))
    values = [[f"{axis}-{number}" for number in range(width)] for axis in AXES]
    if groups:
        values = [
            [*codes[groups:], *[f"{axis}-group-{n}" for n in range(groups)]]
            for axis, codes in zip(AXES, values, strict=True)
        ]
    keys = list(product(*[[None, *found] for found in values]))
    chance.shuffle(keys)
    keys = [(None, None, None), *[key for key in keys if any(key)][: count - 1]]
    rules = {}
    for number, key in enumerate(keys):
        named = {axis: Criterion((value,)) for axis, value in zip(AXES, key, strict=True) if value is not None}
        rules[key] = CircRule(id=f"rule-{number}", loan=f"loan-{number % 9}", fine="daily", limits="adult", **named)
    return rules


def made_trees(count: int, groups: int) -> Trees:
    """Every code below one of the groups."""
    width = max(3, round((count * 2) ** (1 / 3)))
    trees = []
    for axis in AXES:
        above = [f"{axis}-group-{number}" for number in range(groups)]
        trees.append(Tree({**dict.fromkeys(above), **{f"{axis}-{n}": above[n % groups] for n in range(width)}}))
    return Trees(libraries=trees[0], categories=trees[1], item_types=trees[2])


def by_hand(rules: dict[Key, CircRule]) -> Callable[[str, str, str], CircRule | None]:
    """The floor: eight dictionary look-ups at most."""

    def find(library: str, category: str, item_type: str) -> CircRule | None:
        for key in (
            (library, category, item_type),
            (library, category, None),
            (library, None, item_type),
            (library, None, None),
            (None, category, item_type),
            (None, category, None),
            (None, None, item_type),
            (None, None, None),
        ):
            rule = rules.get(key)
            if rule is not None:
                return rule
        return None

    return find


def by_hand_in_trees(rules: dict[Key, CircRule], trees: Trees) -> Callable[[Case], CircRule | None]:
    """The same with a group above each code: 27 dictionary look-ups at most."""
    libraries, categories, types = (tree.parents for tree in (trees.libraries, trees.categories, trees.item_types))

    def find(case: Case) -> CircRule | None:
        for library in (case.transaction_library, libraries.get(case.transaction_library), None):
            for category in (case.patron_category, categories.get(case.patron_category), None):
                for item_type in (case.item_type, types.get(case.item_type), None):
                    rule = rules.get((library, category, item_type))
                    if rule is not None:
                        return rule
        return None

    return find


def asked(ask: Callable[[Case], object], cases: list[Case]) -> Callable[[int], object]:
    def run(count: int) -> None:
        for case in islice(cycle(cases), count):
            ask(case)

    return run


def strategies(rules: tuple[CircRule, ...]) -> dict[str, CompiledRules]:
    """The rules compiled for each strategy."""
    found: dict[str, Precedence] = {
        "Evergreen's weights, inheriting": ColumnWeights(),
        "FOLIO's priority line": PriorityLine(),
        "FOLIO's last line": PriorityLine("last-line"),
        "rero's pairs": LibraryPair(),
        "Koha's weights": FixedWeights(),
    }
    return {name: compile_rules(rules, precedence=each) for name, each in found.items()}


def measured(count: int) -> None:
    """One table: all subjects in turn."""
    rules, groups = made_rules(count), 1 if count < 100 else 3
    floor = by_hand(rules)
    chance = random.Random(7)
    width = max(3, round((count * 2) ** (1 / 3)))
    facts = [tuple(f"{axis}-{chance.randrange(width)}" for axis in AXES) for _ in range(CASES)]
    cases = [Case(*fact) for fact in facts]
    compiled = strategies(tuple(rules.values()))
    koha = compiled.pop("Koha's weights")
    grouped, trees = made_rules(count, groups=groups), made_trees(count, groups)
    in_trees = compile_rules(tuple(grouped.values()), precedence=FixedWeights(), trees=trees)
    floor_in_trees = by_hand_in_trees(grouped, trees)
    for fact, case in zip(facts, cases, strict=True):
        expected = floor(*fact)
        if expected is None or koha.find(case).rule_id != expected.id:
            sys.exit(f"the two disagree about {fact}")
        if in_trees.find(case).rule is not floor_in_trees(case):
            sys.exit(f"the two disagree about {fact} in trees")

    def by_floor(number: int) -> None:
        for fact in islice(cycle(facts), number):
            floor(*fact)

    def with_case(number: int) -> None:
        for fact in islice(cycle(facts), number):
            koha.look_up(Case(*fact))

    # What the rules are made of stays: collecting garbage among it would take longer than the measurement.
    gc.collect()
    gc.freeze()
    print(f"\n{count} rules")
    harness.compare(
        "P4",
        [
            harness.Case("eight dictionaries by hand", by_floor),
            harness.Case("Koha's weights, met before", asked(koha.find, cases)),
            *[harness.Case(name, asked(each.look_up, cases)) for name, each in compiled.items()],
            harness.Case("27 dictionaries by hand, in trees", asked(floor_in_trees, cases)),
            harness.Case("Koha's weights, in trees", asked(in_trees.look_up, cases)),
            harness.Case("Koha's weights, with making the Case", with_case),
            harness.Case("Koha's weights", asked(koha.look_up, cases)),
        ],
        busy=True,
    )
    gc.unfreeze()


def main() -> int:
    for count in (10, 500, 10_000, 100_000):
        measured(count)
    return 0


if __name__ == "__main__":
    sys.exit(main())
