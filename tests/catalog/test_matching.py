"""One edition or two? Numbers first, then title and author; rather a question than a false merge."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from libops.base.decisions import Permit
from libops.base.errors import InvalidValue, NotFound
from libops.base.ids import BibId
from libops.catalog import BibFacts, BibRecord, MaterialType, change
from libops.catalog.marc import MarcField, MarcRecord, data_field, marc_of, to_bib
from libops.catalog.matching import (
    Answer,
    Evidence,
    FieldSpec,
    MatchOptions,
    OverlayPolicy,
    compare,
    duplicates,
    field_spec,
    match_key,
    merge_fields,
    overlay,
)
from libops.catalog.naco import normalized
from libops.testing.sample_marc import records
from libops.testing.strategies.catalog import bibs, marc_records

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BARE = dict.fromkeys(["isbns", "issns"], ()) | dict.fromkeys(["lccn", "oclc", "control_number"], "")


def bib(number: int = 0, **changes) -> BibRecord:
    return evolve(to_bib(records(20)[number], BibId(f"bib{number}")), **changes)


ALONE = bib(0, **BARE)
WEB = bib(1)


def test_normal_form_forgets_case_marks_and_punctuation() -> None:
    """The first comma of a name stays; both ways to write a ligature are one."""
    assert "dostoevskii, fedor" == normalized("Dostoevski\u0306\u0131\u0306, Fe\u0308dor.")
    assert normalized("t\ufe20s\ufe21ar") == normalized("t\u0361sar")
    assert "walt disney world" == normalized("Walt Disney WORLD!")


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, Answer.SAME),
        ({"title": "Something else altogether"}, Answer.ASK),
        ({"year": 1990, "edition": "2nd ed"}, Answer.SAME),
        ({"material_type": MaterialType.VIDEO}, Answer.ASK),
    ],
)
def test_a_number_of_one_source_needs_a_title_that_agrees(changes: dict, answer: Answer) -> None:
    """Control number or LCCN: sure when the titles agree; another title or material is a question."""
    assert answer is compare(WEB, evolve(WEB, id="other", isbns=(), **changes)).answer


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, Answer.SAME),
        ({"title": "Contracts of another kind"}, Answer.ASK),
        ({"edition": "3rd ed"}, Answer.ASK),
        ({"edition": "First edition"}, Answer.SAME),
        ({"year": 1980}, Answer.ASK),
        ({"language": "ger"}, Answer.ASK),
    ],
)
def test_an_isbn_alone_is_never_enough(changes: dict, answer: Answer) -> None:
    """ISBNs are reused and shared by editions: title, edition, year and language must not contradict."""
    isbn = {"isbns": WEB.isbns} | {name: value for name, value in BARE.items() if name != "isbns"}
    assert answer is compare(evolve(WEB, **isbn), evolve(WEB, **{**isbn, "id": "other", **changes})).answer


def test_without_numbers_the_key_speaks_if_the_authors_agree() -> None:
    """Title, year and author in their short form; a subtitle more or less does not matter."""
    other = evolve(ALONE, id="other", title="Living in Absolute Freedom / D. Partow")
    comparison = compare(ALONE, evolve(other, title=ALONE.title.upper()))
    assert (Answer.SAME, (Evidence.KEY,)) == (comparison.answer, comparison.evidence)
    near = evolve(ALONE, id="other", year=ALONE.year + 1, title="Living in absolute freedom: Donna Partow")
    assert (Answer.ASK, (Evidence.LIKENESS,)) == (compare(ALONE, near).answer, compare(ALONE, near).evidence)


def test_volumes_and_parts_are_never_one() -> None:
    """The numbers in a title tell parts apart, whatever else agrees."""
    one, two = (
        evolve(ALONE, title="Atlas of birds. Volume 1"),
        evolve(ALONE, id="other", title="Atlas of birds. Volume 2"),
    )
    assert Answer.SAME is not compare(one, two).answer
    assert "part" in compare(one, two).against


def test_no_two_works_of_the_sample_are_taken_for_one() -> None:
    """Hundreds of thousands of pairs of real works: not one false merge."""
    some = [to_bib(record, BibId(f"b{place}")) for place, record in enumerate(records(682))]
    assert [] == [pair for pair in duplicates(some) if pair.comparison]
    unnumbered = [evolve(one, **BARE) for one in some[:150]]
    assert [] == [(a.title, b.title) for a, b in combinations(unnumbered, 2) if compare(a, b)]


def test_the_duplicate_report_finds_what_was_entered_twice() -> None:
    """Entered again with other punctuation and no subtitle: named once, with its evidence."""
    some = [to_bib(record, BibId(f"b{place}")) for place, record in enumerate(records(60))]
    again = evolve(
        some[7], id=BibId("again"), title=some[7].title.upper(), lccn="", control_number="", content_hash="x"
    )
    gone = evolve(some[9], id=BibId("gone"), deleted=True)
    (pair,) = duplicates([*some, again, gone])
    assert ({"again", some[7].id}, Answer.SAME) == ({pair.one.id, pair.other.id}, pair.comparison.answer)


def test_keys_carry_their_version() -> None:
    """Two ways to make a key are never compared with each other."""
    assert match_key("title-year-author")(ALONE).startswith("title-year-author/1:livinginabsolutefreedo")
    assert match_key("fingerprint")(ALONE).startswith("fingerprint/1:title:")
    with pytest.raises(NotFound, match="fingerprint"):
        match_key("gold")
    other = MatchOptions(key=match_key("fingerprint"))
    assert compare(ALONE, evolve(ALONE, id="other", year=None), other).evidence == (Evidence.KEY,)


@given(bibs(), bibs())
@settings(max_examples=40, deadline=None)
def test_comparing_is_symmetric_and_a_record_is_itself(one: BibRecord, other: BibRecord) -> None:
    """The order of two records does not matter; a record with a title is the same as itself."""
    assert compare(one, other).answer is compare(other, one).answer
    if one.title and any(char.isalnum() for char in one.title):
        assert Answer.SAME is compare(one, one).answer


OLD = records(1)[0]
NEW = MarcRecord(
    "00000cam a2200000 i 4500",
    (
        MarcField("001", "", (), "ocm00012345"),
        MarcField("003", "", (), "OCoLC"),
        data_field("020", "  ", ("a", "9780764222924")),
        data_field("245", "10", ("a", "Living in absolute freedom /"), ("c", "Donna Partow.")),
        data_field("300", "  ", ("a", "233 pages")),
        data_field("590", "  ", ("a", "Another library's note")),
        data_field("938", "  ", ("a", "vendor")),
        data_field("952", "  ", ("p", "another library's item")),
    ),
)


def test_overlay_keeps_what_is_the_librarys_own() -> None:
    """Items, local notes and the control number stay; the vendor's do not come; the new number goes to 035."""
    result = overlay(OLD, NEW)
    record = result.record
    assert (OLD.value("001"), list(OLD.all("952"))) == (record.value("001"), list(record.all("952")))
    assert ([], []) == (list(record.all("590")), list(record.all("938")))
    assert "(OCoLC)ocm00012345" == record.subfield("035", "a")
    assert "233 pages" == record.subfield("300", "a")
    assert [found.tag for found in record.fields] == sorted(found.tag for found in record.fields)
    assert OLD.first("300") in result.gone
    assert NEW.first("300") in result.come


