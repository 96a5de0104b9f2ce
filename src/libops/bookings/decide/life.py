"""The life of a booking: approved, changed, started, ended, cancelled, missed; and who waited for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from libops.base.answers import Asked, answer
from libops.base.decisions import Decision, Override, Verdict, Weight
from libops.base.events import Event
from libops.base.ids import BookingId
from libops.base.money import Money
from libops.bookings.decide.checks import (
    SPAN_FREE,
    booking_of,
    certified,
    checks,
    in_service,
    needs_approval,
    overlap,
    span_of,
)
from libops.bookings.decide.facts import BookingFacts, BookingPlan, BookingRequest, LifeFacts
from libops.bookings.events import (
    BookingApproved,
    BookingCancelled,
    BookingChanged,
    BookingEnded,
    BookingMade,
    BookingMissed,
    BookingRejected,
    BookingStarted,
    WaitingJoined,
    WaitingLeft,
    WaitingOffered,
)
from libops.bookings.model import (
    BOOKING_LEGAL,
    BookedSlot,
    Booking,
    BookingAct,
    BookingState,
    ChargeCause,
    PlannedCharge,
    Resource,
    WaitingEntry,
    first_waiting,
    slots_between,
)
from libops.bookings.policy import BookingPolicy, BookingTerms, WaitingList, blocked_span, late_fee, rent, terms_for
from libops.bookings.reasons import (
    BOOKING_ACT_NOT_LEGAL,
    BOOKING_CANCELLED_LATE,
    BOOKING_ENDED_LATE,
    BOOKING_NEEDS_APPROVAL,
    BOOKING_NOT_MISSED,
    BOOKING_TOO_EARLY,
    WAITING_FREE,
    WAITING_FULL,
    WAITING_NOT_OFFERED,
)

__all__ = [
    "approve_booking",
    "cancel_booking",
    "change_booking",
    "end_booking",
    "join_waiting_list",
    "leave_waiting_list",
    "mark_no_show",
    "offer_next",
    "reject_booking",
    "start_booking",
]

Answer = Decision[BookingPlan]
Next = Callable[[], BookingId]


def approve_booking(booking: Booking, *, at: datetime, by: str) -> Answer:
    """Say yes to a booking that was requested."""
    return _act(booking, BookingAct.APPROVE, BookingApproved(at, by, booking.id))


def reject_booking(
    facts: LifeFacts, *, why: str, at: datetime, by: str, policy: BookingPolicy, next_id: Next
) -> Answer:
    """Say no to a booking that was requested; its slots are free for those who wait."""
    event = BookingRejected(at, by, facts.booking.id, why)
    return _act(facts.booking, BookingAct.REJECT, event, then=_next(facts, at, by, policy, next_id, at))


def change_booking(
    facts: BookingFacts,
    booking: Booking,
    *,
    start: datetime,
    end: datetime,
    at: datetime,
    by: str,
    policy: BookingPolicy,
    override: Override | None = None,
) -> Answer:
    """Move a booking, or make it longer or shorter; asked the same questions as a new one.

    One that has started keeps its start and may only get another end. A confirmed booking that would now need approval
    needs the right to approve.
    """
    terms, _ = terms_for(policy, facts.resource)
    running = booking.state is BookingState.STARTED
    begin = booking.start if running else start
    request = BookingRequest(patron_id=booking.patron_id, start=begin, end=end, purpose=booking.purpose)
    new_start, new_end = span_of(request, terms, booking.slot_minutes)
    since, until = blocked_span(terms, new_start, new_end, booking.slot_minutes)

    def plan(verdict: Verdict) -> BookingPlan:
        codes = tuple(reason.code for reason in verdict.overridden)
        why = override.why if override and codes else ""
        return BookingPlan((BookingChanged(at, by, booking.id, new_start, new_end, since, until, codes, why),))

    asked = (
        _legal(booking, BookingAct.CHANGE),
        *checks(facts, request, terms, at, own=booking.id, running=running),
        _approval(booking, terms, new_start, new_end),
    )
    return answer(asked, plan, override=override)


def start_booking(
    facts: LifeFacts, *, at: datetime, by: str, policy: BookingPolicy, override: Override | None = None
) -> Answer:
    """The patron is there: the room is opened, the equipment handed over; a deposit is taken.

    From the lead time on, not earlier; not while a ticket holds the resource; not after a certification ended.
    """
    booking = facts.booking
    terms, _ = terms_for(policy, facts.resource)
    early = at < booking.blocked_from
    asked = (
        _legal(booking, BookingAct.START),
        *in_service(facts.resource.bookable, facts.resource.id, facts.held_by),
        ("time has come", BOOKING_TOO_EARLY(start=booking.start, now=at) if early else None),
        *certified(terms.certifications, facts.certifications, at),
    )
    charges = _charges(booking, (ChargeCause.DEPOSIT, terms.deposit))
    event = BookingStarted(at, by, booking.id)
    return answer(asked, lambda _: BookingPlan((event,), charges), override=override)


def end_booking(facts: LifeFacts, *, at: datetime, by: str, policy: BookingPolicy, next_id: Next) -> Answer:
    """The room is empty, the equipment back: the deposit is given back, rent and lateness are charged.

    Ended early, the rest of its slots, but for the trail, is free from now on.
    """
    booking = facts.booking
    terms, _ = terms_for(policy, facts.resource)
    fee = late_fee(terms, booking, at)
    _, trailing = blocked_span(terms, booking.start, max(at, booking.start), booking.slot_minutes)
    until = min(booking.blocked_until, trailing)
    late = BOOKING_ENDED_LATE(end=booking.end, ended_at=at) if at > booking.end else None
    charges = _charges(
        booking,
        (ChargeCause.RENT, rent(terms, booking.minutes)),
        (ChargeCause.LATE_END, fee),
        (ChargeCause.DEPOSIT_BACK, None if terms.deposit is None else -terms.deposit),
    )
    event = BookingEnded(at, by, booking.id, until)
    then = _next(facts, at, by, policy, next_id, until)
    return _act(booking, BookingAct.END, event, ("ended in time", late), then=then, charges=charges)


def cancel_booking(
    facts: LifeFacts, *, at: datetime, by: str, policy: BookingPolicy, next_id: Next, why: str = ""
) -> Answer:
    """Give a booking up; with less notice than the terms ask for it may cost. Its slots go to those who wait."""
    booking = facts.booking
    terms, _ = terms_for(policy, facts.resource)
    notice = terms.cancel_notice
    late = notice is not None and at > booking.start - timedelta(minutes=notice)
    said = BOOKING_CANCELLED_LATE(start=booking.start, cancel_notice=notice) if late else None
    charges = _charges(booking, (ChargeCause.LATE_CANCELLATION, terms.cancel_fee)) if late else ()
    event = BookingCancelled(at, by, booking.id, why, late)
    then = _next(facts, at, by, policy, next_id, at)
    return _act(booking, BookingAct.CANCEL, event, ("in time", said), then=then, charges=charges)


def mark_no_show(facts: LifeFacts, *, at: datetime, by: str, policy: BookingPolicy, next_id: Next) -> Answer:
    """Nobody came: the slots are free and the terms may charge for it. Refused while the patron may still come."""
    booking = facts.booking
    terms, _ = terms_for(policy, facts.resource)
    wait = terms.no_show_after
    early = wait is None or at < booking.start + timedelta(minutes=wait)
    said = BOOKING_NOT_MISSED(start=booking.start, no_show_after=wait, now=at) if early else None
    charges = _charges(booking, (ChargeCause.NO_SHOW, terms.no_show_fee))
    event = BookingMissed(at, by, booking.id)
    then = _next(facts, at, by, policy, next_id, at)
    return _act(booking, BookingAct.MARK_NO_SHOW, event, ("time is up", said), then=then, charges=charges)


def join_waiting_list(
    facts: BookingFacts,
    entry: WaitingEntry,
    waiting: tuple[WaitingEntry, ...],
    *,
    by: str,
    policy: BookingPolicy,
    override: Override | None = None,
) -> Answer:
    """Wait for a span that is taken: asked all that a booking is asked, but for its being free.

    Refused when it is free after all, and when the list of the resource is full.
    """
    terms, _ = terms_for(policy, facts.resource)
    request = BookingRequest(patron_id=entry.patron_id, start=entry.start, end=entry.end)
    others = [question for question in checks(facts, request, terms, entry.since) if question[0] != SPAN_FREE]
    free = overlap(facts, terms, entry.start, entry.end, None) is None
    full = terms.waiting_limit is not None and len(waiting) >= terms.waiting_limit
    asked = (
        *others,
        ("span taken", WAITING_FREE(start=entry.start, end=entry.end) if free else None),
        ("room on the list", WAITING_FULL(waiting=len(waiting), limit=terms.waiting_limit) if full else None),
    )
    return answer(asked, lambda _: BookingPlan((WaitingJoined(entry.since, by, entry),)), override=override)


def leave_waiting_list(entry: WaitingEntry, *, at: datetime, by: str) -> Answer:
    """Wait no more."""
    return answer((), lambda _: BookingPlan((WaitingLeft(at, by, entry.id),)))


def offer_next(
    resource: Resource,
    waiting: tuple[WaitingEntry, ...],
    taken: tuple[BookedSlot, ...],
    *,
    at: datetime,
    by: str,
    policy: BookingPolicy,
    next_id: Next,
) -> Answer:
    """Let the waiting list have what is free now, after an offer ran out or slots came free some other way.

    Tells the first who fits, or books for them, as the terms say; refused when nobody fits.
    """
    events = _offered(resource, waiting, taken, at, by, policy, next_id)
    asked = (("somebody fits", None if events else WAITING_NOT_OFFERED(resource=resource.id, waiting=len(waiting))),)
    return answer(asked, lambda _: BookingPlan(events))


def _act(
    booking: Booking,
    act: BookingAct,
    event: Event,
    *asked: Asked,
    then: tuple[Event, ...] = (),
    charges: tuple[PlannedCharge, ...] = (),
) -> Answer:
    return answer((_legal(booking, act), *asked), lambda _: BookingPlan((event, *then), charges))


def _legal(booking: Booking, act: BookingAct) -> Asked:
    legal = BOOKING_LEGAL[booking.state]
    would = tuple(possible.value for possible in legal)
    refused = BOOKING_ACT_NOT_LEGAL(act=act.value, state=booking.state.value, legal=would)
    return ("act legal", None if act in legal else refused)


def _approval(booking: Booking, terms: BookingTerms, start: datetime, end: datetime) -> Asked:
    grows = start < booking.start or end > booking.end
    asks = grows and booking.state is not BookingState.REQUESTED and needs_approval(terms, start, end)
    return ("no new approval needed", BOOKING_NEEDS_APPROVAL.weighing(Weight.OVERRIDABLE) if asks else None)


def _charges(booking: Booking, *planned: tuple[ChargeCause, Money | None]) -> tuple[PlannedCharge, ...]:
    return tuple(
        PlannedCharge(cause, amount, booking.patron_id, booking.id)
        for cause, amount in planned
        if amount is not None and amount.amount != 0
    )


def _next(
    facts: LifeFacts, at: datetime, by: str, policy: BookingPolicy, next_id: Next, freed_from: datetime
) -> tuple[Event, ...]:
    """What the waiting list makes of the slots that this booking frees."""
    own = facts.booking.id
    taken = (slot for slot in facts.taken if slot.booking_id != own or slot.start < freed_from)
    # Where the booking is made at once, whoever may have no more of them is passed over.
    waiting = tuple(entry for entry in facts.waiting if entry.patron_id not in facts.at_limit)
    return _offered(facts.resource, waiting, taken, at, by, policy, next_id)


def _offered(
    resource: Resource,
    waiting: tuple[WaitingEntry, ...],
    taken: Iterable[BookedSlot],
    at: datetime,
    by: str,
    policy: BookingPolicy,
    next_id: Next,
) -> tuple[Event, ...]:
    terms, _ = terms_for(policy, resource)
    minutes, used = resource.slot_minutes, frozenset(slot.start for slot in taken)

    def is_free(entry: WaitingEntry) -> bool:
        return used.isdisjoint(slots_between(*blocked_span(terms, entry.start, entry.end, minutes), minutes))

    first = first_waiting(waiting, is_free, now=at)
    if first is None:
        return ()
    if terms.waiting is WaitingList.OFFER:
        return (WaitingOffered(at, by, first.id),)
    request = BookingRequest(patron_id=first.patron_id, start=first.start, end=first.end)
    booking = booking_of(resource, request, terms, booking_id=next_id(), at=at)
    return (BookingMade(at, by, booking), WaitingLeft(at, by, first.id))
