"""The nightly run: what time brings comes once, however often and wherever it runs."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

import libops
from libops.base.ids import HoldId
from libops.circulation.events import HoldReady
from libops.circulation.model import Hold, HoldLevel, Loan, ReadyHold
from libops.desk.reads import Reads
from libops.desk.settings.loading import default_settings
from libops.notices.model import OutboxEntry
from libops.storage.kinds import kind_of
from libops.storage.port import Versioned
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock, RecordingChannel
from libops.testing.sample_library import sample_library

ADA, BEN = "21234000000017", "21234000000025"
BOOK, OTHER, THIRD = "31234000000014", "31234000000022", "31234000000063"

NOTICES = {
    "notices": [
        {"template": "check_out", "trigger": "check-out", "digest": "session"},
        {"template": "check_in", "trigger": "check-in", "digest": "none"},
        {"template": "due_soon", "trigger": "due", "timing": "before", "period": "3 days"},
        {"template": "overdue", "trigger": "due", "timing": "after", "period": "1 day", "every": "7 days", "times": 3},
    ]
}


def settings(**more: Any) -> dict[str, Any]:
    plain = default_settings().canonical()
    plain["notice_policies"] = {"standard": NOTICES | more.pop("policy", {})}
    plain["fallback"]["notices"] = "standard"
    return plain | more


class Town:
    """A library with a channel that keeps what it is sent."""

    def __init__(self, url: str = "memory:", **more: Any) -> None:
        self.clock, self.channel = FrozenClock(), RecordingChannel()
        self.ops = libops.open(
            url,
            settings=settings(**more),
            clock=self.clock,
            ids=CountingIds(),
            plugins=[self.channel],
            channels={"email": "recording", "letter": "recording"},
        )
        sample_library(self.ops)
        self.ops.patrons.change(ADA, email="ada@example.org", language="en")
        self.ops.patrons.change(BEN, email="ben@example.org", language="de")

    def lend(self, card: str, *labels: str) -> datetime:
        for label in labels:
            assert self.ops.circulation.check_out(patron=card, item=label)
        loan = self.ops.circulation.loan_of(labels[0])
        assert loan is not None
        assert loan.due is not None
        return loan.due

    def nights(self, count: int) -> None:
        for _ in range(count):
            self.clock.forward(days=1)
            self.ops.run_due()

    @property
    def kinds(self) -> list[str]:
        return [message.kind for message in self.channel.sent]


@pytest.fixture
def town() -> Town:
    return Town()


def test_a_loan_is_announced_reminded_and_charged_once_each(town) -> None:
    """Four weeks, then late: one receipt, one courtesy notice, three overdue notices, a fine up to its cap."""
    town.lend(ADA, BOOK)
    town.nights(120)
    assert {"check_out": 1, "due_soon": 1, "overdue": 3} == Counter(town.kinds)
    assert "10.00 EUR" == str(town.ops.fees.balance(ADA))
    town.ops.run_due()
    assert 5 == len(town.kinds)
    assert stored(town.ops.storage) == rebuilt(log_of(town.ops.storage))


def test_the_sweep_charges_what_a_return_would(town) -> None:
    """Counted night by night or at once when the item comes back: the same fine."""
    town.lend(ADA, BOOK)
    town.lend(BEN, OTHER)
    late = Town()
    late.lend(ADA, BOOK)
    town.nights(40)
    late.clock.forward(days=40)
    before = town.ops.fees.balance(ADA)
    for library in (town, late):
        assert library.ops.circulation.check_in(item=BOOK)
    assert str(before) == str(town.ops.fees.balance(ADA)) == str(late.ops.fees.balance(ADA)) != "0.00 EUR"


def test_several_loans_go_into_one_message(town) -> None:
    """Two books of one patron, one message; another patron's in another language."""
    town.lend(ADA, BOOK, OTHER)
    town.lend(BEN, THIRD)
    town.nights(26)
    soon = [message for message in town.channel.sent if message.kind == "due_soon"]
    assert {"ada@example.org": "en", "ben@example.org": "de"} == {message.to: message.language for message in soon}
    assert 2 == len(soon)
    by_reader = {message.to: message.body for message in soon}
    assert BOOK in by_reader["ada@example.org"]
    assert OTHER in by_reader["ada@example.org"]
    assert "Guten Tag Ben Okafor" in by_reader["ben@example.org"]


