"""Other settings asked about the loans that are really out: due dates, fines, limits, rules."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import libops
from libops.cli.main import main
from libops.desk.settings.loading import default_settings, load_settings
from libops.desk.settings.replay import replay_open_loans
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.sample_library import sample_library

ADA, BOOK, OTHER, FILM = "21234000000017", "31234000000014", "31234000000022", "31234000000030"
PLAIN = default_settings().canonical()


def changed(table: str, name: str, **terms: Any) -> dict[str, Any]:
    plain = deepcopy(PLAIN)
    plain[table][name].update(terms)
    return plain


@pytest.fixture
def ops():
    """Ada has two books, due on 31 March, and a film, due on the 17th; it is the 3rd of April."""
    with libops.open(settings=PLAIN, clock=FrozenClock(), ids=CountingIds()) as opened:
        sample_library(opened)
        for item in (BOOK, OTHER, FILM):
            assert opened.circulation.check_out(patron=ADA, item=item)
        opened.clock.at = datetime(2026, 4, 3, 10, tzinfo=UTC)
        yield opened


def replayed(ops, other: dict[str, Any]):
    return replay_open_loans(ops.storage, load_settings(PLAIN), load_settings(other), at=ops.clock())


def test_the_same_settings_change_nothing(ops) -> None:
    """Three loans looked at, no difference."""
    found = replayed(ops, PLAIN)
    assert (3, (), {}) == (found.loans, found.changes, found.counts)


def test_which_due_dates_would_have_come_out_differently(ops) -> None:
    """Films for one week in place of two: only the film, with both dates."""
    found = replayed(ops, changed("loan_policies", "two-weeks", due={"period": "1 week"}))
    assert [("due", "2026-03-17 23:59", "2026-03-10 23:59")] == [(c.what, c.before, c.after) for c in found.changes]
    assert "rule fallback" not in str(found.changes[0])
    assert ops.items.get(FILM).id == found.changes[0].item_id


def test_which_fines_would_be_others(ops) -> None:
    """Fifty cents a day: two books three days late with a day of grace, the film eleven open days."""
    found = replayed(ops, changed("fine_policies", "standard", amount="0.50 EUR"))
    assert {"fine": 3} == found.counts
    assert sorted([("0.75 EUR", "1.50 EUR"), ("0.75 EUR", "1.50 EUR"), ("3.25 EUR", "6.50 EUR")]) == sorted(
        (change.before, change.after) for change in found.changes
    )


def test_which_limits_would_stop_the_next_loan(ops) -> None:
    """Three items at most: whoever has three may take no more; nothing else differs."""
    found = replayed(ops, changed("limit_policies", "adult", items_out=3))
    assert {("limits", "none", "loan.limit_reached")} == {(c.what, c.before, c.after) for c in found.changes}


def test_a_limit_that_leaves_claims_out_counts_the_loans_themselves(ops) -> None:
    """Three out, one of them claimed returned: a limit of two stops whoever has two that count, one of three nobody."""
    assert ops.losses.claim_returned(OTHER)
    for items_out, stopped in ((2, True), (3, False)):
        found = replayed(ops, changed("limit_policies", "adult", items_out=items_out, claims="not-counted"))
        assert ({("limits", "none", "loan.limit_reached")} if stopped else set()) == {
            (change.what, change.before, change.after) for change in found.changes
        }


def test_another_rule_for_the_same_terms(ops) -> None:
    """A new rule wins, and says the same: told as the rule alone."""
    other = deepcopy(PLAIN)
    other["rules"].append({"id": "books", "item_type": "book", "loan": "four-weeks"})
    found = replayed(ops, other)
    assert {("rule", "fallback", "books")} == {(c.what, c.before, c.after) for c in found.changes}


def test_a_library_that_the_other_settings_do_not_have(ops) -> None:
    """Its loans are counted, and nothing is made up about them."""
    other = deepcopy(PLAIN)
    other["libraries"] = {"HARBOR": other["libraries"]["MAIN"]}
    assert 3 == len(replayed(ops, other).unknown)


def test_nothing_is_written(ops) -> None:
    """The log is as long as before."""
    before = len(list(ops.events))
    replayed(ops, changed("loan_policies", "two-weeks", due={"period": "1 week"}))
    assert before == len(list(ops.events))


def test_a_replay_at_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`libops settings diff OLD NEW --db`: each loan that differs, and a count at the end."""
    from importlib.resources import files

    old, new = tmp_path / "old.toml", tmp_path / "new.toml"
    text = files("libops.desk.settings").joinpath("default.toml").read_text(encoding="utf-8")
    old.write_text(text)
    new.write_text(text.replace('"2 weeks"', '"1 weeks"'))
    url = f"sqlite:///{tmp_path}/town.db"
    with libops.open(url, settings=PLAIN, clock=FrozenClock(), ids=CountingIds()) as opened:
        sample_library(opened)
        assert opened.circulation.check_out(patron=ADA, item=FILM)
    arguments = ["settings", "diff", str(old), str(new), "--db", str(tmp_path / "town.db"), "--day", "2026-03-03"]
    assert 1 == main(arguments)
    out = capsys.readouterr().out
    assert "due 2026-03-17 23:59 -> 2026-03-10 23:59 (rule media)" in out
    assert "of 1 open loans: due 1" in out
    assert 0 == main([*arguments[:3], str(old), *arguments[4:]])
