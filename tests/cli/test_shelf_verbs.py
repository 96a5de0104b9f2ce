"""Shelves, tickets and bookings at the command line: the same answers, as text or JSON, reports in files."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

import libops
from libops.cli.main import main
from libops.testing.sample_library import ITEMS, PATRONS, sample_library

LINE = [barcode for barcode, _ in ITEMS]
ADA = PATRONS[0][0]


@pytest.fixture
def town(tmp_path):
    """A store with the six items of the small sample, shelved 781.65 0 to 781.65 5."""
    with libops.open(f"sqlite:///{tmp_path}/town.db") as ops:
        sample_library(ops)
        for barcode in LINE:
            assert ops.items.change(barcode, call_number_scheme="ddc", shelving_location="music")
    return tmp_path


def run(town, capsys, *words: str):
    code = main([*words, "--db", str(town / "town.db"), "--json"])
    out = capsys.readouterr().out
    return code, json.loads(out) if out else None


def test_a_stocktake_from_two_files_is_accepted_and_taken_back(town, capsys) -> None:
    """Handed in twice it counts once; the report is a file; accepting needs the fingerprint that was looked at."""
    (town / "one.txt").write_text("\n".join([LINE[1], LINE[0], "31234999999999"]), encoding="utf-8")
    (town / "two.txt").write_text("\n".join(LINE[2:5]), encoding="utf-8")
    assert 6 == run(town, capsys, "stocktake", "start", "Music", "--id", "m-1", "--location", "music")[1]["expected"]
    assert (0, 3) == run(town, capsys, "stocktake", "scan", "m-1", str(town / "one.txt"), "--device", "wand-1")
    assert (0, 0) == run(town, capsys, "stocktake", "scan", "m-1", str(town / "one.txt"), "--device", "wand-1")
    assert (0, 3) == run(town, capsys, "stocktake", "scan", "m-1", str(town / "two.txt"), "--device", "wand-2")
    assert 0 == run(town, capsys, "stocktake", "close", "m-1")[0]
    page = town / "result.html"
    code, found = run(town, capsys, "stocktake", "result", "m-1", "--html", str(page))
    kinds = [finding["kind"] for finding in found["result"]["findings"]]
    assert (0, ["missing", "misplaced", "unknown"]) == (code, kinds)
    assert "31234999999999" in page.read_text(encoding="utf-8")
    accept = ("stocktake", "accept", "m-1", "--reviewed", found["fingerprint"])
    code, refused = run(town, capsys, *accept)
    assert (1, ["stocktake.much_missing"]) == (code, [reason["code"] for reason in refused["refused"]])
    assert 0 == run(town, capsys, *accept, "--override", "stocktake.much_missing", "--why", "a short shelf")[0]
    assert run(town, capsys, "item", "show", LINE[5])[1]["item"]["missing_since"]
    assert 0 == run(town, capsys, "stocktake", "undo", "m-1", "--why", "it stood in the window")[0]
    assert not run(town, capsys, "item", "show", LINE[5])[1]["item"]["missing_since"]


def test_a_shelf_is_read(town, capsys) -> None:
    """One book out of place is one move, and why."""
    shelf = town / "shelf.txt"
    shelf.write_text("\n".join([LINE[4], *LINE[:4], LINE[5]]), encoding="utf-8")
    code, reading = run(town, capsys, "shelf-read", str(shelf))
    assert (0, [LINE[4]]) == (code, [one["item"]["barcode"] for one in reading["misplaced"]])
    assert main(["shelf-read", str(shelf), "--db", str(town / "town.db")]) == 0
    assert "6 items, 1 to move" in capsys.readouterr().out
    assert 3 == run(town, capsys, "shelf-read", str(town / "gone.txt"))[0]
    assert (0, []) == run(town, capsys, "weed", "list", "--location", "music", "--html", str(town / "weed.html"))
    assert (town / "weed.html").exists()


def test_a_ticket_is_opened_moved_and_told(town, capsys) -> None:
    """From the report to the fix; an act that is not legal is a no."""
    assert 0 == run(town, capsys, "asset", "add", "printer-3", "Printer 3", "--kind", "printer")[0]
    _, ticket = run(town, capsys, "ticket", "open", "paper jam", "--asset", "printer-3", "--urgency", "high")
    assert [ticket["id"]] == [one["id"] for one in run(town, capsys, "ticket", "list")[1]]
    code, refused = run(town, capsys, "ticket", "move", ticket["id"], "close")
    assert (1, "ticket.act_not_legal") == (code, refused["refused"][0]["code"])
    assert 0 == run(town, capsys, "ticket", "move", ticket["id"], "resolve", "--note", "cleaned the roller")[0]
    told = run(town, capsys, "ticket", "show", ticket["id"])[1]
    assert ("resolved", "cleaned the roller") == (told["state"], told["fix"])


def test_what_broke_how_often_is_told(town, capsys) -> None:
    """As rows, as a page in the desk's language; what a patron reported is told to the patron."""
    assert 0 == run(town, capsys, "asset", "add", "printer-3", "Printer 3", "--kind", "printer")[0]
    code, ticket = run(town, capsys, "ticket", "open", "prints stripes", "--asset", "printer-3", "--patron", ADA)
    assert (0, True) == (code, bool(ticket["patron_id"]))
    page = town / "report.html"
    words = ("ticket", "report", "--since", "2026-01-01", "--html", str(page), "--language", "de")
    assert 0 == run(town, capsys, *words)[0]
    assert "Gerätebericht" in page.read_text(encoding="utf-8")


def test_a_room_is_booked(town, capsys) -> None:
    """Once; the second who wants it is told why not, and a time that is none is wrong use."""
    assert 0 == run(town, capsys, "resource", "add", "study-2", "Study room 2", "--kind", "study room")[0]
    day = datetime.now().astimezone().date() + timedelta(days=30)
    while day.weekday() != 2:
        day += timedelta(days=1)
    span = (f"{day}T10:30", f"{day}T11:30")
    code, seen = run(town, capsys, "book", "study-2", ADA, *span, "--preview")
    assert (0, "confirmed", []) == (code, seen["booking"]["state"], seen["charges"])
    code, booking = run(town, capsys, "book", "study-2", ADA, *span)
    assert (0, "confirmed") == (code, booking["state"])
    code, refused = run(town, capsys, "book", "study-2", PATRONS[1][0], *span)
    assert (1, ["booking.overlaps"]) == (code, [reason["code"] for reason in refused["refused"]])
    code, wrong = run(town, capsys, "book", "study-2", ADA, "soon", "later")
    assert (2, "InvalidValue") == (code, wrong["error"]["type"])
