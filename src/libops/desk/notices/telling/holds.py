"""Holds: ready on the shelf, cancelled, or over without the patron having had anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from attrs import evolve

from libops.base.events import Event
from libops.base.ids import LibraryCode
from libops.catalog.model import BibRecord
from libops.circulation.decide.facts import case_of
from libops.circulation.events import HoldCancelled, HoldExpired, HoldReady, ShelfEndMoved
from libops.circulation.model import Hold, HoldEnding, ReadyHold
from libops.desk.notices.telling.loans import with_fee
from libops.desk.notices.telling.terms import Tale, TellingTerms
from libops.desk.reads import Reads
from libops.fees.model import Cause
from libops.items.model import Item
from libops.notices.model import Occasion, Trigger
from libops.notices.planner import Telling
from libops.patrons.model import Patron

__all__ = ["cancelled", "expired", "ready", "shelf_moved", "still_on_hold_shelf"]


def _tale(
    terms: TellingTerms,
    reads: Reads,
    hold: Hold,
    item: Item | None,
    occasion: Occasion,
    library: LibraryCode,
    at: datetime,
    round: str,
) -> Iterator[Tale]:
    """The tale of a hold, by the circulation rule that would govern the loan at the library where it is picked up."""
    patron = reads.get(Patron, hold.patron_id)
    item = item if item is not None else next(iter(reads.find(Item, "by_bib", hold.bib_id, limit=1)), None)
    bib = None if item is None else reads.get(BibRecord, item.bib_id)
    if patron is None or item is None or bib is None:
        return
    case = case_of(library, patron, item, bib, terms.book.calendar(library).service_day(at), terms.book)
    policy = terms.notices.policy(terms.book.terms(case).match.notices)
    if policy is not None:
        yield Tale(Telling(occasion, patron, library, occasion.due, round), policy)


def ready(event: Event, events: Sequence[Event], reads: Reads, terms: TellingTerms) -> Iterator[Tale]:
    """An item waits on the hold shelf, by the rules of the library where it does."""
    assert isinstance(event, HoldReady)
    return _on_shelf(event.ready, Trigger.HOLD_READY, event.item_id, reads, terms, event.at)


def shelf_moved(event: Event, events: Sequence[Event], reads: Reads, terms: TellingTerms) -> Iterator[Tale]:
    """It waits there until another moment."""
    assert isinstance(event, ShelfEndMoved)
    known = reads.get(ReadyHold, event.item_id)
    if known is None:
        return iter(())
    round = f"{event.item_id}:{event.until:%Y%m%dT%H%M%S}"
    return _on_shelf(evolve(known, keep_until=event.until), Trigger.SHELF_MOVED, round, reads, terms, event.at)


def _on_shelf(
    ready: ReadyHold, trigger: Trigger, round: str, reads: Reads, terms: TellingTerms, at: datetime
) -> Iterator[Tale]:
    hold, item = reads.get(Hold, ready.hold_id), reads.get(Item, ready.item_id)
    bib = None if item is None else reads.get(BibRecord, item.bib_id)
    if hold is None or item is None or bib is None:
        return iter(())
    keep = ready.keep_until
    occasion = Occasion("", trigger, hold.id, item.id, bib.title, item.barcode or "", item.call_number, keep)
    return _tale(terms, reads, hold, item, occasion, ready.pickup_library, at, round)


def cancelled(event: Event, events: Sequence[Event], reads: Reads, terms: TellingTerms) -> Iterator[Tale]:
    """A hold was cancelled; the reason goes along as the note."""
    assert isinstance(event, HoldCancelled)
    return _ended(reads.get(Hold, event.hold_id), Trigger.HOLD_CANCELLED, reads, terms, event.at, event.reason)


def expired(event: Event, events: Sequence[Event], reads: Reads, terms: TellingTerms) -> Iterator[Tale]:
    """A hold is over: nothing came for it, or what waited was not collected."""
    assert isinstance(event, HoldExpired)
    shelf = event.ending is HoldEnding.EXPIRED_ON_SHELF
    trigger = Trigger.HOLD_NOT_COLLECTED if shelf else Trigger.HOLD_EXPIRED
    for tale in _ended(reads.get(Hold, event.hold_id), trigger, reads, terms, event.at, ""):
        yield with_fee(tale, events, Cause.HOLD_NOT_COLLECTED) if shelf else tale


def _ended(
    hold: Hold | None, trigger: Trigger, reads: Reads, terms: TellingTerms, at: datetime, note: str
) -> Iterator[Tale]:
    if hold is None:
        return iter(())
    item = None if hold.item_id is None else reads.get(Item, hold.item_id)
    bib = reads.get(BibRecord, hold.bib_id if item is None else item.bib_id)
    occasion = Occasion(
        "",
        trigger,
        hold.id,
        hold.item_id,
        "" if bib is None else bib.title,
        "" if item is None else item.barcode or "",
        "" if item is None else item.call_number,
        note=note,
    )
    return _tale(terms, reads, hold, item, occasion, hold.pickup_library, at, "")


def still_on_hold_shelf(occasion: Occasion, reads: Reads) -> bool:
    """The item waits for this very hold."""
    found = reads.get(ReadyHold, occasion.item_id) if occasion.item_id is not None else None
    return found is not None and found.hold_id == occasion.subject
