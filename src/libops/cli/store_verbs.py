"""What the verbs for the store as a whole do."""

from __future__ import annotations

import argparse

from libops.cli.output import Output
from libops.cli.verbs import opened

__all__ = ["export", "restore"]


def export(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        report = ops.export(arguments.folder)
    output.value(report)
    return 1 if report.problems else 0


def restore(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments, make=not arguments.dry_run, restoring=True) as ops:
        report = ops.restore(arguments.folder, dry_run=arguments.dry_run)
    output.value(report)
    return 1 if report.problems else 0
