"""Holds attended to, transits and losses at the command line, as a desk with two libraries needs them day by day."""

from __future__ import annotations

import json

import pytest

from libops.cli.main import main
from libops.desk.opening import open as open_library
from libops.desk.settings.loading import default_settings
from libops.testing.interrupted_runs import settings_text
from libops.testing.sample_library import sample_library

ADA, BEN, CLARA = "21234000000017", "21234000000025", "21234000000033"
BOOK, OTHER = "31234000000014", "31234000000022"


@pytest.fixture
def run(tmp_path, capsys):
    """Runs the command on a town with a branch; returns the exit code and what was printed."""
    plain = default_settings().canonical()
    plain["libraries"]["EAST"] = {"name": "East branch", "calendar": "main"}
    plain["item_types"]["book"]["default_price"] = "20.00 EUR"
    settings, store = tmp_path / "town.toml", tmp_path / "town.db"
    settings.write_text(settings_text(plain), encoding="utf-8")
    with open_library(f"sqlite:///{store}", settings=settings) as ops:
        sample_library(ops)

    def call(*words: str) -> tuple[int, str]:
        code = main([*words, "--db", str(store), "--settings", str(settings)])
        return code, capsys.readouterr().out

    return call


def shown(run, *words: str):
    """What a verb prints as JSON."""
    return json.loads(run(*words, "--json")[1])


def test_a_hold_is_suspended_moved_picked_up_elsewhere_and_released(run) -> None:
    """Two readers wait for the book; the second is let before, and the item follows the reader to the branch."""
    assert 0 == run("check-out", ADA, BOOK)[0]
    first, second = (shown(run, "hold", "place", card, BOOK, "--item")["holds"][0]["id"] for card in (BEN, CLARA))
    assert (
        "Suspended:      until Mon 2035-01-01 10:30" in run("hold", "suspend", first, "--until", "2035-01-01T10:30")[1]
    )
    code, told = run("hold", "next", BOOK)
    assert (0, True, True) == (code, "Ben Okafor: " in told, "Clara Lindqvist: gets it" in told)
    assert (0, 0) == (run("hold", "resume", first)[0], run("hold", "move", second, "1", "--why", "exam")[0])
    assert 0 == run("hold", "reorder", first, second, "--why", "a mistake")[0]
    assert "ahead:               1" in run("hold", "forecast", second)[1]
    assert run("check-in", BOOK, "--slip")[1].startswith("Ben Okafor\nKeep until:")
    assert "<strong>Ben Okafor</strong>" in run("check-in", BOOK, "--slip", "--html")[1]
    assert f"{BOOK}   Ben Okafor: " in run("hold", "shelf")[1]
    assert "Send to:        EAST" in run("hold", "pickup", first, "EAST")[1]
    assert f"{BOOK} " in run("transit", "list", "--library", "EAST")[1]
    assert "Checked in" in run("check-in", OTHER, "--slip")[1]
    away = run("check-in", BOOK, "--slip")[1]
    assert away.startswith("To EAST\nItem:")
    assert "Okafor" not in away
    assert 0 == run("check-in", BOOK, "--library", "EAST")[0]
    assert 0 == run("hold", "release", first, "--why", "pages missing")[0]
    assert ["waiting"] == [hold["state"] for hold in shown(run, "hold", "list", "--patron", BEN)]
    assert 1 == run("hold", "reorder", "nothing", "--why", "a slip")[0]


def test_a_hold_on_any_of_two_titles_and_several_at_once(run) -> None:
    """Whichever of two comes first; and two of a title or none, for who may have one hold on it."""
    bibs = [shown(run, "item", "show", label)["item"]["bib_id"] for label in (BOOK, OTHER)]
    answer = shown(run, "hold", "place", ADA, *bibs, "--wanted-until", "2035-01-01", "--note", "for the seminar")
    (hold,) = answer["holds"]
    assert ("any_of", "2035-01-01") == (hold["level"], hold["wanted_until"])
    assert 1 == run("hold", "place", BEN, bibs[0], "--count", "2")[0]


def test_an_item_is_sent_called_off_and_looked_for(run) -> None:
    """It is on one way at a time; nothing is lost that was sent today."""
    assert "To EAST" in run("transit", "send", BOOK, "EAST")[1]
    assert 1 == run("transit", "send", BOOK, "EAST")[0]
    assert ["manual"] == [way["reason"] for way in shown(run, "transit", "list", "--library", "EAST")]
    assert (0, "") == run("transit", "lost")
    assert "Called off" in run("transit", "cancel", BOOK, "--why", "the van is broken")[1]
    assert [] == shown(run, "transit", "list", "--library", "EAST")


@pytest.mark.parametrize(
    ("resolution", "told"),
    [("found", "Checked in"), ("brought", "Checked in"), ("lost", "Declared lost"), ("missing", "Given up as missing")],
)
def test_a_claim_is_made_and_settled(run, resolution, told) -> None:
    """In each of the four ways."""
    assert 0 == run("check-out", ADA, BOOK)[0]
    assert "Claimed returned" in run("loss", "claim", BOOK)[1]
    assert told in run("loss", "resolve", BOOK, resolution)[1]
    assert (3 if resolution != "lost" else 0) == run("loss", "show", BOOK)[0]


def test_a_loss_is_charged_paid_and_settled(run) -> None:
    """Previewed first; while something is open the loan stays, and staff may set that aside."""
    assert 0 == run("check-out", ADA, BOOK)[0]
    assert "Charged: lost item:        20.00 EUR" in run("loss", "declare", BOOK, "--preview")[1]
    assert (3, 0) == (run("loss", "show", BOOK)[0], run("loss", "declare", BOOK)[0])
    assert (1, 1) == (run("loss", "bill", BOOK)[0], run("loss", "settle", BOOK)[0])
    assert 0 == run("pay", ADA, "25.00 EUR")[0]
    assert "Loss settled" in run("loss", "settle", BOOK)[1]
    assert (1, 0) == (run("loss", "end", BOOK)[0], run("loss", "show", BOOK)[0])
    aside = ("--override", "loss.not_over", "--right", "loss.end_early", "--why", "the shelf burned")
    assert "Loss over" in run("loss", "end", BOOK, *aside)[1]
    assert "Claimed never had" in (run("check-out", BEN, OTHER)[1] and run("loss", "claim", OTHER, "--never-had")[1])


def test_a_return_says_when_and_how(run) -> None:
    """Dated back, out of the drop box, found on the shelf, or broken: a ticket is opened."""
    for how in (("--returned-at", "2020-01-07T10:00"), ("--drop-box",), ("--found-here",), ("--damaged", "torn")):
        assert 0 == run("check-out", ADA, BOOK)[0]
        assert 0 == run("check-in", BOOK, *how)[0]
    assert shown(run, "item", "show", BOOK)["item"]["damaged"]


def test_a_person_gets_what_is_kept_and_is_forgotten(run) -> None:
    """Not while a book is out; afterwards there is nobody of that card."""
    assert 0 == run("check-out", ADA, BOOK)[0]
    assert "Ada Flores" == json.loads(run("patron", "export", ADA)[1])["patron"][0]["name"]
    assert 1 == run("patron", "erase", ADA)[0]
    assert 0 == run("check-in", BOOK)[0]
    assert 0 == run("patron", "erase", ADA)[0]
    assert 3 == run("patron", "show", ADA)[0]
