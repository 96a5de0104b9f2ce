"""The shape of the whole settings file: what lending needs, and the tables of all other rooms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, fields, frozen

from libops.bookings.policy import BookingPolicy, JobTerms
from libops.catalog.matching.overlay import FieldSpec, field_spec
from libops.catalog.policy import CatalogPolicy
from libops.desk.settings.lending import LendingSettings
from libops.equipment.policy import EquipmentPolicy
from libops.inventory.policy import InventoryPolicy
from libops.notices.policy import NoticePolicy
from libops.notices.templates import Template
from libops.processing.labels.terms import LabelTerms
from libops.processing.policy import ProcessingPolicy
from libops.wire.plain import register_text

__all__ = ["SettingsFile", "whole"]

register_text(FieldSpec, read=field_spec, write=lambda spec: spec.written)


@frozen(kw_only=True)
class SettingsFile(LendingSettings):
    """The settings as they are written down: the shape of the TOML file."""

    notice_policies: Mapping[str, NoticePolicy] = field(factory=dict)
    notice_templates: Mapping[str, Template] = field(factory=dict)
    """Templates of the library's own, or in place of those that come with libops."""
    equipment: EquipmentPolicy = field(factory=EquipmentPolicy)
    """How tickets are graded, what they block, and what work costs."""
    bookings: BookingPolicy = field(factory=BookingPolicy)
    """The terms of rooms, machines and equipment that are booked."""
    job_terms: Mapping[str, JobTerms] = field(factory=dict)
    """The terms of makerspace jobs, by kind of machine."""
    inventory: InventoryPolicy = field(factory=InventoryPolicy)
    """Stocktakes, weeding and displays."""
    catalog: CatalogPolicy = field(factory=CatalogPolicy)
    """How records that arrive are matched and laid over, and what is asked of a record."""
    labels: LabelTerms = field(factory=LabelTerms)
    """Spine labels, sheets, layouts and the label printer."""
    item_mappings: Mapping[str, Mapping[str, Any]] = field(factory=dict)
    """Where the items are in a record, for fields other than the shipped mappings know."""
    processing: ProcessingPolicy | None = None
    """Checklists for new material; left out, the library follows none, and nothing waits for them."""


def whole(file: LendingSettings) -> SettingsFile:
    """The same settings with the tables of all rooms, which are as they are when nothing is written down."""
    if isinstance(file, SettingsFile):
        return file
    return SettingsFile(**{each.name: getattr(file, each.name) for each in fields(LendingSettings)})
