"""Reading subscriptions and their issues, and what every act of the serials desk loads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import chain
from typing import Any

from libops.base.decisions import Decision, Permit, Reason, Refuse
from libops.base.errors import NotFound
from libops.base.ids import LibraryCode
from libops.catalog.marc import marc_of, parse_text
from libops.catalog.model import BibRecord, Holdings
from libops.catalog.serials.decide import IssueFacts, claim_due
from libops.catalog.serials.holdings import holdings_statement, runs_in
from libops.catalog.serials.model import IssueKind, IssueState, SerialIssue, Subscription
from libops.catalog.serials.pattern import Issue, SerialPattern
from libops.catalog.serials.predict import earlier_open
from libops.catalog.serials.reasons import ISSUE_NO_NEXT, ISSUE_UNKNOWN, SUBSCRIPTION_UNKNOWN
from libops.catalog.serials.subscribe import SubscriptionFacts
from libops.circulation.policy.book import CirculationBook
from libops.desk.arguments import word_of
from libops.desk.items import ItemDesk
from libops.desk.reads import Reads
from libops.desk.serials.receipts import ClaimNotice, SerialReceipt
from libops.desk.shell import Errand, Shell
from libops.items.events import ItemAdded, ItemDeleted
from libops.storage.kinds import kind_of
from libops.storage.port import Find

__all__ = ["SerialReads", "both"]

OPEN = (IssueState.EXPECTED, IssueState.LATE, IssueState.CLAIMED)


class SerialReads:
    """What can be asked about subscriptions."""

    def __init__(
        self,
        shell: Shell,
        book: CirculationBook,
        library: LibraryCode,
        items: ItemDesk,
        library_name: Callable[[LibraryCode], str],
    ) -> None:
        self.shell = shell
        self.book = book
        self.library = library
        self.items = items
        self.library_name = library_name
        self.language = shell.words.language

    def get(self, subscription: str) -> Subscription:
        """The subscription with this identifier. Raises `NotFound`."""
        found = Reads(self.shell.storage).get(Subscription, subscription)
        if found is None:
            raise NotFound(f"no subscription has the identifier {subscription!r}")
        return found

    def issue(self, issue: str) -> SerialIssue:
        """The issue with this identifier. Raises `NotFound`."""
        found = Reads(self.shell.storage).get(SerialIssue, issue)
        if found is None:
            raise NotFound(f"no issue has the identifier {issue!r}")
        return found

    def subscriptions(self, *, bib: str | None = None) -> list[Subscription]:
        """The subscriptions of this library, ended ones too, to the serial with the identifier `bib` or to all."""
        reads = Reads(self.shell.storage)
        if bib is not None:
            return reads.find(Subscription, "by_bib", bib, self.library)
        return reads.find(Subscription, "by_library", self.library)

    def issues(self, subscription: str, *, state: IssueState | str | None = None) -> list[SerialIssue]:
        """The issues of a subscription by the days they are expected on, in one state or in all."""
        reads = Reads(self.shell.storage)
        if state is None:
            return reads.find(SerialIssue, "by_subscription", subscription)
        return reads.find(SerialIssue, "by_standing", subscription, word_of(IssueState, state, "state"))

    def late(self) -> Iterator[SerialIssue]:
        """The issues of this library that are late and not claimed, the longest late first."""
        yield from Reads(self.shell.storage).find(SerialIssue, "by_state", self.library, IssueState.LATE)

    def to_claim(self) -> Iterator[SerialIssue]:
        """The issues of this library that it is time to claim, for the first time or again; then those of which some of
        the copies ordered came and others did not."""
        reads, today = Reads(self.shell.storage), self.today(self.shell.clock())
        open_ones = [reads.find(SerialIssue, "by_state", self.library, state) for state in OPEN[1:]]
        for issue in chain(*open_ones, reads.find(SerialIssue, "by_lacking", self.library)):
            subscription = reads.get(Subscription, issue.subscription_id)
            due = None if subscription is None else claim_due(subscription, issue, day_of=self.today)
            if due is not None and due <= today:
                yield issue

    def holdings(self, subscription: str) -> str:
        """What has come of a subscription, in words: `v.41:no.12-v.42:no.2 (2026:Jan.-2026:Mar.)`, gaps by a comma.

        Source: ANSI/NISO Z39.71, Holdings Statements for Bibliographic Items.
        """
        return holdings_statement(self.issues(subscription))

    def claim_notice(self, issue: str) -> ClaimNotice:
        """The letter and the slip that ask the vendor for an issue, in the library's language. Raises `NotFound`.

        Before the first claim it is the letter that would be sent. `notice.text` is the letter, `notice.slip()` the
        slip.
        """
        found = self.issue(issue)
        bib = Reads(self.shell.storage).get(BibRecord, found.bib_id)
        assert bib is not None, f"issue {issue!r} is of a record that is not there"
        name = self.library_name(found.library)
        return ClaimNotice(found, self.get(found.subscription_id), bib, name, self.language)

    def today(self, at: datetime) -> date:
        """The day it is in the library."""
        return self.book.calendar(self.library).service_day(at)

    # --- loading --------------------------------------------------------------------------------------------------

    def pattern_of(
        self, reads: Reads, bib: BibRecord | None, kind: IssueKind
    ) -> tuple[SerialPattern | None, Issue | None]:
        """The newest pattern of such issues in the library's holdings, or in the record, and its last issue."""
        if bib is None:
            return None, None
        holdings = reads.find(Holdings, "by_bib", bib.id, self.library)
        records = [parse_text(one.marc) for one in holdings if one.marc] + ([marc_of(bib)] if bib.marc else [])
        runs = (run for record in records for run in runs_in(record) if run.kind is kind)
        run = next(runs, None)
        return (None, None) if run is None else (run.pattern, run.last)

    def on_subscription(
        self,
        act: str,
        subscription: str,
        ask: Callable[[SubscriptionFacts, Subscription, datetime], Decision[Any]],
        *,
        commit: bool = True,
        preview: str = "",
        with_expected: bool = True,
        with_others_since: date | None = None,
    ) -> Decision[SerialReceipt]:
        def load(reads: Reads) -> SubscriptionFacts | Refuse:
            found = reads.get(Subscription, subscription)
            if found is None:
                return Refuse((SUBSCRIPTION_UNKNOWN(subscription=subscription),))
            wanted = (found.id, IssueState.EXPECTED)
            expected = reads.find(SerialIssue, "by_standing", *wanted) if with_expected else []
            others = [] if with_others_since is None else self.others_since(reads, found.id, with_others_since)
            return SubscriptionFacts(found, True, (), tuple(expected), tuple(others))

        def decide(facts: SubscriptionFacts, at: datetime) -> Decision[Any]:
            assert facts.subscription is not None, "loaded above"
            return ask(facts, facts.subscription, at)

        return self.shell.act(Errand(load, decide, self.received(act)), commit=commit, expecting=preview)

    def on_issue(
        self,
        act: str,
        what: str,
        ask: Callable[[IssueFacts, datetime, Reads], Decision[Any]],
        *,
        commit: bool = True,
        preview: str = "",
    ) -> Decision[SerialReceipt]:
        def load(reads: Reads) -> tuple[IssueFacts, Reads] | Refuse:
            issue = self.issue_meant(reads, what)
            if isinstance(issue, Reason):
                return Refuse((issue,))
            subscription = reads.get(Subscription, issue.subscription_id)
            return IssueFacts(subscription, issue, tuple(earlier_open(self.open_of(reads, issue), issue))), reads

        def decide(loaded: tuple[IssueFacts, Reads], at: datetime) -> Decision[Any]:
            return ask(loaded[0], at, loaded[1])

        return self.shell.act(Errand(load, decide, self.received(act)), commit=commit, expecting=preview)

    def others_since(self, reads: Reads, subscription: str, day: date) -> list[SerialIssue]:
        """The issues from a day on that are more than expected."""
        found: list[SerialIssue] = reads.load(Find(kind_of(SerialIssue), "by_subscription", (subscription,), day))[0]
        return [one for one in found if one.state is not IssueState.EXPECTED]

    def issue_meant(self, reads: Reads, what: str) -> SerialIssue | Reason:
        """The issue of that identifier, or the next one of the subscription of that identifier."""
        issue = reads.get(SerialIssue, what)
        if issue is not None:
            return issue
        subscription = reads.get(Subscription, what)
        if subscription is None:
            return ISSUE_UNKNOWN(issue=what)
        coming = [one for state in OPEN for one in reads.find(SerialIssue, "by_standing", what, state, limit=1)]
        if not coming:
            return ISSUE_NO_NEXT(subscription=what)
        return min(coming, key=lambda one: (one.expected_on, one.id))

    def open_of(self, reads: Reads, issue: SerialIssue) -> list[SerialIssue]:
        """The issues of the same subscription that may still come."""
        key = issue.subscription_id
        return [one for state in OPEN for one in reads.find(SerialIssue, "by_standing", key, state)]

    def received(self, act: str) -> Callable[[Any, Any, datetime, tuple[Reason, ...]], SerialReceipt]:
        """What makes the receipt of an act from the events of its plan."""

        def receive(plan: Any, facts: Any, at: datetime, alerts: tuple[Reason, ...]) -> SerialReceipt:
            issues: list[SerialIssue] = []
            subscription = item = None
            for event in plan:
                if isinstance(event, ItemAdded | ItemDeleted):
                    item = event.item
                    continue
                issues += getattr(event, "issues", None) or ([event.issue] if hasattr(event, "issue") else [])
                subscription = getattr(event, "subscription", subscription)
            if subscription is None:
                subscription = self.get(issues[0].subscription_id) if issues else facts.subscription
            return SerialReceipt(act, subscription, tuple(issues), item, alerts)

        return receive


def both(one: Decision[Any], other: Decision[Any]) -> Decision[Any]:
    """Two decisions about one act: permitted when both are, refused with the reasons of both."""
    if isinstance(one, Permit) and isinstance(other, Permit):
        return Permit((*one.result, *other.result), (*one.alerts, *other.alerts), one.trace)
    return Refuse(tuple(reason for part in (one, other) if isinstance(part, Refuse) for reason in part.reasons))
