"""A new plugin works from the first minute: what the command writes passes its own contract."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from libops.base.errors import InvalidValue
from libops.cli import main
from libops.cli.new_plugin import KINDS, new_plugin

HYPOTHESIS = Path(__file__).resolve().parents[2] / ".hypothesis"
TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "plugins" / "write-a-storage-backend.md"


def run(*arguments: str, path: list[Path], cwd: Path) -> str:
    """Run Python with these folders on its path; what it prints."""
    places = [*map(str, path), *filter(None, sys.path)]
    ran = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        # Hypothesis keeps its tables of Unicode in its folder; without them each run would make them again.
        env={**os.environ, "PYTHONPATH": os.pathsep.join(places), "HYPOTHESIS_STORAGE_DIRECTORY": str(HYPOTHESIS)},
        capture_output=True,
        text=True,
    )
    assert 0 == ran.returncode, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory) -> dict[str, list[ElementTree.Element]]:
    """One plugin of each kind, made by the command; all their tests, run as they are written, by kind."""
    folder = tmp_path_factory.mktemp("plugins")
    for kind in KINDS:
        assert 0 == main(["plugin", "new", f"town-{kind}", "--kind", kind, "--folder", str(folder)])
    sources = [folder / f"libops-town-{kind}" / "src" for kind in KINDS]
    asked = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib", "--junitxml=report.xml"]
    run(*asked, *(f"libops-town-{kind}/tests" for kind in KINDS), path=sources, cwd=folder)
    cases = list(ElementTree.parse(folder / "report.xml").iter("testcase"))
    return {kind: [case for case in cases if f"Town{kind.capitalize()}" in case.attrib["classname"]] for kind in KINDS}


@pytest.mark.parametrize(
    ("kind", "passes"), [("storage", 100), ("channel", 9), ("driver", 20), ("policy", 11), ("format", 12)]
)
def test_a_new_plugin_passes_its_contract(kind, passes, outcomes) -> None:
    """Each kind, as it is written, with the tests that come with it; so many at least, and none fails."""
    told = [(case.attrib["name"], part.tag) for case in outcomes[kind] for part in case if part.tag != "properties"]
    assert [] == [name for name, tag in told if tag != "skipped"]
    assert len(outcomes[kind]) - len(told) >= passes


def test_the_tutorial_tells_how_many_tests_pass(outcomes) -> None:
    """Whoever follows it should see the same."""
    cases = outcomes["storage"]
    skipped = sum(case.find("skipped") is not None for case in cases)
    assert f"{len(cases) - skipped} passed, {skipped} skipped" in TUTORIAL.read_text(encoding="utf-8")


def test_a_new_plugin_can_be_installed_and_discovered(tmp_path) -> None:
    """pip builds it, and its entry point lets it in."""
    pytest.importorskip("hatchling", reason="the build backend hatchling is not installed")
    new_plugin("paper-tray", "channel", tmp_path)
    site = tmp_path / "site"
    pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation"]
    run(*pip, "--target", str(site), str(tmp_path / "libops-paper-tray"), path=[], cwd=tmp_path)
    told = run("-m", "libops.cli", "plugins", "--discover", path=[site], cwd=tmp_path)
    assert re.search(r"paper_tray +ok +entry point libops_paper_tray +channels: paper_tray", told)


@pytest.mark.parametrize(
    ("name", "kind", "told"),
    [("Paper Tray", "channel", "hyphens"), ("paper-tray", "chanel", "channel"), ("twice", "policy", "there already")],
)
def test_what_cannot_be_made_is_told(name, kind, told, tmp_path) -> None:
    """A name that is none, a kind that is none, a folder that is taken: nothing is written over."""
    (tmp_path / "libops-twice").mkdir()
    with pytest.raises(InvalidValue, match=told):
        new_plugin(name, kind, tmp_path)
    assert ["libops-twice"] == [path.name for path in tmp_path.iterdir()]


def test_the_tutorial_builds_what_the_command_writes(tmp_path) -> None:
    """Every line of the page's code is in the plugin, in its order, and every line of the plugin is on the page."""
    new_plugin("lines", "storage", tmp_path)
    home = tmp_path / "libops-lines"
    text = TUTORIAL.read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    built = [line for block in blocks[:4] for line in block.splitlines() if line.strip()]
    written = (home / "src" / "libops_lines" / "__init__.py").read_text(encoding="utf-8").split('"""\n', 1)[1]
    assert [line for line in written.splitlines() if line.strip()] == built
    proof = (home / "tests" / "test_contract.py").read_text(encoding="utf-8").split('"""\n', 1)[1]
    assert proof.strip() == blocks[-1].strip()


def test_half_a_line_at_the_end_is_cut_off(tmp_path) -> None:
    """What a crash left unfinished was never acknowledged; a damaged line in the middle is told with its number."""
    new_plugin("lines", "storage", tmp_path)
    script = """
import pathlib
import libops
path = pathlib.Path("town.jsonl")
def opened():
    return libops.open("lines:///town.jsonl", plugins=["libops_lines"])
with opened() as ops:
    assert ops.patrons.register(name="Ada Flores", category="adult", card="21234000000017")
whole = path.read_bytes()
path.write_bytes(whole + b'[[["patron", "half')
with opened() as ops:
    assert ops.patrons.get("21234000000017").name == "Ada Flores"
assert whole == path.read_bytes()
path.write_bytes(b"{}\\n" + whole)
try:
    opened()
except libops.LibopsError as error:
    print(error)
"""
    told = run("-c", script, path=[tmp_path / "libops-lines" / "src"], cwd=tmp_path)
    assert "line 1 of town.jsonl" in told
