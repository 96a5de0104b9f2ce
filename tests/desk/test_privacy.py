"""What is forgotten is forgotten everywhere: records, events, notices, the account, the file on the disk."""

from __future__ import annotations

import json
import sqlite3
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import libops
from libops.circulation.events import RenewedBy
from libops.circulation.model import ClosedLoan
from libops.desk.settings.loading import default_settings
from libops.fees.model import LineKind
from libops.patrons.model import HistoryConsent
from libops.storage.kinds import all_kinds, kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock, RecordingChannel
from libops.testing.sample_library import sample_library
from libops.wire.events import event_to_text
from libops.wire.json import as_json

ADA, BEN = "21234000000017", "21234000000025"
BOOK, OTHER = "31234000000014", "31234000000022"


def town(url: str = "memory:", **privacy: Any) -> tuple[libops.Operations, FrozenClock]:
    plain = default_settings().canonical()
    plain["privacy"] = privacy
    plain["notice_policies"] = {
        "standard": {"notices": [{"template": "overdue", "trigger": "due", "timing": "after", "period": "1 day"}]}
    }
    plain["fallback"]["notices"] = "standard"
    clock = FrozenClock()
    ops = libops.open(
        url,
        settings=plain,
        clock=clock,
        ids=CountingIds(),
        plugins=[RecordingChannel()],
        channels={"email": "recording"},
    )
    sample_library(ops)
    ops.patrons.change(ADA, email="ada@example.org")
    return ops, clock


def lend_and_return(
    ops: libops.Operations, clock: FrozenClock, card: str = ADA, item: str = BOOK, days: int = 9
) -> str:
    assert ops.circulation.check_out(patron=card, item=item)
    loan = ops.circulation.loan_of(item)
    assert loan is not None
    clock.forward(days=1)
    assert ops.circulation.renew(item=item, renewed_by=RenewedBy.PATRON, by=card)
    clock.forward(days=days)
    ops.run_due()
    assert ops.circulation.check_in(item=item)
    return loan.id


def patrons_of(ops: libops.Operations) -> list[str | None]:
    return [loan.patron_id for loan in every(ops.storage, kind_of(ClosedLoan))]


def everything(ops: libops.Operations) -> list[str]:
    """Every record of every kind and every event of the log, as text."""
    found = [as_json(record, kind.cls) for kind in all_kinds() for record in every(ops.storage, kind)]
    return found + [event_to_text(event) for event in log_of(ops.storage)]


def test_as_the_library_comes_history_is_kept() -> None:
    """Nothing is forgotten unless the settings or the patron say so."""
    ops, clock = town()
    lend_and_return(ops, clock)
    ops.run_due()
    assert [ops.patrons.get(ADA).id] == patrons_of(ops)


def test_never_means_at_the_return_itself() -> None:
    """Before any nightly run."""
    ops, clock = town(history={"keep": "never"})
    lend_and_return(ops, clock)
    assert [None] == patrons_of(ops)


def test_until_return_means_by_the_next_run() -> None:
    """The desk can still see today who brought the book back."""
    ops, clock = town(history={"keep": "until-return"})
    lend_and_return(ops, clock)
    assert [ops.patrons.get(ADA).id] == patrons_of(ops)
    ops.run_due()
    assert [None] == patrons_of(ops)


def test_days_are_counted_from_the_return() -> None:
    """Thirty days."""
    ops, clock = town(history={"keep": "days", "days": 30})
    lend_and_return(ops, clock)
    clock.forward(days=29)
    ops.run_due()
    assert [ops.patrons.get(ADA).id] == patrons_of(ops)
    clock.forward(days=1)
    ops.run_due()
    assert [None] == patrons_of(ops)


def test_the_patron_decides() -> None:
    """With consent a history is kept that would go, and one that would stay is forgotten."""
    ops, clock = town(history={"keep": "with-consent"})
    ops.patrons.change(ADA, history=HistoryConsent.KEEP)
    lend_and_return(ops, clock)
    lend_and_return(ops, clock, BEN, OTHER)
    ops.run_due()
    assert {ops.patrons.get(ADA).id, None} == set(patrons_of(ops))
    keeping, clock = town()
    keeping.patrons.change(ADA, history=HistoryConsent.FORGET)
    lend_and_return(keeping, clock)
    keeping.run_due()
    assert [None] == patrons_of(keeping)


def test_a_loan_with_an_open_fee_waits_and_may_have_its_own_rule() -> None:
    """Nobody could argue about the fee otherwise; when it is settled its own days count."""
    ops, clock = town(history={"keep": "until-return"}, with_fees={"keep": "days", "days": 10})
    lend_and_return(ops, clock, days=40)
    clock.forward(days=20)
    ops.run_due()
    assert [ops.patrons.get(ADA).id] == patrons_of(ops)
    assert ops.fees.pay(patron=ADA, amount=ops.fees.balance(ADA))
    ops.run_due()
    assert [None] == patrons_of(ops)


