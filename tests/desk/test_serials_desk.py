"""Serials at the desk: subscribed, expected, received, late, claimed, given up, taken back."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest

import libops
from libops.base.decisions import Override, Permit, Refuse
from libops.base.errors import InvalidValue, NotFound
from libops.base.pictures import mermaid
from libops.catalog.serials import LEGAL, IssueState, ItemTerms, SerialIssue, SupplyTerms
from libops.classification import CallNumber, label_lines
from libops.desk.operations import Operations
from libops.storage.rebuild import log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
PATTERN = "$a v. $b no. $u 12 $v r $i (year) $j (month) $w m"
LAST = "$a 41 $b 12 $i 2025 $j 12"
ITEMS = ItemTerms(
    item_type="periodical", shelving_location="reading room", call_number="510.5", call_number_scheme="ddc"
)


def serial_record(*fields: tuple[str, list[dict[str, str]]], title: str = "Town mathematics") -> bytes:
    made: list[Any] = [
        {"001": "s1"},
        {"003": "XxTown"},
        {"022": plain([{"a": "0317-8471"}])},
        {"245": plain([{"a": title}])},
    ]
    made += [{tag: plain(subfields)} for tag, subfields in fields]
    return json.dumps({"leader": "00000nas a2200000 a 4500", "fields": made}).encode()


def plain(subfields: list[dict[str, str]]) -> dict[str, Any]:
    return {"ind1": " ", "ind2": " ", "subfields": subfields}


class Town:
    """A library that gets a monthly, on 2 March 2026."""

    def __init__(self, **more: Any) -> None:
        self.clock = FrozenClock(MONDAY)
        self.ops: Operations = libops.open(clock=self.clock, ids=CountingIds())
        self.ops.catalog.import_marc(BytesIO(serial_record()))
        (self.bib,) = [bib.id for bib in self.ops.catalog.all()]
        more = {"pattern": PATTERN, "last": LAST, "vendor": "Ebsworth", "vendor_number": "E-77", **more}
        self.started = self.done(self.ops.serials.subscribe(self.bib, **more))
        self.key = self.started.subscription.id

    def done(self, answer: Any) -> Any:
        assert isinstance(answer, Permit), answer
        return answer.result

    def issue(self, enumeration: str) -> SerialIssue:
        (found,) = [one for one in self.ops.serials.issues(self.key) if one.enumeration == enumeration]
        return found

    def refused(self, answer: Any) -> list[str]:
        assert isinstance(answer, Refuse), answer
        assert all(reason.text for reason in answer.reasons)
        return [reason.code for reason in answer.reasons]

    def rebuilt_as_stored(self) -> None:
        assert stored(self.ops.storage) == rebuilt(log_of(self.ops.storage))


def said(answer: Any) -> list[str]:
    return [reason.code for reason in answer.alerts]


def test_a_subscription_expects_its_issues_for_three_months_and_one_more() -> None:
    """From the last issue at hand on; the one beyond the horizon may come early."""
    town = Town()
    names = [f"v.42:no.{number}" for number in range(1, 7)]
    assert names == [issue.enumeration for issue in town.started.issues]
    assert date(2026, 3, 3) == town.ops.serials.get(town.key).expect_by
    assert "v.42:no.3 (2026:Mar.)" == town.started.issues[2].name
    assert [town.key] == [one.id for one in town.ops.serials.subscriptions(bib=town.bib)]
    town.rebuilt_as_stored()


def test_the_pattern_is_read_from_the_record() -> None:
    """853 and 863 of the record, when nobody gives another."""
    ops = libops.open(clock=FrozenClock(MONDAY), ids=CountingIds())
    pattern = [{"8": "1"}, {"a": "no."}, {"i": "(year)"}, {"j": "(season)"}, {"w": "q"}]
    last = [{"8": "1.7"}, {"a": "88"}, {"i": "2025"}, {"j": "24"}]
    ops.catalog.import_marc(BytesIO(serial_record(("853", pattern), ("863", last))))
    (bib,) = ops.catalog.all()
    answer = ops.serials.preview_subscribe(bib.id)
    assert isinstance(answer, Permit)
    assert ["no.89 (2026:Spring)", "no.90 (2026:Summer)"] == [issue.name for issue in answer.result.issues]
    assert [] == ops.serials.subscriptions()
    started = ops.serials.subscribe(bib.id, preview=answer.result.preview)
    assert isinstance(started, Permit)
    again = ops.serials.subscribe(bib.id, preview=answer.result.preview)
    assert isinstance(again, Refuse)
    assert ["subscription.known"] == [reason.code for reason in again.reasons]
    assert ops.serials.subscribe(bib.id, override=Override(["subscription.known"], "ruth", "one for the branch"))


def test_a_serial_cannot_be_subscribed_to_without_a_record_or_a_place_to_count_from() -> None:
    """No title; a pattern and no issue; an issue of fewer numbers."""
    town = Town()
    subscribe = town.ops.serials.subscribe
    assert ["subscription.no_bib", "subscription.no_issue_at_hand"] == town.refused(subscribe("b99", pattern=PATTERN))
    sure = Override(["subscription.known"], "ruth", "second")
    given = {"pattern": PATTERN, "override": sure}
    assert ["subscription.no_issue_at_hand"] == town.refused(subscribe(town.bib, **given))
    assert ["subscription.no_issue_at_hand"] == town.refused(subscribe(town.bib, last="$a 41 $i 2025", **given))
    with pytest.raises(InvalidValue, match="no subfields of 853"):
        subscribe(town.bib, pattern="monthly")
    with pytest.raises(InvalidValue, match="copies = 0 is below 1"):
        subscribe(town.bib, copies=0, override=sure)
    with pytest.raises(InvalidValue, match="ahead = -1 is below 0"):
        subscribe(town.bib, ahead=-1, override=sure)


def test_an_issue_is_received_on_time_and_gets_its_item() -> None:
    """Volume and month stand in the item, on its label, and in its place on the shelf."""
    town = Town(items=ITEMS)
    seen = town.done(town.ops.serials.preview_receive(town.key, barcode="31234000099990"))
    assert "v.42:no.1" == seen.issue.enumeration
    assert [] == town.ops.items.of_bib(town.bib)
    receipt = town.done(town.ops.serials.receive(town.key, barcode="31234000099990", preview=seen.preview))
    item = town.ops.items.get("31234000099990")
    assert receipt.item == item
    assert ("v.42:no.1", "2026:Jan.", "510.5", "Ebsworth") == (
        item.enumeration,
        item.chronology,
        item.call_number,
        item.acquired_from,
    )
    assert "v.42:no.1" in str(receipt)
    number = CallNumber(item.call_number_scheme, item.call_number)
    lines = label_lines(number, enumeration=item.enumeration, chronology=item.chronology)
    assert ("510.5", "v.42", "no.1", "2026", "Jan.") == lines
    later = town.done(town.ops.serials.receive(town.key))
    assert item.shelf_key < later.item.shelf_key
    assert ["preview.stale"] == town.refused(
        town.ops.serials.receive(
            seen.issue.id, preview=seen.preview, override=Override(["issue.received"], "ruth", "x")
        )
    )
    town.rebuilt_as_stored()


def test_an_issue_may_come_early_or_before_another() -> None:
    """Both are said, neither stops."""
    town = Town()
    early = town.ops.serials.receive(town.issue("v.42:no.4").id)
    assert isinstance(early, Permit)
    assert ["issue.early", "issue.leaves_gap"] == said(early)
    assert "v.42:no.1 (2026:Jan.)" in early.alerts[1].text
    assert [] == said(town.ops.serials.receive(town.issue("v.42:no.1").id))


def test_a_second_copy_is_confirmed_unless_it_was_ordered() -> None:
    """Two copies ordered: the third is asked about; it is numbered on its item."""
    town = Town(copies=2, items=ITEMS)
    issue = town.issue("v.42:no.1").id
    assert "" == town.done(town.ops.serials.receive(issue)).item.copy_number
    assert "2" == town.done(town.ops.serials.receive(issue)).item.copy_number
    assert ["issue.received"] == town.refused(town.ops.serials.receive(issue))
    sure = Override(["issue.received"], "ruth", "a gift")
    assert "3" == town.done(town.ops.serials.receive(issue, override=sure)).item.copy_number
    town.done(town.ops.serials.undo_receipt(issue, copy=1))
    assert ["2", "3"] == sorted(item.copy_number for item in town.ops.items.of_bib(town.bib))
    town.done(town.ops.serials.undo_receipt(issue))
    town.done(town.ops.serials.undo_receipt(issue))
    assert IssueState.EXPECTED is town.ops.serials.issue(issue).state
    assert ["issue.not_received"] == town.refused(town.ops.serials.undo_receipt(issue))
    town.rebuilt_as_stored()


def test_a_barcode_that_is_taken_refuses_the_receipt_whole() -> None:
    """No issue is received whose item cannot be made."""
    town = Town(items=ITEMS)
    town.done(town.ops.serials.receive(town.key, barcode="31234000099990"))
    assert ["barcode.taken"] == town.refused(town.ops.serials.receive(town.key, barcode="31234000099990"))
    assert IssueState.EXPECTED is town.issue("v.42:no.2").state
    assert town.done(town.ops.serials.receive(town.key, make_item=False)).item is None


def test_a_mistaken_receipt_is_undone_with_its_item() -> None:
    """The issue stands as it did, late or claimed; an item that is out stays, and so does the receipt."""
    town = Town(items=ITEMS)
    town.ops.run_due()
    issue = town.issue("v.42:no.1").id
    assert IssueState.LATE is town.ops.serials.issue(issue).state
    town.done(town.ops.serials.receive(issue, barcode="31234000099990"))
    town.ops.patrons.register(name="Ada", category="adult", card="21234000000017")
    assert town.ops.circulation.check_out(patron="21234000000017", item="31234000099990")
    assert ["item.on_loan_now"] == town.refused(town.ops.serials.undo_receipt(issue))
    assert town.ops.circulation.check_in(item="31234000099990")
    assert ["item.has_history"] == town.refused(town.ops.serials.undo_receipt(issue))
    sure = Override(["item.has_history"], "ruth", "wrong serial", ["items.delete_with_history"])
    undone = town.done(town.ops.serials.undo_receipt(issue, override=sure))
    assert "31234000099990" == undone.item.barcode
    assert IssueState.LATE is town.ops.serials.issue(issue).state
    with pytest.raises(NotFound):
        town.ops.items.get("31234000099990")


def test_what_nobody_expected_is_entered_as_it_comes() -> None:
    """A supplement, an index; undone, it is gone."""
    town = Town(items=ITEMS)
    receipt = town.done(
        town.ops.serials.receive_unexpected(
            town.key, enumeration="v.42:suppl.1", chronology="2026", kind="supplement", published=date(2026, 2, 1)
        )
    )
    assert "v.42:suppl.1" == receipt.item.enumeration
    town.done(town.ops.serials.undo_receipt(receipt.issue.id))
    with pytest.raises(NotFound, match="no issue"):
        town.ops.serials.issue(receipt.issue.id)
    assert [] == town.ops.items.of_bib(town.bib)
    town.rebuilt_as_stored()


def test_a_serial_without_a_pattern_is_received_all_the_same() -> None:
    """Irregular: nothing is expected, nothing is late."""
    ops = libops.open(clock=FrozenClock(MONDAY), ids=CountingIds())
    ops.catalog.import_marc(BytesIO(serial_record(title="Now and then")))
    (bib,) = ops.catalog.all()
    started = ops.serials.subscribe(bib.id)
    assert isinstance(started, Permit)
    assert ["subscription.unpredictable"] == said(started)
    key = started.result.subscription.id
    nothing = ops.serials.receive(key)
    assert isinstance(nothing, Refuse)
    assert ["issue.no_next"] == [reason.code for reason in nothing.reasons]
    assert ops.serials.receive_unexpected(key, enumeration="no.7", chronology="2026")
    assert "RECEIVED" == ops.serials.issues(key)[0].state.name


def test_the_nightly_run_marks_what_is_late_and_expects_what_comes() -> None:
    """15 days after its date an issue is late; running again changes nothing; a long absence is caught up with."""
    town = Town()
    town.ops.run_due()
    late = {issue.enumeration for issue in town.ops.serials.late()}
    assert {"v.42:no.1", "v.42:no.2"} == late
    report = {step.name: step.acts for step in town.ops.run_due().steps}
    assert (0, 0) == (report["expected issues"], report["late issues"])
    town.clock.forward(days=400)
    town.ops.run_due()
    town.ops.run_due()
    issues = town.ops.serials.issues(town.key)
    assert list(range(1, len(issues) + 1)) == [issue.place for issue in issues]
    assert Counter({"late": 15, "expected": 5}) == Counter(issue.state.value for issue in issues)
    town.rebuilt_as_stored()


def test_claims_are_counted_and_not_sent_too_soon_or_too_often() -> None:
    """Early, again within a month, and a fourth time: each must be confirmed."""
    town = Town(terms=SupplyTerms(late_after=7, claim_after=14, claim_again_after=30, most_claims=2))
    claim = town.ops.serials.claim
    coming = town.issue("v.42:no.4").id
    assert ["issue.not_late"] == town.refused(claim(coming))
    town.ops.run_due()
    first, second = town.issue("v.42:no.1"), town.issue("v.42:no.2")
    assert [first.id, second.id] == [issue.id for issue in town.ops.serials.to_claim()]
    town.done(claim(first.id, by="ruth", note="by letter"))
    assert [second.id] == [issue.id for issue in town.ops.serials.to_claim()]
    assert ["issue.claimed_lately"] == town.refused(claim(first.id))
    town.clock.forward(days=30)
    assert first.id in [issue.id for issue in town.ops.serials.to_claim()]
    town.done(claim(first.id))
    town.clock.forward(days=31)
    assert ["issue.claimed_often"] == town.refused(claim(first.id))
    assert first.id not in [issue.id for issue in town.ops.serials.to_claim()]
    assert [1, 2] == [one.number for one in town.ops.serials.issue(first.id).claims]
    town.done(town.ops.serials.give_up(first.id, note="out of print"))
    assert ["issue.wrong_state"] == town.refused(claim(first.id))
    came = town.ops.serials.receive(first.id)
    assert ["issue.after_all"] == said(came)
    town.rebuilt_as_stored()


def test_the_claim_notice_says_all_that_the_vendor_needs() -> None:
    """Title, ISSN, issue, day, number of the claim; in the library's language."""
    town = Town()
    town.ops.run_due()
    issue = town.issue("v.42:no.1").id
    town.done(town.ops.serials.claim(issue))
    notice = town.ops.serials.claim_notice(issue)
    assert "Claim 1: Town mathematics, v.42:no.1 (2026:Jan.)" == notice.subject
    for fact in ("Ebsworth", "E-77", "0317-8471", "2026-01-01", town.ops.library_name(town.ops.library)):
        assert fact in notice.text
    assert "ISSN" in str(notice.slip())
    assert "claim" == notice.slip().kind
    german = libops.open(clock=town.clock, language="de", ids=CountingIds())
    german.catalog.import_marc(BytesIO(serial_record()))
    (bib,) = german.catalog.all()
    started = german.serials.subscribe(bib.id, pattern=PATTERN, last=LAST, vendor="Ebsworth")
    assert isinstance(started, Permit)
    spring = next(one for one in started.result.issues if one.enumeration == "v.42:no.5")
    assert "2026:Mai" == spring.chronology
    assert "nicht eingetroffen" in german.serials.claim_notice(spring.id).text


