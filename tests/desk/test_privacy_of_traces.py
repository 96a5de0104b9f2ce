"""Whoever has had several cards is found by none of them; an erased person is in no other room either."""

from __future__ import annotations

from datetime import timedelta

import libops
from libops.desk.settings.loading import default_settings
from libops.storage.kinds import all_kinds
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.sample_library import sample_library
from libops.wire.events import event_to_text
from libops.wire.json import as_json

ADA, NEXT_CARD = "21234000000017", "21234000000041"
BOOK, OTHER, THIRD = "31234000000014", "31234000000022", "31234000000063"


def at_work() -> libops.Operations:
    """The sample library, in which Ada serves herself; loans are forgotten by the next run."""
    plain = default_settings().canonical()
    plain["privacy"] = {"history": {"keep": "until-return"}}
    ops = libops.open(settings=plain, clock=FrozenClock(), ids=CountingIds())
    sample_library(ops)
    return ops


def everything(ops: libops.Operations) -> list[str]:
    """Every record of every kind and every event of the log, as text."""
    found = [as_json(record, kind.cls) for kind in all_kinds() for record in every(ops.storage, kind)]
    return found + [event_to_text(event) for event in log_of(ops.storage)]


def test_an_earlier_card_does_not_lead_from_a_loan_to_its_patron() -> None:
    """Borrowed at the self-check with a card that was lost later."""
    ops = at_work()
    item = ops.items.get(BOOK).id
    assert ops.circulation.check_out(patron=ADA, item=BOOK, by=ADA)
    assert ops.circulation.check_in(item=BOOK, by=ADA)
    assert ops.patrons.replace_card(ADA, NEXT_CARD)
    assert [] != [text for text in everything(ops) if ADA in text and item in text]
    ops.clock.forward(days=1)
    ops.run_due()
    assert [] == [text for text in everything(ops) if ADA in text and item in text]
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_an_erased_person_is_in_no_other_room() -> None:
    """Bookings, tickets, the account and the log: neither card, nor what somebody wrote about Ada."""
    ops = at_work()
    assert ops.patrons.change(ADA, email="ada@example.org")
    assert ops.bookings.register(id="study", name="Study room", kind="room")
    start = ops.clock().replace(hour=13, minute=0) + timedelta(days=1)
    end = start + timedelta(hours=1)
    booking = ops.bookings.make(resource="study", patron=ADA, start=start, end=end, purpose="Ada's exam", by=ADA)
    assert ops.bookings.cancel(booking.result.id, why="Ada is ill", by=ADA)
    assert ops.equipment.register(id="printer-3", name="Printer 3", kind="printer")
    ticket = ops.equipment.open_ticket(asset="printer-3", symptom="stripes", patron=ADA, by=ADA).result
    assert ops.equipment.resolve(ticket.id, fix="new drum")
    assert ops.fees.charge(patron=ADA, amount="2.00 EUR")
    assert ops.fees.pay(patron=ADA, amount="2.00 EUR", payer="Ada's mother", by=ADA)
    assert ops.patrons.replace_card(ADA, NEXT_CARD)
    assert ops.privacy.erase(NEXT_CARD)
    for text in everything(ops):
        for trace in ("Ada", ADA, NEXT_CARD, "ada@example.org"):
            assert trace not in text, text
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_a_letter_that_failed_does_not_tell_of_what_is_forgotten() -> None:
    """It could not be sent and waits for somebody: of two books it tells only of the one that Ada still has."""
    plain = default_settings().canonical()
    plain["privacy"] = {"history": {"keep": "until-return"}}
    told = [{"template": kind, "trigger": kind.replace("_", "-")} for kind in ("check_out", "hold_ready")]
    plain["notice_policies"] = {"letters": {"notices": told}}
    plain["fallback"]["notices"] = "letters"
    ops = libops.open(settings=plain, clock=FrozenClock(), ids=CountingIds())
    sample_library(ops)
    assert ops.patrons.change(ADA, email="ada@example.org")
    assert ops.holds.place(patron=ADA, item=THIRD)
    assert ops.circulation.check_in(item=THIRD)
    for label in (BOOK, OTHER, THIRD):
        assert ops.circulation.check_out(patron=ADA, item=label)
    for _ in range(3):
        ops.clock.forward(hours=3)
        ops.notices.deliver_due()
    for label in (BOOK, THIRD):
        assert ops.circulation.check_in(item=label)
    ops.run_due(only=["privacy"])
    (entry,) = ops.notices.waiting()
    assert [OTHER] == [occasion.barcode for occasion in entry.occasions]
    gone = [*(ops.items.get(label).id for label in (BOOK, THIRD)), BOOK, THIRD]
    ada = ops.patrons.get(ADA).id
    assert [] == [text for text in everything(ops) if ada in text and any(trace in text for trace in gone)]
