"""E6 and E7 at the desk: which loans count against which limit."""

from __future__ import annotations

from typing import Any

import pytest


def got(here, *items: str, **more: Any) -> list[bool]:
    """Which of these a patron gets, one after the other."""
    return [bool(here.lend(item, **more)) for item in items]


@pytest.mark.parametrize(("on_site", "second"), [("together", False), ("apart", True)])
@pytest.mark.parametrize(
    "limit",
    [
        {"items_out": 1},
        {"items_out_per_library": 1},
        {"by_library": {"MAIN": 1}},
        {"by_item_type": [{"item_types": ["book"], "limit": 1}]},
    ],
    ids=["in all", "each library", "this library", "type"],
)
def test_what_is_read_in_the_house_counts_in_all_limits_or_none(town, limit: Any, on_site: str, second: bool) -> None:
    """`on_site`: one at most, and one is read in the house; apart, another may be taken home, and no third."""
    here = town(limit_policies={"standard": {"on_site": on_site, **limit}})
    assert [True] == got(here, "book", on_site=True)
    assert [second, False] == got(here, "second book", "third book")
    assert [on_site == "apart"] == got(here, "third book", on_site=True)


@pytest.mark.parametrize(
    ("criteria", "counted"),
    [
        ({"item_type": "book"}, [True, True, False, True]),
        ({"loan_type": "short"}, [True, False, True, True]),
        ({"shelving_location": "reserve"}, [True, False, True, True]),
        ({"loan_type": "short", "item_type": "book"}, [True, True, True, True]),
        ({"patron_category": "adult"}, [True, True, True, True]),
    ],
    ids=["item type", "loan type", "location", "both types", "no item scope"],
)
def test_a_limit_within_its_rule_counts_what_the_rule_is_about(town, criteria: Any, counted: list[bool]) -> None:
    """E7: one at most of what the rule names about items, a second type (FOLIO's loan type) as well; with nothing
    named about items, no limit. The book and the record are short loans from the reserve shelf."""
    here = town(
        limit_policies={"one": {"items_out": 1, "item_limit_scope": "within-rule"}},
        rules=[{"id": "one", "loan": "standard", "limits": "one", **criteria}],
    )
    for item in ("book", "record"):
        here.change(item, loan_type="short", shelving_location="reserve")
    assert counted == got(here, "book", "record", "second book", "film")


@pytest.mark.parametrize(
    ("limits_of", "counted"),
    [
        ("transaction", [True, False, False, True]),
        ("item-home", [True, True, False, False]),
        ("item-holding", [True, False, True, False]),
        ("patron-home", [True, False, False, True]),
    ],
)
def test_one_item_of_each_library(town, limits_of: str, counted: list[bool]) -> None:
    """E7: one at most. Lent at this desk; or owned by the library that owns this item, or kept where it is, wherever
    that was lent. The last is lent at the north branch, which owns it, as it does the second item."""
    here = town(control={"limits": limits_of}, limit_policies={"standard": {"items_out_per_library": 1}})
    here.change("second book", home_library="NORTH")
    here.change("film", holding_library="NORTH")
    here.change("record", home_library="NORTH", holding_library="NORTH")
    found = got(here, "book", "second book", "film")
    assert counted == [*found, *got(here, "record", library="NORTH")]
