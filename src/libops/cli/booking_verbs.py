"""What the verbs for bookings do."""

from __future__ import annotations

import argparse
import sys

from libops.base.errors import InvalidValue
from libops.cli.named_files import written
from libops.cli.output import Output
from libops.cli.verbs import opened

__all__ = ["book", "calendar", "resource_add"]

DONE = 0


def resource_add(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(
            ops.bookings.register(
                id=arguments.id,
                name=arguments.name,
                kind=arguments.kind,
                item=arguments.item,
                asset=arguments.asset,
                by=arguments.by,
            )
        )


def book(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        act = ops.bookings.preview_make if arguments.preview else ops.bookings.make
        return output.answer(
            act(
                resource=arguments.resource,
                patron=arguments.patron,
                start=arguments.start,
                end=arguments.end,
                purpose=arguments.purpose,
                by=arguments.by,
            )
        )


def calendar(arguments: argparse.Namespace, output: Output) -> int:
    start, end = arguments.start, arguments.end
    with opened(arguments) as ops:
        if arguments.busy:
            if arguments.resource is None:
                raise InvalidValue("busy times are those of one resource: give --resource")
            text = ops.bookings.busy(arguments.resource, start, end, domain=arguments.domain)
        else:
            text = ops.bookings.calendar(
                start,
                end,
                domain=arguments.domain,
                resource=arguments.resource,
                patron=arguments.patron,
                purposes=arguments.purposes,
            )
    if arguments.out is None:
        sys.stdout.write(text.decode())
    else:
        written(arguments.out, text)
    return DONE
