"""Subscriptions at the desk: started, changed, counted anew, ended."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from attrs import evolve

from libops.base.decisions import Decision, Override
from libops.base.ids import BibId, SubscriptionId
from libops.catalog.model import BibRecord
from libops.catalog.serials import subscribe
from libops.catalog.serials.expect import SupplyTerms
from libops.catalog.serials.model import IssueKind, ItemTerms, Subscription
from libops.catalog.serials.pattern import Issue, SerialPattern
from libops.catalog.serials.subscribe import SubscriptionFacts
from libops.catalog.serials.written import written_issue, written_pattern
from libops.desk.arguments import fitting_fields, word_of
from libops.desk.reads import Reads
from libops.desk.serials.reads import SerialReads
from libops.desk.serials.receipts import SerialReceipt
from libops.desk.shell import Errand

__all__ = ["SubscriptionDesk"]

Answer = Decision[SerialReceipt]
DEFAULT_TERMS = SupplyTerms()
LOOK_BACK = timedelta(366)


class SubscriptionDesk(SerialReads):
    """The acts on subscriptions."""

    def subscribe(
        self,
        bib: str,
        *,
        pattern: SerialPattern | str | None = None,
        last: Issue | str | None = None,
        terms: SupplyTerms = DEFAULT_TERMS,
        copies: int = 1,
        items: ItemTerms | None = None,
        vendor: str = "",
        vendor_number: str = "",
        ahead: int = 90,
        ends_on: date | None = None,
        kind: IssueKind | str = IssueKind.BASIC,
        by: str = "desk",
        override: Override | None = None,
        preview: str = "",
        commit: bool = True,
    ) -> Answer:
        """Start a subscription and expect its first issues.

        Args:
            bib: identifier of the bibliographic record.
            pattern: how it is numbered and when it comes, as a value or as the subfields of an 853 (`$a v. $w m`); that
                of the record's (or its holdings') newest 853 when left out.
            last: the last issue at hand, as a value or as the subfields of an 863; that of the record when left out.
            terms: when issues are late and claimed.
            copies: how many of each issue come.
            items: what the items of received issues are like; None makes no items.
            vendor: who delivers, and `vendor_number` the number of the subscription there.
            ahead: how many days ahead issues are expected.
            ends_on: the last day of the subscription, if it ends by itself.
            kind: `supplement` or `index` for one of its own beside the basic issues, by 854 or 855.
            by: who does it, for the log.
            override: reasons to set aside, such as `subscription.known`.
            preview: the `preview` of an earlier preview.
            commit: False only says what would happen.

        Refused: `subscription.no_bib`, `subscription.no_issue_at_hand`; to be confirmed: `subscription.known`. Without
        a pattern nothing is expected, and this is told by an alert, `subscription.unpredictable`. Raises `InvalidValue`
        for a pattern or an issue that cannot be read. Source: MARC 21 Format for Holdings Data, 853 to 855 and 863 to
        865.
        """
        given = written_pattern(pattern) if isinstance(pattern, str) else pattern
        key, sort = SubscriptionId(self.shell.ids()), word_of(IssueKind, kind, "kind")

        def load(reads: Reads) -> tuple[SubscriptionFacts, Subscription]:
            found = reads.get(BibRecord, bib)
            others = [
                one.id
                for one in reads.find(Subscription, "by_bib", bib, self.library)
                if one.active and one.kind is sort
            ]
            counted, at_hand = (given, None) if given is not None else self.pattern_of(reads, found, sort)
            if isinstance(last, str):
                at_hand = None if counted is None else written_issue(last, counted)
            elif last is not None:
                at_hand = last
            wanted = Subscription(
                id=key,
                bib_id=BibId(bib),
                library=self.library,
                started_at=self.shell.clock(),
                pattern=counted,
                start=() if at_hand is None else (at_hand,),
                terms=terms,
                copies=copies,
                items=items,
                vendor=vendor,
                vendor_number=vendor_number,
                ahead=ahead,
                ends_on=ends_on,
                kind=sort,
            )
            return SubscriptionFacts(None, found is not None and not found.deleted, tuple(others)), wanted

        def ask(loaded: tuple[SubscriptionFacts, Subscription], at: datetime) -> Decision[Any]:
            facts, wanted = loaded
            wanted = evolve(wanted, started_at=at)
            return subscribe.subscribe(
                facts, wanted, today=self.today(at), at=at, by=by, language=self.language, override=override
            )

        return self.shell.act(Errand(load, ask, self.received("subscribed to")), commit=commit, expecting=preview)

    def preview_subscribe(self, bib: str, **asked: Any) -> Answer:
        """What `subscribe` would say, with the issues it would expect."""
        return self.subscribe(bib, commit=False, **asked)

    def change(self, subscription: str, *, by: str = "desk", commit: bool = True, **changed: Any) -> Answer:
        """Change the terms of a subscription.

        `changed` are fields of `Subscription`: `terms`, `copies`, `items`, `vendor`, `vendor_number`, `ahead`,
        `ends_on`. Issues that are only expected get their new days, and those beyond a new end go. Refused:
        `subscription.canceled`, `subscription.unchanged`. Raises `InvalidValue` for a field that a subscription does
        not have.
        """
        fitting_fields(Subscription, "a subscription", changed, but=("id",))
        return self.on_subscription(
            "changed",
            subscription,
            lambda facts, found, at: subscribe.change(
                facts,
                evolve(found, **changed),
                today=self.today(at),
                at=at,
                by=by,
                language=self.language,
            ),
            commit=commit,
        )

    def correct(
        self,
        subscription: str,
        *,
        last: Issue | str,
        pattern: SerialPattern | str | None = None,
        by: str = "desk",
        override: Override | None = None,
        preview: str = "",
        commit: bool = True,
    ) -> Answer:
        """Count anew from an issue at hand, by the same pattern or a new one: the publisher did otherwise.

        `last` and `pattern` are told as for `subscribe`. What was only expected after that issue gives way to what is
        expected now. Refused: `subscription.canceled`, `subscription.no_issue_at_hand` for an issue that has not the
        levels of the pattern; to be confirmed: `subscription.later_issues`. Raises `InvalidValue` for a pattern or an
        issue that cannot be read, `NotFound` when one written as text is of no subscription.
        """
        new = written_pattern(pattern) if isinstance(pattern, str) else pattern
        if isinstance(last, str):
            counted = new or self.get(subscription).pattern or SerialPattern(None)
            at_hand = written_issue(last, counted)
        else:
            at_hand = last

        def ask(facts: SubscriptionFacts, found: Subscription, at: datetime) -> Decision[Any]:
            return subscribe.correct(
                facts,
                last=at_hand,
                pattern=new,
                today=self.today(at),
                at=at,
                by=by,
                language=self.language,
                override=override,
            )

        # Issues are found by the day they are expected on, which may lie a while before or after their date.
        since = at_hand.published - LOOK_BACK
        return self.on_subscription(
            "corrected", subscription, ask, commit=commit, preview=preview, with_others_since=since
        )

    def cancel(self, subscription: str, *, by: str = "desk", preview: str = "", commit: bool = True) -> Answer:
        """End a subscription. Issues only expected will not come; late and claimed ones can still be received.

        Refused: `subscription.canceled`.
        """
        return self.on_subscription(
            "canceled",
            subscription,
            lambda facts, _, at: subscribe.cancel(facts, at=at, by=by),
            commit=commit,
            preview=preview,
        )

    def preview_cancel(self, subscription: str, *, by: str = "desk") -> Answer:
        """What `cancel` would say, with the issues that would not come."""
        return self.cancel(subscription, by=by, commit=False)

    def expect(self, subscription: str, *, by: str = "desk") -> Answer:
        """Predict the issues that time has brought near; the nightly run does it too.

        Refused: `subscription.canceled`.
        """
        return self.on_subscription(
            "expected",
            subscription,
            lambda facts, _, at: subscribe.expect(facts, today=self.today(at), at=at, by=by, language=self.language),
            with_expected=False,
        )
