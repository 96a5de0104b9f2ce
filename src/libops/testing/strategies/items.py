"""Hypothesis strategies for items: books, discs and tools of a town with two libraries."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from libops.base.ids import BibId, ItemId, LibraryCode
from libops.base.money import Money
from libops.items.model import Item
from libops.testing.strategies.base import item_barcodes

__all__ = ["LIBRARIES", "items"]

LIBRARIES = (LibraryCode("MAIN"), LibraryCode("EAST"))
ITEM_TYPES = ("book", "media", "magazine", "reference", "equipment")
SHELVES = (("813.6 M32", "ddc"), ("QA76.73 .P98 L88 2001", "lcc"), ("DVD 114", "local"), ("", ""))
SINCE = datetime(2015, 1, 1, tzinfo=UTC)


def items() -> st.SearchStrategy[Item]:
    """Items as a shelf has them: most may go out, some are damaged, missing, hidden or withdrawn."""
    rarely = st.sampled_from((None, None, None, SINCE))
    return st.builds(
        lambda shelf, **fields: Item(call_number=shelf[0], call_number_scheme=shelf[1], **fields),
        shelf=st.sampled_from(SHELVES),
        id=st.integers(1, 999).map(lambda number: ItemId(f"item-{number:03}")),
        bib_id=st.integers(1, 99).map(lambda number: BibId(f"bib-{number:02}")),
        home_library=st.sampled_from(LIBRARIES),
        holding_library=st.sampled_from(LIBRARIES),
        barcode=st.none() | item_barcodes(),
        item_type=st.sampled_from(ITEM_TYPES),
        price=st.none() | st.integers(100, 20_000).map(lambda cents: Money(cents, "EUR")),
        pieces=st.integers(1, 4),
        acquired=st.none() | st.dates(date(1990, 1, 1), date(2026, 3, 1)),
        age_restriction=st.sampled_from((None, None, 0, 12, 18)),
        damaged=st.booleans(),
        not_for_loan=st.sampled_from(("", "", "", "reading room")),
        suppressed=st.booleans(),
        withdrawn_at=rarely,
        missing_since=rarely,
    )
