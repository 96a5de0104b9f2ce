"""The page about how rules differ names keys and options that exist."""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_type_hints

import attrs
import pytest

from libops.desk.settings.file import SettingsFile

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "how-rules-differ.md"
ROW = re.compile(r"^\| ([A-F][\d, A-F]*) \| [^|]* \| `([a-z_.]+)` \|(.*)\|$", re.M)
ROWS = ROW.findall(PAGE.read_text(encoding="utf-8"))


def found_at(path: str) -> Any:
    """The type of the key at a path, where a policy's name is left out."""
    kind: Any = SettingsFile
    for name in path.split("."):
        while not attrs.has(kind):
            kind = next(part for part in reversed(get_args(kind)) if part not in (NoneType, Ellipsis))
        kind = get_type_hints(kind)[name]
    return kind


def members(kind: Any) -> set[str]:
    """The options that a type offers, however deep they stand in it."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {str(member.value) for member in kind}
    return {value for part in get_args(kind) for value in members(part)}


@pytest.mark.parametrize(
    ("question", "path", "answers"),
    [row for row in ROWS if row[1] != "precedence.strategy"],
    ids=lambda text: text[:40],
)
def test_keys_and_options_of_the_page_exist(question: str, path: str, answers: str) -> None:
    """Whoever comes from another system finds an option under the name the page gives."""
    known = members(found_at(path))
    named = set(re.findall(r"`([a-z0-9-]+)`", answers)) - {"none", "cap"}
    if known:
        assert set() == named - known, f"{question}: {path} offers {sorted(known)}"


def test_the_page_has_every_question_that_settings_answer() -> None:
    """Sections A, B, C, E and F are there."""
    assert 40 <= len(ROWS)
