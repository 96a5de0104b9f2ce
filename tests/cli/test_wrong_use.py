"""Whoever mistypes at the command line is told what was wrong, in a sentence, with the documented exit code.

Programs that ask with `--json` get one JSON document, whatever happens.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.resources import files

import pytest

from libops.cli import main
from libops.desk.settings.loading import default_settings

CARD, LABEL = "21234000000017", "31234000000016"

WRONG = {
    "a file that is a folder": (2, "Is a directory", ("shelf-read", "folder")),
    "a file that is not there": (3, "'gone.txt': No such file", ("shelf-read", "gone.txt")),
    "a file in another encoding": (2, "no text in UTF-8: byte 1 is 0xfc", ("shelf-read", "latin1.txt")),
    "labels from a file in another encoding": (
        2,
        "no text in UTF-8",
        ("labels", "--items", "latin1.txt", "--out", "x.html"),
    ),
    "settings in another encoding": (2, "save it so, as TOML asks", ("settings", "check", "latin1.txt")),
    "settings that are a folder": (2, "Is a directory", ("settings", "check", "folder")),
    "a list of a closing that is none": (2, "is no list of a closing", ("closing", "apply", "junk.json", "--why", "x")),
    "a list of a closing from a folder": (2, "Is a directory", ("closing", "apply", "folder", "--why", "x")),
    "a closing that ends before it begins": (
        2,
        "the last day comes after the first",
        ("closing", "list", "MAIN", "2026-12-26", "2026-12-24"),
    ),
    "a report that ends before it begins": (
        2,
        "the last day comes after the first",
        ("in-house", "report", "2026-03-31", "2026-03-01"),
    ),
    "a day written in another way": (2, "'31.03.2026' is no day", ("notice", "on", "31.03.2026")),
    "a time that is none": (2, "'tomorrow' is no date and time", ("run-due", "--now", "tomorrow")),
    "a folder to write rejects to": (2, "cannot write 'folder'", ("import", "titles.mrc", "--rejects", "folder")),
    "a folder that is not there": (
        3,
        "cannot write 'no/such/l.html'",
        ("labels", "--items", LABEL, "--out", "no/such/l.html"),
    ),
    "a folder to import": (2, "cannot read 'folder': Is a directory", ("import", "folder")),
    "nothing to import": (1, "", ("import", "empty")),
    "a misspelled option": (2, "did you mean '--override'?", ("check-out", CARD, LABEL, "--overide", "x")),
    "a misspelled word before the verb": (2, "--help", ("--hlep",)),
    "a word too many": (2, "'extra' is too much", ("check-in", LABEL, "extra")),
    "a word too few": (2, "see `libops check-out --help`", ("check-out", CARD)),
    "no verb": (2, "VERB", ()),
    "an empty name of a store": (2, "--db is empty", ("patron", "show", CARD, "--db", "")),
    "an empty file as a store": (3, "libops init --db empty", ("patron", "show", CARD, "--db", "empty")),
    "a URL of a store with a slip": (3, "no store", ("check", "--db", "sqlite:///twon.db")),
    "a kind of material that there is not": (2, "there are book, serial", ("search", "bread", "--of-type", "bok")),
    "no hit at all": (2, "limit 0", ("search", "bread", "--limit", "0")),
    "a label in place of a card": (3, "looks like an item's barcode", ("patron", "show", LABEL)),
    "card and label swapped": (1, "looks like a patron's card", ("check-out", LABEL, CARD)),
    "a queue of a title that is not there": (3, "'gone'", ("hold", "list", "--bib", "gone")),
    "issues of no subscription": (3, "'gone'", ("serials", "issues", "gone")),
    "a ticket without a word": (2, "say what is wrong", ("ticket", "open", " ", "--asset", "copier-1")),
    "a plugin in a place that is a file": (
        2,
        "Not a directory",
        ("plugin", "new", "x", "--kind", "policy", "--folder", "empty"),
    ),
    "a demo in a store of one's own": (2, "no option '--db'", ("demo", "--db", "town.db")),
    "a demo by settings of one's own": (2, "no option '--settings'", ("demo", "--settings", "town.toml")),
    "plugins of a store": (2, "no option '--db'", ("plugins", "--db", "town.db")),
    "a demo of a file that is not there": (3, "no file 'gone.mrc'", ("demo", "--marc", "gone.mrc")),
    "a demo of a file without titles": (2, "needs five titles", ("demo", "--marc", "empty")),
}


JAMMED = """
from libops.base.errors import DeviceError
from libops.hooks import DeviceKind, Driver, hookimpl

