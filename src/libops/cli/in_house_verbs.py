"""The verbs about use in the house: count what lay on the tables, and report it."""

from __future__ import annotations

import argparse

from libops.cli.output import Output
from libops.cli.verbs import opened

__all__ = ["in_house_count", "in_house_report"]


def in_house_count(arguments: argparse.Namespace, output: Output) -> int:
    """Count each item once, or so many times; exit code 1 if any was refused."""
    with opened(arguments) as ops:
        answers = [ops.in_house.count(item=item, uses=arguments.uses, by=arguments.by) for item in arguments.items]
    return output.answers(answers)


def in_house_report(arguments: argparse.Namespace, output: Output) -> int:
    """Print what was used on these days."""
    with opened(arguments) as ops:
        report = ops.in_house.report(arguments.first, arguments.last)
    if output.as_json:
        output.value(report)
        return 0
    print(f"{report.uses} uses in {report.library}, {report.first} to {report.last}")
    for name, counts in (("type", report.by_item_type), ("shelf", report.by_shelving_location)):
        for key, uses in counts.items():
            print(f"  {name + ':':<8}{key or '-':<24} {uses}")
    return 0
