"""What a patron takes home is in the patron's language: receipts, statements and slips, as text and as HTML.

The language is chosen as for notices: the patron's, then the library's, then English. A slip that travels is in the
library's language, the one on the hold shelf in that of who waits.
"""

from __future__ import annotations

import re
import tomllib
from datetime import UTC
from importlib.resources import files

import pytest
from attrs import evolve

import libops
from libops.circulation.model import TransitReason
from libops.desk.receipts import Receipt
from libops.desk.words import in_english, languages, read_by
from libops.desk.words.printed import Printed
from libops.fees.model import Cause, LineKind
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.sample_library import sample_library

ADA, BEN = "21234000000017", "21234000000025"
BOOK, SPARE = "31234000000014", "31234000000022"
EVERY = ("en", "de", "fr", "es")


class Town:
    """The sample library with a branch, where Ada reads one language, Ben another, and the library has its own."""

    def __init__(self, ada: str, ben: str = "", library: str = "en") -> None:
        settings = tomllib.loads(files("libops.desk.settings").joinpath("default.toml").read_text(encoding="utf-8"))
        settings["libraries"]["EAST"] = {**settings["libraries"]["MAIN"], "name": "East branch"}
        self.clock = FrozenClock()
        self.ops = libops.open(settings=settings, clock=self.clock, ids=CountingIds(), language=library)
        sample_library(self.ops)
        for card, language in ((ADA, ada), (BEN, ben)):
            assert self.ops.patrons.change(card, language=language)

    def money(self) -> list[Receipt]:
        """A receipt of each act at the cash desk."""
        fees = self.ops.fees
        return [
            fees.charge(patron=ADA, amount="1234.50 EUR", cause=Cause.LOST_ITEM).result,
            fees.pay(patron=ADA, amount="1.00 EUR").result,
            fees.waive(patron=ADA, amount="1.00 EUR", why="a kind day").result,
            fees.write_off(patron=ADA, amount="1.00 EUR", why="too old").result,
            fees.transfer(patron=ADA, amount="1.00 EUR", to="bursar", why="a student").result,
            fees.credit(patron=ADA, amount="1.00 EUR", why="a mistake").result,
        ]

    def loans(self) -> list[Receipt]:
        """A receipt of each act with a loan."""
        desk, losses = self.ops.circulation, self.ops.losses
        lent = desk.check_out(patron=ADA, item=BOOK).result
        self.clock.forward(days=20)
        return [
            lent,
            desk.renew(item=BOOK).result,
            losses.claim_returned(BOOK).result,
            desk.check_in(item=BOOK).result,
        ]


@pytest.fixture
def town(request):
    made = Town(*getattr(request, "param", ("de",)))
    with made.ops:
        yield made


@pytest.mark.parametrize("town", [(language,) for language in EVERY], indirect=True, ids=EVERY)
def test_every_receipt_is_in_the_patrons_language(town) -> None:
    """Each label and each act by its word; no label in English is left on a receipt in another language."""
    language = town.ops.patrons.get(ADA).language
    words = Printed(language, town.ops.settings.calendar_of(town.ops.library).zone_info)
    english = {in_english()[f"receipt.{label}"] for label in ("library", "patron", "item", "due", "balance", "paid")}
    for receipt in (*town.loans(), *town.money()):
        labels = [label for label, _ in receipt.lines()]
        assert words.act(receipt.act) == labels[0]
        assert {words.report("receipt.library"), words.report("receipt.patron")} <= set(labels)
        assert language == "en" or not english & set(labels)
        assert f"<div lang='{language}' " in receipt.html()
        assert words.moment(receipt.at) in str(receipt)
        assert words.moment(receipt.at) in receipt.html()


@pytest.mark.parametrize(
    ("town", "said"),
    [
        (("en",), ["Checked out:   Tue 2026-03-03 11:00", "Due:           Tue 2026-03-31 23:59"]),
        (("de",), ["Ausgeliehen:   Di, 03.03.2026, 11:00 Uhr", "Rückgabe bis:  Di, 31.03.2026, 23:59 Uhr"]),
        (("fr",), ["Prêt :         mar. 03/03/2026 à 11h00", "À rendre le :  mar. 31/03/2026 à 23h59"]),
        (("es",), ["Préstamo:         mar 03/03/2026, 11:00 h", "Vence el:         mar 31/03/2026, 23:59 h"]),
    ],
    indirect=["town"],
    ids=EVERY,
)
def test_a_loan_in_each_language(town, said) -> None:
    """With the day of the week and the date as the language writes it; English has the form that all read alike."""
    text = str(town.ops.circulation.check_out(patron=ADA, item=BOOK).result)
    assert [] == [line for line in said if line not in text], text


