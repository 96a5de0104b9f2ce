"""The command does what the desk does, and its exit code says how it went."""

from __future__ import annotations

import json
import time
from importlib.resources import files

import pytest

from libops.cli import main

CARD = "21234000000017"


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    """Run the command in a folder of its own; returns exit code, output and errors."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str):
        code = main(arguments)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def town(run, tmp_path):
    """A store with some titles, an item and a patron; returns the item's barcode."""
    titles = tmp_path / "titles.mrc"
    titles.write_bytes(files("libops.cli").joinpath("sample", "catalog.mrc").read_bytes()[:20_000])
    assert 0 == run("init")[0]
    assert 0 == run("import", "titles.mrc", "--rejects", "rejects.mrc")[0]
    assert 0 == run("patron", "add", "Ada Flores", "--category", "adult", "--card", CARD)[0]
    logged = json.loads(run("events", "--json")[1])
    return next(entry["of"]["item"]["barcode"] for entry in logged if entry["event"] == "ItemAdded")


def test_a_loan_from_beginning_to_end(run, town) -> None:
    """Lend, look, renew, return, pay: exit code 0."""
    assert (0, True) == ((answer := run("check-out", CARD, town))[0], "Due:" in answer[1])
    assert "loan:" in run("patron", "show", CARD)[1]
    assert CARD not in run("item", "show", town)[2]
    assert 0 == run("check-in", town)[0]
    assert 0 == run("events")[0]


def test_the_library_says_no_with_exit_code_1(run, town) -> None:
    """Reasons go to the error stream, with their codes."""
    assert 0 == run("check-out", CARD, town)[0]
    code, out, err = run("check-out", CARD, town)
    assert (1, "") == (code, out)
    assert "[item.on_loan_to_patron]" in err


def test_what_an_act_tells_is_said_beside_its_result(run, town) -> None:
    """A misspelled item type is told when the item is added: the item is printed, the note goes to the error stream."""
    bib = json.loads(run("item", "show", town, "--json")[1])["item"]["bib_id"]
    code, out, err = run("item", "add", bib, "--item-type", "bok")
    assert (0, True, True) == (code, "item_type" in out, err.startswith("Note: The settings name no item type bok"))
    told = json.loads(run("item", "add", bib, "--item-type", "bok", "--json")[1])
    assert ("bok", ["item.type_unknown"]) == (told["item_type"], [alert["code"] for alert in told["alerts"]])
    assert ("", False) == (run("item", "add", bib, "--item-type", "book")[2], "alerts" in run("item", "show", town)[1])


def test_a_preview_writes_nothing(run, town) -> None:
    """And says the same."""
    code, out, _ = run("check-out", CARD, town, "--preview", "--explain")
    assert (0, True) == (code, "fallback: no rule matches" in out)
    assert "none" in run("item", "show", town)[1]


def test_json_is_for_programs(run, town) -> None:
    """Answers and refusals are documents."""
    assert CARD == json.loads(run("patron", "show", CARD, "--json")[1])["patron"]["card"]
    assert "Due" not in run("check-out", CARD, town, "--json")[1]
    assert "item.on_loan_to_patron" == json.loads(run("check-out", CARD, town, "--json")[1])["refused"][0]["code"]


def test_wrong_use_is_exit_code_2(run, town) -> None:
    """An amount that is none."""
    code, _, err = run("pay", CARD, "a lot")
    assert 2 == code
    assert "a lot" in err


def test_what_is_not_there_is_exit_code_3(run, town) -> None:
    """An unknown card, an unknown file, a store that was never made."""
    assert 3 == run("patron", "show", "29999999999999")[0]
    assert 3 == run("import", "nothing.mrc")[0]
    code, _, err = run("patron", "show", CARD, "--db", "elsewhere.db")
    assert 3 == code
    assert "libops init --db elsewhere.db" in err


def test_a_broken_store_or_plugin_is_exit_code_4(run, tmp_path) -> None:
    """A file that is no database; a plugin that cannot be imported."""
    (tmp_path / "odd.db").write_bytes(b"not a database at all" * 200)
    assert 4 == run("patron", "show", CARD, "--db", "odd.db")[0]
    code, out, _ = run("plugins", "--plugin", "no_such_plugin")
    assert 4 == code
    assert "no_such_plugin" in out


def test_plugins_are_listed(run) -> None:
    """As text and as JSON, with what each brought."""
    assert (0, True) == ((answer := run("plugins"))[0], "storage: sqlite" in answer[1])
    assert ["memory", "sqlite"] == [row["name"] for row in json.loads(run("plugins", "--json")[1])][:2]


def test_an_override_needs_its_right(run, town) -> None:
    """Naming the code is not enough."""
    assert 0 == run("check-out", CARD, town)[0]
    assert 1 == run("renew", town, "--override", "renewal.without_gain")[0]
    with_right = ["--override", "renewal.without_gain", "--right", "renewal.not_allowed", "--why", "asked nicely"]
    assert 0 == run("renew", town, *with_right)[0]


def test_help_names_the_exit_codes(run, capsys) -> None:
    """The last lines of the help."""
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert 0 == ended.value.code
    assert "Exit codes" in capsys.readouterr().out


def test_a_mistyped_verb_gets_a_hint(run) -> None:
    """The nearest verb is named, and what would be a value elsewhere is not taken for a verb."""
    for words, told in (
        (["chekc-out", "1", "2"], "did you mean 'check-out'?"),
        (["patron", "ad"], "did you mean 'add'?"),
        (["--db", "town.db", "check-out", "1", "2"], "--db stands behind the verb: libops check-out ... --db town.db"),
    ):
        code, out, err = run(*words)
        assert (2, "") == (code, out)
        assert told in err


def test_a_run_is_brought_up_to_a_time_of_the_library(run, town, monkeypatch) -> None:
    """Six in the morning is six where the library is, wherever the machine stands."""
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    try:
        code, out, _ = run("run-due", "--now", "2027-03-04T06:00", "--json")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert (0, "2027-03-04T05:00:00.000000+00:00") == (code, json.loads(out)["at"])


def test_a_step_that_there_is_not_is_wrong_use(run, town) -> None:
    """A nightly job with a slip in it must not look as if the fines had been counted."""
    code, _, errors = run("run-due", "--only", "fine")
    assert 2 == code
    assert "no step 'fine'; it has calendar, renewals, fines" in errors


def test_a_plugin_that_did_not_come_is_told_at_every_act(run, town) -> None:
    """Without its checks something may be lent that the library would keep."""
    code, _, errors = run("check-out", CARD, town, "--plugin", "town_rules")
    assert 0 == code
    assert "libops: plugin town_rules: ModuleNotFoundError: No module named 'town_rules'" in errors


def test_a_file_without_a_single_record_is_not_done(run, tmp_path) -> None:
    """One bad record among good ones stops nobody; a file of nothing else is exit code 1."""
    (tmp_path / "junk.mrc").write_text("Title;Author\nMoby Dick;Melville\n", encoding="utf-8")
    code, _, errors = run("import", "junk.mrc")
    assert (1, True) == (code, "record.truncated" in errors)
