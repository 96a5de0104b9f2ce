"""Hypothesis strategies for circulation: loans. Due dates have theirs in `due`, rules in `rules`, queues in `holds`."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from libops.base.ids import LoanId
from libops.circulation.model import Loan
from libops.testing.strategies.base import instants
from libops.testing.strategies.items import items
from libops.testing.strategies.patrons import patrons

__all__ = ["loans"]


@st.composite
def loans(draw: st.DrawFn) -> Loan:
    """Open loans of a patron's: of some hours, of some weeks, or without end; some renewed, recalled or lost."""
    item, patron, lent = draw(items()), draw(patrons()), draw(instants())
    since = st.none() | st.integers(0, 90).map(lambda days: lent + timedelta(days=days))
    renewals = draw(st.integers(0, 3))
    return Loan(
        id=LoanId(f"loan-{draw(st.integers(1, 999)):03}"),
        item_id=item.id,
        patron_id=patron.id,
        bib_id=item.bib_id,
        library=item.holding_library,
        checked_out_at=lent,
        due=draw(st.none() | st.integers(1, 24 * 90).map(lambda hours: lent + timedelta(hours=hours))),
        item_type=item.item_type,
        patron_category=patron.category,
        counted_as=f"{item.item_type}@{item.holding_library}",
        rule="fallback",
        policy="95aab18f2ac4c9e3",
        loan_policy="four-weeks",
        fine=draw(st.sampled_from(("", "standard"))),
        on_site=draw(st.booleans()),
        renewals=renewals,
        unseen_renewals=draw(st.integers(0, renewals)),
        renewed_at=draw(since) if renewals else None,
        recalled_at=draw(since),
        declared_lost_at=draw(since),
    )
