"""Devices of the settings: opened by name, and whatever goes wrong with them is one ticket that nobody had to write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

import libops
from libops.base.errors import BackendError, DeviceError, InvalidValue, NotFound
from libops.cli.main import main
from libops.desk.settings.loading import default_settings
from libops.equipment import TicketSource, TicketState
from libops.hooks import DeviceKind, Driver, hookimpl
from libops.storage.rebuild import log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock

LABEL = "31234000000014"
AT = datetime(2026, 3, 3, 10, tzinfo=UTC)


class PaperJam(DeviceError):
    """The printer needs a hand."""

    kind = "paper_jam"


class ReceiptPrinter:
    """A printer that jams while `jammed`, and cannot be reached while `gone`."""

    jammed = gone = False
    width = 42

    def __init__(self, options: Mapping[str, Any]) -> None:
        if self.gone:
            raise DeviceError(f"nobody answers at {options['host']}")

    def print(self, text: str) -> int:
        if self.jammed:
            raise PaperJam("paper jam at the cutter")
        return len(text)

    def close(self) -> None:
        pass


class Printers:
    @hookimpl
    def libops_drivers(self) -> list[Driver]:
        return [Driver("receipts", DeviceKind.RECEIPT_PRINTER, ReceiptPrinter, ReceiptPrinter)]


DEVICES = {
    "front-desk": {"driver": "keyboard_wedge", "prefix": "~", "simulated": True},
    "children": {"driver": "keyboard_wedge", "simulated": True, "scan_faults": []},
    "receipts-1": {"driver": "receipts", "host": "10.0.0.7", "asset": "printer-3"},
    "gate": {},
}


@pytest.fixture
def ops(monkeypatch):
    monkeypatch.setattr(ReceiptPrinter, "jammed", False)
    monkeypatch.setattr(ReceiptPrinter, "gone", False)
    plain = default_settings().canonical() | {"devices": DEVICES}
    with libops.open(settings=plain, clock=FrozenClock(AT), ids=CountingIds(), plugins=[Printers()]) as opened:
        yield opened
        assert stored(opened.storage) == rebuilt(log_of(opened.storage))


def test_a_scanner_that_types_nonsense_is_one_ticket(ops) -> None:
    """Set to another keyboard, forty scans in a row: one ticket, counted; the scanner is in the register now."""
    scanner = ops.devices.open("front-desk")
    assert [LABEL] == [scan.text for scan in scanner.type(LABEL, AT)]
    assert [] == ops.equipment.tickets()
    scanner.fail("wrong_layout")
    for _ in range(40):
        scanner.type(LABEL, AT)
    (ticket,) = ops.equipment.tickets(asset="front-desk")
    assert (TicketSource.DEVICE, 40) == (
        ticket.source,
        ops.equipment.times_reported(device="front-desk", error="layout_suspect"),
    )
    assert ("front-desk", "scanner") == (ops.equipment.get("front-desk").name, ops.equipment.get("front-desk").kind)


def test_typing_by_hand_is_no_fault_of_the_scanner(ops) -> None:
    """Without the prefix a text is incomplete, which people do as well; and a library may count nothing at all."""
    scanner = ops.devices.open("front-desk")
    assert ["incomplete"] == [scan.problem for scan in scanner.feed(LABEL + "\r", AT)]
    other = ops.devices.open("children")
    other.fail("wrong_layout")
    assert ["layout_suspect"] == [scan.problem for scan in other.type(LABEL, AT)]
    assert [] == ops.equipment.tickets()


def test_a_printers_error_is_raised_and_reported_once(ops, monkeypatch) -> None:
    """Whoever prints learns of it as before; the repair shop too, under the asset that the settings name."""
    assert ops.equipment.register(id="printer-3", name="Receipt printer", kind="printer")
    with ops.devices.open("receipts-1") as printer:
        assert (5, 42) == (printer.print("hello"), printer.width)
        monkeypatch.setattr(ReceiptPrinter, "jammed", True)
        for _ in range(100):
            with pytest.raises(PaperJam, match="at the cutter"):
                printer.print("hello")
    (ticket,) = ops.equipment.tickets()
    assert ("printer-3", "paper jam at the cutter", 100) == (
        ticket.asset_id,
        ticket.symptom,
        ops.equipment.times_reported(device="receipts-1", error="paper_jam"),
    )
    assert "Receipt printer" == ops.equipment.get("printer-3").name


def test_a_fault_that_comes_back_reopens_its_ticket(ops, monkeypatch) -> None:
    """Fixed at nine, jammed again at ten."""
    printer = ops.devices.open("receipts-1")
    monkeypatch.setattr(ReceiptPrinter, "jammed", True)
    with pytest.raises(PaperJam):
        printer.print("hello")
    (ticket,) = ops.equipment.tickets()
    assert ops.equipment.resolve(ticket.id, fix="cleaned the cutter")
    with pytest.raises(PaperJam):
        printer.print("hello")
    assert TicketState.REOPENED is ops.equipment.ticket(ticket.id).state


def test_a_device_that_does_not_answer_is_a_ticket_too(ops, monkeypatch) -> None:
    """It could not even be opened."""
    monkeypatch.setattr(ReceiptPrinter, "gone", True)
    with pytest.raises(DeviceError, match=r"10\.0\.0\.7"):
        ops.devices.open("receipts-1")
    assert ["nobody answers at 10.0.0.7"] == [ticket.symptom for ticket in ops.equipment.tickets()]


def test_what_a_driver_lets_through_is_the_devices_error(ops, monkeypatch) -> None:
    """A port that is gone, and whatever a driver raises when it is opened, is a device that does not work: its ticket.

    What the host itself does wrong with an open device stays what it is.
    """

    def unplugged(*given):
        raise FileNotFoundError(2, "No such file or directory", "/dev/ttyUSB0")

    printer = ops.devices.open("receipts-1")
    with pytest.raises(AttributeError):
        printer.cut()
    with pytest.raises(TypeError):
        printer.print()
    monkeypatch.setattr(ReceiptPrinter, "print", unplugged)
    with pytest.raises(DeviceError, match=r"receipts-1: FileNotFoundError: .*ttyUSB0"):
        printer.print("Due back on Friday")
    monkeypatch.setattr(ReceiptPrinter, "__init__", lambda self, options: 1 / 0)
    assert "receipts-1: ZeroDivisionError: division by zero" == ops.devices.state("receipts-1", try_it=True).problem
    assert 1 == len(ops.equipment.tickets())


def test_a_report_that_fails_hides_no_device_error(ops, monkeypatch) -> None:
    """The store is down as well: whoever prints still learns of the paper jam."""
    printer = ops.devices.open("receipts-1")
    monkeypatch.setattr(ReceiptPrinter, "jammed", True)

    def down(queries: Any) -> Any:
        raise BackendError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(ops.storage, "read", down)
        with pytest.raises(PaperJam):
            printer.print("hello")
    assert [] == ops.equipment.tickets()


def test_a_host_that_opens_its_devices_itself_can_have_them_watched(ops, monkeypatch) -> None:
    """The same, for a device that no settings know."""
    monkeypatch.setattr(ReceiptPrinter, "jammed", True)
    printer = ops.devices.watched(ReceiptPrinter({}), "kiosk", kind=DeviceKind.RECEIPT_PRINTER)
    with pytest.raises(PaperJam):
        printer.print("hello")
    assert ["kiosk"] == [ticket.asset_id for ticket in ops.equipment.tickets()]


def test_what_cannot_be_opened_says_what_is_missing(ops) -> None:
    """A name that is not there, a table without a driver, an option the driver does not know."""
    with pytest.raises(NotFound, match=r"no device 'front'.*front-desk"):
        ops.devices.open("front")
    with pytest.raises(InvalidValue, match=r"'gate' names no driver: add driver.*keyboard_wedge"):
        ops.devices.open("gate")
    state = {each.name: each for each in ops.devices.all(try_them=True)}
    assert ("", "names no driver") == (state["front-desk"].problem, state["gate"].problem[14:29])


def test_a_technician_looks_at_the_devices(tmp_path, capsys) -> None:
    """`libops device list` and `check`; one that fails is exit code 4 and a ticket."""
    from libops.testing.interrupted_runs import settings_text

    file, url = tmp_path / "town.toml", f"sqlite:///{tmp_path}/town.db"
    devices = {"front-desk": DEVICES["front-desk"], "door": {"driver": "keyboard_wedge", "color": "red"}}
    file.write_text(settings_text(default_settings().canonical() | {"devices": devices}), encoding="utf-8")
    store = ["--db", url, "--settings", str(file)]
    assert 0 == main(["init", *store])
    capsys.readouterr()
    assert 0 == main(["device", "list", *store])
    assert "front-desk           keyboard_wedge (simulated)   no open ticket" in capsys.readouterr().out
    assert 0 == main(["device", "check", "front-desk", *store])
    assert 4 == main(["device", "check", "door", *store])
    assert "no option 'color'" in capsys.readouterr().out