def test_overlaying_twice_changes_nothing_the_second_time() -> None:
    """The same file again: nothing comes, nothing goes."""
    once = overlay(OLD, NEW).record
    again = overlay(once, NEW)
    assert (True, once) == (again.changes_nothing, again.record)


def test_fields_to_add_stay_beside_the_new_ones() -> None:
    """With `add`, subjects of the old record stay, without doubling those the new one has."""
    policy = OverlayPolicy(add=("650",))
    subjects = list(OLD.all("650"))
    both = overlay(OLD, evolve(NEW, fields=(*NEW.fields[:5], subjects[0])), policy).record
    assert sorted(map(str, subjects)) == sorted(map(str, both.all("650")))


def test_an_overlay_is_stored_as_a_change_that_can_be_undone() -> None:
    """The decision keeps the version before."""
    bib_before = to_bib(OLD, BibId("b1"))
    answer = change(
        BibFacts(bib_before), to_bib(overlay(OLD, NEW).record, BibId("b1")), at=AT, by="ada", version_id="v1"
    )
    assert isinstance(answer, Permit)
    assert OLD == marc_of(answer.result[0].previous)


@pytest.mark.parametrize(
    ("spec", "field", "covered"),
    [
        ("9XX", data_field("952", "  ", ("p", "B1")), True),
        ("9XX", data_field("245", "10", ("a", "Chess")), False),
        ("650/_4", data_field("650", " 4", ("a", "Chess")), True),
        ("650/_4", data_field("650", " 0", ("a", "Chess")), False),
        ("650/#_", data_field("650", " 0", ("a", "Chess")), True),
        ("856$5=XxTown", data_field("856", "40", ("u", "x"), ("5", "XxTown")), True),
        ("856$5=XxTown", data_field("856", "40", ("u", "x"), ("5", "Other")), False),
        ("856$5", data_field("856", "40", ("u", "x")), False),
    ],
)
def test_specs_of_fields(spec: str, field: MarcField, covered: bool) -> None:
    """A tag with X for any digit, indicators, a subfield and its text."""
    assert covered is field_spec(spec).covers(field)


def test_a_spec_that_names_nothing_is_refused() -> None:
    """The error shows it."""
    with pytest.raises(InvalidValue, match="24"):
        field_spec("24")
    assert FieldSpec("9XX") == field_spec("9XX")


@given(marc_records(), marc_records())
@settings(max_examples=40, deadline=None)
def test_no_protected_field_is_ever_lost(old: MarcRecord, new: MarcRecord) -> None:
    """Whatever comes, what the policy protects is there afterwards, and exactly once more than never."""
    record = overlay(old, new).record
    assert list(old.all("952")) == list(record.all("952"))


@given(marc_records(), marc_records())
@settings(max_examples=40, deadline=None)
def test_merging_takes_and_never_drops(winner: MarcRecord, loser: MarcRecord) -> None:
    """All of the winner stays, in its order; of the loser come the named fields that are new."""
    merged = merge_fields(winner, loser)
    kept = [found for found in merged.fields if found in winner.fields]
    assert list(winner.fields) == kept[: len(winner.fields)] or sorted(map(str, winner.fields)) == sorted(
        map(str, kept)
    )
    assert {str(one) for one in loser.all("650", "952")} <= {str(one) for one in merged.fields}


@given(st.text(max_size=60))
@settings(max_examples=80, deadline=None)
def test_the_normal_form_is_normal(text: str) -> None:
    """Normalizing twice is normalizing once."""
    assert normalized(text) == normalized(normalized(text))
