"""What a library hands over shows itself, at a prompt and in a notebook."""

from __future__ import annotations

import pytest

import libops
from libops.base.errors import InvalidValue

CARD = "21234000000017"


@pytest.fixture
def ops():
    with libops.open() as opened:
        assert opened.patrons.register(name="Flores, <Ada>", category="adult", card=CARD)
        yield opened


def test_a_library_says_which_it_is(ops) -> None:
    """Its code, its name and the settings it works by; not an address in the memory of a machine."""
    assert f"<Operations at MAIN, 'Town library', settings {ops.settings.version}>" == repr(ops)
    assert "Adult (adult)" in ops.settings._repr_html_()
    assert {"circulation", "holds", "fees", "settings", "run_due"} <= set(dir(ops))
    assert set() == {"shell", "announcer", "registry"} & set(dir(ops))


def test_an_account_is_a_card(ops) -> None:
    """Line by line, with the balance; a receipt escapes what a patron is called."""
    from libops.fees import Cause

    assert ops.fees.charge(patron=CARD, amount=libops.Money(250, "EUR"), cause=Cause.DAMAGE)
    assert "Balance 2.50 EUR" in ops.fees.statement(CARD)._repr_html_()
    paid = ops.fees.pay(patron=CARD, amount=libops.Money(250, "EUR"))
    assert "Flores, &lt;Ada&gt;" in paid._repr_html_()


def test_a_word_in_place_of_an_option_is_told_the_options(ops) -> None:
    """And where they are imported from."""
    with pytest.raises(InvalidValue, match=r"give Cause\.OVERDUE, .* \(from libops\.fees import Cause\)"):
        ops.fees.charge(patron=CARD, amount=libops.Money(250, "EUR"), cause="damage")
