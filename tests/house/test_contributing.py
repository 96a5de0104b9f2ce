"""Who is new finds the room of a rule: what the guides name is there, and what numbers the rules is in the code."""

from __future__ import annotations

import re

import pytest

import read_house

NUMBERED = read_house.HOME / "docs" / "explanation" / "how-rules-differ.md"


@pytest.mark.parametrize("guide", ["CONTRIBUTING.md", "README.md", "tests/README.md"])
def test_guides_name_what_is_there(guide: str) -> None:
    """A path in backticks leads to a file or a folder; one with `<room>` is a pattern."""
    text = (read_house.HOME / guide).read_text(encoding="utf-8")
    named = re.findall(r"`((?:src|tests|docs|plugins|examples|scripts|benchmarks)/(?!_build)[^`<*]*?)`", text)
    assert named or guide == "README.md"
    assert [] == [path for path in named if not (read_house.HOME / path.split()[0]).exists()]


def test_every_numbered_rule_is_cited_where_it_is_heeded(core, rooms) -> None:
    """`How rules differ` numbers the questions (B4, D5); a search for the number finds the code that answers it."""
    numbers = re.findall(r"^\| ([A-H]\d+)", NUMBERED.read_text(encoding="utf-8"), flags=re.MULTILINE)
    code = "\n".join(source.text for source in core if source.floor in rooms)
    assert len(numbers) > 50
    assert [] == [number for number in dict.fromkeys(numbers) if not re.search(rf"\b{number}\b", code)]
