"""Loads the facts that decisions about loans are made of, in two round trips; in three where a policy asks for more.

A loan of barcodes that were read before takes one: they are read again with the facts of those they named then.
"""

from __future__ import annotations

from attrs import evolve

from libops.base.decisions import Reason, Refuse
from libops.base.holders import BarcodeUse
from libops.base.ids import LibraryCode
from libops.base.makers import maker
from libops.catalog.model import BibRecord
from libops.circulation import reasons
from libops.circulation.decide.facts import CheckInFacts, CheckOutFacts, RenewFacts
from libops.circulation.decide.hold_facts import hold_filled_by, item_target
from libops.circulation.decide.losses import LossFacts
from libops.circulation.decide.wanted import NOTHING_MORE, wanted_facts
from libops.circulation.events import RenewedBy
from libops.circulation.model import ClosedLoan, Closing, Hold, HoldPlace, Loan, LostItem
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.due import Demand
from libops.desk.catalog.merged_titles import merged_into
from libops.desk.holders import CARD, LABEL, Holders
from libops.desk.holds.reads import HoldReads
from libops.desk.neighbors import Neighbors
from libops.desk.reads import Reads
from libops.desk.shell import Shell
from libops.fees.decide.facts import AccountFacts
from libops.fees.model import AccountLine, LoanFine, OpenCharge, OpenCredit
from libops.items.model import Item
from libops.patrons.model import Patron
from libops.patrons.standing import Standing
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Get

__all__ = ["LoanFacts"]

OVERDUE_COUNTED = 1_000
"""Overdue loans are counted up to here; no limit of a library lies above."""


HOLDS_COUNTED = 1_000
"""Holds on a title are counted up to here; no threshold of a library lies above."""


new_facts, new_find = maker(CheckOutFacts), maker(Find)


