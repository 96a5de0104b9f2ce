"""Tickets and bookings in real stores: the log rebuilds them, and no race books a slot twice."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest

import libops
from libops import bookings as bk
from libops import equipment as eq
from libops.base.calendars import Calendar
from libops.base.errors import Conflict
from libops.base.ids import AssetId, BookingId, ItemId, JobId, LibraryCode, PatronId, ResourceId, TicketId
from libops.base.money import Money
from libops.base.periods import Period
from libops.desk.reads import Reads
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Get
from libops.storage.rebuild import log_of, rebuilt, stored

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
TEN = datetime(2026, 3, 3, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
OPEN = Calendar.always_open("UTC")
ROOM = bk.Resource(id=ResourceId("R-2"), name="Study room 2", kind="study room", library=LibraryCode("MAIN"))
RACERS = 16


def race(url: str, racer: int, start_line: object) -> None:
    """One desk: try three times that overlap those of others, reading again after each conflict."""
    ops = libops.open(url)
    policy = bk.BookingPolicy(default=bk.BookingTerms(trail=15))
    start_line.wait(60)
    for turn in range(3):
        start = TEN + timedelta(minutes=15 * ((racer + 5 * turn) % 12))
        request = bk.BookingRequest(patron_id=PatronId(f"P-{racer}"), start=start, end=start + timedelta(minutes=45))
        for _ in range(50):
            reads = Reads(ops.shell.storage)
            around = (TEN - timedelta(days=1), TEN + timedelta(days=1))
            (taken,) = reads.load(Find(kind_of(bk.BookedSlot), "by_resource", ("R-2",), *around))
            facts = bk.BookingFacts(resource=ROOM, calendar=OPEN, taken=tuple(taken))
            booking_id = BookingId(f"B-{racer:02}-{turn}")
            answer = bk.make_booking(facts, request, booking_id=booking_id, at=NOW, by="P", policy=policy)
            try:
                if isinstance(answer, libops.Permit):
                    ops.shell.commit(answer.result.events, reads)
                break
            except Conflict:
                continue
    ops.close()


def write(ops: libops.Operations, decision: object, *loaded: tuple[type, str]) -> None:
    """Commit a room's plan, having read what it was decided on."""
    assert isinstance(decision, libops.Permit), decision
    reads = Reads(ops.shell.storage)
    for cls, key in loaded:
        reads.get(cls, key)
    ops.shell.commit(decision.result.events, reads)


def get(ops: libops.Operations, cls: type, key: str) -> object:
    return Reads(ops.shell.storage).get(cls, key)


@pytest.fixture(params=["memory", "sqlite"])
def ops(request: pytest.FixtureRequest, tmp_path: Path) -> libops.Operations:
    opened = libops.open() if request.param == "memory" else libops.open(f"sqlite:///{tmp_path}/town.db")
    yield opened
    opened.close()


