"""Money is counted in whole minor units, and two currencies never mix."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libops.base.errors import InvalidValue
from libops.base.money import Money, Rounding, minor_digits

amounts = st.integers(-(10**12), 10**12)
currencies = st.sampled_from(["EUR", "CHF", "JPY", "KWD", "CLF"])
moneys = st.builds(Money, amounts, currencies)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0.25 EUR", 25),
        ("12 EUR", 1200),
        ("12.5 EUR", 1250),
        ("-3.00 CHF", -300),
        ("500 JPY", 500),
        ("1.050 KWD", 1050),
    ],
)
def test_amount_in_settings_is_read_in_minor_units(text: str, amount: int) -> None:
    """ISO 4217: the number of digits after the point depends on the currency."""
    assert amount == Money.parse(text).amount


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0.25", "0.25 EUR"),
        ("EUR 0.25", "0.25 EUR"),
        ("0,25 EUR", "0.25 EUR"),
        ("1,000.00 EUR", "0.25 EUR"),
        ("0.255 EUR", "2 digits"),
        ("5.5 JPY", "0 digits"),
        ("5 EUX", "ISO 4217"),
        ("٥ EUR", "0.25 EUR"),
        ("", "0.25 EUR"),
    ],
)
def test_unreadable_amount_is_shown_with_what_would_be_right(text: str, said: str) -> None:
    """A wrong amount in a settings file is named, never guessed at."""
    with pytest.raises(InvalidValue, match=said):
        Money.parse(text)


@given(moneys)
def test_written_amount_reads_back(money: Money) -> None:
    """What a receipt shows can be typed in again."""
    assert money == Money.parse(str(money))


@given(moneys, moneys)
def test_two_currencies_never_mix(one: Money, other: Money) -> None:
    """Adding francs to euros is a mistake of the program, and both amounts are shown."""
    if one.currency == other.currency:
        assert one == one + other - other
        assert (one.amount < other.amount) == (one < other)
        assert (one.amount >= other.amount) == (one >= other)
    else:
        for act in (Money.__add__, Money.__sub__, Money.__lt__, Money.__le__, Money.__gt__, Money.__ge__):
            with pytest.raises(InvalidValue) as caught:
                act(one, other)
            assert str(one) in str(caught.value)
            assert str(other) in str(caught.value)


@pytest.mark.parametrize("wrong", [0.25, Decimal("0.25"), "25", True, None])
def test_fraction_of_a_cent_cannot_be_stored(wrong: object) -> None:
    """Amounts are whole minor units: a binary fraction would lose cents."""
    with pytest.raises(InvalidValue, match="whole number"):
        Money(wrong, "EUR")  # type: ignore[arg-type]


def test_unknown_currency_is_refused() -> None:
    """Only active ISO 4217 codes are money."""
    for wrong in ("eur", "EURO", "", "DEM"):
        with pytest.raises(InvalidValue, match="ISO 4217"):
            Money(1, wrong)
    with pytest.raises(InvalidValue, match="ISO 4217"):
        minor_digits("€")


def test_plain_number_is_not_money() -> None:
    """A number without a currency is never added to an account."""
    with pytest.raises(InvalidValue, match="goes only with Money"):
        Money(100, "EUR") + 5  # type: ignore[operator]


def test_half_a_cent_goes_up_or_to_the_even_neighbor() -> None:
    """5 % of 2.50 is 12.5 cents: 13 by commercial rounding, 12 by bankers' rounding."""
    assert Money(13, "EUR") == Money(250, "EUR").percent(5)
    assert Money(12, "EUR") == Money(250, "EUR").percent(5, rounding=Rounding.HALF_EVEN)
    assert Money(14, "EUR") == Money(270, "EUR").percent(5, rounding=Rounding.HALF_EVEN)
    assert Money(-13, "EUR") == Money(-250, "EUR").percent(5)
    assert Money(125, "EUR") == Money(1000, "EUR").percent(Decimal("12.5"))


def test_percentage_is_exact() -> None:
    """A binary fraction as percentage is refused, since 12.1 is not exactly 12.1 in it."""
    with pytest.raises(InvalidValue, match="not exact"):
        Money(100, "EUR").percent(12.1)  # type: ignore[arg-type]


def test_zero_is_not_nothing() -> None:
    """A cap of 0 is a cap; only None is no cap."""
    assert bool(Money.zero("EUR")) is True
    assert Money(0, "EUR") == Money.parse("0 EUR")


@pytest.mark.parametrize(
    ("money", "shown"),
    [
        (Money(-5, "EUR"), "-0.05 EUR"),
        (Money(123456, "EUR"), "1234.56 EUR"),
        (Money(1050, "KWD"), "1.050 KWD"),
        (Money(1500, "JPY"), "1500 JPY"),
    ],
)
def test_amount_is_shown_with_the_digits_of_its_currency(money: Money, shown: str) -> None:
    """Yen have no cents, Kuwaiti dinars have 1000 fils."""
    assert shown == str(money)


def test_amount_follows_the_custom_of_the_reader() -> None:
    """A German receipt groups with points, an American one puts the sign first."""
    assert "1.234,56 EUR" == Money(123456, "EUR").format(point=",", thousands=".")
    assert "$1,234.56" == Money(123456, "USD").format(thousands=",", pattern="${amount}")
