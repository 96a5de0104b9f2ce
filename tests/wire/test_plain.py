"""Settings as plain data: what is written, what is wrong with it, and the canonical form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import NewType

import pytest
from attrs import field, frozen

from libops.base.calendars import WeeklyHours
from libops.base.errors import SettingsError
from libops.base.money import Money
from libops.base.periods import Period
from libops.wire.plain import from_plain, to_plain

Code = NewType("Code", str)


class Shelf(Enum):
    OPEN = "open"
    CLOSED = "closed-stacks"


@frozen(kw_only=True)
class Fee:
    amount: Money
    after: Period | None = None


@frozen(kw_only=True)
class Desk:
    code: Code
    shelf: Shelf = Shelf.OPEN
    limit: int | None = 5
    closes: time | None = time(18)
    since: date | None = None
    note: str | None = None
    fees: tuple[Fee, ...] = ()
    weekly: WeeklyHours = field(factory=WeeklyHours)


def problems(plain: object) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        from_plain(plain, Desk, name="desk")
    return caught.value.problems


def test_values_are_read_from_plain_text() -> None:
    """Periods, money, times and hours are written as people write them."""
    desk = from_plain(
        {
            "code": "MAIN",
            "shelf": "closed-stacks",
            "closes": "17:30",
            "since": "2026-01-02",
            "fees": [{"amount": "0.25 EUR", "after": "3 weeks"}, {"amount": {"amount": "1", "currency": "EUR"}}],
            "weekly": {"monday": "9:00-12:00 14:00-18:00"},
        },
        Desk,
    )
    assert (Shelf.CLOSED, time(17, 30), date(2026, 1, 2)) == (desk.shelf, desk.closes, desk.since)
    assert (Money(25, "EUR"), Money(100, "EUR")) == tuple(fee.amount for fee in desk.fees)
    assert Period.parse("3 weeks") == desk.fees[0].after
    assert 2 == len(desk.weekly.monday)


def test_unset_empty_and_zero_are_three_values() -> None:
    """Left out means the default, "none" means no value, 0 means none at all, and an empty text stays one."""
    desks = [from_plain({"code": "A", **more}, Desk) for more in ({}, {"limit": "none"}, {"limit": 0}, {"note": ""})]
    assert [5, None, 0, 5] == [desk.limit for desk in desks]
    assert [None, None, None, ""] == [desk.note for desk in desks]


def test_all_problems_at_once_each_with_its_path() -> None:
    """A settings file is corrected in one go."""
    assert (
        "desk.code: 5 is not text: put it in quotes",
        "desk.shelf: 'closed' is not one of the options; did you mean 'closed-stacks'?",
        "desk.limit: '7' is not a whole number: write it without quotes, such as 3",
        "desk.closes: 'late' is not a time of day: write it as '23:59'",
        "desk.since: 'Monday' is not a date: write it as 2026-12-24",
        "desk.fees[0].amount: 0.25 is not an amount of money: write it as '0.25 EUR'",
        "desk.fees[1].amount: is missing",
        "desk.weekly.mondy: unknown key; did you mean 'monday'?",
    ) == problems(
        {
            "code": 5,
            "shelf": "closed",
            "limit": "7",
            "closes": "late",
            "since": "Monday",
            "fees": [{"amount": 0.25}, {}],
            "weekly": {"mondy": "9:00-12:00"},
        }
    )


@pytest.mark.parametrize(
    ("plain", "problem"),
    [
        ({"code": "A", "fees": "0.25 EUR"}, "desk.fees: '0.25 EUR' is not a list: put it in brackets"),
        ({"code": "A", "fees": ["x"]}, "desk.fees[0]: 'x' is not a table: write its keys, such as amount, after"),
        ({"code": "A", "limit": True}, "desk.limit: True is not a whole number: write it without quotes, such as 3"),
        ("MAIN", "desk: 'MAIN' is not a table: write its keys, such as code, shelf, limit, closes"),
        ({"code": "A", "weekly": {"monday": "9-5"}}, "desk.weekly.monday: '9-5' is not a span of opening hours"),
        ({"code": "A", "fees": [{"amount": "1 EUR", "after": 3}]}, "desk.fees[0].after: '3' is not a period"),
    ],
)
def test_the_wrong_shape_is_told(plain: object, problem: str) -> None:
    """Each message shows the value and what would be right."""
    assert problems(plain)[0].startswith(problem)


def test_canonical_form_leaves_out_defaults_and_reads_back() -> None:
    """What equals its default is left out; a value set to nothing against its default is written as none."""
    plain = {"code": "A", "limit": "none", "fees": [{"amount": "0.25 EUR"}], "weekly": {"friday": "09:00-12:00"}}
    desk = from_plain(plain, Desk)
    assert plain == to_plain(desk)
    assert desk == from_plain(to_plain(desk), Desk)


class Cause(Enum):
    LOST = "lost"
    DAMAGED = "damaged"


@frozen(kw_only=True)
class Costs:
    fees: Mapping[Cause, Money] = field(factory=dict)
    percent: int | Decimal | None = None


def test_tables_by_named_option_and_exact_numbers() -> None:
    """A key of a table may be a named option; 12.5 percent are not rounded."""
    plain = {"fees": {"lost": "5.00 EUR"}, "percent": "12.5"}
    costs = from_plain({"fees": {"lost": "5.00 EUR"}, "percent": 12.5}, Costs)
    assert Costs(fees={Cause.LOST: Money(500, "EUR")}, percent=Decimal("12.5")) == costs
    assert plain == to_plain(costs)
    assert costs == from_plain(plain, Costs)
    with pytest.raises(SettingsError) as caught:
        from_plain({"fees": {"lsot": "5.00 EUR"}, "percent": "half"}, Costs, name="costs")
    assert (
        "costs.fees.lsot: 'lsot' is not one of the options; did you mean 'lost'?",
        "costs.percent: 'half' is not a number: write it as 12.5",
    ) == caught.value.problems
