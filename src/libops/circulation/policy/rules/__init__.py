"""Circulation rules: which policies a loan gets, and why.

A `CircRule` matches on facts (a `Case`) and names policies; a `Precedence` says which rule wins when several match.
`compile_rules` makes an index that answers in about the time of a few look-ups, and explains every answer.
"""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
    from libops.circulation.policy.rules.compiled import CompiledRules, Match, compile_rules
    from libops.circulation.policy.rules.explain import RuleBook
    from libops.circulation.policy.rules.matching import Trees
    from libops.circulation.policy.rules.model import (
        AgeRange,
        Axis,
        Case,
        CircRule,
        Concern,
        ControlLibraries,
        Criterion,
        LibraryRole,
        Tree,
    )
    from libops.circulation.policy.rules.precedence import (
        ColumnWeights,
        FixedWeights,
        LibraryPair,
        Precedence,
        PriorityLine,
        WeightScale,
    )
    from libops.circulation.policy.rules.text import RuleText, parse_rules
else:
    __getattr__ = offering(__name__, "model", "compiled", "explain", "matching", "precedence", "text")

__all__ = [
    "AgeRange",
    "Axis",
    "Case",
    "CircRule",
    "ColumnWeights",
    "CompiledRules",
    "Concern",
    "ControlLibraries",
    "Criterion",
    "FixedWeights",
    "LibraryPair",
    "LibraryRole",
    "Match",
    "Precedence",
    "PriorityLine",
    "RuleBook",
    "RuleText",
    "Tree",
    "Trees",
    "WeightScale",
    "compile_rules",
    "parse_rules",
]
