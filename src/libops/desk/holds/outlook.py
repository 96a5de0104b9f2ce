"""What a forecast is reckoned from: who is ahead, when items come back, how long loans and hold shelves last."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from libops.base.calendars import Calendar
from libops.base.ids import LibraryCode
from libops.catalog.model import BibRecord
from libops.circulation.decide.facts import case_of
from libops.circulation.decide.hold_facts import ItemOfTitle, targets_of
from libops.circulation.model import Hold, HoldPlace
from libops.circulation.policy.holds import ComingItem, arrives
from libops.desk.holds.reads import HoldReads
from libops.desk.reads import Reads
from libops.patrons.model import Patron

__all__ = ["outlook"]


def outlook(facts: HoldReads, reads: Reads, hold: Hold, at: datetime) -> dict[str, Any]:
    """The arguments of `forecast` for a hold."""
    bibs = dict.fromkeys(hold.target_bibs)
    items = [
        one for one in facts.items_of(reads, bibs) if one.circulates and set(hold.targets) & set(targets_of(one.item))
    ]
    ahead = {
        place.hold_id: place
        for bib in bibs
        for place in reads.find(HoldPlace, "by_bib", bib)
        if in_queue(place) < (hold.cut, hold.priority, hold.queued_at, hold.id) and not place.suspended(at)
    }
    days, calendar = facts.book.returns.transit_days, facts.book.calendar
    loan = shelf = timedelta(0)
    bib, patron = reads.get(BibRecord, hold.bib_id), reads.get(Patron, hold.patron_id)
    if items and bib is not None and patron is not None:
        here = calendar(hold.pickup_library)
        case = case_of(hold.pickup_library, patron, items[0].item, bib, here.service_day(at), facts.book)
        terms = facts.book.terms(case)
        if terms.loan is not None and terms.loan.due.period is not None:
            loan = terms.loan.due.period.after_instant(at, here.zone_info) - at
        if terms.holds is not None and terms.holds.shelf_time is not None:
            shelf = terms.holds.shelf_time.after_instant(at, here.zone_info) - at
    return {
        "at": at,
        "pickup": hold.pickup_library,
        "ahead": [place.pickup_library for place in sorted(ahead.values(), key=in_queue)],
        "items": [coming(one, at, calendar, days) for one in items],
        "loan": loan,
        "shelf": shelf,
        "transit_days": days,
        "calendar": calendar,
    }


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
