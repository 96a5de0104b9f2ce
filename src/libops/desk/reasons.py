"""Why the desk itself says no, whatever the act."""

from __future__ import annotations

from libops.base.decisions import ReasonCode, Weight

__all__ = ["CHECK_FAILED", "PREVIEW_STALE"]

PREVIEW_STALE = ReasonCode("preview.stale", Weight.ABSOLUTE)
"""Something that the preview depended on has changed since: look again before acting."""

CHECK_FAILED = ReasonCode("plugin.check_failed", Weight.OVERRIDABLE, "plugin.failed_check")
"""A policy plugin's check raised an error; whether that refuses or is only said, the plugin has declared."""
