"""The loader: lets each plugin in alone, so that a broken one stops nobody, and says what became of it.

pluggy by itself aborts the loading of all at the first broken entry point, aborts a whole call when one
implementation raises without saying whose it was, finds a misspelt hook only when asked, and hands back coroutines
unawaited (measured on 1.7.0). So every plugin is imported, checked and asked by itself here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

import pluggy
from attrs import frozen

from libops.hooks.markers import HOOK_API, PROJECT
from libops.hooks.registry import PluginReport, Registry
from libops.hooks.specs import channels, drivers, formats, observers, policy, storage

__all__ = ["HOOKS", "load"]

BUILT_IN = ("memory", "sqlite", "console", "file", "smtp", "keyboard_wedge", "html_labels")

HOOKS: dict[str, tuple[str, type[Any]]] = {
    "libops_storage": ("storage", storage.StorageBackend),
    "libops_channels": ("channels", channels.Channel),
    "libops_drivers": ("drivers", drivers.Driver),
    "libops_policy_checks": ("policy_checks", policy.PolicyCheck),
    "libops_formats": ("formats", formats.Format),
    "libops_observers": ("observers", observers.Observer),
}
"""Every hook: where the registry keeps what it brings, and of which class that is."""


@frozen
class Candidate:
    """A plugin before it is let in; `load` imports it."""

    name: str
    origin: str
    version: str
    load: Callable[[], Any]


def load(plugins: Sequence[Any] = (), *, discover: bool = False) -> Registry:
    """Let in the built-in plugins, those named, and with `discover` those installed with an entry point.

    Args:
        plugins: modules or objects with hook implementations, or their import paths (`"libops_mbox"`).
        discover: also load every distribution that declares an entry point in the group `libops`. Off in embedded
            use, where the host should say what runs inside it.

    Returns:
        The registry. It never raises for a broken plugin: `registry.reports` says what went wrong with which.
    """
    registry = Registry()
    manager = pluggy.PluginManager(PROJECT)
    for module in (storage, channels, drivers, policy, formats, observers):
        manager.add_hookspecs(module)
    for candidate in candidates(plugins, discover=discover):
        registry.reports.append(let_in(candidate, manager, registry))
    return registry


def candidates(plugins: Sequence[Any], *, discover: bool) -> Iterator[Candidate]:
    for name in BUILT_IN:
        path = f"libops.hooks.builtin.{name}"
        yield Candidate(name, "built in", "", lambda path=path: import_module(path))  # type: ignore[misc]
    for plugin in plugins:
        if isinstance(plugin, str):
            yield Candidate(plugin, "named", "", lambda path=plugin: import_module(path))  # type: ignore[misc]
        else:
            name = getattr(plugin, "__name__", type(plugin).__qualname__)
            yield Candidate(name, "named", "", lambda plugin=plugin: plugin)  # type: ignore[misc]
    if discover:
        from importlib import metadata

        for entry in metadata.entry_points(group=PROJECT):
            version = entry.dist.version if entry.dist is not None else ""
            yield Candidate(entry.name, f"entry point {entry.value}", version, entry.load)


def let_in(candidate: Candidate, manager: pluggy.PluginManager, registry: Registry) -> PluginReport:
    """Import, check and ask one plugin; whatever it raises ends in its report."""

    def refused(problem: str) -> PluginReport:
        return PluginReport(candidate.name, candidate.origin, candidate.version, False, (), (problem,))

    try:
        plugin = candidate.load()
        if manager.is_registered(plugin):
            return refused("named twice; it was let in the first time")
        asked = getattr(plugin, "libops_api", HOOK_API)
        if asked != HOOK_API:
            return refused(f"asks for hook API {asked}; this libops speaks {HOOK_API}")
        problems = list(misspelt(plugin))
        manager.register(plugin, name=f"{candidate.name} ({candidate.origin})")
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return refused(told(error))
    brought: list[str] = []
    hooks = [
        (hook, implementation.function)
        for hook in HOOKS
        for implementation in getattr(manager.hook, hook).get_hookimpls()
        if implementation.plugin is plugin
    ]
    for hook, function in hooks:
        ask(hook, function, registry, brought, problems)
    if not hooks and not problems:
        problems.append(f"has no hook: mark a function named {', '.join(HOOKS)} with @libops.hooks.hookimpl")
    loaded = bool(brought) or not problems
    return PluginReport(candidate.name, candidate.origin, candidate.version, loaded, tuple(brought), tuple(problems))


def told(error: BaseException) -> str:
    """What a guest raised, on one line. Some raise what is no `Exception`: a script that exits, a panic in Rust."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def misspelt(plugin: Any) -> Iterable[str]:
    """Marked functions whose name is no hook: pluggy would keep them and never call them."""
    from difflib import get_close_matches

    for name in dir(plugin):
        value = getattr(plugin, name, None)
        if not callable(value) or not hasattr(value, f"{PROJECT}_impl") or name in HOOKS:
            continue
        near = get_close_matches(name, HOOKS, n=1)
        yield f"{name!r} is no hook" + (f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(HOOKS)}")


def ask(hook: str, function: Any, registry: Registry, brought: list[str], problems: list[str]) -> None:
    """Ask one plugin for what it brings through one hook, and keep what is of the right class."""
    kept, cls = HOOKS[hook]
    if inspect.iscoroutinefunction(function):
        problems.append(f"{hook} is a coroutine function: hooks are plain functions")
        return
    try:
        offered = list(function())
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        problems.append(f"{hook} raised {told(error)}")
        return
    shelf: dict[str, Any] = getattr(registry, kept)
    for thing in offered:
        if not isinstance(thing, cls):
            problems.append(f"{hook} handed over {thing!r}, which is no {cls.__name__}")
        elif thing.name in shelf:
            problems.append(f"{hook} hands over {thing.name!r}, which another plugin brought first")
        else:
            shelf[thing.name] = thing
            brought.append(f"{kept}: {thing.name}")
