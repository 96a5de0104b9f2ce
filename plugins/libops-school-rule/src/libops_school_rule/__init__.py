"""Titles meant for higher grades than a pupil's are asked about before they go out.

Source: MARC 21 bibliographic, 521 target audience note; first indicator 0 is a reading grade level, 2 an interest
grade level.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from libops.base.decisions import Reason, Weight
from libops.catalog.marc import marc_of
from libops.catalog.model import BibRecord
from libops.hooks import OnFailure, PolicyCheck, hookimpl

__all__ = ["grade_of", "libops_policy_checks", "lowest_grade", "reasons"]

GRADE_LEVELS = ("0", "2")


def grade_of(category: str) -> int | None:
    """The grade that a patron category ends with.

    >>> grade_of("grade-5"), grade_of("teacher")
    (5, None)
    """
    found = re.search(r"(\d+)$", category)
    return int(found[1]) if found else None


def lowest_grade(bib: BibRecord) -> int | None:
    """The lowest grade that a title is meant for; None when its record does not say."""
    if '"521"' not in bib.marc:
        return None
    notes = [field.text("a") for field in marc_of(bib).all("521") if field.ind1 in GRADE_LEVELS]
    grades = [int(number) for note in notes for number in re.findall(r"\d+", note)]
    return min(grades, default=None)


def reasons(facts: Any) -> Iterable[Reason]:
    """Why the desk should look before this title goes to this pupil."""
    pupil, title = grade_of(facts.patron.category), lowest_grade(facts.bib)
    if pupil is not None and title is not None and pupil < title:
        yield Reason("school.above_grade", Weight.CONFIRM, {"grade": pupil, "meant_from": title})


@hookimpl
def libops_policy_checks() -> Iterable[PolicyCheck]:
    return [PolicyCheck("school-rule", "check_out", OnFailure.ALERT, reasons)]