@pytest.mark.parametrize(
    ("town", "line", "total"),
    [
        (("en",), "2026-03-03  charge: lost item       1,234.50 EUR  1,234.50 EUR", "balance 1,234.50 EUR"),
        (("de",), "03.03.2026  Gebühr: Verlust         1.234,50 EUR  1.234,50 EUR", "offen 1.234,50 EUR"),
        (("fr",), "03/03/2026  frais : document perdu  1 234,50 EUR  1 234,50 EUR", "solde dû 1 234,50 EUR"),
        (("es",), "03/03/2026  cargo: documento perdido 1.234,50 EUR  1.234,50 EUR", "saldo pendiente 1.234,50 EUR"),
    ],
    indirect=["town"],
    ids=EVERY,
)
def test_an_account_in_each_language(town, line, total) -> None:
    """The statement follows its patron, in words, dates and amounts."""
    assert town.ops.fees.charge(patron=ADA, amount="1234.50 EUR", cause=Cause.LOST_ITEM)
    statement = town.ops.fees.statement(ADA)
    assert f"{line}\n{total}" == str(statement).replace("\u202f", " ").replace("\xa0", " ")
    assert f"<div lang='{town.ops.patrons.get(ADA).language}' " in statement.html()
    assert statement.html() == statement._repr_html_()


@pytest.mark.parametrize("language", EVERY)
def test_slips_are_for_who_reads_them(language) -> None:
    """The slip on the hold shelf speaks to who waits, not to who returned the item or lent it."""
    town = Town("fr", language, "es")
    with town.ops as ops:
        assert ops.circulation.check_out(patron=ADA, item=BOOK)
        placed = ops.holds.place(patron=BEN, item=BOOK).result
        words = Printed(language, placed.zone)
        assert [words.act("hold_placed"), words.report("receipt.patron")] == [label for label, _ in placed.lines()[:2]]
        assert f"<div lang='{language}' " in placed.html()
        back = ops.circulation.check_in(item=BOOK).result
        slip = back.slip()
        assert ("fr", language) == (back.language, slip.language)
        assert (words.report("receipt.keep_until"), words.moment(back.keep_until)) == slip.lines[0]
        assert f"<div lang='{language}' " in slip.html()


@pytest.mark.parametrize(
    ("library", "heading", "why"),
    [
        ("en", "To EAST", ("Why", "hold")),
        ("de", "An EAST", ("Grund", "Vormerkung")),
        ("fr", "Pour EAST", ("Motif", "réservation")),
        ("es", "A EAST", ("Motivo", "reserva")),
    ],
)
def test_a_slip_for_the_way_is_in_the_librarys_language(library, heading, why) -> None:
    """Staff of another library read it, whatever the patrons speak; so is the slip for who fetches the item."""
    town = Town("fr", "es", library)
    with town.ops as ops:
        assert ops.holds.place(patron=BEN, item=SPARE, pickup="EAST")
        (line,) = ops.holds.pull_list()
        assert library == line.slip().language
        words = Printed(library, ops.settings.calendar_of(ops.library).zone_info)
        assert words.report("receipt.pull_for", library="EAST") == line.slip().heading
        slip = ops.circulation.check_in(item=SPARE).result.slip()
        assert (heading, why, library) == (slip.heading, slip.lines[-1], slip.language)
        assert words.report("receipt.called_off", library="EAST") in str(
            ops.transits.cancel(SPARE, why="found on its shelf").result
        )
        sent = ops.transits.send(SPARE, "EAST").result.slip()
        assert (heading, words.report("receipt.why.manual")) == (sent.heading, sent.lines[-1][1])


