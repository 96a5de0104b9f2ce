"""What the verbs about holds do: place, attend to, list; the hold shelf and the pull list."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from libops.cli.output import Output
from libops.cli.verbs import DONE, acting, at_the_library, opened

if TYPE_CHECKING:
    from libops.circulation.model import Hold, ReadyHold
    from libops.desk.holds.pull_list import PullLine
    from libops.desk.holds.shelf import ClearLine

__all__ = [
    "hold_cancel",
    "hold_forecast",
    "hold_list",
    "hold_move",
    "hold_next",
    "hold_pickup",
    "hold_place",
    "hold_release",
    "hold_reorder",
    "hold_resume",
    "hold_shelf",
    "hold_suspend",
    "hold_to_clear",
    "pull_list",
]


def hold_place(arguments: argparse.Namespace, output: Output) -> int:
    one = arguments.what[0] if len(arguments.what) == 1 else ""
    with opened(arguments) as ops:
        return output.answer(
            ops.holds.place(
                patron=arguments.patron,
                bib="" if arguments.item else one,
                item=one if arguments.item else "",
                any_of=() if one else arguments.what,
                volume=arguments.volume,
                pickup=arguments.pickup,
                recall=arguments.recall,
                count=arguments.count,
                wanted_until=arguments.wanted_until,
                note=arguments.note,
                **acting(arguments),
            )
        )


def hold_cancel(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(ops.holds.cancel(arguments.hold, reason=arguments.reason, by=arguments.by))


def hold_suspend(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        until = at_the_library(ops, arguments.until)
        return output.answer(ops.holds.suspend(arguments.hold, until=until, by=arguments.by))


def hold_resume(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(ops.holds.resume(arguments.hold, by=arguments.by))


def hold_move(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(ops.holds.move(arguments.hold, arguments.position, why=arguments.why, by=arguments.by))


def hold_reorder(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        answer = ops.holds.reorder(arguments.holds, why=arguments.why, by=arguments.by)
        return DONE if answer else output.answer(answer)


def hold_pickup(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(ops.holds.change_pickup(arguments.hold, arguments.where, by=arguments.by))


def hold_release(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(ops.holds.release(arguments.hold, why=arguments.why, by=arguments.by))


def hold_forecast(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        output.value(ops.holds.forecast(arguments.hold))
    return DONE


def hold_shelf(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        zone = ops.settings.calendar_of(ops.library).zone_info

        def line(ready: ReadyHold) -> str:
            until = "for good" if ready.keep_until is None else f"{ready.keep_until.astimezone(zone):%Y-%m-%d %H:%M}"
            item, title = ops.items.get(ready.item_id), ops.catalog.get(ready.bib_id).title
            return f"{until:<16}  {item.barcode or item.id:<16} {ops.patrons.get(ready.patron_id).name}: {title}"

        output.rows(ops.holds.ready_at(), line)
    return DONE


def hold_next(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        found = ops.holds.next_for(arguments.item)
        if output.as_json:
            output.value(found)
        else:
            for each in found.considered:
                who = ops.patrons.get(each.patron_id).name if each.patron_id else "nobody"
                why = " ".join(str(reason) for reason in each.reasons)
                print(f"{each.hold_id:<26}  {who}: {why or 'gets it'}")
    return DONE


def hold_list(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        if arguments.patron is not None:
            holds = [(0, hold) for hold in ops.holds.of_patron(arguments.patron)]
        else:
            holds = ops.holds.queue_of(ops.catalog.get(arguments.bib).id)
        places = {hold.id: f"{number:>3} " if number else "    " for number, hold in holds}
        output.rows([hold for _, hold in holds], lambda hold: f"{places[hold.id]} {hold_line(hold, output)}")
    return DONE


def hold_line(hold: Hold, output: Output) -> str:
    return f"{hold.id}  {hold.state.value:<10} {output.day(hold.placed_at)}  pickup {hold.pickup_library}"


def hold_to_clear(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        print_slips(ops.holds.to_clear(), arguments, output)
    return DONE


def pull_list(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        print_slips(ops.holds.pull_list(), arguments, output)
    return DONE


def print_slips(lines: Sequence[PullLine | ClearLine], arguments: argparse.Namespace, output: Output) -> None:
    """Slips to take along, one below the other."""
    if output.as_json:
        output.rows(lines)
    elif arguments.html:
        print("\n".join(line.slip().html() for line in lines))
    else:
        print("\n\n".join(str(line.slip()) for line in lines))
