"""A nightly run may die at any point, or run on two machines: each notice goes out once, each fine is charged once."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

import libops
from libops.desk.settings.loading import default_settings
from libops.storage.rebuild import log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.interrupted_runs import run_until_done, settings_text
from libops.testing.sample_library import sample_library

CARDS = 6
LOANS = 3


def late_town(folder: Path) -> tuple[str, str, FrozenClock]:
    """A store with many late loans, and its settings."""
    plain = default_settings().canonical()
    overdue = {"template": "overdue", "trigger": "due", "timing": "after", "period": "1 day", "digest": "none"}
    plain["notice_policies"] = {"standard": {"notices": [overdue, overdue | {"template": "due"} | {"digest": "day"}]}}
    plain["fallback"]["notices"] = "standard"
    plain["reminder_policies"] = {"letters": [{"after": "1 day", "fee": "1.00 EUR"}]}
    plain["fallback"]["reminders"] = "letters"
    settings, url = folder / "town.toml", f"sqlite:///{folder / 'town.db'}"
    settings.write_text(settings_text(plain), encoding="utf-8")
    clock = FrozenClock()
    with libops.open(url, settings=settings, clock=clock, ids=CountingIds(), durability="normal") as ops:
        sample_library(ops)
        bib = next(iter(ops.catalog.all()))
        for number in range(CARDS):
            card = f"2999900000{number:04}"
            ops.patrons.register(
                name=f"Reader {number:02}", category="adult", card=card, email=f"r{number}@example.org"
            )
            for loan in range(LOANS):
                label = f"3999900{number:04}{loan:03}"
                assert ops.items.add(bib.id, barcode=label, item_type="book", call_number="781.65")
                assert ops.circulation.check_out(patron=card, item=label)
    clock.forward(days=31)
    return url, str(settings), clock


def what_came(url: str, settings: str, letters: Path) -> tuple[int, int, set[str]]:
    """How many single notices went out, how many loans were told of in digests, and what each reader owes."""
    files = [path.read_text(encoding="utf-8") for path in letters.glob("*.txt")]
    single = [text for text in files if "overdue" in text and "Subject: Please bring" in text]
    digests = [text for text in files if "Subject: Due today" in text]
    with libops.open(url, settings=settings) as ops:
        owed = {str(ops.fees.balance(f"2999900000{number:04}")) for number in range(CARDS)}
        assert stored(ops.storage) == rebuilt(log_of(ops.storage))
        assert [] == ops.notices.waiting() + ops.notices.failed()
    return len(single), sum(text.count("- Sign talk") + text.count("- Brève") for text in digests), owed


@pytest.mark.parametrize("seed", [1, 3])
def test_killed_at_random_points_it_does_everything_once(tmp_path, seed) -> None:
    """kill -9, again and again; then it comes through, and once more for good measure."""
    url, settings, clock = late_town(tmp_path)
    letters = tmp_path / "letters"
    kills = run_until_done(url, settings, str(letters), clock(), seed=seed)
    assert kills > 0, "the run was too fast to be killed"
    run_until_done(url, settings, str(letters), clock() + timedelta(hours=20), seed=seed)
    loans = CARDS * LOANS
    single, told, owed = what_came(url, settings, letters)
    assert (loans, loans) == (single, told)
    assert 1 == len(owed), owed


def test_two_machines_at_once_do_everything_once(tmp_path) -> None:
    """Both walk the same loans at the same time."""
    url, settings, clock = late_town(tmp_path)
    letters = tmp_path / "letters"
    command = [sys.executable, "-m", "libops.testing.interrupted_runs", url, settings, str(letters)]
    started = [
        subprocess.Popen([*command, clock().isoformat()], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in started:
        _, error = process.communicate(timeout=120)
        assert 0 == process.returncode, error
    loans = CARDS * LOANS
    single, told, owed = what_came(url, settings, letters)
    assert (loans, loans, 1) == (single, told, len(owed))
