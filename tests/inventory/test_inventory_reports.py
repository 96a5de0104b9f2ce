"""Reports carry every finding, survive odd titles, and can be read aloud."""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from io import StringIO

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from libops.classification import KeyRange
from libops.desk.words import Words
from libops.inventory import (
    AGE_BANDS,
    ConspectusRange,
    WeedingAct,
    WeedingItem,
    WeedingLogEntry,
    WeedingRule,
    WeedingTerms,
    collection_csv,
    collection_html,
    collection_picture,
    collection_report,
    make_exercise,
    read_shelf,
    reckon,
    shelf_reading_csv,
    stocktake_csv,
    stocktake_html,
    weeding_candidates,
    weeding_list_csv,
    weeding_list_html,
    weeding_log_csv,
)
from libops.inventory.report import english
from libops.testing.strategies.inventory import (
    OPENED,
    SeededError,
    count_shelf,
    seeded_stocktakes,
    shelf_item,
    weeding_items,
)

TODAY = date(2026, 3, 2)
EVENING = OPENED + timedelta(hours=12)
ALL_RANGES = [ConspectusRange(name="Science", keys=KeyRange("500", "600"), call_numbers="500-599", level=2)]
STRICT = WeedingTerms(rules=(WeedingRule.crew("all", "0/0/MUSTIE"),))
ODD_TITLES = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=30)


