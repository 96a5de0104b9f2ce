"""Rooms are pure: no clock, randomness, input or output, and each heavy library is known in one place only."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

SRC = Path(__file__).resolve().parents[2] / "src"

NOT_IN_ROOMS = frozenset(
    [
        "asyncio",
        "cattrs",
        "concurrent",
        "contextvars",
        "getpass",
        "glob",
        "http",
        "locale",
        "logging",
        "multiprocessing",
        "os",
        "pathlib",
        "pluggy",
        "queue",
        "random",
        "rich",
        "secrets",
        "select",
        "shutil",
        "signal",
        "smtplib",
        "socket",
        "sqlite3",
        "ssl",
        "subprocess",
        "sys",
        "syslog",
        "tempfile",
        "threading",
        "time",
        "urllib",
        "uuid",
        "warnings",
    ]
)
"""Modules with a clock, randomness, I/O, shared state or plugin machinery."""

NOT_CALLED_IN_ROOMS = frozenset({"open", "print", "input", "breakpoint", "exec", "eval"})

WRITES_FUNCTIONS = {"src/libops/base/makers.py:exec"}
"""It writes the functions that make values out of the fields of their class, as attrs writes `__init__`."""

CLOCKS = frozenset({"now", "utcnow", "today"})

KNOWN_ONLY_TO = {
    "cattrs": ("libops.wire",),
    "hypothesis": ("libops.testing",),
    "pluggy": ("libops.hooks", "libops.desk", "libops.testing"),
    "pymarc": ("libops.catalog.marc", "libops.testing"),
    "pytest": ("libops.testing",),
    "rich": ("libops.cli",),
    "sqlite3": ("libops.hooks", "libops.storage", "libops.desk", "libops.testing"),
}
"""Which part of the core may know which library."""


def test_rooms_import_nothing_that_touches_the_world(core, rooms) -> None:
    """Time, identifiers and opening hours arrive as arguments, so a room can be used alone."""
    strays = [
        f"{source.name}:{line} imports {name}"
        for source in core
        if source.floor in rooms
        for name, line in source.imports()
        if name.split(".")[0] in NOT_IN_ROOMS
    ]
    assert [] == strays, "take what you need as an argument and let the desk bring it"


def test_rooms_read_no_clock_and_no_file(core, rooms) -> None:
    """A room never asks what time it is and never opens or prints anything."""
    strays = []
    for source in core:
        if source.floor not in rooms:
            continue
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            if isinstance(called, ast.Name) and called.id in NOT_CALLED_IN_ROOMS:
                if f"{source.name}:{called.id}" in WRITES_FUNCTIONS:
                    continue
                strays.append(f"{source.name}:{node.lineno} calls {called.id}()")
            elif isinstance(called, ast.Attribute) and called.attr in CLOCKS:
                strays.append(f"{source.name}:{node.lineno} calls .{called.attr}()")
    assert [] == strays, "take the time or the text as an argument"


def test_rooms_have_no_imports_for_type_checkers_only(core, rooms) -> None:
    """Annotations of rooms must resolve at run time, or records could not be structured from plain data.

    A package that only offers the names of its modules has no annotations: see `libops.base.packages`.
    """
    strays = [
        f"{source.name}:{node.lineno}"
        for source in core
        if source.floor in rooms
        if not (source.path.name == "__init__.py" and only_offers(source.tree))
        for node in ast.walk(source.tree)
        if (isinstance(node, ast.Name) and node.id == "TYPE_CHECKING")
        or (isinstance(node, ast.Attribute) and node.attr == "TYPE_CHECKING")
    ]
    assert [] == strays, "import the name plainly; if that makes a circle, the class is on the wrong floor"


def only_offers(tree: ast.Module) -> bool:
    return not any(isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AnnAssign) for node in ast.walk(tree))


def test_values_are_attrs(sources) -> None:
    """One kind of value everywhere: frozen attrs classes, no dataclasses."""
    strays = [
        f"{source.name}:{line}"
        for source in sources
        for name, line in source.imports()
        if name.split(".")[0] == "dataclasses"
    ]
    assert [] == strays, "use `from attrs import frozen`"


def test_each_library_is_known_in_one_place(core) -> None:
    """Only `catalog.marc` knows pymarc, only `wire` knows cattrs, only hooks and desk know pluggy, and so on."""
    strays = [
        f"{source.name}:{line} imports {name}"
        for source in core
        for name, line in source.imports()
        if not source.module.startswith(KNOWN_ONLY_TO.get(name.split(".")[0], ("libops",)))
    ]
    assert [] == strays, f"only these may: {KNOWN_ONLY_TO}"


def test_importing_libops_stays_cheap() -> None:
    """`import libops` loads no test library, no MARC library and no database."""
    code = (
        "import sys, libops; print(*sorted({'hypothesis', 'pymarc', 'sqlite3', 'rich', 'pytest'} & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(SRC)}, capture_output=True, text=True
    )
    assert ("", "") == (ran.stdout.strip(), ran.stderr)
