"""What a person types finds on PostgreSQL what it finds elsewhere: the desk's own tests of the search, run here."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from io import BytesIO
from pathlib import Path
from types import ModuleType
from uuid import uuid4

import psycopg
import pytest

import libops
from libops.base.ids import BibId
from libops.catalog.search.text import BibText
from libops.storage.kinds import kind_of
from libops.storage.port import Batch, Match, Term, Write
from libops.storage.rebuild import log_of, rebuilt, stored
from libops_postgres.full_text import vector

PLUGINS = ["libops_postgres"]
TEXTS = kind_of(BibText)


def desk_tests() -> ModuleType:
    path = Path(__file__).parents[3] / "tests" / "desk" / "test_search.py"
    spec = spec_from_file_location("search_at_the_desk", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


DESK = desk_tests()
SCENARIOS = {name: test for name, test in vars(DESK).items() if name.startswith("test_") and inspect.isfunction(test)}
globals().update(SCENARIOS)


@pytest.fixture
def url(server: str) -> str:
    """A tenant of its own on the server."""
    return f"{server}{'&' if '?' in server else '?'}tenant={uuid4().hex}"


@pytest.fixture
def ops(url: str) -> Iterator[libops.Operations]:
    """The six titles of the desk's tests."""
    with libops.open(url, plugins=PLUGINS) as opened:
        assert 6 == opened.catalog.import_marc(BytesIO(DESK.TITLES.strip().encode())).added
        yield opened


@pytest.fixture(scope="module")
def stores(server: str) -> Iterator[list[libops.Operations]]:
    """A part of the sample catalog in memory and on PostgreSQL."""
    from importlib.resources import files

    sample = files("libops.cli").joinpath("sample", "catalog.mrc").read_bytes()[:60_000]
    mark = "&" if "?" in server else "?"
    opened = [libops.open(), libops.open(f"{server}{mark}tenant={uuid4().hex}", plugins=PLUGINS)]
    for each in opened:
        each.catalog.import_marc(BytesIO(sample))
    yield opened
    for each in opened:
        each.close()


def test_the_scenarios_of_the_desk_are_here() -> None:
    """Relevance, numbers, marks, scripts, phrases, facets, suppression, odd input."""
    assert len(SCENARIOS) >= 13
    assert "test_nothing_typed_is_a_syntax_error_and_both_stores_find_the_same" in SCENARIOS


def test_the_records_are_those_of_the_log(ops: libops.Operations) -> None:
    """The words stand beside the record and are no part of it."""
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_a_tenant_finds_its_own_titles_alone(url: str) -> None:
    """One index for all libraries of a database; none finds what another has."""
    with libops.open(url, plugins=PLUGINS) as one, libops.open(f"{url}b", plugins=PLUGINS) as two:
        for each in (one, two):
            each.catalog.import_marc(BytesIO(DESK.TITLES.strip().encode()))
        (hit,) = one.search.find("kernighan").hits
        assert one.catalog.delete(hit.bib.id)
        assert (0, 1) == (one.search.find("kernighan").total, two.search.find("kernighan").total)


def text(number: int, note: str) -> BibText:
    return BibText(BibId(f"bib-{number}"), "catalogs", "", "", note, "catalogs", "eng", "book", 1990, True)


def found(ops: libops.Operations, *words: str) -> int:
    matches = ops.storage.read([Match(TEXTS, ((Term(words),),))])[0]
    total: int = matches.total
    return total


def test_what_the_server_cannot_index_is_kept_all_the_same(ops: libops.Operations) -> None:
    """A word of thousands of letters, a text of a million words: the record is stored, its other words are found."""
    monster = text(90, f"a {'x' * 3000} of monsters")
    flood = text(91, "beginning " + " ".join(f"word{number:09}" for number in range(90_000)))
    for record in (monster, flood):
        ops.storage.apply(Batch(writes=(Write(TEXTS, record.bib_id, record, 0),)))
    assert (1, 1, 1, 0) == (
        found(ops, "monsters"),
        found(ops, "beginning"),
        found(ops, "word000000007"),
        found(ops, "x" * 3000),
    )
    assert [monster] == [row.record for row in ops.storage.read([Match(TEXTS, ((Term(("monsters",)),),))])[0].rows]


def test_words_are_found_through_the_index(ops: libops.Operations, server: str) -> None:
    """The server can answer the whole question from the GIN index, also that for a beginning in one field."""
    tenant = ops.storage.tenant
    with psycopg.connect(server) as connection:
        connection.execute("SET enable_seqscan = off")
        query = f"'={tenant}' & 'program':*A"
        plan = connection.execute("EXPLAIN SELECT 1 FROM bib_text WHERE words @@ %s::tsquery", (query,)).fetchall()
    assert any("bib_text_words" in row[0] for row in plan), plan


def test_a_vector_names_the_fields_of_each_word() -> None:
    """One place and letter for each field; quotes and backslashes are letters like others."""
    record = BibText(BibId("bib-1"), "o'neill a\\b", "o'neill", "", "", "", "eng", "book", None, True)
    assert "'=town' 'o''neill':1A,2B 'a\\\\b':1A" == vector(TEXTS, record, "town")
