"""What the documentation names is there: a module, a class or a function in backticks can be imported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parents[2]
PAGES = ("*.md", "docs/**/*.md", "tests/README.md", "plugins/*/README.md", "src/**/*.py", "plugins/*/src/**/*.py")

NO_NAMES = {"libops.toml", "libops.tenant"}
"""A file, and a session variable of PostgreSQL."""

THEN = "CHANGELOG.md"
"""It names what was there when it was written."""


def named() -> Iterator[tuple[str, str]]:
    """Every dotted name in backticks that begins with `libops.`, and where it stands."""
    for pattern in PAGES:
        for path in sorted(HOME.glob(pattern)):
            if "_build" in path.parts or path.name == THEN:
                continue
            for found in re.findall(r"`(libops(?:\.[A-Za-z_]\w*)+)", path.read_text(encoding="utf-8")):
                yield path.relative_to(HOME).as_posix(), found


def is_there(name: str) -> bool:
    """Whether the longest part that is a module has the rest, as attributes or as fields of its classes."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            found: Any = import_module(".".join(parts[:count]))
        except ModuleNotFoundError:
            continue
        for part in parts[count:]:
            fields = {each.name for each in getattr(found, "__attrs_attrs__", ())}
            if part not in fields and not hasattr(found, part):
                return False
            found = getattr(found, part, None)
        return True
    return False


def test_names_in_backticks_can_be_imported() -> None:
    """A reader who types what a page or a docstring names finds it."""
    found = dict.fromkeys(named())
    assert found, "the pages name nothing"
    assert [] == [f"{where}: {name}" for where, name in found if name not in NO_NAMES and not is_there(name)]
