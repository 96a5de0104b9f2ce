"""Public classes of rooms carry the field's own words, and the glossary explains them."""

from __future__ import annotations

import importlib
import inspect
import re
from enum import Enum
from fnmatch import fnmatchcase
from pathlib import Path

from libops.base.events import Event

HOME = Path(__file__).resolve().parents[2]
GLOSSARY = HOME / "docs" / "glossary"
NOT_FIELD_TERMS = Path(__file__).with_name("not_field_terms")


def glossary_terms() -> tuple[frozenset[str], frozenset[str]]:
    """The words in the first column of the glossary's tables, and the names in backticks anywhere in it."""
    words, names = set(), set()
    for page in sorted(GLOSSARY.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        names.update(re.findall(r"`([A-Za-z_]+)`", text))
        for first in re.findall(r"^\|([^|]+)\|", text, flags=re.MULTILINE):
            plain = re.sub(r"\([^)]*\)|`[^`]*`", "", first)
            words.update(part.strip().lower() for part in re.split(r"[,;]|->", plain))
    return frozenset(words), frozenset(names)


def not_field_terms() -> list[str]:
    """Names and patterns that a librarian would not say, one a line, one file for each room."""
    lines = [
        line for path in sorted(NOT_FIELD_TERMS.glob("*.txt")) for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()]


PAST = re.compile(
    r"(?:ed|Done|Forgotten|Found|Frozen|Given|Kept|Late|Left|Lost|Made|Paid|Ready|Sent|Set|Taken|Undone|Used|Withdrawn"
    r"|Written)(?:$|[A-Z])"
)
"""What makes the name of an event a sentence about something that has happened."""


def spoken(name: str) -> str:
    """The words of a class name: `PatronCategory` is "patron category"."""
    return " ".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*", name)).lower()


def public_classes(core, rooms) -> list[tuple[str, type]]:
    """The classes that packages of rooms offer, without events (names that are sentences) and options of a policy.

    `base` offers nothing itself: there it is the modules."""
    found = []
    for source in core:
        if source.floor not in rooms or (source.path.name != "__init__.py" and source.floor != "base"):
            continue
        package = importlib.import_module(source.module)
        for name in source.public_names() or ():
            value = getattr(package, name)
            if not inspect.isclass(value) or issubclass(value, Event | BaseException):
                continue
            if issubclass(value, Enum) and ".policy" in value.__module__:
                continue
            found.append((source.module, value))
    return found


def test_every_public_class_is_a_word_of_the_field(core, rooms) -> None:
    """A class has its word in the glossary, or is listed as something a librarian would not say."""
    words, names = glossary_terms()
    patterns = not_field_terms()
    strays = [
        f"{module}.{value.__name__}"
        for module, value in public_classes(core, rooms)
        if value.__name__ not in names
        and spoken(value.__name__) not in words
        and not any(fnmatchcase(value.__name__, pattern) for pattern in patterns)
    ]
    assert [] == strays, (
        "give each a row in docs/glossary/<room>.md (its words, or its name in backticks), "
        "or a line in tests/house/not_field_terms/<room>.txt if a librarian would not say it"
    )


def test_names_in_the_glossary_are_used(sources) -> None:
    """What stands in backticks is how the code says it: a reader finds it there."""
    used = set(re.findall(r"[A-Za-z_]+", "\n".join(source.text for source in sources)))
    strays = [
        f"{page.name}: {named}"
        for page in sorted(GLOSSARY.glob("*.md"))
        for named in re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8"))
        if not used.issuperset(re.findall(r"[A-Za-z_]+", named))
    ]
    assert [] == strays


def test_no_exception_from_the_glossary_is_left_over(core, rooms) -> None:
    """A line for a class that is gone, or that got its word since, misleads."""
    names = [value.__name__ for _, value in public_classes(core, rooms)]
    words, explained = glossary_terms()
    unexplained = [name for name in names if name not in explained and spoken(name) not in words]
    assert [] == [line for line in not_field_terms() if not any(fnmatchcase(name, line) for name in unexplained)]


def test_events_have_happened(core, rooms) -> None:
    """`ItemCheckedOut`, never `CheckOut`: an event is a fact, an act is a verb."""
    strays = [
        f"{source.module}.{name}"
        for source in core
        if source.floor in rooms and "events" in source.module
        for name in source.public_names() or ()
        if inspect.isclass(value := getattr(importlib.import_module(source.module), name))
        and issubclass(value, Event)
        and not name.endswith("Event")
        and not PAST.search(name)
    ]
    assert [] == strays