def test_a_tickets_life_is_stored_and_rebuilt_from_the_log(ops: libops.Operations) -> None:
    """Costs, times, the hold on the asset and its item, the known issue, the task that comes back: all of it."""
    policy = eq.EquipmentPolicy(labor_rate=Money.parse("40.00 EUR"))
    cutter = eq.Asset(
        id=AssetId("A-7"),
        name="Laser cutter",
        kind="laser cutter",
        library=LibraryCode("MAIN"),
        item_id=ItemId("I-31"),
        price=Money(250000, "EUR"),
        warranty_until=date(2026, 12, 31),
        parts=(eq.AssetPart("lens", 2),),
    )
    lens = eq.MaintenanceSchedule(
        id="M-1", asset_id=cutter.id, task="clean the lens", every=Period.parse("1 month"), next_due=date(2026, 3, 2)
    )
    write(ops, eq.register_asset(eq.AssetFacts(), cutter, at=NOW, by="S-1"))
    write(ops, eq.schedule_maintenance(cutter, lens, at=NOW, by="S-1"))
    issue = eq.KnownIssue(id="K-1", title="Fan stuck", symptom="smoke", fix="new fan")
    write(ops, eq.record_known_issue(issue, at=NOW, by="S-1"))
    report = eq.Report(symptom="smoke from the lid", safety=True)
    facts = eq.ReportFacts(asset=cutter)
    write(ops, eq.open_ticket(facts, report, ticket_id=TicketId("T-1"), at=NOW, by="P-9", policy=policy))
    task = eq.open_maintenance(
        lens, cutter, today=date(2026, 3, 2), ticket_id=TicketId("T-2"), at=NOW, by="sweep", policy=policy
    )
    write(ops, task)
    assert get(ops, eq.OutOfService, "item:I-31") is not None
    later = NOW + 2 * HOUR
    for act in (
        lambda known: eq.triage(known, at=NOW, by="S-1", policy=policy, assignee="S-2"),
        lambda known: eq.diagnose(known, diagnosis="fan", known_issue="K-1", at=NOW, by="S-2"),
        lambda known: eq.wait_for_parts(known, at=NOW, by="S-2", parts="fan"),
        lambda known: eq.start_repair(known, at=later, by="S-2"),
        lambda known: eq.use_part(known, eq.PartUsed("fan", 1, Money(1750, "EUR")), at=later, by="S-2"),
        lambda known: eq.log_labor(known, minutes=45, at=later, by="S-2", policy=policy),
        lambda known: eq.resolve(known, fix="new fan", at=later, by="S-2", policy=policy),
    ):
        write(ops, act(eq.TicketFacts(ticket=get(ops, eq.Ticket, "T-1"), asset=cutter)))
    for minute in range(3):
        fault = get(ops, eq.DeviceFault, "printer-3:paper_jam")
        known = eq.FaultFacts(asset=cutter, fault=fault, ticket=get(ops, eq.Ticket, fault.ticket_id) if fault else None)
        error = eq.report_device_error(
            known,
            device="printer-3",
            error="paper_jam",
            ticket_id=TicketId(f"T-9{minute}"),
            at=later,
            by="driver",
            policy=policy,
        )
        write(ops, error)
    assert Money(4750, "EUR") == get(ops, eq.Ticket, "T-1").cost
    assert (None, 1, 3) == (
        get(ops, eq.OutOfService, "item:I-31"),
        get(ops, eq.KnownIssue, "K-1").seen,
        get(ops, eq.DeviceFault, "printer-3:paper_jam").count,
    )
    assert stored(ops.shell.storage) == rebuilt(log_of(ops.shell.storage))


def test_bookings_are_stored_and_rebuilt_from_the_log(ops: libops.Operations) -> None:
    """Moved, started, ended early; waited for; certified: the slots that stay are those still needed."""
    policy = bk.BookingPolicy(default=bk.BookingTerms(trail=15))
    write(ops, bk.register_resource(None, ROOM, at=NOW, by="S-1"))
    request = bk.BookingRequest(patron_id=PatronId("P-9"), start=TEN, end=TEN + 2 * HOUR)
    facts = bk.BookingFacts(resource=ROOM, calendar=OPEN)
    write(ops, bk.make_booking(facts, request, booking_id=BookingId("B-1"), at=NOW, by="P-9", policy=policy))
    entry = bk.WaitingEntry("W-1", ROOM.id, PatronId("P-1"), TEN, TEN + HOUR, NOW)
    taken = tuple(get(ops, bk.Booking, "B-1").slots())
    known = bk.BookingFacts(resource=ROOM, calendar=OPEN, taken=taken)
    write(ops, bk.join_waiting_list(known, entry, (), by="P-1", policy=policy))
    moved = bk.change_booking(
        known, get(ops, bk.Booking, "B-1"), start=TEN + HOUR, end=TEN + 3 * HOUR, at=NOW, by="S-1", policy=policy
    )
    write(ops, moved)
    offer = bk.offer_next(
        ROOM,
        (entry,),
        tuple(get(ops, bk.Booking, "B-1").slots()),
        at=NOW,
        by="sweep",
        policy=policy,
        next_id=lambda: BookingId("B-2"),
    )
    assert isinstance(offer, libops.Refuse), "the trail of the one would touch the other"
    life = bk.LifeFacts(booking=get(ops, bk.Booking, "B-1"), resource=ROOM)
    write(ops, bk.start_booking(life, at=TEN + HOUR, by="S-1", policy=policy))
    life = bk.LifeFacts(booking=get(ops, bk.Booking, "B-1"), resource=ROOM)
    ended = bk.end_booking(
        life, at=TEN + HOUR + timedelta(minutes=10), by="S-1", policy=policy, next_id=lambda: BookingId("B-2")
    )
    write(ops, ended)
    left = Reads(ops.shell.storage).find(bk.BookedSlot, "by_resource", "R-2")
    assert ["11:00", "11:15"] == [f"{slot.start:%H:%M}" for slot in left]
    write(ops, bk.leave_waiting_list(entry, at=NOW, by="P-1"))
    for act in (bk.CertificationAct.REQUEST, bk.CertificationAct.GRANT):
        write(
            ops,
            bk.change_certification(
                get(ops, bk.Certification, "P-9:laser"),
                act,
                patron_id=PatronId("P-9"),
                subject="laser",
                at=NOW,
                by="S-1",
                expires_at=TEN,
            ),
        )
    assert TEN == get(ops, bk.Certification, "P-9:laser").expires_at
    assert stored(ops.shell.storage) == rebuilt(log_of(ops.shell.storage))


