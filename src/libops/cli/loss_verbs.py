"""What the verbs about losses do: declare, claim, settle a claim, charge, settle, end."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from libops.cli.output import Output
from libops.cli.verbs import DONE, NOT_FOUND, acting, opened

__all__ = [
    "RESOLUTIONS",
    "loss_bill",
    "loss_claim",
    "loss_declare",
    "loss_end",
    "loss_resolve",
    "loss_settle",
    "loss_show",
]

RESOLUTIONS: Mapping[str, str] = {
    "found": "found_by_library",
    "brought": "returned_by_patron",
    "lost": "declared_lost",
    "missing": "missing",
}
"""How a claim is settled, in a word: found here, brought after all, lost by the patron, or nobody can say."""


def loss_declare(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(ops.losses.declare_lost(arguments.item, **acting(arguments)))


def loss_claim(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        act = ops.losses.claim_never_had if arguments.never_had else ops.losses.claim_returned
        return output.answer(act(arguments.item, **acting(arguments)))


def loss_resolve(arguments: argparse.Namespace, output: Output) -> int:
    from libops.circulation.model import ClaimResolution

    with opened(arguments) as ops:
        resolution = ClaimResolution(RESOLUTIONS[arguments.resolution])
        return output.answer(ops.losses.resolve_claim(arguments.item, resolution, **acting(arguments)))


def loss_bill(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(ops.losses.bill(arguments.item, cost=arguments.cost, **acting(arguments)))


def loss_settle(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(ops.losses.settle(arguments.item, **acting(arguments)))


def loss_end(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(ops.losses.end(arguments.item, **acting(arguments)))


def loss_show(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        lost = ops.losses.lost_item(arguments.item)
    if lost is None:
        return NOT_FOUND
    output.value(lost)
    return DONE
