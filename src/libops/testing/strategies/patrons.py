"""Hypothesis strategies for patrons: people of three categories, some of them blocked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from libops.base.ids import PatronId
from libops.patrons.model import Action, Block, HistoryConsent, Patron
from libops.testing.strategies.base import patron_barcodes
from libops.testing.strategies.items import LIBRARIES

__all__ = ["blocks", "patrons"]

NAMES = ("Ada Flores", "Ben Okafor", "Clara Lindqvist", "Mendoza, Rosa", "Ångström, Søren", "山田 花子", "O'Brien, Mái")
PLACED = datetime(2026, 3, 2, 9, tzinfo=UTC)


def blocks() -> st.SearchStrategy[Block]:
    """Restrictions of some days, or until somebody lifts them."""
    return st.builds(
        Block,
        id=st.integers(1, 99).map(lambda number: f"block-{number:02}"),
        note=st.sampled_from(("left without the desk", "card reported lost", "damaged a laptop")),
        placed_at=st.just(PLACED),
        placed_by=st.sampled_from(("ruth", "tom")),
        actions=st.lists(st.sampled_from(Action), min_size=1, unique=True).map(tuple),
        until=st.none() | st.integers(0, 60).map(lambda days: PLACED + timedelta(days=days)),
    )


def patrons() -> st.SearchStrategy[Patron]:
    """Patrons with and without a card, an address, a birthday and an end of their registration."""
    return st.builds(
        Patron,
        id=st.integers(1, 999).map(lambda number: PatronId(f"patron-{number:03}")),
        name=st.sampled_from(NAMES),
        category=st.sampled_from(("adult", "child", "staff")),
        home_library=st.sampled_from(LIBRARIES),
        card=st.none() | patron_barcodes(),
        expires=st.none() | st.dates(date(2025, 1, 1), date(2027, 12, 31)),
        birth_date=st.none() | st.dates(date(1930, 1, 1), date(2024, 12, 31)),
        email=st.sampled_from(("", "ada@example.org")),
        language=st.sampled_from(("", "en", "de", "fr", "es", "pt-BR")),
        channels=st.lists(st.sampled_from(("email", "sms", "letter")), unique=True).map(tuple),
        blocks=st.lists(blocks(), max_size=2, unique_by=lambda block: block.id).map(tuple),
        history=st.sampled_from(HistoryConsent),
        bad_address=st.booleans(),
        renews_automatically=st.booleans(),
    )
