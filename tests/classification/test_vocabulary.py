"""Shelving by an ordered list of headings, as a scheme beside the others."""

from __future__ import annotations

import pytest
from hypothesis import given

from libops.base.errors import InvalidValue
from libops.classification import SCHEMES, CallNumber, detect, sort_key
from libops.classification.vocabulary import ordered_scheme
from libops.testing.strategies.classification import odd_numbers

GENRES = ordered_scheme("genre", "Fiction sections", ["Mystery", "Mystery, cozy", "Romance", "FIC028000", "Manga"])
WITH_GENRES = SCHEMES.plus(GENRES)


def test_headings_stand_in_the_order_of_the_list_then_by_author() -> None:
    """The list decides, not the alphabet: Manga comes last; the longer heading is meant when it fits."""
    shelf = [
        "Mystery CHR",
        "Mystery SAY",
        "mystery, cozy BEA",
        "Romance HEY",
        "fic028000 LEG",
        "Manga TOR v.2",
        "Manga TOR v.10",
    ]
    assert sorted(sorted(shelf), key=GENRES.sort_key) == shelf


def test_a_heading_must_end_where_a_word_ends() -> None:
    """`Mangrove` is no Manga: it files last, with a warning."""
    odd = GENRES.parse("Mangrove swamps")
    assert odd.warnings == ("'Mangrove swamps' begins with no heading of the list: it files last",)
    assert odd.sort_key > GENRES.sort_key("Manga ZZZ")


def test_a_librarys_own_scheme_files_and_is_recognized_like_the_others() -> None:
    """A set of schemes with one more is a value; the built-in set does not change."""
    first, second = CallNumber("genre", "Romance HEY", prefix="LP"), CallNumber("genre", "Manga TOR")
    assert sort_key(second, schemes=WITH_GENRES) < sort_key(first, schemes=WITH_GENRES)
    assert detect("Romance HEY", schemes=WITH_GENRES).best.scheme == "genre"
    assert SCHEMES.find("genre") is None
    assert GENRES.sort_key("Manga") in GENRES.range("Romance", "Manga")


@pytest.mark.parametrize("wrong", [["Manga", "manga"], ["Manga", " "]])
def test_a_heading_has_one_place(wrong: list[str]) -> None:
    """A list with a heading twice, or an empty one, is refused."""
    with pytest.raises(InvalidValue, match="empty or listed twice"):
        ordered_scheme("genre", "Fiction sections", wrong)


@given(odd_numbers())
def test_any_text_keeps_a_place(text: str) -> None:
    """Nothing is too odd to stand somewhere."""
    key = GENRES.sort_key(text)
    assert key.isascii()
    assert bool(key) == bool(text.strip())
