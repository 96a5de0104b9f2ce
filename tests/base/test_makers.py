"""A maker's values are those of the class: equal, frozen, printed and pickled alike; other classes are refused."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime

import pytest
from attrs import fields, frozen
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from libops.base.decisions import Permit
from libops.base.errors import InvalidValue
from libops.base.ids import BibId, ItemId, LibraryCode, LoanId, PatronId
from libops.base.makers import maker
from libops.circulation.events import ItemCheckedOut
from libops.circulation.model import Loan
from libops.patrons.standing import Standing
from libops.storage.port import Find, Get, Versioned

LENT = datetime(2026, 3, 2, 9, tzinfo=UTC)
LOANS = st.builds(
    Loan,
    st.text().map(LoanId),
    st.text().map(ItemId),
    st.text().map(PatronId),
    st.just(BibId("B-1")),
    st.just(LibraryCode("main")),
    st.just(LENT),
    st.none() | st.datetimes(timezones=st.just(UTC)),
    *[st.text()] * 6,
    fine=st.text(),
    on_site=st.booleans(),
    renewals=st.integers(0, 9),
    renewed_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    losses=st.integers(0, 2),
)


@given(LOANS)
def test_a_loan_that_was_made_fast_is_the_loan(loan: Loan) -> None:
    """Equal with every field set and with the defaults left out, of the same hash, and printed alike."""
    values = [getattr(loan, each.name) for each in fields(Loan)]
    required = values[: [each.name for each in fields(Loan)].index("fine")]
    make = maker(Loan)
    assert loan == make(*values)
    assert Loan(*required) == make(*required)
    assert hash(loan) == hash(make(*values))
    assert repr(loan) == repr(make(*values))
    assert type(make(*values)) is Loan


@given(st.integers(), st.integers(0, 9))
def test_a_made_value_is_frozen_and_pickles(holds: int, lost: int) -> None:
    """Nobody can change what a maker made, and it goes through a pickle as others do."""
    standing = maker(Standing)(PatronId("ada"), holds=holds, lost=lost)
    with pytest.raises(FrozenInstanceError):
        standing.holds = 5  # type: ignore[misc]
    assert Standing(PatronId("ada"), holds=holds, lost=lost) == pickle.loads(pickle.dumps(standing))


def test_events_and_generic_decisions_can_be_made() -> None:
    """An event has fields of its base class; `Permit` is generic."""
    loan = Loan(LoanId("L-1"), ItemId("I-1"), PatronId("ada"), BibId("B-1"), LibraryCode("main"), LENT, None, *"abcdef")
    assert ItemCheckedOut(LENT, "desk", loan.id, loan) == maker(ItemCheckedOut)(LENT, "desk", loan.id, loan)
    assert Permit("yes") == maker(Permit)("yes")
    assert isinstance(maker(Permit)("yes"), Permit)


def test_named_tuples_can_be_made() -> None:
    """With all values, with defaults left out, by position and by name."""
    assert Get("loan", "L-1") == maker(Get)("loan", "L-1")  # type: ignore[arg-type]
    assert Find("loan", "by_due", limit=3) == maker(Find)("loan", "by_due", limit=3)  # type: ignore[arg-type]
    assert type(maker(Versioned)("record", 4)) is Versioned


@frozen
class Referred:
    """May be referred to weakly, so its layout is another."""

    name: str


@frozen(weakref_slot=False)
class Cleaned:
    """Its field is not stored as it comes."""

    name: str

    def __attrs_post_init__(self) -> None:
        if not self.name:
            raise InvalidValue("no name")


@pytest.mark.parametrize("cls", [Referred, Cleaned])
def test_a_class_that_does_more_than_store_its_fields_is_refused(cls: type[object]) -> None:
    """A maker would skip what the class does when it is called, so it says no and names what it takes."""
    with pytest.raises(InvalidValue, match=f"{cls.__name__} needs more than its fields stored"):
        maker(cls)
