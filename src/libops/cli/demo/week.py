"""The story of the week. Every sentence that reports an act is the answer the desk gave."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from zoneinfo import ZoneInfo

from libops.base.decisions import Decision, Override, Permit, Trace
from libops.base.errors import NotFound
from libops.circulation.model import Waived
from libops.cli.demo.folder import Folder, Shown
from libops.cli.demo.shelf import labeled
from libops.cli.demo.stacks import TOM, friday
from libops.cli.demo.waiting import asked_for, picked_up, pulled, set_aside
from libops.desk.opening import open as open_library
from libops.desk.operations import Operations
from libops.desk.receipts import Receipt
from libops.desk.settings.loading import Settings, default_settings, load_settings

__all__ = ["live_a_week"]

ZONE = ZoneInfo("Europe/Berlin")
ADA, BEN, CLARA = "21234000000017", "21234000000025", "21234000000033"
RUTH = "ruth"


class Clock:
    """The library's clock, moved by the story."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 27, 10, 0, tzinfo=ZONE)

    def __call__(self) -> datetime:
        return self.at.astimezone(UTC)

    def to(self, day: date, hour: int, minute: int = 0) -> None:
        """Set the clock."""
        self.at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


class Teller:
    """Tells the story on the terminal, and keeps it for the page."""

    def __init__(self, folder: Folder, say: Callable[[str], None]) -> None:
        self.folder = folder
        self.say = say

    def day(self, title: str) -> None:
        """A new day begins."""
        self.folder.told.append((title, []))
        self.say(f"\n{title}\n{'-' * len(title)}")

    def tell(self, text: str) -> None:
        """One paragraph."""
        line = " ".join(text.split())
        self.folder.told[-1][1].append(line)
        self.say(textwrap.fill(line, 88))

    def show(self, value: Shown) -> None:
        """Something that shows itself, on the terminal and on the page."""
        self.folder.told[-1][1].append(value)
        self.say(textwrap.indent(str(value), "    | "))

    def answer(self, answer: Decision[Receipt]) -> None:
        """What the desk answered: the receipt is kept, reasons are read out."""
        if isinstance(answer, Permit):
            self.folder.keep(answer.result)
        self.show(answer)


def live_a_week(path: Path, *, marc: Path | None = None, say: Callable[[str], None] = print) -> Path:
    """Live the week; returns the page to look at.

    Args:
        path: the folder to make.
        marc: a MARC file to use in place of the sample catalog.
        say: prints one paragraph of the story.

    Raises:
        NotFound: there is no such MARC file.
        InvalidValue: the folder is not a demo's, or the file has too few titles for the story.
    """
    if marc is not None and not marc.exists():
        raise NotFound(f"no file {str(marc)!r}: give the path of a file of MARC records")
    folder = Folder(path)
    folder.make()
    clock = Clock()
    with open_library(
        folder.database,
        settings=with_notices(),
        clock=clock,
        durability="normal",
        **folder.mail(),
    ) as ops:
        teller = Teller(folder, say)
        opening(ops, teller, marc)
        shelf = labeled(ops)
        winter(ops, teller, clock, shelf)
        tuesday(ops, teller, clock, shelf)
        wednesday(ops, teller, clock, shelf)
        thursday(ops, teller, clock, shelf)
        friday(ops, teller, clock.to)
        saturday(ops, teller, clock, shelf)
        events = folder.write_log(ops)
        left = len(ops.notices.waiting()) + len(ops.notices.failed())
        notices = folder.mailed()
        index = folder.write_index(events, notices)
    say(f"\n{events} events, {notices} messages sent, {left} waiting. Look at {index}")
    return index


def with_notices() -> Settings:
    """The default settings, with a letter to those who are late, and a scanner at the front desk."""
    plain = default_settings().canonical()
    overdue = {"template": "overdue", "trigger": "due", "timing": "after", "period": "1 day", "every": "7 days"}
    ready = {"template": "hold_ready", "trigger": "hold-ready", "digest": "none"}
    plain["notice_policies"] = {"letters": {"notices": [overdue, ready]}}
    plain["fallback"]["notices"] = "letters"
    plain["devices"] = {"scanner-1": {"driver": "keyboard_wedge", "simulated": True}}
    return load_settings(plain)


def opening(ops: Operations, teller: Teller, marc: Path | None) -> None:
    """The catalog comes in."""
    teller.day("Before we open")
    if marc is None:
        with as_file(files("libops.cli").joinpath("sample", "catalog.mrc")) as sample:
            report = ops.catalog.import_marc(sample)
    else:
        report = ops.catalog.import_marc(marc)
    teller.tell(f"The catalog comes in as MARC. {report}.")
    for problem in report.problems[:3]:
        teller.tell(f"The importer noticed: {problem}")
    if len(report.problems) > 3:
        teller.tell(f"... and {len(report.problems) - 3} more such notes.")
    ops.patrons.register(name="Ada Flores", category="adult", card=ADA, email="ada@example.org", by=RUTH)
    ops.patrons.register(
        name="Ben Okafor", category="child", card=BEN, birth_date=date(2015, 6, 9), email="ben@example.org", by=RUTH
    )
    ops.patrons.register(
        name="Clara Lindqvist", category="adult", card=CLARA, expires=date(2026, 2, 28), email="clara@example.org"
    )
    teller.tell("Ruth, who runs the desk, has three cards on file: Ada, Ben, who is ten, and Clara.")


