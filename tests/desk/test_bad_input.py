"""Bad input: each beginner's mistake and each damaged file gets a clear, typed answer and loses nothing."""

from __future__ import annotations

import re
import sqlite3
from importlib.resources import files
from io import BytesIO

import pytest

import libops
from libops.base.errors import BackendError, NotFound, SchemaMismatch, SettingsError
from libops.testing.sample_library import sample_library

SAMPLE = files("libops.cli").joinpath("sample", "catalog.mrc")


def test_a_wrong_check_digit_is_named() -> None:
    """A mistyped card is told from an unknown one."""
    settings = libops.load_settings(default_with_check_digits())
    with libops.open(settings=settings) as ops:
        answer = ops.circulation.check_out(patron="21234000000017", item="31234000000014")
        assert "check digit 7, where 8 would be right" in str(answer.reasons[0])


def default_with_check_digits():
    from libops.desk.settings.loading import default_settings

    plain = default_settings().canonical()
    plain["barcodes"] = {
        "rules": [
            {"kind": "patron-card", "prefix": "2", "length": 14, "check": "luhn"},
            {"kind": "item", "prefix": "3", "length": 14, "check": "luhn"},
        ]
    }
    return plain


def test_an_unknown_file_is_not_found() -> None:
    """With its name, and without a traceback of the operating system."""
    with libops.open() as ops, pytest.raises(NotFound, match="no_such_file"):
        ops.catalog.import_marc("no_such_file.mrc")


def test_half_a_record_is_rejected_and_the_others_come_in() -> None:
    """The file broke off in the middle of a record: the whole ones are kept, every byte is accounted for."""
    whole = SAMPLE.read_bytes()
    ends = [at for at, byte in enumerate(whole) if byte == 0x1D]
    cut = whole[: ends[2] + 400]
    with libops.open() as ops:
        report = ops.catalog.import_marc(BytesIO(cut))
        assert (3, 1, len(cut)) == (report.added, report.rejected, report.bytes_read)
        assert cut[ends[2] + 1 :] == bytes(report.rejects)
        assert 4 == report.problems[-1].record_no
        assert ends[2] + 1 == report.problems[-1].offset


def test_a_file_of_one_record_is_told_in_the_singular() -> None:
    """The account of an import is read by people: no "1 records"."""
    with libops.open() as ops:
        assert "1 record: 1 rejected; 0 items; 1 byte accounted for" == str(ops.catalog.import_marc(BytesIO(b"x")))


def test_a_misspelt_settings_key_gets_a_suggestion(tmp_path) -> None:
    """All problems at once, each with its path."""
    path = tmp_path / "town.toml"
    path.write_text('currency = "EUR"\n[loan_polices.four-weeks]\ndue = { period = "4 weeks" }\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="loan_policies") as caught:
        libops.open(settings=path)
    assert len(caught.value.problems) > 1


def test_a_database_of_a_newer_version_is_refused(tmp_path) -> None:
    """It is not touched, and the message says what to do."""
    path = tmp_path / "town.db"
    libops.open(f"sqlite:///{path}").close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(SchemaMismatch, match="newer version"):
        libops.open(f"sqlite:///{path}")
    assert before == path.read_bytes()


def test_a_file_that_is_no_database_is_refused(tmp_path) -> None:
    """A damaged or wrong file is told from one that cannot be opened."""
    path = tmp_path / "town.db"
    path.write_bytes(b"Dear diary, " * 500)
    with pytest.raises(SchemaMismatch, match="not a SQLite database or is damaged"):
        libops.open(f"sqlite:///{path}")


def test_another_programs_database_is_refused(tmp_path) -> None:
    """No tables are put into a database that belongs to somebody else."""
    path = tmp_path / "town.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA application_id = 42")
    connection.execute("CREATE TABLE theirs (id INTEGER)")
    connection.commit()
    connection.close()
    with pytest.raises(SchemaMismatch, match="another program"):
        libops.open(f"sqlite:///{path}")


@pytest.mark.parametrize("url", ["sqlite://town.db", "sqlite:town.db"])
def test_a_slash_too_few_is_told(url) -> None:
    """Taken as it stands, the first letter of the file's name would be lost, and the records with it."""
    with pytest.raises(libops.LibopsError, match="three slashes"):
        libops.open(url)


def test_a_bare_file_name_gets_its_url() -> None:
    """The commonest first try."""
    with pytest.raises(NotFound, match="sqlite:///town"):
        libops.open("town.db")


def test_a_folder_that_is_not_there_is_named(tmp_path) -> None:
    """SQLite alone says only that it is unable."""
    with pytest.raises(BackendError, match="nowhere"):
        libops.open(f"sqlite:///{tmp_path}/nowhere/town.db")


def test_importing_the_same_file_again_changes_nothing() -> None:
    """A record is known again by its content and its control number."""
    data = SAMPLE.read_bytes()[:30_000]
    with libops.open() as ops:
        first = ops.catalog.import_marc(BytesIO(data))
        events = sum(1 for _ in ops.events)
        second = ops.catalog.import_marc(BytesIO(data))
        assert (0, 0, first.added, 0) == (second.added, second.changed, second.unchanged, second.items)
        assert events == sum(1 for _ in ops.events)


def test_a_dry_run_reports_and_writes_nothing() -> None:
    """The report is that of the real run."""
    data = SAMPLE.read_bytes()[:30_000]
    with libops.open() as ops:
        dry = ops.catalog.import_marc(BytesIO(data), dry_run=True)
        assert 0 == sum(1 for _ in ops.events)
        wet = ops.catalog.import_marc(BytesIO(data))
        assert (dry.added, dry.items, dry.rejected) == (wet.added, wet.items, wet.rejected)


def test_a_stale_preview_is_refused() -> None:
    """The item went to somebody else between looking and acting."""
    with libops.open() as ops:
        sample_library(ops)
        asked = {"patron": "21234000000017", "item": "31234000000014"}
        preview = ops.circulation.preview_check_out(**asked)
        assert ops.circulation.check_out(patron="21234000000033", item="31234000000022")
        assert ops.circulation.check_out(**asked, preview=preview.result.preview)
        assert ops.circulation.check_in(item="31234000000014")
        preview = ops.circulation.preview_check_out(**asked)
        ops.patrons.change("21234000000017", note="moved house")
        answer = ops.circulation.check_out(**asked, preview=preview.result.preview)
        assert ["preview.stale"] == [reason.code for reason in answer.reasons]
        assert ops.circulation.loan_of("31234000000014") is None


def test_an_item_somebody_else_has_is_not_lent() -> None:
    """With the day on which it is due back."""
    with libops.open() as ops:
        sample_library(ops)
        assert ops.circulation.check_out(patron="21234000000017", item="31234000000014")
        answer = ops.circulation.check_out(patron="21234000000025", item="31234000000014")
        assert ["item.on_loan"] == [reason.code for reason in answer.reasons]
        assert answer.reasons[0].data["due"] == ops.circulation.loan_of("31234000000014").due


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("sqlite:///gone/town.db", "no folder 'gone'; was /gone/town.db meant? Write sqlite:////gone/town.db"),
        ("sqlite:///.", "it is a folder: name a file in it"),
    ],
)
def test_a_store_that_cannot_be_opened_says_what_is_amiss_with_its_place(tmp_path, monkeypatch, url, told) -> None:
    """Three slashes and a path from here, where one from the root was meant, is what everybody writes once."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BackendError, match=re.escape(told)):
        libops.open(url)
