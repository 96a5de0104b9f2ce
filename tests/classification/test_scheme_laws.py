"""What every scheme promises, checked on plausible and on odd numbers."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libops.classification import (
    SCHEMES,
    FilingPolicy,
    MultiLetterCutters,
    PartKind,
    RomanNumerals,
    Scheme,
    ShortClass,
    StampPlace,
    SudocLetters,
    SudocYears,
    ThematicNumbers,
    UdcRanges,
    VolumeOrder,
    WordAfterClass,
    WordAfterCutter,
    WorkMarks,
)
from libops.classification import lcc as lcc_module
from libops.testing.strategies.classification import numbers_of, odd_numbers

ALL = pytest.mark.parametrize("scheme", SCHEMES.by_code.values(), ids=lambda scheme: scheme.code)
CONTRARY = FilingPolicy(
    work_marks=WorkMarks.AFTER_CUTTER,
    word_after_cutter=WordAfterCutter.BEFORE_CUTTER,
    word_after_class=WordAfterClass.UNREADABLE,
    multi_letter_cutters=MultiLetterCutters.AS_WORD,
    thematic_numbers=ThematicNumbers.AS_CUTTER,
    volumes=VolumeOrder.NEWEST_FIRST,
    prefixes=StampPlace.SUFFIX,
    size_marks=StampPlace.OWN_SEQUENCE,
    sudoc_years=SudocYears.AS_NUMBERS,
    sudoc_letters=SudocLetters.AFTER_NUMBERS,
    udc_ranges=UdcRanges.BY_END,
    short_class=ShortClass.DECIMAL,
    roman_numerals=RomanNumerals.AS_LETTERS,
)
POLICIES = st.sampled_from([FilingPolicy(), CONTRARY])


def texts(scheme: Scheme) -> st.SearchStrategy[str]:
    return st.one_of(numbers_of(scheme.code), odd_numbers())


@ALL
@settings(max_examples=25)
@given(data=st.data(), policy=POLICIES)
def test_any_text_gets_an_ascii_key(scheme: Scheme, data: st.DataObject, policy: FilingPolicy) -> None:
    """No data are too odd to stand somewhere: a key, a printed form, label lines, and never an error."""
    text = data.draw(texts(scheme))
    key = scheme.sort_key(text, policy=policy)
    assert key.isascii()
    assert key == key.upper()
    assert key == scheme.parse(text, policy=policy).sort_key
    assert bool(key) == bool(text.strip())
    scheme.format(text, policy=policy)
    scheme.label_lines(text, policy=policy)
    scheme.recognize(text)


@ALL
@settings(max_examples=25)
@given(data=st.data(), policy=POLICIES)
def test_explanation_agrees_with_the_keys(scheme: Scheme, data: st.DataObject, policy: FilingPolicy) -> None:
    """What a trainee is told is what the shelf does."""
    a, b = data.draw(texts(scheme)), data.draw(texts(scheme))
    first, second = scheme.sort_key(a, policy=policy), scheme.sort_key(b, policy=policy)
    told = scheme.explain(a, b, policy=policy)
    assert (first > second) - (first < second) == told.order
    assert str(told)


@ALL
@settings(max_examples=25)
@given(data=st.data(), policy=POLICIES)
def test_printing_a_number_does_not_move_it(scheme: Scheme, data: st.DataObject, policy: FilingPolicy) -> None:
    """A number printed and cataloged again stands where it stood, and prints the same."""
    text = data.draw(numbers_of(scheme.code))
    printed = scheme.format(text, policy=policy)
    assert scheme.sort_key(text, policy=policy) == scheme.sort_key(printed, policy=policy)
    assert printed == scheme.format(printed, policy=policy)


@ALL
@settings(max_examples=25)
@given(data=st.data())
def test_case_and_spaces_do_not_matter(scheme: Scheme, data: st.DataObject) -> None:
    """Typists differ in capitals and in how many spaces they leave."""
    text = data.draw(numbers_of(scheme.code))
    key = scheme.sort_key(text)
    assert key == scheme.sort_key(text.upper())
    assert key == scheme.sort_key(text.lower())
    assert key == scheme.sort_key("  " + text.replace(" ", "   ") + "\t")


@given(text=numbers_of("lcc"))
def test_space_after_the_class_letters_does_not_matter(text: str) -> None:
    """`HF5549` and `HF 5549` are both in every catalog."""
    number = text.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    letters = text[: len(text) - len(number)]
    assert lcc_module.sort_key(text) == lcc_module.sort_key(f"{letters} {number}")


@ALL
@settings(max_examples=25)
@given(data=st.data())
def test_a_range_covers_what_begins_with_it(scheme: Scheme, data: st.DataObject) -> None:
    """Cut a number short after any part: the range of the short number covers the long one."""
    text = data.draw(numbers_of(scheme.code))
    number = scheme.parse(text)
    at = data.draw(st.integers(1, len(number.parts)))
    kept = number.parts[: at - 1] if number.parts[at - 1].kind is PartKind.SIMPLE else number.parts[:at]
    short = "".join(part.key for part in kept)
    assert number.sort_key in scheme.range(text)
    assert short <= number.sort_key < short + "~"


@ALL
@settings(max_examples=25)
@given(data=st.data())
def test_ends_of_a_range_are_inside_and_neighbors_outside(scheme: Scheme, data: st.DataObject) -> None:
    """Of three numbers in order, the range of the outer two covers the middle one."""
    low, middle, high = sorted(data.draw(st.tuples(*[numbers_of(scheme.code)] * 3)), key=scheme.sort_key)
    stretch = scheme.range(low, high) if scheme.covering_key(low) <= scheme.covering_key(high) else scheme.range(low)
    assert scheme.sort_key(low) in stretch
    if scheme.covering_key(low) <= scheme.covering_key(high):
        assert scheme.sort_key(middle) in stretch
        assert scheme.sort_key(high) in stretch


@pytest.mark.parametrize("code", ["lcc", "nlm", "ddc"])
@settings(max_examples=100)
@given(data=st.data(), policy=POLICIES)
def test_the_short_way_to_a_key_gives_the_same_key(code: str, data: st.DataObject, policy: FilingPolicy) -> None:
    """The commonest shape has a fast path; it must not be a second opinion."""
    scheme = SCHEMES.named(code)
    assert scheme.plain_key is not None
    text = data.draw(texts(scheme))
    quick = scheme.plain_key(text, policy)
    if quick is not None:
        assert quick == "".join(part[2] for part in scheme.scan(text, policy)[0])


@ALL
@pytest.mark.parametrize("piece", ["A", "A1", "1A ", "1.1", "((1", "v.", "a.", "1/"])
def test_long_damaged_text_is_read_in_one_pass(scheme: Scheme, piece: str) -> None:
    """A field of 20,000 characters run together must not hang an import: a backtracking reading would."""
    text = piece * (20_000 // len(piece))
    assert scheme.sort_key(text).isascii()
    assert scheme.sort_key("A 1 " + text).isascii()


@ALL
def test_a_backward_range_is_refused(scheme: Scheme) -> None:
    """A range written from Z to A is a mistake, not an empty shelf."""
    low, high = {
        "lcc": ("QA1", "QA9"),
        "ddc": ("500", "599"),
        "nlm": ("W 1", "WB 9"),
        "sudocs": ("A 1.2:", "A 1.10:"),
        "udc": ("51", "53"),
        "anscr": ("EC", "ES"),
        "local": ("DVD 2", "DVD 10"),
    }[scheme.code]
    with pytest.raises(ValueError, match="runs backward"):
        scheme.range(high, low)
    assert scheme.sort_key(high) in scheme.range(low, high)


def test_keys_are_a_total_order_across_schemes() -> None:
    """Keys are text: a shelf of several schemes still sorts one way only."""
    keys = [scheme.sort_key(text) for scheme in SCHEMES.by_code.values() for text in ("QA76 .A1", "510 A1", "A 1.2:3")]
    for a, b in itertools.pairwise(sorted(keys)):
        assert a <= b
