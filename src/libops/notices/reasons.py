"""Why a message cannot be written."""

from __future__ import annotations

from libops.base.decisions import ReasonCode, Weight

__all__ = ["NO_ADDRESS"]

NO_ADDRESS = ReasonCode("notice.no_address", Weight.ABSOLUTE)
"""The patron has no address for this kind of channel."""
