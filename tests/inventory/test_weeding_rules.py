"""Weeding rules are a table the library loads; its candidates are a list for a person, with last copies marked."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from libops.base.errors import FormatError, InvalidValue
from libops.classification import SCHEMES, CallNumber, KeyRange, sort_key
from libops.inventory import (
    Condition,
    ConspectusRange,
    FactorsNeeded,
    LastCopyGuard,
    Mustie,
    Protection,
    ShelfStatus,
    UnknownAge,
    WeedingCase,
    WeedingItem,
    WeedingRule,
    WeedingState,
    WeedingTerms,
    collection_report,
    find_rule,
    read_weeding_table,
    reasons_to_weed,
    weeding_candidates,
)
from libops.testing.strategies.inventory import shelf_item, weeding_items

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DDC = SCHEMES.named("ddc")
TABLE = """name,from,to,formula,copies,condition,keep,note
computers,004,006,3/X/MUSTIE,2,damaged,,CREW 004
local history,977.3,977.3,X/X,,,yes,
general,,,10/3/MUSTIE,,,,
"""


def book(number="005.133 P99", *, number_in_row=1, **facts):
    item = evolve(
        shelf_item(number_in_row), call_number=number, sort_key=sort_key(CallNumber("ddc", number)), bib_id="B-1"
    )
    return WeedingItem(item=item, **({"copies_in_system": 2, "copies_in_library": 2} | facts))


def terms(**options):
    return WeedingTerms(**({"rules": read_weeding_table(TABLE, DDC.range)} | options))


def why(found, **options):
    """What speaks for weeding, by the first rule for the item."""
    here = terms(**options)
    rule, _ = find_rule(found.item, here)
    return [str(reason) for reason in reasons_to_weed(found, rule, here, TODAY)]


def test_the_first_rule_for_an_item_counts():
    """A table is read from the top: 006.78 falls under computers, since the end of a range holds all its subclasses."""
    for number, expected in [("006.78 W", "computers"), ("977.311 C", "local history"), ("640 K", "general")]:
        assert expected == find_rule(book(number).item, terms())[0].name


def test_rules_that_lost_say_why():
    """The trainee asks why the encyclopedia is not weeded by the rule for computers."""
    _, considered = find_rule(book("031 W").item, terms())
    assert [False, False, True] == [one.won for one in considered]
    assert "031 W is outside 004-006" == considered[0].why


def test_rules_may_ask_for_location_and_item_type():
    """A rule for the reference room says nothing about the stacks."""
    rule = WeedingRule.crew("reference", "5/X", locations=("REF",))
    assert "location STACKS is not among REF" == rule.why_not_for(book().item)
    assert "" == rule.why_not_for(evolve(book().item, location="REF"))
    dvds = WeedingRule.crew("films", "X/2", item_types=("dvd",))
    assert "item type unknown is not among dvd" == dvds.why_not_for(book().item)
    assert None is find_rule(book().item, WeedingTerms(rules=(rule, dvds)))[0]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [("3/X/MUSTIE", (3, None, True)), ("X/2", (None, 2, False)), ("10/3/x", (10, 3, False)), ("0/0/X", (0, 0, False))],
)
def test_crew_formulas_are_read(formula, expected):
    """Years since publication, years without use, MUSTIE; X does not apply, and 0 is not X."""
    rule = WeedingRule.crew("a row", formula)
    assert expected == (rule.age, rule.unused, rule.mustie)


@pytest.mark.parametrize("formula", ["", "5", "5/3/UGLY", "5/-3", "five/X", "5/3/MUSTIE/X"])
def test_other_texts_are_no_formula(formula):
    """A mistyped table must not weed by accident."""
    with pytest.raises(InvalidValue, match="CREW"):
        WeedingRule.crew("a row", formula)


def test_an_old_book_is_a_candidate():
    """More than three years since publication: 2022 is, 2023 is not yet in 2026."""
    assert ["age: published 2022 (more than 3 years since publication)"] == why(book(published=2022))
    assert [] == why(book(published=2023))


def test_a_book_without_use_is_a_candidate_to_the_day():
    """More than three years without use: used on 1 March 2023 it is, on 2 March 2023 not yet."""
    assert ["disuse: last used 2023-03-01 (more than 3 years without use)"] == why(
        book("640 K", last_used=date(2023, 3, 1))
    )
    assert [] == why(book("640 K", last_used=date(2023, 3, 2)))


def test_a_book_never_used_counts_from_the_day_it_came():
    """It cannot have been unused for longer than it is here."""
    assert [] == why(book("640 K", acquired=date(2025, 6, 1)))
    assert ["disuse: never used since 2019-06-01 (more than 3 years without use)"] == why(
        book("640 K", acquired=date(2019, 6, 1))
    )


def test_what_is_not_known_speaks_for_nothing_unless_the_library_says_so():
    """Unknown is neither old nor new; a library may want to look at undated items all the same."""
    assert [] == why(book("640 K"))
    assert ["year unknown", "use unknown"] == [
        one.split(": ")[1].split(" (")[0] for one in why(book("640 K"), unknown_age=UnknownAge.OLD)
    ]


def test_copies_condition_and_mustie_speak_for_weeding():
    """Three copies where two are enough; damaged; superseded by a new edition."""
    found = book(copies_in_library=3, condition=Condition.UNUSABLE, mustie=(Mustie.SUPERSEDED, Mustie.UGLY))
    assert [
        "copies: 3 copies (2 are enough)",
        "condition: unusable (damaged or worse)",
        "mustie: superseded, ugly (any of MUSTIE)",
    ] == why(found)


def test_a_library_may_ask_for_all_factors():
    """Old alone is not enough where all factors of the rule are needed."""
    old = book("640 K", published=1990)
    assert [] == why(old, factors_needed=FactorsNeeded.ALL)
    worst = evolve(old, last_used=date(2010, 1, 1), mustie=(Mustie.UGLY,))
    assert 3 == len(why(worst, factors_needed=FactorsNeeded.ALL))


def test_a_rule_may_keep_a_class():
    """Local history is never a candidate."""
    assert [] == why(book("977.311 C", published=1890, mustie=(Mustie.UGLY,)))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("from,to\n004,006", "a weeding table has"),
        ("from,to,formula,color\n004,006,3/X,red", "color"),
        ("from,to,formula\n004,006,3/X\n007,,old", "line 3: 'old' is no CREW formula"),
        ("formula,copies\n3/X,two", "copies 'two' is no number"),
        ("formula,condition\n3/X,sad", "condition 'sad' is not one of good, worn"),
        ("formula,keep\n3/X,perhaps", "neither yes nor no"),
        ("to,formula\n006,3/X", "begins nowhere"),
    ],
)
def test_a_table_with_mistakes_is_refused_with_its_lines(table, message):
    """Every line that cannot be read is named, and what would be right."""
    with pytest.raises(FormatError, match=message):
        read_weeding_table(table, DDC.range)


def test_a_table_from_a_spreadsheet_program_is_read():
    """With a byte order mark, empty lines, capital headings and spaces."""
    text = "\ufeffName, From,To,FORMULA,Location\r\n\r\nfiction,,, x/2 ,FIC; LP\r\n"
    (rule,) = read_weeding_table(text, DDC.range)
    assert ("fiction", "X/2/X", ("FIC", "LP")) == (rule.name, rule.formula, rule.locations)


def test_candidates_leave_out_what_is_decided():
    """Open cases, disposed items, withdrawn items, and items kept lately are not listed again."""
    old = [book(published=1999, number_in_row=number, copies_in_system=9) for number in range(1, 6)]
    ids = [found.item.item_id for found in old]

    def case(number, state, **rest):
        return WeedingCase(
            item_id=ids[number], title="", call_number="", bib_id=None, state=state, rule="", reasons=(),
            proposed_at=NOW, proposed_by="staff-7", **rest,
        )  # fmt: skip

    cases = {
        ids[0]: case(0, WeedingState.PROPOSED),
        ids[1]: case(1, WeedingState.KEPT, review_after=date(2026, 12, 1)),
        ids[2]: case(2, WeedingState.KEPT, review_after=TODAY),
    }
    withdrawn = evolve(old[3], item=evolve(old[3].item, status=ShelfStatus.WITHDRAWN))
    listed = weeding_candidates([*old[:3], withdrawn, old[4]], terms(), on=TODAY, cases=cases)
    assert [ids[2], ids[4]] == [one.subject.item.item_id for one in listed]


def test_protected_items_are_listed_and_marked():
    """By item or by title, until the last day of the protection."""
    protection = Protection(list_name="Lincoln gift", subject="B-1", why="deed of gift", since=NOW, by="staff-1")
    found = [book(published=1999)]
    assert ("Lincoln gift",) == weeding_candidates(found, terms(), on=TODAY, protections=[protection])[0].protected_by
    over = evolve(protection, until=date(2026, 3, 1))
    assert () == weeding_candidates(found, terms(), on=TODAY, protections=[over])[0].protected_by


def test_of_two_last_copies_the_better_one_is_guarded():
    """Both copies are candidates: the one in better condition is the one to keep."""
    worn = book(published=1999, number_in_row=1, condition=Condition.WORN)
    good = book(published=1999, number_in_row=2, condition=Condition.GOOD)
    listed = weeding_candidates([worn, good], terms(), on=TODAY)
    assert {worn.item.item_id: False, good.item.item_id: True} == {
        one.subject.item.item_id: one.last_copy for one in listed
    }


@given(weeding_items(), st.sampled_from(LastCopyGuard))
def test_withdrawing_all_unguarded_candidates_loses_no_title(items, guard):
    """Whatever the table says: of each title at least one copy stays, unless the library has switched the guard off."""
    here = WeedingTerms(rules=(WeedingRule.crew("all", "5/3/MUSTIE", copies=1),), last_copy=guard)
    listed = weeding_candidates(items, here, on=TODAY)
    gone = {one.subject.item.item_id for one in listed if not one.guarded}
    left = Counter(one.item.bib_id for one in items if one.item.item_id not in gone)
    if guard is not LastCopyGuard.OFF:
        assert {one.item.bib_id for one in items} == set(left)
    assert all(one.reasons for one in listed)


@given(weeding_items())
def test_all_factors_name_no_more_than_any_factor(items):
    """The cautious option lists a part of what the usual one lists."""
    rule = WeedingRule.crew("all", "5/3/MUSTIE")
    lists = []
    for needed in (FactorsNeeded.ALL, FactorsNeeded.ANY):
        here = WeedingTerms(rules=(rule,), factors_needed=needed)
        lists.append({one.subject.item.item_id for one in weeding_candidates(items, here, on=TODAY)})
    assert lists[0] <= lists[1]


def test_copies_that_nobody_has_counted_are_marked():
    """Unknown is not "many"."""
    (one,) = weeding_candidates([book(published=1999, copies_in_system=None)], terms(), on=TODAY)
    assert (False, True) == (one.last_copy, one.copies_unknown)


CONSPECTUS = [
    ConspectusRange(name="Computing", keys=DDC.range("004", "006"), call_numbers="004-006", level=2, goal=3),
    ConspectusRange(name="General", keys=DDC.range("000", "099"), call_numbers="000-099"),
]


def test_the_collection_report_counts_age_use_and_depth():
    """Three items: two on computing, of 2024 and 2010, one of them used; a cookbook without a year."""
    items = [
        book("005.1 A", number_in_row=1, published=2024, uses=6, acquired=date(2025, 5, 1)),
        book("006.7 B", number_in_row=2, published=2010),
        book("641.5 C", number_in_row=3, uses=3),
    ]
    report = collection_report(items, CONSPECTUS, since=date(2025, 3, 1), on=TODAY)
    computing, general = report.ranges
    assert (2, (1, 0, 1, 0, 0), 2010, 6, 1, 1) == (
        computing.items, computing.bands, computing.median_year, computing.uses, computing.unused, computing.added,
    )  # fmt: skip
    assert (3.0, 0.5, 2, 3) == (computing.turnover, computing.unused_share, computing.level, computing.goal)
    assert 2 == general.items
    assert (1, (0, 0, 0, 0, 1)) == (report.outside.items, report.outside.bands)
    assert (3, 9) == (report.total.items, report.total.uses)


@given(weeding_items())
def test_no_item_is_lost_from_the_report(items):
    """Inside a range or outside all of them; and every item is in one band of age."""
    lines = [ConspectusRange(name="low", keys=KeyRange("500.0000", "500.0015"))]
    report = collection_report(items, lines, since=date(2025, 3, 1), on=TODAY)
    assert len(items) == report.ranges[0].items + report.outside.items
    assert len(items) == sum(report.total.bands)


def test_an_empty_range_has_no_turnover():
    """Nothing divided by nothing is not 0."""
    report = collection_report([], CONSPECTUS, since=TODAY, on=TODAY)
    assert (None, None, None) == (report.total.turnover, report.total.unused_share, report.total.median_year)


def test_a_span_runs_forward():
    """The earlier day comes first; a level is 0 to 5."""
    with pytest.raises(InvalidValue, match="backward"):
        collection_report([], CONSPECTUS, since=TODAY, on=date(2025, 1, 1))
    with pytest.raises(InvalidValue, match="6"):
        ConspectusRange(name="Music", keys=KeyRange("780", "790"), level=6)
