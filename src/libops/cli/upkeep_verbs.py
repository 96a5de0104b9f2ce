"""What the verbs that look after a store do: backup, restore, check."""

from __future__ import annotations

import argparse
from pathlib import Path

from libops.base.errors import InvalidValue
from libops.cli import store_verbs
from libops.cli.output import Output
from libops.cli.verbs import BROKEN, DONE, opened
from libops.storage.port import upkeep_of

__all__ = ["backup", "check", "restore"]


def backup(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        store = upkeep_of(ops.storage)
        if store is None:
            raise InvalidValue("this store cannot copy itself: use the tools of its server, such as pg_dump")
        store.backup(arguments.file)
    output.rows([str(arguments.file)])
    return DONE


def restore(arguments: argparse.Namespace, output: Output) -> int:
    """The folder of an export goes into any store; the file of a backup becomes a SQLite file."""
    from libops.hooks.builtin.sqlite.upkeep import restore as restored

    if not arguments.folder.is_file():
        return store_verbs.restore(arguments, output)
    if ":" in arguments.db:
        raise InvalidValue(f"the backup of a file becomes a file, and {arguments.db!r} is none: write --db town.db")
    restored(arguments.folder, Path(arguments.db), dry_run=arguments.dry_run)
    output.rows([arguments.db])
    return DONE


def check(arguments: argparse.Namespace, output: Output) -> int:
    """Damage that the engine sees, and records that are not what the log makes of them."""
    from libops.desk.moving.restore import scratch_store
    from libops.storage.rebuild import differing, log_of, rebuild_into

    with opened(arguments) as ops:
        store = upkeep_of(ops.storage)
        found = [] if store is None else store.problems()
        if not found:
            with scratch_store(sum(1 for _ in log_of(ops.storage))) as scratch:
                rebuild_into(scratch, log_of(ops.storage))
                made = differing(ops.storage, scratch)
                found = [f"{kind.name} {key!r} is not what the log makes of it" for kind, key in made]
    output.rows(found or ["sound"])
    return BROKEN if found else DONE
