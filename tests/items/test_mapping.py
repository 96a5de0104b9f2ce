"""Items out of MARC fields: the standard's own, those of two systems, and one a library writes itself."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime

import pytest

from libops.base.errors import InvalidValue, NotFound, SettingsError
from libops.base.money import Money
from libops.catalog.marc import data_field
from libops.items import draft_items, likely_mapping, mapping_of, price_of, shipped_mapping
from libops.testing.sample_marc import records

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_standard_852_gives_library_shelf_and_call_number() -> None:
    """Prefix, class, item part and suffix make one call number; the first indicator says its scheme."""
    field = data_field(
        "852",
        "0 ",
        ("a", "XxTown"),
        ("b", "MAIN"),
        ("c", "stacks"),
        ("k", "Ref"),
        ("h", "QA76"),
        ("i", ".K47"),
        ("p", "B1"),
    )
    (draft,) = draft_items([field], shipped_mapping("marc-852"), currency="USD")
    item = draft.item("i1", "b1", library="EAST", item_type="book")
    assert ("MAIN", "MAIN", "stacks", "book") == (
        item.home_library,
        item.holding_library,
        item.shelving_location,
        item.item_type,
    )
    assert ("Ref QA76 .K47", "lcc", "B1") == (item.call_number, item.call_number_scheme, item.barcode)


def test_876_takes_its_place_from_the_852_with_the_same_link() -> None:
    """Items in 876 stand where the 852 of their link number says."""
    fields = [
        data_field("852", "1 ", ("8", "1"), ("b", "MAIN"), ("c", "stacks"), ("h", "641.5")),
        data_field("852", "1 ", ("8", "2"), ("b", "EAST"), ("c", "children"), ("h", "J641.5")),
        data_field("876", "  ", ("8", "2.1"), ("p", "B2"), ("c", "$12.50"), ("d", "20010302")),
    ]
    (draft,) = draft_items(fields, shipped_mapping("marc-876"), currency="USD")
    item = draft.item("i1", "b1", library="MAIN")
    assert ("EAST", "children", "J641.5", "ddc", "B2", Money(1250, "USD"), date(2001, 3, 2)) == (
        item.home_library,
        item.shelving_location,
        item.call_number,
        item.call_number_scheme,
        item.barcode,
        item.price,
        item.acquired,
    )


def test_koha_952_of_the_sample_catalog() -> None:
    """Every item field of the shipped catalog makes an item without a problem, each with its own barcode."""
    drafts = [
        d for record in records(682) for d in draft_items(record.fields, shipped_mapping("koha-952"), currency="USD")
    ]
    assert (779, 779, set()) == (
        len(drafts),
        len({draft.barcode for draft in drafts}),
        {problem for draft in drafts for problem in draft.problems},
    )


def test_koha_flags_are_on_for_any_value_but_zero() -> None:
    """952 $0 withdrawn, $4 damaged, $7 not for loan with its words."""
    field = data_field("952", "  ", ("a", "MAIN"), ("p", "B3"), ("0", "1"), ("4", "0"), ("7", "2"))
    (draft,) = draft_items([field], shipped_mapping("koha-952"), currency="USD")
    item = draft.item("i1", "b1", library="MAIN", at=AT)
    assert (AT, False, "staff collection") == (item.withdrawn_at, item.damaged, item.not_for_loan)
    with pytest.raises(InvalidValue, match="time of import"):
        draft.item("i1", "b1", library="MAIN")


def test_evergreen_852_tells_owner_from_holder_by_order() -> None:
    """The first b owns the item, the second holds it; words in x are flags."""
    field = data_field(
        "852",
        "  ",
        ("b", "BR1"),
        ("b", "BR2"),
        ("c", "Stacks"),
        ("j", "641.5 KIN"),
        ("p", "B4"),
        ("y", "30.00"),
        ("x", "reference"),
    )
    (draft,) = draft_items([field], shipped_mapping("evergreen-852"), currency="USD")
    item = draft.item("i1", "b1", library="MAIN")
    assert ("BR1", "BR2", "reference", Money(3000, "USD")) == (
        item.home_library,
        item.holding_library,
        item.not_for_loan,
        item.price,
    )


OWN = """
tag = "949"
[attributes]
barcode = "i"
home_library = "l"
call_number = "a+v"
enumeration = "v"
price = "p"
[flags]
damaged = "s"
[words.home_library]
main = "MAIN"
"""


def test_a_library_writes_its_own_mapping() -> None:
    """A few lines of settings, and a field of nobody's standard brings items."""
    own = mapping_of("town-949", tomllib.loads(OWN))
    field = data_field(
        "949", "  ", ("a", "641.5"), ("v", "v.2"), ("i", "B5"), ("l", "main"), ("p", "a gift"), ("s", "torn")
    )
    (draft,) = draft_items([field], own, currency="EUR")
    item = draft.item("i1", "b1", library="EAST")
    assert ("641.5 v.2", "v.2", "MAIN", True, None) == (
        item.call_number,
        item.enumeration,
        item.home_library,
        item.damaged,
        item.price,
    )
    assert ("price 'a gift' cannot be read",) == draft.problems


def test_a_mapping_with_mistakes_names_them_all() -> None:
    """A misspelled key, an unknown attribute, a path that is none: said at once, with what would be right."""
    wrong = {"tag": "9", "attributes": {"barcod": "p", "price": "pp"}, "flagz": {}}
    with pytest.raises(SettingsError) as caught:
        mapping_of("wrong", wrong)
    assert 4 == len(caught.value.problems)
    with pytest.raises(NotFound, match="koha-952"):
        shipped_mapping("koha-953")


def test_holdings_without_an_item_bring_none() -> None:
    """An 852 that only speaks of notes is no item."""
    field = data_field("852", "  ", ("z", "Ask at the desk"))
    assert () == draft_items([field], shipped_mapping("marc-852"), currency="USD")


def test_the_likely_mapping_of_a_file_is_the_one_that_finds_barcodes() -> None:
    """A first guess for a file of unknown origin."""
    guess = likely_mapping([record.fields for record in records(5)])
    assert ("koha-952", None) == (guess.name if guess else None, likely_mapping([]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24.95", Money(2495, "USD")),
        ("$1,024", Money(102400, "USD")),
        ("1.024,50", Money(102450, "USD")),
        ("€ 12,5", Money(1250, "EUR")),
        ("CAD 30", Money(3000, "CAD")),
        ("1500 JPY", Money(1500, "JPY")),
        ("12.345 KWD", Money(12345, "KWD")),
        ("24.95 or 30.00", None),
        ("free", None),
    ],
)
def test_prices_as_catalogs_write_them(text: str, expected: Money | None) -> None:
    """Point and comma, signs and codes; two amounts are none."""
    assert expected == price_of(text, "USD")
