"""The register: take an asset in, change what it says, plan its maintenance, write down a known issue."""

from __future__ import annotations

from datetime import datetime

from libops.base.answers import answer
from libops.base.bounds import amount_at_least_zero, not_below
from libops.base.decisions import Decision
from libops.equipment.decide.facts import AssetFacts, EquipmentPlan
from libops.equipment.events import (
    AssetChanged,
    AssetRegistered,
    KnownIssueRecorded,
    MaintenanceScheduled,
    MaintenanceStopped,
)
from libops.equipment.model import Asset, AssetState, KnownIssue, MaintenanceSchedule
from libops.equipment.reasons import ASSET_KNOWN, ASSET_OUT_OF_SERVICE, ASSET_RETIRED, ITEM_IS_OTHER_ASSET

__all__ = ["change_asset", "record_known_issue", "register_asset", "schedule_maintenance", "stop_maintenance"]


def register_asset(
    facts: AssetFacts, asset: Asset, *, at: datetime, by: str, explain: bool = False
) -> Decision[EquipmentPlan]:
    """Take an asset into the register; refused when the id is used or its item is another asset.

    Raises `InvalidValue` for a price below 0.
    """
    amount_at_least_zero("price", asset.price)
    other = facts.asset_of_item
    taken = asset.item_id is not None and other is not None and other != asset.id
    asked = (
        ("id free", ASSET_KNOWN(asset=asset.id, name=facts.stored.name) if facts.stored else None),
        ("item free", ITEM_IS_OTHER_ASSET(item=asset.item_id, asset=other) if taken else None),
    )
    return answer(asked, lambda _: EquipmentPlan((AssetRegistered(at, by, asset),)), explain=explain)


def change_asset(
    facts: AssetFacts, asset: Asset, *, at: datetime, by: str, explain: bool = False
) -> Decision[EquipmentPlan]:
    """Let the register say something else of an asset: moved, other owner, new part, lent from now on.

    Refused when it is retired, when its new item is another asset, and when its item should change while a ticket
    holds it out of service. To retire an asset, retire it through a ticket (`retire`).
    Raises `InvalidValue` for a price below 0.
    """
    amount_at_least_zero("price", asset.price)
    stored, other = facts.stored, facts.asset_of_item
    gone = stored is None or stored.state is AssetState.RETIRED or asset.state is AssetState.RETIRED
    moves = stored is not None and stored.item_id != asset.item_id
    taken = asset.item_id is not None and other is not None and other != asset.id
    held = facts.out_of_service if moves else None
    asked = (
        ("asset in use", ASSET_RETIRED(asset=asset.id) if gone else None),
        ("item free", ITEM_IS_OTHER_ASSET(item=asset.item_id, asset=other) if taken else None),
        ("item may change", ASSET_OUT_OF_SERVICE(asset=asset.id, tickets=held.tickets) if held else None),
    )
    return answer(asked, lambda _: EquipmentPlan((AssetChanged(at, by, asset),)), explain=explain)


def schedule_maintenance(
    asset: Asset, schedule: MaintenanceSchedule, *, at: datetime, by: str
) -> Decision[EquipmentPlan]:
    """Plan a task that comes back, or plan it anew; refused for a retired asset.

    Raises `InvalidValue` for a ticket that opens after the task is due.
    """
    not_below(0, "lead_days", schedule.lead_days)
    asked = (("asset in use", ASSET_RETIRED(asset=asset.id) if asset.state is AssetState.RETIRED else None),)
    return answer(asked, lambda _: EquipmentPlan((MaintenanceScheduled(at, by, schedule),)))


def stop_maintenance(schedule: MaintenanceSchedule, *, at: datetime, by: str) -> Decision[EquipmentPlan]:
    """Let a task not come back any more; a ticket that is open for it stays."""
    return answer((), lambda _: EquipmentPlan((MaintenanceStopped(at, by, schedule.id),)))


def record_known_issue(issue: KnownIssue, *, at: datetime, by: str) -> Decision[EquipmentPlan]:
    """Write down a fault that was understood, so that it is found the next time."""
    return answer((), lambda _: EquipmentPlan((KnownIssueRecorded(at, by, issue),)))