def test_what_was_returned_in_one_go_is_one_receipt_per_session(town) -> None:
    """The message waits until the patron has paused for a quarter of an hour."""
    town.lend(ADA, BOOK)
    town.clock.forward(minutes=10)
    town.lend(ADA, OTHER)
    town.clock.forward(minutes=10)
    town.ops.notices.deliver_due()
    assert [] == town.kinds
    town.clock.forward(minutes=5)
    town.ops.notices.deliver_due()
    assert (["check_out"], True) == (
        town.kinds,
        BOOK in town.channel.sent[0].body and OTHER in town.channel.sent[0].body,
    )


def test_nothing_goes_out_for_an_item_that_came_back(town) -> None:
    """The mail server was down when the notice was due; when it is up again the book is back."""
    due = town.lend(ADA, BOOK, OTHER)
    town.nights((due.date() - town.clock().date()).days)
    town.channel.fail_next = 1
    town.nights(1)
    assert ["overdue"] == [entry.message.kind for entry in town.ops.notices.waiting()]
    assert town.ops.circulation.check_in(item=BOOK)
    town.clock.forward(hours=1)
    town.ops.notices.deliver_due()
    (overdue,) = [message for message in town.channel.sent if message.kind == "overdue"]
    assert (False, True) == (BOOK in overdue.body, OTHER in overdue.body)


def test_a_message_that_tells_nothing_true_any_more_is_withdrawn() -> None:
    """Planned in the night, it waits for the end of quiet hours; in the morning the book came back."""
    town = Town(policy={"quiet_from": "00:00", "quiet_until": "12:00"})
    due = town.lend(ADA, BOOK)
    town.clock.at = due.replace(hour=12)
    assert 1 == town.ops.run_due().delivery.sent
    town.clock.at = due.replace(hour=23)
    report = town.ops.run_due()
    acts = {step.name: step.acts for step in report.steps}
    assert (1, 0) == (acts["notices"], report.delivery.sent)
    assert town.ops.circulation.check_in(item=BOOK)
    town.clock.forward(hours=12)
    assert 1 == town.ops.run_due().delivery.withdrawn
    assert "overdue" not in town.kinds


def test_a_message_of_the_afternoon_does_not_go_out_at_night() -> None:
    """It was ready at a quarter past eleven, and only the run of the night comes by: it waits for the morning."""
    town = Town(policy={"quiet_from": "20:00", "quiet_until": "08:00"})
    town.lend(ADA, BOOK)
    town.clock.at = datetime(2026, 3, 3, 22, tzinfo=UTC)
    delivery = town.ops.run_due().delivery
    assert (0, 1, []) == (delivery.sent, delivery.postponed, town.kinds)
    today, tomorrow = town.ops.notices.on(date(2026, 3, 3)), town.ops.notices.on(date(2026, 3, 4))
    assert ([], ["check_out"]) == ([message.kind for message in today], [message.kind for message in tomorrow])
    town.clock.at = datetime(2026, 3, 4, 6, 59, tzinfo=UTC)
    assert 0 == town.ops.notices.deliver_due().sent
    town.clock.at = datetime(2026, 3, 4, 7, tzinfo=UTC)
    assert 1 == town.ops.notices.deliver_due().sent


def test_a_message_of_saturday_does_not_go_out_on_sunday() -> None:
    """The library sends nothing on closed days; Monday is one, too. More of the same day may still join it."""
    town = Town(policy={"on_closed_days": "next-open-day"})
    town.clock.at = datetime(2026, 3, 7, 9, tzinfo=UTC)
    town.lend(ADA, BOOK)
    town.clock.at = datetime(2026, 3, 8, 9, tzinfo=UTC)
    assert (0, 1) == ((found := town.ops.run_due().delivery).sent, found.postponed)
    town.clock.at = datetime(2026, 3, 10, 9, tzinfo=UTC)
    town.lend(ADA, OTHER)
    town.clock.forward(minutes=15)
    assert 1 == town.ops.notices.deliver_due().sent
    assert [True, True] == [barcode in town.channel.sent[0].body for barcode in (BOOK, OTHER)]


