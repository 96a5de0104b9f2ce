"""The conformance report of a storage backend: the contract run as a program, scenario by scenario."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from attrs import frozen

from libops.base.errors import BackendError, LibopsError, NotFound
from libops.hooks.loader import load
from libops.hooks.markers import PROJECT
from libops.hooks.registry import Registry
from libops.storage.port import Capabilities

__all__ = ["Conformance", "Scenario", "conformance", "connection_of", "main", "sqlite_connection"]

CASES = """
import pytest

from libops.testing.conformance import connection_of
from libops.testing.contracts import StorageContract

HOST = {host!r}

class TestStore(StorageContract):
    plugins = {plugins!r}

    def url(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        return {url!r}.format(folder=folder, name=folder.name)

    def host(self, folder):
        if not HOST:
            pytest.skip("no --host module:function says how a host comes to a connection")
        return connection_of(HOST, self.url(folder))
"""


@frozen
class Scenario:
    """One scenario of the contract: its number, what it asks, how it ended (`kept`, `skipped`, `broken`), and why."""

    number: str
    title: str
    outcome: str
    why: str = ""


@frozen
class Conformance:
    """What a backend proved: the capabilities it declares, and every scenario with its outcome."""

    backend: str
    url: str
    capabilities: Capabilities
    scenarios: tuple[Scenario, ...]

    @property
    def kept(self) -> bool:
        """Whether no scenario was broken."""
        return bool(self.scenarios) and all(scenario.outcome != "broken" for scenario in self.scenarios)

    def __str__(self) -> str:
        marks = {"kept": "ok", "skipped": "--", "broken": "NO"}
        lines = [f"{self.backend} at {self.url}"]
        for each in self.scenarios:
            lines.append(f"  {marks[each.outcome]}  {each.number}  {each.title}")
            lines += [f"           {line}" for line in each.why.splitlines()]
        counts = {word: sum(each.outcome == word for each in self.scenarios) for word in marks}
        lines.append(", ".join(f"{number} {word}" for word, number in counts.items()))
        return "\n".join(lines)


def scenarios(report: Path) -> Iterator[Scenario]:
    """The scenarios of pytest's report, one for each number, with the worst outcome of its variants."""
    found: dict[str, Scenario] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        _, number, *words = case.attrib["name"].partition("[")[0].split("_")
        outcome, why = "kept", ""
        for part in case:
            if part.tag in ("failure", "error", "skipped"):
                outcome = "skipped" if part.tag == "skipped" else "broken"
                why = part.attrib.get("message", "")
        earlier = found.get(number)
        if earlier is None or (earlier.outcome != "broken" and outcome != "kept"):
            found[number] = Scenario(number, " ".join(words), outcome, why)
    yield from (found[number] for number in sorted(found))


def sqlite_connection(url: str) -> Any:
    """A host's sqlite3 connection to the file of a store's URL, transactions being the host's to begin."""
    import sqlite3

    return sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)


def connection_of(host: str, url: str) -> Any:
    """A connection of the host's: what `module:function` returns for the URL of a store."""
    module, _, function = host.partition(":")
    return getattr(import_module(module), function)(url)


def bringing(backend: str, plugins: Sequence[str]) -> tuple[str, ...]:
    """These plugins, and where none of them brings the backend the installed one that does."""
    scheme, colon, _ = backend.partition(":")
    installed = [entry.value for entry in metadata.entry_points(group=PROJECT)]
    for named in (tuple(plugins), *((*plugins, module) for module in installed)):
        there = load(named).storage
        if any(scheme in each.schemes for each in there.values()) if colon else backend in there:
            return named
    return tuple(plugins)


def url_of(registry: Registry, backend: str) -> str:
    """The URL asked for; for a backend's name, one of its scheme for a file in a folder."""
    if ":" in backend:
        return backend
    if backend in registry.storage:
        return f"{registry.storage[backend].schemes[0]}:///{{folder}}/library.db"
    for shelf, contract in (
        ("channels", "ChannelContract"),
        ("drivers", "ScannerContract"),
        ("policy_checks", "PolicyContract"),
        ("formats", "FormatContract"),
        ("observers", "ObserverContract"),
    ):
        if backend in getattr(registry, shelf):
            raise NotFound(
                f"{backend!r} is no storage backend but one of the {shelf}: prove it in a test of its own, "
                f"with libops.testing.contracts.{contract}"
            )
    raise NotFound(f"no storage backend is named {backend!r}; there are {', '.join(sorted(registry.storage))}")


def conformance(backend: str, *, plugins: Sequence[str] = (), host: str = "", only: str = "") -> Conformance:
    """Run the storage contract on a backend.

    Args:
        backend: its name, or a URL in which `{folder}` stands for an empty folder and `{name}` for a name that no
            other test has. A URL without either must lead to an empty store each time it is opened first in a test.
        plugins: import paths of the plugins to let in; the installed one that brings the backend need not be named.
        host: for the joined scenarios, `module:function` that returns a host's connection to the store of a URL.
        only: run the scenarios whose numbers begin with this.

    Raises:
        NotFound: there is no such backend.
        BackendError: pytest or Hypothesis is not there, or ended without a report.
    """
    missing = [name for name in ("pytest", "hypothesis") if find_spec(name) is None]
    if missing:
        raise BackendError(f"the contract needs {' and '.join(missing)}: pip install pytest 'libops[testing]'")
    plugins = bringing(backend, plugins)
    registry = load(plugins)
    url = url_of(registry, backend)
    found = registry.backend_for(url)
    if not host and found.name == "sqlite":
        host = f"{__name__ if __name__ != '__main__' else 'libops.testing.conformance'}:sqlite_connection"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        cases = folder / "test_conformance.py"
        cases.write_text(CASES.format(plugins=tuple(plugins), url=url, host=host), encoding="utf-8")
        (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={folder}"]
        command += [
            f"--basetemp={folder / 'runs'}",
            f"--junitxml={folder / 'report.xml'}",
            "-k",
            f"test_{only}",
            str(cases),
        ]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
        if not (folder / "report.xml").exists():
            raise BackendError(f"pytest ended without a report:\n{ran.stdout}{ran.stderr}")
        outcomes = tuple(scenarios(folder / "report.xml"))
    return Conformance(found.name, url, found.capabilities, outcomes)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; the exit code is 0 when every scenario was kept, 1 when one was broken."""
    from libops.wire.json import as_json

    parser = argparse.ArgumentParser(prog="libops conformance", description=__doc__)
    parser.add_argument("backend")
    parser.add_argument("--plugin", action="append", default=[])
    parser.add_argument("--host", default="")
    parser.add_argument("--only", default="")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    try:
        report = conformance(asked.backend, plugins=asked.plugin, host=asked.host, only=asked.only)
    except LibopsError as error:
        print(f"libops: {error}", file=sys.stderr)
        if asked.json:
            print(as_json({"error": {"type": type(error).__name__, "message": str(error)}}))
        return 3 if isinstance(error, NotFound) else 4
    print(as_json(report) if asked.json else report)
    return 0 if report.kept else 1


if __name__ == "__main__":
    sys.exit(main())
