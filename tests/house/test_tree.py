"""What is in the tree belongs to everybody: no machine's paths, no registry's addresses, no filler names."""

from __future__ import annotations

import ast
import contextlib
import re
from importlib.metadata import distributions

import pytest

import read_house

BINARY = frozenset({".png", ".pdf", ".mrc", ".ico", ".jpg", ".gif", ".db", ".woff2"})

ADDRESSES = re.compile(
    "|".join(
        [
            r"/(?:work|root|farm|tmp/wt|home/[a-z]+|Users/[A-Za-z]+)/",
            "pypi" + r"\.org",
            "python" + "hosted",
            "registry" + r"\.npmjs",
            "deb" + r"\.debian\.org",
            "crates" + r"\.io",
            "(?:extra-)?index" + "-url",
        ]
    )
)
NAME = re.compile(r"[A-Za-z0-9._-]+")
"""The name at the beginning of a requirement."""
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
FILLER = re.compile(r"\b(?:fo" + r"o|ba" + r"z|fooba" + r"r|lor" + r"em ipsum)\b")
OWN_WORDS = re.compile(r"data_?field|zone_?info", re.IGNORECASE)
"""MARC 21 says "data field", and the standard library "zone info"."""
BRITISH = re.compile(
    r"\b(?:colour|behaviour|favour|honour|neighbour|catalogue|centre|programme|grey|cheque|licence|travell(?:ed|ing)"
    r"|labell(?:ed|ing)|fulfil\b|analyse|(?:organ|recogn|normal|summar|anonym|author|categor|optim|initial|minim)is(?:e|ing))",
    re.IGNORECASE,
)
EMPTY_WORDS = frozenset({"manager", "helper", "helpers", "util", "utils", "data", "info"})


@pytest.fixture(scope="module")
def texts(tracked) -> dict[str, str]:
    """The project's text files by name."""
    found = {}
    for path in tracked:
        if path.suffix not in BINARY:
            with contextlib.suppress(UnicodeDecodeError):
                found[path.relative_to(read_house.HOME).as_posix()] = path.read_text(encoding="utf-8")
    return found


def places(texts: dict[str, str], wrong: re.Pattern[str], *suffixes: str) -> list[str]:
    """Where a pattern is found, in files that end like this."""
    return [
        f"{name}:{text.count(chr(10), 0, hit.start()) + 1}: {hit[0]}"
        for name, text in texts.items()
        if name.endswith(suffixes or "")
        for hit in wrong.finditer(text)
    ]


def test_no_file_names_a_machine_or_a_registry(texts) -> None:
    """Where packages come from is a matter of the machine, not of the project."""
    assert [] == [place for place in places(texts, ADDRESSES) if not place.startswith("tests/house/test_tree.py")]


def test_what_dev_py_installs_is_pinned() -> None:
    """Two machines run the same versions: what a package brings along is in the constraints, too."""
    lines = (read_house.HOME / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {plain(line.split("==")[0]) for line in lines if "==" in line}
    installed = {plain(each.name): each for each in distributions()}
    asked, brought = list(pinned), set[str]()
    while asked:
        each = installed.get(asked.pop())
        needed = (
            {plain(NAME.match(text)[0]) for text in each.requires or () if "extra ==" not in text} if each else set()
        )
        asked += needed - brought
        brought |= needed
    assert [] == sorted((brought & set(installed)) - pinned), "renew the pins as CONTRIBUTING says"


def plain(name: str) -> str:
    """A distribution's name as all its spellings have it in common."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_nothing_is_left_unfinished(texts) -> None:
    """What is missing is in the issue tracker and the changelog, not in a comment."""
    assert [] == places(texts, UNFINISHED, ".py", ".md", ".toml")


def test_examples_use_plausible_library_facts(texts) -> None:
    """Tests, docs and samples speak of books and patrons, not of placeholders."""
    assert [] == places(texts, FILLER, ".py", ".md")


def test_spelling_is_american(texts) -> None:
    """A word has one spelling in names, docs and messages; the glossary's second column quotes other systems."""
    said = places(texts, BRITISH, ".py", ".md", "en.toml")
    assert [] == [place for place in said if not place.startswith(("docs/glossary/", "tests/house/test_tree.py"))]


def test_names_say_something(sources) -> None:
    """No module, class or function is called after a drawer: the word for what it does is somewhere in the glossary."""
    strays = []
    for source in sources:
        names = [(source.path.stem, 1)] + [
            (node.name, node.lineno)
            for node in ast.walk(source.tree)
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        for name, line in names:
            rest = OWN_WORDS.sub("", name)
            words = {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", rest)}
            if words & EMPTY_WORDS:
                strays.append(f"{source.name}:{line} {name}")
    assert [] == strays, f"none of {sorted(EMPTY_WORDS)} in a name"
