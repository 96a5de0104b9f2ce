"""The driver in the house: found by name, its failures one ticket, its prints a job that is charged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import libops
import libops_octoprint
from libops import bookings as bk
from libops import equipment as eq
from libops.base.ids import AssetId, JobId, LibraryCode, PatronId, TicketId
from libops.base.money import Money
from libops.testing.notebook import Notebook

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_the_plugin_brings_its_driver() -> None:
    """Named in the settings, opened by the registry."""
    ops = libops.open(plugins=[libops_octoprint])
    assert "octoprint" in ops.shell.registry.drivers
    ops.close()


def test_a_printer_that_fails_all_night_is_one_ticket_with_its_own_words() -> None:
    """Each failed print is reported; the ticket counts them."""
    notebook = Notebook(eq.CHANGES, {eq.DeviceFault: "key", eq.OutOfService: "key"})
    asset = eq.Asset(id=AssetId("A-9"), name="Printer 1", kind="3-D printer", library=LibraryCode("MAIN"))
    printer = libops_octoprint.simulate_printer({})
    path = printer.upload("bracket.gcode", b"G28")
    for number in range(3):
        printer.connect()
        printer.start(path)
        printer.poll()
        printer.fail("jammed")
        (failed,) = printer.poll()
        printer.mend()
        fault = notebook.get(eq.DeviceFault, eq.fault_key("printer-1", "print_failed"))
        ticket = notebook.get(eq.Ticket, fault.ticket_id) if fault else None
        answer = eq.report_device_error(
            eq.FaultFacts(asset=asset, fault=fault, ticket=ticket),
            device="printer-1",
            error="print_failed",
            text=failed.status.text,
            ticket_id=TicketId(f"T-{number}"),
            at=NOON + timedelta(minutes=number),
            by="driver",
            policy=eq.EquipmentPolicy(),
        )
        notebook.write(answer.result.events)
    printer.close()
    (ticket,) = notebook.all(eq.Ticket)
    assert (3, "Offline after error: Thermal runaway") == (notebook.all(eq.DeviceFault)[0].count, ticket.symptom)


def test_a_print_that_is_done_closes_its_job_with_a_charge() -> None:
    """Charged by the machine time the printer tells of: an hour at 1.20."""
    terms = bk.JobTerms(charge=bk.JobCharge.TIME, price_per_hour=Money.parse("1.20 EUR"))
    file = bk.FileFacts(name="bracket.gcode", size=3, sha256="0" * 64, minutes=60)
    job = bk.Job(
        id=JobId("J-1"),
        patron_id=PatronId("P-9"),
        machine="3-D printer",
        material_id="PLA",
        file=file,
        state=bk.JobState.RUNNING,
        submitted_at=NOON,
    )
    printer = libops_octoprint.simulate_printer({"print_seconds": 3600})
    printer.start(printer.upload(file.name, b"G28"))
    printer.poll()
    printer.advance(3600)
    (done,) = printer.poll()
    printer.close()
    assert libops_octoprint.PrintEventKind.DONE is done.kind
    answer = bk.finish_job(
        bk.JobFacts(job=job, material=bk.Material(id="PLA", name="PLA")),
        used=bk.Estimate(minutes=done.status.seconds // 60),
        at=NOON,
        by="driver",
        terms=terms,
    )
    assert [Money(120, "EUR")] == [charge.amount for charge in answer.result.charges]
