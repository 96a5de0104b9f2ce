"""What time brings to the back rooms: maintenance, missed targets, bookings nobody came to, displays, rotations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from libops.base.decisions import Decision
from libops.bookings.model import Booking, BookingState
from libops.desk.sweeps.engine import Chore, Pass, Place, Step
from libops.equipment.model import MaintenanceSchedule, Ticket, TicketState
from libops.inventory.model import Display, DisplayState
from libops.inventory.policy import RotationMoves

if TYPE_CHECKING:
    from libops.desk.operations import Operations

__all__ = ["displays", "escalations", "maintenance", "no_shows", "rotations"]

BY = "run-due"
OPEN = tuple(state for state in TicketState if state.is_open)


def each(act: Callable[[Any], Decision[Any]]) -> Callable[[Sequence[Any], Pass], int]:
    """Work that acts on every record by itself; a refusal is no act."""
    return lambda records, now: sum(bool(act(record)) for record in records)


def maintenance(ops: Operations) -> Step:
    """Opens the ticket of every task that is due, or as many days before as its schedule leads."""
    repairs = ops.equipment

    def act(schedule: MaintenanceSchedule) -> Decision[Any]:
        return repairs.open_maintenance(schedule.id, by=BY)

    return Step("maintenance", MaintenanceSchedule, "by_due", lambda at: None, each(act))


def escalations(ops: Operations) -> Step:
    """Tells of tickets that missed a target since they were last looked at."""
    repairs = ops.equipment

    def act(ticket: Ticket) -> Decision[Any]:
        return repairs.escalate(ticket.id, by=BY)

    return Step("escalations", Ticket, "by_state", lambda at: at, each(act), equal=OPEN)


def no_shows(ops: Operations) -> Step | None:
    """Marks bookings whose patron can no longer come; None where no terms say when that is."""
    rooms, policy = ops.bookings, ops.settings.file.bookings
    if all(terms.no_show_after is None for terms in (policy.default, *policy.named.values())):
        return None

    def act(booking: Booking) -> Decision[Any]:
        return rooms.mark_no_show(booking.id, by=BY)

    return Step("no-shows", Booking, "by_state", lambda at: at, each(act), equal=(BookingState.CONFIRMED,))


def displays(ops: Operations) -> Step:
    """Takes down displays whose last day is over."""
    shelves = ops.inventory

    def act(display: Display) -> Decision[Any]:
        return shelves.end_display(display.id, by=BY)

    def today(at: datetime) -> Any:
        return ops.book.calendar(ops.library).service_day(at)

    return Step("displays", Display, "by_end", today, each(act), equal=(DisplayState.OPEN,))


def rotations(ops: Operations) -> Chore | None:
    """Moves collections on whose days at their stop are over; None where the library moves them by hand."""
    shelves = ops.inventory
    if ops.settings.file.inventory.rotation_moves is RotationMoves.BY_HAND:
        return None

    def run(after: Place | None) -> tuple[int, int, Place | None]:
        due = shelves.rotations_due()
        return len(due), sum(bool(shelves.send_on(rotation, by=BY)) for rotation in due), None

    return Chore("rotations", run)