class Page(HTMLParser):
    """Reads a page back: the open tags must close, and the cells are collected."""

    def __init__(self, text):
        super().__init__()
        self.open, self.cells, self.headings = [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag != "meta":
            self.open.append(tag)
        if tag == "td":
            self.cells.append("")
        self.headings += tag == "h1"

    def handle_endtag(self, tag):
        assert tag == self.open.pop()

    def handle_data(self, text):
        if self.open and self.open[-1] == "td":
            self.cells[-1] += text


def rows(text):
    return list(csv.DictReader(StringIO(text, newline="")))


@given(seeded_stocktakes())
def test_every_finding_is_on_the_report(counted):
    """The spreadsheet has a line for each finding, and the page names each barcode of an alarm."""
    result = reckon(counted.facts, at=EVENING)
    assert [(one.kind.value, one.text) for one in result.findings] == [
        (row["finding"], row["barcode"]) for row in rows(stocktake_csv(result))
    ]
    page = Page(stocktake_html(result, counted.facts.session))
    assert [] == page.open
    assert 1 == page.headings
    assert {one.text for one in result.findings} <= set(page.cells)


def test_a_misplaced_item_says_where_to_put_it():
    """The shelver reads: put after, put before."""
    shelf = [shelf_item(number) for number in range(1, 9)]
    reading = read_shelf(make_exercise(shelf, [(2, 6)]).shelf, explain=lambda a, b: f"{a} files before {b}")
    (row,) = rows(shelf_reading_csv(reading))
    assert ("6", "500.0001", "500.0003") == (row["position"], row["put after"], row["put before"])
    assert "500.0001 files before 500.0002; 500.0002 files before 500.0003" == row["why"]


@given(ODD_TITLES)
def test_odd_titles_survive_the_spreadsheet_and_break_no_page(title):
    """A title may hold commas, quotes, angle brackets and signs; it is read back as it was."""
    book = WeedingItem(item=evolve(shelf_item(1), title=title), published=1990)
    listed = weeding_candidates([book], STRICT, on=TODAY)
    (row,) = rows(weeding_list_csv(listed))
    assert row["title"] in (title, f"'{title}")
    page = Page(weeding_list_html(listed, on=TODAY))
    assert [] == page.open
    assert title in page.cells


def test_a_title_is_never_a_formula():
    """A spreadsheet would calculate what begins with an equals sign; an apostrophe keeps it text."""
    book = WeedingItem(item=evolve(shelf_item(1), title='=HYPERLINK("x")'), published=1990)
    (row,) = rows(weeding_list_csv(weeding_candidates([book], STRICT, on=TODAY)))
    assert '\'=HYPERLINK("x")' == row["title"]


def test_the_weeding_list_names_reasons_and_guards():
    """Who stands at the shelf sees why, and what must not simply go."""
    book = WeedingItem(item=shelf_item(1), published=1990, last_used=date(2020, 5, 4), copies_in_system=1)
    (row,) = rows(weeding_list_csv(weeding_candidates([book], STRICT, on=TODAY)))
    assert "last copy" == row["guards"]
    assert ("1990", "2020-05-04", "all") == (row["published"], row["last used"], row["rule"])
    assert row["reasons"].startswith("age: published 1990 (more than 0 years since publication); disuse")


def test_the_log_says_who_and_why():
    """One line for each decision."""
    entry = WeedingLogEntry(
        item_id="I-1",
        number=2,
        act=WeedingAct.WITHDRAW,
        at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        by="staff-7",
        why="outdated",
        waived=("weeding.last_copy",),
    )
    (row,) = rows(weeding_log_csv([entry]))
    assert ("2026-03-02T09:00:00+00:00", "staff-7", "withdraw", "outdated", "weeding.last_copy") == (
        row["at"],
        row["by"],
        row["act"],
        row["why"],
        row["guards set aside"],
    )


@given(weeding_items())
def test_the_picture_shows_every_item(items):
    """It is well-formed, has a title and a description, and its bars tell as many items as there are. The bands of a
    range stand side by side, from where its name ends."""
    report = collection_report(items, ALL_RANGES, since=date(2025, 3, 2), on=TODAY)
    picture = ET.fromstring(collection_picture(report))
    space = "{http://www.w3.org/2000/svg}"
    assert "The collection by class and age, 2026-03-02" == picture.findtext(f"{space}title")
    assert f"Science: {len(items)} items" == picture.findtext(f"{space}desc")
    told = [bar.findtext(f"{space}title") for bar in picture.iter(f"{space}rect")]
    assert len(items) == sum(int(one.split(": ")[1].split()[0]) for one in told if one)
    bars = [bar for bar in picture.iter(f"{space}rect") if bar.findtext(f"{space}title")]
    ends: dict[str, int] = {}
    for y, left, wide in ((bar.attrib["y"], int(bar.attrib["x"]), int(bar.attrib["width"])) for bar in bars):
        assert left == ends.get(y, 220)
        ends[y] = left + wide
        assert left <= ends[y] < int(picture.attrib["width"])


@given(weeding_items())
def test_the_report_ends_with_the_whole_collection(items):
    """Ranges first, then all of it, in the spreadsheet as on the page."""
    report = collection_report(items, ALL_RANGES, since=date(2025, 3, 2), on=TODAY)
    science, total = rows(collection_csv(report))
    assert ("Science", "500-599", "2", "") == (
        science["range"],
        science["call numbers"],
        science["level"],
        science["goal"],
    )
    assert ("collection", str(len(items))) == (total["range"], total["items"])
    assert str(report.total.uses) == total["uses"]
    assert [] == Page(collection_html(report)).open


def test_an_empty_collection_has_a_report():
    """A new library."""
    report = collection_report([], ALL_RANGES, since=TODAY, on=TODAY)
    assert ["", ""] == [row["turnover"] for row in rows(collection_csv(report))]
    assert "0 items, 0 titles" in collection_picture(report)


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_reports_speak_the_languages_of_the_desk(language) -> None:
    """No English word is left in a report of another language, and what programs read stays as it is."""
    say = Words(language, UTC).report
    facts = count_shelf([SeededError.GONE, SeededError.TOO_FAR_RIGHT]).facts
    result = reckon(facts, at=EVENING)
    english_page, page = (stocktake_html(result, facts.session, say=words) for words in (english, say))
    assert f'<html lang="{language}">' in page
    for key in ("stocktake.numbers", "stocktake.flagged", "column.put_after", "finding.missing"):
        assert english(key) in english_page
        assert english(key) not in page
        assert say(key) in page
    assert [finding.kind.value for finding in result.findings] == [
        row[0] for row in list(csv.reader(StringIO(stocktake_csv(result, say=say))))[1:]
    ]
    report = collection_report([], [*ALL_RANGES], since=date(2025, 1, 1), on=TODAY)
    assert say("collection.over", low=AGE_BANDS[-1]) in collection_html(report, say=say)
    assert say("weeding.title") in weeding_list_html([], on=TODAY, say=say)


def test_a_word_that_is_missing_in_a_language_is_said_in_english() -> None:
    """English has no words of reports in its own file: they come with the room."""
    say = Words("en", UTC).report
    assert {key: english(key) for key in ("language", "column.item")} == {
        key: say(key) for key in ("language", "column.item")
    }
