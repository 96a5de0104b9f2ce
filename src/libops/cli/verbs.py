"""What each verb of the command does."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from libops.base.decisions import Override, Permit
from libops.base.errors import InvalidValue, NotFound
from libops.cli.named_files import written
from libops.cli.output import Output

if TYPE_CHECKING:
    from libops.circulation.model import Loan
    from libops.desk.operations import Operations
    from libops.hooks.registry import PluginReport

__all__ = [
    "Acting",
    "acting",
    "at_the_library",
    "check_in",
    "check_out",
    "demo",
    "events",
    "import_file",
    "init",
    "item_add",
    "item_missing",
    "item_refile",
    "item_show",
    "opened",
    "override_of",
    "patron_add",
    "patron_erase",
    "patron_export",
    "patron_show",
    "pay",
    "plugins",
    "renew",
    "search",
    "store_url",
    "run_due",
]

DONE, REFUSED, NOT_FOUND, BROKEN = 0, 1, 3, 4
IN_FILE = "sqlite:///"


def demo(arguments: argparse.Namespace, output: Output) -> int:
    from libops.cli.demo import live_a_week

    if not output.as_json:
        live_a_week(arguments.folder, marc=arguments.marc)
    else:
        output.value({"page": live_a_week(arguments.folder, marc=arguments.marc, say=lambda line: None)})
    return DONE


def opened(arguments: argparse.Namespace, *, make: bool = False, restoring: bool = False) -> Operations:
    from libops.desk.opening import open as open_library

    ops = open_library(
        store_url(arguments.db, make=make),
        settings=arguments.settings,
        library=arguments.library,
        language=arguments.language,
        plugins=arguments.plugin,
        discover=arguments.discover,
        restoring=restoring,
    )
    arguments.output.zone = ops.settings.calendar_of(ops.library).zone_info
    return ops


def store_url(store: str, *, make: bool = False) -> str:
    """The URL of a store, which may be the path of a SQLite file. Raises `NotFound` for one that is not there."""
    if not store:
        raise InvalidValue("--db is empty: give the SQLite file, such as town.db, or a storage URL")
    if ":" in store and not store.startswith(IN_FILE):
        return store
    file = Path(store.removeprefix(IN_FILE))
    if not make and not (file.exists() and file.stat().st_size):
        # SQLite would take a new or an empty file for a store without records, and a mistyped name for a new one.
        raise NotFound(f"no store {store!r}: make it with `libops init --db {store}`")
    return f"{IN_FILE}{file}"


def init(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments, make=True) as ops:
        output.value({"store": arguments.db, "settings": ops.settings.version, "library": ops.library})
    return DONE


def import_file(arguments: argparse.Namespace, output: Output) -> int:
    written(arguments.rejects, b"")  # a wrong path is told now, and not after a million records
    with opened(arguments, make=True) as ops, output.progress("Importing") as progress:
        report = ops.catalog.import_marc(
            arguments.file,
            mapping=arguments.mapping,
            item_type=arguments.item_type,
            on_match=arguments.on_match,
            on_doubt=arguments.on_doubt,
            by=arguments.by,
            dry_run=arguments.dry_run,
            progress=progress,
        )
    written(arguments.rejects, bytes(report.rejects))
    output.value(report)
    if not output.as_json:
        for matched in report.matched:
            print(f"  {matched}")
        for problem in report.problems:
            print(f"  {problem}", file=sys.stderr)
        if report.asked and not arguments.dry_run:
            print("  see `libops catalog questions`")
    return REFUSED if report.rejected == report.records else DONE


def search(arguments: argparse.Namespace, output: Output) -> int:
    wanted = {"language": arguments.of_language, "material_type": arguments.of_type}
    with opened(arguments) as ops:
        found = ops.search.find(
            " ".join(arguments.words),
            limit=arguments.limit,
            staff=arguments.staff,
            **{name: value for name, value in wanted.items() if value},
        )
    output.value(found)
    return DONE if found.hits else NOT_FOUND


def patron_add(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(
            ops.patrons.register(
                name=arguments.name,
                category=arguments.category,
                card=arguments.card,
                email=arguments.email,
                by=arguments.by,
            )
        )


def patron_show(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        patron = ops.patrons.get(arguments.patron)
        loans, balance = ops.circulation.loans_of(patron.id), ops.fees.balance(patron.id)
        if output.as_json:
            output.value({"patron": patron, "loans": loans, "balance": balance})
        else:
            output.value(patron)
            print(f"{'balance:':<20} {balance}")
            for loan in loans:
                item = ops.items.get(loan.item_id)
                title = ops.catalog.get(item.bib_id).title
                print(f"{'loan:':<20} {item.barcode or item.id}  {title}, {due_of(loan, ops)}")
    return DONE


def patron_export(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        found = ops.privacy.export(arguments.patron)
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return DONE


def patron_erase(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        answer = ops.privacy.erase(arguments.patron, by=arguments.by)
        return DONE if answer else output.answer(answer)


def item_add(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(
            ops.items.add(
                arguments.bib,
                barcode=arguments.barcode,
                item_type=arguments.item_type,
                call_number=arguments.call_number,
                by=arguments.by,
            )
        )


def item_missing(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(ops.items.mark_missing(arguments.item, by=arguments.by))


def item_refile(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        output.value({"refiled": ops.items.refile(by=arguments.by)})
    return DONE


def item_show(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        item = ops.items.get(arguments.item)
        title, loan = ops.catalog.get(item.bib_id).title, ops.circulation.loan_of(item.id)
        if output.as_json:
            output.value({"item": item, "title": title, "loan": loan})
        else:
            print(f"{'title:':<20} {title}")
            output.value(item)
            print(f"{'loan:':<20} {'none' if loan is None else f'patron {loan.patron_id}, {due_of(loan, ops)}'}")
    return DONE


def due_of(loan: Loan, ops: Operations) -> str:
    """Until when a loan runs, by the library's clock."""
    if loan.due is None:
        return "no due date"
    return f"due {ops.settings.calendar_of(ops.library).local(loan.due):%a %Y-%m-%d %H:%M}"


