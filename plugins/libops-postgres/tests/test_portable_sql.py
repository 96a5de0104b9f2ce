"""Engines that speak PostgreSQL and spread over machines (Citus, YugabyteDB, CockroachDB) lack some of its features.

Every statement that the plugin emits is read here, those of the tables and those of a desk at work.
"""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import psycopg
import pytest

import libops
from libops.storage.kinds import all_kinds, key_of, kind_of
from libops.storage.port import Batch, Find, Get, Guard, Rewrite, Write
from libops.testing.contracts.reference import one_of_each_kind
from libops.testing.sample_library import sample_library
from libops_postgres.line import Line
from libops_postgres.reading import asking, shape_of
from libops_postgres.schema import statements
from libops_postgres.statements import apply_text, statements_of

FORBIDDEN = {
    r"\bSERIAL\b|\bSEQUENCE\b|\bnextval\b|GENERATED\s+(ALWAYS|BY DEFAULT)\s+AS\s+IDENTITY": "a sequence",
    r"\bTRIGGER\b": "a trigger",
    r"\bEXCLUDE\b": "an exclusion constraint",
    r"\bDEFERR": "a deferrable constraint",
    r"advisory": "an advisory lock",
    r"\bLOCK\s+TABLE\b|^\s*LOCK\b": "a table lock",
    r"\bLISTEN\b|\bNOTIFY\b": "LISTEN or NOTIFY",
    r"\bCREATE\s+(OR REPLACE\s+)?(FUNCTION|PROCEDURE|RULE)\b|\bplpgsql\b": "code in the server",
    r"\bINHERITS\b": "inheritance",
    r"\bctid\b|\bxmin\b|\btxid_": "a system column",
    r"\bDECLARE\b.*\bCURSOR\b": "a cursor",
    r"\bPARTITION\b|\bpg_inherits\b|\bpg_class\b": "a native partition",
}


def faults(text: str) -> list[str]:
    """What a statement uses that not every engine has."""
    return [what for pattern, what in FORBIDDEN.items() if re.search(pattern, text, re.IGNORECASE)]


TABLES = "|".join(sorted({"event", *(kind.name for kind in all_kinds())}, key=len, reverse=True))
TOUCHED = re.compile(rf'\b(?:FROM|JOIN|UPDATE|INTO|COPY)\s+"?(?:{TABLES})"?(?![\w"])', re.IGNORECASE)


def forgets_the_tenant(text: str) -> bool:
    """Whether a statement touches tables of records or the log more often than it names the tenant."""
    return len(TOUCHED.findall(text)) > len(re.findall(r"\btenant\b", text))


def test_the_lint_finds_what_it_looks_for() -> None:
    """Each rule is broken once."""
    bad = {
        "CREATE TABLE t (id bigserial); CREATE SEQUENCE s": ["a sequence"],
        "CREATE TRIGGER t": ["a trigger"],
        "ALTER TABLE t ADD EXCLUDE USING gist (during WITH &&)": ["an exclusion constraint"],
        "ALTER TABLE t ADD UNIQUE (id) DEFERRABLE": ["a deferrable constraint"],
        "SELECT pg_advisory_xact_lock(1)": ["an advisory lock"],
        "LOCK TABLE t": ["a table lock"],
        "NOTIFY loans": ["LISTEN or NOTIFY"],
        "CREATE FUNCTION f()": ["code in the server"],
        "SELECT xmin FROM t": ["a system column"],
        "CREATE TABLE t (at date) PARTITION BY RANGE (at)": ["a native partition"],
    }
    assert bad == {text: faults(text) for text in bad}
    assert forgets_the_tenant('SELECT name FROM "patron" WHERE id = $1')
    assert forgets_the_tenant('UPDATE event SET body = $1 WHERE tenant = $2 AND stream IN (SELECT id FROM "item")')
    assert not forgets_the_tenant('DELETE FROM "loan" WHERE tenant = $1 AND item_id = $2')


def test_the_tables_are_portable_and_carry_the_tenant() -> None:
    """Plain tables and indexes; the tenant comes first in every key and index of records and events.

    One exception: the GIN index of words, in which the tenant is a lexeme. It needs no extension; engines without GIN
    (none of the three above) would have to leave the search to another index.
    """
    for text in statements():
        assert [] == faults(text), text
        if "USING gin" in text:
            assert 'USING gin ("words")' in text, text
        elif "libops_store" not in text:
            assert re.search(r"PRIMARY KEY \(tenant, |ON \S+ \(tenant, ", text), text


