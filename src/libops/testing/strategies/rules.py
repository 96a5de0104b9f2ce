"""Hypothesis strategies for circulation rules: sets of rules over a small town, and cases to ask them about.

Codes are few on purpose, so that rules overlap, tie and shadow each other as real ones do.
"""

from __future__ import annotations

from hypothesis import strategies as st

from libops.base.ids import LibraryCode
from libops.circulation.policy.rules import (
    AgeRange,
    Case,
    CircRule,
    ColumnWeights,
    ControlLibraries,
    Criterion,
    FixedWeights,
    LibraryPair,
    LibraryRole,
    Precedence,
    PriorityLine,
    Tree,
    Trees,
    WeightScale,
)

__all__ = ["TOWN", "cases", "circ_rules", "control_libraries", "criteria", "line_strategies", "weight_strategies"]

TOWN = Trees(
    libraries=Tree({"TOWN": None, "MAIN": "TOWN", "EAST": "TOWN", "MAIN-KIDS": "MAIN"}),
    categories=Tree({"all": None, "adult": "all", "student": "adult", "child": "all"}),
    item_types=Tree({"media": None, "dvd": "media", "game": "media", "book": None}),
)
"""Trees of libraries, patron categories and item types that the rules and cases below are made of."""

LIBRARIES, CATEGORIES, TYPES = (
    st.sampled_from(tuple(tree.parents)) for tree in (TOWN.libraries, TOWN.categories, TOWN.item_types)
)


def criteria(codes: st.SearchStrategy[str]) -> st.SearchStrategy[Criterion]:
    """One to three codes, as a list or negated, or any."""
    some = st.lists(codes, min_size=1, max_size=3, unique=True).map(tuple)
    return some.map(Criterion) | some.map(lambda none: Criterion((), none)) | st.just(Criterion())


@st.composite
def circ_rules(draw: st.DrawFn, *, most: int = 8) -> tuple[CircRule, ...]:
    """Up to `most` rules over `TOWN`, each with some criteria and some of the policies loan and limits."""
    ages = st.none() | st.sampled_from((AgeRange(0, 11), AgeRange(12, 17), AgeRange(65)))
    names = st.none() | st.sampled_from(("", "short", "long"))
    return tuple(
        CircRule(
            id=f"rule-{number}",
            library=draw(st.none() | criteria(LIBRARIES)),
            item_library=draw(st.none() | st.none() | criteria(LIBRARIES)),
            patron_category=draw(st.none() | criteria(CATEGORIES)),
            item_type=draw(st.none() | criteria(TYPES)),
            patron_age=draw(ages),
            renewal=draw(st.none() | st.booleans()),
            loan=draw(names),
            limits=draw(names),
        )
        for number in range(draw(st.integers(0, most)))
    )


def cases() -> st.SearchStrategy[Case]:
    """Loans in `TOWN`, some with a type that no rule knows, an unknown age or an unknown library."""
    libraries = LIBRARIES.map(LibraryCode)
    return st.builds(
        Case,
        transaction_library=libraries,
        patron_category=CATEGORIES,
        item_type=TYPES | st.just("kayak") | st.none(),
        patron_library=libraries | st.none(),
        item_library=libraries | st.none(),
        patron_age=st.none() | st.integers(0, 99),
        renewal=st.booleans(),
    )


def weight_strategies() -> st.SearchStrategy[Precedence]:
    """Strategies of precedence that do not depend on the order of the rules."""
    return st.sampled_from(
        (
            FixedWeights(),
            FixedWeights(("item_type", "patron_category"), inherit=True),
            ColumnWeights(),
            ColumnWeights({"library": 1.0, "item_type": 1.0}, WeightScale.LINEAR, inherit=False),
            LibraryPair(),
        )
    )


def line_strategies() -> st.SearchStrategy[Precedence]:
    """Strategies of precedence that ask for the first or last line in the end."""
    return st.sampled_from(
        (PriorityLine(), PriorityLine("first-line"), PriorityLine("number-of-criteria, last-line", inherit=True))
    )


def control_libraries() -> st.SearchStrategy[ControlLibraries]:
    """Whose library counts, drawn apart for loan length and limits."""
    return st.builds(ControlLibraries, loan=st.sampled_from(LibraryRole), limits=st.sampled_from(LibraryRole))
