"""What a forecast is reckoned from: who is ahead, when items come back, how long loans and hold shelves last."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from libops.catalog.model import BibRecord
from libops.circulation.decide.facts import case_of
from libops.circulation.decide.hold_facts import targets_of
from libops.circulation.model import Hold, HoldPlace, requests_allowed
from libops.desk.hold_reads import HoldReads
from libops.desk.reads import Reads
from libops.patrons.model import Patron

__all__ = ["outlook"]


def outlook(facts: HoldReads, reads: Reads, hold: Hold, at: datetime) -> dict[str, Any]:
    """The arguments of `forecast` for a hold."""
    bibs = dict.fromkeys(hold.target_bibs)
    items = [
        one
        for one in facts.items_of(reads, bibs)
        if set(hold.targets) & set(targets_of(one.item)) and requests_allowed(one.state)
    ]
    ahead = {
        place.hold_id
        for bib in bibs
        for place in reads.find(HoldPlace, "by_bib", bib)
        if (place.cut, place.priority, place.queued_at, place.hold_id)
        < (hold.cut, hold.priority, hold.queued_at, hold.id)
        and not place.suspended(at)
    }
    free = [one.loan.due if one.loan is not None and one.loan.due is not None else at for one in items]
    loan = shelf = timedelta(0)
    bib, patron = reads.get(BibRecord, hold.bib_id), reads.get(Patron, hold.patron_id)
    if items and bib is not None and patron is not None:
        calendar = facts.book.calendar(hold.pickup_library)
        case = case_of(hold.pickup_library, patron, items[0].item, bib, calendar.service_day(at), facts.book)
        terms = facts.book.terms(case)
        if terms.loan is not None and terms.loan.due.period is not None:
            loan = terms.loan.due.period.after_instant(at, calendar.zone_info) - at
        if terms.holds is not None and terms.holds.shelf_time is not None:
            shelf = terms.holds.shelf_time.after_instant(at, calendar.zone_info) - at
    return {"at": at, "ahead": len(ahead), "free_from": free, "loan": loan, "shelf": shelf}
