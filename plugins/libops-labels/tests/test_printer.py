"""The label printer: what it prints, what it says when it cannot, and who is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import libops
import libops_labels
from libops.base.errors import DeviceError, InvalidValue
from libops.hooks import DeviceKind
from libops.processing.labels import Label, LabelRun, arrange, shipped_layouts, shipped_sheets
from libops_labels import FAULTS, NotReady, PrinterGone, SimulatedZplPrinter, open_printer, simulate_printer


@pytest.fixture
def printer() -> Iterator[SimulatedZplPrinter]:
    device = simulate_printer({"deadline": 0.5})
    yield device
    device.close()


def spines(printer: SimulatedZplPrinter, count: int = 2) -> LabelRun:
    labels = [Label(of=str(number), call_number=("813.54", f"M{number}")) for number in range(count)]
    return arrange(labels, shipped_sheets()["roll-spine"], shipped_layouts()["spine"], printer=printer.capabilities())


def test_each_label_of_a_run_is_printed_once(printer: SimulatedZplPrinter) -> None:
    """In order."""
    printer.submit(printer.render(spines(printer)))
    assert [b"M0" in label for label in printer.printed] == [True, False]
    assert 2 == len(printer.printed)


@pytest.mark.parametrize(
    ("fault", "words"), [("paper_out", "labels are out"), ("head_open", "head is open"), ("paused", "paused")]
)
def test_a_printer_that_waits_for_a_person_says_for_what(printer: SimulatedZplPrinter, fault: str, words: str) -> None:
    """And nothing is sent, so that nothing comes out twice later."""
    printer.fail(fault)
    with pytest.raises(NotReady, match=words):
        printer.submit(printer.render(spines(printer)))
    printer.mend()
    assert [] == printer.printed


def test_labels_that_run_out_in_the_middle_are_reported_and_the_rest_is_held(printer: SimulatedZplPrinter) -> None:
    """The printer prints the rest itself when it has labels again."""
    printer.fail("runs_out")
    with pytest.raises(NotReady, match="holds them"):
        printer.submit(printer.render(spines(printer, 3)))
    assert (1, 2) == (len(printer.printed), printer.status().waiting)
    printer.mend()
    assert 3 == len(printer.printed)


def test_a_printer_that_is_silent_or_gone_ends_the_call(printer: SimulatedZplPrinter) -> None:
    """Within the deadline, with a typed error."""
    printer.fail("silent")
    with pytest.raises(PrinterGone):
        printer.status()
    printer.mend()
    nobody = open_printer({"host": "127.0.0.1", "port": 1, "deadline": 0.5})
    with pytest.raises(PrinterGone, match="does not answer"):
        nobody.status()


def test_an_answer_in_another_language_is_a_device_error(printer: SimulatedZplPrinter) -> None:
    """It is shown as it came."""
    printer.fail("garbage")
    with pytest.raises(DeviceError, match="html"):
        printer.status()


def test_labels_for_another_resolution_are_refused(printer: SimulatedZplPrinter) -> None:
    """Bars would come out half or double."""
    run = arrange([Label(of="1", call_number=("Fic",))], shipped_sheets()["roll-spine"], shipped_layouts()["spine"])
    with pytest.raises(InvalidValue, match="600 dpi on a printer of 203"):
        printer.render(run)


def test_the_plugin_brings_its_formats_and_its_driver() -> None:
    """Through the doors for everybody, and every fault is a known word."""
    with libops.open(plugins=[libops_labels]) as ops:
        assert [] == [problem for report in ops.plugins for problem in report.problems]
        assert {"pdf", "png", "zpl"} <= ops.registry.formats.keys()
        driver = ops.registry.driver("zpl_printer")
        assert DeviceKind.LABEL_PRINTER is driver.kind
        device = driver.simulate({})
        for fault in FAULTS:
            device.fail(fault)
        device.close()
    with pytest.raises(InvalidValue, match="has no option 'dpi'"):
        open_printer({"host": "labels.example.org", "dpi": 300})
