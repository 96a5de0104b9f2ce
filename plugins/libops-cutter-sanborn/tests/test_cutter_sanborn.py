"""Author numbers of the Cutter-Sanborn table, alone and fitted to a shelf."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libops.classification import ddc
from libops.classification.cutter import Shelved, fit
from libops.testing.contracts import FormatContract
from libops_cutter_sanborn import libops_formats, suggest


class TestCutterSanborn(FormatContract):
    plugins = ("libops_cutter_sanborn",)
    name = "cutter_sanborn"
    kind = "cutter"

    def examples(self):
        return [(("Dickens, Charles",), "D548"), (("Borges, Jorge Luis",), "B732"), (("Чехов",), "")]


@pytest.mark.parametrize(("heading", "number"), [("Dickens, Charles", "D548"), ("Borges, Jorge Luis", "B732")])
def test_numbers_of_the_table(heading: str, number: str) -> None:
    """Dickens is D548 and Borges B732 in every library that uses the table."""
    assert number == suggest(heading)
    assert number == suggest(heading.upper())


def test_work_mark_is_the_title_without_its_article() -> None:
    """Books of one author stand by title: o for Oliver Twist, p for The Pickwick papers."""
    assert suggest("Dickens, Charles", title="Oliver Twist") == "D548o"
    assert suggest("Dickens, Charles", title="The Pickwick papers") == "D548p"
    assert suggest("Dumas, Alexandre", title="La reine Margot", articles=("la", "le", "les"))[-1] == "r"
    assert suggest("Dickens, Charles", title="The")[-1] == "t"


def test_diacritics_and_other_scripts() -> None:
    """Čapek is found as Capek; a Cyrillic heading must be transliterated first."""
    assert suggest("Čapek, Karel") == suggest("Capek, Karel")
    assert suggest("Чехов") == suggest("1984") == suggest("") == ""


def test_a_number_is_fitted_to_the_shelf() -> None:
    """Where the table's number is taken by a neighbor, one between the two is found."""
    shelf = [Shelved("Dickens", "D548"), Shelved("Dickinson", "D549")]
    chosen = fit("Dickenson", shelf, suggesting=suggest)
    keys = [ddc.sort_key(f"823.8 {number}") for number in ("D548", chosen.cutter, "D549")]
    assert keys == sorted(set(keys))


def test_it_is_handed_over_as_a_format() -> None:
    """A host finds it by kind and name."""
    assert [(one.kind, one.name, one.provider) for one in libops_formats()] == [("cutter", "cutter_sanborn", suggest)]


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_heading_is_answered(heading: str, title: str) -> None:
    """Odd headings get an empty number or a usable one, never an error."""
    number = suggest(heading, title=title)
    assert number == "" or number[0].isalpha()
    assert number.isascii()
