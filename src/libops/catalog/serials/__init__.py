"""Serials: which issues to expect, by the pattern in MARC 853 and the last issue in 863, and which of them are late.

A pattern says how issues are numbered and how often they come (853 $w). From the issues at hand the next ones follow;
what has not come some days after its date is late, and after some more it is time to claim it. What a publisher does
otherwise is corrected by the next issue received.
"""

from libops.catalog.serials.chronology import chronology_text
from libops.catalog.serials.expect import (
    Standing,
    SupplyTerms,
    expected_issues,
    issues_after,
    outstanding,
    standing,
)
from libops.catalog.serials.holdings import SerialRun, runs_in
from libops.catalog.serials.pattern import Frequency, Issue, NumberLevel, SerialPattern, issue_from, pattern_from
from libops.catalog.serials.regularity import Regularity, RegularityAct, RegularityUnit, regularity_from

__all__ = [
    "Frequency",
    "Issue",
    "NumberLevel",
    "Regularity",
    "RegularityAct",
    "RegularityUnit",
    "SerialPattern",
    "SerialRun",
    "Standing",
    "SupplyTerms",
    "chronology_text",
    "expected_issues",
    "issue_from",
    "issues_after",
    "outstanding",
    "pattern_from",
    "regularity_from",
    "runs_in",
    "standing",
]