def winter(ops: Operations, teller: Teller, clock: Clock, shelf: dict[str, str]) -> None:
    """Five weeks before: two loans that the week will hear of."""
    teller.day("Tuesday, 27 January")
    teller.tell("Five weeks before our week, Ada takes a book home for four weeks.")
    teller.answer(ops.circulation.check_out(patron=ADA, item=shelf["novel"], by=RUTH))
    clock.to(date(2026, 2, 17), 15, 30)
    teller.tell("Three weeks later Ben takes a film home for two weeks.")
    teller.answer(ops.circulation.check_out(patron=BEN, item=shelf["film"], by=RUTH))
    clock.to(date(2026, 2, 26), 16)
    teller.tell("He has not finished it, and renews it once from his telephone.")
    teller.answer(ops.circulation.renew(item=shelf["film"], by="ben"))


def tuesday(ops: Operations, teller: Teller, clock: Clock, shelf: dict[str, str]) -> None:
    """A refusal with two reasons, and an override."""
    clock.to(date(2026, 3, 3), 10, 5)
    teller.day("Tuesday, 3 March")
    teller.tell("Clara wants to take an encyclopedia home. It is for use in the house, and her card ended on Saturday.")
    teller.answer(ops.circulation.check_out(patron=CLARA, item=shelf["atlas"], by=RUTH))
    teller.tell("Two reasons at once, so nobody has to come to the desk twice. She takes a book instead.")
    teller.answer(ops.circulation.check_out(patron=CLARA, item=shelf["primer"], by=RUTH))
    teller.tell("Her new card is in the mail. Ruth has the right to let it pass for once, and the log will say so.")
    override = Override(["patron.expired"], RUTH, "new card is in the mail", ["loan.expired_patron"])
    teller.answer(ops.circulation.check_out(patron=CLARA, item=shelf["primer"], by=RUTH, override=override))


def wednesday(ops: Operations, teller: Teller, clock: Clock, shelf: dict[str, str]) -> None:
    """An overdue item is asked for, and comes back."""
    clock.to(date(2026, 3, 4), 9, 0)
    teller.day("Wednesday, 4 March")
    loan = ops.circulation.loan_of(shelf["novel"])
    assert loan is not None
    assert loan.due is not None
    late = (clock.at.date() - loan.due.astimezone(ZONE).date()).days
    teller.tell(f"Ada's book is {late} days late. The library writes to her.")
    first, second = ops.run_due().delivery.sent, ops.run_due().delivery.sent
    teller.tell(f"The nightly run did so: {first} message sent. Run again, it sends {second}.")
    clock.to(date(2026, 3, 4), 17, 40)
    teller.tell("She comes the same afternoon. What would it cost? A preview says so and changes nothing:")
    preview = ops.circulation.preview_check_in(item=shelf["novel"], explain=True)
    assert isinstance(preview, Permit)
    assert preview.trace is not None
    teller.show(Trace(fees=preview.trace.fees))
    teller.answer(ops.circulation.check_in(item=shelf["novel"], by=RUTH, preview=preview.result.preview))
    teller.tell("She pays at once.")
    owed = ops.fees.balance(ADA)
    teller.answer(ops.fees.pay(patron=ADA, amount=owed, by=RUTH))
    asked_for(ops, teller, shelf, CLARA, RUTH)


def thursday(ops: Operations, teller: Teller, clock: Clock, shelf: dict[str, str]) -> None:
    """A renewal too many."""
    clock.to(date(2026, 3, 5), 18, 15)
    teller.day("Thursday, 5 March")
    teller.tell("Ben asks for the film a third time.")
    teller.answer(ops.circulation.renew(item=shelf["film"], by="ben"))
    teller.tell("He brings it back, and takes music home in its place.")
    teller.answer(ops.circulation.check_in(item=shelf["film"], by=RUTH))
    set_aside(ops, teller, shelf)
    teller.answer(ops.circulation.check_out(patron=BEN, item=shelf["record"], by=RUTH))
    teller.tell("Somebody scans the back cover of a book in place of the label. The desk knows what it is:")
    teller.answer(ops.circulation.check_in(item="9780131103627", by=RUTH))
    pulled(ops, teller, shelf, BEN, TOM)


def saturday(ops: Operations, teller: Teller, clock: Clock, shelf: dict[str, str]) -> None:
    """The week is looked back on."""
    clock.to(date(2026, 3, 7), 12)
    teller.day("Saturday, 7 March")
    picked_up(ops, teller, shelf, CLARA, RUTH)
    clock.to(date(2026, 3, 7), 14)
    waived = [event for _, event in ops.events if isinstance(getattr(event, "waived", None), Waived)]
    for event in waived:
        teller.tell(
            f"The log remembers: on {event.at.astimezone(ZONE):%A} {event.waived.by} set aside "  # type: ignore[attr-defined]
            f"{', '.join(event.waived.codes)}, because: {event.waived.why}."  # type: ignore[attr-defined]
        )
    still = [patron.name for patron in map(ops.patrons.get, (ADA, BEN, CLARA)) if ops.circulation.loans_of(patron.id)]
    teller.tell(f"Still out at closing time: what {' and '.join(still)} took home. Nobody owes anything.")
    clock.at += timedelta(minutes=1)
