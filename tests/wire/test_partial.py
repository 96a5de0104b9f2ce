"""Rows of some of the columns: together with what is left out they are the whole row."""

from __future__ import annotations

from contextlib import suppress

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libops.base.errors import InvalidValue
from libops.storage.kinds import all_kinds
from libops.testing.strategies.records import record_of
from libops.wire.columns import layout_of
from libops.wire.partial import PartialRows


def some_of(names: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), unique=True)


def row_of(kind, record) -> dict[str, object]:
    layout = layout_of(kind)
    return dict(zip([column.name for column in layout.columns], layout.to_row(record), strict=True))


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.name)
@settings(max_examples=settings.default.max_examples // 5)  # there are some hundred kinds
@given(chance=st.data())
def test_what_a_new_record_leaves_out_is_empty(kind, chance) -> None:
    """A loan without a due date, a patron without an expiry: only the cells that hold nothing are left out."""
    record, rows = chance.draw(record_of(kind.cls)), PartialRows(kind)
    columns, values = rows.of_new(rows.empty(record))
    *cells, version = values(record, 7)
    whole = row_of(kind, record)
    assert 7 == version
    assert whole == dict.fromkeys(whole) | dict(zip(columns, cells, strict=True))
    assert bool not in map(type, cells)


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.name)
@settings(
    max_examples=settings.default.max_examples // 5,
    suppress_health_check=[HealthCheck.filter_too_much],  # few of two random bookings are both possible
)
@given(chance=st.data())
def test_what_a_change_leaves_out_is_as_it_was(kind, chance) -> None:
    """Another loan of the same patron: the row there was, with the cells that changed, is the row of the record."""
    before, after = chance.draw(record_of(kind.cls)), chance.draw(record_of(kind.cls))
    names = [field.name for field in attrs.fields(kind.cls) if field.init]
    with suppress(InvalidValue):
        after = attrs.evolve(before, **{name: getattr(after, name) for name in chance.draw(some_of(names))})
    rows, key = PartialRows(kind), layout_of(kind).key
    columns, values = rows.of_changes(rows.changes(before, after))
    *cells, version, of, last = values(after, 9, "its key", 7)
    assert (9, "its key", 7) == (version, of, last)
    there = row_of(kind, before) | dict(zip(columns, cells, strict=True))
    assert row_of(kind, after) | {key: None} == there | {key: None}
