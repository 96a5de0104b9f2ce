"""What each event of circulation changes."""

from libops.base.events import Changes
from libops.circulation.changes.closings import CLOSING_CHANGES
from libops.circulation.changes.holds import HOLD_CHANGES
from libops.circulation.changes.in_house import IN_HOUSE_CHANGES
from libops.circulation.changes.loans import LOAN_CHANGES
from libops.circulation.changes.losses import LOSS_CHANGES
from libops.circulation.changes.transits import TRANSIT_CHANGES

__all__ = ["CHANGES"]

CHANGES: Changes = {
    **LOAN_CHANGES,
    **LOSS_CHANGES,
    **HOLD_CHANGES,
    **TRANSIT_CHANGES,
    **IN_HOUSE_CHANGES,
    **CLOSING_CHANGES,
}
