"""What is in the tree belongs to everybody: no machine's paths, no registry's addresses, no filler names."""

from __future__ import annotations

import ast
import re

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
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
FILLER = re.compile(r"\b(?:fo" + r"o|ba" + r"z|fooba" + r"r|lor" + r"em ipsum)\b")
OWN_WORDS = re.compile(r"data_?field|zone_?info", re.IGNORECASE)
"""MARC 21 says "data field", and the standard library "zone info"."""
EMPTY_WORDS = frozenset({"manager", "helper", "helpers", "util", "utils", "data", "info"})


def lines(tracked, *, suffixes: frozenset[str] | None = None):
    """Every line of the project's text files, with its place."""
    for path in tracked:
        if path.suffix in BINARY or (suffixes is not None and path.suffix not in suffixes):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            yield f"{path.relative_to(read_house.HOME).as_posix()}:{number}", line


def test_no_file_names_a_machine_or_a_registry(tracked) -> None:
    """Where packages come from is a matter of the machine, not of the project."""
    own = "tests/house/test_tree.py"
    strays = [
        f"{where}: {line.strip()[:80]}" for where, line in lines(tracked) if ADDRESSES.search(line) and own not in where
    ]
    assert [] == strays


def test_nothing_is_left_unfinished(tracked) -> None:
    """What is missing is in the issue tracker and the changelog, not in a comment."""
    code = frozenset({".py", ".md", ".toml"})
    assert [] == [
        f"{where}: {line.strip()[:80]}" for where, line in lines(tracked, suffixes=code) if UNFINISHED.search(line)
    ]


def test_examples_use_plausible_library_facts(tracked) -> None:
    """Tests, docs and samples speak of books and patrons, not of placeholders."""
    code = frozenset({".py", ".md"})
    assert [] == [
        f"{where}: {line.strip()[:80]}" for where, line in lines(tracked, suffixes=code) if FILLER.search(line)
    ]


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
