"""Authority records at the command line: what is listed first, what is done, what is taken back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from libops.cli import main


def test_headings_under_control(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Added, found, controlled, changed, merged, removed, taken back."""
    db, file = str(tmp_path / "town.db"), tmp_path / "cook.json"
    topic = {"650": {"ind1": " ", "ind2": " ", "subfields": [{"a": "Cookery"}]}}
    title = {"245": {"ind1": " ", "ind2": " ", "subfields": [{"a": "Bread and butter"}]}}
    fields = [{"001": "1"}, {"003": "XxTown"}, title, topic]
    file.write_text(json.dumps({"leader": "00000nam a2200000 a 4500", "fields": fields}), encoding="utf-8")
    assert main(["import", str(file), "--db", db]) == 0
    capsys.readouterr()

    def run(*arguments: str) -> tuple[int, str]:
        code = main(["authority", *arguments, "--db", db])
        return code, capsys.readouterr().out

    assert 0 == run("add", "topic", "Cooking", "--number", "(XxTown)t1", "--see-from", "Cookery")[0]
    key = run("find", "cookery")[1].split()[0]
    assert "650: Cookery -> Cooking" in run("control", "--preview")[1]
    assert "1 titles changed" in run("control")[1]
    assert 1 == run("control")[0]
    assert "650: Cooking -> Food" in run("change", key, "--heading", "Food", "--preview")[1]
    assert "1 titles changed" in run("change", key, "--heading", "Food")[1]
    assert 0 == run("add", "topic", "Victuals", "--number", "(XxTown)t2")[0]
    other = run("find", "(XxTown)t2")[1].split()[0]
    assert 0 == run("merge", other, key, "--most", "0", "--preview")[0]
    assert 0 == run("merge", other, key)[0]
    assert 3 == run("find", "nothing of it")[0]
    assert 1 == run("delete", other)[0]
    right = ["--override", "authority.in_use", "--right", "catalog.delete_linked_authority", "--why", "test"]
    code, said = run("delete", other, *right, "--json")
    assert 0 == code
    change = json.loads(said)["change"]["id"]
    assert "" == run("changes")[1]
    assert "undone: 1 titles changed" in run("follow", "undo", change)[1]
    assert 1 == run("follow", "dismiss", change)[0]
