"""What a circulation rule can match on: each fact of section 1, set at the desk, told apart by the due date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from libops.desk.settings.lint import lint_settings

PLAIN, WON = "2026-03-17 23:59:00", "2026-03-10 23:59:00"
WEEK = {"week": {"due": {"period": "1 week"}}}


def ruled(**criteria):
    """Two weeks for everything, one week where these criteria hold."""
    return {"loan_policies": WEEK, "rules": [{"id": "special", "loan": "week", "limits": "standard", **criteria}]}


@pytest.mark.parametrize(
    ("criteria", "fields"),
    [
        ({"loan_type": "short"}, {"loan_type": "short"}),
        ({"shelving_location": "desk"}, {"shelving_location": "desk"}),
        ({"collection": "local"}, {"collection": "local"}),
        ({"item_type": "reference"}, {"item_type": "reference"}),
        ({"item_library": "NORTH"}, {"home_library": "NORTH"}),
        ({"holding_library": "NORTH"}, {"holding_library": "NORTH"}),
        ({"item_age": "0-30"}, {"acquired": date(2026, 2, 20)}),
        ({"new": True}, {"new_until": date(2026, 3, 3)}),
    ],
    ids=lambda value: next(iter(value)),
)
def test_a_fact_of_the_item(town, criteria, fields) -> None:
    """The item's types, its place, its age and whether it is new: the rule wins for this item and not for another."""
    here = town(**ruled(**criteria))
    here.change("book", **fields)
    assert here.lend("book")
    assert here.lend("second book")
    assert (WON, PLAIN) == (here.due("book"), here.due("second book"))


def test_reference_is_an_item_that_stays_in_the_house(town) -> None:
    """`reference` holds for what is marked as not for loan; lent for use in the house, it follows its own rule."""
    here = town(**ruled(reference=True))
    here.change("book", not_for_loan="reading room")
    assert here.lend("book", on_site=True)
    assert WON == here.due("book")


@pytest.mark.parametrize(
    ("criteria", "fields"),
    [
        ({"patron_category": "staff"}, {"category": "staff"}),
        ({"patron_library": "NORTH"}, {"home_library": "NORTH"}),
        ({"patron_age": "12-17"}, {"birth_date": date(2012, 3, 2)}),
    ],
    ids=lambda value: next(iter(value)),
)
def test_a_fact_of_the_patron(town, criteria, fields) -> None:
    """Category, home library and age."""
    here = town(**ruled(**criteria))
    here.patron("Ada", **fields)
    assert here.lend("book", to="Ada")
    assert here.lend("second book", to="Ben")
    assert (WON, PLAIN) == (here.due("book"), here.due("second book"))


@pytest.mark.parametrize(
    ("library", "birth_date", "due"),
    [
        ("MAIN", date(2010, 3, 4), WON),
        ("MAIN", date(2010, 3, 3), PLAIN),
        ("NORTH", date(2012, 3, 4), WON),
        ("NORTH", date(2010, 3, 4), PLAIN),
        ("MAIN", None, PLAIN),
    ],
)
def test_a_juvenile_is_below_the_age_that_the_patrons_library_sets(town, library, birth_date, due) -> None:
    """Below 16 in the town, below 14 in its north branch; on the birthday no more, and nobody of unknown age is one."""
    libraries = {"TOWN": {"juvenile_below": 16}, "NORTH": {"juvenile_below": 14}}
    here = town(libraries=libraries, **ruled(juvenile=True))
    here.patron("Ada", home_library=library, birth_date=birth_date)
    assert here.lend("book")
    assert due == here.due("book")


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({"acquired": date(2025, 9, 4)}, WON),
        ({"acquired": date(2025, 9, 3)}, PLAIN),
        ({"acquired": date(2020, 1, 2), "new_until": date(2026, 3, 3)}, WON),
        ({"acquired": date(2026, 3, 2), "new_until": date(2026, 3, 2)}, PLAIN),
        ({}, PLAIN),
    ],
)
def test_an_item_is_new_as_long_as_its_type_says_or_until_its_own_date(town, fields, due) -> None:
    """Half a year from its acquisition, by the group of its type; a date on the item itself goes before that."""
    here = town(item_types={"media": {"new_for": "6 months"}}, **ruled(new=True))
    here.change("film", **fields)
    assert here.lend("film")
    assert due == here.due("film")


@pytest.mark.parametrize(
    ("criteria", "item", "other"),
    [
        ({"bib_level": "m"}, "book", None),
        ({"bib_level": "s"}, None, "book"),
        ({"bib_form": "music_recording"}, "book", "record"),
    ],
)
def test_a_fact_of_the_title(town, criteria, item, other) -> None:
    """The bibliographic level is the letter of leader/07, the form what kind of thing it is."""
    here = town(**ruled(**criteria))
    for name, due in ((item, WON), (other, PLAIN)):
        if name is not None:
            assert here.lend(name)
            assert due == here.due(name)


def test_a_rule_for_renewals_only(town) -> None:
    """The first loan runs two weeks; a renewal one week from today."""
    here = town(**ruled(renewal=True))
    assert here.lend("book")
    assert PLAIN == here.due("book")
    here.clock.forward(days=14)
    assert here.renew("book")
    assert "2026-03-24 23:59:00" == here.due("book")


def test_a_rule_for_the_library_of_the_desk(town) -> None:
    """`transaction_library`: where the desk stands, whatever `control` says."""
    here = town(control={"loan": "item-home"}, **ruled(transaction_library="NORTH"))
    assert here.lend("book", library="NORTH")
    assert here.lend("second book")
    assert (WON, PLAIN) == (here.due("book"), here.due("second book"))


def test_a_rule_about_juveniles_where_nobody_says_who_that_is(town) -> None:
    """`libops settings lint` finds the rule that can never win."""
    here = town(**ruled(juvenile=True))
    found = [str(finding) for finding in lint_settings(here.ops.settings, today=date(2026, 3, 3))]
    assert any("rules.special.juvenile" in finding and "juvenile_below" in finding for finding in found), found
    said = town(libraries={"TOWN": {"juvenile_below": 16}}, **ruled(juvenile=True))
    assert not any("juvenile" in str(finding) for finding in lint_settings(said.ops.settings, today=date(2026, 3, 3)))


def test_a_fact_that_no_rule_asks_for_is_not_worked_out(town) -> None:
    """The compiled rules are asked once whether juveniles or new items matter."""
    assert (False, False) == (town().ops.book.asks_juvenile, town().ops.book.asks_new)
    both = town(libraries={"TOWN": {"juvenile_below": 16}}, **ruled(juvenile=True, new=True)).ops.book
    assert (True, True) == (both.asks_juvenile, both.asks_new)


def test_a_recall_asks_the_rule_that_the_item_and_its_borrower_fall_under(town) -> None:
    """The recall policy of new items: three days, where others have two weeks guaranteed."""
    recalls = {
        "usual": {"terms": {"guaranteed": "2 weeks"}},
        "new": {"terms": {"return_within": "3 days"}},
    }
    rules = [
        {"id": "new", "new": True, "loan": "month", "recall": "new", "holds": "standard"},
        {"id": "old", "new": False, "loan": "month", "recall": "usual", "holds": "standard"},
    ]
    here = town(recall_policies=recalls, rules=rules, loan_policies={"month": {"due": {"period": "1 month"}}})
    here.change("book", new_until=here.clock().date() + timedelta(30))
    assert here.lend("book")
    assert here.hold("book", recall=True, this=True)
    assert "2026-03-06 23:59:00" == here.due("book")
