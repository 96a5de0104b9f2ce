"""The demo lives a week and leaves a folder that can be looked at."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from libops.base.errors import InvalidValue
from libops.cli.demo import live_a_week
from libops.cli.demo.folder import Folder


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    told: list[str] = []
    folder = tmp_path_factory.mktemp("demo") / "week"
    index = live_a_week(folder, say=told.append)
    return folder, index, " ".join(" ".join(told).split())


def links_of(page: Path) -> list[str]:
    return re.findall(r'<a href="([^"]+)">', page.read_text(encoding="utf-8"))


def test_the_week_has_what_a_technician_meets(week) -> None:
    """Two reasons at once, a fine, a payment, a renewal refused, an override with its audit."""
    _, _, told = week
    assert "policy.on_site_only" in told
    assert "patron.expired" in told
    assert "renewal.limit_reached" in told
    assert "1.50 EUR" in told
    assert "item.awaiting_pickup" in told
    assert "Pull for MAIN" in told
    assert 2 <= told.count("set aside patron.expired, because: new card is in the mail")
    assert "set aside patron.expired, because: new card is in the mail" in told
    assert "v.18:no.1 (2026:Mar.)" in told
    assert "Claim 1: Notes of the historical society, v.17:no.4 (2025:Dec.)" in told


def test_the_folder_holds_everything_it_links(week) -> None:
    """Database, receipts, messages and the log are there, and the page names each."""
    folder, index, _ = week
    linked = links_of(index)
    assert linked == [name for name in linked if (folder / name).stat().st_size > 0]
    assert {"library.db", "notices.mbox", "events.jsonl", "stocktake.html", "receipt-01.html"} <= set(linked)
    lines = (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()
    names = {json.loads(line)["event"] for line in lines}
    assert {"ItemCheckedOut", "ItemCheckedIn", "LoanRenewed", "PaymentTaken", "Charged"} <= names


def test_the_story_fits_any_catalog(tmp_path) -> None:
    """A handful of books: what they have not, the town recorded itself, and no link leads nowhere."""
    few = tmp_path / "few.mrc"
    records = files("libops.cli").joinpath("sample", "catalog.mrc").read_bytes().split(b"\x1d")
    few.write_bytes(b"".join(record + b"\x1d" for record in records[:6]))
    index = live_a_week(tmp_path / "week", marc=few, say=lambda text: None)
    assert "stocktake.html" not in links_of(index)
    assert [] == [name for name in links_of(index) if not (index.parent / name).exists()]


def test_the_week_is_lived_without_the_plugin_for_mailboxes(tmp_path, monkeypatch) -> None:
    """Who installed libops alone finds a file for each message; the page leads there."""
    monkeypatch.setattr("libops.cli.demo.folder.find_spec", lambda name: None)
    told: list[str] = []
    index = live_a_week(tmp_path / "week", say=told.append)
    assert 3 == len(list((tmp_path / "week" / "notices").glob("*.txt")))
    assert "3 messages sent, 0 waiting" in told[-1]
    assert "notices/" in links_of(index)
    assert "notices.mbox" not in links_of(index)


def test_a_folder_that_cannot_be_made_anew_is_told_as_it_is(tmp_path, monkeypatch) -> None:
    """In a place where nobody may write the error is that, and not that the folder is there."""
    made = Folder(tmp_path / "week")
    made.make()

    def kept(path, *args, **more):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("os.unlink", kept)
    with pytest.raises(PermissionError):
        made.make()
    assert made.path.exists()


def test_a_folder_of_the_users_own_is_left_alone(tmp_path) -> None:
    """The demo makes its folder anew each time, and never empties one that it did not make."""
    (tmp_path / "thesis.txt").write_text("three years of work", encoding="utf-8")
    with pytest.raises(InvalidValue, match="not empty"):
        live_a_week(tmp_path, say=lambda text: None)
    assert "three years of work" == (tmp_path / "thesis.txt").read_text(encoding="utf-8")
