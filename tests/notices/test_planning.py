"""What a patron is told of, through which channel, and in which message."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from attrs import evolve

from libops.base.calendars import Calendar
from libops.base.ids import ItemId, LibraryCode, PatronId
from libops.base.periods import Period
from libops.notices import (
    Digest,
    Notice,
    NoticePolicy,
    NoticeTrack,
    Occasion,
    OutboxState,
    Telling,
    Timing,
    Trigger,
    channel_for,
    due_notices,
    enter,
    notices_upon,
    told,
)
from libops.patrons.model import Patron

OPEN = Calendar.always_open("UTC")
DUE = datetime(2026, 3, 2, 23, 59, tzinfo=UTC)
ADA = Patron(
    PatronId("ada"), "Ada Flores", "adult", LibraryCode("MAIN"), email="ada@example.org", phone="+49 30 901820"
)
OVERDUE = Notice(template="overdue", trigger=Trigger.DUE, timing=Timing.AFTER, period=Period.parse("1 day"))
SOON = Notice(template="due_soon", trigger=Trigger.DUE, timing=Timing.BEFORE, period=Period.parse("3 days"))
RECEIPT = Notice(template="check_out", trigger=Trigger.CHECK_OUT, digest=Digest.SESSION)
POLICY = NoticePolicy(notices=(SOON, OVERDUE, RECEIPT))


def loan(number: int, patron: Patron = ADA) -> Telling:
    occasion = Occasion("", Trigger.DUE, f"loan-{number}", ItemId(f"item-{number}"), due=DUE, stands_while=DUE)
    return Telling(occasion, patron, LibraryCode("MAIN"), DUE, f"{DUE:%Y%m%d}")


def test_only_what_falls_into_the_time_since_the_last_run_is_planned() -> None:
    """The overdue notice of a loan that has long been late is not planned by every run."""
    at = DUE + timedelta(days=1)
    keys = [each.occasion.key for each in due_notices(POLICY, loan(1), OPEN, since=at - timedelta(days=2), at=at)]
    assert ["overdue:loan-1:20260302:1"] == keys
    assert () == due_notices(POLICY, loan(1), OPEN, since=at + timedelta(days=1), at=at + timedelta(days=2))


def test_no_courtesy_notice_once_the_loan_is_late() -> None:
    """Nobody is told in advance of what is past."""
    assert ["due_soon"] == [
        each.notice.template for each in due_notices(POLICY, loan(1), OPEN, at=DUE - timedelta(days=1))
    ]
    assert ["overdue"] == [each.notice.template for each in due_notices(POLICY, loan(1), OPEN, at=DUE + timedelta(1))]


def test_no_courtesy_notice_where_quiet_hours_end_after_the_due_time() -> None:
    """Due at 23:59, told three hours before, and nobody is disturbed after nine: it would go out the next morning."""
    soon = evolve(SOON, period=Period.parse("3 hours"))
    at = DUE - timedelta(hours=2)
    for quiet, planned in ((time(23), ["due_soon"]), (time(21), [])):
        policy = NoticePolicy(notices=(soon,), quiet_from=quiet, quiet_until=time(8))
        assert planned == [each.notice.template for each in due_notices(policy, loan(1), OPEN, at=at)]


def test_what_was_told_is_not_told_again() -> None:
    """The track knows the key of each occasion; a loan with another due date is late anew."""
    planned = due_notices(POLICY, loan(1), OPEN, at=DUE + timedelta(days=1))
    track = NoticeTrack("loan-1", tuple(each.occasion.key for each in planned))
    assert () == told(track, planned)
    later = due_notices(POLICY, evolve(loan(1), round="20260401"), OPEN, at=DUE + timedelta(days=1))
    assert later == told(track, later)


def test_several_loans_go_into_one_message() -> None:
    """One message for a patron and day; a message that a channel has taken up is joined no more."""
    at = DUE + timedelta(days=1)
    (first,), (second,) = (due_notices(POLICY, loan(number), OPEN, at=at) for number in (1, 2))
    entry = enter(first, loan(1), OPEN, at=at)
    assert entry is not None
    both = enter(second, loan(2), OPEN, at=at, waiting=(entry,))
    assert both is not None
    assert (entry.key, ["loan-1", "loan-2"]) == (both.key, [occasion.subject for occasion in both.occasions])
    alone = enter(second, loan(2), OPEN, at=at, waiting=(evolve(entry, group=None),))
    assert alone is not None
    assert (second.occasion.key, 1) == (alone.key, len(alone.occasions))


def test_a_session_is_told_when_it_has_paused() -> None:
    """Each further loan puts the message off; another patron's loan is another message."""
    at = datetime(2026, 3, 3, 10, tzinfo=UTC)
    later = at + timedelta(minutes=5)
    (first,) = notices_upon(POLICY, Trigger.CHECK_OUT, loan(1), OPEN, at=at)
    (second,) = notices_upon(POLICY, Trigger.CHECK_OUT, loan(2), OPEN, at=later)
    entry = enter(first, loan(1), OPEN, at=at)
    assert entry is not None
    both = enter(second, loan(2), OPEN, at=later, waiting=(entry,))
    assert both is not None
    assert (at + timedelta(minutes=15), later + timedelta(minutes=15)) == (entry.next_try, both.next_try)
    ben = evolve(ADA, id=PatronId("ben"))
    other = enter(second, loan(2, ben), OPEN, at=later, waiting=(entry,))
    assert other is not None
    assert 1 == len(other.occasions)


