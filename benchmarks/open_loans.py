"""A file with many open loans, some of them late and fined up to now: for the nightly run.

Loans are numbered in the order in which they were lent, as identifiers are in a library: what is due first was lent
first, so the records kept under the loan (fines, notices) lie together for those due together. The loans themselves
are kept under their items, and items and patrons come from all over the library. Rows are put in as they were lent.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import gcd
from pathlib import Path
from typing import Any

from attrs import evolve
from lending import filled
from multiplied import multiplied, series

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
from libops.testing.fakes import CountingIds, FrozenClock

__all__ = ["NOW", "fill", "grow", "settings", "town"]

NOW = datetime(2026, 3, 2, 5, tzinfo=UTC)
MOST_FINE = 1_000
"""What a fine of the settings comes to at most, in minor units."""
LOANS_EACH = 5
RENEWED = 2
"""Late loans have had all their renewals."""
LATEST, LATE_DAYS = 239, 200
"""Late loans were due on so many days in a row, the first of them so long ago."""
SOONEST, DUE_DAYS = 4, 24
"""The others are due on so many days, the first of them so far ahead."""
LENT_FOR = 28
STRIDE = 7_919
"""A prime: steps of so many visit all items, far apart."""
INSTANT = "%Y-%m-%dT%H:%M:%S.000000+00:00"
"""How a store writes a moment, for SQLite."""


def settings() -> dict[str, Any]:
    """Fines with a cap, two reminders, aging to lost and overdue notices."""
    from libops.desk.settings.loading import default_settings

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


def town(path: Path) -> libops.Operations:
    """The library of a file, a month before the night."""
    clock = FrozenClock(NOW - timedelta(days=30))
    return libops.open(f"sqlite:///{path}", settings=settings(), clock=clock, ids=CountingIds())


def fill(path: Path, *, loans: int, late: float) -> None:
    """Make a file with so many open loans, a share of them late: fined to the cap, and reminded of twice."""
    overdue, patrons = int(loans * late), -(-loans // LOANS_EACH)
    assert overdue, f"of {loans} loans at {late} none is late"
    assert gcd(STRIDE, loans) == gcd(STRIDE, patrons) == 1, f"{loans} loans do not mix by {STRIDE}"
    with town(path) as ops:
        ops.storage.apply(Batch(writes=tuple(first_records(ops))))
    # In days from the night: the first loan is the latest one, the last is due furthest ahead.
    days = (
        f"iif(n < {overdue}, n * {LATE_DAYS} / {overdue} - {LATEST}, "
        f"{SOONEST} + (n - {overdue}) * {DUE_DAYS} / {loans - overdue})"
    )
    loan, item = "printf('loan%010d', n)", f"printf('item%010d', n * {STRIDE} % {loans})"
    patron = f"printf('patron%010d', n / {LOANS_EACH} * {STRIDE} % {patrons})"
    reader = {"patron_id": "printf('patron%010d', n)"}
    first, round = loan_id(0), f"{NOW - timedelta(days=LATEST):%Y%m%dT%H%M%S}"
    told = f"replace(replace(t.told, '{first}', {loan}), '{round}', {moment('%Y%m%dT%H%M%S', days)})"
    renewals = f"iif(n < {overdue}, t.renewals, 0)"
    when = {"due": moment(INSTANT, days), "checked_out_at": moment(INSTANT, f"{days} - {LENT_FOR}")}
    with multiplied(path) as file:
        every, late_ones = series(1, loans), series(1, overdue)
        file.copy(Patron, "patron0000000000", series(1, patrons), id=reader["patron_id"])
        file.copy(Standing, "patron0000000000", series(1, patrons), **reader)
        file.copy(Loan, item_id(0), every, item_id=item, id=loan, patron_id=patron, renewals=renewals, **when)
        file.copy(Item, item_id(0), late_ones, id=item)
        file.copy(LoanFine, first, late_ones, loan_id=loan, patron_id=patron, charge=f"{loan} || ':fine:0'")
        file.copy(NoticeTrack, first, late_ones, subject=loan, told=told)


def moment(form: str, days: str) -> str:
    """The SQL of a moment so many days from the night."""
    return f"strftime('{form}', '{NOW:%Y-%m-%dT%H:%M:%S}', ({days}) || ' days')"


def item_id(number: int) -> ItemId:
    return ItemId(f"item{number:010}")


def loan_id(number: int) -> LoanId:
    return LoanId(f"loan{number:010}")


def first_records(ops: libops.Operations) -> Iterator[Write]:
    """The latest loan with its item and reader, and what was charged and written for it before."""
    (card,), (label,) = filled(ops, items=1, patrons=1)
    assert ops.circulation.check_out(patron=card, item=label)
    real = ops.circulation.loan_of(label)
    assert real is not None
    reader, key, due = PatronId("patron0000000000"), loan_id(0), NOW - timedelta(days=LATEST)
    yield Write(kind_of(Patron), reader, evolve(ops.patrons.get(card), id=reader, card=None), 0)
    yield Write(kind_of(Standing), reader, Standing(reader, open_loans=LOANS_EACH), 0)
    lent = {"due": due, "checked_out_at": due - timedelta(days=LENT_FOR), "renewals": RENEWED}
    loan = evolve(real, id=key, item_id=item_id(0), patron_id=reader, **lent)
    yield Write(kind_of(Loan), item_id(0), loan, 0)
    yield Write(kind_of(Item), item_id(0), evolve(ops.items.get(label), id=item_id(0), barcode=None), 0)
    charge = AccountLineId(f"{key}:fine:0")
    yield Write(kind_of(LoanFine), key, LoanFine(key, reader, RENEWED, MOST_FINE, 1, charge), 0)
    told = tuple(f"reminder:reminder:{key}:{due:%Y%m%dT%H%M%S}:{sent}" for sent in (1, 2))
    yield Write(kind_of(NoticeTrack), key, NoticeTrack(key, told), 0)


def grow(ops: libops.Operations, count: int) -> None:
    """Let the fines of so many late loans be below their cap, so that the next run has something to charge."""
    kind = kind_of(LoanFine)
    rows = ops.storage.scan(kind, page=count).rows
    writes = tuple(
        Write(kind, row.record.loan_id, evolve(row.record, total=0, charge=None, lines=0), row.version) for row in rows
    )
    ops.storage.apply(Batch(writes=writes))
