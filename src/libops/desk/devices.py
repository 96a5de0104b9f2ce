"""Devices at the desk: opened by the name they have in the settings, and watched while they are used.

Whatever a driver raises becomes a ticket by itself, once, and is raised all the same: the host writes no glue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from types import TracebackType
from typing import Any

from attrs import frozen

from libops.base.errors import DeviceError, InvalidValue, LibopsError, NotFound
from libops.desk.arguments import checks_arguments
from libops.desk.equipment.desk import EquipmentDesk
from libops.equipment.model import Ticket
from libops.hooks.registry import Registry
from libops.hooks.specs.drivers import DeviceKind, Scan

__all__ = ["DeviceDesk", "DeviceState", "WatchedDevice"]

OURS = ("driver", "asset", "simulated", "scan_faults")
"""What the table of a device says to the desk; the rest are its driver's options."""
SCAN_FAULTS = ("layout_suspect",)
"""Problems of scans that are the scanner's own fault. An incomplete one may have been typed by hand."""


@frozen
class DeviceState:
    """A device of the settings: its driver, its asset, and the tickets that are open about it."""

    name: str
    driver: str
    kind: DeviceKind | None
    asset: str
    simulated: bool
    tickets: tuple[Ticket, ...] = ()
    problem: str = ""
    """Why it cannot be opened, empty when it can or was not tried."""


@checks_arguments()
class DeviceDesk:
    """The devices of the settings, `[devices.NAME]`.

    `driver` names the driver that a plugin brings; `asset` the asset in the register of equipment, the device's own
    name if left out; `simulated = true` opens its simulator; `scan_faults` are the problems of scans that count as
    errors of the scanner. Everything else in the table is for the driver.

    >>> import libops
    >>> from libops.desk.settings.loading import default_settings
    >>> scanner = {"driver": "keyboard_wedge", "prefix": "~", "simulated": True}
    >>> ops = libops.open(settings={**default_settings().canonical(), "devices": {"front-desk": scanner}})
    >>> [(one.name, one.kind.value, one.problem) for one in ops.devices.all(try_them=True)]
    [('front-desk', 'scanner', '')]
    """

    def __init__(
        self, registry: Registry, settings: Mapping[str, Mapping[str, Any]], equipment: Callable[[], EquipmentDesk]
    ) -> None:
        self.registry = registry
        self.settings = settings
        self.equipment = equipment

    def open(self, name: str, *, simulated: bool | None = None) -> WatchedDevice:
        """Open a device of the settings; its errors open their ticket by themselves.

        Args:
            name: the device's name in the settings.
            simulated: whether to open the simulator; as the settings say if left out.

        Returns:
            The device as its driver gives it, watched: use it as the driver's documentation says.

        Raises:
            NotFound: there is no such device, or no plugin brings its driver.
            InvalidValue: its table names no driver, or an option that the driver does not know.
            DeviceError: it cannot be reached; a ticket is open.
        """
        table = self.table(name)
        driver = self.registry.driver(self.driver_of(name))
        simulates = bool(table.get("simulated", False)) if simulated is None else simulated
        options = {key: value for key, value in table.items() if key not in OURS}
        faults = tuple(table.get("scan_faults", SCAN_FAULTS))
        watch = Watch(name, str(table.get("asset", name)), driver.kind, faults, self.equipment)
        with watch.over(Exception):
            device = (driver.simulate if simulates else driver.open)(options)
        return WatchedDevice(device, watch)

    def watched(
        self,
        device: Any,
        name: str,
        *,
        kind: DeviceKind,
        asset: str | None = None,
        scan_faults: Iterable[str] = SCAN_FAULTS,
    ) -> WatchedDevice:
        """Watch a device that the host opened itself: its errors open their ticket, as of those that `open` gives.

        `kind` says what it is, and under which kind it is registered when the register does not have it; `asset` is its
        asset there, its `name` when left out; `scan_faults` are the problems of scans that count as its errors.
        """
        return WatchedDevice(device, Watch(name, asset or name, kind, tuple(scan_faults), self.equipment))

    def all(self, *, try_them: bool = False) -> list[DeviceState]:
        """The devices of the settings and their open tickets; `try_them` opens and closes each to see."""
        return [self.state(name, try_it=try_them) for name in self.settings]

    def state(self, name: str, *, try_it: bool = False) -> DeviceState:
        """How one device stands. Raises `NotFound` for one that the settings do not name."""
        table, problem = self.table(name), ""
        asset = str(table.get("asset", name))
        if try_it:
            try:
                self.open(name).close()
            except LibopsError as error:
                problem = str(error)
        found = self.registry.drivers.get(str(table.get("driver", "")))
        tickets = tuple(ticket for ticket in self.equipment().tickets(asset=asset) if ticket.state.is_open)
        simulated = bool(table.get("simulated", False))
        driver = str(table.get("driver", ""))
        return DeviceState(name, driver, None if found is None else found.kind, asset, simulated, tickets, problem)

    def table(self, name: str) -> Mapping[str, Any]:
        if name not in self.settings:
            raise NotFound(f"no device {name!r} in the settings; there are {', '.join(self.settings) or 'none'}")
        return self.settings[name]

    def driver_of(self, name: str) -> str:
        driver = self.settings[name].get("driver")
        if not isinstance(driver, str):
            there = ", ".join(sorted(self.registry.drivers)) or "none"
            raise InvalidValue(f"device {name!r} names no driver: add driver = '...'; there are {there}")
        return driver


class Watch:
    """Turns what goes wrong with one device into its ticket. A ticket that cannot be opened hides no device error."""

    def __init__(
        self, name: str, asset: str, kind: DeviceKind, faults: tuple[str, ...], equipment: Callable[[], EquipmentDesk]
    ) -> None:
        self.name = name
        self.asset = asset
        self.kind = kind
        self.faults = faults
        self.equipment = equipment

    @contextmanager
    def over(self, strays: type[Exception] = OSError) -> Iterator[None]:
        """Watch a stretch of use: a `DeviceError` in it becomes a ticket and is raised again.

        `strays` are what a driver lets through of its port or network, and what it may raise where the host gave it
        nothing: they are errors of the device, too.
        """
        with self.equipment().watching(self.name, asset=self.asset, register_as=self.kind.value):
            try:
                yield
            except LibopsError:
                raise
            except strays as error:
                raise DeviceError(f"{self.name}: {type(error).__name__}: {error}") from error

    def looked_at(self, result: Any) -> Any:
        """What a device returned; scans that show a fault of the scanner are reported."""
        if isinstance(result, list):
            for scan in result:
                if isinstance(scan, Scan) and scan.problem in self.faults:
                    self.report(scan.problem, f"{self.name} reads {scan.text!r}: {scan.problem}")
        return result

    def report(self, error: str, text: str) -> None:
        """Report an error that was not raised."""
        self.equipment().tell_of_device(
            device=self.name, error=error, text=text, asset=self.asset, register_as=self.kind.value
        )


class WatchedDevice:
    """A device whose errors open their ticket. It has the methods and attributes of the device itself."""

    def __init__(self, device: Any, watch: Watch) -> None:
        self.device = device
        self.watch = watch

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.device, name)
        if not callable(found):
            return found

        @wraps(found)
        def watched(*args: Any, **kwargs: Any) -> Any:
            with self.watch.over():
                return self.watch.looked_at(found(*args, **kwargs))

        return watched

    def __enter__(self) -> WatchedDevice:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.device.close()
