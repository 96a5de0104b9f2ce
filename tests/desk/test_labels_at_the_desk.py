"""Labels from the desk and the command line: what the item says is what the label says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

import libops
from libops.base.errors import InvalidValue, NotFound
from libops.cli import main
from libops.desk.operations import Operations
from libops.hooks import Format, hookimpl
from libops.processing.labels import Printer

CART = ["31234000000040", "31234000000057", "31234000000081"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample catalog with its items, and a patron."""
    place = tmp_path_factory.mktemp("labels") / "town.db"
    with libops.open(f"sqlite:///{place}") as ops:
        with files("libops").joinpath("cli/sample/catalog.mrc").open("rb") as sample:
            ops.catalog.import_marc(sample)
        assert ops.patrons.register(name="Mendoza, Rosa", category="adult", card="21234000000017")
    return place


@pytest.fixture
def ops(store: Path) -> Iterator[Operations]:
    with libops.open(f"sqlite:///{store}") as opened:
        yield opened


def said(run: object) -> list[list[str]]:
    return [[text.text for text in label.texts] for label in run.labels]


def test_a_cart_of_items_gets_its_spine_labels_in_the_order_of_scanning(ops: Operations) -> None:
    """From the label that is still there; the scheme is that of the item."""
    run = ops.labels.arrange(CART, sheet="L7651", start=5)
    assert [["378.76149", "STR", "c.1"], ["E", "LON", "c.1"], ["E", "GAM", "c.2"]] == said(run)
    assert [5, 6, 7] == [label.position for label in run.labels]


def test_a_card_carries_the_name_the_card_and_the_library(ops: Operations) -> None:
    """Found by card."""
    run = ops.labels.patron_cards(["21234000000017"])
    assert ["Mendoza, Rosa", "21234000000017"] == said(run)[0][-2:]
    assert ops.settings.file.libraries[ops.library].name == said(run)[0][0]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"items": ["31234999999999"]}, "31234999999999"),
        ({"items": CART, "sheet": "L7652"}, "L7651"),
        ({"items": CART, "layout": "spines"}, "spine, pocket"),
    ],
)
def test_what_is_not_there_is_named(ops: Operations, asked: dict[str, object], named: str) -> None:
    """With what there is."""
    with pytest.raises(NotFound, match=named):
        ops.labels.arrange(**asked)


def test_a_format_without_its_plugin_says_so(ops: Operations) -> None:
    """HTML is always there."""
    run = ops.labels.arrange(CART)
    assert ops.labels.render(run).startswith(b"<!doctype html>")
    with pytest.raises(NotFound, match="there are html"):
        ops.labels.render(run, "pdf")


class Careless:
    """A plugin whose label format hands back text."""

    @hookimpl
    def libops_formats(self):
        return [Format("label", "lines", lambda run: "QA 76.73"), Format("record", "lines-record", str)]


def test_a_careless_format_is_told_off(store: Path) -> None:
    """Bytes are what is printed, and only a label format draws labels."""
    with libops.open(f"sqlite:///{store}", plugins=[Careless()]) as ops:
        with pytest.raises(InvalidValue, match="str"):
            ops.labels.render(ops.labels.arrange(CART), "lines")
        with pytest.raises(NotFound):
            ops.labels.render(ops.labels.arrange(CART), "lines-record")


def test_the_command_prints_a_list_of_barcodes(store: Path, tmp_path: Path, capsys) -> None:
    """From a file as a scanner leaves it, and by hand; it says where the sheet goes on."""
    scans = tmp_path / "cart.txt"
    scans.write_text("\r\n".join(CART) + "\r\n", encoding="utf-8-sig")
    out = tmp_path / "labels.html"
    asked = ["labels", "--db", str(store), "--items", str(scans), "31234000000016", "--start", "5", "--out", str(out)]
    assert 0 == main(asked)
    assert "4 labels on 1 sheets; the next run starts at 9" in capsys.readouterr().out
    assert 4 == out.read_text(encoding="utf-8").count("<g data-of=")
    assert 0 == main([*asked, "--json"])
    assert 9 == json.loads(capsys.readouterr().out)["next_start"]


def test_the_command_fails_when_labels_were_refused(store: Path, tmp_path: Path, capsys) -> None:
    """Bars that a 203 dpi printer cannot make on 38.1 mm: nothing is written, the exit code is a refusal."""
    out = tmp_path / "bars.html"
    asked = ["labels", "--db", str(store), "--items", *CART, "--layout", "barcode", "--dots-per-inch", "203"]
    assert 1 == main([*asked, "--out", str(out)])
    assert not out.exists()
    assert 3 == capsys.readouterr().err.count("refused")
    assert 3 == main([*asked[:-2], "--out", str(tmp_path / "bars.pdf")])
    assert 2 == main([*asked, "--out", str(tmp_path / "bars")])


def test_the_stock_is_listed(capsys) -> None:
    """With what each sheet is for."""
    assert 0 == main(["label-stock"])
    assert "L7651" in capsys.readouterr().out
    assert 0 == main(["label-stock", "--json"])
    assert "spine" in json.loads(capsys.readouterr().out)["layouts"]


def test_a_printer_of_the_library_is_passed_on(ops: Operations) -> None:
    """An offset moves the labels."""
    moved = ops.labels.arrange(CART, printer=Printer(offset_x=1.0))
    assert 5.75 == pytest.approx(moved.labels[0].x)
