"""Compiled writers and readers: the same text as the general converter's, and the same values back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libops.storage.kinds import all_kinds
from libops.testing.strategies.records import record_of
from libops.wire.compiled import reader_of, text_reader_of, writer_of
from libops.wire.events import event_classes, event_from_text, event_to_text
from libops.wire.json import as_json, converter

CLASSES = [kind.cls for kind in all_kinds()] + list(event_classes().values())


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
@settings(max_examples=settings.default.max_examples // 5)  # there are some two hundred classes
@given(chance=st.data())
def test_compiled_text_is_the_general_text(cls, chance) -> None:
    """Every record and every event is written byte for byte alike, and read again as the same value."""
    record = chance.draw(record_of(cls))
    text = as_json(record, cls)
    assert text == writer_of(cls)(record)
    assert record == text_reader_of(cls)(text)


def test_a_field_that_an_older_version_did_not_write_has_its_default() -> None:
    """A loan event written before a field was added is read with that field's default."""
    from libops.circulation.events import ItemReturnScanned
    from libops.testing.small_records import scanned, standing

    plain = json.loads(as_json(standing(1, open_loans=2)))
    del plain["holds"]
    assert standing(1, open_loans=2) == reader_of(type(standing(1)))(plain)
    assert scanned(1) == event_from_text("ItemReturnScanned", ItemReturnScanned.schema, event_to_text(scanned(1)))


def test_what_is_not_compiled_goes_to_the_converter() -> None:
    """A set of marks is none of the compiled shapes: it is written and read all the same."""
    marks = frozenset({"damaged"})
    assert converter().unstructure(marks) == json.loads(writer_of(frozenset[str])(marks))
    assert marks == reader_of(frozenset[str])(["damaged"])
