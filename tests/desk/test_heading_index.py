"""Titles are found by their headings: what a change of an authority concerns is read, and nothing else."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import libops
from libops.base.decisions import Permit
from libops.catalog import decide
from libops.catalog.authorities.follow import names
from libops.catalog.authorities.uses import FILLED, HeadingUse, uses_of
from libops.desk.catalog.desk import CatalogDesk
from libops.desk.operations import Operations
from libops.storage.kinds import kind_of
from libops.storage.port import Batch, Write
from libops.storage.rebuild import every, log_of, rebuilt, stored

NUMBER = "(DLC)sh85023218"


def titled(number: str, *fields: tuple[str, str, str]) -> dict[str, Any]:
    """A title with headings: tag, text and the number of an authority, if it names one."""
    rows: list[dict[str, Any]] = [{"001": number}, {"245": plain(("a", f"Title {number}"))}]
    for tag, text, link in fields:
        rows.append({tag: plain(("a", text), *([("0", link)] if link else []))})
    return {"leader": "00000nam a2200000 a 4500", "fields": rows}


def plain(*subfields: tuple[str, str]) -> dict[str, Any]:
    return {"ind1": " ", "ind2": "0", "subfields": [{code: text} for code, text in subfields]}


TITLES = [
    titled("1", ("650", "Chess", "")),
    titled("2", ("650", "Chess.", ""), ("650", "Openings", "")),
    titled("3", ("650", "Schach", NUMBER)),
    titled("4", ("650", "Chess sets", "")),
    titled("5", ("655", "Chess", "")),
]


def imported(ops: Operations, titles: list[dict[str, Any]]) -> None:
    ops.catalog.import_marc(BytesIO("\n".join(map(json.dumps, titles)).encode()))


def numbers(ops: Operations, keys: list[str]) -> set[str]:
    return {ops.catalog.get(key).control_number for key in keys}


def all_uses(ops: Operations) -> set[HeadingUse]:
    return set(every(ops.storage, kind_of(HeadingUse)))


def chess(ops: Operations) -> str:
    """The authority for the game, as the catalog links to it."""
    answer = ops.catalog.authorities.add("topic", "Chess", number=NUMBER)
    assert isinstance(answer, Permit)
    assert answer.result.authority is not None
    return answer.result.authority.id


@pytest.fixture(params=["memory", "sqlite"])
def ops(request, tmp_path):
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/town.db"
    with libops.open(url) as opened:
        imported(opened, TITLES)
        yield opened


def test_a_change_reads_the_titles_of_its_heading_alone(ops, monkeypatch) -> None:
    """By the heading, or by the number of the authority; the catalog as a whole is not gone through."""
    authority = chess(ops)
    assert {"1", "2", "3"} == numbers(ops, ops.catalog.authorities.titles_of(authority))

    def whole(*asked: Any, **more: Any) -> Any:
        raise AssertionError("the whole catalog is gone through")

    monkeypatch.setattr(CatalogDesk, "all", whole)
    preview = ops.catalog.authorities.change(authority, heading="Chess (Game)", commit=False).result
    assert {"1", "2", "3"} == {ops.catalog.get(one.bib_id).control_number for one in preview.effects}
    done = ops.catalog.authorities.change(authority, heading="Chess (Game)", preview=preview.preview).result
    assert (3, 3) == (done.report.changed, done.report.looked_at)
    assert {"1", "2", "3"} == numbers(ops, ops.catalog.authorities.titles_of(authority))
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_titles_come_and_go_with_their_headings(ops) -> None:
    """Deleted, restored, edited: a title stands in the index where its record says, and nowhere else."""
    authority = chess(ops)
    assert ops.catalog.authorities.titles_of(authority)
    (gone,) = [bib.id for bib in ops.catalog.all() if bib.control_number == "1"]
    assert ops.catalog.delete(gone)
    assert {"2", "3"} == numbers(ops, ops.catalog.authorities.titles_of(authority))
    assert ops.catalog.act(gone, lambda facts, at: decide.restore(facts, at=at, by="ruth"))
    imported(ops, [titled("2", ("650", "Openings", ""), ("650", "Gambits", ""))])
    assert {"1", "3"} == numbers(ops, ops.catalog.authorities.titles_of(authority))
    wanted = {use for bib in ops.catalog.all() for use in uses_of(bib)}
    assert wanted == all_uses(ops) - {FILLED}


def test_a_store_of_an_older_libops_is_gone_through_once(ops) -> None:
    """Its titles stand nowhere in the index until somebody asks; those that are edited before do not mind."""
    kind = kind_of(HeadingUse)
    writes = [
        Write(kind, row.record.key, None, row.version) for row in ops.storage.scan(kind, page=100).rows if row.record
    ]
    ops.storage.apply(Batch(writes=tuple(writes)))
    assert set() == all_uses(ops)
    imported(ops, [titled("2", ("650", "Chess.", ""), ("650", "Gambits", "")), titled("6", ("650", "Chess", ""))])
    authority = chess(ops)
    assert {"1", "2", "3", "6"} == numbers(ops, ops.catalog.authorities.titles_of(authority))
    assert {use for bib in ops.catalog.all() for use in uses_of(bib)} == all_uses(ops) - {FILLED}
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))


HEADINGS = st.tuples(
    st.sampled_from(["100", "600", "650", "655", "700", "830"]),
    st.sampled_from(["Chess", "CHESS.", "Chess, Anna", "Échecs", "Chess sets", "x" * 300]),
    st.sampled_from(["", NUMBER, "(DLC)n1"]),
)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(HEADINGS, max_size=3), min_size=1, max_size=4), st.sampled_from(["Chess", "Échecs", "x" * 300])
)
def test_the_index_finds_what_going_through_the_catalog_finds(catalog: Any, heading: str) -> None:
    """Whatever the headings and the authority."""
    with libops.open() as ops:
        imported(ops, [titled(str(number), *fields) for number, fields in enumerate(catalog, 1)])
        for kind in ("topic", "person"):
            made = ops.catalog.authorities.add(kind, heading, number=NUMBER)
            authority = made.result.authority
            assert authority is not None
            found = ops.catalog.authorities.titles_of(authority.id)
            assert sorted(names(ops.catalog.all(), authority)) == found
