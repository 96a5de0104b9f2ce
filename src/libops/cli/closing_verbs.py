"""The verbs about a closing that the library announces: list what it touches, do it, undo it, and see what counts."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from libops.base.errors import InvalidValue
from libops.cli.named_files import text_of, written
from libops.cli.output import Output
from libops.cli.verbs import opened

if TYPE_CHECKING:
    from libops.desk.circulation.closings import Closing, ClosingReport

__all__ = ["closing_announced", "closing_apply", "closing_list", "closing_undo"]


def closing_list(arguments: argparse.Namespace, output: Output) -> int:
    """Print what a closing touches, and keep the list in a file for `apply` and `undo`."""
    from libops.wire.json import as_json

    with opened(arguments) as ops:
        closing = ops.closings.announce(arguments.where, arguments.first, arguments.last)
    written(arguments.keep, as_json(closing) + "\n")
    if output.as_json:
        output.value(closing)
    else:
        output.rows(list(told(closing)))
    return 0


def told(closing: Closing) -> Iterator[str]:
    yield from (f"loan     {each.loan_id}  due {each.before} -> {each.after}" for each in closing.moves)
    yield from (f"hold     {each.hold_id}  kept until {each.before} -> {each.after}" for each in closing.shelf)
    yield from (
        f"booking  {each.booking_id}  {each.start} to {each.end}: {each.act.value}" for each in closing.bookings
    )
    for each in closing.fines:
        yield f"fine     {each.loan_id}  {each.before} -> {each.after}{', waived' if each.waived else ''}"
    counts = (len(closing.moves), len(closing.shelf), len(closing.bookings), len(closing.fines))
    yield "{}: {} loans, {} holds, {} bookings, {} fines".format(closing.note, *counts)


def closing_announced(arguments: argparse.Namespace, output: Output) -> int:
    """Print the closings that count beside the special days of the settings."""
    with opened(arguments) as ops:
        found = ops.closings.announced(arguments.where)
    output.rows(found, lambda each: f"{each.library}  {each.first} to {each.last}  {each.why}")
    return 0


def closing_apply(arguments: argparse.Namespace, output: Output) -> int:
    """Do what a kept list says."""
    with opened(arguments) as ops:
        return reported(ops.closings.apply(kept(arguments.list), why=arguments.why, by=arguments.by), output)


def closing_undo(arguments: argparse.Namespace, output: Output) -> int:
    """Undo what a kept list did."""
    with opened(arguments) as ops:
        return reported(ops.closings.undo(kept(arguments.list), why=arguments.why, by=arguments.by), output)


def kept(path: Path) -> Closing:
    from libops.desk.circulation.closings import Closing
    from libops.wire.json import from_json

    wanted = f"keep a list with `libops closing list ... --keep {path}`"
    text = text_of(path, wanted)
    try:
        return from_json(text, Closing)
    except Exception:  # cattrs raises groups of many kinds
        raise InvalidValue(f"{str(path)!r} is no list of a closing: {wanted}") from None


def reported(report: ClosingReport, output: Output) -> int:
    """Print what was done; exit code 1 if anything was left alone."""
    if output.as_json:
        output.value(report)
    else:
        print(f"{report.done} done")
        for each in report.refused:
            print(f"No: {each.what} {each.id}: {'; '.join(map(str, each.reasons))}")
    return 1 if report.refused else 0
