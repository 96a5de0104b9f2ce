"""What the docs and the laws read out of the code: reason codes and their words, hooks and their signatures."""

from __future__ import annotations

import ast
import importlib
import tomllib
from pathlib import Path

from attrs import frozen

HOME = Path(__file__).resolve().parents[2]
PACKAGE = HOME / "src" / "libops"
WORDS = PACKAGE / "desk" / "words" / "en.toml"


@frozen
class CodeRow:
    """A reason code as the table shows it."""

    code: str
    constant: str
    room: str
    weight: str
    right: str
    meaning: str
    words: str
    where: str


@frozen
class Hook:
    """A hook as its specification in the code says it: exact signature, docstring, kind (the file it stands in)."""

    name: str
    kind: str
    signature: str
    docstring: str
    where: str


def docstrings_below(tree: ast.Module) -> dict[str, str]:
    """The string below each assignment of a module, by the name assigned."""
    found = {}
    for node, below in zip(tree.body, tree.body[1:], strict=False):
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            found[target.id] = " ".join(str(below.value.value).split())
    return found


def words() -> dict[str, str]:
    """The English sentence for each reason code."""
    return tomllib.loads(WORDS.read_text(encoding="utf-8")) if WORDS.exists() else {}


def reason_codes() -> list[CodeRow]:
    """Every `ReasonCode` that a `reasons` module of the house defines, sorted by code."""
    from libops.base.decisions import ReasonCode

    said, rows = words(), []
    files = [*PACKAGE.rglob("reasons.py"), *PACKAGE.rglob("reasons/*.py")]
    for path in sorted(files):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        module = importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
        tree = ast.parse(path.read_text(encoding="utf-8"))
        meanings = docstrings_below(tree)
        own = {
            target.id for node in tree.body for target in getattr(node, "targets", ()) if isinstance(target, ast.Name)
        }
        own |= {
            node.target.id
            for node in tree.body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        }
        for constant in sorted(own):
            value = getattr(module, constant)
            if isinstance(value, ReasonCode):
                rows.append(
                    CodeRow(
                        code=value.code,
                        constant=constant,
                        room=parts[1],
                        weight=value.weight.value,
                        right=value.right or "",
                        meaning=meanings.get(constant, ""),
                        words=said.get(value.code, ""),
                        where=path.relative_to(HOME).as_posix(),
                    )
                )
    return sorted(rows, key=lambda row: (row.code, row.room))


def hooks() -> list[Hook]:
    """Every hook specification under `libops.hooks`: a function `libops_*` marked as a hookspec."""
    found = []
    for path in sorted((PACKAGE / "hooks").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef) or not node.name.startswith("libops_"):
                continue
            if any("spec" in ast.unparse(mark) for mark in node.decorator_list):
                where = f"{path.relative_to(HOME).as_posix()}:{node.lineno}"
                found.append(Hook(node.name, path.stem, signature(node), ast.get_docstring(node) or "", where))
    return found


def signature(node: ast.FunctionDef) -> str:
    """A hook's signature as a plugin writes it: without `self`, in one line."""
    arguments = [part for part in node.args.args if part.arg != "self"]
    plain = ast.arguments(
        [],
        arguments,
        node.args.vararg,
        node.args.kwonlyargs,
        node.args.kw_defaults,
        node.args.kwarg,
        node.args.defaults,
    )
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"def {node.name}({ast.unparse(plain)}){returns}: ..."
