"""What the verbs about holds do: place, cancel, list; the pull list."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from libops.cli.output import Output
from libops.cli.verbs import acting, opened

if TYPE_CHECKING:
    from libops.circulation.model import Hold

__all__ = ["hold_cancel", "hold_list", "hold_place", "pull_list"]

DONE = 0


def hold_place(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(
            ops.holds.place(
                patron=arguments.patron,
                bib="" if arguments.item else arguments.what,
                item=arguments.what if arguments.item else "",
                volume=arguments.volume,
                pickup=arguments.pickup,
                recall=arguments.recall,
                **acting(arguments),
            )
        )


def hold_cancel(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(ops.holds.cancel(arguments.hold, reason=arguments.reason, by=arguments.by))


def hold_list(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        if arguments.patron is not None:
            holds = [(0, hold) for hold in ops.holds.of_patron(arguments.patron)]
        else:
            holds = ops.holds.queue_of(ops.catalog.get(arguments.bib).id)
        places = {hold.id: f"{number:>3} " if number else "    " for number, hold in holds}
        output.rows([hold for _, hold in holds], lambda hold: f"{places[hold.id]} {hold_line(hold)}")
    return DONE


def hold_line(hold: Hold) -> str:
    return f"{hold.id}  {hold.state.value:<10} {hold.placed_at:%Y-%m-%d}  pickup {hold.pickup_library}"


def pull_list(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        lines = ops.holds.pull_list()
        if output.as_json:
            output.rows(lines)
        elif arguments.html:
            print("\n".join(line.slip().html() for line in lines))
        else:
            print("\n\n".join(str(line.slip()) for line in lines))
    return DONE
