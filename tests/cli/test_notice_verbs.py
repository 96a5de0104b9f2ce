"""Messages to patrons at the command line."""

from __future__ import annotations

import json

import pytest

from libops.cli.main import main
from libops.desk.opening import open as open_library
from libops.desk.settings.loading import default_settings
from libops.testing.fakes import FrozenClock
from libops.testing.interrupted_runs import settings_text
from libops.testing.sample_library import sample_library

ADA, BOOK = "21234000000017", "31234000000014"


@pytest.fixture
def call(tmp_path, capsys):
    """A town that writes to its readers about their loans; a letter to Ada waits. Runs the command on it."""
    plain = default_settings().canonical()
    lent = {"template": "check_out", "trigger": "check-out", "digest": "session"}
    plain["notice_policies"] = {"letters": {"notices": [lent]}}
    plain["fallback"]["notices"] = "letters"
    plain["channels"] = {"email": "file"}
    plain["channel_options"] = {"file": {"folder": str(tmp_path / "letters")}}
    settings, store = tmp_path / "town.toml", tmp_path / "town.db"
    settings.write_text(settings_text(plain), encoding="utf-8")
    with open_library(f"sqlite:///{store}", settings=settings, clock=FrozenClock()) as ops:
        sample_library(ops)
        assert ops.circulation.check_out(patron=ADA, item=BOOK)

    def run(*words: str) -> tuple[int, str]:
        code = main(["notice", *words, "--db", str(store), "--settings", str(settings)])
        return code, capsys.readouterr().out

    run.store, run.settings, run.letters = f"sqlite:///{store}", settings, tmp_path / "letters"
    return run


def test_what_could_not_be_sent_is_seen_mended_and_sent(call) -> None:
    """Ada gave no address: the letter is among those that failed until she did, and then it is tried again."""
    (failed,) = json.loads(call("failed", "--json")[1])
    assert 0 == call("retry", failed["key"])[0]
    code, shown = call("send")
    assert (0, False) == (code, call.letters.exists() and any(call.letters.iterdir()))
    assert "postponed" in shown
    with open_library(call.store, settings=call.settings) as ops:
        ops.patrons.change(ADA, email="ada@example.org")
        assert ["the patron has no address for 'email'"] == [entry.error for entry in ops.notices.waiting()]
        ops.announcer.deliver_due(at=ops.notices.waiting()[0].next_try)
    assert ["To: ada@example.org"] == [path.read_text().splitlines()[0] for path in call.letters.iterdir()]


def test_what_is_not_worth_sending_is_dropped(call) -> None:
    """Once; a second time there is no such message."""
    (failed,) = json.loads(call("failed", "--json")[1])
    assert (0, 3) == (call("drop", failed["key"])[0], call("drop", failed["key"])[0])
    assert "" == call("failed")[1]