def test_a_makerspace_job_is_stored_and_rebuilt_from_the_log(ops: libops.Operations) -> None:
    """Handed in, queued, printed: its material is used up, its machine is free."""
    pla = bk.Material(id="PLA", name="PLA", price_per_gram=Money(5, "EUR"), decigrams_left=2000)
    write(ops, bk.stock_material(pla, at=NOW, by="S-1"))
    job = bk.Job(
        id=JobId("J-1"),
        patron_id=PatronId("P-9"),
        machine=ROOM.kind,
        material_id="PLA",
        file=bk.FileFacts(name="cube.gcode", size=9, sha256="0" * 64, decigrams=123, minutes=63),
        submitted_at=NOW,
    )
    terms = bk.JobTerms()
    for act in (
        lambda facts: bk.submit_job(facts, at=NOW, by="P-9", terms=terms),
        lambda facts: bk.queue_job(facts, at=NOW, by="S-1", terms=terms),
        lambda facts: bk.start_job(facts, at=NOW, by="S-1", terms=terms),
        lambda facts: bk.finish_job(facts, used=bk.Estimate(130, 60), at=TEN, by="S-1", terms=terms),
    ):
        found = get(ops, bk.Job, "J-1") or job
        write(ops, act(bk.JobFacts(job=found, material=get(ops, bk.Material, "PLA"), machine=ROOM)))
    assert 1870 == get(ops, bk.Material, "PLA").decigrams_left
    assert stored(ops.shell.storage) == rebuilt(log_of(ops.shell.storage))


def test_the_slower_of_two_desks_reads_again_and_is_refused(ops: libops.Operations) -> None:
    """Both saw the room free; the key of the first slot they share stops the second."""
    request = bk.BookingRequest(patron_id=PatronId("P-9"), start=TEN, end=TEN + HOUR)
    facts = bk.BookingFacts(resource=ROOM, calendar=OPEN)
    policy = bk.BookingPolicy()
    one, two = (
        bk.make_booking(facts, request, booking_id=BookingId(name), at=NOW, by="P", policy=policy)
        for name in ("B-1", "B-2")
    )
    write(ops, one)
    with pytest.raises(Conflict):
        write(ops, two)
    assert (None, 4) == (
        get(ops, bk.Booking, "B-2"),
        len(Reads(ops.shell.storage).find(bk.BookedSlot, "by_resource", "R-2")),
    )


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="needs processes that fork")
def test_sixteen_processes_racing_for_overlapping_slots_never_double_book(tmp_path: Path) -> None:
    """Each tries three times of one room, at once. No two bookings touch; the slots are exactly those of bookings."""
    url = f"sqlite:///{tmp_path}/town.db"
    ops = libops.open(url)
    write(ops, bk.register_resource(None, ROOM, at=NOW, by="S-1"))
    ops.close()
    processes = multiprocessing.get_context("fork")
    start_line = processes.Barrier(RACERS)
    racers = [processes.Process(target=race, args=(url, number, start_line)) for number in range(RACERS)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(120)
    assert {0} == {racer.exitcode for racer in racers}
    ops = libops.open(url)
    reads = Reads(ops.shell.storage)
    (bookings,) = reads.load(Find(kind_of(bk.Booking), "by_resource", ("R-2",)))
    (slots,) = reads.load(Find(kind_of(bk.BookedSlot), "by_resource", ("R-2",)))
    (room,) = reads.load(Get(kind_of(bk.Resource), "R-2"))
    assert ROOM == room
    assert bookings
    for one, other in combinations(bookings, 2):
        assert one.blocked_until <= other.blocked_from or other.blocked_until <= one.blocked_from
    assert {slot for booking in bookings for slot in booking.slots()} == set(slots)
    assert stored(ops.shell.storage) == rebuilt(log_of(ops.shell.storage))
    ops.close()