def test_who_kept_the_identifier_of_a_charge_is_told_why_nothing_is_found() -> None:
    """The charge was noted before its loan was forgotten: the answer says so, and the statement has the new one."""
    ops, clock = town(history={"keep": "until-return"}, with_fees={"keep": "days", "days": 10})
    lend_and_return(ops, clock, days=40)
    (noted,) = ops.fees.open_charges(ADA)
    assert ops.fees.pay(patron=ADA, amount=ops.fees.balance(ADA))
    clock.forward(days=20)
    ops.run_due()
    by_old = {
        "charge.not_open": ops.fees.pay(patron=ADA, amount="1.00 EUR", charges=[noted.id]),
        "line.unknown": ops.fees.void(patron=ADA, line=noted.id, why="a mistake"),
    }
    for code, answer in by_old.items():
        assert [code] == [reason.code for reason in answer.reasons if reason.code == code]
        assert "forgotten" in str(answer)
    now = next(row.line for row in ops.fees.statement(ADA).rows if row.line.kind is LineKind.CHARGE)
    assert now.id != noted.id
    assert ops.fees.refund(patron=ADA, charge=now.id, why="a mistake")


@pytest.mark.parametrize("url", ["memory:", "sqlite:///{}/town.db"])
def test_no_path_leads_back(tmp_path, url) -> None:
    """Every column of every table and every event is searched: nothing names the loan or its item with the patron."""
    ops, clock = town(url.format(tmp_path), history={"keep": "until-return"})
    loan_id = lend_and_return(ops, clock, days=40)
    assert ops.fees.pay(patron=ADA, amount=ops.fees.balance(ADA))
    ada, item = ops.patrons.get(ADA), ops.items.get(BOOK)
    assert [] != [text for text in everything(ops) if ada.id in text and item.id in text]
    clock.forward(days=1)
    ops.run_due()
    (closed,) = every(ops.storage, kind_of(ClosedLoan))
    assert loan_id != closed.id
    for text in everything(ops):
        if any(name in text for name in (ada.id, ADA, "ada@example.org", "Ada Flores")):
            for trace in (closed.id, item.id, BOOK):
                assert trace not in text, text
        assert loan_id not in text, text
    times = [at.astimezone(ZoneInfo("Europe/Berlin")).time() for at in (closed.closed_at, closed.checked_out_at)]
    assert [time(0), time(0)] == times
    assert ("book", "adult") == (closed.item_type, closed.patron_category)
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))
    ops.close()
    if url.startswith("sqlite"):
        with sqlite3.connect(tmp_path / "town.db") as raw:
            raw.execute("VACUUM")
        raw.close()
        assert 0 == (tmp_path / "town.db").read_bytes().count(loan_id.encode())


def test_totals_stay_as_they_were() -> None:
    """Statistics and balances do not change when people are taken out."""
    ops, clock = town(history={"keep": "until-return"})
    for card, item in ((ADA, BOOK), (BEN, OTHER), (ADA, OTHER)):
        lend_and_return(ops, clock, card, item, days=35)
    before = (len(patrons_of(ops)), ops.fees.statement(ADA).balance, ops.patrons.standing(ADA))
    assert ops.fees.pay(patron=BEN, amount=ops.fees.balance(BEN))
    ops.run_due()
    assert before == (len(patrons_of(ops)), ops.fees.statement(ADA).balance, ops.patrons.standing(ADA))
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_a_person_gets_what_is_kept_about_them() -> None:
    """As JSON: the record, the loans, the account, the events."""
    ops, clock = town()
    lend_and_return(ops, clock, days=40)
    found = json.loads(json.dumps(ops.privacy.export(ADA)))
    assert "Ada Flores" == found["patron"][0]["name"]
    assert (1, 0) == (len(found["closed_loan"]), len(found["loan"]))
    assert {"PatronRegistered", "PatronChanged", "Charged"} <= {each["event"] for each in found["events"]}


def test_an_erased_person_is_nowhere() -> None:
    """Not while something is owed, and then nothing is lost; else name, card and address are nowhere any more."""
    ops, clock = town()
    lend_and_return(ops, clock, days=10)
    lend_and_return(ops, clock, days=40)
    ada, before = ops.patrons.get(ADA), stored(ops.storage)
    answer = ops.privacy.erase(ADA)
    assert ["patron.has_balance"] == [reason.code for reason in answer.reasons]
    assert before == stored(ops.storage)
    assert ops.fees.pay(patron=ADA, amount=ops.fees.balance(ADA))
    assert ops.privacy.erase(ADA)
    for text in everything(ops):
        for name in ("Ada", ADA, "ada@example.org"):
            assert name not in text, text
    assert [None, None] == patrons_of(ops)
    assert ada.id
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))
