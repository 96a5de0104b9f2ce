"""What `libops labels` does."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from libops.base.errors import InvalidValue
from libops.cli.output import Output
from libops.cli.verbs import opened

__all__ = ["labels", "stock"]

DONE, REFUSED = 0, 1


def labels(arguments: argparse.Namespace, output: Output) -> int:
    from libops.processing.labels import Printer

    format = arguments.out.suffix.lstrip(".").lower()
    if not format:
        raise InvalidValue(
            f"{str(arguments.out)!r} does not say in which format: end it with .html, .pdf, .png or .zpl"
        )
    printer = Printer(
        dots_per_inch=arguments.dots_per_inch or (203 if format == "zpl" else 600),
        offset_x=arguments.offset[0],
        offset_y=arguments.offset[1],
        scale_x=arguments.scale[0],
        scale_y=arguments.scale[1],
    )
    with opened(arguments) as ops:
        place = ops.labels.patron_cards if arguments.layout == "patron_card" else ops.labels.arrange
        run = place(
            barcodes(arguments.items),
            layout=arguments.layout,
            sheet=arguments.sheet,
            start=arguments.start,
            printer=printer,
        )
        if run.labels:
            arguments.out.write_bytes(ops.labels.render(run, format))
    if output.as_json:
        output.value(
            {"labels": len(run.labels), "sheets": run.pages, "next_start": run.next_start, "notes": list(run.notes)}
        )
    else:
        print(f"{len(run.labels)} labels on {run.pages} sheets; the next run starts at {run.next_start}")
        for note in run.notes:
            print(f"  {note}", file=sys.stderr)
    return REFUSED if run.refused else DONE


def barcodes(given: list[str]) -> list[str]:
    """Barcodes as given; the name of a file stands for its lines, `-` for those typed or scanned."""
    found: list[str] = []
    for text in given:
        if text == "-":
            found += sys.stdin.read().split("\n")
        elif Path(text).is_file():
            found += Path(text).read_text(encoding="utf-8-sig").split("\n")
        else:
            found.append(text)
    return [line.strip() for line in found if line.strip()]


def stock(arguments: argparse.Namespace, output: Output) -> int:
    from libops.processing.labels import shipped_layouts, shipped_sheets

    sheets = {sheet.name: sheet.title for sheet in shipped_sheets().values()}
    if output.as_json:
        output.value({"sheets": sheets, "layouts": list(shipped_layouts())})
    else:
        for name, title in sheets.items():
            print(f"{name:<20} {title}")
        print(f"{'layouts:':<20} {', '.join(shipped_layouts())}")
    return DONE
