"""The facts that decisions about loans are made of, and the case that rules match on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from attrs import evolve, frozen

from libops.base.ids import ItemId, LibraryCode
from libops.catalog.model import BibRecord
from libops.circulation.decide.hold_facts import ArrivalFacts
from libops.circulation.events import RenewedBy
from libops.circulation.model import Hold, HoldPlace, Loan, LostItem, ReadyHold, Transit
from libops.circulation.policy.book import CirculationBook, Terms
from libops.circulation.policy.due import Demand
from libops.circulation.policy.rules import Case
from libops.fees.decide.facts import AccountFacts
from libops.fees.model import LoanFine, OpenCredit
from libops.items.model import Item
from libops.patrons.model import Patron
from libops.patrons.standing import Standing

__all__ = ["CheckInFacts", "CheckOutFacts", "RenewFacts", "age_on", "case_of", "terms_of"]

NO_ITEMS: Mapping[ItemId, Item] = {}


@frozen(weakref_slot=False)
class CheckOutFacts:
    """What a checkout depends on.

    `loan` is the item's open loan, if any. `overdue` are the patron's loans past due. `had_before` says whether they
    had the title in the past, `loans` are their open loans (all, or those of the title) and `items` the items of
    those, `credits` what the account owes them and `demand` how wanted the title is; these five are needed only where
    `wanted_facts` says so. `in_processing` is set while required steps are open, `out_of_service` while a ticket holds
    the item. `next_booking` is when the item is booked next by somebody else. `on_site` is a loan for use in the
    house. `ready` and `transit` are what the item is set aside or on the way for; `own_hold` is the hold that this
    checkout fills, `caught_for` the hold of somebody else that the item travels for, and `waiting` the first places
    in the queues that the item serves.
    """

    library: LibraryCode
    patron: Patron
    standing: Standing
    item: Item
    bib: BibRecord
    loan: Loan | None = None
    overdue: tuple[Loan, ...] = ()
    loans: tuple[Loan, ...] = ()
    items: Mapping[ItemId, Item] = NO_ITEMS
    had_before: bool = False
    in_processing: bool = False
    on_site: bool = False
    out_of_service: bool = False
    next_booking: datetime | None = None
    ready: ReadyHold | None = None
    transit: Transit | None = None
    own_hold: Hold | None = None
    caught_for: Hold | None = None
    waiting: tuple[HoldPlace, ...] = ()
    credits: tuple[OpenCredit, ...] = ()
    demand: Demand | None = None


@frozen
class RenewFacts:
    """What a renewal depends on. `library` is the one whose calendar counts: where the loan was made.

    `overdue` are the patron's loans past due. `next_booking` is when the item is booked next by somebody else.
    `holds` counts the holds of others that this item could fill, `items_free` the items on the shelf that could fill
    them in its place, and `item_held` says whether one of the holds asks for this very item. `account` and `fined`
    are needed where an overdue loan is fined or the loan costs a fee, `demand` where its policy shortens for demand.
    `out_of_service` is set while a ticket holds the item.
    """

    library: LibraryCode
    patron: Patron
    standing: Standing
    item: Item
    bib: BibRecord
    loan: Loan
    renewed_by: RenewedBy
    overdue: tuple[Loan, ...] = ()
    next_booking: datetime | None = None
    holds: int = 0
    items_free: int = 0
    item_held: bool = False
    account: AccountFacts | None = None
    fined: LoanFine | None = None
    demand: Demand | None = None
    out_of_service: bool = False


@frozen
class CheckInFacts:
    """What a check-in depends on. `loan`, `patron` and `account` are None when nobody has the item.

    `library` is where the item was returned, `returned_at` when, if not now, and `drop_box` says that it lay in the
    drop box: it counts as returned at the last closing. `amnesty` takes it back without a fine, which needs a right
    and a reason. `found_here` says that staff found it on the library's own shelf. `fined` is what the loan was fined
    so far. `arrival` is what decides where the item goes next; `out_of_service` is set while a ticket holds the item,
    `in_processing` while required steps are open. `lost` is what is remembered of a loss; the loan may
    have ended with it. `earlier` are the facts of a loss by an earlier loan, where the item was lent again before
    anybody took it back: those of a check-in by whoever lost it. `loss_over` says that the item was lost and that the
    library has stopped waiting for it.
    """

    library: LibraryCode
    item: Item
    bib: BibRecord
    loan: Loan | None
    patron: Patron | None
    account: AccountFacts | None = None
    fined: LoanFine | None = None
    returned_at: datetime | None = None
    drop_box: bool = False
    amnesty: bool = False
    found_here: bool = False
    arrival: ArrivalFacts | None = None
    out_of_service: bool = False
    in_processing: bool = False

    def set_apart(self) -> CheckInFacts:
        """The same for an item that is looked at first: it fills no hold and goes nowhere yet."""
        return self if self.arrival is None else evolve(self, arrival=evolve(self.arrival, in_process=True))

    lost: LostItem | None = None
    earlier: CheckInFacts | None = None
    loss_over: bool = False


def age_on(birth: date | None, day: date) -> int | None:
    """Full years on a day; None without a birth date.

    >>> age_on(date(2012, 2, 29), date(2026, 2, 28)), age_on(date(2012, 2, 29), date(2026, 3, 1))
    (13, 14)
    """
    if birth is None:
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


MOST_GRANTED = 20_000


def terms_of(
    library: LibraryCode, patron: Patron, item: Item, bib: BibRecord, today: date, book: CirculationBook
) -> Terms:
    """What the rules grant for a checkout: `book.terms` of its case, which is not made where a few codes decide."""
    if book.codes is None:
        return book.terms(case_of(library, patron, item, bib, today, book))
    of_patron, of_item = book.codes
    key = library, of_patron(patron), of_item(item)
    terms = book.granted.get(key)
    if terms is None:
        if len(book.granted) >= MOST_GRANTED:
            book.granted.clear()
        terms = book.granted[key] = book.terms(case_of(library, patron, item, bib, today, book))
    return terms


def case_of(
    library: LibraryCode,
    patron: Patron,
    item: Item,
    bib: BibRecord,
    today: date,
    book: CirculationBook,
    *,
    renewal: bool = False,
) -> Case:
    """The case that circulation rules match on: every fact of patron, item and title that a rule may name."""
    years = age_on(patron.birth_date, today)
    return Case(
        library,
        patron.category,
        item.item_type,
        patron.home_library,
        item.home_library,
        item.holding_library,
        item.loan_type,
        item.shelving_location,
        item.collection,
        bib.bib_level,
        bib.material_type.value,
        years,
        None if item.acquired is None else (today - item.acquired).days,
        book.asks_juvenile and book.is_juvenile(patron.home_library, years),
        bool(item.not_for_loan),
        book.asks_new and book.is_new(item.item_type, item.acquired, item.new_until, today),
        renewal,
    )
