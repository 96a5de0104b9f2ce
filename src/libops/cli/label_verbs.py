"""What `libops labels` does."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve

from libops.base.errors import InvalidValue
from libops.cli.named_files import lines_of, written
from libops.cli.output import Output
from libops.cli.verbs import opened

if TYPE_CHECKING:
    from libops.desk.operations import Operations
    from libops.processing.labels import LabelRun, Printer

__all__ = ["labels", "stock"]

DONE, REFUSED = 0, 1


def labels(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        run = sent(ops, arguments) if arguments.print_on else drawn(ops, arguments)
    if output.as_json:
        output.value(
            {"labels": len(run.labels), "sheets": run.pages, "next_start": run.next_start, "notes": list(run.notes)}
        )
    elif arguments.print_on:
        print(f"{len(run.labels)} labels sent to {arguments.print_on}")
    else:
        print(f"{len(run.labels)} labels on {run.pages} sheets; the next run starts at {run.next_start}")
    if not output.as_json:
        for note in run.notes:
            print(f"  {note}", file=sys.stderr)
    return REFUSED if run.refused else DONE


def sent(ops: Operations, arguments: argparse.Namespace) -> LabelRun:
    """The labels on a printer of the settings."""
    for name in ("dots_per_inch", "offset", "scale"):
        if getattr(arguments, name) is not None:
            raise InvalidValue(f"--{name.replace('_', '-')} is the printer's own: leave it out with --print-on")
    return ops.labels.print_on(
        arguments.print_on, barcodes(arguments.items), layout=arguments.layout, sheet=arguments.sheet
    )


def drawn(ops: Operations, arguments: argparse.Namespace) -> LabelRun:
    """The labels in a file."""
    from libops.processing.labels import Printer

    format = arguments.out.suffix.lstrip(".").lower()
    if not format:
        raise InvalidValue(
            f"{str(arguments.out)!r} does not say in which format: end it with .html, .pdf, .png or .zpl"
        )
    printer = ops.labels.terms.printer or Printer(dots_per_inch=203 if format == "zpl" else 600)
    place = ops.labels.patron_cards if arguments.layout == "patron_card" else ops.labels.arrange
    run = place(
        barcodes(arguments.items),
        layout=arguments.layout,
        sheet=arguments.sheet,
        start=arguments.start,
        printer=adjusted(printer, arguments),
    )
    if run.labels:
        written(arguments.out, ops.labels.render(run, format))
    return run


def adjusted(printer: Printer, arguments: argparse.Namespace) -> Printer:
    """The printer with what was said about it at the command line."""
    said: dict[str, Any] = {}
    if arguments.dots_per_inch:
        said["dots_per_inch"] = arguments.dots_per_inch
    for name in ("offset", "scale"):
        given = getattr(arguments, name)
        if given is not None:
            said |= {f"{name}_x": given[0], f"{name}_y": given[1]}
    return evolve(printer, **said)


def barcodes(given: list[str]) -> list[str]:
    """Barcodes as given; the name of a file stands for its lines, `-` for those typed or scanned."""
    found: list[str] = []
    for text in given:
        if text == "-":
            found += sys.stdin.read().split("\n")
        elif Path(text).is_file():
            found += [line for _, line in lines_of(Path(text))]
        else:
            found.append(text)
    return [line.strip() for line in found if line.strip()]


def stock(arguments: argparse.Namespace, output: Output) -> int:
    from libops.desk.settings.loading import load_settings
    from libops.processing.labels import LabelTerms

    terms = load_settings(arguments.settings).file.labels if arguments.settings else LabelTerms()
    sheets = {sheet.name: sheet.title for sheet in terms.all_sheets.values()}
    if output.as_json:
        output.value({"sheets": sheets, "layouts": list(terms.all_layouts)})
    else:
        for name, title in sheets.items():
            print(f"{name:<20} {title}")
        print(f"{'layouts:':<20} {', '.join(terms.all_layouts)}")
    return DONE
