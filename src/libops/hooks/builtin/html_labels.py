"""Label sheets as a page of HTML, in exact lengths: the format that is always there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from libops.hooks.markers import hookimpl
from libops.hooks.specs.formats import Format

__all__ = ["draw", "libops_formats"]


def draw(run: Any) -> bytes:
    """The sheets of a `LabelRun`."""
    # The drawing is only loaded when somebody prints.
    from libops.processing.labels import html_sheets

    return html_sheets(run).encode("utf-8")


@hookimpl
def libops_formats() -> Iterable[Format]:
    return [Format("label", "html", draw)]
