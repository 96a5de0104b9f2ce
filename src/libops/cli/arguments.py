"""The arguments of the `libops` command: one verb a function or a line, each naming what it runs."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from libops import __version__
from libops.base.errors import InvalidValue
from libops.cli import (
    catalog_verbs,
    closing_verbs,
    in_house_verbs,
    label_verbs,
    notice_verbs,
    plugin_verbs,
    settings_verbs,
    store_verbs,
    upkeep_verbs,
    verbs,
)
from libops.cli.authority_arguments import add_authorities
from libops.cli.fee_arguments import add_fees
from libops.cli.hold_arguments import add_holds, add_losses, add_transits, setting_aside
from libops.cli.new_plugin import KINDS
from libops.cli.output import Output
from libops.cli.serial_arguments import add_serials
from libops.cli.shelf_arguments import add_bookings, add_equipment, add_shelves
from libops.cli.typed_values import day, moment
from libops.wire.scalars import nearest

__all__ = ["parser"]

Verb = Callable[[argparse.Namespace, Output], int]
Group = Any
"""argparse gives the type of a group of sub-commands no public name."""

EXIT_CODES = """Exit codes: 0 done, 1 the library said no, 2 wrong use, 3 not found, 4 the store, a plugin or
a device failed, 5 other desks were faster."""


class Arguments(argparse.ArgumentParser):
    """argparse, with a hint where a word is near to one that there is. Wrong use is an `InvalidValue`."""

    def read(self, words: Sequence[str]) -> argparse.Namespace:
        """What the words say. Raises `InvalidValue`."""
        first = words[0] if words[1:] else ""
        if first in (option for action in common()._actions for option in action.option_strings):
            self.error(f"{first} stands behind the verb: libops check-out ... {' '.join(words[:2])}")
        return self.parse_args(words)

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """As argparse does it; the words that a verb has no use for are told by the verb, which knows its options."""
        found, beyond = super().parse_known_args(args, namespace)
        if beyond and beyond[0].startswith("-"):
            options = [option for action in self._actions for option in action.option_strings]
            self.error(f"there is no option {beyond[0]!r}; {nearest(beyond[0], options)}")
        if beyond:
            self.error(f"{' '.join(beyond)!r} is too much")
        return found, beyond

    def error(self, message: str) -> NoReturn:
        """Wrong use, with the way to what would be right."""
        raise InvalidValue(f"{message}; see `{self.prog} --help`")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        known = None if action.choices is None else [str(choice) for choice in action.choices]
        if known is not None and value not in (action.choices or ()):
            raise argparse.ArgumentError(action, f"there is no {value!r}; {nearest(str(value), known)}")


def parser() -> Arguments:
    """The arguments of the command."""
    top = Arguments(prog="libops", description="A library at the command line.", epilog=EXIT_CODES)
    top.add_argument("--version", action="version", version=f"libops {__version__}")
    group = top.add_subparsers(title="verbs", required=True, metavar="VERB")
    add_store(group)
    add_files(group)
    add_records(group)
    add_search(group)
    add_labels(group)
    add_catalog(group)
    add_authorities(group, verb, subject)
    add_loans(group)
    add_fees(group, verb, subject)
    add_holds(group, verb, subject)
    add_transits(group, verb, subject)
    add_losses(group, verb, subject)
    add_notices(group)
    add_closings(group)
    add_in_house(group)
    add_shelves(group, verb, subject)
    add_equipment(group, verb, subject)
    add_bookings(group, verb, subject)
    add_serials(group, verb, subject)
    add_settings(group)
    add_plugins(group)
    return top


COMMON: dict[str, dict[str, Any]] = {
    "--db": {"default": "library.db", "help": "the SQLite file, or a storage URL (default: library.db)"},
    "--settings": {"help": "the settings file (default: a small town library)"},
    "--library": {"help": "the library this desk stands in (default: the first of the settings)"},
    "--language": {"default": "en", "help": "of answers, and of receipts for who has none (default: en)"},
    "--by": {"default": "desk", "help": "who does it, for the log"},
    "--plugin": {"action": "append", "default": [], "help": "let in this plugin, by import path"},
    "--discover": {"action": "store_true", "help": "let in every installed plugin"},
    "--json": {"action": "store_true", "help": "print JSON"},
}


def common(options: Iterable[str] = COMMON) -> argparse.ArgumentParser:
    """What every verb takes that works at a store; of it, what the others take."""
    made = argparse.ArgumentParser(add_help=False)
    for option in options:
        made.add_argument(option, **COMMON[option])
    return made


def verb(group: Group, name: str, run: Verb, words: str, options: Iterable[str] = COMMON) -> argparse.ArgumentParser:
    """A verb with the common arguments that it heeds, to which its own are added."""
    made: argparse.ArgumentParser = group.add_parser(name, parents=[common(options)], help=words, description=words)
    made.set_defaults(run=run)
    return made


def subject(group: Group, name: str, words: str) -> Group:
    """A word with verbs of its own, such as `patron add`."""
    return group.add_parser(name, help=words).add_subparsers(required=True, metavar="VERB")


def add_store(group: Group) -> None:
    """The demo, the store, its log, what time brings, plugins."""
    told = "live a week at a small town library, and leave a folder to look at"
    demo = verb(group, "demo", verbs.demo, told, ["--json"])
    demo.add_argument("--marc", type=Path, help="a MARC file to use in place of the sample catalog")
    demo.add_argument("--folder", type=Path, default=Path("libops-demo"), help="where to put it (default: libops-demo)")
    verb(group, "init", verbs.init, "make the store")
    log = verb(group, "events", verbs.events, "print the log")
    log.add_argument("--after", type=int, default=0)
    log.add_argument("--stats", action="store_true", help="what happened how often, in place of the events")
    log.add_argument("--stream", help="one stream only, such as patron_id:...")
    run = verb(group, "run-due", verbs.run_due, "do all that time brings: fines, reminders, notices; once a day")
    run.add_argument(
        "--now",
        type=moment,
        help="the time to bring everything up to, by the library's clock: 2026-03-04T06:00",
    )
    run.add_argument("--only", action="append", default=[], help="only this step; may be given again")
    verb(group, "check", upkeep_verbs.check, "look for damage, and hold the records against the log")
    told = "say which plugins are there and what is wrong with them"
    verb(group, "plugins", verbs.plugins, told, ["--plugin", "--discover", "--json"])


def add_files(group: Group) -> None:
    """Files that come in, and copies of everything."""
    bring = verb(group, "import", verbs.import_file, "bring in a file of MARC records with their items")
    bring.add_argument("file", type=Path)
    bring.add_argument("--mapping", default="", help="where the items are: koha-952, ... (found out if left out)")
    bring.add_argument("--item-type", default="", help="for items whose record names no type")
    bring.add_argument(
        "--on-match",
        choices=["overlay", "skip", "add"],
        help="what to do with a record that the catalog has (default: as the settings say; overlay if they do not)",
    )
    bring.add_argument(
        "--on-doubt",
        choices=["ask", "add"],
        help="what to do with one that it may have (default: as the settings say; ask, see `libops catalog questions`)",
    )
    bring.add_argument("--dry-run", action="store_true", help="say what would be matched and why, write nothing")
    bring.add_argument("--rejects", type=Path, help="write what could not be read to this file, in its original bytes")
    out = verb(group, "export", store_verbs.export, "write everything into a new folder: JSON lines, MARCXML, CSV")
    out.add_argument("folder", type=Path)
    copy = verb(group, "backup", upkeep_verbs.backup, "copy the store to a new file while desks are at work")
    copy.add_argument("file", type=Path)
    back = verb(group, "restore", upkeep_verbs.restore, "read an export or a backup into a new, empty store")
    back.add_argument("folder", type=Path, help="the folder of an export, or the file of a backup")
    back.add_argument("--dry-run", action="store_true", help="read and check everything, write nothing")


def add_plugins(group: Group) -> None:
    """For authors of plugins."""
    fresh = subject(group, "plugin", "plugins of your own").add_parser(
        "new", help="make a plugin that works, to change"
    )
    fresh.set_defaults(run=plugin_verbs.new)
    fresh.add_argument("name", help="lower-case words joined by hyphens; the distribution is libops-NAME")
    fresh.add_argument("--kind", required=True, choices=list(KINDS))
    fresh.add_argument("--folder", type=Path, default=Path(), help="where to put it (default: here)")
    fresh.add_argument("--json", action="store_true", help="print JSON")
    prove = group.add_parser("conformance", help="prove a storage backend by its contract, scenario by scenario")
    prove.set_defaults(run=plugin_verbs.conformance)
    prove.add_argument("backend", help="its name, or a URL in which {folder} stands for an empty folder")
    prove.add_argument("--plugin", action="append", default=[], help="let in this plugin, by import path")
    prove.add_argument("--host", default="", help="module:function that returns a host's connection for a URL")
    prove.add_argument("--only", default="", help="the scenarios whose numbers begin with this")
    prove.add_argument("--json", action="store_true", help="print JSON")


def add_settings(group: Group) -> None:
    """Settings files, without any store."""
    settings = subject(group, "settings", "settings files")
    words = {
        "check": (settings_verbs.check, "read a settings file and say all that is wrong with it"),
        "lint": (settings_verbs.lint, "look for rules that never win and terms that contradict each other"),
        "show": (settings_verbs.canonical, "print the canonical form"),
        "diff": (settings_verbs.differ, "say what another settings file would decide otherwise"),
    }
    for name, (run, told) in words.items():
        made = settings.add_parser(name, help=told, description=told)
        made.set_defaults(run=run)
        made.add_argument("file", type=Path)
        made.add_argument("--json", action="store_true", help="print JSON")
        if name == "check":
            made.add_argument("--plugin", action="append", default=[], help="let in this plugin, by import path")
            made.add_argument("--discover", action="store_true", help="let in every installed plugin")
        if name == "lint":
            made.add_argument("--today", type=day, help="the day it is, for dates that have passed")
        if name == "diff":
            made.add_argument("other", type=Path)
            made.add_argument("--day", type=day, help="compare the due dates of loans made on this day")
            made.add_argument("--db", help="a store: also ask both files about its open loans (as of --day)")


def add_search(group: Group) -> None:
    """Search."""
    find = verb(group, "search", verbs.search, "find titles, and say where their items are")
    find.add_argument("words", nargs="+", help='words, "phrases", beginnings*, author:name, numbers of books')
    find.add_argument("--limit", type=int, default=10)
    find.add_argument("--of-language", default="", help="a MARC language code such as fre")
    find.add_argument("--of-type", default="", help="a type of material such as book or map")
    find.add_argument("--staff", action="store_true", help="also find suppressed records")


def add_labels(group: Group) -> None:
    """Labels."""
    made = verb(group, "labels", label_verbs.labels, "put labels of items, or patron cards, on sheets to print")
    made.add_argument("--items", nargs="+", required=True, help="barcodes, files with one a line, - for typed ones")
    made.add_argument("--layout", default="spine", help="spine, pocket, barcode or patron_card (default: spine)")
    made.add_argument("--sheet", default="", help="see `libops label-stock` (default: that of the settings, or L7651)")
    made.add_argument("--start", type=int, default=1, help="the first label of the sheet that is still there")
    where = made.add_mutually_exclusive_group(required=True)
    where.add_argument("--out", type=Path, help="a file that ends with .html; .pdf, .png, .zpl by a plugin")
    where.add_argument("--print-on", metavar="DEVICE", help="a label printer of the settings, by its name")
    made.add_argument("--dots-per-inch", type=int, help="of the printer (default: of the settings; 600, for .zpl 203)")
    made.add_argument("--offset", nargs=2, type=float, help="mm to the right and down (default: of the settings)")
    made.add_argument("--scale", nargs=2, type=float, help="of the distances between labels (default: of the settings)")
    there = group.add_parser("label-stock", help="the sheets and layouts there are", description="Sheets and layouts.")
    there.set_defaults(run=label_verbs.stock)
    there.add_argument("--settings", type=Path, help="also those of this settings file")
    there.add_argument("--json", action="store_true", help="print JSON")


def add_catalog(group: Group) -> None:
    """The catalog looked over."""
    catalog = subject(group, "catalog", "checks and lists of the catalog")
    check = verb(catalog, "validate", catalog_verbs.validate, "check the records of a file (exit code 1: errors)")
    check.add_argument("file", type=Path)
    check.add_argument("--profile", default="", help="one of the settings, minimal, full or shared-print")
    verb(catalog, "duplicates", catalog_verbs.duplicates, "list records the catalog may have twice, sure ones first")
    one = verb(catalog, "merge", catalog_verbs.merge, "make two records one: items, holds and issues go over")
    one.add_argument("keep", help="identifier of the record that stays")
    one.add_argument("gone", help="identifier of the record that goes, and leads to the other from then on")
    one.add_argument("--take", action="append", default=[], metavar="FIELD", help="a field to take over, such as 6XX")
    one.add_argument("--preview", action="store_true", help="say what would move, write nothing")
    bring = verb(catalog, "authorities", catalog_verbs.import_authorities, "bring in a file of authority records")
    bring.add_argument("file", type=Path)
    bring.add_argument("--dry-run", action="store_true", help="list what would change, write nothing")
    verb(catalog, "unauthorized", catalog_verbs.unauthorized, "list headings no authority knows, or more than one")
    out = verb(catalog, "export", catalog_verbs.export, "write records to a file (exit code 1: some could not be)")
    out.add_argument("file", help="a new file, or - for the output")
    out.add_argument(
        "--as", dest="format", default="", help="marc, marcxml, marc-json, mrk, mods, dc (default: by name)"
    )
    out.add_argument("--bib", action="append", help="only the record with this identifier; may be given again")
    out.add_argument("--public", action="store_true", help="only what the public may see")
    verb(catalog, "questions", catalog_verbs.questions, "list records that may be in the catalog already")
    say = verb(catalog, "answer", catalog_verbs.answer, "say what a record in doubt is")
    say.add_argument("question", help="its identifier, or the beginning of it")
    what = say.add_mutually_exclusive_group(required=True)
    what.add_argument("--same-as", metavar="BIB", help="it is this record of the catalog: lay it over")
    what.add_argument("--new", action="store_true", help="it is none of ours: add it")
    what.add_argument("--leave-out", action="store_true", help="it is not wanted")
    kept = verb(catalog, "versions", catalog_verbs.versions, "list the earlier versions of a record, latest first")
    kept.add_argument("bib", help="identifier of the record")
    undo = verb(catalog, "revert", catalog_verbs.revert, "undo an overlay: bring an earlier version back")
    undo.add_argument("bib", help="identifier of the record")
    undo.add_argument("version", help="identifier of the version, or `last`")


def add_records(group: Group) -> None:
    """Patrons and items."""
    patron = subject(group, "patron", "patrons")
    add = verb(patron, "add", verbs.patron_add, "register a patron")
    add.add_argument("name")
    add.add_argument("--card", help="barcode of the card")
    add.add_argument("--category", required=True)
    add.add_argument("--email", default="")
    show = verb(patron, "show", verbs.patron_show, "show a patron with loans and balance")
    out = verb(patron, "export", verbs.patron_export, "print all that is kept about a patron, as JSON")
    erase = verb(patron, "erase", verbs.patron_erase, "forget a patron, in the log as well; there is no way back")
    for act in (show, out, erase):
        act.add_argument("patron", help="barcode of the card")
    item = subject(group, "item", "items")
    add = verb(item, "add", verbs.item_add, "add an item to a title")
    add.add_argument("bib", help="identifier of the bibliographic record")
    add.add_argument("--barcode")
    add.add_argument("--item-type", default="")
    add.add_argument("--call-number", default="")
    missed = verb(item, "missing", verbs.item_missing, "say that nobody finds an item; a check-in finds it")
    missed.add_argument("item", help="barcode of the item")
    verb(item, "refile", verbs.item_refile, "make all shelf keys anew, after `[filing]` of the settings has changed")
    seen = verb(item, "show", verbs.item_show, "show an item and who has it")
    seen.add_argument("item", help="barcode or identifier of the item")


def add_loans(group: Group) -> None:
    """Loans and payments."""
    lend = verb(group, "check-out", verbs.check_out, "lend an item to a patron")
    lend.add_argument("patron", help="barcode of the card")
    back = verb(group, "check-in", verbs.check_in, "take an item back")
    again = verb(group, "renew", verbs.renew, "renew a loan")
    for act in (lend, back, again):
        act.add_argument("item", help="barcode of the item")
        act.add_argument("--explain", action="store_true", help="say how the decision came about")
    setting_aside(lend, back, again)
    lend.add_argument("--on-site", action="store_true", help="for use in the house")
    when = back.add_mutually_exclusive_group()
    when.add_argument("--returned-at", type=moment, help="when it really came back, by the library's clock")
    when.add_argument("--drop-box", action="store_true", help="it lay in the drop box: back at the last closing")
    back.add_argument("--damaged", default="", metavar="WHAT", help="what is broken; opens a ticket")
    back.add_argument("--found-here", action="store_true", help="staff found it on the library's own shelf")
    back.add_argument(
        "--slip", action="store_true", help="print the slip to lay into it, where it goes to a hold or away"
    )
    back.add_argument("--html", action="store_true", help="the slip as HTML, to print")
    back.add_argument("--amnesty", action="store_true", help="without a fine; needs the override loan.fine_forgiven")
    pay = verb(group, "pay", verbs.pay, "take a payment")
    pay.add_argument("patron")
    pay.add_argument("amount", help='such as "2.50 EUR"')


def add_notices(group: Group) -> None:
    """Messages to patrons."""
    notice = subject(group, "notice", "messages to patrons")
    shown = verb(notice, "preview", notice_verbs.notice_preview, "show a notice in words, about sample items")
    shown.add_argument("kind", help="the kind of notice, such as overdue")
    shown.add_argument("--to", metavar="LANGUAGE", help="the reader's language; that of the library when left out")
    shown.add_argument("--count", type=int, default=2, choices=(1, 2), help="how many items it tells of")
    planned = verb(notice, "on", notice_verbs.notice_on, "list what would go out on a day; nothing is sent")
    planned.add_argument("day", type=day, help="such as 2026-03-31")
    verb(notice, "send", notice_verbs.notice_send, "hand over every message whose time has come")
    verb(notice, "failed", notice_verbs.notice_failed, "list messages that were given up, and why")
    again = verb(notice, "retry", notice_verbs.notice_retry, "let a message that was given up be tried again")
    away = verb(notice, "drop", notice_verbs.notice_drop, "take a message out for good")
    for act in (again, away):
        act.add_argument("key", help="as `notice failed` shows it")


def add_closings(group: Group) -> None:
    """Closings that the library announces."""
    closing = subject(group, "closing", "days on which a library closes after all")
    made = verb(closing, "list", closing_verbs.closing_list, "list the loans, holds, bookings and fines it touches")
    made.add_argument("where", metavar="LIBRARY", help="code of the library that closes")
    made.add_argument("first", type=day, help="the first closed day, such as 2026-03-31")
    made.add_argument("last", type=day, help="the last closed day")
    made.add_argument("--keep", type=Path, help="write the list to this file, for `apply` and `undo`")
    counts = verb(closing, "announced", closing_verbs.closing_announced, "list those that count beside the settings")
    counts.add_argument("where", metavar="LIBRARY", nargs="?", help="of this library only")
    for name, run, words in (
        ("apply", closing_verbs.closing_apply, "do what a kept list says; what has changed since is left alone"),
        ("undo", closing_verbs.closing_undo, "undo what a kept list did"),
    ):
        act = verb(closing, name, run, words)
        act.add_argument("list", type=Path, help="the file written by `closing list --keep`")
        act.add_argument("--why", required=True, help="told to the log")


def add_in_house(group: Group) -> None:
    """Use in the house."""
    house = subject(group, "in-house", "use in the house without a patron")
    count = verb(house, "count", in_house_verbs.in_house_count, "count items that were used and left on the tables")
    count.add_argument("items", nargs="+", metavar="item", help="barcodes")
    count.add_argument("--uses", type=int, default=1, help="how often each was used (default: 1)")
    report = verb(house, "report", in_house_verbs.in_house_report, "say what was used in the house")
    report.add_argument("first", type=day, help="the first day, such as 2026-03-01")
    report.add_argument("last", type=day, help="the last day")
