"""What time brings to the back rooms: maintenance, missed targets, bookings nobody came to, displays, rotations."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from libops.bookings.model import Booking, BookingState
from libops.desk.sweeps.engine import BY, Chore, Place, Step, each
from libops.equipment.model import MaintenanceSchedule, Ticket, TicketState
from libops.inventory.model import Display, DisplayState
from libops.inventory.policy import RotationMoves

if TYPE_CHECKING:
    from libops.desk.operations import Operations

__all__ = ["displays", "escalations", "maintenance", "no_shows", "rotations"]

OPEN = tuple(state for state in TicketState if state.is_open)


def maintenance(ops: Operations) -> Step:
    """Opens the ticket of every task that is due, or as many days before as its schedule leads."""
    return Step("maintenance", MaintenanceSchedule, "by_due", lambda at: None, each(ops.equipment.open_maintenance))


def escalations(ops: Operations) -> Step:
    """Tells of tickets that missed a target since they were last looked at."""
    return Step("escalations", Ticket, "by_state", lambda at: at, each(ops.equipment.escalate), equal=OPEN)


def no_shows(ops: Operations) -> Step | None:
    """Marks bookings whose patron can no longer come; None where no terms say when that is."""
    policy = ops.settings.file.bookings
    if all(terms.no_show_after is None for terms in (policy.default, *policy.named.values())):
        return None
    work, confirmed = each(ops.bookings.mark_no_show), (BookingState.CONFIRMED,)
    return Step("no-shows", Booking, "by_state", lambda at: at, work, equal=confirmed)


def displays(ops: Operations) -> Step:
    """Takes down displays whose last day is over."""

    def today(at: datetime) -> Any:
        return ops.book.calendar(ops.library).service_day(at)

    return Step("displays", Display, "by_end", today, each(ops.inventory.end_display), equal=(DisplayState.OPEN,))


def rotations(ops: Operations) -> Chore | None:
    """Moves collections on whose days at their stop are over; None where the library moves them by hand."""
    shelves = ops.inventory
    if ops.settings.file.inventory.rotation_moves is RotationMoves.BY_HAND:
        return None

    def run(after: Place | None) -> tuple[int, int, Place | None]:
        due = shelves.rotations_due()
        return len(due), sum(bool(shelves.send_on(rotation, by=BY)) for rotation in due), None

    return Chore("rotations", run)
