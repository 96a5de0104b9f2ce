"""What a due date may have to say to the desk."""

from __future__ import annotations

from libops.base.decisions import ReasonCode, Weight

__all__ = ["BEFORE_LOAN", "NEVER_OPEN", "OUTSIDE_SCHEDULE"]

NEVER_OPEN = ReasonCode("calendar.never_open", Weight.ALERT)
"""No open day or hour was found within three years: the due date comes from plain arithmetic."""

BEFORE_LOAN = ReasonCode("due_date.before_loan", Weight.ALERT)
"""A ceiling, a schedule, the patron's expiry or a booking lies before the loan: it is due at once."""

OUTSIDE_SCHEDULE = ReasonCode("due_date.outside_schedule", Weight.OVERRIDABLE, "loan.set_due_date")
"""The schedule of a fixed loan has no line for this day: there is no due date until the desk sets one."""
