"""Reasons in the desk's language: the sentence, and the states and acts that it names."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest

from libops.base.money import Money
from libops.bookings import model as bookings
from libops.circulation import model as circulation
from libops.circulation.policy.holds import ExpiryRun, HoldScope, reasons
from libops.circulation.reasons import ITEM_UNKNOWN
from libops.desk.settings.loading import LOOKS
from libops.desk.words import Words, options
from libops.equipment import model as equipment
from libops.inventory import model as inventory
from libops.patrons.reasons import HAS_BALANCE
from libops.processing import model as processing

BERLIN = ZoneInfo("Europe/Berlin")
UNTIL = datetime(2026, 3, 10, 22, 59, tzinfo=UTC)


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
        "looks_like": set(LOOKS.values()),
    }
    missing = {name: wanted[name] - options(language)[name].keys() for name in wanted}
    assert {name: set() for name in wanted} == missing


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


@pytest.mark.parametrize(
    ("language", "until", "sentence"),
    [
        ("en", UNTIL, "Put it on the hold shelf for Ben Okafor, until 2026-03-10 23:59."),
        ("en", "", "Put it on the hold shelf for Ben Okafor."),
        ("de", UNTIL, "Bitte ins Abholregal für Ben Okafor, bis 2026-03-10 23:59."),
        ("fr", UNTIL, "À mettre de côté pour Ben Okafor, jusqu'au 2026-03-10 23:59."),
        ("es", "", "Apártelo para Ben Okafor."),
    ],
)
def test_a_sentence_leaves_out_what_nobody_knows(language, until, sentence) -> None:
    """Where the library lets holds wait for ever, the slip names no day, and no blank in its place."""
    reason = reasons.ITEM_FOR_HOLD(patron="Ben Okafor", until=until)
    assert sentence == Words(language, BERLIN).text(reason)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_a_patron_who_owes_is_told_in_money(language) -> None:
    """Not in the smallest unit of the currency."""
    reason = HAS_BALANCE(balance=Money(300, "EUR"))
    assert "3.00 EUR." in Words(language, BERLIN).text(reason)


def test_a_scan_that_names_nothing_is_told_in_the_language_of_the_desk() -> None:
    """A card scanned where an item belongs is the most common slip at a desk; what is wrong with it stands apart."""
    told = ITEM_UNKNOWN(barcode="21234000000017", looks_like="a patron's card", problem="")
    assert "Kein Exemplar hat den Barcode 21234000000017. Er sieht aus wie: ein Ausweis." == Words("de", UTC).text(told)
    wrong = ITEM_UNKNOWN(barcode="31234000000014", looks_like="an item's barcode", problem="the last digit should be 3")
    assert Words("en", UTC).text(wrong).endswith("It looks like an item's barcode (the last digit should be 3).")
