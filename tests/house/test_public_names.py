"""What is public is said, in `__all__`, and does not change by accident."""

from __future__ import annotations

import ast
import importlib
import runpy
from pathlib import Path

import pytest

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
PINS = runpy.run_path(str(Path(__file__).with_name("pin_public_names.py")))


def test_every_module_says_what_is_public(sources) -> None:
    """Every module has a literal `__all__`; what is not in it is nobody else's business."""
    silent = [source.name for source in sources if source.path.stem != "__main__" and source.public_names() is None]
    assert [] == silent, 'add `__all__ = ["..."]` below the imports, as a plain list'


def test_what_is_public_is_said_once(sources) -> None:
    """`__all__` is one list at the top of its module: what is added to it further down no pin and no law would read."""
    strays = [f"{source.name}:{line}" for source in sources for line in said_again(source.tree)]
    assert [] == strays, "write all names into the one list"


@pytest.mark.parametrize(
    "addition", ["__all__ += ['Loan']", "__all__.append('Loan')", "if late:\n    __all__ = []", "__all__[:] = []"]
)
def test_a_public_name_that_is_added_further_down_is_noticed(addition) -> None:
    """However it is added."""
    assert [] == said_again(ast.parse("__all__: list[str] = ['Hold']"))
    assert said_again(ast.parse(f"__all__ = ['Hold']\n{addition}"))


def said_again(module: ast.Module) -> list[int]:
    """The lines that say anew or change what is public."""
    said = [node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", node) for node in module.body]
    first = next((target for target in said if is_all(target)), None)
    return [
        node.lineno
        for node in ast.walk(module)
        if (is_all(node) and isinstance(node.ctx, ast.Store | ast.Del) and node is not first)
        or (isinstance(node, ast.Attribute | ast.Subscript) and is_all(node.value))
    ]


def test_classes_and_constants_go_by_their_own_name(core) -> None:
    """Under another name no search finds them, and no law sees what is done with them."""
    strays = [f"{source.name}:{line} {name}" for source in core for line, name in renamed(source.tree)]
    assert [] == strays, "import it by its name"


def test_a_renamed_class_is_noticed() -> None:
    """A module or a function may need another name beside one like it."""
    plain = "from libops.desk.opening import open as open_library\nfrom hypothesis import strategies as st"
    assert [] == renamed(ast.parse(plain))
    assert [(1, "Loan as Lent")] == renamed(ast.parse("from libops.circulation import Loan as Lent"))
    assert [(1, "LATE as over")] == renamed(ast.parse("from libops.circulation.reasons import LATE as over"))


def renamed(module: ast.Module) -> list[tuple[int, str]]:
    """The lines that import a class or a constant under another name."""
    return [
        (node.lineno, f"{alias.name} as {alias.asname}")
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname not in (None, alias.name) and alias.name.lstrip("_")[:1].isupper()
    ]


def is_all(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "__all__"


def test_public_names_exist(sources, monkeypatch) -> None:
    """What a module offers can be had from it, once; plugins need not be installed for it."""
    for plugin in sorted(PLUGINS.glob("*/src")):
        monkeypatch.syspath_prepend(str(plugin))
    strays = []
    for source in sources:
        names = source.public_names() or []
        module = importlib.import_module(source.module)
        strays += [f"{source.name}: {name}" for name in names if not hasattr(module, name) or names.count(name) > 1]
    assert [] == strays


def test_public_names_say_what_they_are(core) -> None:
    """A function or class for others has a docstring; the verbs of the command have their help in its parser."""
    silent = [
        f"{source.name}:{node.lineno} {node.name}"
        for source in core
        if source.floor != "cli"
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and node.name in (source.public_names() or ())
        and not node.name.startswith("libops_")
        and ast.get_docstring(node) is None
    ]
    assert [] == silent


def test_public_names_are_pinned() -> None:
    """What a package offers is written down, so that a name never disappears unnoticed."""
    pinned, offered = PINS["pinned"](), PINS["offered"]()
    changed = {
        package: {
            "new": sorted(set(offered.get(package, ())) - set(pinned.get(package, ()))),
            "gone": sorted(set(pinned.get(package, ())) - set(offered.get(package, ()))),
        }
        for package in sorted({*pinned, *offered})
        if offered.get(package) != pinned.get(package)
    }
    assert {} == changed, "if this is meant, run `python tests/house/pin_public_names.py` and commit what it wrote"
