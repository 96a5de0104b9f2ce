"""`open`: from a URL, or a host's connection, and settings to a library at work."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from libops.base.errors import InvalidValue
from libops.base.ids import IdSource
from libops.desk.arguments import checked
from libops.desk.calls import tells_right_call
from libops.desk.operations import Operations
from libops.desk.settings.loading import Settings, default_settings, load_settings
from libops.desk.sources import id_source, now, refuse_useless
from libops.desk.stores import joined_store, own_store
from libops.hooks.hosts import driver_connection
from libops.hooks.loader import load
from libops.hooks.registry import Registry

__all__ = ["open"]

LOG = logging.getLogger("libops")
IN_MEMORY = "memory:"
NO_OPTIONS: Mapping[str, Mapping[str, Any]] = {}


@tells_right_call
def open(
    url: str = IN_MEMORY,
    *,
    settings: Settings | Mapping[str, Any] | str | Path | None = None,
    join: Any = None,
    library: str | None = None,
    plugins: Sequence[Any] = (),
    discover: bool = False,
    clock: Callable[[], datetime] = now,
    ids: IdSource | None = None,
    durability: str = "full",
    restoring: bool = False,
    language: str = "en",
    channels: Mapping[str, str] | None = None,
    channel_options: Mapping[str, Mapping[str, Any]] = NO_OPTIONS,
) -> Operations:
    """Open a library.

    Args:
        url: where its records are kept: `memory:`, `sqlite:///town.db`, or a scheme that a plugin brings.
        settings: a TOML file, a dictionary, or settings read before; a small town library when left out.
        join: a connection of the host's (of sqlite3, psycopg, SQLAlchemy or Django, or a SQLAlchemy session), whose
            transaction stays the host's; in place of `url`, which must then be left out.
        library: which library of the settings this desk stands in; the first when left out.
        plugins: plugins to let in, as modules, objects or import paths. What is wrong with one is a warning in the log
            `libops`, and stands in the `plugins` of what is returned; the others work on.
        discover: also let in every installed plugin.
        clock: returns the time in UTC; the system's clock when left out.
        ids: makes identifiers; from clock and randomness when left out.
        durability: `full` (a committed loan survives a power cut) or `normal` (it survives a crash of the program).
        restoring: to restore an export into it: let in what an interrupted restore left.
        language: of the words in reasons: `en`, `de`, `fr`, `es`.
        channels: which channel carries which kind of message: `{"email": "mbox"}`.
        channel_options: options of each channel, by its name.

    Returns:
        The operations. Close them, or use them in a `with`.

    Raises:
        InvalidValue: an argument is not what it should be.
        SettingsError: the settings cannot be used; all problems are listed.
        NotFound: no backend answers to the URL, or no such library.
        SchemaMismatch: the store is damaged, half restored, another program's, or of a newer version.
        BackendError: the store cannot be opened or reached.

    >>> import libops
    >>> with libops.open() as ops:
    ...     libops.Refuse is type(ops.circulation.check_out(patron="21234000000017", item="31234000000013"))
    True
    """
    checked("settings", settings, Settings | Mapping | str | Path | None)
    checked("plugins", plugins, Sequence[Any])
    checked("channels", channels, Mapping[str, str] | None)
    refuse_useless(clock)
    if join is not None and url != IN_MEMORY:
        raise InvalidValue(f"both url={url!r} and join: a joined library is where the host's connection leads")
    if settings is None:
        settings = default_settings()
    elif not isinstance(settings, Settings):
        settings = load_settings(settings)
    registry = load(plugins, discover=discover)
    look_over(registry, {**settings.lending.channels, **(channels or {})}, channel_options)
    place = settings.library_named(library)
    if join is not None:
        backend = registry.backend_of(driver_connection(join))
        storage = joined_store(backend, join, restoring=restoring)
    else:
        backend = registry.backend_for(url)
        storage = own_store(backend, url, durability, restoring=restoring)
    return Operations(
        storage,
        settings,
        registry,
        finds_words=backend.capabilities.full_text,
        clock=clock,
        ids=id_source(clock) if ids is None else ids,
        library=place,
        language=language,
        channels={} if channels is None else channels,
        channel_options=channel_options,
    )


def look_over(registry: Registry, channels: Mapping[str, str], options: Mapping[str, Mapping[str, Any]]) -> None:
    """Tell in the log what is missing and stops nobody. Raises `InvalidValue` for options that nobody would heed."""
    there = f"of {', '.join(sorted(registry.channels))}"
    for report in registry.reports:
        for problem in report.problems:
            LOG.warning("plugin %s: %s", report.name, problem)
    for kind, name in channels.items():
        if name not in registry.channels:
            LOG.warning("%s is to go by %r, which is no channel, and waits: name one %s", kind, name, there)
    for name in options:
        if name not in registry.channels:
            raise InvalidValue(f"channel_options for {name!r}, which is no channel: name the channel itself, {there}")
