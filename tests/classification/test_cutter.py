"""Cutter numbers by the LC table (G 63) and fitted to a shelflist."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from libops.classification import lcc
from libops.classification.cutter import CutterChoice, Shelved, fit, heading_key, lc_table, suggest

PRINTED = [
    ("IBM", "I26"), ("Idaho", "I33"), ("Inman", "I56"), ("Ipswich", "I67"), ("Ito", "I86"),
    ("Sadron", "S23"), ("Schreiber", "S37"), ("Stinson", "S75"),
    ("Suryani", "S87"), ("Symposium", "S96"),
    ("Quade", "Q33"), ("Queiroz", "Q45"), ("Quinn", "Q56"), ("Quorum", "Q67"), ("Qutub", "Q88"),
    ("Campbell", "C36"), ("Ceccaldi", "C43"), ("Cobblestone", "C63"), ("Cryer", "C79"), ("Cuellar", "C84"),
    ("Cymbal", "C96"),
]  # fmt: skip


@pytest.mark.parametrize(("heading", "number"), PRINTED)
def test_table_gives_the_examples_printed_in_the_manual(heading: str, number: str) -> None:
    """Examples of G 63 that the plain table gives; the others of the manual were adjusted to a shelflist."""
    assert number == suggest(heading)


@pytest.mark.parametrize(
    ("heading", "first"),
    [
        ("Ilardo", "I4"),
        ("Import", "I4"),
        ("Ivy", "I9"),
        ("Young", "Y6"),
        ("Yasinitsky", "Y3"),
        ("Shillingburg", "S5"),
        ("Singer", "S5"),
    ],
)
def test_table_gives_the_first_figure_of_adjusted_examples(heading: str, first: str) -> None:
    """Where LC adjusted the second figure, the first still follows the table; Y counts as a consonant."""
    assert first == suggest(heading, figures=1)


def test_numerals_stand_before_letters() -> None:
    """Titles that begin with a numeral take A12 to A19, before every heading with A."""
    assert suggest("1984") == "A12"
    assert suggest("99 stories") == "A19"
    assert suggest("1984") < suggest("Aaron")
    assert suggest("") == suggest("?!") == ""


def test_diacritics_do_not_matter() -> None:
    """Čapek and Capek take the same number."""
    assert suggest("Čapek") == suggest("Capek") == suggest("ČAPEK")


def test_another_table_is_data() -> None:
    """An older expansion table is still in use and gives other figures."""
    older = evolve(lc_table(), further=(("A", 2), ("E", 3), ("I", 4), ("M", 5), ("N", 6), ("R", 7), ("U", 8), ("X", 9)))
    assert suggest("Inman") == "I56"
    assert suggest("Inman", table=older) == "I55"


def test_a_suggestion_that_fits_is_kept() -> None:
    """Nobody moves books for a new one: the table's number, when the place is free."""
    shelf = [Shelved("Carter", ".C37"), Shelved("Cook", ".C66")]
    assert fit("Clark", shelf) == CutterChoice("C53", "C53", shelf[0], shelf[1])


def test_a_taken_number_is_lengthened() -> None:
    """Cannon comes after Campbell C36 and before Carter C37."""
    shelf = [Shelved("Campbell", "C36"), Shelved("Carter", "C37")]
    chosen = fit("Cannon", shelf)
    assert chosen.suggested == "C36"
    assert "C36" < chosen.cutter < "C37"


def test_one_author_has_one_number() -> None:
    """Another book by the same author takes the number the author has."""
    chosen = fit("Campbell", [Shelved("Campbell", "C36"), Shelved("Carter", "C37")])
    assert (chosen.cutter, chosen.shared) == ("C36", True)


def test_a_shelf_out_of_order_is_reported() -> None:
    """Where the neighbors stand the wrong way round no number fits; a person must look."""
    chosen = fit("Cannon", [Shelved("Campbell", "C5"), Shelved("Carter", "C37")])
    assert chosen.cutter > "C5"
    assert chosen.warnings == ("Campbell C5 does not stand before Carter C37: fitted after the first",)


@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=9), min_size=1, max_size=40, unique=True))
def test_a_shelf_fitted_one_by_one_stays_in_order(headings: list[str]) -> None:
    """However books arrive, numbers stay in the order of headings and end neither in 0 nor 1."""
    shelf: list[Shelved] = []
    for heading in headings:
        chosen = fit(heading, shelf)
        assert chosen.warnings == ()
        assert chosen.cutter[-1] not in "01"
        shelf.append(Shelved(heading, chosen.cutter))
    by_heading = sorted(shelf, key=lambda entry: heading_key(entry.heading))
    numbers = [lcc.sort_key(f"PS3553 .{entry.cutter}") for entry in by_heading]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == len(numbers)
