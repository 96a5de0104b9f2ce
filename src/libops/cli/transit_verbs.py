"""What the verbs about transits do: send, call off, list what is coming and what is lost."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING

from libops.cli.output import Output
from libops.cli.verbs import DONE, opened

if TYPE_CHECKING:
    from libops.circulation.model import Transit
    from libops.desk.operations import Operations

__all__ = ["transit_cancel", "transit_list", "transit_lost", "transit_send"]


def transit_send(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(ops.transits.send(arguments.item, arguments.to, by=arguments.by))


def transit_cancel(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(ops.transits.cancel(arguments.item, why=arguments.why, by=arguments.by))


def transit_list(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        told(ops, ops.transits.on_the_way_to(), output)
    return DONE


def transit_lost(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        told(ops, ops.transits.lost(), output)
    return DONE


def told(ops: Operations, transits: Iterable[Transit], output: Output) -> None:
    zone = ops.settings.calendar_of(ops.library).zone_info

    def line(way: Transit) -> str:
        item, title = ops.items.get(way.item_id), ops.catalog.get(way.bib_id).title
        sent = f"{way.sent_at.astimezone(zone):%Y-%m-%d %H:%M}"
        return f"{item.barcode or item.id:<16} {sent}  {way.source} to {way.destination}  {way.reason.value:<8} {title}"

    output.rows(transits, line)
