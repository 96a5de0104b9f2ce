"""Loads the facts that decisions about loans are made of, in two round trips; in three where a policy asks for more."""

from __future__ import annotations

from attrs import evolve

from libops.base.decisions import Reason, Refuse
from libops.base.holders import BarcodeUse
from libops.base.ids import LibraryCode
from libops.catalog.model import BibRecord
from libops.circulation import reasons
from libops.circulation.decide.facts import CheckInFacts, CheckOutFacts, RenewFacts
from libops.circulation.decide.wanted import NOTHING_MORE, wanted_facts
from libops.circulation.events import RenewedBy
from libops.circulation.model import ClosedLoan, Loan
from libops.circulation.policy.book import CirculationBook
from libops.desk.holders import Holders
from libops.desk.neighbors import Neighbors
from libops.desk.reads import Reads
from libops.desk.shell import Shell
from libops.fees.decide.facts import AccountFacts
from libops.fees.model import AccountLine, LoanFine, OpenCharge
from libops.items.model import Item
from libops.patrons.model import Patron
from libops.patrons.standing import Standing
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Get

__all__ = ["LoanFacts"]

OVERDUE_COUNTED = 1_000
"""Overdue loans are counted up to here; no limit of a library lies above."""


class LoanFacts:
    """Reads what a checkout, a renewal or a check-in depends on, and nothing more."""

    def __init__(self, shell: Shell, book: CirculationBook, holders: Holders, neighbors: Neighbors) -> None:
        self.shell = shell
        self.book = book
        self.holders = holders
        self.neighbors = neighbors
        self.barcodes = kind_of(BarcodeUse)
        self.patrons = kind_of(Patron)
        self.standings = kind_of(Standing)
        self.items = kind_of(Item)
        self.bibs = kind_of(BibRecord)
        self.loans = kind_of(Loan)
        self.fines = kind_of(LoanFine)
        self.open_charges = kind_of(OpenCharge)

    def of_check_out(
        self, reads: Reads, patron: str, item: str, place: LibraryCode, *, on_site: bool
    ) -> CheckOutFacts | Refuse:
        """The facts of a checkout; a refusal for a barcode that names nothing."""
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
        facts = CheckOutFacts(place, who, standing, what, bib, loan, tuple(overdue), on_site=on_site)
        return self.with_more(self.neighbors.added(facts, reads, answers), reads)

    def of_renewal(self, reads: Reads, item: str, renewed_by: RenewedBy) -> RenewFacts | Refuse:
        """The facts of a renewal; a refusal for what nobody has."""
        use = self.holders.item(reads, item)
        if isinstance(use, Reason):
            return Refuse((use,))
        loan = reads.load(Get(self.loans, use.holder_id))[0]
        if loan is None:
            return Refuse((reasons.RENEWAL_NOT_ON_LOAN(barcode=item),))
        who, standing, what, bib, overdue, fined, charges, *answers = reads.load(
            Get(self.patrons, loan.patron_id),
            Get(self.standings, loan.patron_id),
            Get(self.items, loan.item_id),
            Get(self.bibs, loan.bib_id),
            self.overdue(loan.patron_id),
            Get(self.fines, loan.id),
            Find(self.open_charges, "by_loan", (loan.id,)),
            *self.neighbors.asked(loan.item_id),
        )
        said = self.neighbors.said(reads, loan.patron_id, answers)
        account = self.account(reads, standing, charges, fined is not None)
        late, booked = tuple(overdue), said.next_booking
        return RenewFacts(
            loan.library, who, standing, what, bib, loan, renewed_by, late, booked, account=account, fined=fined
        )

    def of_check_in(self, reads: Reads, item: str, place: LibraryCode) -> CheckInFacts | Refuse:
        """The facts of a check-in; a refusal for a barcode that names nothing."""
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
        account = self.account(reads, standing, charges, fined is not None)
        return CheckInFacts(place, what, bib, loan, who, account, fined)

    def overdue(self, patron_id: str) -> Find:
        return Find(self.loans, "by_patron", (patron_id,), high=self.shell.clock(), limit=OVERDUE_COUNTED)

    def account(self, reads: Reads, standing: Standing, charges: list[OpenCharge], fined: bool) -> AccountFacts:
        # Only a loan that was fined before can have a fine to lower, which needs what was paid.
        lines = tuple(reads.find(AccountLine, "by_patron", standing.patron_id)) if fined else ()
        return AccountFacts(standing, self.book.currency, tuple(charges), (), lines)

    def with_more(self, facts: CheckOutFacts, reads: Reads) -> CheckOutFacts:
        """The facts with what the policies of this case ask for beyond the usual ones; most ask for nothing."""
        wanted = wanted_facts(facts, self.book, at=self.shell.clock())
        if wanted is NOTHING_MORE:
            return facts
        patron, bib = facts.patron.id, facts.bib.id
        loans = reads.find(Loan, "by_patron", patron) if wanted.loans else []
        before = wanted.had_before and bool(reads.find(ClosedLoan, "by_patron_and_title", patron, bib, limit=1))
        items = reads.load(*[Get(self.items, loan.item_id) for loan in loans]) if wanted.items and loans else []
        known = {item.id: item for item in items if item is not None}
        return evolve(facts, loans=tuple(loans), items=known, had_before=before)

    def both(self, reads: Reads, patron: str, item: str) -> tuple[BarcodeUse, BarcodeUse] | Refuse:
        reads.load(Get(self.barcodes, patron), Get(self.barcodes, item))
        who, what = self.holders.patron(reads, patron), self.holders.item(reads, item)
        if isinstance(who, Reason) or isinstance(what, Reason):
            return Refuse(tuple(found for found in (who, what) if isinstance(found, Reason)))
        return who, what