@pytest.mark.parametrize(
    ("act", "state"), [("give_up", "missing"), ("mark_not_published", "not_published"), ("skip", "skipped")]
)
def test_an_issue_that_will_not_come_can_be_waited_for_again(act: str, state: str) -> None:
    """Settled with a note; opened again it is late, as it is by now."""
    town = Town()
    issue = town.issue("v.42:no.3").id
    town.done(getattr(town.ops.serials, act)(issue, note="strike at the printer's"))
    assert (state, "strike at the printer's") == (
        town.ops.serials.issue(issue).state.value,
        town.ops.serials.issue(issue).note,
    )
    assert ["issue.wrong_state"] == town.refused(getattr(town.ops.serials, act)(issue))
    town.done(town.ops.serials.reopen(issue))
    assert IssueState.EXPECTED is town.ops.serials.issue(issue).state
    town.clock.forward(days=60)
    town.done(town.ops.serials.skip(issue))
    town.done(town.ops.serials.reopen(issue))
    assert IssueState.LATE is town.ops.serials.issue(issue).state
    assert ["issue.wrong_state"] == town.refused(town.ops.serials.mark_late(issue))
    assert ["issue.not_late"] == town.refused(town.ops.serials.mark_late(town.issue("v.42:no.6").id))


def test_a_canceled_subscription_expects_nothing_and_still_takes_what_is_owed() -> None:
    """What is only expected will not come; what is late can be claimed and received."""
    town = Town()
    town.ops.run_due()
    seen = town.done(town.ops.serials.preview_cancel(town.key))
    assert ["v.42:no.3", "v.42:no.4", "v.42:no.5", "v.42:no.6"] == [issue.enumeration for issue in seen.issues]
    town.done(town.ops.serials.cancel(town.key, preview=seen.preview))
    assert ["subscription.canceled"] == town.refused(town.ops.serials.cancel(town.key))
    assert ["subscription.canceled"] == town.refused(town.ops.serials.expect(town.key))
    town.done(town.ops.serials.receive(town.key))
    assert IssueState.RECEIVED is town.issue("v.42:no.1").state
    town.done(town.ops.serials.receive(town.key))
    assert ["issue.after_all"] == said(town.ops.serials.receive(town.issue("v.42:no.3").id))
    town.clock.forward(days=200)
    town.ops.run_due()
    assert 6 == len(town.ops.serials.issues(town.key))
    town.rebuilt_as_stored()


