"""New bookings, one or a series, and what is free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from attrs import evolve

from libops.base.answers import answer
from libops.base.calendars import Calendar
from libops.base.decisions import Decision, Override, Permit, Reason, Refuse, Trace, Verdict
from libops.base.errors import InvalidValue
from libops.base.ids import BookingId
from libops.bookings.decide.checks import booking_of, checks
from libops.bookings.decide.facts import BookingFacts, BookingPlan, BookingRequest
from libops.bookings.events import BookingMade
from libops.bookings.model import BookedSlot, Recurrence, occurrences, slots_between
from libops.bookings.policy import BookingPolicy, SeriesConflict, terms_for
from libops.bookings.reasons import BOOKING_SKIPPED, SERIES_EMPTY

__all__ = ["free_spans", "make_booking", "make_series"]


def make_booking(
    facts: BookingFacts,
    request: BookingRequest,
    *,
    booking_id: BookingId,
    at: datetime,
    by: str,
    policy: BookingPolicy,
    series: str | None = None,
    override: Override | None = None,
    explain: bool = False,
) -> Decision[BookingPlan]:
    """Book a resource, or refuse with every reason.

    A booking that needs approval is kept as a request, with an alert; its slots are taken all the same. The store's
    slot keys have the last word: where another desk was faster, writing the plan is a `Conflict`, and asking again
    gives the refusal. Raises `InvalidValue` when the end does not come after the start.
    """
    terms, considered = terms_for(policy, facts.resource)

    def plan(verdict: Verdict) -> BookingPlan:
        booking = booking_of(facts.resource, request, terms, booking_id=booking_id, at=at, series=series)
        codes = tuple(reason.code for reason in verdict.overridden)
        return BookingPlan((BookingMade(at, by, booking, codes, override.why if override and codes else ""),))

    decision = answer(checks(facts, request, terms, at), plan, override=override, explain=explain)
    if explain and decision.trace is not None:
        return evolve(decision, trace=Trace(decision.trace.checks, rules=considered))
    return decision


def make_series(
    facts: BookingFacts,
    request: BookingRequest,
    recurrence: Recurrence,
    *,
    series: str,
    ids: Sequence[BookingId],
    at: datetime,
    by: str,
    policy: BookingPolicy,
    override: Override | None = None,
) -> Decision[BookingPlan]:
    """Book a resource again and again; the wall-clock time of the library's calendar stays the same.

    `facts.taken` covers the whole series, `ids` has at least one identifier per occurrence. A day that cannot be
    booked refuses the series or is left out, as the terms say. The patron's limit counts the days before it.
    """
    terms, _ = terms_for(policy, facts.resource)
    spans = occurrences(request.start, request.end, recurrence, facts.calendar.zone_info)
    if len(ids) < len(spans):
        raise InvalidValue(f"{len(ids)} identifiers for a series of {len(spans)} bookings: give one for each")
    events: list[BookingMade] = []
    reasons: list[Reason] = []
    alerts: list[Reason] = []
    for booking_id, (start, end) in zip(ids, spans, strict=False):
        so_far = tuple(event.booking for event in events)
        slots = tuple(slot for booking in so_far for slot in booking.slots())
        known = evolve(facts, open_bookings=facts.open_bookings + so_far, taken=facts.taken + slots)
        decision = make_booking(
            known,
            evolve(request, start=start, end=end),
            booking_id=booking_id,
            at=at,
            by=by,
            policy=policy,
            series=series,
            override=override,
        )
        alerts += [alert for alert in decision.alerts if alert not in alerts]
        match decision:
            case Permit(plan):
                events += [event for event in plan.events if isinstance(event, BookingMade)]
            case Refuse(why) if terms.series_conflict is SeriesConflict.SKIP:
                alerts.append(BOOKING_SKIPPED(start=start, codes=tuple(reason.code for reason in why)))
            case Refuse(why):
                reasons += [evolve(reason, data={**reason.data, "occurrence": start}) for reason in why]
    if not events and not reasons:
        reasons.append(SERIES_EMPTY(start=request.start))
    return Refuse(tuple(reasons), tuple(alerts)) if reasons else Permit(BookingPlan(tuple(events)), tuple(alerts))


def free_spans(
    taken: Iterable[BookedSlot], calendar: Calendar, start: datetime, end: datetime, *, slot_minutes: int
) -> Iterator[tuple[datetime, datetime]]:
    """The stretches between two moments in which the library is open and no slot is taken, in whole slots, in order."""
    used = frozenset(slot.start for slot in taken)
    step = timedelta(minutes=slot_minutes)
    since: datetime | None = None
    for slot in slots_between(start, end, slot_minutes):
        free = slot >= start and slot + step <= end and slot not in used and _is_open_all(calendar, slot, slot + step)
        if free and since is None:
            since = slot
        elif not free and since is not None:
            yield since, slot
            since = None
        if free and slot + 2 * step > end and since is not None:
            yield since, slot + step
            since = None


def _is_open_all(calendar: Calendar, start: datetime, end: datetime) -> bool:
    return sum((span.closes - span.opens for span in calendar.open_spans(start, end)), timedelta()) == end - start
