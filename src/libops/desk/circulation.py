"""The circulation desk: check out, check in, renew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from libops.base.decisions import Decision, Override, Reason, Refuse
from libops.base.holders import BarcodeUse
from libops.base.ids import LibraryCode, LoanId
from libops.catalog.model import BibRecord
from libops.circulation import reasons
from libops.circulation.decide.check_in import CheckInPlan, check_in
from libops.circulation.decide.check_out import CheckOutPlan, check_out
from libops.circulation.decide.facts import CheckInFacts, CheckOutFacts, RenewFacts
from libops.circulation.decide.renew import RenewPlan, renew
from libops.circulation.events import RenewedBy
from libops.circulation.model import Loan
from libops.circulation.policy.book import CirculationBook
from libops.desk.equipment import EquipmentDesk
from libops.desk.holders import Holders
from libops.desk.neighbors import Neighbors
from libops.desk.reads import Reads
from libops.desk.receipts import Receipt
from libops.desk.shell import Errand, Shell
from libops.fees.decide.facts import AccountFacts
from libops.fees.model import AccountLine, LoanFine, OpenCharge
from libops.items.model import Item
from libops.patrons.model import Patron
from libops.patrons.standing import Standing
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Get

__all__ = ["CirculationDesk"]

OVERDUE_COUNTED = 1_000
"""Overdue loans are counted up to here; no limit of a library lies above."""

INSTANT = timedelta(microseconds=1)


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
        self.barcodes = kind_of(BarcodeUse)
        self.patrons = kind_of(Patron)
        self.standings = kind_of(Standing)
        self.items = kind_of(Item)
        self.bibs = kind_of(BibRecord)
        self.loans = kind_of(Loan)
        self.fines = kind_of(LoanFine)
        self.open_charges = kind_of(OpenCharge)

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
        place = LibraryCode(library) if library is not None else self.library
        loan_id = LoanId(self.shell.ids())

        def load(reads: Reads) -> CheckOutFacts | Refuse:
            found = self.both(reads, patron, item)
            if isinstance(found, Refuse):
                return found
            patron_id, item_id, bib_id = found[0].holder_id, found[1].holder_id, found[1].bib_id
            who, standing, what, bib, loan, overdue, *answers = reads.load(
                Get(self.patrons, patron_id),
                Get(self.standings, patron_id),
                Get(self.items, item_id),
                Get(self.bibs, bib_id),
                Get(self.loans, item_id),
                self.overdue(patron_id),
                *self.neighbors.asked(item_id),
            )
            facts = CheckOutFacts(place, who, standing, what, bib, loan, len(overdue), on_site=on_site)
            return self.neighbors.added(facts, reads, answers)

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
                explain=explain,
            )

        def receive(plan: CheckOutPlan, facts: CheckOutFacts, at: datetime, alerts: tuple[Reason, ...]) -> Receipt:
            loan = plan.loan
            return self.receipt("check_out", at, facts, loan, loan.due, steps=plan.due.steps, alerts=alerts)

        return Errand(load, decide, receive)

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
        def load(reads: Reads) -> RenewFacts | Refuse:
            use = self.holders.item(reads, item)
            if isinstance(use, Reason):
                return Refuse((use,))
            loan = reads.load(Get(self.loans, use.holder_id))[0]
            if loan is None:
                return Refuse((reasons.RENEWAL_NOT_ON_LOAN(barcode=item),))
            who, standing, what, bib, overdue, *answers = reads.load(
                Get(self.patrons, loan.patron_id),
                Get(self.standings, loan.patron_id),
                Get(self.items, loan.item_id),
                Get(self.bibs, loan.bib_id),
                self.overdue(loan.patron_id),
                *self.neighbors.asked(loan.item_id),
            )
            said = self.neighbors.said(reads, loan.patron_id, answers)
            return RenewFacts(loan.library, who, standing, what, bib, loan, renewed_by, len(overdue), said.next_booking)

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
                explain=explain,
            )

        def receive(plan: RenewPlan, facts: RenewFacts, at: datetime, alerts: tuple[Reason, ...]) -> Receipt:
            return self.receipt("renew", at, facts, facts.loan, plan.until, steps=plan.due.steps, alerts=alerts)

        return Errand(load, decide, receive)

    def check_in(
        self,
        *,
        item: str,
        library: str | None = None,
        by: str = "desk",
        returned_at: datetime | None = None,
        damaged: str = "",
        override: Override | None = None,
        explain: bool = False,
        preview: str = "",
    ) -> Decision[Receipt]:
        """Take an item back. An item that was not on loan is told by an alert.

        Args:
            item: the item's barcode, or its identifier.
            library: where it was returned.
            by: who does it, for the log.
            returned_at: when it really came back, if that was earlier (a drop box, a closed day).
            damaged: what is broken; the item is marked as damaged and a ticket is opened in the same step.
            override: reason codes that staff set aside.
            explain: also say how the fine came about.
            preview: the `preview` of a previewed receipt.

        Returns:
            `Permit` with a `Receipt`, or `Refuse` for an unknown barcode.
        """
        errand = self.returning(item, library, by, returned_at, override, explain)
        if damaged:
            errand = self.repairs().with_damage(errand, item=item, note=damaged, by=by)
        return self.shell.act(errand, expecting=preview)

    def preview_check_in(
        self,
        *,
        item: str,
        library: str | None = None,
        by: str = "desk",
        returned_at: datetime | None = None,
        override: Override | None = None,
        explain: bool = False,
    ) -> Decision[Receipt]:
        """What `check_in` would answer now; nothing is written."""
        return self.shell.act(self.returning(item, library, by, returned_at, override, explain), commit=False)

    def returning(
        self,
        item: str,
        library: str | None,
        by: str,
        returned_at: datetime | None,
        override: Override | None,
        explain: bool,
    ) -> Errand:
        place = LibraryCode(library) if library is not None else self.library

        def load(reads: Reads) -> CheckInFacts | Refuse:
            use = self.holders.item(reads, item)
            if isinstance(use, Reason):
                return Refuse((use,))
            loan, what, bib = reads.load(
                Get(self.loans, use.holder_id), Get(self.items, use.holder_id), Get(self.bibs, use.bib_id)
            )
            if loan is None:
                return CheckInFacts(place, what, bib, None, None)
            who, standing, fined, charges = reads.load(
                Get(self.patrons, loan.patron_id),
                Get(self.standings, loan.patron_id),
                Get(self.fines, loan.id),
                Find(self.open_charges, "by_loan", (loan.id,)),
            )
            # Only a loan that was fined before can have a fine to lower, which needs what was paid.
            lines = () if fined is None else tuple(reads.find(AccountLine, "by_patron", loan.patron_id))
            account = AccountFacts(standing, self.book.currency, tuple(charges), (), lines)
            return CheckInFacts(place, what, bib, loan, who, account, fined, returned_at)

        def decide(facts: CheckInFacts, at: datetime) -> Decision[CheckInPlan]:
            extra = self.shell.extra_reasons("check_in", facts)
            return check_in(facts, self.book, at=at, by=by, override=override, extra=extra, explain=explain)

        def receive(plan: CheckInPlan, facts: CheckInFacts, at: datetime, alerts: tuple[Reason, ...]) -> Receipt:
            return self.receipt("check_in", at, facts, facts.loan, None, charged=plan.charged, alerts=alerts)

        return Errand(load, decide, receive)

    def loans_of(self, patron: str) -> list[Loan]:
        """A patron's open loans, the one due first at the top. Raises `NotFound` for an unknown card."""
        reads = Reads(self.shell.storage)
        return reads.find(Loan, "by_patron", self.holders.patron_or_raise(reads, patron).id)

    def loan_of(self, item: str) -> Loan | None:
        """The open loan of an item, None when nobody has it. Raises `NotFound` for an unknown barcode."""
        reads = Reads(self.shell.storage)
        return reads.get(Loan, self.holders.item_or_raise(reads, item).id)

    def overdue(self, patron_id: str) -> Find:
        return Find(self.loans, "by_patron", (patron_id,), high=self.shell.clock(), limit=OVERDUE_COUNTED)

    def both(self, reads: Reads, patron: str, item: str) -> tuple[BarcodeUse, BarcodeUse] | Refuse:
        reads.load(Get(self.barcodes, patron), Get(self.barcodes, item))
        who, what = self.holders.patron(reads, patron), self.holders.item(reads, item)
        if isinstance(who, Reason) or isinstance(what, Reason):
            return Refuse(tuple(found for found in (who, what) if isinstance(found, Reason)))
        return who, what

    def receipt(
        self, act: str, at: datetime, facts: Any, loan: Loan | None, due: datetime | None, **more: Any
    ) -> Receipt:
        who, what = facts.patron, facts.item
        return Receipt(
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
            rule="" if loan is None else loan.rule,
            policy=self.book.version,
            **more,
        )