@pytest.mark.parametrize(
    ("patron", "library", "chosen"),
    [
        ("de", "fr", "de"),
        ("de-AT", "fr", "de"),
        ("pl", "fr", "fr"),
        ("", "fr", "fr"),
        ("", "en", "en"),
        ("pl", "pl", "en"),
    ],
)
def test_the_language_falls_back_as_for_notices(patron, library, chosen) -> None:
    """The patron's, without its country, then the library's, then English; notices choose the same."""
    assert chosen == read_by(patron, library)
    if library not in languages():
        return
    town = Town(patron, library=library)
    with town.ops as ops:
        receipt = ops.circulation.check_out(patron=ADA, item=BOOK).result
        kind = ops.notices.preview("check_out", language=patron or None)
        assert (chosen, chosen) == (receipt.language, kind.language)
        assert chosen == ops.circulation.check_in(item=BOOK).result.language
        assert library == ops.circulation.check_in(item=BOOK).result.language, "nobody had it: it is the library's"


@pytest.mark.parametrize("language", EVERY)
def test_every_language_has_every_word(language) -> None:
    """Each kind and cause of an account line has a word, and the week seven days."""
    words = Printed(language, UTC)
    shown = {each.value: words.line(each.value) for each in (*LineKind, *Cause)}
    assert len(shown) == sum(f"account.{value}" in in_english() for value in shown)
    assert 7 == len(set(words.report("receipt.weekdays").split()))
    assert "Own act" == words.act("own_act"), "an act of a plugin has its own name"


def test_every_act_with_a_receipt_has_a_word() -> None:
    """A new act of the desk needs its word on the receipt; so does each reason why an item travels."""
    desk = files("libops.desk")
    named = re.compile(r'(?:\.act|\.receipt|\.giving_up)\(\s*"(\w+)"')
    sources = ("circulation/desk", "circulation/losses", "fees/desk", "holds/desk")
    acts = {act for name in sources for act in named.findall(desk.joinpath(f"{name}.py").read_text(encoding="utf-8"))}
    assert {"check_out", "pay", "waive", "hold_placed", "pickup_changed", "declare_lost"} <= acts
    wanted = {f"receipt.act.{act}" for act in acts} | {f"receipt.why.{why.value}" for why in TransitReason}
    assert set() == wanted - in_english().keys(), "add it to src/libops/desk/english.toml and to each language"


def test_staff_can_print_it_in_another_language(town) -> None:
    """A receipt is a value: with another language it is the same receipt in other words."""
    receipt = town.ops.circulation.check_out(patron=ADA, item=BOOK).result
    assert "Rückgabe bis" in str(receipt)
    assert "Vence el" in str(evolve(receipt, language="es"))


@pytest.mark.parametrize(
    ("town", "noted", "paid"),
    [
        (("en",), "charge: other (a locker key)", ("How", "card")),
        (("de",), "Gebühr: Sonstiges (a locker key)", ("Zahlungsart", "Karte")),
        (("fr",), "frais : autre (a locker key)", ("Mode de paiement", "carte")),
        (("es",), "cargo: otro (a locker key)", ("Forma de pago", "tarjeta")),
    ],
    indirect=["town"],
    ids=EVERY,
)
def test_what_a_fee_was_for_and_how_it_was_paid_is_printed(town, noted, paid) -> None:
    """The note of a fee by hand stands on the statement, in print and as HTML; the receipt says how it was paid.

    A means that the words do not know is called as the desk calls it; why something was waived is for the staff.
    """
    fees = town.ops.fees
    assert fees.charge(patron=ADA, amount="5.00 EUR", note="a locker key")
    receipt = fees.pay(patron=ADA, amount="1.00 EUR", method="card").result
    assert paid in receipt.lines()
    assert "giro" in str(fees.pay(patron=ADA, amount="1.00 EUR", method="giro").result)
    assert fees.waive(patron=ADA, amount="1.00 EUR", why="a hard winter")
    shown = fees.statement(ADA)
    assert noted in str(shown)
    assert noted in shown.html()
    assert "a hard winter" not in str(shown)
    assert fees.credit(patron=ADA, amount="3.00 EUR", why="a mistake")
    handed_out = fees.pay_out(patron=ADA, amount="1.00 EUR", method="card").result
    assert paid in handed_out.lines()
