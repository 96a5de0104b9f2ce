"""Rooms are pure: no clock, randomness, input or output, and each heavy library is known in one place only."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src"

IN_ROOMS = frozenset(
    [
        "__future__",
        "attrs",
        "bisect",
        "calendar",
        "codecs.charmap_decode",
        "collections",
        "csv",
        "datetime",
        "decimal",
        "difflib",
        "enum",
        "functools",
        "hashlib",
        "html",
        "importlib.resources",
        "io.BytesIO",
        "io.StringIO",
        "itertools",
        "json",
        "libops",
        "math",
        "operator",
        "re",
        "statistics",
        "string",
        "tomllib",
        "types",
        "typing",
        "unicodedata",
        "xml.parsers.expat",
        "xml.sax.saxutils",
        "zoneinfo",
    ]
)
"""Modules that compute and do nothing else, and such parts of others. Tables that come with a package are read through
`importlib.resources`."""

BESIDE = {
    "src/libops/base/packages.py": {"importlib"},
    "src/libops/catalog/marc/": {"pymarc"},
}
"""What single files and folders may import as well: how packages are offered, and the reader of MARC."""

NOT_CALLED_IN_ROOMS = frozenset(
    {"open", "print", "input", "breakpoint", "exec", "eval", "compile", "globals", "__import__"}
)

WRITES_FUNCTIONS = {"src/libops/base/makers.py:exec"}
"""It writes the functions that make values out of the fields of their class, as attrs writes `__init__`."""

CLOCKS = frozenset({"now", "utcnow", "today"})
CHANGES_IT = frozenset(
    ["add", "append", "clear", "discard", "extend", "insert", "pop", "popitem", "remove", "setdefault", "update"]
)
"""What changes a dictionary, a list or a set."""

MAKES_IT = ("__attrs_post_init__", "__init__", "__new__")
"""Methods that run before anybody has the value."""

GROWS = {
    "base/calendars/calendar.py Calendar": "what was reckoned of a day, kept for the next who asks",
    "catalog/marc/reader.py Rejoined": "a stream that was begun and is read on",
    "catalog/marc/rescue.py Patient": "what was read of a damaged record so far",
    "catalog/marc/xml_reader.py Builder": "a record while its elements are read",
    "catalog/marc/xml_reader.py Cutter": "a stream that is cut into records",
    "circulation/policy/book.py CirculationBook": "what the rules grant, kept for the next loan like it",
    "circulation/policy/due/course.py Course": "a due date while its steps are gone",
    "circulation/policy/due/terms.py DueTerms": "the due dates of a day, kept for the next loan of that day",
    "circulation/policy/rules/compiled.py CompiledRules": "which rule was found, kept for the next loan like it",
    "circulation/policy/rules/index.py Column": "an index of rules while it is built",
    "circulation/policy/rules/index.py Group": "an index of rules while it is built",
    "circulation/policy/rules/index.py RuleIndex": "ways through the index, kept for the next who asks alike",
    "classification/enumeration.py Reading": "a volume's number while it is read",
    "inventory/decide/reckon.py _Count": "the findings of a stocktake while they are reckoned",
    "inventory/decide/walk.py _Lines": "lines of items while they are put together",
}
"""Classes that change while they work, and what they are. Nothing they answer may depend on what was asked before."""

KNOWN_ONLY_TO = {
    "cattrs": ("libops.wire",),
    "hypothesis": ("libops.testing",),
    "pluggy": ("libops.hooks", "libops.desk", "libops.testing"),
    "pymarc": ("libops.catalog.marc", "libops.testing"),
    "pytest": ("libops.testing",),
    "rich": ("libops.cli",),
    "sqlite3": ("libops.hooks.builtin.sqlite", "libops.testing"),
}
"""Which part of the core may know which library."""


def beside(name: str) -> set[str]:
    """What a file may import that other files of rooms may not."""
    return {module for path, modules in BESIDE.items() if name.startswith(path) for module in modules}


def test_rooms_import_nothing_that_touches_the_world(core, rooms) -> None:
    """Time, identifiers and opening hours arrive as arguments, so a room can be used alone."""
    strays = [
        f"{source.name}:{line} imports {name}"
        for source in core
        if source.floor in rooms
        for name, line in source.imports()
        if not {name[: dot.start()] for dot in re.finditer(r"\.|$", name)} & (IN_ROOMS | beside(source.name))
    ]
    assert [] == strays, "take what you need as an argument; a module that only computes may join IN_ROOMS"


def test_rooms_read_no_clock_and_no_file(core, rooms) -> None:
    """A room never asks what time it is, not even through a function that it hands on, and opens or prints nothing."""
    strays = []
    for source in core:
        if source.floor not in rooms:
            continue
        strays += [
            f"{source.name}:{node.lineno} knows {node.id}()"
            for node in ast.walk(source.tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in NOT_CALLED_IN_ROOMS
            if f"{source.name}:{node.id}" not in WRITES_FUNCTIONS
        ]
        strays += [f"{source.name}:{line} knows {clock}()" for line, clock in clocks_of(source.tree)]
    assert [] == strays, "take the time or the text as an argument"


def clocks_of(tree: ast.AST) -> list[tuple[int, str]]:
    """Where something is asked for the time: `now` and `today` of what the module `datetime` offers, or called."""
    of_datetime = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if "datetime" in (getattr(node, "module", None), alias.name)
    }
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return [
        (node.lineno, ast.unparse(node))
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS
        if id(node) in called or ast.unparse(node.value).split(".")[0] in of_datetime
    ]


@pytest.mark.parametrize(
    "asked",
    [
        "from datetime import datetime\nat = field(factory=datetime.now)",
        "from datetime import datetime as moment\nat = moment.now",
        "import datetime as times\nat = times.datetime.utcnow",
        "day = type(due).today()",
    ],
)
def test_a_clock_is_noticed(asked) -> None:
    """Under whatever name it comes in, called or handed on."""
    assert clocks_of(ast.parse(asked))


def test_a_day_that_was_given_is_no_clock() -> None:
    """`question.today` is an argument."""
    assert [] == clocks_of(ast.parse("from datetime import date\nlate = due < question.today"))


def test_values_of_rooms_are_frozen(core, rooms) -> None:
    """A value that could change after a decision would make a preview lie; what grows while it works stays inside."""
    found = {
        f"{source.path.relative_to(SRC / 'libops').as_posix()} {name}"
        for source in core
        if source.floor in rooms
        for name in changing_classes(source.tree)
    }
    assert [] == sorted(found - set(GROWS)), "use `from attrs import frozen`, and make a new value"
    assert set() == set(GROWS) - found, "it changes no more: take it out of GROWS"


def changing_classes(tree: ast.AST) -> list[str]:
    """Classes whose values may change once they are made: so declared, or by one of their own methods."""
    return [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and (
            any(
                ast.unparse(mark).split("(")[0].split(".")[-1] in ("attrs", "define", "mutable", "s")
                for mark in node.decorator_list
            )
            or any(
                changes_itself(method)
                for method in node.body
                if isinstance(method, ast.FunctionDef) and method.name not in MAKES_IT and method.args.args
            )
        )
    ]


def changes_itself(method: ast.FunctionDef) -> bool:
    """Whether a method gives the value that it is called on another part, or changes one of its parts."""
    own = method.args.args[0].arg
    for node in ast.walk(method):
        kept: ast.AST | None = None
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            kept = node
        elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            kept = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES_IT:
            kept = node.func.value
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("setattr", "object.__setattr__"):
            kept = ast.Attribute(node.args[0], "")
        while isinstance(kept, ast.Attribute | ast.Subscript):
            kept = kept.value
            if isinstance(kept, ast.Name) and kept.id == own:
                return True
    return False


@pytest.mark.parametrize(
    "changes",
    [
        "self.due = due",
        "self.due += DAY",
        "self.days, left = days, 0",
        "del self.due",
        "self.loans[loan.id] = loan",
        "self.loans.append(loan)",
        "self.patron.holds.discard(hold)",
        "self.counts[loan.kind].update(loan=1)",
        "object.__setattr__(self, 'due', due)",
        "for self.day in days: pass",
    ],
)
@pytest.mark.parametrize("made", ["", "@frozen\n"])
def test_a_value_that_changes_itself_is_noticed(changes, made) -> None:
    """Plain or frozen: what is in a list of a frozen value changes, too."""
    assert ["Shelf"] == changing_classes(ast.parse(f"{made}class Shelf:\n def put(self, due):\n  {changes}"))


@pytest.mark.parametrize(
    "written",
    [
        "class Shelf:\n def __init__(self, loans):\n  self.loans = []\n  self.loans.append(loans)",
        "@frozen\nclass Shelf:\n def put(self, loan):\n  found = []\n  found.append(self.loans[0])\n  return found",
        "class Shelf:\n def put(self, loan):\n  return evolve(self, loan=loan)",
    ],
)
def test_a_value_that_is_made_once_is_left_alone(written) -> None:
    """While it is made it is nobody's yet."""
    assert [] == changing_classes(ast.parse(written))


