"""The label printer: what it prints, what it says when it cannot, and who is told."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
import zxingcpp

import libops
import libops_labels
from libops.base.errors import DeviceError, InvalidValue, NotFound
from libops.desk.settings.loading import default_settings
from libops.hooks import DeviceKind, Driver
from libops.processing.labels import Label, LabelRun, arrange, shipped_layouts, shipped_sheets
from libops.testing.sample_library import sample_library
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


TOWN = {
    "labels": {"sheet": "roll-barcode"},
    "devices": {
        "back-office": {"driver": "zpl_printer", "host": "labels.example.org", "simulated": True},
        "usb": {"driver": "zpl_file", "path": "to be set"},
        "scanner": {"driver": "keyboard_wedge"},
    },
}
SPECIMENS = ["31234000000014", "31234000000022"]


def town(tmp_path: Path) -> libops.Operations:
    tables = {**TOWN, "devices": {**TOWN["devices"], "usb": {"driver": "zpl_file", "path": f"{tmp_path}/lp0"}}}
    settings = {**default_settings().canonical(), **tables}
    ops = libops.open(f"sqlite:///{tmp_path}/town.db", settings=settings, plugins=[libops_labels])
    sample_library(ops)
    return ops


def test_the_desk_prints_on_a_printer_of_the_settings(tmp_path: Path, draw, monkeypatch) -> None:
    """By its name, at its resolution; what comes out is read as a scanner reads it."""
    made: list[SimulatedZplPrinter] = []
    whole = libops_labels.simulate_printer
    kept = Driver(
        "zpl_printer", DeviceKind.LABEL_PRINTER, open_printer, lambda options: made.append(whole(options)) or made[-1]
    )
    with town(tmp_path) as ops:
        monkeypatch.setitem(ops.registry.drivers, "zpl_printer", kept)
        run = ops.labels.print_on("back-office", SPECIMENS, layout="barcode")
        assert (2, 203, ()) == (len(run.labels), run.printer.dots_per_inch, run.refused)
    (printer,) = made
    pictures = [picture for label in printer.printed for picture in draw(label.decode())]
    read = [zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.Codabar) for picture in pictures]
    assert SPECIMENS == [codes[0].text.strip("AB") for codes in read]


def test_a_printer_on_a_cable_is_a_file(tmp_path: Path, capsys) -> None:
    """Each run goes behind the one before; a file that cannot be written is a device error with a ticket."""
    with town(tmp_path) as ops:
        ops.labels.print_on("usb", SPECIMENS[:1], layout="barcode")
        ops.labels.print_on("usb", SPECIMENS[1:], layout="barcode")
        assert 2 == (tmp_path / "lp0").read_text().count("^XA")
        (tmp_path / "lp0").unlink()
        (tmp_path / "lp0").mkdir()
        with pytest.raises(PrinterGone, match="lp0"):
            ops.labels.print_on("usb", SPECIMENS, layout="barcode")
        assert 1 == len(ops.equipment.tickets(asset="usb"))
        with pytest.raises(InvalidValue, match="is a scanner"):
            ops.labels.print_on("scanner", SPECIMENS)
        with pytest.raises(NotFound, match="back-office"):
            ops.labels.print_on("front-office", SPECIMENS)
        assert 1 == len(ops.labels.print_on("usb", SPECIMENS[:1], layout="barcode", simulated=True).labels)
    with pytest.raises(InvalidValue, match="needs the option 'path'"):
        libops_labels.open_file({})


def test_the_command_prints_on_a_printer(tmp_path: Path, capsys) -> None:
    """`libops labels --print-on`: the printer says for itself how fine it is."""
    from libops.cli.main import main

    settings, lp0 = tmp_path / "town.toml", tmp_path / "lp0"
    town(tmp_path).close()
    shipped = files("libops.desk.settings").joinpath("default.toml").read_text(encoding="utf-8")
    own = ["[labels]", 'sheet = "roll-barcode"', "[devices.usb]", 'driver = "zpl_file"', f"path = '{lp0}'"]
    settings.write_text("\n".join([shipped, *own]))
    told = ["labels", "--items", *SPECIMENS, "--layout", "barcode", "--print-on", "usb"]
    where = ["--db", f"{tmp_path}/town.db", "--settings", str(settings), "--plugin", "libops_labels"]
    assert 0 == main([*told, *where])
    assert "2 labels sent to usb" in capsys.readouterr().out
    assert 2 == lp0.read_text().count("^XA")
    assert 2 == main([*told, *where, "--offset", "1", "1"])
