"""Formats: classification schemes, label layouts, record formats, search indexes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from attrs import field, frozen

from libops.hooks.markers import hookspec
from libops.hooks.specs.declared import named, one_of

if TYPE_CHECKING:
    from libops.bookings.model import Booking, Resource

__all__ = ["CalendarFormat", "Format", "libops_formats"]


class CalendarFormat(Protocol):
    """What a format of kind `calendar` does."""

    def bookings(
        self,
        bookings: Iterable[Booking],
        resources: Iterable[Resource],
        *,
        now: datetime,
        domain: str,
        name: str,
        purposes: bool,
        remind_minutes: int | None,
    ) -> bytes:
        """A calendar with one event for each booking; patrons are not named."""
        ...

    def busy(
        self,
        bookings: Iterable[Booking],
        resource: Resource,
        start: datetime,
        end: datetime,
        *,
        now: datetime,
        domain: str,
    ) -> bytes:
        """When a resource is taken between two moments, and nothing else."""
        ...


KINDS = (
    "calendar", "classification", "cutter", "label", "match_key", "record", "search", "target", "template"
)  # fmt: skip
"""What a format may be for."""


@frozen
class Format:
    """A format: its kind, its name, and what does it.

    Kinds are `calendar`, `classification`, `cutter`, `label`, `match_key`, `record`, `search`, `target` and `template`;
    another is an `InvalidValue`. `provider` keeps the protocol of its kind; the page of hooks in the docs names it.
    """

    kind: str = field(validator=one_of(*KINDS))
    name: str = field(validator=named)
    provider: Any


@hookspec
def libops_formats() -> Iterable[Format]:  # type: ignore[empty-body]
    """Hand over the formats this plugin brings."""
