"""A stretch of shelf written in one text: two call numbers and what parts them, or one number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libops.base.errors import InvalidValue
from libops.classification import SCHEMES
from libops.testing.strategies.classification import call_numbers


def scheme(name):
    return SCHEMES.filing(name)


@pytest.mark.parametrize(
    ("name", "text", "low", "high"),
    [
        ("ddc", "500-599", "500", "599"),
        ("ddc", " 500 - 599 ", "500", "599"),
        ("ddc", "500..599", "500", "599"),
        ("ddc", "500–599", "500", "599"),
        ("ddc", "J 500-J 599", "J 500", "J 599"),
        ("ddc", "FIC A-FIC M", "FIC A", "FIC M"),
        ("ddc", "808.831 SCI-FI-808.839", "808.831 SCI-FI", "808.839"),
        ("ddc", "808.831 SCI-FI - 808.839", "808.831 SCI-FI", "808.839"),
        ("ddc", "780-781 ROCK-POP", "780", "781 ROCK-POP"),
        ("lcc", "QA75-QA76.9", "QA75", "QA76.9"),
        ("lcc", "QA76.73.C-15-QA76.9", "QA76.73.C-15", "QA76.9"),
        ("lcc", "QA76.73.C-15 .. QA76.73.P-98", "QA76.73.C-15", "QA76.73.P-98"),
        ("udc", "53-055.2-54-055.2", "53-055.2", "54-055.2"),
        ("local", "SF-KAL-SF-MUS", "SF-KAL", "SF-MUS"),
        ("local", "2024-0173-2024-0200", "2024-0173", "2024-0200"),
        ("local", "DVD 97-DVD 1042", "DVD 97", "DVD 1042"),
        ("local", "A-KAL .. B-MUS", "A-KAL", "B-MUS"),
        ("local", "A - KAL .. A - MUS", "A - KAL", "A - MUS"),
        ("local", "SF-KAL .. SF-KAL", "SF-KAL", "SF-KAL"),
    ],
)
def test_a_stretch_parts_two_numbers_with_hyphens_or_without(name, text, low, high) -> None:
    """A call number that has a hyphen can begin and end a stretch as any other."""
    assert scheme(name).range(low, high) == scheme(name).stretch(text)


@pytest.mark.parametrize(("name", "text"), [("ddc", "595"), ("lcc", "QA76.73"), ("local", "DVD 97")])
def test_one_number_is_all_that_it_covers(name, text) -> None:
    """As in a range without an end."""
    assert scheme(name).range(text) == scheme(name).stretch(text)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("ddc", "599-500", "runs backward.* files first first"),
        ("ddc", "599 .. 500", "runs backward"),
        ("local", "SF-KAL", r"'SF-KAL' alone is written 'SF-KAL \.\. SF-KAL'"),
        ("ddc", "808.831 SCI-FI", "no hyphen between two numbers"),
        ("local", "A-KAL-B-MUS", "more than one hyphen"),
        ("ddc", "500-550-599", "more than one hyphen"),
        ("ddc", "500 .. 550 .. 599", "on each side of one"),
        ("ddc", "500 ..", "on each side of one"),
        ("ddc", "500-", "on each side of the hyphen"),
        ("ddc", "-599", "on each side of the hyphen"),
        ("ddc", "500 - 550 - 599", "on each side of one"),
    ],
)
def test_a_stretch_that_is_not_clear_is_refused(name, text, told) -> None:
    """Another part of the shelf than was meant would be counted or weeded: the error says how to write both."""
    with pytest.raises(InvalidValue, match=told):
        scheme(name).stretch(text)


@given(st.data())
def test_any_two_numbers_make_a_stretch_with_dots_between(data) -> None:
    """Whatever is in them, as long as no dots follow each other and the first files first."""
    one, other = (
        data.draw(call_numbers().filter(lambda number: number.text.strip() and ".." not in f" {number.text}."))
        for _ in range(2)
    )
    filing = scheme(one.scheme)
    low, high = sorted((one.text.strip(), other.text.strip()), key=filing.sort_key)
    try:
        expected = filing.range(low, high)
    except InvalidValue:
        return
    assert expected == filing.stretch(f"{low} .. {high}")