def test_without_a_digest_each_loan_has_its_message() -> None:
    """Libraries that print letters for window envelopes want it so."""
    single = NoticePolicy(notices=(evolve(OVERDUE, digest=Digest.NONE),))
    at = DUE + timedelta(days=1)
    (first,), (second,) = (due_notices(single, loan(number), OPEN, at=at) for number in (1, 2))
    entry = enter(first, loan(1), OPEN, at=at)
    assert entry is not None
    assert entry.key != enter(second, loan(2), OPEN, at=at, waiting=(entry,)).key  # type: ignore[union-attr]


def test_the_patron_chooses_the_channel() -> None:
    """First the patron's own wishes, then the notice's channels; a channel without an address is passed over."""
    post = evolve(OVERDUE, channels=("letter", "email"))
    street = evolve(ADA, address="Hill Street 4")
    chosen = [
        channel_for(ADA, OVERDUE),
        channel_for(evolve(ADA, channels=("sms",)), OVERDUE),
        channel_for(ADA, post),
        channel_for(street, post),
        channel_for(evolve(street, bad_address=True), post),
        channel_for(evolve(ADA, email="", phone=""), OVERDUE),
    ]
    assert ["email", "sms", "email", "letter", "email", ""] == chosen


def test_a_patron_may_want_no_notices_but_required_ones_come() -> None:
    """The bill for a lost item goes to everybody."""
    silent = evolve(ADA, channels=("none",))
    assert (None, "email") == (channel_for(silent, OVERDUE), channel_for(silent, evolve(OVERDUE, required=True)))
    (planned,) = due_notices(POLICY, loan(1, silent), OPEN, at=DUE + timedelta(days=1))
    assert enter(planned, loan(1, silent), OPEN, at=DUE) is None


def test_a_notice_that_can_reach_nobody_is_seen() -> None:
    """It stands among the failed messages, and says why."""
    nowhere = evolve(ADA, email="", phone="")
    (planned,) = due_notices(POLICY, loan(1, nowhere), OPEN, at=DUE + timedelta(days=1))
    entry = enter(planned, loan(1, nowhere), OPEN, at=DUE)
    assert entry is not None
    assert (OutboxState.FAILED, True) == (entry.state, "no channel" in entry.error)
