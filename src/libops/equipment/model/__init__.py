"""What equipment is: assets, tickets, known issues, maintenance schedules, and the figures made of them."""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
    from libops.equipment.model.asset import Asset, AssetOfItem, AssetPart, AssetState, OutOfService, subject_key
    from libops.equipment.model.known_issue import KnownIssue, Likeness, find_known_issues, words_of
    from libops.equipment.model.maintenance import MaintenanceSchedule
    from libops.equipment.model.repair_times import (
        OpenTime,
        Reliability,
        downtime,
        mean_time_to_repair,
        reliability,
        wall_clock,
    )
    from libops.equipment.model.ticket import (
        LEGAL,
        DeviceFault,
        Impact,
        Labor,
        PartUsed,
        Passage,
        Priority,
        Ticket,
        TicketAct,
        TicketSource,
        TicketState,
        Urgency,
        fault_key,
    )
else:
    __getattr__ = offering(__name__, "asset", "repair_times", "known_issue", "maintenance", "ticket")

__all__ = [
    "LEGAL",
    "Asset",
    "AssetOfItem",
    "AssetPart",
    "AssetState",
    "DeviceFault",
    "Impact",
    "KnownIssue",
    "Labor",
    "Likeness",
    "MaintenanceSchedule",
    "OpenTime",
    "OutOfService",
    "PartUsed",
    "Passage",
    "Priority",
    "Reliability",
    "Ticket",
    "TicketAct",
    "TicketSource",
    "TicketState",
    "Urgency",
    "downtime",
    "fault_key",
    "find_known_issues",
    "mean_time_to_repair",
    "reliability",
    "subject_key",
    "wall_clock",
    "words_of",
]
