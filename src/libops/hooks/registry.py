"""What the plugins brought, sorted by kind and name; one registry per `Operations`."""

from __future__ import annotations

from typing import Any

from attrs import define, field, frozen

from libops.base.errors import InvalidValue, NotFound
from libops.hooks.guests import translated
from libops.hooks.markers import PROJECT
from libops.hooks.specs.channels import Channel
from libops.hooks.specs.drivers import Driver
from libops.hooks.specs.formats import KINDS, Format
from libops.hooks.specs.observers import Observer
from libops.hooks.specs.policy import PolicyCheck
from libops.hooks.specs.storage import StorageBackend

__all__ = ["PluginReport", "Registry"]


@frozen
class PluginReport:
    """What became of one plugin: where it came from, what it brought, and what was wrong with it.

    A plugin with problems may still have brought something: only the hook that failed is left out.
    """

    name: str
    origin: str
    version: str = ""
    loaded: bool = True
    brought: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@define
class Registry:
    """Backends, channels, drivers, checks, formats and observers, each by name; and the report on every plugin."""

    storage: dict[str, StorageBackend] = field(factory=dict)
    channels: dict[str, Channel] = field(factory=dict)
    drivers: dict[str, Driver] = field(factory=dict)
    policy_checks: dict[str, PolicyCheck] = field(factory=dict)
    formats: dict[str, Format] = field(factory=dict)
    observers: dict[str, Observer] = field(factory=dict)
    reports: list[PluginReport] = field(factory=list)

    def backend_for(self, url: str) -> StorageBackend:
        """The backend that answers to the scheme of a URL; raises `NotFound` with the schemes there are."""
        if not isinstance(url, str):
            raise InvalidValue(f"storage URL {url!r}: write text, such as 'sqlite:///town.db'")
        scheme = url.partition(":")[0]
        for backend in self.storage.values():
            if scheme in backend.schemes:
                return backend
        there = ", ".join(sorted(s for b in self.storage.values() for s in b.schemes))
        if ":" not in url:
            raise NotFound(f"{url!r} is no storage URL: for a file write 'sqlite:///{url}'; there are {there}")
        raise NotFound(f"no storage backend answers to {url!r}; there are {there}. {self.left_out()}")

    def left_out(self) -> str:
        """A sentence on the plugins that are installed and were not let in."""
        from importlib import metadata

        came = {report.name for report in self.reports}
        entries = metadata.entry_points(group=PROJECT)
        names = sorted({entry.module for entry in entries if came.isdisjoint((entry.name, entry.module))})
        if not names:
            return "A plugin that brings it is let in by plugins=[...] or --plugin"
        return (
            f"Installed, but not let in: {', '.join(names)}. Name the one that brings it in plugins=[...] or --plugin"
        )

    def backend_of(self, connection: Any) -> StorageBackend:
        """The backend that can join a host's connection.

        Raises `NotFound` with those that can join at all, `BackendError` when one fails to look at the connection.
        """
        for backend in self.storage.values():
            if backend.join is None or backend.accepts is None:
                continue
            if translated(backend.accepts, backend.name)(connection):
                return backend
        there = ", ".join(b.name for b in self.storage.values() if b.join is not None)
        kind = f"{type(connection).__module__}.{type(connection).__qualname__}"
        raise NotFound(f"no storage backend can join a {kind}; those that join are {there}")

    def channel(self, name: str) -> Channel:
        """The channel of that name; raises `NotFound` with those there are."""
        if name not in self.channels:
            raise NotFound(f"no channel is named {name!r}; there are {', '.join(sorted(self.channels)) or 'none'}")
        return self.channels[name]

    def driver(self, name: str) -> Driver:
        """The driver of that name; raises `NotFound` with those there are."""
        if name not in self.drivers:
            raise NotFound(f"no driver is named {name!r}; there are {', '.join(sorted(self.drivers)) or 'none'}")
        return self.drivers[name]

    def formats_of(self, kind: str) -> dict[str, Any]:
        """What the plugins brought of a kind of format, by name: the providers."""
        return {one.name: one.provider for one in self.formats.values() if one.kind == kind}

    def format(self, kind: str, name: str) -> Any:
        """The provider of the format of this kind and name; raises `NotFound` with those there are.

        The library asks for most kinds by itself. A host asks so for a `cutter` table or a `target` of copy cataloging.
        """
        found = self.formats_of(kind)
        if name not in found:
            there, brings = ", ".join(sorted(found)) or "none", KINDS.get(kind, "")
            hint = f"{brings} brings some (pip install {brings}). " if brings else ""
            raise NotFound(f"no {kind} format is named {name!r}; there are {there}. {hint}{self.left_out()}")
        return found[name]
