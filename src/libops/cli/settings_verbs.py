"""The verbs about settings: check a file, look for what cannot be meant, print the canonical form, compare two."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from libops.cli.output import Output

if TYPE_CHECKING:
    from libops.desk.settings.loading import Settings

__all__ = ["canonical", "check", "differ", "lint"]


def check(arguments: argparse.Namespace, output: Output) -> int:
    """Read a settings file; every problem is told at once. What plugins bring is known when they are let in."""
    from libops.base.errors import SettingsError
    from libops.desk.catalog.match_keys import match_key_problems, match_keys
    from libops.desk.settings.loading import load_settings
    from libops.hooks.loader import load

    settings = load_settings(arguments.file)
    registry = load(arguments.plugin, discover=arguments.discover)
    terms = settings.file.catalog.matching
    problems = tuple(match_key_problems(terms, registry, arguments.file.name))
    if problems:
        raise SettingsError("\n  ".join([f"{arguments.file.name} has a problem:", *problems]), problems)
    key = terms.options(match_keys(registry)).key
    output.value(
        {
            "file": str(arguments.file),
            "version": settings.version,
            "rules": len(settings.file.rules),
            "match_key": f"{key.name}/{key.version}",
        }
    )
    return 0


def lint(arguments: argparse.Namespace, output: Output) -> int:
    """Print what cannot be meant; exit code 1 if there is anything."""
    from libops.desk.settings.lint import lint_settings
    from libops.desk.settings.loading import load_settings

    settings = load_settings(arguments.file)
    here = settings.calendar_of(settings.library_named(None))
    findings = lint_settings(settings, today=arguments.today or here.service_day(datetime.now(UTC)))
    output.rows([str(finding) for finding in findings])
    return 1 if findings else 0


def canonical(arguments: argparse.Namespace, output: Output) -> int:
    """Print the settings as JSON, without what equals its default; libops reads that form, too."""
    from libops.desk.settings.loading import load_settings

    print(json.dumps(load_settings(arguments.file).canonical(), ensure_ascii=False, indent=2))
    return 0


def differ(arguments: argparse.Namespace, output: Output) -> int:
    """Print what another settings file would decide otherwise; exit code 1 if there is anything."""
    from libops.desk.settings.diff import compare_settings
    from libops.desk.settings.loading import load_settings

    day: date | None = arguments.day
    at = None if day is None else datetime.combine(day, time(12), UTC)
    before, after = load_settings(arguments.file), load_settings(arguments.other)
    found = compare_settings(before, after, at=at)
    lines = [str(change) for change in found.changes]
    if arguments.db is not None:
        lines += replayed(arguments.db, before, after, at)
    output.rows(lines)
    return 1 if lines else 0


def replayed(db: str, before: Settings, after: Settings, at: datetime | None) -> list[str]:
    """What comes out differently for the open loans of a store, and a line that counts them."""
    from libops.cli.verbs import store_url
    from libops.desk.opening import open as open_library
    from libops.desk.settings.replay import replay_open_loans

    with open_library(store_url(db), settings=before) as ops:
        replay = replay_open_loans(ops.storage, before, after, at=at or ops.clock())
    lines = [str(change) for change in replay.changes]
    if replay.unknown:
        lines.append(f"{len(replay.unknown)} loans are of libraries that only one of the files has")
    if lines:
        counts = ", ".join(f"{what} {number}" for what, number in replay.counts.items())
        lines.append(f"of {replay.loans} open loans: {counts or 'none'}")
    return lines
