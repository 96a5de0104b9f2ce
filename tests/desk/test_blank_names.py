"""What a thing is found by is never blank: a record without it is there, and nobody gets at it again."""

from __future__ import annotations

from datetime import date

import pytest

import libops
from libops.base.errors import InvalidValue, SettingsError
from libops.desk.settings.loading import default_settings, load_settings
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.sample_library import sample_library

ADA, BOOK = "21234000000017", "31234000000014"

GIVEN = {
    "asset id": lambda ops, text: ops.equipment.register(id=text, name="Laser cutter", kind="laser"),
    "asset name": lambda ops, text: ops.equipment.register(name=text, kind="laser"),
    "asset kind": lambda ops, text: ops.equipment.register(name="Laser cutter", kind=text),
    "changed asset": lambda ops, text: ops.equipment.change("kiln", name=text),
    "ticket": lambda ops, text: ops.equipment.open_ticket(symptom=text, asset="kiln"),
    "known issue": lambda ops, text: ops.equipment.record_known_issue(title=text, symptom="prints stripes"),
    "maintenance": lambda ops, text: ops.equipment.schedule_maintenance(
        "kiln", task=text, every="6 months", first_due=date(2026, 4, 1)
    ),
    "resource id": lambda ops, text: ops.bookings.register(id=text, name="Study room", kind="room"),
    "resource name": lambda ops, text: ops.bookings.register(name=text, kind="room"),
    "resource kind": lambda ops, text: ops.bookings.register(name="Study room", kind=text),
    "certified subject": lambda ops, text: ops.bookings.certify(patron=ADA, subject=text),
    "stocktake id": lambda ops, text: ops.inventory.open_stocktake(id=text, name="Spring", items=[BOOK]),
    "stocktake name": lambda ops, text: ops.inventory.open_stocktake(name=text, items=[BOOK]),
    "display id": lambda ops, text: ops.inventory.open_display(id=text, name="New", location="NEW"),
    "display place": lambda ops, text: ops.inventory.open_display(name="New", location=text),
    "list": lambda ops, text: ops.inventory.protect(BOOK, list_name=text, why="local history"),
    "card": lambda ops, text: ops.patrons.register(name="Okafor, Ben", category="adult", card=text),
    "new card": lambda ops, text: ops.patrons.replace_card(ADA, text),
    "label": lambda ops, text: ops.items.change(BOOK, barcode=text),
}
FOUND_BY_IT = [
    "asset id",
    "resource id",
    "stocktake id",
    "display id",
    "certified subject",
    "card",
    "new card",
    "label",
]


@pytest.fixture(scope="module")
def ops():
    with libops.open(clock=FrozenClock(), ids=CountingIds()) as ops:
        sample_library(ops)
        assert ops.equipment.register(id="kiln", name="Small kiln", kind="kiln")
        yield ops


@pytest.mark.parametrize("given", GIVEN)
@pytest.mark.parametrize("text", ["", "  ", "\t"], ids=["empty", "blanks", "tab"])
def test_what_a_thing_is_known_by_is_not_blank(ops, given, text) -> None:
    """An identifier, a name, a kind, a label: the error shows what was given, and nothing is written."""
    before = len(list(ops.events))
    with pytest.raises(InvalidValue, match=r"(is blank|is empty): \w+") as told:
        GIVEN[given](ops, text)
    assert repr(text) in str(told.value)
    assert before == len(list(ops.events))


@pytest.mark.parametrize("given", FOUND_BY_IT)
def test_what_a_thing_is_found_by_has_no_blanks_around_it(ops, given) -> None:
    """A line read from a file ends in a line break: the card would be registered, and never be found by a scan."""
    before = len(list(ops.events))
    with pytest.raises(InvalidValue, match=r"has blanks around it: write '21234000000099'"):
        GIVEN[given](ops, "21234000000099\n")
    assert before == len(list(ops.events))


@pytest.mark.parametrize("table", ["libraries", "calendars", "patron_categories", "item_types", "loan_policies"])
def test_a_code_of_the_settings_is_not_blank(table) -> None:
    """A rule that leaves a criterion out, and one that names a category without a name, would look the same."""
    settings = default_settings().canonical()
    settings[table][" "] = next(iter(settings[table].values()))
    with pytest.raises(SettingsError, match=rf"settings\.{table}: the code ' ' is blank"):
        load_settings(settings)