def at_the_library(ops: Operations, typed: datetime | None) -> datetime | None:
    """A time as it was typed, by the library's clock where it has no zone of its own."""
    if typed is None:
        return None
    zone = ops.settings.calendar_of(ops.library).zone_info
    return (typed if typed.tzinfo else typed.replace(tzinfo=zone)).astimezone(UTC)


def override_of(arguments: argparse.Namespace) -> Override | None:
    if not arguments.override:
        return None
    return Override(frozenset(arguments.override), arguments.by, arguments.why, frozenset(arguments.right))


class Acting(TypedDict):
    """What most acts are told alike: who does it, what they set aside, and whether to write it."""

    by: str
    override: Override | None
    commit: bool


def acting(arguments: argparse.Namespace) -> Acting:
    """By `--by`, `--override` and `--preview`."""
    return {"by": arguments.by, "override": override_of(arguments), "commit": not arguments.preview}


def check_out(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        desk = ops.circulation
        act = desk.preview_check_out if arguments.preview else desk.check_out
        answer = act(
            patron=arguments.patron,
            item=arguments.item,
            by=arguments.by,
            override=override_of(arguments),
            on_site=arguments.on_site,
            explain=arguments.explain,
        )
        return output.answer(answer)


def check_in(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        act = ops.circulation.preview_check_in if arguments.preview else ops.circulation.check_in
        answer = act(
            item=arguments.item,
            by=arguments.by,
            returned_at=at_the_library(ops, arguments.returned_at),
            damaged=arguments.damaged,
            drop_box=arguments.drop_box,
            amnesty=arguments.amnesty,
            found_here=arguments.found_here,
            override=override_of(arguments),
            explain=arguments.explain,
        )
        slip = answer.result.slip() if arguments.slip and isinstance(answer, Permit) else None
        if slip is None or output.as_json:
            return output.answer(answer)
        print(slip.html() if arguments.html else slip)
        return DONE


def renew(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        act = ops.circulation.preview_renew if arguments.preview else ops.circulation.renew
        answer = act(item=arguments.item, by=arguments.by, override=override_of(arguments), explain=arguments.explain)
        return output.answer(answer)


def pay(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        return output.answer(ops.fees.pay(patron=arguments.patron, amount=arguments.amount, by=arguments.by))


def events(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops:
        if arguments.stats:
            output.value(ops.events.statistics())
            return DONE
        logged = ops.events.after(arguments.after, stream=arguments.stream)
        rows = ({"position": position, "event": type(event).__name__, "of": event} for position, event in logged)
        output.rows(rows, lambda row: event_line(row, output))
    return DONE


def event_line(row: Mapping[str, Any], output: Output) -> str:
    event = row["of"]
    about = "  ".join(filter(None, (event.stream, event.by and f"by {event.by}")))
    return f"{row['position']:>6}  {output.local(event.at)}  {row['event']:<20} {about}".rstrip()


def run_due(arguments: argparse.Namespace, output: Output) -> int:
    with opened(arguments) as ops, output.progress("Running") as progress:
        now = at_the_library(ops, arguments.now)
        bar = None if progress is None else (lambda name, done: progress(done, 0))
        report = ops.run_due(now, only=arguments.only, progress=bar)
        output.value(report)
        return DONE if not report.delivery.failed else BROKEN


def plugins(arguments: argparse.Namespace, output: Output) -> int:
    from libops.hooks.loader import load

    registry = load(arguments.plugin, discover=arguments.discover)
    output.rows(registry.reports, plugin_lines)
    return DONE if all(not report.problems for report in registry.reports) else BROKEN


def plugin_lines(report: PluginReport) -> str:
    state = "ok" if report.loaded and not report.problems else "with problems" if report.loaded else "FAILED"
    first = f"{report.name:<20} {state:<14} {report.origin:<32} {', '.join(report.brought)}"
    return "\n".join([first, *(f"{'':<20} - {problem}" for problem in report.problems)])
