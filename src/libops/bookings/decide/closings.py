"""Bookings that fall into a closing which the library announces."""

from __future__ import annotations

from datetime import datetime

from libops.base.answers import answer
from libops.base.decisions import Decision, Permit
from libops.bookings.decide.facts import BookingPlan
from libops.bookings.events import BookingCancelled, BookingFlagged
from libops.bookings.model import BOOKING_LEGAL, Booking, BookingAct, BookingState
from libops.bookings.policy import BookingTerms, InClosing, OutsideHours
from libops.bookings.reasons import BOOKING_ACT_NOT_LEGAL

__all__ = ["act_in_closing", "close_booking", "falls_into", "flag_booking"]


def falls_into(booking: Booking, terms: BookingTerms, closes: datetime, opens: datetime) -> bool:
    """Whether the library closing from one instant to another stands in the way of an open booking.

    Where bookings do not mind opening hours none does; what is taken home over closed days only minds its start and
    end.
    """
    if not booking.state.is_open or terms.outside_hours is OutsideHours.ALLOW:
        return False
    if terms.outside_hours is OutsideHours.SPAN_CLOSED:
        begins = booking.state is not BookingState.STARTED and closes <= booking.start < opens
        return begins or closes < booking.end <= opens
    return booking.start < opens and closes < booking.end


def act_in_closing(booking: Booking, option: InClosing) -> InClosing:
    """What becomes of the booking: one that has begun is marked where others are cancelled."""
    cancels = option is InClosing.CANCEL and BookingAct.CANCEL not in BOOKING_LEGAL[booking.state]
    return InClosing.FLAG if cancels else option


def close_booking(booking: Booking, act: InClosing, *, why: str, at: datetime, by: str) -> Decision[BookingPlan]:
    """Do what `act_in_closing` said: mark the booking for staff, or give it up.

    To give it up costs nothing, and nobody who waits is offered the closed time.
    """
    if act is not InClosing.CANCEL:
        return flag_booking(booking, flag=why, at=at, by=by)
    legal = BOOKING_LEGAL[booking.state]
    refused = BOOKING_ACT_NOT_LEGAL(
        act=BookingAct.CANCEL.value, state=booking.state.value, legal=tuple(act.value for act in legal)
    )
    asked = ("act legal", None if BookingAct.CANCEL in legal else refused)
    return answer((asked,), lambda _: BookingPlan((BookingCancelled(at, by, booking.id, why),)))


def flag_booking(booking: Booking, *, flag: str, at: datetime, by: str) -> Decision[BookingPlan]:
    """Mark the booking for staff, or with an empty text take the mark off."""
    return Permit(BookingPlan((BookingFlagged(at, by, booking.id, flag),)))
