"""Why the equipment room says no, or what it points out."""

from __future__ import annotations

from libops.base.decisions import ReasonCode, Weight

__all__ = [
    "ASSET_HAS_TICKETS",
    "ASSET_KNOWN",
    "ASSET_OUT_OF_SERVICE",
    "ASSET_RETIRED",
    "ASSET_UNDER_WARRANTY",
    "ESCALATION_NOT_DUE",
    "FAULT_IGNORED",
    "ITEM_IS_OTHER_ASSET",
    "MAINTENANCE_NOT_DUE",
    "MAINTENANCE_TICKET_OPEN",
    "TICKET_ACT_NOT_LEGAL",
    "TICKET_BEFORE_LAST_CHANGE",
    "TICKET_DIAGNOSIS_MISSING",
    "TICKET_FIX_MISSING",
    "TICKET_NOT_OPEN",
    "TICKET_OTHER_CURRENCY",
    "TICKET_REOPENING_LATE",
]

ASSET_KNOWN = ReasonCode("asset.known", Weight.ABSOLUTE)
"""The register has an asset of this id."""
ASSET_RETIRED = ReasonCode("asset.retired", Weight.ABSOLUTE)
"""The asset left the register; nothing more happens to it."""
ASSET_OUT_OF_SERVICE = ReasonCode("asset.out_of_service", Weight.ABSOLUTE)
"""A ticket holds the asset out of service, so its item cannot be changed now."""
ASSET_UNDER_WARRANTY = ReasonCode("asset.under_warranty", Weight.ALERT)
"""The maker may owe the repair: ask before paying for parts or work."""
ASSET_HAS_TICKETS = ReasonCode("asset.has_open_tickets", Weight.ALERT)
"""Other tickets of the asset are open: this may be the same fault."""
ITEM_IS_OTHER_ASSET = ReasonCode("item.is_other_asset", Weight.ABSOLUTE)
"""The item is already another asset."""
TICKET_ACT_NOT_LEGAL = ReasonCode("ticket.act_not_legal", Weight.ABSOLUTE)
"""The ticket's state does not allow the act."""
TICKET_NOT_OPEN = ReasonCode("ticket.not_open", Weight.ABSOLUTE)
"""The ticket is resolved, closed or retired: reopen it first."""
TICKET_BEFORE_LAST_CHANGE = ReasonCode("ticket.before_last_change", Weight.ABSOLUTE)
"""The act is said to have happened before the last one."""
TICKET_FIX_MISSING = ReasonCode("ticket.fix_missing", Weight.ABSOLUTE)
"""The library wants to know what helped before a ticket is resolved."""
TICKET_DIAGNOSIS_MISSING = ReasonCode("ticket.diagnosis_missing", Weight.ABSOLUTE)
"""The library wants to know what was wrong before a ticket is resolved."""
TICKET_OTHER_CURRENCY = ReasonCode("ticket.other_currency", Weight.ABSOLUTE)
"""The ticket's costs so far are in another currency."""
TICKET_REOPENING_LATE = ReasonCode("ticket.reopening_late", Weight.OVERRIDABLE, "equipment.reopen_late")
"""The ticket was closed longer ago than the library lets it be reopened."""
ESCALATION_NOT_DUE = ReasonCode("escalation.not_due", Weight.ABSOLUTE)
"""Neither target is missed, or the ticket was already escalated for it."""
FAULT_IGNORED = ReasonCode("fault.ignored", Weight.ALERT)
"""The library opens no ticket for this kind of error."""
MAINTENANCE_NOT_DUE = ReasonCode("maintenance.not_due", Weight.ABSOLUTE)
"""The task is not due yet."""
MAINTENANCE_TICKET_OPEN = ReasonCode("maintenance.ticket_open", Weight.ABSOLUTE)
"""The task has its ticket already."""
