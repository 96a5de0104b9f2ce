"""What the laws look at: every Python file of the house, read and parsed once."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from pathlib import Path

import pytest
from attrs import field, frozen

HOME = Path(__file__).resolve().parents[2]
PACKAGE = HOME / "src" / "libops"


@frozen
class Source:
    """One Python file: where it is, what it is called when imported, and its syntax tree."""

    path: Path
    text: str = field(repr=False)
    tree: ast.Module = field(repr=False)

    @property
    def name(self) -> str:
        """The path from the project's home, with slashes on every system."""
        return self.path.relative_to(HOME).as_posix()

    @property
    def module(self) -> str:
        """The name it is imported by: `libops.fees.model`."""
        parts = self.path.relative_to(HOME).with_suffix("").parts
        inside = parts[parts.index("src") + 1 :]
        return ".".join(inside[:-1] if inside[-1] == "__init__" else inside)

    @property
    def floor(self) -> str:
        """The first-level package or module under `libops`; empty for `libops` itself and for plugins."""
        parts = self.module.split(".")
        return parts[1] if parts[0] == "libops" and len(parts) > 1 else ""

    def imports(self) -> list[tuple[str, int]]:
        """Every module named by an import, anywhere in the file, with its line."""
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [(alias.name, node.lineno) for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                found += [(f"{node.module}.{alias.name}", node.lineno) for alias in node.names]
        return found

    def public_names(self) -> list[str] | None:
        """What `__all__` says, or None when the module has none or computes it."""
        for node in self.tree.body:
            target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            if isinstance(target, ast.Name) and target.id == "__all__":
                try:
                    return list(ast.literal_eval(node.value))  # type: ignore[attr-defined]
                except ValueError:
                    return None
        return None


def read(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path, text, ast.parse(text, filename=str(path)))


@pytest.fixture(scope="session")
def tracked() -> list[Path]:
    """Every file of the project: what git tracks, or all that is there when this is not a git checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=HOME, capture_output=True, text=True
    )
    names = listed.stdout.splitlines() if listed.returncode == 0 else []
    paths = [HOME / name for name in names] or [path for path in HOME.rglob("*") if ".venv" not in path.parts]
    return sorted({path for path in paths if path.is_file()})


@pytest.fixture(scope="session")
def python_files(tracked: list[Path]) -> list[Source]:
    """All Python files, also those of tests, plugins, examples and benchmarks."""
    return [read(path) for path in tracked if path.suffix == ".py"]


@pytest.fixture(scope="session")
def sources(python_files: list[Source]) -> list[Source]:
    """The Python files of the core and of the plugins, without tests."""
    return [source for source in python_files if "src" in source.path.relative_to(HOME).parts[:3]]


@pytest.fixture(scope="session")
def core(sources: list[Source]) -> list[Source]:
    """The Python files of `libops` itself."""
    return [source for source in sources if PACKAGE in source.path.parents]


@pytest.fixture(scope="session")
def rooms() -> frozenset[str]:
    """The names of all rooms, built or not: every floor below storage, as the import contract lists them."""
    contracts = tomllib.loads((HOME / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "floors")
    below = layers[next(number for number, layer in enumerate(layers) if "(storage)" in layer) + 1 :]
    return frozenset(name.strip(" ()") for layer in below for name in layer.split("|"))


@pytest.fixture(scope="session")
def test_texts(python_files: list[Source]) -> dict[str, str]:
    """The texts of all tests by path, without the laws themselves."""
    return {
        source.name: source.text
        for source in python_files
        if "tests" in source.path.relative_to(HOME).parts and not source.name.startswith("tests/house/")
    }
