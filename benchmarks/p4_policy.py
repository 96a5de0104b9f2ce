"""P4: the rule that wins, with its policies, against a fallback over eight dictionaries by hand.

Run with `python benchmarks/p4_policy.py`. The floor asks up to eight dictionaries, from all of library, category and
item type down to none of them; it knows no trees, lists, negations, reasons or ties. `remembered` asks for cases met
before, `first met` asks without the memory of answers; both include making the `Case` in the second line of each.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from itertools import product

from libops.circulation.policy.rules import Case, CircRule, Criterion, FixedWeights, compile_rules

ROUNDS = 9
CASES = 2000
AXES = ("library", "patron_category", "item_type")
Key = tuple[str | None, str | None, str | None]


def made_rules(count: int) -> dict[Key, CircRule]:
    """Rules over enough libraries, categories and types for `count` of them, at all eight levels of detail."""
    chance = random.Random(500)
    width = max(3, round((count * 2) ** (1 / 3)))
    values = [[f"{axis}-{number}" for number in range(width)] for axis in AXES]
    keys = list(product(*[[None, *found] for found in values]))
    chance.shuffle(keys)
    keys = [(None, None, None), *[key for key in keys if any(key)][: count - 1]]
    rules = {}
    for number, key in enumerate(keys):
        named = {axis: Criterion((value,)) for axis, value in zip(AXES, key, strict=True) if value is not None}
        rules[key] = CircRule(id=f"rule-{number}", loan=f"loan-{number % 9}", fine="daily", limits="adult", **named)
    return rules


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


def timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) / CASES * 1e6


def measured(count: int) -> dict[str, list[float]]:
    """Microseconds per decision in each round, all subjects in turn."""
    rules = made_rules(count)
    compiled = compile_rules(tuple(rules.values()), precedence=FixedWeights())
    floor = by_hand(rules)
    chance = random.Random(7)
    width = max(3, round((count * 2) ** (1 / 3)))
    facts = [tuple(f"{axis}-{chance.randrange(width)}" for axis in AXES) for _ in range(CASES)]
    cases = [Case(*fact) for fact in facts]
    for fact, case in zip(facts, cases, strict=True):
        expected = floor(*fact)
        if expected is None or compiled.find(case).rule_id != expected.id:
            sys.exit(f"the two disagree about {fact}")
    subjects: dict[str, Callable[[], object]] = {
        "floor": lambda: [floor(*fact) for fact in facts],
        "find, remembered": lambda: [compiled.find(case) for case in cases],
        "Case and find, remembered": lambda: [compiled.find(Case(*fact)) for fact in facts],
        "find, first met": lambda: [compiled.look_up(case) for case in cases],
    }
    found: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(ROUNDS):
        for name, subject in subjects.items():
            found[name].append(timed(subject))
    return found


def main() -> int:
    print(f"{'rules':>7}  {'subject':<28}{'median µs':>10}{'min':>8}{'max':>8}{'ratio':>8}")
    for count in (10, 500, 10_000, 100_000):
        found = measured(count)
        floor = statistics.median(found["floor"])
        for name, times in found.items():
            median = statistics.median(times)
            row = f"{count:>7}  {name:<28}{median:>10.3f}{min(times):>8.3f}{max(times):>8.3f}{median / floor:>8.2f}"
            print(row)
    return 0


if __name__ == "__main__":
    sys.exit(main())
