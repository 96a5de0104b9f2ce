"""Plugin doors: what a plugin can bring, and how it is let in.

A plugin is a module or an object with functions marked `@hookimpl`, each named after a hook below. A hook hands
over objects; the objects keep a protocol; the protocol ships as a contract test in `libops.testing.contracts`.
Built-in plugins come in through the same doors.
"""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
    from libops.hooks.loader import load
    from libops.hooks.markers import HOOK_API, hookimpl
    from libops.hooks.registry import PluginReport, Registry
    from libops.hooks.specs.channels import Channel, Sender
    from libops.hooks.specs.drivers import DeviceKind, Driver, LabelPrinter, Scan, Scanner
    from libops.hooks.specs.formats import CalendarFormat, Format
    from libops.hooks.specs.observers import Observer
    from libops.hooks.specs.policy import OnFailure, PolicyCheck
    from libops.hooks.specs.storage import StorageBackend
else:
    __getattr__ = offering(
        __name__,
        "loader",
        "markers",
        "registry",
        "specs.channels",
        "specs.drivers",
        "specs.formats",
        "specs.observers",
        "specs.policy",
        "specs.storage",
    )

__all__ = [
    "HOOK_API",
    "CalendarFormat",
    "Channel",
    "DeviceKind",
    "Driver",
    "Format",
    "Observer",
    "OnFailure",
    "PluginReport",
    "PolicyCheck",
    "Registry",
    "LabelPrinter",
    "Scan",
    "Scanner",
    "Sender",
    "StorageBackend",
    "hookimpl",
    "load",
]