def jammed(options):
    raise DeviceError("the paper is jammed")

@hookimpl
def libops_drivers():
    return [Driver("jammed", DeviceKind.LABEL_PRINTER, jammed, jammed)]
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A store with some titles and a patron, and files that are no use."""
    folder = tmp_path_factory.mktemp("town")
    sample = files("libops.cli").joinpath("sample", "catalog.mrc").read_bytes()
    (folder / "titles.mrc").write_bytes(sample[:4_000])
    (folder / "latin1.txt").write_bytes("Bücher\n".encode("latin-1"))
    (folder / "junk.json").write_text("{", encoding="utf-8")
    (folder / "empty").touch()
    (folder / "folder").mkdir()
    store = ("--db", str(folder / "library.db"))
    assert 0 == main(["import", str(folder / "titles.mrc"), *store])
    assert 0 == main(["patron", "add", "Ada Flores", "--category", "adult", "--card", CARD, *store])
    assert 0 == main(["asset", "add", "copier-1", "Copier", "--kind", "copier", *store])
    return folder


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_told_in_a_sentence(town, mistake, monkeypatch, capsys) -> None:
    """No traceback, the exit code that `libops --help` names, and with `--json` one document that says the same."""
    monkeypatch.chdir(town)
    expected, told, words = WRONG[mistake]
    code = main(words)
    assert (expected, True) == (code, told in capsys.readouterr().err)
    code = main([*words, "--json"])
    said = json.loads(capsys.readouterr().out)
    assert expected == code
    assert 1 == code or told in said["error"]["message"]


def test_a_plugin_or_a_device_that_fails_is_told_in_a_sentence(town, tmp_path, monkeypatch, capsys) -> None:
    """A device that does not answer is no wrong use, and a plugin that cannot be had no traceback."""
    (tmp_path / "jammed_printer.py").write_text(JAMMED, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    settings = tmp_path / "town.json"
    plain = default_settings().canonical() | {"devices": {"zebra": {"driver": "jammed"}}}
    settings.write_text(json.dumps(plain), encoding="utf-8")
    store = ("--db", str(town / "library.db"), "--settings", str(settings))
    guests = ("--plugin", "jammed_printer", "--plugin", "gone")
    code = main(["labels", "--items", LABEL, "--print-on", "zebra", *store, *guests])
    told = capsys.readouterr().err
    assert 4 == code
    assert "libops: plugin gone: ModuleNotFoundError: No module named 'gone'" == told.splitlines()[0]
    assert "the paper is jammed" in told.splitlines()[-1]
    assert "Traceback" not in told


def test_every_list_is_one_document(town, monkeypatch, capsys) -> None:
    """The log, an answer with its trace, several answers: a program reads each with one call."""
    monkeypatch.chdir(town)
    for words, length in (
        (("events", "--after", "999999"), 0),
        (("events", "--after", "0"), None),
        (("in-house", "count", LABEL, "gone"), 2),
    ):
        main([*words, "--json"])
        rows = json.loads(capsys.readouterr().out)
        assert length is None or length == len(rows)
    assert 0 == main(["check-out", CARD, LABEL, "--preview", "--explain", "--json"])
    assert "fallback" == json.loads(capsys.readouterr().out)["trace"]["rules"][0]["rule"]


def test_who_reads_only_the_first_lines_is_not_scolded(town) -> None:
    """`libops events | head -1` ends quietly."""
    command = [sys.executable, "-m", "libops.cli", "events", "--db", str(town / "library.db")]
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        ran = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, check=False)
    assert (141, b"") == (ran.returncode, ran.stderr)
