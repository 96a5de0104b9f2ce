"""Money: whole minor units of one currency (ISO 4217), so that no cent is ever lost to a fraction.

An amount is counted in the smallest unit of its currency: cents for EUR, yen for JPY (which has none), fils for KWD.
Amounts of two currencies never meet: adding or comparing them raises `InvalidValue` that shows both.

>>> Money.parse("0.25 EUR") * 3
Money(75, 'EUR')
>>> print(Money(1050, "KWD"), Money(500, "JPY"))
1.050 KWD 500 JPY
>>> Money(100, "EUR") + Money(100, "CHF")
Traceback (most recent call last):
  ...
libops.base.errors.InvalidValue: 1.00 EUR and 1.00 CHF are of two currencies: convert one of them first
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from enum import Enum
from typing import Final

from attrs import field, frozen

from libops.base.errors import InvalidValue

__all__ = ["Money", "Rounding", "minor_digits"]

# ISO 4217:2015, active currencies and funds by number of digits after the point.
CODES: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE
    CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG
    HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
    MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE
    SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW
    ZWG""",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
DIGITS: Final = {code: digits for digits, codes in CODES.items() for code in codes.split()}
WRITTEN: Final = re.compile(r"([+-]?)(\d+)(?:\.(\d+))? ([A-Z]{3})", re.ASCII)


class Rounding(Enum):
    """What happens to half a minor unit."""

    HALF_UP = "half-up"
    """Half a cent becomes a cent, away from zero: the commercial custom, and the default here."""
    HALF_EVEN = "half-even"
    """Half a cent goes to the even neighbor, so that many roundings cancel out: the bankers' custom."""


def minor_digits(currency: str) -> int:
    """How many digits the currency has after the point: 2 for EUR, 0 for JPY, 3 for KWD.

    Raises `InvalidValue` for a text that is no active ISO 4217 code.
    """
    try:
        return DIGITS[currency]
    except (KeyError, TypeError):
        raise InvalidValue(f"{currency!r} is no ISO 4217 currency: write three capital letters, such as EUR") from None


@frozen(order=False, repr=False)
class Money:
    """An amount in whole minor units of one currency; below zero it is owed the other way round.

    Zero is an amount like any other and is not false: ask `amount == 0`, so that "no cap" and "a cap of 0" stay two
    things. Raises `InvalidValue` for an amount that is not a whole number or an unknown currency.
    """

    amount: int = field()
    currency: str = field()

    def __attrs_post_init__(self) -> None:
        if type(self.amount) is not int:
            raise InvalidValue(f"{self.amount!r} is no whole number of minor units: 0.25 EUR is Money(25, 'EUR')")
        if self.currency not in DIGITS:
            minor_digits(self.currency)

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read an amount as people write it in settings: number, point, one space, currency code.

        >>> Money.parse("12.5 EUR")
        Money(1250, 'EUR')

        Raises `InvalidValue` for any other form and for more digits than the currency has.
        """
        found = WRITTEN.fullmatch(text)
        if found is None:
            raise InvalidValue(f"{text!r} is no amount of money: write it like 0.25 EUR")
        sign, whole, part, currency = found[1], found[2], found[3] or "", found[4]
        digits = minor_digits(currency)
        if len(part) > digits:
            raise InvalidValue(f"{text!r} is finer than {currency} can be: it has {digits} digits after the point")
        amount = int(whole + part.ljust(digits, "0"))
        return cls(-amount if sign == "-" else amount, currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in this currency."""
        return cls(0, currency)

    def format(self, *, point: str = ".", thousands: str = "", pattern: str = "{amount} {currency}") -> str:
        """The amount for people, with the point and the grouping of their language.

        >>> Money(123456, "EUR").format(point=",", thousands=".")
        '1.234,56 EUR'
        """
        digits = DIGITS[self.currency]
        whole, part = divmod(abs(self.amount), 10**digits)
        number = f"{whole:,}".replace(",", thousands)
        if digits:
            number = f"{number}{point}{part:0{digits}}"
        return pattern.format(amount=f"-{number}" if self.amount < 0 else number, currency=self.currency)

    def percent(self, rate: int | Decimal, *, rounding: Rounding = Rounding.HALF_UP) -> Money:
        """This percentage of the amount, rounded once to a minor unit, half of it as `rounding` says.

        >>> Money(250, "EUR").percent(5)
        Money(13, 'EUR')
        >>> Money(250, "EUR").percent(5, rounding=Rounding.HALF_EVEN)
        Money(12, 'EUR')
        """
        if not isinstance(rate, int | Decimal):
            raise InvalidValue(f"{rate!r} percent is not exact: give a whole number or a Decimal")
        mode = ROUND_HALF_UP if rounding is Rounding.HALF_UP else ROUND_HALF_EVEN
        exact = Decimal(self.amount) * rate / 100
        return Money(int(exact.to_integral_value(rounding=mode)), self.currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._minor_units_of(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._minor_units_of(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.amount * times, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._minor_units_of(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._minor_units_of(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._minor_units_of(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._minor_units_of(other)

    def __str__(self) -> str:
        return self.format()

    def __repr__(self) -> str:
        return f"Money({self.amount}, {self.currency!r})"

    def _minor_units_of(self, other: Money) -> int:
        if not isinstance(other, Money):
            raise InvalidValue(f"{other!r} is no amount of money: {self} goes only with Money")
        if other.currency != self.currency:
            raise InvalidValue(f"{self} and {other} are of two currencies: convert one of them first")
        return other.amount
