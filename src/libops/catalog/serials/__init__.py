"""Serials: which issues to expect, by the pattern in MARC 853 and the last issue in 863, and which of them are late.

A pattern says how issues are numbered and how often they come (853 $w). From the issues at hand the next ones follow;
what has not come some days after its date is late, and after some more it is time to claim it. What a publisher does
otherwise is corrected by the next issue received.
"""

from libops.catalog.serials.expect import Standing, SupplyTerms, expected_issues, outstanding, standing
from libops.catalog.serials.pattern import Frequency, Issue, NumberLevel, SerialPattern, issue_from, pattern_from

__all__ = [
    "Frequency",
    "Issue",
    "NumberLevel",
    "SerialPattern",
    "Standing",
    "SupplyTerms",
    "expected_issues",
    "issue_from",
    "outstanding",
    "pattern_from",
    "standing",
]
