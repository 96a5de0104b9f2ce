"""Settings at the command line: check, lint, show, diff."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from libops.cli.main import main

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "settings"
SCHOOL = FOLDER / "school.toml"


def test_a_good_file_is_named_with_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody who changed the file sees that it can be used."""
    assert 0 == main(["settings", "check", str(SCHOOL), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (9, 16) == (told["rules"], len(told["version"]))


def test_all_problems_of_a_bad_file_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong use is exit code 2; a missing file is 3."""
    path = tmp_path / "school.toml"
    text = (
        SCHOOL.read_text(encoding="utf-8").replace('loan = "films"', 'loan = "film"').replace("items_out", "item_out")
    )
    path.write_text(text, encoding="utf-8")
    assert 2 == main(["settings", "check", str(path)])
    assert (
        "school.toml.limit_policies.lower.item_out: unknown key; did you mean 'items_out'?" in capsys.readouterr().err
    )
    assert 3 == main(["settings", "check", str(tmp_path / "none.toml")])


PLUGIN = """
from libops.catalog.matching import MatchKey
from libops.hooks import Format, hookimpl


@hookimpl
def libops_formats():
    return [Format("match_key", "author-year", MatchKey("author-year", 2, lambda bib: f"{bib.author} {bib.year}"))]
"""


def test_a_match_key_is_known_with_its_plugin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key of a plugin that is let in, in its version; slips and earlier versions are told."""
    (tmp_path / "libops_author_year.py").write_text(PLUGIN, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    path = tmp_path / "school.toml"
    check = ["settings", "check", str(path)]

    def asking_for(key: str) -> None:
        text = SCHOOL.read_text(encoding="utf-8")
        path.write_text(f'{text}\n[catalog.matching]\nkey = "{key}"\n', encoding="utf-8")

    asking_for("author-year/2")
    assert 2 == main(check)
    assert "--plugin" in capsys.readouterr().err
    assert 0 == main([*check, "--plugin", "libops_author_year", "--json"])
    assert "author-year/2" == json.loads(capsys.readouterr().out)["match_key"]
    asking_for("autor-year")
    assert 2 == main([*check, "--plugin", "libops_author_year"])
    told = capsys.readouterr().err
    assert "school.toml.catalog.matching.key" in told
    assert "did you mean 'author-year'?" in told
    assert "title-year-author/1, fingerprint/1, author-year/2" in told
    asking_for("author-year/1")
    assert 2 == main([*check, "--plugin", "libops_author_year"])
    assert "no match key 'author-year/1'; none of version 1" in capsys.readouterr().err


def test_the_linter_says_nothing_about_a_clean_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0 and no line; 1 and a line for each finding. The school year is over in 2030."""
    assert 0 == main(["settings", "lint", str(SCHOOL), "--today", "2026-03-02"])
    assert "" == capsys.readouterr().out
    assert 1 == main(["settings", "lint", str(SCHOOL), "--today", "2030-03-02"])
    assert "loan_policies.school-year.due.schedule" in capsys.readouterr().out


def test_the_canonical_form_is_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is printed can be read again."""
    assert 0 == main(["settings", "show", str(SCHOOL)])
    assert "Riverside School Library" == json.loads(capsys.readouterr().out)["name"]


def test_what_another_file_would_decide(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A longer loan shows as the option that changed, and with a day as other due dates."""
    other = tmp_path / "school.toml"
    other.write_text(SCHOOL.read_text(encoding="utf-8").replace('"2 weeks"', '"3 weeks"'), encoding="utf-8")
    assert 0 == main(["settings", "diff", str(SCHOOL), str(SCHOOL)])
    assert 1 == main(["settings", "diff", str(SCHOOL), str(other), "--day", "2026-03-02"])
    out = capsys.readouterr().out
    assert "due.period: 2 weeks -> 3 weeks" in out
    assert "due: 2026-03-16 13:30 (rule lower) -> 2026-03-23 13:30 (rule lower)" in out