def test_rooms_remember_nothing(core, rooms) -> None:
    """The same facts give the same answer: no function of a room changes a variable of its module."""
    strays = [
        f"{source.name}:{line}" for source in core if source.floor in rooms for line in remembered_in(source.tree)
    ]
    assert [] == strays


def remembered_in(tree: ast.Module) -> list[int]:
    """The lines of functions that change a variable of their module, or what is in it."""
    targets = [
        target
        for node in tree.body
        for target in (node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)])
    ]
    names = {target.id for target in targets if isinstance(target, ast.Name)}
    found = []
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            kept: ast.AST | None = None
            if isinstance(node, ast.Global):
                found.append(node.lineno)
            elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                kept = node.value
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES_IT:
                kept = node.func.value
            if isinstance(kept, ast.Name) and kept.id in names:
                found.append(kept.lineno)
    return found


@pytest.mark.parametrize(
    "keeps",
    [
        "SEEN = {}\ndef late(loan):\n    SEEN[loan.id] = True",
        "SEEN: set[str] = set()\ndef late(loan):\n    SEEN.add(loan.id)",
        "SEEN = {}\ndef late(loan):\n    del SEEN[loan.id]",
        "COUNT = 0\ndef late(loan):\n    global COUNT\n    COUNT += 1",
    ],
)
def test_what_a_room_remembers_is_noticed(keeps) -> None:
    """A dictionary that is filled on the way is memory, too."""
    assert remembered_in(ast.parse(keeps))


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
        if not any(
            f"{source.module}.".startswith(f"{home}.") for home in KNOWN_ONLY_TO.get(name.split(".")[0], ("libops",))
        )
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
