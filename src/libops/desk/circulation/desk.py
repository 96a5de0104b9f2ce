"""The circulation desk: check out, check in, renew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import evolve

from libops.base.decisions import Decision, Override, Reason, Refuse, Step
from libops.base.ids import LibraryCode, LoanId
from libops.base.makers import maker
from libops.base.money import Money
from libops.circulation.decide.change_due import DuePlan, change_due
from libops.circulation.decide.check_in import CheckInPlan, check_in
from libops.circulation.decide.check_out import CheckOutPlan, check_out
from libops.circulation.decide.facts import CheckInFacts, CheckOutFacts, RenewFacts
from libops.circulation.decide.renew import RenewPlan, renew
from libops.circulation.events import RenewedBy
from libops.circulation.model import Loan
from libops.circulation.policy.book import CirculationBook
from libops.desk.arguments import checked, checks_arguments
from libops.desk.circulation.facts import LoanFacts
from libops.desk.holders import Holders
from libops.desk.neighbors import Neighbors
from libops.desk.reads import Reads
from libops.desk.receipts import Receipt
from libops.desk.shell import Errand, Shell
from libops.desk.words import read_by

if TYPE_CHECKING:
    from libops.desk.equipment.desk import EquipmentDesk

__all__ = ["CirculationDesk"]


new_errand, new_receipt = maker(Errand), maker(Receipt)


@checks_arguments(but=("check_out", "check_in", "renew"))
class CirculationDesk:
    """Loans. Every act has a preview of the same arguments that says what would happen and writes nothing."""

    def __init__(
        self,
        shell: Shell,
        book: CirculationBook,
        library: LibraryCode,
        holders: Holders,
        neighbors: Neighbors,
        repairs: Callable[[], EquipmentDesk],
    ) -> None:
        self.neighbors = neighbors
        self.repairs = repairs
        self.shell = shell
        self.book = book
        self.library = library
        self.holders = holders
        self.facts = LoanFacts(shell, book, holders, neighbors)

    def check_out(
        self,
        *,
        patron: str,
        item: str,
        library: str | None = None,
        by: str = "desk",
        override: Override | None = None,
        on_site: bool = False,
        explain: bool = False,
        preview: str = "",
    ) -> Decision[Receipt]:
        """Lend an item to a patron.

        Args:
            patron: the card's barcode, or the patron's identifier.
            item: the item's barcode, or its identifier.
            library: where it happens; the library these operations were opened for when left out.
            by: who does it, for the log.
            override: reason codes that staff set aside, with who, why and their rights.
            on_site: for use in the house.
            explain: also say how the decision came about, in `answer.trace`.
            preview: the `preview` of a previewed receipt; refused if anything has changed since.

        Returns:
            `Permit` with a `Receipt`, or `Refuse` with every reason; nothing was written then.
        """
        errand = self.lending(patron, item, library, by, override, on_site, explain)
        return self.shell.act(errand, expecting=preview)

    def preview_check_out(
        self,
        *,
        patron: str,
        item: str,
        library: str | None = None,
        by: str = "desk",
        override: Override | None = None,
        on_site: bool = False,
        explain: bool = False,
    ) -> Decision[Receipt]:
        """What `check_out` would answer now; nothing is written."""
        return self.shell.act(self.lending(patron, item, library, by, override, on_site, explain), commit=False)

    def lending(
        self,
        patron: str,
        item: str,
        library: str | None,
        by: str,
        override: Override | None,
        on_site: bool,
        explain: bool,
    ) -> Errand:
        place = self.library if library is None else self.book.library(library)
        loan_id = LoanId(self.shell.ids())
        if override is not None:
            checked("override", override, Override)

        def load(reads: Reads) -> CheckOutFacts | Refuse:
            return self.facts.of_check_out(reads, patron, item, place, on_site=on_site)

        def decide(facts: CheckOutFacts, at: datetime) -> Decision[CheckOutPlan]:
            extra = self.shell.extra_reasons("check_out", facts)
            return check_out(
                facts,
                self.book,
                at=at,
                loan_id=loan_id,
                by=by,
                override=override,
                extra=extra,
                next_booking=facts.next_booking,
                demand=facts.demand,
                explain=explain,
            )

        return new_errand(load, decide, self.lent)

    def lent(self, plan: CheckOutPlan, facts: CheckOutFacts, at: datetime, alerts: tuple[Reason, ...]) -> Receipt:
        loan, due = plan.loan, plan.due
        return self.receipt("check_out", at, facts, loan, loan.due, plan.charged, alerts, due.steps)

    def renew(
        self,
        *,
        item: str,
        by: str = "desk",
        renewed_by: RenewedBy = RenewedBy.STAFF_UNSEEN,
        override: Override | None = None,
        explain: bool = False,
        preview: str = "",
    ) -> Decision[Receipt]:
        """Renew the loan of an item; the rules of the library that lent it count.

        Args:
            item: the item's barcode, or its identifier.
            by: who does it, for the log.
            renewed_by: the patron, staff with or without the item in hand, or the nightly run.
            override: reason codes that staff set aside.
            explain: also say how the decision came about.
            preview: the `preview` of a previewed receipt.

        Returns:
            `Permit` with a `Receipt`, or `Refuse` with every reason.
        """
        return self.shell.act(self.renewing(item, by, renewed_by, override, explain), expecting=preview)

    def preview_renew(
        self,
        *,
        item: str,
        by: str = "desk",
        renewed_by: RenewedBy = RenewedBy.STAFF_UNSEEN,
        override: Override | None = None,
        explain: bool = False,
    ) -> Decision[Receipt]:
        """What `renew` would answer now; nothing is written."""
        return self.shell.act(self.renewing(item, by, renewed_by, override, explain), commit=False)

    def renewing(self, item: str, by: str, renewed_by: RenewedBy, override: Override | None, explain: bool) -> Errand:
        if override is not None:
            checked("override", override, Override)

        def load(reads: Reads) -> RenewFacts | Refuse:
            return self.facts.of_renewal(reads, item, renewed_by)

        def decide(facts: RenewFacts, at: datetime) -> Decision[RenewPlan]:
            extra = self.shell.extra_reasons("renew", facts)
            return renew(
                facts,
                self.book,
                at=at,
                by=by,
                override=override,
                extra=extra,
                next_booking=facts.next_booking,
                demand=facts.demand,
                explain=explain,
            )

        def receive(plan: RenewPlan, facts: RenewFacts, at: datetime, alerts: tuple[Reason, ...]) -> Receipt:
            return self.receipt("renew", at, facts, facts.loan, plan.until, plan.charged, alerts, plan.due.steps)

        return Errand(load, decide, receive)

    def check_in(
        self,
        *,
        item: str,
        library: str | None = None,
        by: str = "desk",
        returned_at: datetime | None = None,
        damaged: str = "",
        drop_box: bool = False,
        amnesty: bool = False,
        found_here: bool = False,
        override: Override | None = None,
        explain: bool = False,
        preview: str = "",
    ) -> Decision[Receipt]:
        """Take an item back. An item that was not on loan is told by an alert.

        Args:
            item: the item's barcode, or its identifier.
            library: where it was returned.
            by: who does it, for the log.
            returned_at: when it really came back, if that was earlier; a time to come is ignored.
            damaged: what is broken; the item is marked as damaged and a ticket is opened in the same step.
            drop_box: it lay in the drop box, and counts as returned at the last closing.
            amnesty: without a fine; needs an override of `loan.fine_forgiven`, with the right and a reason.
            found_here: staff found it on the library's own shelf.
            override: reason codes that staff set aside.
            explain: also say how the fine came about.
            preview: the `preview` of a previewed receipt.

        Returns:
            `Permit` with a `Receipt`, or `Refuse` for an unknown barcode.
        """
        errand = self.returning(
            item,
            library,
            by,
            returned_at=returned_at,
            damaged=damaged,
            drop_box=drop_box,
            amnesty=amnesty,
            found_here=found_here,
            override=override,
            explain=explain,
        )
        return self.shell.act(errand, expecting=preview)

    def preview_check_in(
        self,
        *,
        item: str,
        library: str | None = None,
        by: str = "desk",
        returned_at: datetime | None = None,
        damaged: str = "",
        drop_box: bool = False,
        amnesty: bool = False,
        found_here: bool = False,
        override: Override | None = None,
        explain: bool = False,
    ) -> Decision[Receipt]:
        """What `check_in` would answer now; nothing is written."""
        errand = self.returning(
            item,
            library,
            by,
            returned_at=returned_at,
            damaged=damaged,
            drop_box=drop_box,
            amnesty=amnesty,
            found_here=found_here,
            override=override,
            explain=explain,
        )
        return self.shell.act(errand, commit=False)

    def returning(
        self,
        item: str,
        library: str | None,
        by: str,
        *,
        returned_at: datetime | None = None,
        damaged: str = "",
        drop_box: bool = False,
        amnesty: bool = False,
        found_here: bool = False,
        override: Override | None = None,
        explain: bool = False,
    ) -> Errand:
        place = self.library if library is None else self.book.library(library)
        if override is not None:
            checked("override", override, Override)
        if returned_at is not None:
            checked("returned_at", returned_at, datetime)

        def load(reads: Reads) -> CheckInFacts | Refuse:
            found = self.facts.of_check_in(reads, item, place)
            if isinstance(found, Refuse):
                return found
            return evolve(found, returned_at=returned_at, drop_box=drop_box, amnesty=amnesty, found_here=found_here)

        def decide(facts: CheckInFacts, at: datetime) -> Decision[CheckInPlan]:
            extra = self.shell.extra_reasons("check_in", facts)
            return check_in(facts, self.book, at=at, by=by, override=override, extra=extra, explain=explain)

        def receive(plan: CheckInPlan, facts: CheckInFacts, at: datetime, alerts: tuple[Reason, ...]) -> Receipt:
            receipt = self.receipt("check_in", at, facts, facts.loan, None, plan.charged, alerts)
            goes, language = plan.arrival, self.shell.words.language
            if goes.hold is None and goes.transit is None and not plan.credited:
                return receipt
            return evolve(
                receipt,
                hold_for=goes.patron,
                keep_until=None if goes.ready is None else goes.ready.keep_until,
                send_to="" if goes.transit is None else goes.transit.destination,
                credited=plan.credited,
                slip_language=language if goes.transit is not None else read_by(goes.language, language),
            )

        errand = Errand(load, decide, receive)
        return self.repairs().with_damage(errand, item=item, note=damaged, by=by) if damaged else errand

    def change_due(self, *, item: str, due: datetime | None, override: Override, by: str = "desk") -> Decision[Receipt]:
        """Set the due date of a loan by hand.

        Args:
            item: the item's barcode, or its identifier.
            due: the new due date in UTC; None for a loan without end.
            override: names `loan.due_by_hand`, with who, why and their rights.
            by: who does it, for the log.
        """

        def load(reads: Reads) -> RenewFacts | Refuse:
            return self.facts.of_renewal(reads, item, RenewedBy.STAFF_UNSEEN)

        def decide(facts: RenewFacts, at: datetime) -> Decision[DuePlan]:
            return change_due(facts.loan, due=due, at=at, by=by, override=override)

        def receive(plan: DuePlan, facts: RenewFacts, at: datetime, alerts: tuple[Reason, ...]) -> Receipt:
            return self.receipt("change_due", at, facts, plan.loan, plan.loan.due, alerts=alerts)

        return self.shell.act(Errand(load, decide, receive))

    def loans_of(self, patron: str) -> list[Loan]:
        """A patron's open loans, the one due first at the top. Raises `NotFound` for an unknown card."""
        reads = Reads(self.shell.storage)
        return reads.find(Loan, "by_patron", self.holders.patron_or_raise(reads, patron).id)

    def loan_of(self, item: str) -> Loan | None:
        """The open loan of an item, None when nobody has it. Raises `NotFound` for an unknown barcode."""
        reads = Reads(self.shell.storage)
        return reads.get(Loan, self.holders.item_or_raise(reads, item).id)

    def receipt(
        self,
        act: str,
        at: datetime,
        facts: Any,
        loan: Loan | None,
        due: datetime | None,
        charged: tuple[tuple[str, Money], ...] = (),
        alerts: tuple[Reason, ...] = (),
        steps: tuple[Step, ...] = (),
    ) -> Receipt:
        who, what = facts.patron, facts.item
        return new_receipt(
            act,
            at,
            facts.library,
            self.book.calendar(facts.library).zone_info,
            "" if who is None else who.name,
            "" if who is None else who.card or "",
            facts.bib.title,
            what.barcode or "",
            what.call_number,
            "" if loan is None else loan.id,
            due,
            charged,
            alerts=alerts,
            steps=steps,
            rule="" if loan is None else loan.rule,
            policy=self.book.version,
            language=read_by("" if who is None else who.language, self.shell.words.language),
        )
