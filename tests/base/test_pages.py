"""Tables of reports, as pages for people and for screen readers."""

from __future__ import annotations

from libops.base.pages import csv_text, html_table


def test_what_is_unknown_is_an_empty_cell_and_nought_is_a_number() -> None:
    """Unset, empty and 0 are three values: only numbers stand right, and nobody reads "None"."""
    row = ["Emma", None, 0]
    assert '<tr><td>Emma</td><td></td><td class="number">0</td></tr>' in html_table("Loans", [], [row])
    assert "Emma,,0" == csv_text(["title"], [row]).splitlines()[1]