class LoanFacts:
    """Reads what a checkout, a renewal or a check-in depends on, and nothing more."""

    def __init__(self, shell: Shell, book: CirculationBook, holders: Holders, neighbors: Neighbors) -> None:
        self.shell = shell
        self.book = book
        self.holders = holders
        self.neighbors = neighbors
        self.holds = HoldReads(book, shell.clock)
        self.barcodes = kind_of(BarcodeUse)
        self.patrons = kind_of(Patron)
        self.standings = kind_of(Standing)
        self.items = kind_of(Item)
        self.bibs = kind_of(BibRecord)
        self.loans = kind_of(Loan)
        self.lost_items = kind_of(LostItem)
        self.closed_loans = kind_of(ClosedLoan)
        self.fines = kind_of(LoanFine)
        self.open_charges = kind_of(OpenCharge)

    def of_check_out(
        self, reads: Reads, patron: str, item: str, place: LibraryCode, *, on_site: bool
    ) -> CheckOutFacts | Refuse:
        """The facts of a checkout; a refusal for a barcode that names nothing."""
        guess = self.holders.guess(patron, item)
        found = guess or self.both(reads, patron, item)
        if isinstance(found, Refuse):
            return found
        again = ((self.barcodes, patron), (self.barcodes, item)) if guess else ()
        patron_id, item_id, bib_id = found[0].holder_id, found[1].holder_id, found[1].bib_id
        who, standing, what, bib, loan, ready, transit, *answers, overdue, anyone, resources = reads.records(
            (
                (self.patrons, patron_id),
                (self.standings, patron_id),
                (self.items, item_id),
                (self.bibs, bib_id),
                (self.loans, item_id),
                (self.holds.ready, item_id),
                (self.holds.transits, item_id),
                *self.neighbors.asked(item_id),
                *again,
            ),
            (self.overdue(reads, patron_id), self.holds.anyone_waiting(bib_id), self.neighbors.booked(item_id)),
        )
        if guess:
            *answers, card, label = answers
            if (card, label) != guess:
                self.holders.forget(patron, item)
                return self.of_check_out(reads, patron, item, place, on_site=on_site)
        said = self.neighbors.said(reads, patron_id, answers, resources)
        # One value made at once: copying it for each addition took a tenth of the time of a checkout.
        facts = new_facts(
            place,
            who,
            standing,
            what,
            bib,
            loan,
            tuple(overdue),
            in_processing=said.in_processing,
            on_site=on_site,
            out_of_service=said.out_of_service,
            next_booking=said.next_booking,
            ready=ready,
            transit=transit,
        )
        if anyone or ready is not None or transit is not None:
            facts = self.with_holds(facts, reads)
        return self.with_more(facts, reads) if self.book.asks_more else facts

    def with_holds(self, facts: CheckOutFacts, reads: Reads) -> CheckOutFacts:
        """The facts of a checkout with the holds that it touches."""
        item, transit = facts.item, facts.transit
        mine = reads.find(Hold, "by_patron", facts.patron.id) if facts.standing.holds else []
        own = hold_filled_by(item, facts.patron.id, mine, facts.ready, transit)
        caught = None if transit is None or transit.hold_id is None else reads.get(Hold, transit.hold_id)
        if caught is not None and (caught.item_id != item.id or caught.patron_id == facts.patron.id):
            caught = None
        self.holds.all_places(reads, *(hold for hold in (own, caught) if hold is not None))
        return evolve(facts, own_hold=own, caught_for=caught, waiting=self.holds.waiting(reads, item))

    def of_renewal(self, reads: Reads, item: str, renewed_by: RenewedBy) -> RenewFacts | Refuse:
        """The facts of a renewal; a refusal for what nobody has."""
        use = self.holders.item(reads, item)
        if isinstance(use, Reason):
            return Refuse((use,))
        loan = reads.load(Get(self.loans, use.holder_id))[0]
        if loan is None:
            return Refuse((reasons.RENEWAL_NOT_ON_LOAN(barcode=item),))
        who, standing, what, bib, fined, *answers, overdue, charges, anyone, resources = reads.records(
            (
                (self.patrons, loan.patron_id),
                (self.standings, loan.patron_id),
                (self.items, loan.item_id),
                (self.bibs, loan.bib_id),
                (self.fines, loan.id),
                *self.neighbors.asked(loan.item_id),
            ),
            (
                self.overdue(reads, loan.patron_id),
                Find(self.open_charges, "by_loan", (loan.id,)),
                self.holds.anyone_waiting(loan.bib_id),
                self.neighbors.booked(loan.item_id),
            ),
        )
        said = self.neighbors.said(reads, loan.patron_id, answers, resources)
        account = self.account(reads, standing, charges, fined is not None)
        late, booked = tuple(overdue), said.next_booking
        facts = RenewFacts(
            loan.library, who, standing, what, bib, loan, renewed_by, late, booked, account=account, fined=fined
        )
        if said.out_of_service:
            facts = evolve(facts, out_of_service=True)
        if self.book.rents_by_credit and facts.account is not None:
            credits = tuple(reads.find(OpenCredit, "by_patron", loan.patron_id))
            facts = evolve(facts, account=evolve(facts.account, credits=credits))
        return self.with_holds_waiting(facts, reads) if anyone else facts

    def with_holds_waiting(self, facts: RenewFacts, reads: Reads) -> RenewFacts:
        """The facts of a renewal with how many wait for what the item could fill, and what else could fill it."""
        items, now = self.holds.items_of(reads, [facts.loan.bib_id]), self.shell.clock()
        places = self.holds.waiting(reads, facts.item, len(items) + 1)
        others = [p for p in places if p.patron_id != facts.patron.id and not p.suspended(now)]
        return evolve(
            facts,
            holds=len({place.hold_id for place in others}),
            items_free=sum(one.on_shelf for one in items),
            item_held=any(place.target == item_target(facts.item.id) for place in others),
            demand=self.demand(facts.bib.id, facts.patron.id) if self.book.asks_demand else None,
        )

    def of_check_in(self, reads: Reads, item: str, place: LibraryCode) -> CheckInFacts | Refuse:
        """The facts of a check-in; a refusal for a barcode that names nothing."""
        use = self.holders.item(reads, item)
        if isinstance(use, Reason):
            return Refuse((use,))
        item_id = use.holder_id
        loan, lost, what, bib, ready, transit, clearance, *answers, anyone, resources = reads.records(
            (
                (self.loans, item_id),
                (self.lost_items, item_id),
                (self.items, item_id),
                (self.bibs, use.bib_id),
                (self.holds.ready, item_id),
                (self.holds.transits, item_id),
                (self.holds.clearances, item_id),
                *self.neighbors.asked(item_id),
            ),
            (self.holds.anyone_waiting(use.bib_id), self.neighbors.booked(item_id)),
        )
        waits = self.neighbors.said(reads, "", answers, resources)
        arrival = self.holds.arrival(
            reads, what, bib, place, ready=ready, transit=transit, wanted=bool(anyone), clearance=clearance
        )
        arrival = evolve(arrival, in_process=waits.in_processing or waits.out_of_service)
        held, unready = waits.out_of_service, waits.in_processing
        if loan is None and lost is None:
            over = what.missing_since is not None and self.was_lost(reads, what)
            return CheckInFacts(
                place,
                what,
                bib,
                None,
                None,
                arrival=arrival,
                out_of_service=held,
                in_processing=unready,
                loss_over=over,
            )
        away: Loan | LostItem = loan or lost
        earlier, lost = (None, None) if lost is None else self.lost_before(reads, loan, lost, what, bib)
        who, account, fined = self.of_patron(reads, away, lost is not None)
        return CheckInFacts(
            place,
            what,
            bib,
            loan,
            who,
            account,
            fined,
            arrival=arrival,
            out_of_service=held,
            in_processing=unready,
            lost=lost,
            earlier=earlier,
        )

    def was_lost(self, reads: Reads, item: Item) -> bool:
        """Whether an item is missing because a loan of it ended as lost; that loan may be forgotten."""
        ended = Find(self.closed_loans, "by_item", (item.id,), low=item.missing_since)
        return any(loan.closing is Closing.LOST_AND_SETTLED for loan in reads.load(ended)[0])

    def of_loss(self, reads: Reads, item: str, place: LibraryCode) -> LossFacts | Refuse:
        """The facts of an act on an item that is away; a refusal for a barcode that names nothing."""
        use = self.holders.item(reads, item)
        if isinstance(use, Reason):
            return Refuse((use,))
        loan, lost, what = reads.load(
            Get(self.loans, use.holder_id), Get(self.lost_items, use.holder_id), Get(self.items, use.holder_id)
        )
        if loan is None and lost is None:
            return LossFacts(place, what)
        away: Loan | LostItem = loan or lost
        earlier, lost = (None, None) if lost is None else self.lost_before(reads, loan, lost, what)
        who, account, fined = self.of_patron(reads, away, lines=True)
        return LossFacts(place, what, loan, lost, who, account, fined, earlier)

    def lost_before(
        self, reads: Reads, loan: Loan | None, lost: LostItem, item: Item, bib: BibRecord | None = None
    ) -> tuple[CheckInFacts | None, LostItem | None]:
        """A loss by an earlier loan than the one that is open, as its return would see it; or the open loan's own."""
        if loan is None or lost.loan_id == loan.id:
            return None, lost
        title = reads.get(BibRecord, item.bib_id) if bib is None else bib
        assert title is not None, "an item has a title"
        who, account, fined = self.of_patron(reads, lost, lines=True)
        return CheckInFacts(lost.library, item, title, None, who, account, fined, lost=lost), None

    def of_patron(
        self, reads: Reads, loan: Loan | LostItem, lines: bool
    ) -> tuple[Patron | None, AccountFacts, LoanFine | None]:
        """Who has, or lost, the item, with the account as far as it is needed."""
        loan_id = loan.id if isinstance(loan, Loan) else loan.loan_id
        who, standing, fined, charges = reads.load(
            Get(self.patrons, loan.patron_id),
            Get(self.standings, loan.patron_id),
            Get(self.fines, loan_id),
            Find(self.open_charges, "by_loan", (loan_id,)),
        )
        if standing is None:
            standing = Standing(loan.patron_id)
        return who, self.account(reads, standing, charges, lines or fined is not None), fined

    def overdue(self, reads: Reads, patron_id: str) -> Find:
        now = reads.at or self.shell.clock()
        return new_find(self.loans, "by_patron", (patron_id,), None, now, False, OVERDUE_COUNTED)

    def account(self, reads: Reads, standing: Standing, charges: list[OpenCharge], lines: bool) -> AccountFacts:
        # Only a loan that was fined or lost before can have something to lower, which needs what was paid.
        known = tuple(reads.find(AccountLine, "by_patron", standing.patron_id)) if lines else ()
        return AccountFacts(standing, self.book.currency, tuple(charges), (), known)

    def with_more(self, facts: CheckOutFacts, reads: Reads) -> CheckOutFacts:
        """The facts with what the policies of this case ask for beyond the usual ones; most ask for nothing."""
        wanted = wanted_facts(facts, self.book, at=self.shell.clock())
        if wanted is NOTHING_MORE:
            return facts
        patron, bib = facts.patron.id, facts.bib.id
        loans = reads.find(Loan, "by_patron", patron) if wanted.loans else []
        if wanted.same_title:
            loans = self.copies_out(bib, patron)
        before = wanted.had_before and any(
            reads.find(ClosedLoan, "by_patron_and_title", patron, title, limit=1)
            for title in (bib, *merged_into(reads, bib))
        )
        items = reads.load(*[Get(self.items, loan.item_id) for loan in loans]) if wanted.items and loans else []
        known = {item.id: item for item in items if item is not None}
        credits = reads.find(OpenCredit, "by_patron", patron) if wanted.credits else []
        return evolve(
            facts,
            loans=tuple(loans),
            items=known,
            had_before=before,
            credits=tuple(credits),
            demand=self.demand(bib, patron) if wanted.demand else None,
        )

    def copies_out(self, bib_id: str, patron_id: str) -> list[Loan]:
        """The patron's loans of a title: it has few copies, while a patron may have thousands of loans."""
        # Read apart: the patron's standing, read before, guards against another copy; other patrons' loans may change.
        reads = Reads(self.shell.storage)
        lent = reads.load(*[Get(self.loans, copy.id) for copy in reads.find(Item, "by_bib", bib_id)])
        return [loan for loan in lent if loan is not None and loan.patron_id == patron_id]

    def demand(self, bib_id: str, patron_id: str) -> Demand:
        """How wanted a title is: holds of others that wait now, and the items that could fill them sooner or later."""
        # Read apart, and so not guarded: one hold more or less is no reason to decide a loan anew.
        reads, now = Reads(self.shell.storage), self.shell.clock()
        places = reads.find(HoldPlace, "by_bib", bib_id, limit=HOLDS_COUNTED)
        waiting = {place.hold_id for place in places if place.patron_id != patron_id and not place.suspended(now)}
        return Demand(len(waiting), sum(one.serves for one in self.holds.items_of(reads, [bib_id])))

    def both(self, reads: Reads, patron: str, item: str) -> tuple[BarcodeUse, BarcodeUse] | Refuse:
        who, what = reads.records(((self.barcodes, patron), (self.barcodes, item)))
        is_text = type(patron) is type(item) is str  # a store that keeps text finds a number too
        if is_text and who is not None and what is not None and who.holder is CARD and what.holder is LABEL:
            return self.holders.remember(who), self.holders.remember(what)
        who, what = self.holders.patron(reads, patron), self.holders.item(reads, item)
        if isinstance(who, Reason) or isinstance(what, Reason):
            return Refuse(tuple(found for found in (who, what) if isinstance(found, Reason)))
        return who, what
