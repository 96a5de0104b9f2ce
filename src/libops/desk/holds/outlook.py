"""What a forecast is reckoned from: who is ahead, when items come back, how long loans and hold shelves last."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from libops.base.calendars import Calendar
from libops.base.ids import LibraryCode
from libops.base.periods import Period
from libops.catalog.model import BibRecord
from libops.circulation.decide.facts import case_of
from libops.circulation.decide.hold_facts import ItemOfTitle, targets_of
from libops.circulation.decide.match import may_fill
from libops.circulation.model import Hold, HoldPlace
from libops.circulation.policy.book import CirculationBook, Terms
from libops.circulation.policy.holds import ComingItem, arrives
from libops.desk.holds.reads import HoldReads
from libops.desk.reads import Reads
from libops.patrons.model import Patron

__all__ = ["outlook"]


def outlook(facts: HoldReads, reads: Reads, hold: Hold, at: datetime) -> dict[str, Any]:
    """The arguments of `forecast` for a hold."""
    bibs = dict.fromkeys(hold.target_bibs)
    asked = set(hold.targets)
    found = [one for one in facts.items_of(reads, bibs) if one.circulates and asked & set(targets_of(one.item))]
    offers = fillable(found, reads, hold, facts.book, at)
    ahead = {
        place.hold_id: place
        for bib in bibs
        for place in reads.find(HoldPlace, "by_bib", bib)
        if in_queue(place) < (hold.cut, hold.priority, hold.queued_at, hold.id) and not place.suspended(at)
    }
    days, calendar = facts.book.returns.transit_days, facts.book.calendar
    zone = calendar(hold.pickup_library).zone_info
    periods = [terms.loan.due.period for _, terms in offers if terms.loan is not None]
    shelves = [terms.holds.shelf_time for _, terms in offers if terms.holds is not None]
    return {
        "at": at,
        "pickup": hold.pickup_library,
        "ahead": [place.pickup_library for place in sorted(ahead.values(), key=in_queue)],
        "items": [coming(one, at, calendar, days) for one, _ in offers],
        "loan": longest(periods, at, zone),
        "shelf": longest(shelves, at, zone),
        "transit_days": days,
        "calendar": calendar,
    }


def fillable(
    found: Iterable[ItemOfTitle], reads: Reads, hold: Hold, book: CirculationBook, at: datetime
) -> list[tuple[ItemOfTitle, Terms]]:
    """The items that the policy of each lets the hold have, with the terms on which the patron gets it."""
    patron, today = reads.get(Patron, hold.patron_id), book.calendar(hold.pickup_library).service_day(at)
    offers = []
    for one in found:
        bib = reads.get(BibRecord, one.item.bib_id)
        if bib is not None and patron is not None:
            terms = book.terms(case_of(hold.pickup_library, patron, one.item, bib, today, book))
            if terms.holds is not None and may_fill(one.item, hold, terms.holds, book) is None:
                offers.append((one, terms))
    return offers


def longest(periods: Iterable[Period | None], at: datetime, zone: ZoneInfo) -> timedelta:
    """The longest of these from an instant on; nothing where none is set."""
    return max([period.after_instant(at, zone) - at for period in periods if period is not None], default=timedelta(0))


def in_queue(place: HoldPlace) -> tuple[int, int, datetime, str]:
    """What decides who is served first, as far as it does not depend on the item."""
    return place.cut, place.priority, place.queued_at, place.hold_id


def coming(one: ItemOfTitle, at: datetime, calendar: Callable[[LibraryCode], Calendar], days: int) -> ComingItem:
    """From when on an item is free, and where: where it was lent, where it is sent to, or where it stands."""
    if one.loan is not None:
        return ComingItem(at if one.loan.due is None else one.loan.due, one.loan.library)
    if one.transit is not None:
        way = one.transit
        return ComingItem(arrives(way.sent_at, calendar(way.destination), days), way.destination)
    return ComingItem(at, one.item.holding_library if one.ready is None else one.ready.pickup_library)
