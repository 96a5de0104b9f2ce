"""What each event about losses and claims changes: the loan, the lost item, the patron's counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from libops.base.errors import NotFound
from libops.base.events import Change, Changes, Drop, Put, Records
from libops.circulation.changes.loans import closed_loan, open_loan, standing_of
from libops.circulation.events.losses import (
    ClaimSetBack,
    ItemLost,
    LoanEnded,
    LossBilled,
    LossEnded,
    LostItemFound,
    ReturnClaimed,
)
from libops.circulation.model.loans import Loan
from libops.circulation.model.losses import LostItem
from libops.fees.policy.lost import LossCause
from libops.patrons.standing import claim_counted, loan_closed, loss_counted

__all__ = ["LOSS_CHANGES"]


def lost(event: ItemLost, records: Records) -> Iterator[Change]:
    loan, mark = open_loan(records, event.item_id), event.lost
    aged, first = mark.cause is LossCause.AGED, records.get(LostItem, event.item_id) is None
    yield Put(
        evolve(
            loan,
            declared_lost_at=loan.declared_lost_at if aged else event.at,
            aged_to_lost_at=event.at if aged else loan.aged_to_lost_at,
            losses=mark.number,
        )
    )
    yield Put(mark)
    if first:
        yield Put(loss_counted(standing_of(records, mark.patron_id)))


def billed(event: LossBilled, records: Records) -> Iterable[Change]:
    yield Put(evolve(lost_item(records, event.item_id), billed_at=event.at))


def over(event: LostItemFound | LossEnded, records: Records) -> Iterable[Change]:
    yield Drop(LostItem, event.item_id)
    standing = standing_of(records, event.patron_id)
    # Staff may have set the count back before.
    if standing.lost:
        yield Put(loss_counted(standing, -1))


def ended(event: LoanEnded, records: Records) -> Iterable[Change]:
    loan = open_loan(records, event.item_id)
    yield Drop(Loan, event.item_id)
    yield Put(closed_loan(loan, event.at, event.library, event.at, event.closing, event.fined))
    yield Put(loan_closed(standing_of(records, event.patron_id), event.counted_as, on_site=event.on_site))


def claimed(event: ReturnClaimed, records: Records) -> Iterable[Change]:
    yield Put(evolve(open_loan(records, event.item_id), claimed_returned_at=event.at))
    yield Put(claim_counted(standing_of(records, event.patron_id)))


def set_back(event: ClaimSetBack, records: Records) -> Iterable[Change]:
    standing = standing_of(records, event.patron_id)
    if standing.claims_returned:
        yield Put(claim_counted(standing, -1))


def lost_item(records: Records, item_id: str) -> LostItem:
    mark = records.get(LostItem, item_id)
    if mark is None:
        raise NotFound(f"item {item_id!r} is not lost: the log is not in order")
    return mark


LOSS_CHANGES: Changes = {
    ItemLost: lost,
    LossBilled: billed,
    LostItemFound: over,
    LossEnded: over,
    LoanEnded: ended,
    ReturnClaimed: claimed,
    ClaimSetBack: set_back,
}
