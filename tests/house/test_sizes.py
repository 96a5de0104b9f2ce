"""Files and functions stay small enough to read in one go."""

from __future__ import annotations

import ast
import tomllib
from collections import Counter
from pathlib import Path

FILE_LINES = 400
FUNCTION_LINES = 60
TIRING_LINES, TIRING_SHARE = 50, 0.02
FOLDER_FILES = 32
EXCEPTIONS = Path(__file__).with_name("size_exceptions.toml")


def function_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function without its docstring."""
    length = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is not None:
        length -= (first.end_lineno or first.lineno) - first.lineno + 1
    return length


def test_files_and_functions_are_short(python_files) -> None:
    """At most 400 lines a file and 60 a function; an exception is listed with its reason, and only while needed."""
    excepted = {row["what"] for row in tomllib.loads(EXCEPTIONS.read_text(encoding="utf-8")).get("exception", ())}
    long = {}
    for source in python_files:
        lines = source.text.count("\n")
        if lines > FILE_LINES:
            long[source.name] = lines
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and function_lines(node) > FUNCTION_LINES:
                long[f"{source.name}:{node.name}"] = function_lines(node)
    too_long = {what: lines for what, lines in long.items() if what not in excepted}
    assert {} == too_long, (
        f"split it by what it does (data tables go to data files), or give a reason in {EXCEPTIONS.name}"
    )
    assert set() == excepted - set(long), f"no longer too long: take it out of {EXCEPTIONS.name}"


def test_hardly_a_function_is_tiring(sources) -> None:
    """At most 2 of 100 functions have more than 50 lines."""
    lengths = [
        function_lines(node)
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert TIRING_SHARE >= sum(length > TIRING_LINES for length in lengths) / len(lengths)


def test_a_folder_is_taken_in_at_a_glance(sources) -> None:
    """At most 32 modules stand in one folder: who looks for a topic reads their names from top to bottom."""
    modules = Counter(str(source.path.parent) for source in sources)
    crowded = {folder: count for folder, count in modules.items() if count > FOLDER_FILES}
    assert {} == crowded, "group what belongs together in a folder of its own"
