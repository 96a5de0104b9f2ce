"""The driver against the simulator: what a print goes through, and every way it can go wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from libops.base.errors import DeviceError, InvalidValue
from libops.hooks.specs.drivers import DeviceKind
from libops_octoprint import (
    FAULTS,
    NotOperational,
    OctoPrinter,
    PrinterBusy,
    PrinterState,
    SimulatedPrinter,
    libops_drivers,
    open_printer,
    simulate_printer,
)

CUBE = b"; a cube\nG28\nG1 X10 Y10\n"


@pytest.fixture
def printer() -> Iterator[SimulatedPrinter]:
    with_deadline = simulate_printer({"print_seconds": 60, "deadline": 5.0})
    yield with_deadline
    with_deadline.close()


def kinds(printer: SimulatedPrinter) -> list[str]:
    return [event.kind.value for event in printer.poll()]


def test_a_print_is_uploaded_started_watched_and_done(printer: SimulatedPrinter) -> None:
    """Progress is told as it comes, and at 100 % that it is done; then nothing more."""
    printer.connect()
    assert [] == kinds(printer)
    path = printer.upload("cube.gcode", CUBE)
    assert CUBE == printer.octoprint.files[path]
    printer.start(path)
    printer.advance(15)
    (event,) = printer.poll()
    assert ("progress", 25.0, 15, 45) == (
        event.kind.value,
        event.status.completion,
        event.status.seconds,
        event.status.seconds_left,
    )
    printer.advance(45)
    assert ["done"] == kinds(printer)
    assert [] == kinds(printer)
    assert PrinterState.IDLE is printer.status().state


def test_a_print_is_held_taken_up_again_and_given_up(printer: SimulatedPrinter) -> None:
    """Held, it does not go on; given up, it has failed."""
    printer.start(printer.upload("cube.gcode", CUBE))
    printer.poll()
    printer.pause()
    printer.advance(30)
    assert (PrinterState.PAUSED, 0) == (printer.status().state, printer.status().seconds)
    printer.resume()
    printer.advance(30)
    assert ["progress"] == kinds(printer)
    printer.cancel()
    assert ["failed"] == kinds(printer)


def test_a_printer_works_on_one_print_at_a_time(printer: SimulatedPrinter) -> None:
    """The second start says what is under way; the file under way is not overwritten."""
    path = printer.upload("cube.gcode", CUBE)
    printer.start(path)
    with pytest.raises(PrinterBusy, match=r"printing 'cube\.gcode'"):
        printer.start(path)
    with pytest.raises(PrinterBusy, match="overwrite"):
        printer.upload("cube.gcode", CUBE)


def test_there_is_nothing_to_hold_or_give_up_on_an_idle_printer(printer: SimulatedPrinter) -> None:
    """The server's own words are passed on; not connected, it says that instead."""
    for act in (printer.pause, printer.resume, printer.cancel):
        with pytest.raises(DeviceError, match="neither printing nor paused"):
            act()
    printer.disconnect()
    with pytest.raises(NotOperational, match="not operational"):
        printer.pause()


def test_a_printer_that_is_unplugged_says_so_once_and_its_print_has_failed(printer: SimulatedPrinter) -> None:
    """Connected again, it works again."""
    path = printer.upload("cube.gcode", CUBE)
    printer.start(path)
    printer.poll()
    printer.fail("unplugged")
    assert ["offline", "failed"] == kinds(printer)
    assert [] == kinds(printer)
    with pytest.raises(NotOperational, match="offline"):
        printer.start(path)
    printer.connect()
    assert PrinterState.OFFLINE is printer.status().state
    printer.mend()
    printer.connect("VIRTUAL")
    printer.start(path)
    assert PrinterState.PRINTING is printer.status().state


def test_a_jam_stops_the_print_and_its_words_reach_the_desk(printer: SimulatedPrinter) -> None:
    """The text can become the symptom of a ticket."""
    printer.start(printer.upload("cube.gcode", CUBE))
    printer.advance(30)
    printer.poll()
    printer.fail("jammed")
    (event,) = printer.poll()
    assert ("failed", PrinterState.ERROR) == (event.kind.value, event.status.state)
    assert "Thermal runaway" in event.status.text


@pytest.mark.parametrize("fault", ["forbidden", "garbage", "broken"])
def test_a_server_that_answers_wrongly_is_a_device_error_with_what_it_said(
    printer: SimulatedPrinter, fault: str
) -> None:
    """And mended, the same printer goes on."""
    words = {"forbidden": "API key is not accepted", "garbage": "not JSON", "broken": "500"}
    printer.fail(fault)
    with pytest.raises(DeviceError, match=words[fault]):
        printer.status()
    printer.mend()
    assert PrinterState.IDLE is printer.status().state


def test_a_silent_server_ends_the_call_at_its_deadline() -> None:
    """A desk never hangs on a printer; for whoever polls it is offline."""
    printer = simulate_printer({"deadline": 0.2})
    try:
        assert [] == kinds(printer)
        printer.fail("silent")
        with pytest.raises(DeviceError, match=r"did not answer within 0\.2 s"):
            printer.status()
        assert ["offline"] == kinds(printer)
    finally:
        printer.close()


def test_nobody_at_the_address_is_a_device_error() -> None:
    """The simulator is stopped; its port answers no more."""
    printer = simulate_printer({"deadline": 1.0})
    printer.close()
    with pytest.raises(DeviceError, match="did not answer"):
        printer.status()


def test_files_the_server_does_not_take_are_refused(printer: SimulatedPrinter) -> None:
    """A model is no print: slice it first. And a name cannot smuggle a header in."""
    with pytest.raises(DeviceError, match="files of this kind"):
        printer.upload("cube.stl", CUBE)
    with pytest.raises(InvalidValue, match="no file name"):
        printer.upload('cube.gcode"\r\nX-Api-Key: other', CUBE)
    with pytest.raises(DeviceError, match="no such file"):
        printer.start("other.gcode")


def test_the_driver_comes_with_its_simulator_of_the_same_protocol() -> None:
    """Options are checked before anything is sent."""
    (driver,) = libops_drivers()
    assert ("octoprint", DeviceKind.PRINTER_3D) == (driver.name, driver.kind)
    assert isinstance(driver.open({"url": "http://printer-1.local", "api_key": "k"}), OctoPrinter)
    simulated = driver.simulate({})
    simulated.close()
    assert isinstance(simulated, OctoPrinter)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"url": "http://printer-1.local"}, "needs the option 'api_key'"),
        ({"url": "http://printer-1.local", "api_key": "k", "key": "k"}, "no option 'key'"),
        ({"url": "file:///etc/passwd", "api_key": "k"}, "no address of a server"),
        ({"url": "http://printer-1.local", "api_key": "a\nb"}, "API key"),
        ({"url": "http://printer-1.local", "api_key": "k", "deadline": 0}, "deadline of 0"),
    ],
)
def test_options_that_cannot_work_are_shown(options: dict[str, object], said: str) -> None:
    """With what would be right."""
    with pytest.raises(InvalidValue, match=said):
        open_printer(options)


def test_a_fault_that_is_none_is_an_error(printer: SimulatedPrinter) -> None:
    """The names there are are listed."""
    with pytest.raises(InvalidValue, match=", ".join(sorted(FAULTS))):
        printer.fail("on fire")
