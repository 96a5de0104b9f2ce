"""Every policy that settings can hold comes back from its canonical form unchanged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, NewType, get_args, get_origin, get_type_hints

import attrs
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from libops.base.calendars import Hours, SpecialDays
from libops.base.errors import InvalidValue
from libops.base.money import Money
from libops.base.periods import Period
from libops.circulation.policy.due import DueTerms
from libops.circulation.policy.limits import LimitPolicy
from libops.circulation.policy.rules import AgeRange, CircRule, Criterion
from libops.circulation.policy.terms import LoanPolicy
from libops.desk.settings.loading import ItemType, Library, PatronCategory
from libops.fees.policy import AccountPolicy, FinePolicy, LostPolicy, SuspensionPolicy
from libops.testing.strategies.base import periods
from libops.wire.plain import from_plain, to_plain

HOURS = st.sampled_from((Hours.parse("09:00-12:30"), Hours.parse("20:00-02:00"), Hours.parse("00:00-24:00")))
TEXT = st.sampled_from(("", "adult", "none of these", "süd"))
KNOWN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(0, 99),
    bool: st.booleans(),
    Decimal: st.decimals(0, 200, places=2),
    date: st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    time: st.times().map(lambda clock: clock.replace(fold=0)),
    Period: periods(longest=90),
    Money: st.builds(Money, st.integers(0, 9_999), st.just("EUR")),
    Criterion: st.builds(Criterion, st.sampled_from(((), ("dvd",), ("dvd", "game")))),
    AgeRange: st.sampled_from((AgeRange(0, 11), AgeRange(12, 17), AgeRange(65))),
    tuple[Hours, ...]: HOURS.map(lambda hours: (hours,)) | st.just(()),
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a field, by its type."""
    while isinstance(hint, NewType):
        hint = hint.__supertype__
    if hint in KNOWN:
        return KNOWN[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    if hint is NoneType:
        return st.none()
    if attrs.has(hint):
        return made(hint)
    if get_origin(hint) is tuple:
        return st.lists(values(get_args(hint)[0]), max_size=2, unique_by=repr).map(tuple)
    if isinstance(origin := get_origin(hint), type) and issubclass(origin, Mapping):
        return st.dictionaries(*map(values, get_args(hint)), max_size=2)
    return st.one_of(*map(values, get_args(hint)))


@st.composite
def made(draw: st.DrawFn, kind: type) -> Any:
    """Values of a class, each field left out or drawn; what the class itself refuses is not one."""
    hints = get_type_hints(kind)
    fields = {}
    for field in attrs.fields(kind):
        if field.init and (field.default is attrs.NOTHING or draw(st.booleans())):
            fields[field.name] = draw(values(hints[field.name]))
    try:
        return kind(**fields)
    except InvalidValue:
        reject()


@pytest.mark.parametrize(
    "kind",
    [
        AccountPolicy,
        CircRule,
        DueTerms,
        FinePolicy,
        ItemType,
        Library,
        LimitPolicy,
        LoanPolicy,
        LostPolicy,
        PatronCategory,
        SpecialDays,
        SuspensionPolicy,
    ],
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_written_is_what_is_read(kind: type, data: st.DataObject) -> None:
    """Unset, empty and 0 stay apart, options keep their names, and the canonical form is plain data."""
    value = data.draw(made(kind))
    plain = to_plain(value)
    assert plain == json.loads(json.dumps(plain))
    assert value == from_plain(plain, kind)


def test_a_policy_of_defaults_is_empty() -> None:
    """What equals its default is not written."""
    assert {} == to_plain(LimitPolicy())
