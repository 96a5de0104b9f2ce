"""How single values are written in settings: text, numbers, periods, money, dates, times, hours, named options.

Each reader raises `InvalidValue` that shows the value and what would be right.

>>> reads_period("3 weeks"), reads_money({"amount": "0.25", "currency": "EUR"})
(Period(amount=3, unit=<Unit.WEEKS: 'weeks'>), Money(25, 'EUR'))
>>> nearest("studnet", ["adult", "student"])
"did you mean 'student'?"
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import Enum
from types import UnionType
from typing import Any, Final, NewType, Union, get_args, get_origin

from libops.base.calendars import Hours
from libops.base.calendars.hours import as_hours
from libops.base.errors import InvalidValue
from libops.base.money import Money
from libops.base.periods import Period

__all__ = [
    "READERS",
    "WRITERS",
    "Reader",
    "base_type",
    "is_enum",
    "is_exact_number",
    "nearest",
    "reads_enum",
    "reads_exact_number",
    "reads_hours",
]

Reader = Callable[[Any], Any]


def nearest(wrong: str, known: list[str]) -> str:
    """A hint such as `did you mean 'student'?`, or the list of what is known."""
    from difflib import get_close_matches

    close = get_close_matches(wrong, known, 1, 0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"known are: {', '.join(known)}" if known else "none is known"


def base_type(kind: Any) -> Any:
    """The type below a `NewType`."""
    while isinstance(kind, NewType):
        kind = kind.__supertype__
    return kind


def is_enum(kind: Any) -> bool:
    """Whether the type is a set of named options."""
    return isinstance(kind, type) and issubclass(kind, Enum)


def is_exact_number(kind: Any) -> bool:
    """Whether the type is a number without rounding: whole or decimal."""
    return get_origin(kind) in (Union, UnionType) and set(get_args(kind)) == {int, Decimal}


def reads_exact_number(value: Any) -> int | Decimal:
    """A whole number or a decimal one; 12.5 is read as it is written."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return value
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise InvalidValue(f"{value!r} is not a number: write it as 12.5") from None


def writes_exact_number(value: Decimal) -> str:
    return format(value.normalize(), "f")


def reads_text(value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidValue(f"{value!r} is not text: put it in quotes")
    return value


def reads_integer(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidValue(f"{value!r} is not a whole number: write it without quotes, such as 3")
    return value


def reads_number(value: Any) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise InvalidValue(f"{value!r} is not a number: write it without quotes, such as 1.5")
    return float(value)


def reads_yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidValue(f"{value!r} is not true or false: write one of these, without quotes")
    return value


def reads_period(value: Any) -> Period:
    if isinstance(value, Period):
        return value
    return Period.parse(value if isinstance(value, str) else f"{value}")


def reads_money(value: Any) -> Money:
    if isinstance(value, Money):
        return value
    if isinstance(value, Mapping) and value.keys() == {"amount", "currency"}:
        return Money.parse(f"{value['amount']} {value['currency']}")
    if not isinstance(value, str):
        raise InvalidValue(f"{value!r} is not an amount of money: write it as '0.25 EUR'")
    return Money.parse(value)


def reads_date(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (ValueError, TypeError):
        raise InvalidValue(f"{value!r} is not a date: write it as 2026-12-24") from None


def reads_time(value: Any) -> time:
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(value)
    except (ValueError, TypeError):
        raise InvalidValue(f"{value!r} is not a time of day: write it as '23:59'") from None


def reads_enum(kind: Any) -> Reader:
    """A reader for one of the named options."""

    def read(value: Any) -> Any:
        if isinstance(value, kind):
            return value
        known = {str(member.value): member for member in kind}
        found = known.get(value) if isinstance(value, str) else None
        if found is None:
            hint = nearest(str(value), list(known))
            raise InvalidValue(f"{value!r} is not one of the options; {hint}")
        return found

    return read


def reads_hours(value: Any) -> tuple[Hours, ...]:
    """The opening hours of one day."""
    if not isinstance(value, (str, list, tuple)):
        raise InvalidValue(f"{value!r} is not a day's hours: write '09:00-12:30 14:00-18:00', or '' for closed")
    return as_hours(value)


def writes_time(clock: time) -> str:
    return clock.isoformat("auto" if clock.second or clock.microsecond else "minutes")


READERS: Final[Mapping[type, Reader]] = {
    str: reads_text,
    int: reads_integer,
    float: reads_number,
    bool: reads_yes_no,
    Period: reads_period,
    Money: reads_money,
    date: reads_date,
    time: reads_time,
}
WRITERS: Final[Mapping[type, Reader]] = {
    Period: str,
    Money: str,
    Decimal: writes_exact_number,
    date: date.isoformat,
    time: writes_time,
}
