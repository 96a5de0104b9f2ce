"""A store with many open loans, filled in bulk, some of them late and fined up to now: for the nightly run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import evolve
from lending import filled

import libops
from libops.base.ids import AccountLineId, ItemId, LoanId, PatronId
from libops.circulation.model import Loan
from libops.fees.model import LoanFine
from libops.items.model import Item
from libops.notices.model import NoticeTrack
from libops.patrons.model import Patron
from libops.patrons.standing import Standing
from libops.storage.kinds import kind_of
from libops.storage.port import Batch, Write

__all__ = ["NOW", "fill", "grow", "settings"]

NOW = datetime(2026, 3, 2, 5, tzinfo=UTC)
MOST_FINE = 1_000
"""What a fine of the settings comes to at most, in minor units."""
LOANS_EACH = 5
RENEWED = 2
"""Late loans have had all their renewals."""
AT_ONCE = 2_000


def settings() -> dict[str, Any]:
    """Fines with a cap, two reminders, aging to lost and overdue notices."""
    from libops.desk.settings import default_settings

    plain = default_settings().canonical()
    fine, lost = plain["fallback"]["fine"], plain["fallback"]["lost"]
    plain["fine_policies"][fine]["cap"] = "10.00 EUR"
    plain["lost_policies"][lost]["aged_after"] = "365 days"
    plain["reminder_policies"] = {
        "letters": [{"after": "7 days", "fee": "1.00 EUR"}, {"after": "14 days", "fee": "2.00 EUR"}]
    }
    plain["notice_policies"] = {
        "standard": {
            "notices": [
                {"template": "due_soon", "trigger": "due", "timing": "before", "period": "3 days"},
                {"template": "overdue", "trigger": "due", "timing": "after", "period": "1 day"},
            ]
        }
    }
    plain["fallback"] |= {"reminders": "letters", "notices": "standard"}
    return plain


def fill(ops: libops.Operations, *, loans: int, late: float) -> None:
    """Put so many open loans beside a real one, a share of them late: fined to the cap, and reminded of twice."""
    (card,), (label,) = filled(ops, items=1, patrons=1)
    assert ops.circulation.check_out(patron=card, item=label)
    first = ops.circulation.loan_of(label)
    assert first is not None
    item = ops.items.get(label)
    patron = ops.patrons.get(card)
    overdue = int(loans * late)
    batch: list[Write] = []
    for number in range(loans):
        # Mixed, so that the order of the due dates is not that of the keys.
        place = number * 7_919 % loans
        is_late = place < overdue
        due = NOW - timedelta(days=40 + place % 200) if is_late else NOW + timedelta(days=4 + place % 24)
        if not number % LOANS_EACH:
            reader = PatronId(f"patron{number:010}")
            batch.append(Write(kind_of(Patron), reader, evolve(patron, id=reader, card=None), 0))
            batch.append(Write(kind_of(Standing), reader, Standing(reader, open_loans=LOANS_EACH), 0))
        batch += records(evolve(first, patron_id=reader), item, number, due, is_late)
        if len(batch) >= AT_ONCE:
            ops.storage.apply(Batch(writes=tuple(batch)))
            batch = []
    ops.storage.apply(Batch(writes=tuple(batch)))


def records(first: Loan, item: Item, number: int, due: datetime, late: bool) -> Iterator[Write]:
    """A loan with its item, and what was charged and written for it before."""
    item_id, loan_id = ItemId(f"item{number:010}"), LoanId(f"loan{number:010}")
    lent_at = due - timedelta(days=28)
    loan = evolve(first, id=loan_id, item_id=item_id, due=due, checked_out_at=lent_at, renewals=RENEWED if late else 0)
    yield Write(kind_of(Loan), item_id, loan, 0)
    if late:
        yield Write(kind_of(Item), item_id, evolve(item, id=item_id, barcode=None), 0)
        charge = AccountLineId(f"{loan_id}:fine:0")
        yield Write(kind_of(LoanFine), loan_id, LoanFine(loan_id, first.patron_id, RENEWED, MOST_FINE, 1, charge), 0)
        round = f"{due:%Y%m%dT%H%M%S}"
        told = tuple(f"reminder:reminder:{loan_id}:{round}:{sent}" for sent in (1, 2))
        yield Write(kind_of(NoticeTrack), loan_id, NoticeTrack(loan_id, told), 0)


def grow(ops: libops.Operations, count: int) -> None:
    """Let the fines of so many late loans be below their cap, so that the next run has something to charge."""
    kind = kind_of(LoanFine)
    rows = ops.storage.scan(kind, page=count).rows
    writes = tuple(
        Write(kind, row.record.loan_id, evolve(row.record, total=0, charge=None, lines=0), row.version) for row in rows
    )
    ops.storage.apply(Batch(writes=writes))
