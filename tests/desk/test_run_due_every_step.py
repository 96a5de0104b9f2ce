"""Every step of the nightly run, killed at random points: what comes of it is what comes of a run left alone."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import libops
from libops.base.decisions import Override
from libops.catalog.authorities import HeadingChange
from libops.catalog.serials import SerialIssue
from libops.circulation.model import ClosedHold, ClosedLoan, HoldTarget, Loan, LostItem, ReadyHold
from libops.desk.settings.loading import default_settings
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.interrupted_runs import run_until_done, settings_text
from libops.testing.sample_library import sample_library

READERS = 2
STEPS = {"renewals", "fines", "losses", "reminders", "holds", "targets", "notices", "privacy"}
STEPS |= {"expected issues", "late issues", "headings"}


def settings() -> dict[str, Any]:
    """Fines, reminders, losses billed at once and later, automatic renewals, holds that end, targets, forgetting."""
    plain = default_settings().canonical()
    overdue = {"template": "overdue", "trigger": "due", "timing": "after", "period": "8 days", "digest": "none"}
    ready = {"template": "hold_ready", "trigger": "hold-ready", "digest": "none"}
    plain["notice_policies"] = {"standard": {"notices": [overdue, ready]}}
    plain["reminder_policies"] = {"letters": [{"after": "1 day", "fee": "1.00 EUR"}]}
    plain["loan_policies"]["two-weeks"]["renewals"] = {"count": 3, "automatic": {"not_before": "2 days"}}
    plain["lost_policies"]["at-once"] = {"cost": "set-amount", "set_amount": "12.00 EUR", "aged_after": "7 days"}
    plain["lost_policies"]["later"] = {**plain["lost_policies"]["at-once"], "billed_after": "2 days"}
    plain["hold_policies"]["standard"] |= {"expiry_fee": "0.50 EUR", "per_record": 9}
    plain["holds"] = {"targeting": {"retarget_after": "24 hours", "closed": "asked"}}
    plain["privacy"] = {"history": {"keep": "until-return"}}
    own = [
        {"id": "games", "item_type": "game", "loan": "four-weeks", "lost": "at-once", "fine": "", "reminders": ""},
        {"id": "tools", "item_type": "equipment", "loan": "four-weeks", "lost": "later", "fine": "", "reminders": ""},
    ]
    plain["rules"] = [
        *own,
        *(
            {**rule, "item_type": ["cd", "dvd", "magazine"]} if rule["id"] == "media" else rule
            for rule in plain["rules"]
        ),
    ]
    plain["fallback"] |= {"notices": "standard", "reminders": "letters"}
    return plain


def cookbook(number: int) -> bytes:
    """A title whose heading is to follow its authority."""
    fields: list[dict[str, Any]] = [{"001": f"c{number}"}, {"003": "XxTown"}]
    for tag, text in (("245", f"Bread, part {number}"), ("650", "Cooking")):
        fields.append({tag: {"ind1": " ", "ind2": " ", "subfields": [{"a": text}]}})
    return json.dumps({"leader": "00000nam a2200000 a 4500", "fields": fields}).encode()


def busy_town(folder: Path) -> tuple[Path, str, FrozenClock]:
    """A store in which every step of the nightly run has something to do for each of the readers."""
    file, text = folder / "town.db", folder / "town.toml"
    text.write_text(settings_text(settings()), encoding="utf-8")
    clock = FrozenClock()
    with libops.open(f"sqlite:///{file}", settings=text, clock=clock, ids=CountingIds(), durability="normal") as ops:
        sample_library(ops)
        bib, other = list(ops.catalog.all())
        assert ops.serials.subscribe(bib.id, pattern="$a no. $i (year) $j (month) $k (day) $w w", last="$a 8 $i 2026")
        for number in range(3):
            ops.catalog.import_marc(BytesIO(cookbook(number)))
        cooking = ops.catalog.authorities.add("topic", "Cooking").result.authority
        assert ops.catalog.authorities.change(cooking.id, heading="Food preparation", most=1)
        cards = [f"2999900000{number:04}" for number in range(READERS)]
        for card in cards:
            ops.patrons.register(
                name=f"Reader {card[-1]}", category="adult", card=card, email=f"r{card[-1]}@example.org"
            )

        def label(number: int, kind: str, item_type: str, title: Any = bib) -> str:
            barcode = f"3{kind}99900{number:07}"
            assert ops.items.add(title.id, barcode=barcode, item_type=item_type, call_number="781.65")
            return barcode

        lent = Override(["item.held_for_others", "loan.same_title_out"])
        for number, card in enumerate(cards):
            for kind, item_type in (("1", "book"), ("2", "game"), ("3", "equipment")):
                assert ops.circulation.check_out(patron=card, item=label(number, kind, item_type), override=lent)
            read = label(number, "4", "book")
            assert ops.circulation.check_out(patron=card, item=read, override=lent)
            assert ops.circulation.check_in(item=read)
        for number, card in enumerate(cards):
            following = cards[(number + 1) % READERS]
            wanted = label(number, "5", "book", other)
            assert ops.circulation.check_out(patron="21234000000025", item=wanted, override=lent)
            assert ops.holds.place(patron=card, item=wanted)
            assert ops.holds.place(patron=following, item=wanted)
            assert ops.circulation.check_in(item=wanted)
            assert ops.holds.place(patron=card, item=label(number, "6", "book", other))
        clock.forward(days=25)
        for number, card in enumerate(cards):
            assert ops.circulation.check_out(patron=card, item=label(number, "7", "cd"), override=lent)
    clock.forward(days=12)
    return file, str(text), clock


def what_came(file: Path, settings_file: str, letters: Path, clock: FrozenClock) -> dict[str, Any]:
    """All that a library would notice of the runs, and what the log says happened how often."""
    with libops.open(f"sqlite:///{file}", settings=settings_file, clock=clock) as ops:
        names = {item.id: item.barcode for bib in ops.catalog.all() for item in ops.items.of_bib(bib.id)}
        kept = lambda cls: list(every(ops.storage, kind_of(cls)))  # noqa: E731 said once
        assert stored(ops.storage) == rebuilt(log_of(ops.storage))
        assert [] == ops.notices.waiting() + ops.notices.failed()
        return {
            "owed": [str(ops.fees.balance(f"2999900000{number:04}")) for number in range(READERS)],
            "loans": sorted((names[each.item_id], each.automatic_renewals, each.losses) for each in kept(Loan)),
            "lost": sorted((names[each.item_id], each.billed_at is not None) for each in kept(LostItem)),
            "shelf": sorted((names[each.item_id], each.patron_id) for each in kept(ReadyHold)),
            "targets": sorted(names[each.item_id] for each in kept(HoldTarget)),
            "ended": Counter(each.ending.value for each in kept(ClosedHold)),
            "issues": sorted((each.place, each.state.value) for each in kept(SerialIssue)),
            "headings": [each.state.value for each in kept(HeadingChange)],
            "forgotten": Counter(each.patron_id is None for each in kept(ClosedLoan)),
            "letters": Counter(
                next(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("Subject"))
                for path in letters.glob("*.txt")
            ),
            "log": Counter(type(event).__name__ for event in log_of(ops.storage)),
        }


def night(file: Path, settings_file: str, letters: Path, at: datetime) -> set[str]:
    """One run that is left alone; the steps that had something to do."""
    channel = {"channels": {"email": "file"}, "channel_options": {"file": {"folder": str(letters)}}}
    with libops.open(f"sqlite:///{file}", settings=settings_file, clock=FrozenClock(at), **channel) as ops:
        return {step.name for step in ops.run_due().steps if step.acts}


def test_killed_anywhere_every_step_does_what_it_does_left_alone(tmp_path) -> None:
    """Renewals, fines, losses, bills, reminders, holds, targets, notices, forgetting: each thing once."""
    file, settings_file, clock = busy_town(tmp_path)
    alone, letters, letters_alone = tmp_path / "alone.db", tmp_path / "letters", tmp_path / "letters-alone"
    shutil.copy(file, alone)
    done = night(alone, settings_file, letters_alone, clock())
    assert STEPS == done
    kills = run_until_done(f"sqlite:///{file}", settings_file, str(letters), clock(), seed=7)
    assert kills > 0, "the run was too fast to be killed"
    for copy, folder in ((alone, letters_alone), (file, letters)):
        # What is charged later, and what is told after a pause, falls due between the two runs.
        night(copy, settings_file, folder, clock() + timedelta(hours=20))
    found = what_came(file, settings_file, letters, clock)
    assert what_came(alone, settings_file, letters_alone, clock) == found
    assert {True: 2 * READERS} == found["forgotten"]
    assert {True: 2 * READERS} == Counter(billed for _, billed in found["lost"])
