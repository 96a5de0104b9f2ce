"""The house has floors: imports go down only, and inside a room every file knows its place."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

HOME = Path(__file__).resolve().parents[2]

SHAPE = ("model", "reasons", "events", "policy", "decide", "changes")
"""What a room's files and folders are called, in every room alike (CONTRIBUTING.md)."""

TOPICS = {
    "base": "answers barcodes bounds calendars cards decisions errors holders ids makers money packages pages periods "
    "pictures spoken texts traces",
    "catalog": "authorities crosswalk export_formats marc matching naco numbers questions search serials title_key "
    "validation",
    "classification": "anscr cutter ddc enumeration keys lcc local nlm scheme shelving stamps sudoc tail udc "
    "vocabulary",
    "equipment": "report",
    "fees": "account lateness overdue reminders suspensions",
    "inventory": "report",
    "items": "drafts mapping",
    "notices": "planner render templates timing",
    "patrons": "standing",
    "processing": "labels",
}
"""What rooms have besides, by its topic."""

LOOKS_UP = {"src/libops/cli/plugin_verbs.py"}
"""Who runs the contracts of `libops.testing` on a plugin, as a program of its own."""


def test_imports_go_down_only(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The contracts of pyproject.toml hold; a new package must be given its floor there."""
    monkeypatch.syspath_prepend(str(HOME / "src"))
    monkeypatch.chdir(HOME)
    # It would silence every logger that is there, and the tests that read the log after it.
    monkeypatch.setattr("logging.config.dictConfig", lambda config: None)
    kept = lint_imports(config_filename=str(HOME / "pyproject.toml"), no_cache=True, show_timings=False) == 0
    said = capsys.readouterr().out
    assert kept, f"import contracts of pyproject.toml are broken:\n{said}"


def floors() -> dict[str, int]:
    """How high each floor is, as the contract lists them from the top."""
    contracts = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = next(contract["layers"] for contract in contracts["contracts"] if contract["id"] == "floors")
    return {name.strip(" ()"): -number for number, layer in enumerate(layers) for name in re.split("[|:]", layer)}


def test_modules_named_for_later_are_below_too(core) -> None:
    """What is imported when it is first used is named in a string, which no import contract reads."""
    height = floors()
    strays = [
        f"{source.name}:{node.lineno} names {node.value}"
        for source in core
        if source.floor in height and source.name not in LOOKS_UP
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if (named := re.fullmatch(r"libops\.(\w+)(?:[.:]\w+)*", node.value)) and named[1] in height
        if height[named[1]] > height[source.floor]
    ]
    assert [] == strays


def test_files_of_rooms_have_the_names_of_their_job(core, rooms) -> None:
    """A file's name says what it may hold and import: contracts and laws go by it and know no other names.

    What a room has besides is a topic of its own, and is named here.
    """
    strays, topics = [], {(room, topic) for room, names in TOPICS.items() for topic in names.split()}
    found = set()
    for source in core:
        room, _, rest = source.module.removeprefix("libops.").partition(".")
        name = rest.split(".")[0]
        if room in rooms and name and name not in SHAPE:
            found.add((room, name))
            if (room, name) not in topics:
                strays.append(source.name)
    assert [] == strays, f"call it {', '.join(SHAPE)}, or add its topic to TOPICS, if it is none of these"
    assert set() == topics - found, "no longer there: take it out of TOPICS"


def test_changes_ask_no_policy(core, rooms) -> None:
    """What an event changes is settled when it has happened: replayed under other terms the log gives the same records.

    The contract lets `changes` see all below; it cannot say that the policy of its own room is none of its business.
    """
    strays = [
        f"{source.name}:{line} imports {name}"
        for source in core
        if source.floor in rooms and f"{source.module}.".startswith(f"libops.{source.floor}.changes.")
        for name, line in source.imports()
        if f"{name}.".startswith(f"libops.{source.floor}.policy.")
    ]
    assert [] == strays


def test_every_room_has_its_strategies(core, rooms) -> None:
    """Who tests against a room finds values for it in the module of its name."""
    built = {source.floor for source in core} & rooms
    there = {path.stem for path in (HOME / "src" / "libops" / "testing" / "strategies").glob("*.py")}
    assert [] == sorted(built - there), "add src/libops/testing/strategies/<room>.py"


def test_nothing_looks_at_the_garden(sources) -> None:
    """Strategies and fakes of `libops.testing` are for tests: nothing that ships imports them."""
    strays = [
        f"{source.name}:{line} imports {name}"
        for source in sources
        if source.floor != "testing"
        for name, line in source.imports()
        if name == "libops.testing" or name.startswith("libops.testing.")
    ]
    assert [] == strays


def test_every_folder_of_modules_is_a_package(sources) -> None:
    """Import contracts and pins read packages: a folder without `__init__.py` would be a room without laws."""
    homes = {source.path.parent for source in sources if source.path.parent.name != "src"}
    assert [] == [home.relative_to(HOME).as_posix() for home in sorted(homes) if not (home / "__init__.py").exists()]
