"""The two markers of pluggy, and the version of the hook API."""

from __future__ import annotations

import pluggy

__all__ = ["HOOK_API", "PROJECT", "hookimpl", "hookspec"]

PROJECT = "libops"
"""Names the entry-point group, and with an underscore the prefix of every hook."""

HOOK_API = 1
"""Raised when a hook's signature changes; a plugin that asks for another number (`libops_api = 2`) is not loaded."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
