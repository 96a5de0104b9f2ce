"""Several copies of a serial: what did not come with the others is waited for, claimed and given up by itself."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import libops
from libops.base.decisions import Permit, Refuse
from libops.catalog.serials import IssueState, SupplyTerms
from libops.desk.settings.loading import default_settings
from libops.storage.rebuild import log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock

PATTERN = "$a v. $b no. $u 12 $v r $i (year) $j (month) $w m"
TITLE = {"245": {"ind1": " ", "ind2": " ", "subfields": [{"a": "Town mathematics"}]}}
RECORD = json.dumps({"leader": "00000nas a2200000 a 4500", "fields": [{"001": "s1"}, TITLE]}).encode()
TERMS = SupplyTerms(late_after=7, claim_after=14, claim_again_after=30, most_claims=2)


class Town:
    """A library that gets several copies of a serial from January 2026 on."""

    def __init__(self, copies: int, *, irregular: bool = False, zone: str = "Europe/Berlin") -> None:
        self.clock = FrozenClock()
        settings = default_settings().canonical()
        settings["calendars"]["main"]["zone"] = zone
        self.ops = libops.open(settings=settings, clock=self.clock, ids=CountingIds())
        self.ops.catalog.import_marc(BytesIO(RECORD))
        (bib,) = self.ops.catalog.all()
        run = {} if irregular else {"pattern": PATTERN, "last": "$a 41 $b 12 $i 2025 $j 12"}
        self.desk = self.ops.serials
        self.key = done(self.desk.subscribe(bib.id, copies=copies, terms=TERMS, **run)).subscription.id

    def issue(self, enumeration: str) -> str:
        """The identifier of an issue of the run."""
        (found,) = [one for one in self.desk.issues(self.key) if one.enumeration == enumeration]
        return found.id

    def to_claim(self, issue: str) -> bool:
        """Whether it is time to claim an issue."""
        return issue in [one.id for one in self.desk.to_claim()]

    def rebuilt_as_stored(self) -> None:
        assert stored(self.ops.storage) == rebuilt(log_of(self.ops.storage))


def done(answer: Any) -> Any:
    assert isinstance(answer, Permit), answer
    return answer.result


def refused(answer: Any) -> list[str]:
    assert isinstance(answer, Refuse), answer
    assert all(reason.text for reason in answer.reasons)
    return [reason.code for reason in answer.reasons]


def test_a_copy_that_did_not_come_with_the_others_is_claimed() -> None:
    """Three ordered, one came: the vendor is asked for two, then for one; the issue stays received all the while."""
    town = Town(copies=3)
    desk, issue = town.desk, town.issue("v.42:no.3")
    town.clock.forward(days=60)
    first = done(desk.receive(issue)).issue
    assert (2, IssueState.RECEIVED) == (first.lacking, first.state)
    assert not town.to_claim(issue)
    town.clock.forward(days=14)
    assert town.to_claim(issue)
    claimed = done(desk.claim(issue, by="ruth")).issue
    assert (IssueState.RECEIVED, [1]) == (claimed.state, [claim.number for claim in claimed.claims])
    assert "copies: 2" in desk.claim_notice(issue).text
    assert ["issue.claimed_lately"] == refused(desk.claim(issue))
    done(desk.receive(issue))
    assert "copies: 1" in desk.claim_notice(issue).text
    town.clock.forward(days=30)
    assert town.to_claim(issue)
    done(desk.claim(issue))
    assert not town.to_claim(issue)
    last = done(desk.receive(issue)).issue
    assert (None, 3) == (last.lacking, len(last.copies))
    assert ["issue.complete"] == refused(desk.claim(issue))
    assert 1 == done(desk.undo_receipt(issue, copy=1)).issue.lacking
    town.rebuilt_as_stored()


def test_copies_that_lack_are_given_up_and_the_issue_stays() -> None:
    """Nobody waits for the second copy any more; it may come after all. A whole issue has nothing to give up."""
    town = Town(copies=2)
    desk, issue = town.desk, town.issue("v.42:no.1")
    done(desk.receive(issue))
    town.clock.forward(days=90)
    assert town.to_claim(issue)
    given_up = done(desk.give_up(issue, note="out of print")).issue
    assert (IssueState.RECEIVED, None, "out of print") == (given_up.state, given_up.lacking, given_up.note)
    assert not town.to_claim(issue)
    done(desk.receive(issue))
    assert ["issue.complete"] == refused(desk.give_up(issue))
    town.rebuilt_as_stored()


def test_a_second_copy_of_an_issue_that_no_pattern_tells_is_claimed_too() -> None:
    """An irregular serial in two copies; of a serial with a pattern, a supplement may have come once only."""
    town = Town(copies=2)
    extra = town.desk.receive_unexpected(town.key, enumeration="suppl.1", kind="supplement")
    assert done(extra).issue.lacking is None
    irregular = Town(copies=2, irregular=True)
    came = done(irregular.desk.receive_unexpected(irregular.key, enumeration="no.7")).issue
    assert 1 == came.lacking
    irregular.clock.forward(days=90)
    assert irregular.to_claim(came.id)


def test_a_single_copy_that_came_is_not_claimed() -> None:
    """What was ordered once and came is whole; before any copy came, the whole issue is claimed."""
    town = Town(copies=1)
    issue = town.issue("v.42:no.1")
    town.clock.forward(days=90)
    done(town.desk.claim(issue))
    assert IssueState.CLAIMED is town.desk.issue(issue).state
    assert done(town.desk.receive(issue)).issue.lacking is None
    assert ["issue.complete"] == refused(town.desk.claim(issue))


def test_the_days_between_claims_are_the_librarys_own() -> None:
    """In Auckland ten in the morning is yesterday in UTC: what is claimed then may be claimed again 30 days later."""
    town = Town(1, zone="Pacific/Auckland")
    issue = town.issue("v.42:no.1")
    town.clock.forward(hours=11)
    town.ops.run_due()
    done(town.desk.claim(issue))
    town.clock.forward(days=29)
    assert not town.to_claim(issue)
    assert ["issue.claimed_lately"] == refused(town.desk.claim(issue))
    town.clock.forward(days=1)
    assert town.to_claim(issue)
    done(town.desk.claim(issue))
