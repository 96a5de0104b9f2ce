"""Formats: how labels, calendars, records and messages are written, and tables and catalogs that are asked by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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


KINDS: Mapping[str, str] = {
    "calendar": "libops-icalendar",
    "cutter": "libops-cutter-sanborn",
    "label": "libops-labels",
    "match_key": "",
    "record": "",
    "target": "libops-sru",
    "template": "libops-jinja2",
}
"""What a format may be for, and the plugin of the house that brings some, if one does. Each kind is asked for by a part
of the library, or by the host."""


@frozen
class Format:
    """A format: its kind, its name, and what does it.

    Kinds are `calendar`, `cutter`, `label`, `match_key`, `record`, `target` and `template`; another is an
    `InvalidValue`, for nobody would ask it. `provider` keeps the protocol of its kind; the page of hooks in the docs
    names it.
    """

    kind: str = field(validator=one_of(*KINDS))
    name: str = field(validator=named)
    provider: Any


@hookspec
def libops_formats() -> Iterable[Format]:  # type: ignore[empty-body]
    """Hand over the formats this plugin brings."""
