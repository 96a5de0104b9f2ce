"""The serials desk: issues received, late, claimed, given up; with the items that are made of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from libops.base.decisions import Decision, Override, Refuse
from libops.base.ids import ItemId, SerialIssueId
from libops.catalog.serials import decide
from libops.catalog.serials.decide import IssueFacts
from libops.catalog.serials.events import ReceiptUndone
from libops.catalog.serials.model import IssueAct, IssueKind, ItemTerms, Subscription
from libops.desk.arguments import checks_arguments, word_of
from libops.desk.items import shelved
from libops.desk.reads import Reads
from libops.desk.serials.reads import both
from libops.desk.serials.receipts import SerialReceipt
from libops.desk.serials.subscriptions import SubscriptionDesk
from libops.desk.shell import Errand
from libops.items import decide as items_decide
from libops.items.model import Item

__all__ = ["SerialsDesk"]

Answer = Decision[SerialReceipt]


@checks_arguments()
class SerialsDesk(SubscriptionDesk):
    """Subscriptions and their issues. Acts return `Permit` with a receipt, or `Refuse` with every reason.

    Acts have a preview of the same arguments, `preview_receive` for `receive`, that writes nothing; its `preview`
    handed to the act refuses it if anything has changed since. Where there is no verb of that name, `commit=False` does
    the same.

    `subscription` and `issue` are identifiers; an act on one that is not there is refused with `subscription.unknown`
    or `issue.unknown`, looking raises `NotFound`. What the state of an issue does not allow is refused with
    `issue.wrong_state`.

    >>> import libops
    >>> from datetime import datetime
    >>> from libops.testing.sample_library import sample_library
    >>> ops = libops.open(clock=lambda: datetime.fromisoformat("2026-03-02T10:00Z"))
    >>> sample_library(ops)
    >>> bib = next(ops.catalog.all()).id
    >>> monthly, last = "$a v. $b no. $u 12 $v r $i (year) $j (month) $w m", "$a 41 $b 12 $i 2025 $j 12"
    >>> town = ops.serials.subscribe(bib, pattern=monthly, last=last, ahead=30).result
    >>> [issue.name for issue in town.issues[:2]]
    ['v.42:no.1 (2026:Jan.)', 'v.42:no.2 (2026:Feb.)']
    >>> ops.serials.receive(town.subscription.id).result.issue.name
    'v.42:no.1 (2026:Jan.)'
    >>> ops.serials.holdings(town.subscription.id)
    'v.42:no.1 (2026:Jan.)'
    """

    def receive(
        self,
        what: str,
        *,
        barcode: str | None = None,
        make_item: bool | None = None,
        note: str = "",
        by: str = "desk",
        override: Override | None = None,
        preview: str = "",
        commit: bool = True,
    ) -> Answer:
        """Take in a copy of an issue, and make its item where the subscription wants one.

        Args:
            what: identifier of the issue; or of the subscription, for the next one that is expected.
            barcode: of the new item.
            make_item: whether to make an item; as the subscription says when left out.
            note: about this issue, such as "cover torn".
            by: who does it, for the log.
            override: reasons to set aside, such as `issue.received` for one more copy than ordered.
            preview: the `preview` of an earlier preview.
            commit: False only says what would happen.

        Told by alerts: `issue.early`, `issue.leaves_gap`, `issue.after_all`. To be confirmed: `issue.received`.
        Refused: `issue.no_next` where the subscription expects none; of the item: `barcode.taken`.
        """
        item_id = ItemId(self.shell.ids())

        def ask(facts: IssueFacts, at: datetime, reads: Reads) -> Decision[Any]:
            wanted = self.wants_item(facts.subscription, barcode, make_item)
            answer = decide.receive(
                facts,
                today=self.today(at),
                at=at,
                by=by,
                item_id=item_id if wanted else None,
                note=note,
                override=override,
            )
            return self.with_item(answer, facts.subscription, barcode, at, by, reads) if wanted else answer

        return self.on_issue("received", what, ask, commit=commit, preview=preview)

    def preview_receive(self, what: str, **asked: Any) -> Answer:
        """What `receive` would say, with the item it would make."""
        return self.receive(what, commit=False, **asked)

    def receive_unexpected(
        self,
        subscription: str,
        *,
        enumeration: str = "",
        chronology: str = "",
        kind: IssueKind | str = IssueKind.BASIC,
        published: date | None = None,
        barcode: str | None = None,
        make_item: bool | None = None,
        note: str = "",
        by: str = "desk",
        commit: bool = True,
    ) -> Answer:
        """Take in what was not predicted: a supplement, an index, an issue of a serial without a pattern.

        Args:
            subscription: its identifier.
            enumeration: its numbers as they are to be shown, `v.42:suppl.`.
            chronology: its date as it is to be shown, `2026:Spring`.
            kind: `basic`, `supplement` or `index`.
            published: its day, for the order; today when left out.
            barcode: of the new item.
            make_item: whether to make an item; as the subscription says when left out.
            note: about this issue.
            by: who does it, for the log.
            commit: False only says what would happen.

        Refused: `subscription.unknown`; of the item: `barcode.taken`.
        """
        issue_id, item_id = SerialIssueId(self.shell.ids()), ItemId(self.shell.ids())
        sort = word_of(IssueKind, kind, "kind")

        def load(reads: Reads) -> tuple[Subscription | None, Reads]:
            return reads.get(Subscription, subscription), reads

        def ask(loaded: tuple[Subscription | None, Reads], at: datetime) -> Decision[Any]:
            found, reads = loaded
            wanted = self.wants_item(found, barcode, make_item)
            answer = decide.receive_unexpected(
                found,
                issue_id=issue_id,
                enumeration=enumeration,
                chronology=chronology,
                kind=sort,
                published=published or self.today(at),
                at=at,
                by=by,
                item_id=item_id if wanted else None,
                note=note,
            )
            return self.with_item(answer, found, barcode, at, by, reads) if wanted else answer

        return self.shell.act(Errand(load, ask, self.received("received")), commit=commit)

    def undo_receipt(
        self,
        issue: str,
        *,
        copy: int | None = None,
        by: str = "desk",
        override: Override | None = None,
        preview: str = "",
        commit: bool = True,
    ) -> Answer:
        """Take back the receipt of a copy, the last one or that of the number `copy`: the issue stands as it did
        before.

        Its item is deleted, if it may be. Refused: `issue.not_received`; for the item what `ops.items.delete` refuses,
        such as `item.on_loan_now`.
        """

        def ask(facts: IssueFacts, at: datetime, reads: Reads) -> Decision[Any]:
            answer = decide.undo_receipt(facts, copy=copy, at=at, by=by)
            if isinstance(answer, Refuse):
                return answer
            (undone,) = answer.result
            assert isinstance(undone, ReceiptUndone)
            item = None if undone.copy.item_id is None else reads.get(Item, undone.copy.item_id)
            if item is None:
                return answer
            gone = items_decide.delete(self.items.facts(reads, item, item), at=at, by=by, override=override)
            return both(answer, gone)

        return self.on_issue("undid the receipt of", issue, ask, commit=commit, preview=preview)

    def claim(
        self,
        issue: str,
        *,
        note: str = "",
        by: str = "desk",
        override: Override | None = None,
        preview: str = "",
        commit: bool = True,
    ) -> Answer:
        """Write down that the vendor is asked for an issue, or for the copies of it that did not come with the others.

        `claim_notice` is the letter, which nobody sends by itself. To be confirmed: `issue.not_late`,
        `issue.claimed_lately`, `issue.claimed_often`, by the days and the number of claims in the `terms` of the
        subscription. Refused: `issue.complete`.
        """
        return self.on_issue(
            "claimed",
            issue,
            lambda facts, at, _: decide.claim(
                facts, today=self.today(at), at=at, by=by, note=note, day_of=self.today, override=override
            ),
            commit=commit,
            preview=preview,
        )

    def mark_late(self, issue: str, *, by: str = "desk") -> Answer:
        """Say that an issue is late; the nightly run does it for all. Refused: `issue.not_late`."""
        return self.on_issue(
            "late", issue, lambda facts, at, _: decide.mark_late(facts, today=self.today(at), at=at, by=by)
        )

    def give_up(self, issue: str, *, note: str = "", by: str = "desk") -> Answer:
        """It was published and will not come: it is missing. Of one that came, copies that lack are given up.

        Refused: `issue.complete` where none lack.
        """
        return self.settle(issue, IssueAct.GIVE_UP, note, by)

    def mark_not_published(self, issue: str, *, note: str = "", by: str = "desk") -> Answer:
        """The publisher never made it: it is neither waited for nor claimed."""
        return self.settle(issue, IssueAct.MARK_NOT_PUBLISHED, note, by)

    def skip(self, issue: str, *, note: str = "", by: str = "desk") -> Answer:
        """The library does not want it: it is not waited for."""
        return self.settle(issue, IssueAct.SKIP, note, by)

    def reopen(self, issue: str, *, by: str = "desk") -> Answer:
        """Wait again for an issue that was given up, skipped, canceled or said not to be published.

        It stands as claimed if it was claimed, as late if it is, else as expected.
        """
        return self.on_issue(
            "reopened", issue, lambda facts, at, _: decide.reopen(facts, today=self.today(at), at=at, by=by)
        )

    def settle(self, issue: str, act: IssueAct, note: str, by: str) -> Answer:
        return self.on_issue(
            act.value.replace("_", " "), issue, lambda facts, at, _: decide.settle(facts, act, at=at, by=by, note=note)
        )

    # --- items ----------------------------------------------------------------------------------------------------

    def wants_item(self, subscription: Subscription | None, barcode: str | None, make_item: bool | None) -> bool:
        """Whether a copy gets an item: as asked for, else by its barcode, else as the subscription says."""
        if make_item is not None:
            return make_item
        return barcode is not None or (subscription is not None and subscription.items is not None)

    def with_item(
        self,
        answer: Decision[Any],
        subscription: Subscription | None,
        barcode: str | None,
        at: datetime,
        by: str,
        reads: Reads,
    ) -> Decision[Any]:
        """The receipt together with the item of the copy: its volume and date are those of the issue."""
        if isinstance(answer, Refuse) or subscription is None:
            return answer
        event = answer.result[0]
        terms = subscription.items or ItemTerms()
        item = shelved(
            Item(
                id=event.copy.item_id,
                bib_id=subscription.bib_id,
                home_library=subscription.library,
                holding_library=subscription.library,
                barcode=barcode,
                item_type=terms.item_type,
                shelving_location=terms.shelving_location,
                collection=terms.collection,
                call_number=terms.call_number,
                call_number_scheme=terms.call_number_scheme,
                not_for_loan=terms.not_for_loan,
                enumeration=event.issue.enumeration,
                chronology=event.issue.chronology,
                copy_number=str(event.copy.number) if event.copy.number > 1 else "",
                acquired=self.today(at),
                acquired_from=subscription.vendor,
            ),
            self.shell.filing,
        )
        facts = self.items.facts_of_new(reads, item)
        return both(answer, items_decide.add(facts, item, at=at, by=by, source=f"subscription {subscription.id}"))
