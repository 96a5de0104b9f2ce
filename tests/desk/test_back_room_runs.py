"""The nightly run in the back rooms: tickets, bookings, displays and rotations move by themselves, each once."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

import libops
from libops.bookings import Booking, BookingState
from libops.desk.settings.loading import default_settings
from libops.desk.sweeps import run_due
from libops.desk.sweeps.engine import Pass, Step, run_step
from libops.equipment import Ticket, TicketState, Urgency
from libops.inventory import Display, DisplayState, Rounds
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.interrupted_runs import run_until_done, settings_text
from libops.testing.sample_library import ITEMS, PATRONS, sample_library

ADA = PATRONS[0][0]
ASSETS = 12
START = datetime(2026, 3, 3, 10, tzinfo=UTC)
STEPS = ("maintenance", "escalations", "no-shows", "displays", "rotations")


def settings(**inventory):
    """A town library whose study rooms count a booking as missed after twenty minutes."""
    plain = default_settings().canonical()
    plain["bookings"] = {"named": {"study room": {"no_show_after": 20, "no_show_fee": "2.00 EUR"}}}
    plain["limit_policies"]["adult"].pop("debt", None)
    return plain | {"inventory": inventory}


def furnish(ops) -> None:
    """Machines with a task that is due and a ticket nobody looks at, bookings, displays, a rotation."""
    sample_library(ops)
    for number in range(ASSETS):
        asset = f"A-{number:02}"
        assert ops.equipment.register(id=asset, name=f"Printer {number}", kind="printer")
        assert ops.equipment.schedule_maintenance(
            asset, task="clean the bed", every="1 month", first_due=date(2026, 3, 4)
        )
        assert ops.equipment.open_ticket(asset=asset, symptom="stays dark", urgency=Urgency.HIGH)
        assert ops.bookings.register(id=f"room-{number}", name=f"Room {number}", kind="study room")
        assert ops.bookings.make(
            resource=f"room-{number}", patron=ADA, start="2026-03-03T12:00", end="2026-03-03T13:00"
        )
        assert ops.inventory.open_display(id=f"D-{number}", name="Jazz", location="window", ends=date(2026, 3, 3))
    assert ops.inventory.add_to_display("D-3", [ITEMS[0][0]])
    assert ops.inventory.start_rotation([ITEMS[1][0]], id="R-1", name="Games", stops=["EAST", "WEST"], days=1)


def counted(ops) -> Counter:
    """How often each thing happened that a run may do."""
    names = ("TicketOpened", "TicketEscalated", "BookingMissed", "DisplayEnded", "RotationMoved")
    return Counter(type(event).__name__ for event in log_of(ops.storage) if type(event).__name__ in names)


ONCE = {
    "TicketOpened": 2 * ASSETS,
    "TicketEscalated": ASSETS,
    "BookingMissed": ASSETS,
    "DisplayEnded": ASSETS,
    "RotationMoved": 1,
}


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_time_moves_the_back_rooms_once(kind, tmp_path) -> None:
    """Two nights' runs, one record a page: every task, target, booking, display and collection has its turn once."""
    url = "memory:" if kind == "memory" else f"sqlite:///{tmp_path}/town.db"
    clock = FrozenClock(START)
    with libops.open(url, settings=settings(), clock=clock, ids=CountingIds()) as ops:
        furnish(ops)
        clock.forward(hours=23)
        report = run_due(ops, clock(), page=1)
        acts = {step.name: (step.looked_at, step.acts) for step in report.steps if step.name in STEPS}
        assert {
            "maintenance": (ASSETS, ASSETS),
            "escalations": (ASSETS, ASSETS),
            "no-shows": (ASSETS, ASSETS),
            "displays": (ASSETS, ASSETS),
            "rotations": (1, 1),
        } == acts
        assert ONCE == counted(ops)
        again = run_due(ops, clock(), page=3)
        assert 0 == sum(step.acts for step in again.steps if step.name in STEPS)
        assert {BookingState.NO_SHOW} == {booking.state for booking in every(ops.storage, kind_of(Booking))}
        assert {DisplayState.ENDED} == {display.state for display in every(ops.storage, kind_of(Display))}
        assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_steps_that_the_library_does_not_want_are_left_out() -> None:
    """No terms know a missed booking, and collections are moved by hand."""
    plain = settings(rotation_moves="by_hand") | {"bookings": {}}
    with libops.open(settings=plain, clock=FrozenClock(START), ids=CountingIds()) as ops:
        assert ["maintenance", "escalations", "displays"] == [
            step.name for step in ops.run_due(only=STEPS).steps if step.name in STEPS
        ]


