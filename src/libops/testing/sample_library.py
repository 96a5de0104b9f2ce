"""A small library to test on: a few titles, items of several types, a few patrons."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from libops.base.decisions import Permit
from libops.desk.operations import Operations

__all__ = ["ITEMS", "PATRONS", "sample_library"]

PATRONS = (
    ("21234000000017", "Ada Flores", "adult"),
    ("21234000000025", "Ben Okafor", "child"),
    ("21234000000033", "Clara Lindqvist", "staff"),
)
"""Card, name, category."""

ITEMS = (
    ("31234000000014", "book"),
    ("31234000000022", "book"),
    ("31234000000030", "dvd"),
    ("31234000000048", "cd"),
    ("31234000000055", "reference"),
    ("31234000000063", "book"),
)
"""Barcode, item type."""

TITLES = """{"leader": "00000nam a2200000 a 4500", "fields": [{"001": "libops-1"}, \
{"245": {"ind1": "0", "ind2": "0", "subfields": [{"a": "Sign talk of the Cheyenne Indians"}]}}]}
{"leader": "00000njm a2200000 a 4500", "fields": [{"001": "libops-2"}, \
{"245": {"ind1": "0", "ind2": "0", "subfields": [{"a": "Brève histoire du jazz"}]}}]}
"""


def sample_library(ops: Operations) -> None:
    """Put two titles, six items and three patrons into an open library that has none."""
    report = ops.catalog.import_marc(BytesIO(TITLES.encode()))
    assert 2 == report.added, report
    bibs = list(ops.catalog.all())
    for number, (barcode, item_type) in enumerate(ITEMS):
        answer = ops.items.add(
            bibs[number % 2].id, barcode=barcode, item_type=item_type, call_number=f"781.65 {number}"
        )
        assert isinstance(answer, Permit), answer
    for card, name, category in PATRONS:
        registered = ops.patrons.register(name=name, category=category, card=card, birth_date=date(1990, 6, 9))
        assert isinstance(registered, Permit), registered