def test_a_letter_tells_of_a_loan_once_however_many_days_it_gathers() -> None:
    """Told daily, but not on closed days: Tuesday's letter names the book once, not for each day since Saturday."""
    daily = {"template": "overdue", "trigger": "due", "timing": "after", "period": "1 day", "every": "1 day"}
    town = Town(policy={"notices": [daily], "on_closed_days": "next-open-day"})
    town.lend(ADA, BOOK, OTHER)
    town.nights(36)
    assert 6 == len(town.channel.sent)  # from Wednesday, 1 April, to Wednesday, 8 April
    assert {(1, 1)} == {(message.body.count(BOOK), message.body.count(OTHER)) for message in town.channel.sent}


def test_what_is_due_soon_is_not_told_once_it_is_due(town) -> None:
    """The mail server was down for days."""
    due = town.lend(ADA, BOOK)
    town.clock.at = due - timedelta(days=3)
    town.channel.fail_next = 99
    town.ops.run_due()
    assert "due_soon" in [entry.message.kind for entry in town.ops.notices.waiting()]
    town.clock.at = due + timedelta(minutes=5)
    town.channel.fail_next = 0
    assert 1 == town.ops.notices.deliver_due().withdrawn
    assert "due_soon" not in town.kinds


def test_what_nobody_handed_over_yesterday_is_foreseen_for_today(town) -> None:
    """A loan of yesterday afternoon: its message goes with today's run, and an item that came back is left out."""
    town.lend(ADA, BOOK)
    town.clock.forward(days=1)
    assert ["check_out"] == [message.kind for message in town.ops.notices.on(town.clock().date())]
    assert [] == town.ops.notices.on(town.clock().date() - timedelta(days=1))
    assert 1 == town.ops.run_due().delivery.sent


def test_a_patron_who_wants_no_notices_gets_none(town) -> None:
    """Channels `none`."""
    town.ops.patrons.change(ADA, channels=("none",))
    town.lend(ADA, BOOK)
    town.nights(60)
    assert ([], []) == (town.kinds, town.ops.notices.failed())


def test_a_notice_that_reaches_nobody_is_seen_and_can_be_sent_when_there_is_an_address(town) -> None:
    """The desk finds it among the failed messages."""
    town.ops.patrons.change(ADA, email="")
    town.lend(ADA, BOOK)
    town.nights(30)
    failed = {entry.message.kind: entry for entry in town.ops.notices.failed()}
    assert {"check_out", "due_soon", "overdue"} == set(failed)
    assert "no channel reaches" in failed["overdue"].error
    town.ops.patrons.change(ADA, email="ada.flores@example.org")
    town.ops.notices.retry(failed["overdue"].key)
    assert 1 == town.ops.notices.deliver_due().sent
    town.ops.notices.drop(failed["due_soon"].key)
    assert ["ada.flores@example.org"] == [message.to for message in town.channel.sent]


def test_reminders_cost_their_fee_once_and_their_letter_says_so() -> None:
    """Two reminders, a week and two weeks late; a renewed loan starts anew."""
    schedule = [{"after": "7 days", "fee": "1.00 EUR"}, {"after": "7 days", "fee": "2.50 EUR", "notice": "lost"}]
    plain = settings(reminder_policies={"letters": schedule}, fine_policies={})
    plain["fallback"] |= {"reminders": "letters"}
    del plain["fallback"]["fine"]
    town = Town(**{key: plain[key] for key in ("reminder_policies", "fine_policies", "fallback")})
    town.lend(ADA, BOOK, OTHER)
    town.nights(60)
    town.ops.run_due()
    assert "7.00 EUR" == str(town.ops.fees.balance(ADA))
    letters = [message for message in town.channel.sent if message.kind in ("reminder", "lost")]
    assert ["reminder", "lost"] == [message.kind for message in letters]
    assert "2.00 EUR" in letters[0].body
    assert stored(town.ops.storage) == rebuilt(log_of(town.ops.storage))


