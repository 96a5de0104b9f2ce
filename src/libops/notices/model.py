"""Messages to patrons, what they tell of, and the outbox in which they wait for their channel."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from attrs import frozen

from libops.base.ids import ItemId, LibraryCode, PatronId
from libops.base.money import Money

__all__ = ["Message", "NoticeTrack", "Occasion", "OutboxEntry", "OutboxState", "Trigger"]


@frozen
class Message:
    """What goes out to one patron through one channel.

    `key` is the same for every attempt at the same message, so that a channel can refuse to send it twice; `kind`
    names the template (`overdue`, `hold_ready`), `channel` the kind of channel (`email`, `sms`, `letter`), and `to`
    the address in that channel's own form. With `html` the body is a piece of HTML, which a channel that carries text
    alone hands on as it is.
    """

    key: str
    patron_id: PatronId
    kind: str
    channel: str
    to: str
    subject: str
    body: str
    language: str
    made_at: datetime
    html: bool = False


class Trigger(Enum):
    """What a notice is about, and what its time is counted from."""

    CHECK_OUT = "check-out"
    CHECK_IN = "check-in"
    RENEWAL = "renewal"
    DUE = "due"
    """The moment a loan is due: before it a courtesy notice, after it an overdue notice."""
    REMINDER = "reminder"
    """A reminder that costs a fee; its times are those of the reminder schedule."""
    RECALL = "recall"
    LOST = "lost"
    LOST_BILLED = "lost-billed"
    """What is lost was charged, some time after it was counted as lost."""
    HOLD_READY = "hold-ready"
    DUE_MOVED = "due-moved"
    """Staff, or a closing, gave the loan another due date."""
    SHELF_MOVED = "shelf-moved"
    """A closing lets the item wait longer on the hold shelf."""
    HOLD_CANCELLED = "hold-cancelled"
    HOLD_EXPIRED = "hold-expired"
    """A hold that was never filled is over."""
    HOLD_NOT_COLLECTED = "hold-not-collected"
    """What waited on the hold shelf was not collected in time."""
    BOOKING = "booking"
    """The moment a confirmed booking begins: before it a reminder."""
    BOOKING_REQUESTED = "booking-requested"
    """A booking was asked for and waits for approval."""
    BOOKING_CONFIRMED = "booking-confirmed"
    BOOKING_APPROVED = "booking-approved"
    BOOKING_REJECTED = "booking-rejected"
    BOOKING_CHANGED = "booking-changed"
    """A booking has another time."""
    BOOKING_CANCELLED = "booking-cancelled"
    BOOKING_OFFERED = "booking-offered"
    """A span came free for somebody who waits; who books first has it."""
    BOOKING_PROMOTED = "booking-promoted"
    """A span came free and was booked for the first who waited."""
    TICKET_RESOLVED = "ticket-resolved"
    """A fault that a patron reported is fixed."""
    MEMBERSHIP = "membership"
    """The end of a patron's registration: before it a reminder."""
    CERTIFICATION = "certification"
    """The end of a certification: before it a reminder."""


@frozen
class Occasion:
    """One thing that a message tells of: one loan at one moment, once and for all.

    `key` names it for good (`overdue:LOAN:0:1`), so that a second run finds it done. `subject` is the loan, hold,
    booking, ticket or whatever it is about, `stands_while` the due date or start that must still hold when the message
    goes out (None: nothing to ask again). From `until` on it tells nothing true any more: of what is due soon once it
    is due. `start` and `end` are those of a booking; `note` is what somebody wrote: why a hold was cancelled, what was
    reported.
    """

    key: str
    trigger: Trigger
    subject: str
    item_id: ItemId | None = None
    title: str = ""
    barcode: str = ""
    call_number: str = ""
    due: datetime | None = None
    stands_while: datetime | None = None
    fee: Money | None = None
    start: datetime | None = None
    end: datetime | None = None
    note: str = ""
    until: datetime | None = None


@frozen(weakref_slot=False)
class NoticeTrack:
    """Which occasions of a loan, a hold or another subject have been told already."""

    subject: str
    told: tuple[str, ...] = ()


class OutboxState(Enum):
    """Where a message stands."""

    WAITING = "waiting"
    FAILED = "failed"
    """Given up after the last attempt; visible until somebody deals with it."""


@frozen
class OutboxEntry:
    """A message that was committed together with what it tells, and has not been handed over yet.

    An entry with `occasions` is put into words when it is handed over, from those that still stand. While it is in a
    `group` more occasions for the same patron may join it; it leaves the group when a channel takes it up. `policy`
    names the notice policy that is asked again when it goes out; empty for what nobody's quiet hours put off.
    """

    key: str
    message: Message
    state: OutboxState
    next_try: datetime
    attempts: int = 0
    error: str = ""
    patron_id: PatronId | None = None
    library: LibraryCode | None = None
    group: str | None = None
    occasions: tuple[Occasion, ...] = ()
    policy: str = ""
