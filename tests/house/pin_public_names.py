"""Write down what every package of the core offers: run this after adding or removing a public name on purpose.

    python tests/house/pin_public_names.py

The pins are one file for each package in `public_names/`, so a change of the public surface is seen in review.
"""

from __future__ import annotations

import ast
from pathlib import Path

HERE = Path(__file__).parent
SRC = HERE.parents[1] / "src"


def offered() -> dict[str, list[str]]:
    """The sorted `__all__` of every package, by its dotted name."""
    found = {}
    for path in sorted((SRC / "libops").rglob("__init__.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            if isinstance(target, ast.Name) and target.id == "__all__":
                package = ".".join(path.parent.relative_to(SRC).parts)
                found[package] = sorted(ast.literal_eval(node.value))  # type: ignore[attr-defined]
    return found


def pinned() -> dict[str, list[str]]:
    """What the pin files say."""
    return {path.stem: path.read_text(encoding="utf-8").split() for path in (HERE / "public_names").glob("*.txt")}


if __name__ == "__main__":
    now = offered()
    for gone in set(pinned()) - set(now):
        (HERE / "public_names" / f"{gone}.txt").unlink()
    for package, names in now.items():
        text = "".join(f"{name}\n" for name in names)
        (HERE / "public_names" / f"{package}.txt").write_text(text, encoding="utf-8")
