"""Serials: which issues to expect, by the pattern in MARC 853 and the last issue in 863, and what became of each.

A pattern says how issues are numbered and when they come: how often (853 $w), with what left out or combined (853 $y),
from which point of the year in a new volume (853 $x). A library subscribes; from the issue at hand the next ones
follow, each with a record of its own. One that comes is received and may get an item; what has not come some days
after its date is late, and after some more it is time to claim it; one that will not come is given up, was not
published, or is skipped. What a publisher does otherwise is corrected from the next issue at hand.
"""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
    from libops.catalog.serials.chronology import chronology_text
    from libops.catalog.serials.expect import (
        Standing,
        SupplyTerms,
        expected_issues,
        issues_after,
        outstanding,
        standing,
    )
    from libops.catalog.serials.holdings import SerialRun, holdings_statement, runs_in
    from libops.catalog.serials.model import (
        LEGAL,
        Claim,
        IssueAct,
        IssueKind,
        IssueState,
        ItemTerms,
        ReceivedCopy,
        SerialIssue,
        Subscription,
        SubscriptionState,
    )
    from libops.catalog.serials.pattern import Frequency, Issue, NumberLevel, SerialPattern, issue_from, pattern_from
    from libops.catalog.serials.regularity import Regularity, RegularityAct, RegularityUnit, regularity_from
    from libops.catalog.serials.written import written_issue, written_pattern
else:
    __getattr__ = offering(__name__, "model", "chronology", "expect", "holdings", "pattern", "regularity", "written")

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
    "holdings_statement",
    "issue_from",
    "issues_after",
    "outstanding",
    "pattern_from",
    "regularity_from",
    "runs_in",
    "standing",
    "LEGAL",
    "Claim",
    "IssueAct",
    "IssueKind",
    "IssueState",
    "ItemTerms",
    "ReceivedCopy",
    "SerialIssue",
    "Subscription",
    "SubscriptionState",
    "written_issue",
    "written_pattern",
]
