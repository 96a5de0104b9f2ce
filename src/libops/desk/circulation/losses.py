"""The desk for items that do not come back: lost, claimed returned, charged, settled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from libops.base.decisions import Decision, Override, Reason
from libops.base.ids import LibraryCode
from libops.base.money import Money
from libops.catalog.model import BibRecord
from libops.circulation.decide.losses import (
    LossFacts,
    LossPlan,
    bill_loss,
    bill_real_cost,
    claim_returned,
    declare_lost,
    end_loss,
    end_settled,
    write_off_claim,
)
from libops.circulation.model import ClaimResolution, LostItem
from libops.circulation.policy.book import CirculationBook
from libops.desk.arguments import checks_arguments
from libops.desk.circulation.desk import CirculationDesk
from libops.desk.circulation.facts import LoanFacts
from libops.desk.reads import Reads
from libops.desk.receipts import Receipt
from libops.desk.shell import Errand, Shell
from libops.desk.words import read_by
from libops.fees.policy import LossCause

__all__ = ["LossDesk"]

Ask = Callable[..., Decision[LossPlan]]


@checks_arguments()
class LossDesk:
    """Losses, what they cost, and claims that an item came back.

    `item` is a barcode or the item's identifier. Every act answers `Permit` with a `Receipt` that has what was
    `charged`, or `Refuse` with all reasons: `barcode.no_item`, `loss.not_on_loan`, and those named with the act. What
    is charged, and what comes back when the item is found, is in the lost policy kept on the loan. `override` sets
    reason codes aside; `commit=False` only says what would happen.

    >>> import libops
    >>> from libops.testing.sample_library import ITEMS, PATRONS, sample_library
    >>> ops, ada, guide = libops.open(), PATRONS[0][0], ITEMS[0][0]
    >>> sample_library(ops)
    >>> lent = ops.circulation.check_out(patron=ada, item=guide)
    >>> ops.losses.declare_lost(guide).result.charged
    (('lost-processing', Money(500, 'EUR')),)
    >>> ops.transits.state_of(guide).value
    'declared_lost'
    """

    def __init__(
        self,
        shell: Shell,
        book: CirculationBook,
        library: LibraryCode,
        facts: LoanFacts,
        circulation: Callable[[], CirculationDesk],
    ) -> None:
        self.shell = shell
        self.book = book
        self.library = library
        self.facts = facts
        self.circulation = circulation

    def declare_lost(
        self, item: str, *, by: str = "desk", override: Override | None = None, commit: bool = True
    ) -> Decision[Receipt]:
        """The patron, or staff, say that the item is lost: it is charged at once. Refused: `loss.already_lost`."""
        return self.act("declare_lost", item, partial(declare_lost, book=self.book), by, override, commit)

    def age_to_lost(
        self, item: str, *, by: str = "run", override: Override | None = None, commit: bool = True
    ) -> Decision[Receipt]:
        """Count an item as lost that is overdue for so long; the nightly run does it.

        Refused: `loss.already_lost`, and `loss.too_early` without the right `loss.before_time`.
        """
        ask = partial(declare_lost, book=self.book, cause=LossCause.AGED)
        return self.act("age_to_lost", item, ask, by, override, commit)

    def bill(
        self,
        item: str,
        *,
        cost: Money | str | None = None,
        by: str = "desk",
        override: Override | None = None,
        commit: bool = True,
    ) -> Decision[Receipt]:
        """Charge a loss whose charge was put off; with `cost`, the real cost that staff know by now.

        `cost` is `Money` or text such as `18.00 EUR`. Refused: `loss.not_lost`, `loss.already_lost` once
        charged, and `loss.too_early` without the right `loss.before_time`.
        """
        if cost is None:
            return self.act("bill", item, partial(bill_loss, book=self.book), by, override, commit)
        money = cost if isinstance(cost, Money) else Money.parse(cost)
        return self.act("bill", item, partial(bill_real_cost, cost=money), by, override, commit)

    def settle(
        self, item: str, *, by: str = "desk", override: Override | None = None, commit: bool = True
    ) -> Decision[Receipt]:
        """End the loan of a lost item of which nothing is to be paid any more. Refused: `loss.not_settled`."""
        return self.act("settle", item, partial(end_settled, book=self.book), by, override, commit)

    def end(
        self, item: str, *, by: str = "desk", override: Override | None = None, commit: bool = True
    ) -> Decision[Receipt]:
        """Stop waiting for a lost item, and end its loan if that is still open; the nightly run does it.

        The loss counts against the patron no more, and the loan is forgotten as any other. Comes the item back even so,
        it is found, nothing goes back, and the desk is told `item.loss_over`. Refused: `loss.not_lost`,
        `loss.not_settled`, and `loss.not_over` without the right `loss.end_early` while the lost policy (`ends`) waits.
        """
        return self.act("end_loss", item, partial(end_loss, book=self.book), by, override, commit)

    def claim_returned(
        self, item: str, *, by: str = "desk", override: Override | None = None, commit: bool = True
    ) -> Decision[Receipt]:
        """The patron says that the item was returned; the loan stays open until staff settle it (`resolve_claim`).

        No fine grows meanwhile where the policy says so. Refused: `claim.already_open`.
        """
        return self.act("claim_returned", item, claim_returned, by, override, commit)

    def claim_never_had(
        self, item: str, *, by: str = "desk", override: Override | None = None, commit: bool = True
    ) -> Decision[Receipt]:
        """The patron says never to have had the item: the loan ends, and the item is missing. Refused:
        `claim.already_open`.
        """
        return self.act("claim_never_had", item, partial(claim_returned, never_had=True), by, override, commit)

    def resolve_claim(
        self,
        item: str,
        resolution: ClaimResolution,
        *,
        by: str = "desk",
        override: Override | None = None,
        commit: bool = True,
    ) -> Decision[Receipt]:
        """Settle a claim: found here, brought after all, lost, or missing.

        What was found or brought is checked in; what is lost is charged as by `declare_lost`; what is missing leaves
        the patron's account alone. Refused: `claim.not_open`.
        """
        if resolution is ClaimResolution.DECLARED_LOST:
            return self.declare_lost(item, by=by, override=override, commit=commit)
        if resolution is ClaimResolution.MISSING:
            return self.act("resolve_claim", item, write_off_claim, by, override, commit)
        here = resolution is ClaimResolution.FOUND_BY_LIBRARY
        desk = self.circulation()
        act = desk.check_in if commit else desk.preview_check_in
        return act(item=item, by=by, found_here=here, override=override)

    def lost_item(self, item: str) -> LostItem | None:
        """What is remembered of an item's loss, None when it is not lost. Raises `NotFound` for an unknown barcode."""
        reads = Reads(self.shell.storage)
        return reads.get(LostItem, self.facts.holders.item_or_raise(reads, item).id)

    def act(
        self, name: str, item: str, ask: Ask, by: str, override: Override | None, commit: bool
    ) -> Decision[Receipt]:
        titles: list[str] = []

        def load(reads: Reads) -> Any:
            facts = self.facts.of_loss(reads, item, self.library)
            if isinstance(facts, LossFacts):
                bib = reads.get(BibRecord, facts.item.bib_id)
                titles[:] = [] if bib is None else [bib.title]
            return facts

        def decide(facts: LossFacts, at: datetime) -> Decision[LossPlan]:
            extra = self.shell.extra_reasons(name, facts)
            return ask(facts, at=at, by=by, override=override, extra=extra)

        def receive(plan: LossPlan, facts: LossFacts, at: datetime, alerts: tuple[Reason, ...]) -> Receipt:
            patron, loan = facts.patron, facts.loan
            return Receipt(
                name,
                at,
                facts.library,
                self.book.calendar(facts.library).zone_info,
                "" if patron is None else patron.name,
                "" if patron is None else patron.card or "",
                "".join(titles),
                barcode=facts.item.barcode or "",
                call_number=facts.item.call_number,
                loan_id="" if loan is None else loan.id,
                charged=plan.charged,
                alerts=alerts,
                policy=self.book.version,
                language=read_by("" if patron is None else patron.language, self.shell.words.language),
            )

        return self.shell.act(Errand(load, decide, receive), commit=commit)
