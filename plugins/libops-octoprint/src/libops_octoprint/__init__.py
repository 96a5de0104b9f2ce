"""3-D printers behind OctoPrint (its REST interface), with a simulator of the same protocol that fails on demand.

Settings: `[devices.NAME]` with `url`, `api_key` and, if wanted, `deadline` (seconds a call may take, 10 by default).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from libops.base.errors import InvalidValue
from libops.hooks.markers import hookimpl
from libops.hooks.specs.drivers import DeviceKind, Driver
from libops_octoprint.printer import OctoPrinter
from libops_octoprint.rest import Rest
from libops_octoprint.simulator import FAULTS, SimulatedPrinter
from libops_octoprint.status import (
    NotOperational,
    PrinterBusy,
    PrinterState,
    PrinterStatus,
    PrintEvent,
    PrintEventKind,
    events_of,
)

__all__ = [
    "FAULTS",
    "NotOperational",
    "OctoPrinter",
    "PrintEvent",
    "PrintEventKind",
    "PrinterBusy",
    "PrinterState",
    "PrinterStatus",
    "SimulatedPrinter",
    "events_of",
    "libops_drivers",
    "open_printer",
    "simulate_printer",
]

libops_api = 1
"""The hook API this plugin was made for."""


def open_printer(options: Mapping[str, Any]) -> OctoPrinter:
    """The printer that the settings name: `url`, `api_key`, `deadline`; nothing is sent yet.

    Raises `InvalidValue` for an option that is missing, unknown or not usable.
    """
    return OctoPrinter(Rest(**_known(options, {"url", "api_key"}, {"deadline": 10.0})))


def simulate_printer(options: Mapping[str, Any]) -> SimulatedPrinter:
    """A printer without hardware: `print_seconds` is how long each print takes, `deadline` how long a call may."""
    return SimulatedPrinter(**_known(options, set(), {"print_seconds": 60, "deadline": 5.0}))


@hookimpl
def libops_drivers() -> Iterable[Driver]:
    """The driver `octoprint`."""
    return [Driver("octoprint", DeviceKind.PRINTER_3D, open_printer, simulate_printer)]


def _known(options: Mapping[str, Any], needed: set[str], more: Mapping[str, Any]) -> dict[str, Any]:
    for name in sorted(set(options) - needed - set(more)):
        raise InvalidValue(f"octoprint has no option {name!r}; it has {', '.join(sorted(needed | set(more)))}")
    for name in sorted(needed - set(options)):
        raise InvalidValue(f"octoprint needs the option {name!r}")
    return {**more, **options}