def test_the_four_verbs_are_portable_for_every_kind() -> None:
    """Each kind read, found, written, changed and removed."""
    texts = []
    for record in one_of_each_kind():
        kind = next(kind for kind in all_kinds() if kind.cls is type(record))
        key = kind.key_of(record)
        shapes = (shape_of(Get(kind, key)), *(shape_of(Find(kind, index.name)) for index in kind.indexes))
        texts += [asking(shapes, (brief,) * len(shapes)).text for brief in (False, True)]
        texts.append(statements_of(kind).several)
        for write in (Write(kind, key, record, 0), Write(kind, key, record, 1), Write(kind, key, None, 1)):
            texts.append(apply_text("", Batch((Guard(kind, key, 1),), (write,)), 1, [], locking=True)[0])
        texts += [statements_of(kind).page("", index, None, None, None, 5)[0] for index in (None,)]
    assert [] == [(text, faults(text)) for text in texts if faults(text)]


def all_that_is_sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that reaches the driver from now on, by the long way or by the short."""
    seen: list[str] = []

    def note(cls: Any, name: str) -> None:
        whole = getattr(cls, name)

        def noted(self: Any, text: Any, *more: Any, **named: Any) -> Any:
            seen.append(str(text))
            return whole(self, text, *more, **named)

        monkeypatch.setattr(cls, name, noted)

    for name in ("execute", "executemany", "copy"):
        note(psycopg.Cursor, name)
    note(Line, "one")
    return seen


def test_a_desk_at_work_emits_nothing_else(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening, importing, lending, taking back, reading the log: every text that reaches the driver."""
    seen = all_that_is_sent(monkeypatch)
    with libops.open(
        f"{server}{'&' if '?' in server else '?'}tenant={uuid4().hex}", plugins=["libops_postgres"]
    ) as ops:
        sample_library(ops)
        assert ops.circulation.check_out(patron="21234000000017", item="31234000000014")
        assert ops.circulation.check_in(item="31234000000014")
        assert list(ops.events)
    assert len(seen) > 20
    assert [] == [(text, faults(text)) for text in seen if faults(text) and not is_about_months(text)]


def test_whatever_a_store_does_is_portable_and_names_the_tenant(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each kind found and walked by each index, the nightly run, an export, all kinds written in bulk, a person taken
    out of the log: what is one library's is never asked, changed or removed without saying whose it is."""
    seen = all_that_is_sent(monkeypatch)
    url = f"{server}{'&' if '?' in server else '?'}tenant={uuid4().hex}"
    with libops.open(url, plugins=["libops_postgres"]) as ops:
        sample_library(ops)
        store = ops.storage
        for kind in all_kinds():
            store.scan(kind, low="a", high="b", after=("aa",), page=5)
            for index in kind.indexes:
                store.read([Find(kind, index.name, limit=2, descending=True), Get(kind, "nobody")])
                store.scan(kind, index.name, page=2)
        ops.run_due()
        with TemporaryDirectory() as folder:
            ops.export(Path(folder) / "out")
        records = {(type(record), key_of(record)): record for record in one_of_each_kind()}
        store.apply(Batch(writes=tuple(Write(kind_of(cls), key, rec, 0) for (cls, key), rec in records.items())))
        ops.search.find("jazz")
        first = store.events(page=1).entries[0]
        store.apply(Batch(rewrites=(Rewrite(first.position, first.event),)))
        assert store.events(stream=first.event.stream).entries
    assert len(set(seen)) > 300
    assert [] == [text for text in seen if forgets_the_tenant(text)]
    assert [] == [(text, faults(text)) for text in seen if faults(text) and not is_about_months(text)]


def is_about_months(text: str) -> bool:
    """The one exception: on PostgreSQL itself the log is kept by months, and other engines are never sent this."""
    return ["a native partition"] == faults(text) and "event" in text


def test_an_engine_that_merely_speaks_postgresql_gets_a_plain_log(apart: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the server is not PostgreSQL itself, nothing it may not know is sent, and lending works the same."""
    from libops_postgres import months

    monkeypatch.setattr(months, "native", lambda cursor: False)
    seen = all_that_is_sent(monkeypatch)
    with libops.open(apart, plugins=["libops_postgres"]) as ops:
        sample_library(ops)
        assert ops.circulation.check_out(patron="21234000000017", item="31234000000014")
        assert 5 < len(list(ops.events))
    changing = [text for text in seen if not text.startswith("SELECT")]
    assert [] == [(text, faults(text)) for text in changing if faults(text)]


def test_a_checkout_is_two_reads_and_one_write(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One round trip to find whose card and which item, one for the facts, one to write."""
    url = f"{server}{'&' if '?' in server else '?'}tenant={uuid4().hex}"
    with libops.open(url, plugins=["libops_postgres"]) as ops:
        sample_library(ops)
        sent: list[str] = []
        whole = Line.one

        def noted(self: Line, text: str, values: Any) -> Any:
            sent.append(text.split(None, 1)[0])
            return whole(self, text, values)

        monkeypatch.setattr(Line, "one", noted)
        assert ops.circulation.check_out(patron="21234000000017", item="31234000000014")
    assert ["SELECT", "SELECT", "WITH"] == sent