def test_what_a_day_would_bring_is_what_it_brings(town) -> None:
    """The dry run writes nothing, and says the same words."""
    due = town.lend(ADA, BOOK, OTHER)
    town.nights(2)
    day = due.date() + timedelta(days=1)
    foreseen = town.ops.notices.on(day)
    assert ["overdue"] == [message.kind for message in foreseen]
    assert [] == town.ops.notices.waiting()
    assert [] == town.ops.notices.on(day + timedelta(days=1))
    while town.clock().date() < day:
        town.nights(1)
    assert foreseen[0].body == town.channel.sent[-1].body


def test_a_run_for_an_earlier_time_takes_nothing_back(town) -> None:
    """A machine whose clock is slow does not lower a fine."""
    town.lend(ADA, BOOK)
    town.nights(40)
    balance, at = town.ops.fees.balance(ADA), town.clock()
    town.ops.run_due(at - timedelta(days=3))
    assert balance == town.ops.fees.balance(ADA)


def test_progress_and_report(town) -> None:
    """Each step says how far it is, and what it did."""
    told = []
    town.lend(ADA, BOOK)
    town.clock.forward(days=30)
    report = town.ops.run_due(progress=lambda name, count: told.append((name, count)))
    daily = ["renewals", "fines", "losses", "bills", "holds"]
    back_rooms = ["maintenance", "escalations", "displays", "rotations"]
    last = ["notices", "privacy", "hold-privacy", "booking-privacy", "expected issues", "late issues"]
    assert [*daily, *back_rooms, *last] == [name for name, _ in told]
    walked = [(s.name, s.looked_at, s.acts) for s in report.steps if s.name in ("fines", "notices")]
    assert [("fines", 1, 1), ("notices", 1, 1)] == walked
    assert "fines:               1 of 1" in str(report)


def test_pages_hold_their_place(town) -> None:
    """One record a page gives the same as all at once."""
    from libops.desk.sweeps import run_due

    for label in (BOOK, OTHER, THIRD):
        town.lend(ADA, label)
    town.clock.forward(days=40)
    run_due(town.ops, town.clock(), page=1)
    loans = list(every(town.ops.storage, kind_of(Loan)))
    assert (3, 3) == (len(loans), len(town.ops.fees.open_charges(ADA)))


def test_losses_and_the_hold_shelf_are_told() -> None:
    """The patron hears of each when it happens."""
    town = Town(policy={"notices": [{"template": "lost", "trigger": "lost", "digest": "none"}]})
    town.lend(ADA, BOOK)
    assert town.ops.losses.declare_lost(BOOK)
    assert ["lost"] == town.kinds
    ready = Town(policy={"notices": [{"template": "hold_ready", "trigger": "hold-ready", "digest": "none"}]})
    ada, item, at, place = ready.ops.patrons.get(ADA), ready.ops.items.get(BOOK), ready.clock(), ready.ops.library
    bib = item.bib_id
    hold = Hold(HoldId("hold-1"), ada.id, bib, HoldLevel.TITLE, (bib,), (bib,), place, at, at, "adult", place)
    shelf = ReadyHold(item.id, hold.id, ada.id, bib, place, at, at + timedelta(days=7))
    reads = Reads(ready.ops.storage)
    reads.seen[(kind_of(Hold), hold.id)] = Versioned(hold, 1)
    found = ready.ops.planner.upon([HoldReady(at, "desk", hold.id, item.id, shelf)], reads)
    assert ["hold_ready"] == [entry.message.kind for entry in found if isinstance(entry, OutboxEntry)]


def test_a_loan_keeps_the_reminders_it_was_lent_with(tmp_path) -> None:
    """Reminders with fees are brought in: they are for what is lent from then on."""
    schedule = {"letters": [{"after": "7 days", "fee": "1.00 EUR"}]}
    before = Town(f"sqlite:///{tmp_path / 'town.db'}")
    before.lend(ADA, BOOK)
    before.ops.close()
    later = settings(reminder_policies=schedule)
    later["fallback"]["reminders"] = "letters"
    clock = FrozenClock(before.clock())
    with libops.open(f"sqlite:///{tmp_path / 'town.db'}", settings=later, clock=clock) as ops:
        assert ops.circulation.check_out(patron=BEN, item=OTHER)
        report = ops.run_due(clock() + timedelta(days=45), only=["reminders"])
        assert [1] == [step.acts for step in report.steps]
        assert ["0.00 EUR", "1.00 EUR"] == [str(ops.fees.balance(card)) for card in (ADA, BEN)]
