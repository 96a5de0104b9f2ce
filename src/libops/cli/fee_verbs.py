"""What the verbs about patron accounts do: list what is open, move a charge to another account."""

from __future__ import annotations

import argparse

from libops.cli.output import Output
from libops.cli.verbs import opened

__all__ = ["open_charges", "transfer"]

DONE = 0


def open_charges(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        charges = ops.fees.open_charges(arguments.patron)
    output.rows(
        charges,
        lambda one: f"{one.id}  {output.day(one.since)}  {one.open}  {'' if one.cause is None else one.cause.value}",
    )
    return DONE


def transfer(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(
            ops.fees.transfer_to_patron(
                patron=arguments.patron,
                charge=arguments.charge,
                to=arguments.to,
                why=arguments.why,
                amount=arguments.amount,
                by=arguments.by,
                commit=not arguments.preview,
            )
        )
