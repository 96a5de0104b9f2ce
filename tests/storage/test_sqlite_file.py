"""A SQLite file over the years: older ones are brought up, damaged ones refused, copies made and restored."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path

import pytest

import libops
from libops.base.errors import BackendError, InvalidValue, LibopsError, SchemaMismatch
from libops.base.ids import BibId
from libops.catalog.search.text import BibText
from libops.circulation.model import Loan
from libops.cli import main
from libops.hooks.builtin.sqlite import migrations, upkeep
from libops.hooks.builtin.sqlite.schema import columns_of
from libops.hooks.builtin.sqlite.store import SqliteStorage
from libops.hooks.builtin.sqlite.upkeep import restore
from libops.storage.kinds import kind_of
from libops.storage.port import Batch, Find, Match, Term
from libops.storage.rebuild import log_of, rebuilt, state_hash, stored
from libops.testing.sample_library import sample_library
from libops.testing.small_records import drop, get, patron, put
from libops.testing.tomorrow import libops_of_tomorrow

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "stores"
CARD, ITEM = "21234000000017", "31234000000014"
MADE = "SELECT sql FROM sqlite_master WHERE name = 'loan_by_due'"
WORDS = list(enumerate(["almanac", "ballads", "cookery", "dragonflies"]))


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A file with a small library and a loan in it."""
    path = tmp_path / "town.db"
    with libops.open(f"sqlite:///{path}") as ops:
        sample_library(ops)
        assert ops.circulation.check_out(patron=CARD, item=ITEM)
    return path


def altered(path: Path, *statements: str) -> None:
    """Change the file behind the back of libops."""
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def test_a_file_made_before_a_kind_was_declared_gets_its_table(town: Path) -> None:
    """A new version of libops keeps more kinds of records: an older file is opened as if it had always had them."""
    altered(town, "DROP TABLE outbox", "DROP INDEX loan_by_due")
    with libops.open(f"sqlite:///{town}") as ops:
        assert [] == ops.notices.waiting()
        assert ops.circulation.loan_of(ITEM) is not None
        names = {row[0] for row in ops.storage.connection.execute("SELECT name FROM sqlite_master")}
        assert {"outbox", "loan_by_due"} <= names


def test_an_index_that_carries_other_fields_now_is_made_anew(town: Path, tmp_path: Path) -> None:
    """The order of due dates has come to carry what the nightly run looks at: an older file is walked as fast then."""
    with libops.open(f"sqlite:///{tmp_path / 'new.db'}") as ops:
        made = ops.storage.connection.execute(MADE).fetchone()
    altered(
        town,
        "DROP INDEX loan_by_due",
        'CREATE INDEX "loan_by_due" ON "loan" ("due", "item_id") WHERE "due" IS NOT NULL',
        "UPDATE store SET value = 0 WHERE name = 'layout'",
    )
    with libops.open(f"sqlite:///{town}") as ops:
        assert made == ops.storage.connection.execute(MADE).fetchone()
        found = ops.storage.read([Find(kind_of(Loan), "by_due")])[0]
        assert [ops.circulation.loan_of(ITEM)] == [row.record for row in found]


