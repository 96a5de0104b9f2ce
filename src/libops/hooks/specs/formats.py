"""Formats: classification schemes, label layouts, record formats, search indexes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import frozen

from libops.hooks.markers import hookspec

__all__ = ["Format", "libops_formats"]


@frozen
class Format:
    """A format: its kind (`classification`, `label`, `record`, `search`, `template`), its name, and what does it.

    `provider` keeps the protocol of its kind; the page of the kind in the docs names it.
    """

    kind: str
    name: str
    provider: Any


@hookspec
def libops_formats() -> Iterable[Format]:  # type: ignore[empty-body]
    """Hand over the formats this plugin brings."""
