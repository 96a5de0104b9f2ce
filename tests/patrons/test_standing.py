"""A patron's counters follow the loans, holds and account lines one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libops.base.errors import InvalidValue
from libops.base.ids import PatronId
from libops.patrons.standing import (
    Standing,
    claim_counted,
    counted_as,
    hold_counted,
    loan_closed,
    loan_opened,
    loss_counted,
    owing,
)

ADA = Standing(PatronId("ada"))
loans = st.tuples(st.sampled_from(["book@main", "dvd@main", "dvd@north"]), st.booleans())


@given(st.lists(loans, max_size=30))
def test_patron_who_brings_everything_back_stands_as_before(taken: list[tuple[str, bool]]) -> None:
    """Each loan is counted once per kind, on-site ones apart, and no counter stays behind when all are returned."""
    standing = ADA
    for key, on_site in taken:
        standing = loan_opened(standing, key, on_site)
    assert len(taken) == standing.open_loans == sum(standing.by_type.values())
    assert sum(on_site for _, on_site in taken) == standing.on_site_loans
    for key, on_site in sorted(taken):
        standing = loan_closed(standing, key, on_site)
    assert standing == ADA


def test_loan_is_counted_by_item_type_and_library() -> None:
    """A limit of DVDs at one library counts only those."""
    standing = loan_opened(loan_opened(ADA, counted_as("dvd", "main")), counted_as("dvd", "north"))
    assert {"dvd@main": 1, "dvd@north": 1} == standing.by_type
    assert {"dvd@main": 1} == loan_closed(standing, "dvd@north").by_type


def test_counters_other_than_the_one_meant_stay() -> None:
    """A payment leaves the loans alone, a loan leaves the account alone."""
    standing = Standing(PatronId("ada"), 2, 1, {"book@main": 2}, 3, 4, 5, 600)
    assert Standing(PatronId("ada"), 2, 1, {"book@main": 2}, 3, 4, 5, 350) == owing(standing, -250)
    assert Standing(PatronId("ada"), 2, 1, {"book@main": 2}, 4, 4, 5, 600) == claim_counted(standing)
    assert Standing(PatronId("ada"), 2, 1, {"book@main": 2}, 3, 3, 5, 600) == loss_counted(standing, -1)
    assert Standing(PatronId("ada"), 2, 1, {"book@main": 2}, 3, 4, 6, 600) == hold_counted(standing)
    assert Standing(PatronId("ada"), 1, 0, {"book@main": 1}, 3, 4, 5, 600) == loan_closed(standing, "book@main", True)


@pytest.mark.parametrize(
    "act",
    [
        lambda: loan_closed(ADA, "book@main"),
        lambda: loan_closed(loan_opened(ADA, "book@main"), "book@main", on_site=True),
        lambda: claim_counted(ADA, -1),
        lambda: loss_counted(ADA, -1),
        lambda: hold_counted(ADA, -1),
    ],
)
def test_counter_below_zero_is_a_mistake_of_the_program(act: object) -> None:
    """Nobody can have fewer than no loans: the patron and the counter are named."""
    with pytest.raises(InvalidValue, match=r"'ada'.*counters end at 0"):
        act()  # type: ignore[operator]


def test_account_may_be_on_the_other_side() -> None:
    """Below zero the library owes the patron."""
    assert owing(ADA, -500).balance == -500