def test_a_publisher_who_changes_the_count_is_followed() -> None:
    """No. 3 was the last of its volume, and it is a quarterly now: what was expected after it gives way."""
    town = Town()
    for number in (1, 2, 3):
        town.done(town.ops.serials.receive(town.issue(f"v.42:no.{number}").id))
    quarterly = PATTERN.replace("$u 12", "$u 4").replace("$w m", "$w q")
    seen = town.done(
        town.ops.serials.correct(town.key, last="$a 42 $b 4 $i 2026 $j 3", pattern=quarterly, commit=False)
    )
    town.done(
        town.ops.serials.correct(town.key, last="$a 42 $b 4 $i 2026 $j 3", pattern=quarterly, preview=seen.preview)
    )
    issues = town.ops.serials.issues(town.key)
    assert ["v.42:no.1", "v.42:no.2", "v.42:no.3", "v.43:no.1"] == [issue.enumeration for issue in issues][:4]
    assert list(range(1, len(issues) + 1)) == [issue.place for issue in issues]
    town.rebuilt_as_stored()


def test_new_terms_reach_the_issues_that_are_expected() -> None:
    """Dated ahead by a month, ended in April: days move, what lies beyond goes; nothing to change is refused."""
    town = Town()
    town.done(town.ops.serials.change(town.key, terms=SupplyTerms(arrives_after=-30), ends_on=date(2026, 4, 30)))
    issues = town.ops.serials.issues(town.key)
    assert ["v.42:no.1", "v.42:no.2", "v.42:no.3", "v.42:no.4"] == [issue.enumeration for issue in issues]
    assert date(2026, 3, 2) == issues[3].expected_on
    assert ["subscription.unchanged"] == town.refused(town.ops.serials.change(town.key, vendor="Ebsworth"))
    town.done(town.ops.serials.change(town.key, ends_on=None))
    assert "v.42:no.6" == town.ops.serials.issues(town.key)[5].enumeration
    town.rebuilt_as_stored()


def test_what_is_not_there_is_refused_or_not_found() -> None:
    """An act is refused with a reason; a read raises."""
    town = Town()
    assert ["issue.unknown"] == town.refused(town.ops.serials.receive("nothing"))
    assert ["subscription.unknown"] == town.refused(town.ops.serials.cancel("nothing"))
    assert ["subscription.unknown"] == town.refused(town.ops.serials.receive_unexpected("nothing"))
    with pytest.raises(NotFound, match="no subscription"):
        town.ops.serials.get("nothing")
    assert "expected --> late: mark late" in mermaid(LEGAL)
