"""What the equipment room decides; each function returns `Permit(EquipmentPlan)` or `Refuse` with every reason."""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
    from libops.equipment.decide.facts import AssetFacts, EquipmentPlan, FaultFacts, ReportFacts, TicketFacts
    from libops.equipment.decide.register import (
        change_asset,
        record_known_issue,
        register_asset,
        schedule_maintenance,
        stop_maintenance,
    )
    from libops.equipment.decide.report import Report, open_maintenance, open_ticket, report_damage, report_device_error
    from libops.equipment.decide.work import (
        assign,
        close,
        diagnose,
        dismiss,
        escalate,
        log_labor,
        reopen,
        resolve,
        retire,
        start_repair,
        triage,
        use_part,
        wait_for_parts,
    )
else:
    __getattr__ = offering(__name__, "facts", "register", "report", "work")

__all__ = [
    "AssetFacts",
    "EquipmentPlan",
    "FaultFacts",
    "Report",
    "ReportFacts",
    "TicketFacts",
    "assign",
    "change_asset",
    "close",
    "diagnose",
    "dismiss",
    "escalate",
    "log_labor",
    "open_maintenance",
    "open_ticket",
    "record_known_issue",
    "register_asset",
    "reopen",
    "report_damage",
    "report_device_error",
    "resolve",
    "retire",
    "schedule_maintenance",
    "start_repair",
    "stop_maintenance",
    "triage",
    "use_part",
    "wait_for_parts",
]
