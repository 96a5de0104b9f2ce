"""A maker's values are those of the class: equal, frozen, printed and pickled alike; other classes are refused."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime

import pytest
from attrs import field, fields, frozen, validators
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from libops.base.decisions import Permit
from libops.base.errors import InvalidValue
from libops.base.holders import BarcodeUse
from libops.base.ids import BibId, ItemId, LibraryCode, LoanId, PatronId
from libops.base.makers import maker
from libops.catalog.model import BibRecord
from libops.circulation.events import ItemCheckedOut
from libops.circulation.model import Loan
from libops.items.model import Item
from libops.patrons.model import Patron
from libops.patrons.standing import Standing
from libops.storage.port import Find, Get, Versioned
from libops.testing.strategies.records import record_of

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

    name: str = field(converter=str.strip)


@pytest.mark.parametrize("cls", [Referred, Cleaned])
def test_a_class_that_does_more_than_store_its_fields_is_refused(cls: type[object]) -> None:
    """A maker would skip what the class does when it is called, so it says no and names what it takes."""
    with pytest.raises(InvalidValue, match=f"{cls.__name__} needs more than its fields stored"):
        maker(cls)


@frozen(weakref_slot=False)
class Copies:
    """From one copy to another."""

    first: int = field(validator=validators.ge(1))
    last: int = 1

    def __attrs_post_init__(self) -> None:
        if self.last < self.first:
            raise InvalidValue(f"copies {self.first} to {self.last}: the last comes first")


def test_a_made_value_is_checked_as_any_other() -> None:
    """Validators and `__attrs_post_init__` see the whole value and may refuse it."""
    make = maker(Copies)
    assert Copies(1, 4) == make(1, last=4)
    with pytest.raises(ValueError, match="'first' must be >= 1"):
        make(0, 4)
    with pytest.raises(InvalidValue, match="copies 5 to 4"):
        make(5, 4)
    with pytest.raises(InvalidValue, match=r"copies 2 to 1"):
        make(2)


@given(record_of(Item) | record_of(Patron) | record_of(BibRecord) | record_of(BarcodeUse))
def test_records_that_a_store_reads_are_made_alike(record: object) -> None:
    """The records that a checkout reads most: equal, and of the same class."""
    made = maker(type(record))(**{each.alias: getattr(record, each.name) for each in fields(type(record))})
    assert record == made
    assert type(record) is type(made)
