"""Limits and blocks as a library writes them down."""

from __future__ import annotations

import pytest

from libops.base.errors import InvalidValue
from libops.base.ids import LibraryCode
from libops.base.money import Money
from libops.circulation.policy.limits import (
    Boundary,
    CountBlock,
    DebtBlock,
    ItemTypeLimit,
    LimitPolicy,
    PatronAction,
    StandingBlock,
)
from libops.wire.plain import from_plain


@pytest.mark.parametrize(
    ("boundary", "actual", "stopped"),
    [
        (Boundary.REACHED, 1, False),
        (Boundary.REACHED, 2, True),
        (Boundary.REACHED, 3, True),
        (Boundary.PASSED, 2, False),
        (Boundary.PASSED, 3, True),
    ],
)
def test_is_the_limit_itself_allowed(boundary: Boundary, actual: int, stopped: bool) -> None:
    """E4: reached stops at the number itself (rero's overdue count), passed only above it (Koha's debt limit)."""
    assert stopped is boundary.stops(actual, 2)


def test_zero_means_none_and_absent_means_unlimited() -> None:
    """E5: 0 allows no item at all, a limit that is left out allows any number."""
    none, unlimited = LimitPolicy(items_out=0), LimitPolicy()
    assert (0, None) == (none.items_out, unlimited.items_out)
    assert none.items_out_boundary.stops(0, 0)


def test_a_library_may_have_a_number_of_its_own() -> None:
    """E7: a limit for every library, and exceptions for some (rero)."""
    limits = LimitPolicy(items_out=40, items_out_per_library=20, by_library={LibraryCode("SCHOOL"): 5})
    assert [5, 20] == [limits.items_out_at(LibraryCode(library)) for library in ("SCHOOL", "MAIN")]
    assert None is LimitPolicy().items_out_at(LibraryCode("MAIN"))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: LimitPolicy(items_out=-1),
        lambda: LimitPolicy(by_library={LibraryCode("MAIN"): -1}),
        lambda: ItemTypeLimit(item_types=("dvd",), limit=-1),
        lambda: CountBlock(limit=-2),
    ],
)
def test_a_limit_below_zero_is_refused(wrong: object) -> None:
    """Nobody can have fewer than no items; the message says what to write."""
    with pytest.raises(InvalidValue, match="below 0: write 0 for none at all"):
        wrong()  # type: ignore[operator]


def test_each_block_names_what_it_stops() -> None:
    """A debt may stop check-outs and leave renewals alone; a block that is left out stops nothing."""
    plain = {"debt": {"limit": "10.00 EUR", "stops": ["check-out"]}, "restricted": "none"}
    limits = from_plain(plain, LimitPolicy)
    assert DebtBlock(limit=Money(1000, "EUR"), stops=(PatronAction.CHECK_OUT,)) == limits.debt
    assert (None, None) == (limits.restricted, limits.overdue)


def test_expiry_and_restriction_stop_everything_by_default_but_setting_items_aside() -> None:
    """An expired or restricted patron does nothing, but a returned item may still wait for them."""
    limits = LimitPolicy()
    assert StandingBlock() == limits.expired == limits.restricted
    assert set(PatronAction) - {PatronAction.CAPTURE_HOLD} == set(StandingBlock().stops)