def test_an_older_file_is_brought_up_by_the_steps_it_lacks(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A next version calls a patron's name otherwise: one more step renames it, and the file is of its schema then."""

    def rename(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE patron RENAME COLUMN full_name TO name")

    altered(town, "ALTER TABLE patron RENAME COLUMN name TO full_name")
    monkeypatch.setattr(migrations, "MIGRATIONS", [*migrations.MIGRATIONS, rename])
    newest = migrations.schema_version()
    for _ in range(2):
        with libops.open(f"sqlite:///{town}") as ops:
            assert "Ada Flores" == ops.patrons.get(CARD).name
            assert (newest,) == ops.storage.connection.execute("PRAGMA user_version").fetchone()


def test_a_step_that_fails_leaves_the_file_as_it_was(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All steps or none: the file can still be opened by the version that wrote it."""

    def stumble(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM patron")
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patched:
        patched.setattr(migrations, "MIGRATIONS", [*migrations.MIGRATIONS, stumble])
        with pytest.raises(LibopsError, match="disk I/O"):
            libops.open(f"sqlite:///{town}")
    with libops.open(f"sqlite:///{town}") as ops:
        assert "Ada Flores" == ops.patrons.get(CARD).name


@pytest.mark.parametrize("kept", sorted(SAMPLES.glob("sqlite-schema-*.db.gz")), ids=lambda path: path.name)
def test_a_file_of_every_schema_is_opened_and_worked_on(kept: Path, tmp_path: Path) -> None:
    """A library as an older libops left it: its records are those of its log, its titles are found, loans come back."""
    path = tmp_path / "town.db"
    path.write_bytes(gzip.decompress(kept.read_bytes()))
    for _ in range(2):
        with libops.open(f"sqlite:///{path}") as ops:
            assert stored(ops.storage) == rebuilt(log_of(ops.storage))
            assert ("Ada Flores", "Ben Okafor") == tuple(
                ops.patrons.get(card).name for card in (CARD, "21234000000025")
            )
            assert {"book": 1} == ops.search.find("cheyenne").facets["material_type"]
            assert [] == ops.storage.problems()
            assert (migrations.schema_version(),) == ops.storage.connection.execute("PRAGMA user_version").fetchone()
    with libops.open(f"sqlite:///{path}") as ops:
        assert ops.circulation.check_in(item="31234000000022")
        assert 0 == ops.patrons.standing(CARD).open_loans


def test_there_is_a_file_of_every_schema() -> None:
    """Whoever adds a step keeps a file of the schema it leads to: `python tests/storage/keep_store_samples.py`."""
    wanted = {f"sqlite-schema-{number}.db.gz" for number in range(1, migrations.schema_version() + 1)}
    assert wanted == {path.name for path in SAMPLES.glob("*.gz")}


def test_a_file_altered_by_hand_is_refused_with_what_differs(town: Path) -> None:
    """A column that somebody added is named, so that it can be taken out again."""
    altered(town, "ALTER TABLE patron ADD COLUMN shoe_size INTEGER")
    with pytest.raises(SchemaMismatch, match="shoe_size"):
        libops.open(f"sqlite:///{town}")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """A text file is told apart, and left as it is."""
    path = tmp_path / "notes.db"
    path.write_text("Milk, bread, and the new Atwood.\n" * 200)
    with pytest.raises(SchemaMismatch, match="not a SQLite database"):
        libops.open(f"sqlite:///{path}")
    assert path.read_text().startswith("Milk")


def test_a_copy_is_made_while_the_desk_is_open_and_restored_elsewhere(town: Path, tmp_path: Path) -> None:
    """The copy is whole, equal by its state, and can be worked on; a file that is there is never replaced."""
    copy, again = tmp_path / "copy.db", tmp_path / "again.db"
    with libops.open(f"sqlite:///{town}") as ops:
        assert 0 == main(["backup", "--db", str(town), str(copy)])
        before = state_hash(stored(ops.storage))
        assert ops.circulation.check_in(item=ITEM)
    assert 2 == main(["backup", "--db", str(town), str(copy)])
    assert 0 == main(["restore", "--db", str(again), str(copy)])
    with libops.open(f"sqlite:///{again}") as ops:
        assert before == state_hash(stored(ops.storage))
        assert ops.circulation.check_in(item=ITEM)
    with pytest.raises(InvalidValue, match="never replaces"):
        restore(copy, again)


def test_a_check_finds_damage_and_records_that_the_log_does_not_explain(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sound; then a balance changed by hand; then bytes of the file overwritten."""
    assert 0 == main(["check", "--db", str(town)])
    assert "sound" in capsys.readouterr().out
    altered(town, "UPDATE standing SET balance = -100000")
    assert 4 == main(["check", "--db", str(town)])
    assert "standing" in capsys.readouterr().out
    altered(town, "PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(town.read_bytes())
    content[20_480:28_672] = b"\x07" * 8192
    town.write_bytes(content)
    assert 4 == main(["check", "--db", str(town)])


def test_a_host_keeps_its_own_marks_on_its_database(tmp_path: Path) -> None:
    """`user_version` and `application_id` number the host's schema: libops reads and writes neither, when it is joined
    and when the nightly run opens the file by its name, even if a table is missing."""
    host = sqlite3.connect(tmp_path / "host.db", isolation_level=None)
    host.execute("PRAGMA user_version = 41")
    host.execute("PRAGMA application_id = 1196444487")
    host.execute("BEGIN")
    ops = libops.open(join=host)
    sample_library(ops)
    assert ops.circulation.check_out(patron=CARD, item=ITEM)
    host.commit()
    host.execute("DROP TABLE outbox")
    assert 0 == main(["run-due", "--db", str(tmp_path / "host.db")])
    marks = [host.execute(f"PRAGMA {name}").fetchone()[0] for name in ("user_version", "application_id")]
    assert [41, 1196444487] == marks
    host.close()


def test_the_tables_of_a_host_are_brought_up_in_its_transaction(tmp_path: Path) -> None:
    """A new version of the host's program comes with a newer libops; a rollback leaves the tables as they were."""
    host = sqlite3.connect(tmp_path / "host.db", isolation_level=None)
    host.execute("BEGIN")
    SqliteStorage.join(host).apply(Batch(writes=(put(patron(1)),)))
    host.commit()
    with libops_of_tomorrow() as patrons:
        joined = SqliteStorage.join(host)
        for ending in ("ROLLBACK", "COMMIT"):
            host.execute("BEGIN")
            assert "visits" not in columns_of(host, "patron")
            assert [0] == [row.record.visits for row in joined.read([Find(patrons, "by_visits")])[0]]
            host.execute(ending)
        assert "visits" in columns_of(host, "patron")
    host.close()


def test_an_index_of_words_that_is_missing_is_made_again(town: Path) -> None:
    """Titles are found as before, by their words and by their facets."""
    altered(town, "DROP TABLE bib_text_words", "DROP TABLE bib_text_facets")
    with libops.open(f"sqlite:///{town}") as ops:
        found = ops.search.find("sign talk")
        assert 1 == found.total
        assert {"book": 1} == found.facets["material_type"]


def test_an_index_of_words_of_other_fields_is_made_anew(town: Path) -> None:
    """An older libops indexed titles alone: the words of all fields are indexed again."""
    altered(
        town,
        "DROP TABLE bib_text_words",
        "CREATE VIRTUAL TABLE bib_text_words USING fts5(title, content='bib_text', content_rowid='row_id')",
        "UPDATE store SET value = 0 WHERE name = 'layout'",
    )
    with libops.open(f"sqlite:///{town}") as ops:
        assert 1 == ops.search.find("cheyenne").total


@pytest.mark.parametrize("tool", ["VACUUM", "dump"])
def test_a_file_treated_with_the_tools_of_sqlite_is_searched_as_before(tool: str, tmp_path: Path) -> None:
    """Made smaller, or dumped as SQL and read again: titles stay with the words that point at them."""
    texts = [BibText(BibId(f"bib-{n}"), word, "", "", "", word, "eng", "book", 1990 + n, True) for n, word in WORDS]
    with libops.open(f"sqlite:///{tmp_path}/town.db") as ops:
        store = ops.storage
        store.apply(Batch(writes=tuple(put(text) for text in texts)))
        store.apply(Batch(writes=(drop(texts[0], store.read([get(texts[0])])[0].version),)))
        if tool == "VACUUM":
            store.connection.execute("VACUUM")
        else:
            rows = store.connection.execute("SELECT * FROM bib_text").fetchall()
            store.connection.execute("DELETE FROM bib_text")
            marks = ", ".join("?" * len(rows[0]))
            store.connection.executemany(f"INSERT INTO bib_text VALUES ({marks})", rows)
        asked = [Match(kind_of(BibText), ((Term((word,)),),), facets=("year",)) for _, word in WORDS[1:]]
        found = ops.storage.read(asked)
    assert texts[1:] == [row.record for matches in found for row in matches.rows]
    assert [{"year": {1990 + n: 1}} for n, _ in WORDS[1:]] == [matches.facets for matches in found]


@pytest.mark.parametrize("what", ["removed", "replaced"])
def test_nothing_is_lent_into_a_file_that_is_gone(town: Path, what: str, monkeypatch) -> None:
    """The file was moved, or last week's copy put in its place, while a desk had it open: the desk is told."""
    monkeypatch.setattr(upkeep, "LOOK_AGAIN", 0.0)
    with libops.open(f"sqlite:///{town}") as ops:
        assert ops.circulation.check_in(item=ITEM)
        kept = town.with_name("kept.db")
        town.rename(kept)
        if what == "replaced":
            town.write_bytes(kept.read_bytes())
        with pytest.raises(BackendError, match="moved, removed or replaced"):
            ops.circulation.check_out(patron=CARD, item=ITEM)
        kept.replace(town)
        assert ops.circulation.check_out(patron=CARD, item=ITEM)


@pytest.mark.parametrize("table", ["visit", "store", "loan"])
def test_the_database_of_another_program_is_left_as_it_is(tmp_path: Path, table: str) -> None:
    """A mistyped name leads to a shop's database: no two hundred tables appear in it."""
    path = tmp_path / "shop.db"
    altered(path, f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, label TEXT)")
    before = path.read_bytes()
    with pytest.raises(SchemaMismatch, match=f"another program: it has the table {table}"):
        libops.open(f"sqlite:///{path}")
    assert before == path.read_bytes()


@pytest.mark.parametrize("content", [b"x", b"\n", b"S", b"no", b"x" * 99])
def test_a_short_file_is_not_taken_for_a_new_store(tmp_path: Path, content: bytes) -> None:
    """A note of a letter is somebody's; only an empty file is a new library."""
    path = tmp_path / "note.db"
    path.write_bytes(content)
    with pytest.raises(SchemaMismatch, match="not a SQLite database"):
        libops.open(f"sqlite:///{path}")
    assert content == path.read_bytes()
    path.write_bytes(b"")
    libops.open(f"sqlite:///{path}").close()


def test_a_table_of_the_host_is_not_taken_for_one_of_the_library(tmp_path: Path) -> None:
    """The host has a table `event` for its concerts: it is told so, and its transaction stays as it was."""
    path = tmp_path / "host.db"
    altered(path, "CREATE TABLE event (id INTEGER PRIMARY KEY, title TEXT)", "CREATE TABLE visit (card TEXT)")
    host = sqlite3.connect(path, isolation_level=None)
    host.execute("BEGIN")
    with pytest.raises(SchemaMismatch, match="the table event, and libops makes"):
        libops.open(join=host).patrons.register(name="Ada Flores", category="adult", card=CARD)
    host.execute("COMMIT")
    assert 2 == host.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    host.close()
