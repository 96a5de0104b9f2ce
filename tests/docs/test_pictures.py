"""The pictures of the documentation show what the code does now."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
PICTURES = runpy.run_path(str(DOCS / "pictures.py"))["PICTURES"]


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_up_to_date(name: str) -> None:
    """Otherwise run `python docs/pictures.py`."""
    assert PICTURES[name]() == (DOCS / name).read_text(encoding="utf-8")
