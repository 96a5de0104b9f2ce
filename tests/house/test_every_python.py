"""Every Python from 3.11 on reads the house alike: what the first releases of 3.12 stumble over is not written."""

from __future__ import annotations

import ast
import builtins
import re

import read_house

BUILTINS = frozenset(dir(builtins))


def test_parameters_of_sql_have_names_or_none(sources) -> None:
    """Python 3.12.0 takes a numbered one (`?1`) for a name, and warns that a later Python will refuse it."""
    assert [] == [source.name for source in sources if re.search(r"[ (=]\?[0-9]", source.text)]


def test_no_comprehension_renames_a_builtin_that_its_function_uses(sources) -> None:
    """Python 3.12.0 and 3.12.1 then find the builtin unbound; templates of plugins are code, too."""
    texts = {source.name: source.text for source in sources}
    templates = (read_house.HOME / "src").rglob("*.py.txt")
    texts |= {path.name: re.sub(r"\$\{?\w+\}?", "x", path.read_text(encoding="utf-8")) for path in templates}
    strays = [
        f"{name}:{function.lineno} {function.name} renames {builtin}"
        for name, text in texts.items()
        for function in ast.walk(ast.parse(text))
        if isinstance(function, ast.FunctionDef)
        for builtin in sorted(renamed(function))
    ]
    assert [] == strays, "give it another name in the comprehension"


def test_a_renamed_builtin_is_noticed() -> None:
    """Where the function uses it beside the comprehension, and not where it has the name for a value of its own."""
    first, second, third = ast.parse(
        "def f(x):\n    a = [type for type in x]\n    return a, [type(each) for each in x]\n"
        "def g(x):\n    return [type for type in x]\n"
        "def h(x, type):\n    return [type for type in x], type\n"
    ).body
    assert ({"type"}, set(), set()) == (renamed(first), renamed(second), renamed(third))


def renamed(function: ast.AST) -> set[str]:
    """The builtins that a function uses as such while one of its comprehensions has their names for its own."""
    made = [node for node in ast.walk(function) if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp)]
    taken = {node: {name.id for part in node.generators for name in names_in(part.target)} & BUILTINS for node in made}
    inside = {id(name) for node in made for name in names_in(node) if name.id in taken[node]}
    anywhere = {name for names in taken.values() for name in names}
    outside = [name for name in names_in(function) if id(name) not in inside and name.id in anywhere]
    own = {name.id for name in outside if isinstance(name.ctx, ast.Store)}
    own |= {argument.arg for argument in ast.walk(function) if isinstance(argument, ast.arg)}
    return {name.id for name in outside} - own


def names_in(node: ast.AST) -> list[ast.Name]:
    return [part for part in ast.walk(node) if isinstance(part, ast.Name)]