def test_a_collection_comes_home_after_its_last_stop() -> None:
    """Sent around once: the night after its last stop it is where it came from."""
    clock = FrozenClock(START)
    with libops.open(settings=settings(), clock=clock, ids=CountingIds()) as ops:
        sample_library(ops)
        label = ITEMS[1][0]
        shelves = ops.inventory
        assert shelves.start_rotation(
            [label], id="R-1", name="Games", stops=["EAST", "WEST"], days=30, rounds=Rounds.ONCE
        )
        seen = []
        for _ in range(3):
            seen.append(ops.items.get(label).holding_library)
            clock.forward(days=30)
            ops.run_due(only=["rotations"])
        assert ["EAST", "WEST", "MAIN"] == seen


def test_killed_at_random_points_the_back_rooms_are_moved_once(tmp_path) -> None:
    """The machine goes down again and again; each time another process goes on."""
    file, url = tmp_path / "town.toml", f"sqlite:///{tmp_path / 'town.db'}"
    file.write_text(settings_text(settings()), encoding="utf-8")
    clock = FrozenClock(START)
    with libops.open(url, settings=file, clock=clock, ids=CountingIds(), durability="normal") as ops:
        furnish(ops)
    at = clock() + timedelta(hours=23)
    assert run_until_done(url, str(file), str(tmp_path / "letters"), at, seed=4) > 0
    with libops.open(url, settings=file) as ops:
        assert ONCE == counted(ops)
        assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_two_machines_at_once_move_the_back_rooms_once(tmp_path) -> None:
    """Both find the same tickets, bookings and displays."""
    file, url = tmp_path / "town.toml", f"sqlite:///{tmp_path / 'town.db'}"
    file.write_text(settings_text(settings()), encoding="utf-8")
    with libops.open(url, settings=file, clock=FrozenClock(START), ids=CountingIds(), durability="normal") as ops:
        furnish(ops)
    at = START + timedelta(hours=23)
    command = [sys.executable, "-m", "libops.testing.interrupted_runs", url, str(file), str(tmp_path), at.isoformat()]
    runs = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for run in runs:
        _, error = run.communicate(timeout=120)
        assert 0 == run.returncode, error
    with libops.open(url, settings=file) as ops:
        assert ONCE == counted(ops)
        assert stored(ops.storage) == rebuilt(log_of(ops.storage))


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_many_records_of_one_moment_are_all_seen(kind, tmp_path) -> None:
    """Ten tickets opened in the same second, a page of three: each is looked at once, of every state asked for."""
    url = "memory:" if kind == "memory" else f"sqlite:///{tmp_path}/town.db"
    with libops.open(url, clock=FrozenClock(START), ids=CountingIds()) as ops:
        assert ops.equipment.register(id="A-1", name="Printer", kind="printer")
        tickets = [ops.equipment.open_ticket(asset="A-1", symptom=f"fault {n}").result for n in range(10)]
        assert ops.equipment.triage(tickets[4].id)
        assert ops.equipment.dismiss(tickets[5].id, why="told twice")
        seen: list[str] = []

        def work(records: list[Ticket], now: Pass) -> int:
            seen.extend(ticket.id for ticket in records)
            return 0

        states = (TicketState.NEW, TicketState.TRIAGED)
        step = Step("tickets", Ticket, "by_state", lambda at: None, work, equal=states)
        report = run_step(step, ops.storage, START, page=3)
        assert (9, 9) == (report.looked_at, len(set(seen)))
        assert tickets[5].id not in seen
