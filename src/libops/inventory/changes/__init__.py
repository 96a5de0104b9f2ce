"""Which records each event of this room makes, replaces or removes."""

from __future__ import annotations

from libops.base.events import Changes
from libops.inventory.changes.displays import DISPLAY_CHANGES
from libops.inventory.changes.stocktake import STOCKTAKE_CHANGES
from libops.inventory.changes.weeding import WEEDING_CHANGES

__all__ = ["CHANGES"]

CHANGES: Changes = {**STOCKTAKE_CHANGES, **WEEDING_CHANGES, **DISPLAY_CHANGES}
