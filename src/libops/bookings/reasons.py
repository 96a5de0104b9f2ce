"""Why the bookings room says no, or what it points out."""

from __future__ import annotations

from libops.base.decisions import ReasonCode, Weight

__all__ = [
    "BOOKING_ACT_NOT_LEGAL",
    "BOOKING_CANCELLED_LATE",
    "BOOKING_ENDED_LATE",
    "BOOKING_HOURS",
    "BOOKING_LIMIT",
    "BOOKING_NEEDS_APPROVAL",
    "BOOKING_NOTICE_LONG",
    "BOOKING_NOTICE_SHORT",
    "BOOKING_NOT_MISSED",
    "BOOKING_OFF_GRID",
    "BOOKING_OVERLAPS",
    "BOOKING_PAST",
    "BOOKING_SKIPPED",
    "BOOKING_TOO_EARLY",
    "BOOKING_TOO_LONG",
    "BOOKING_TOO_SHORT",
    "CERTIFICATION_ACT_NOT_LEGAL",
    "CERTIFICATION_EXPIRED",
    "CERTIFICATION_MISSING",
    "ITEM_ON_LOAN",
    "ITEM_OVERDUE",
    "JOB_ACT_NOT_LEGAL",
    "JOB_NO_ESTIMATE",
    "MACHINE_BUSY",
    "MACHINE_OTHER_KIND",
    "MATERIAL_SHORT",
    "RESOURCE_GRID_FIXED",
    "RESOURCE_KNOWN",
    "RESOURCE_NOT_BOOKABLE",
    "RESOURCE_OUT_OF_SERVICE",
    "SERIES_EMPTY",
    "WAITING_FREE",
    "WAITING_FULL",
    "WAITING_NOT_OFFERED",
]

RESOURCE_KNOWN = ReasonCode("resource.known", Weight.ABSOLUTE)
"""There is a resource of this id."""
RESOURCE_GRID_FIXED = ReasonCode("resource.grid_fixed", Weight.ABSOLUTE)
"""The slot length cannot change while bookings are ahead: they are kept apart by it."""
RESOURCE_NOT_BOOKABLE = ReasonCode("resource.not_bookable", Weight.ABSOLUTE)
"""The resource is not booked at present."""
RESOURCE_OUT_OF_SERVICE = ReasonCode("resource.out_of_service", Weight.ABSOLUTE)
"""A ticket of safety holds it, or it was retired."""
BOOKING_PAST = ReasonCode("booking.past", Weight.ABSOLUTE)
"""The span has begun already."""
BOOKING_OFF_GRID = ReasonCode("booking.off_grid", Weight.ABSOLUTE)
"""Start or end lies between two slots."""
BOOKING_TOO_SHORT = ReasonCode("booking.too_short", Weight.OVERRIDABLE, "bookings.length")
"""The span is shorter than the terms allow."""
BOOKING_TOO_LONG = ReasonCode("booking.too_long", Weight.OVERRIDABLE, "bookings.length")
"""The span is longer than the terms allow."""
BOOKING_NOTICE_SHORT = ReasonCode("booking.notice_short", Weight.OVERRIDABLE, "bookings.notice")
"""It is too late to book this span."""
BOOKING_NOTICE_LONG = ReasonCode("booking.notice_long", Weight.OVERRIDABLE, "bookings.notice")
"""It is too early to book this span."""
BOOKING_HOURS = ReasonCode("booking.outside_hours", Weight.OVERRIDABLE, "bookings.hours")
"""The library is closed for part of the span."""
BOOKING_OVERLAPS = ReasonCode("booking.overlaps", Weight.ABSOLUTE)
"""Slots of the span, its lead or its trail are taken."""
BOOKING_LIMIT = ReasonCode("booking.limit_reached", Weight.OVERRIDABLE, "bookings.limit")
"""The patron has as many open bookings on such resources as the terms allow."""
BOOKING_NEEDS_APPROVAL = ReasonCode("booking.needs_approval", Weight.ALERT, "bookings.approve")
"""A new booking is kept as a request until somebody approves it; a confirmed one grows only with the right."""
BOOKING_ACT_NOT_LEGAL = ReasonCode("booking.act_not_legal", Weight.ABSOLUTE)
"""The booking's state does not allow the act."""
BOOKING_TOO_EARLY = ReasonCode("booking.too_early", Weight.OVERRIDABLE, "bookings.start_early")
"""The booked time has not begun, its lead neither."""
BOOKING_NOT_MISSED = ReasonCode("booking.not_missed", Weight.ABSOLUTE)
"""The patron may still come; or the terms know no missed bookings."""
BOOKING_CANCELLED_LATE = ReasonCode("booking.cancelled_late", Weight.ALERT)
"""Cancelled with less notice than the terms ask for."""
BOOKING_ENDED_LATE = ReasonCode("booking.ended_late", Weight.ALERT)
"""Ended after its time."""
BOOKING_SKIPPED = ReasonCode("booking.skipped", Weight.ALERT)
"""One day of a series cannot be booked and was left out."""
SERIES_EMPTY = ReasonCode("series.empty", Weight.ABSOLUTE)
"""No day of the series can be booked."""
ITEM_ON_LOAN = ReasonCode("item.lent_beyond", Weight.OVERRIDABLE, "bookings.item_on_loan")
"""The item is on loan and due only after the booking would need it."""
ITEM_OVERDUE = ReasonCode("item.loan_overdue", Weight.ALERT)
"""The item is on loan and overdue: it may not be back in time."""
CERTIFICATION_MISSING = ReasonCode("certification.missing", Weight.OVERRIDABLE, "bookings.certification")
"""The patron has not taken the course, or nobody said yes."""
CERTIFICATION_EXPIRED = ReasonCode("certification.expired", Weight.OVERRIDABLE, "bookings.certification")
"""The course counts no more when the booking begins."""
CERTIFICATION_ACT_NOT_LEGAL = ReasonCode("certification.act_not_legal", Weight.ABSOLUTE)
"""The certification's state does not allow the act."""
WAITING_FREE = ReasonCode("waiting.span_free", Weight.ABSOLUTE)
"""The span is free: book it."""
WAITING_FULL = ReasonCode("waiting.list_full", Weight.OVERRIDABLE, "bookings.waiting")
"""The waiting list is as long as the terms allow; 0 means there is none."""
WAITING_NOT_OFFERED = ReasonCode("waiting.nobody_fits", Weight.ABSOLUTE)
"""Nobody on the waiting list fits what is free."""
JOB_ACT_NOT_LEGAL = ReasonCode("job.act_not_legal", Weight.ABSOLUTE)
"""The job's state does not allow the act."""
JOB_NO_ESTIMATE = ReasonCode("job.no_estimate", Weight.ABSOLUTE)
"""Neither the file nor the desk says how much the job will take."""
MATERIAL_SHORT = ReasonCode("material.short", Weight.OVERRIDABLE, "bookings.material")
"""Less material is left than the job needs."""
MACHINE_BUSY = ReasonCode("machine.busy", Weight.ABSOLUTE)
"""The machine works on another job."""
MACHINE_OTHER_KIND = ReasonCode("machine.other_kind", Weight.ABSOLUTE)
"""The job is for another kind of machine."""
