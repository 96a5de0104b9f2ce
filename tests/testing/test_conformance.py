"""The conformance report says which promises a backend keeps, which it does not declare, and which it breaks."""

from __future__ import annotations

import json
import re
from pathlib import Path

import attrs
import pytest

from libops.cli import main
from libops.storage.port import Capabilities
from libops.testing import contracts
from libops.testing.conformance import conformance
from libops.testing.contracts import FormatContract, StorageContract

PAGE = Path(__file__).resolve().parents[2] / "docs" / "plugins" / "storage-contract.md"

FORGETFUL = '''
from libops.hooks import StorageBackend, hookimpl
from libops.storage.memory import MEMORY_CAPABILITIES, MemoryStorage


class Forgetful(MemoryStorage):
    """A store that takes the last for the first."""

    def read(self, queries):
        return super().read([q._replace(descending=False) if hasattr(q, "descending") else q for q in queries])


@hookimpl
def libops_storage():
    return [StorageBackend("forgetful", ("forgetful",), lambda url, durability: Forgetful(), MEMORY_CAPABILITIES)]
'''


def scenarios(contract: type, above: type = object) -> list[str]:
    """Every scenario of a contract as a row of its page, but those of the contract it inherits."""
    found = []
    for name in sorted(set(dir(contract)) - set(dir(above))):
        if name.startswith("test_"):
            _, number, *words = name.split("_")
            said = getattr(contract, name).__doc__.strip()
            found.append(f"| {number} | {' '.join(words)} | {said} |")
    return found


def rows(text: str) -> list[str]:
    return re.findall(r"^\| \d{3} \|.*\|$", text, flags=re.MULTILINE)


def test_the_page_of_scenarios_is_that_of_the_code() -> None:
    """Each scenario stands in the docs under the number of its test, with its words, and no other does."""
    wanted = scenarios(StorageContract)
    assert wanted == rows(PAGE.read_text(encoding="utf-8")), f"rows of {PAGE.name} should be:\n" + "\n".join(wanted)


def test_the_other_contracts_have_their_scenarios_on_one_page() -> None:
    """A section for each contract that is exported, numbered like its tests."""
    sections = PAGE.with_name("contracts.md").read_text(encoding="utf-8").split("\n## ")[1:]
    shown = {section.partition("\n")[0]: rows(section) for section in sections}
    wanted = {
        name: scenarios(getattr(contracts, name), FormatContract if name == "LabelFormatContract" else object)
        for name in contracts.__all__
        if name.endswith("Contract") and name != "StorageContract"
    }
    assert wanted == shown


def test_the_page_names_every_capability() -> None:
    """At most twelve, each explained; a skip names the one that is missing."""
    flags = [attribute.name for attribute in attrs.fields(Capabilities)]
    assert len(flags) <= 12
    assert [] == [flag for flag in flags if f"| `{flag}` |" not in PAGE.read_text(encoding="utf-8")]


def test_a_backend_that_breaks_a_promise_is_told_which(tmp_path, monkeypatch) -> None:
    """The report names the scenario and shows what was expected."""
    (tmp_path / "libops_forgetful.py").write_text(FORGETFUL, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    report = conformance("forgetful", plugins=["libops_forgetful"], only="20")
    assert not report.kept
    assert ["203"] == [scenario.number for scenario in report.scenarios if scenario.outcome == "broken"]
    assert "item-0001" in next(scenario.why for scenario in report.scenarios if scenario.number == "203")


def test_a_backend_that_is_installed_is_found_by_its_name(tmp_path, monkeypatch, capsys) -> None:
    """For the report by its entry point; everywhere else it is told that it was not let in, and how it would be."""
    (tmp_path / "libops_forgetful.py").write_text(FORGETFUL, encoding="utf-8")
    installed = tmp_path / "libops_forgetful-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: libops-forgetful\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text("[libops]\nforgetful = libops_forgetful\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert conformance("forgetful", only="101").kept
    assert 3 == main(["events", "--db", "forgetful:town"])
    assert "not let in: " in (said := capsys.readouterr().err)
    assert "libops_forgetful" in said
    assert 0 == main(["events", "--db", "forgetful:town", "--plugin", "libops_forgetful"])


def test_the_command_prints_the_report(capfd) -> None:
    """For people and for programs; skipped scenarios name the capability."""
    assert 0 == main(["conformance", "memory", "--only", "6"])
    assert "memory does not declare the capability 'joins'" in capfd.readouterr().out
    assert 0 == main(["conformance", "sqlite", "--only", "60", "--json"])
    told = json.loads(capfd.readouterr().out)
    assert {"kept"} == {scenario["outcome"] for scenario in told["scenarios"]}


@pytest.mark.parametrize(
    ("name", "told"), [("console", "ChannelContract"), ("html", "FormatContract"), ("oracle", "memory")]
)
def test_what_is_no_storage_backend_is_told(name, told, capfd) -> None:
    """A channel has a contract of its own; an unknown name is told with those there are."""
    assert 3 == main(["conformance", name])
    assert told in capfd.readouterr().err
