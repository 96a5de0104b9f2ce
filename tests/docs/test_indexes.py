"""Every page of the documentation can be found from the page before it, and the README leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
DOCS = HOME / "docs"
LISTED = sorted(path.parent for path in DOCS.glob("*/index.md"))
TOCTREE = re.compile(r"```\{toctree\}\n(.*?)```", re.S)
LINK = re.compile(r"\]\(((?!https?:|#)[^)#]+)")


@pytest.mark.parametrize("folder", LISTED, ids=lambda path: path.name)
def test_an_index_lists_every_page_of_its_folder(folder: Path) -> None:
    """Once, where a reader would look; a page in no list is never read."""
    trees = "\n".join(TOCTREE.findall((folder / "index.md").read_text(encoding="utf-8")))
    listed = [line for line in trees.splitlines() if line and not line.startswith(":")]
    pages = {path.stem for path in folder.glob("*.md")} - {"index"}
    if "*" not in listed:
        assert pages == {name for name in listed if "/" not in name}, f"put it into docs/{folder.name}/index.md"
        assert len(listed) == len(set(listed))


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "tests/README.md", "examples/README.md"])
def test_links_of_the_first_pages_lead_somewhere(page: str) -> None:
    """To a file or folder of the project."""
    text = (HOME / page).read_text(encoding="utf-8")
    assert [] == [link for link in LINK.findall(text) if not (HOME / page).parent.joinpath(link).exists()]


def test_the_first_example_is_short() -> None:
    """Ten lines at most: who has to scroll does not try it."""
    first = re.search(r"```python\n(.*?)```", (HOME / "README.md").read_text(encoding="utf-8"), re.S)
    assert first is not None
    assert len(first[1].strip().splitlines()) <= 10
