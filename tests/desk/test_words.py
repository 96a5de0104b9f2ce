"""Reasons in the desk's language: the sentence, and the states and acts that it names."""

from __future__ import annotations

from enum import Enum
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest

from libops.bookings import model as bookings
from libops.circulation import model as circulation
from libops.circulation.policy.holds import ExpiryRun, HoldScope, reasons
from libops.desk.words import Words, options
from libops.equipment import model as equipment
from libops.inventory import model as inventory
from libops.processing import model as processing

BERLIN = ZoneInfo("Europe/Berlin")


def values(room: ModuleType, ending: str) -> set[str]:
    """The values of a room's options whose name ends so."""
    found = [getattr(room, name) for name in dir(room) if name.endswith(ending)]
    return {member.value for cls in found if isinstance(cls, type) and issubclass(cls, Enum) for member in cls}


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_every_state_and_act_has_a_name(language) -> None:
    """A sentence in German names no state in English."""
    rooms = (circulation, inventory, equipment, bookings, processing)
    wanted = {
        "state": {value for room in rooms for value in values(room, "State")},
        "act": {value for room in rooms[1:] for value in values(room, "Act")},
        "scope": {member.value for member in HoldScope},
        "run": {member.value for member in ExpiryRun},
    }
    missing = {name: wanted[name] - options(language)[name].keys() for name in wanted}
    assert {"state": set(), "act": set(), "scope": set(), "run": set()} == missing


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The hold is in transit: to change the pickup library is not possible now."),
        ("de", "Die Vormerkung hat den Stand unterwegs: Abholort ändern geht jetzt nicht."),
        (
            "fr",
            "La réservation est dans l'état en route : changer le lieu de retrait n'est pas possible pour le moment.",
        ),
        ("es", "El estado de la reserva es en camino: cambiar el lugar de recogida no es posible ahora."),
    ],
)
def test_a_reason_with_a_state_and_an_act(language, sentence) -> None:
    """Whole sentences, whichever language the desk speaks."""
    reason = reasons.HOLD_WRONG_STATE(state="in_transit", act="change the pickup library")
    assert sentence == Words(language, BERLIN).text(reason)


def test_text_of_people_is_left_as_it_is() -> None:
    """A patron called Ready and a title called Lost are no states."""
    reason = reasons.ITEM_FOR_HOLD(patron="ready", until="waiting")
    assert "ready" in Words("de", BERLIN).text(reason)
