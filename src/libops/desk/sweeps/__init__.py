"""The nightly run: all that time brings, in one call that needs no scheduler of its own.

`STEPS` lists what is done, in order. To add a step, write a function that takes the `Operations` and returns a `Step`
or a `Chore`, or None where the settings leave nothing to do. All acts of a run happen at the time it is for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import frozen

from libops.base.errors import InvalidValue
from libops.bookings.model import Booking
from libops.circulation.model import ClosedHold, ClosedLoan
from libops.desk.announcer import Delivery
from libops.desk.circulation.sweeps import SweepReport
from libops.desk.notices.telling.ahead import AHEAD_OF
from libops.desk.sweeps.back_rooms import displays, escalations, maintenance, no_shows, rotations
from libops.desk.sweeps.engine import (
    CAUGHT_UP,
    Chore,
    Pass,
    Place,
    Progress,
    Step,
    StepReport,
    run_chore,
    run_step,
)
from libops.desk.sweeps.money import fines, reminders
from libops.desk.sweeps.notices import notices
from libops.notices.model import Trigger
from libops.storage.tidy import tidy

if TYPE_CHECKING:
    from libops.desk.operations import Operations

__all__ = ["CAUGHT_UP", "STEPS", "Chore", "Pass", "Progress", "RunReport", "Step", "StepReport", "run_due"]


PAGE = 500


def calendar_of(ops: Operations) -> Chore | None:
    """Due dates under a calendar that has changed, where a policy asks for it."""
    from libops.desk.circulation.calendar_changes import CalendarChanges

    changes = CalendarChanges(ops.book, ops.closings, ops.settings_at)

    def run(after: Place | None) -> tuple[int, int, Place | None]:
        return (*changes.recompute(), None)

    return Chore("calendar", run) if changes.asked else None


def renewals_of(ops: Operations) -> Chore:
    return loan_chore("renewals", ops.loan_sweeps.renew_automatically)


def losses_of(ops: Operations) -> Chore:
    return loan_chore("losses", ops.loan_sweeps.age_to_lost)


def bills_of(ops: Operations) -> Chore:
    return loan_chore("bills", ops.loan_sweeps.bill_losses)


def holds_of(ops: Operations) -> Chore:
    def run(after: Place | None) -> tuple[int, int, Place | None]:
        lapsed = sum(1 for _ in ops.holds.lapse_due())
        return lapsed, lapsed, None

    return Chore("holds", run)


def targets_of(ops: Operations) -> Chore | None:
    def run(after: Place | None) -> tuple[int, int, Place | None]:
        chosen = sum(1 for _ in ops.holds.choose_targets())
        return chosen, chosen, None

    return Chore("targets", run) if ops.settings.file.holds.targeting.retarget_after is not None else None


def loan_chore(name: str, sweep: Callable[..., SweepReport]) -> Chore:
    """A sweep over loans as a step of the nightly run."""

    def run(after: Place | None) -> tuple[int, int, Place | None]:
        report = sweep(after=after, most=PAGE)
        return report.looked_at, report.done, report.after

    return Chore(name, run)


def fines_of(ops: Operations) -> Step | None:
    return fines(ops.shell, ops.planner) if ops.settings.file.fine_policies else None


def reminders_of(ops: Operations) -> Step | None:
    return reminders(ops.shell, ops.planner) if ops.settings.file.reminder_policies else None


def notices_about(trigger: Trigger) -> Callable[[Operations], Step | None]:
    return lambda ops: notices(ops.shell, ops.planner, trigger)


def forgetting(forget: Callable[[Sequence[Any], datetime], int]) -> Callable[[Sequence[Any], Pass], int]:
    """Work that forgets what is due of a page of records."""
    return lambda records, now: forget(records, now.at)


def privacy_of(ops: Operations) -> Step:
    return Step("privacy", ClosedLoan, "by_patron", lambda at: None, forgetting(ops.privacy.forget_due))


def hold_privacy_of(ops: Operations) -> Step:
    return Step("hold-privacy", ClosedHold, "by_patron", lambda at: None, forgetting(ops.privacy.forget_holds_due))


def booking_privacy_of(ops: Operations) -> Step:
    # Behind those that are forgotten: their patron is empty.
    work = forgetting(ops.privacy.forget_bookings_due)
    return Step("booking-privacy", Booking, "by_patron", lambda at: None, work, low=lambda at: "!")


def expected_issues_of(ops: Operations) -> Step:
    from libops.desk.sweeps.serials import expected_issues

    return expected_issues(ops)


def late_issues_of(ops: Operations) -> Step:
    from libops.desk.sweeps.serials import late_issues

    return late_issues(ops)


def headings_of(ops: Operations) -> Chore | None:
    """Titles that are still to follow a change of headings; most nights there are none."""
    desk = ops.catalog.authorities
    if not desk.unfinished():
        return None

    def run(after: Place | None) -> tuple[int, int, Place | None]:
        reports = desk.finish()
        return sum(one.looked_at for one in reports), sum(one.changed for one in reports), None

    return Chore("headings", run)


STEPS: Mapping[str, Callable[[Operations], Step | Chore | None]] = {
    "calendar": calendar_of,
    "renewals": renewals_of,
    "fines": fines_of,
    "losses": losses_of,
    "bills": bills_of,
    "reminders": reminders_of,
    "holds": holds_of,
    "targets": targets_of,
    "maintenance": maintenance,
    "escalations": escalations,
    "no-shows": no_shows,
    "displays": displays,
    "rotations": rotations,
    **{ahead.name: notices_about(trigger) for trigger, ahead in AHEAD_OF.items()},
    "privacy": privacy_of,
    "hold-privacy": hold_privacy_of,
    "booking-privacy": booking_privacy_of,
    "expected issues": expected_issues_of,
    "late issues": late_issues_of,
    "headings": headings_of,
}
"""What the nightly run does, in order; messages are handed over last of all."""


@frozen
class RunReport:
    """What a nightly run did: the time it brought everything up to, each step, and the messages."""

    at: datetime
    steps: tuple[StepReport, ...]
    delivery: Delivery

    def __str__(self) -> str:
        lines = [f"{step.name + ':':<20} {step.acts} of {step.looked_at}" for step in self.steps]
        sent = self.delivery
        told = f"{sent.sent} sent, {sent.withdrawn} withdrawn, {sent.postponed} postponed, {sent.failed} given up"
        return "\n".join([*lines, f"{'messages:':<20} {told}"])


def run_due(
    ops: Operations, at: datetime, *, progress: Progress | None = None, page: int = 500, only: Sequence[str] = ()
) -> RunReport:
    """Do all that time has brought up to `at`; see `Operations.run_due`."""
    for name in only:
        if name not in STEPS:
            raise InvalidValue(f"the nightly run has no step {name!r}; it has {', '.join(STEPS)}")
    reports = []
    clock = ops.shell.clock
    ops.shell.clock = lambda: at
    ops.shell.look_again(at)
    try:
        for name, make in STEPS.items():
            step = make(ops) if not only or name in only else None
            if step is None:
                continue
            if isinstance(step, Chore):
                reports.append(run_chore(step, ops.storage, at, progress=progress))
            else:
                reports.append(run_step(step, ops.storage, at, page=page, progress=progress))
    finally:
        ops.shell.clock = clock
        ops.shell.look_again(clock())
    delivery = delivered(ops, at)
    tidy(ops.storage)
    return RunReport(at, tuple(reports), delivery)


def delivered(ops: Operations, at: datetime) -> Delivery:
    """Hand over all messages whose time has come."""
    total = Delivery()
    while True:
        found = ops.announcer.deliver_due(at=at)
        total = Delivery(
            total.sent + found.sent,
            total.postponed + found.postponed,
            total.failed + found.failed,
            total.withdrawn + found.withdrawn,
        )
        if found == Delivery():
            return total
