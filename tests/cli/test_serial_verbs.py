"""Serials at the command line: what a technician types, and what comes of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from libops.cli import main

PATTERN = "$a v. $b no. $u 12 $v r $i (year) $j (month) $w m"


def field(**subfields: str) -> dict[str, Any]:
    return {"ind1": " ", "ind2": " ", "subfields": [{code: text} for code, text in subfields.items()]}


@pytest.fixture
def town(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """A store with one serial, and its record."""
    db, file = str(tmp_path / "town.db"), tmp_path / "serial.json"
    fields = [{"001": "s1"}, {"022": field(a="0317-8471")}, {"245": field(a="Town mathematics")}]
    file.write_text(json.dumps({"leader": "00000nas a2200000 a 4500", "fields": fields}), encoding="utf-8")
    assert main(["import", str(file), "--db", db]) == 0
    assert main(["search", "mathematics", "--db", db, "--json"]) == 0
    (bib,) = [hit["bib"]["id"] for hit in json.loads(capsys.readouterr().out.partition("\n")[2])["hits"]]
    return db, bib


def test_a_serial_from_subscription_to_cancellation(town: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """Subscribed, received with an item, taken back, claimed with its letter, skipped, corrected, ended."""
    db, bib = town
    last = datetime.now(tz=UTC).date() - timedelta(days=120)
    at_hand = f"$a 41 $b {last.month} $i {last.year} $j {last.month}"

    def run(*arguments: str) -> Any:
        code = main(["serials", *arguments, "--db", db])
        return code, capsys.readouterr().out

    def listed(key: str) -> list[dict[str, Any]]:
        return list(json.loads(run("issues", key, "--json")[1]))

    start = [
        "subscribe",
        bib,
        "--pattern",
        PATTERN,
        "--last",
        at_hand,
        "--vendor",
        "Ebsworth",
        "--item-type",
        "periodical",
    ]
    assert 0 == run(*start, "--preview")[0]
    assert "" == run("list")[1]
    assert 0 == run(*start, "--call-number", "510.5")[0]
    key = run("list")[1].split()[0]
    assert 1 == run(*start)[0]
    first, second, third = [issue["id"] for issue in listed(key)[:3]]
    assert "item 31234000099990: 510.5" in run("receive", key, "--barcode", "31234000099990")[1]
    assert 0 == run("undo", first)[0]
    assert "expected" == listed(key)[0]["state"]
    code, letter = run("claim", first, "--note", "by letter")
    assert 0 == code
    assert "0317-8471" in letter
    assert "claimed 1" in run("issues", key)[1]
    assert 0 == run("settle", "skip", second, "--note", "not wanted")[0]
    assert 0 == run("settle", "reopen", second)[0]
    assert 0 == run("settle", "give-up", third)[0]
    assert 0 == run("supplement", key, "--enumeration", "v.41:suppl.1", "--no-item")[0]
    assert 0 == main(["run-due", "--db", db])
    assert 0 == run("to-claim")[0]
    assert 1 == run("correct", key, "--last", at_hand, "--preview")[0]
    assert 0 == run("correct", key, "--last", at_hand, "--preview", "--override", "subscription.later_issues")[0]
    assert 0 == run("cancel", key)[0]
    assert 1 == run("cancel", key)[0]
