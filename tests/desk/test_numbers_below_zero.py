"""Amounts, prices and counts below what can be are told with the value, and nothing is written."""

from __future__ import annotations

from datetime import date

import pytest

import libops
from libops.base.errors import InvalidValue
from libops.base.money import Money
from libops.bookings import FileFacts
from libops.bookings.policy import BookingTerms, JobTerms
from libops.catalog.serials.pattern import NumberLevel
from libops.equipment.model import AssetPart
from libops.equipment.policy import EquipmentPolicy, Targets
from libops.storage.rebuild import log_of

BELOW = Money(-5, "EUR")


@pytest.fixture
def ops():
    with libops.open() as opened:
        assert opened.equipment.register(id="A-7", name="Heat press", kind="heat press")
        assert opened.bookings.register(id="R-2", name="Hall", kind="room", capacity=90)
        assert opened.bookings.stock(id="PLA", name="PLA, white", price_per_gram="0.00 EUR", decigrams_left=0)
        assert opened.equipment.open_ticket(asset="A-7", symptom="stays cold")
        yield opened


ACTS = {
    "stock of less than nothing": (
        lambda ops: ops.bookings.stock(id="PLA", name="PLA", decigrams_left=-1),
        "decigrams_left = -1",
    ),
    "material that pays the patron": (
        lambda ops: ops.bookings.stock(id="PLA", name="PLA", price_per_gram="-0.05 EUR"),
        "price_per_gram of -0.05 EUR",
    ),
    "a room for nobody": (
        lambda ops: ops.bookings.register(id="R-1", name="Study room", kind="room", capacity=0),
        "capacity = 0",
    ),
    "a room changed to one for nobody": (
        lambda ops: ops.bookings.change_resource("R-2", capacity=-4),
        "capacity = -4",
    ),
    "an asset with a price below nothing": (
        lambda ops: ops.equipment.register(id="A-8", name="Press", kind="press", price=BELOW),
        "price of -0.05 EUR",
    ),
    "a price changed to below nothing": (
        lambda ops: ops.equipment.change("A-7", price=BELOW),
        "price of -0.05 EUR",
    ),
    "a ticket opened after it is due": (
        lambda ops: ops.equipment.schedule_maintenance(
            "A-7", task="oil it", every="1 month", first_due=date(2026, 3, 1), lead_days=-7
        ),
        "lead_days = -7",
    ),
    "a spare part that pays the library": (
        lambda ops: ops.equipment.use_part(ops.equipment.tickets()[0].id, name="fuse", price="-1.00 EUR"),
        "price of -1.00 EUR",
    ),
}


@pytest.mark.parametrize(("act", "told"), ACTS.values(), ids=ACTS)
def test_what_cannot_be_below_nothing_is_told(ops, act, told) -> None:
    """With the name and the value, as all input that can be no such thing."""
    before = list(log_of(ops.storage))
    with pytest.raises(InvalidValue, match=told):
        act(ops)
    assert before == list(log_of(ops.storage))


@pytest.mark.parametrize(
    "make",
    [
        lambda: FileFacts(name="owl.gcode", size=-1, sha256=""),
        lambda: FileFacts(name="owl.gcode", size=1, sha256="", minutes=-90),
        lambda: AssetPart("charger", 0),
        lambda: NumberLevel("v.", units=0),
        lambda: Targets(respond=-1),
        lambda: EquipmentPolicy(reopen_days=-1),
        lambda: EquipmentPolicy(labor_rate=BELOW),
        lambda: BookingTerms(deposit=BELOW),
        lambda: JobTerms(price_per_hour=BELOW),
    ],
)
def test_values_and_terms_have_their_bounds(make) -> None:
    """A fee below nothing would be a payment, a target before the report is missed at once."""
    with pytest.raises(InvalidValue, match=r"below [01]|give 0 or more"):
        make()
