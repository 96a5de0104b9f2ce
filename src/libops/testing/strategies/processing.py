"""Hypothesis strategies for the processing room: checklists and policies."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from libops.processing.policy import (
    AccessionFormat,
    Checklist,
    ChecklistStep,
    LoanableWhen,
    ProcessingPolicy,
    SkipRule,
    StepOrder,
)

__all__ = ["FIRST_DAY", "checklists", "policies"]

FIRST_DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
CODES = ("quality_check", "catalog", "barcode", "property_stamp", "spine_label", "security_strip", "final_scan")


@st.composite
def checklists(draw: st.DrawFn) -> Checklist:
    """A checklist of some steps; a step may wait for steps above it."""
    codes = draw(st.lists(st.sampled_from(CODES), unique=True, max_size=len(CODES)))
    steps = []
    for place, code in enumerate(codes):
        after = draw(st.lists(st.sampled_from(codes[:place]), unique=True, max_size=2)) if place else []
        skip = draw(st.sampled_from(SkipRule))
        steps.append(ChecklistStep(code, code.replace("_", " "), draw(st.booleans()), tuple(after), skip))
    left = [code for code in CODES if code not in codes]
    forbidden = draw(st.frozensets(st.sampled_from(left), max_size=2)) if left else frozenset()
    return Checklist("book", tuple(steps), "Book", forbidden)


def policies() -> st.SearchStrategy[ProcessingPolicy]:
    """Terms of processing with one checklist, `book`."""
    return st.builds(
        ProcessingPolicy,
        checklists=checklists().map(lambda checklist: {"book": checklist}),
        order=st.sampled_from(StepOrder),
        loanable_when=st.sampled_from(LoanableWhen),
        accession=st.sampled_from(
            [
                AccessionFormat(),
                AccessionFormat(yearly=True, pattern="{year}-{serial:04}"),
                AccessionFormat(shared=False, pattern="{library}{serial:05}"),
            ]
        ),
        search_again_days=st.integers(1, 90),
        search_limit=st.none() | st.integers(1, 4),
    )
