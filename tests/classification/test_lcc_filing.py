"""How Library of Congress call numbers file (Shelflisting Manual G 55, G 63, G 100; filing guides of libraries)."""

from __future__ import annotations

import pytest

from libops.classification import (
    ClassYear,
    FilingPolicy,
    FirstCutterDot,
    LabelStyle,
    MultiLetterCutters,
    PartKind,
    StampPlace,
    ThematicNumbers,
    VolumeCaptions,
    WordAfterClass,
    WordAfterCutter,
    WorkMarks,
    lcc,
)

SHELVES = {
    "class letters by letter, nothing before something": [
        "A1 .B2",
        "AB1 .B2",
        "ABC1 .B2",
        "B1 .B2",
        "DA1 .B2",
        "DAW1 .B2",
    ],
    "class number as a whole number": ["LB9 .A1", "LB65 .A1", "LB2395 .A1", "LB9999 .A1"],
    "class decimal digit by digit": ["QA76 .C15", "QA76.15 .A1", "QA76.2 .A1", "QA76.73 .A1", "QA76.9 .A1", "QA77 .A1"],
    "cutter digits as a decimal fraction": [
        "PS3553 .A1",
        "PS3553 .A101",
        "PS3553 .A12",
        "PS3553 .A2",
        "PS3553 .B05",
        "PS3553 .B1",
    ],
    "second cutter after the first alone": ["HD58.7 .P7", "HD58.7 .P7 A2", "HD58.7 .P7 B1", "HD58.7 .P75"],
    "dates in order of years, undated first": [
        "QE534 .B64",
        "QE534 .B64 1988",
        "QE534 .B64 1988a",
        "QE534 .B64 1997",
        "QE534 .B64 2003",
    ],
    "a decade without its last digit before its years": ["Z1 .A5 1989", "Z1 .A5 199-", "Z1 .A5 1990"],
    "ordinal of the class before every cutter": ["PQ4453 1900 .A1", "PQ4453 .A3"],
    "ordinals as whole numbers": ["E513.5 2d .A1", "E513.5 10th .A1", "E513.5 15th .A1", "E513.5 .A1"],
    "date between cutters before a further cutter": [
        "JX33 .A5",
        "JX33 .A5 1968",
        "JX33 .A5 1968 .I31",
        "JX33 .A5 1970",
        "JX33 .A5 B2",
    ],
    "volumes as whole numbers, within the date": [
        "AM7 .H7 1999",
        "AM7 .H7 1999 v.2",
        "AM7 .H7 1999 v.10",
        "AM7 .H7 2000 v.1",
    ],
    "copies last": ["AM7 .H7 v.1", "AM7 .H7 v.1 c.2", "AM7 .H7 v.1 c.10", "AM7 .H7 v.2"],
    "juvenile fiction by letters of the title": ["PZ7 .L8432 Ho 2001", "PZ7 .L8432 Lo 2002", "PZ7 .L8433 Aa 1990"],
    "work mark after the bare number": ["PR9199 .A101", "PR9199 .A101 1990", "PR9199 .A101m", "PR9199 .A102"],
    "opus and thematic numbers as whole numbers": [
        "M452 .M69 K.80",
        "M452 .M69 K.421",
        "M452 .M69 op.9",
        "M452 .M69 op.79",
    ],
    "thematic catalog with a space": ["M50 .B12 BWV 988", "M50 .B12 BWV 1007"],
    "map scales as whole numbers": ["G4364 .L8 s24 .L6", "G4364 .L8 s250 .A1", "G4364 .L8 s1000 .B2"],
    "months and seasons in time order": [
        "AP2 .N5 1990 Jan",
        "AP2 .N5 1990 Feb.",
        "AP2 .N5 1990 Dec",
        "AP2 .N5 1990 Winter",
    ],
    "new series, supplements and indexes after the volumes": [
        "Q1 .S3 v.99",
        "Q1 .S3 ser.2 v.1",
        "Q1 .S3 n.s. v.1",
        "Q1 .S3 suppl. 1",
        "Q1 .S3 index",
    ],
    "combined volumes by their first number": ["Q1 .S3 v.1", "Q1 .S3 v.1-3", "Q1 .S3 v.2", "Q1 .S3 v.10/11"],
}


@pytest.mark.parametrize("rule", SHELVES)
def test_a_shelf_stands_as_a_technician_shelves_it(rule: str) -> None:
    """Each list is in shelf order as written; sorting any mix of it gives it back."""
    shelf = SHELVES[rule]
    keys = [lcc.sort_key(text) for text in shelf]
    assert len(set(keys)) == len(shelf)
    assert shelf == sorted(shelf, key=lcc.sort_key)


@pytest.mark.parametrize(
    "same",
    [
        ["HF5549 .A1", "HF 5549 .A1", "hf5549.a1", "HF5549A1", "HF  5549  .A1"],
        ["QA76.73.P98L88 2001", "QA 76.73 .P98 L88 2001", "qa76.73 p98l88 2001"],
        ["PQ4453.10th .F3", "PQ4453 10th .F3"],
        ["Q1 .S3 vol. 3", "Q1 .S3 v.3", "Q1 .S3 Volume 3"],
        ["Q1 .S3 Bd. IV", "Q1 .S3 Bd.4"],
        ["Q1 .S3 n.s. v.2", "Q1 .S3 n. s. v. 2", "Q1 .S3 new ser. v.2"],
        ["QA76.073 .A1", "QA 76.073 A1"],
    ],
)
def test_ways_of_writing_one_number(same: list[str]) -> None:
    """Data omit or move dots and spaces; the place on the shelf is one."""
    assert 1 == len({lcc.sort_key(text) for text in same})


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("QA76.73.P98 L88 2001", ("QA", "76.73", ".P98", "L88", "2001")),
        ("PN1992.77 .S73 D8 1998 v.2 c.3", ("PN", "1992.77", ".S73", "D8", "1998", "v.2", "c.3")),
        ("PQ4453.10th .F3", ("PQ", "4453", "10th", ".F3")),
        ("OVERSIZE N7433.4 .K5 1990", ("OVERSIZE", "N", "7433.4", ".K5", "1990")),
        ("PR9199.A101m 1990", ("PR", "9199", ".A101m", "1990")),
        ("Q1 .S3 n.s. v. 2", ("Q", "1", ".S3", "n.s.", "v.2")),
        ("PT2603 .R397 Heft 42", ("PT", "2603", ".R397", "Heft 42")),
        ("PT2603 .R397 Bd. IV (1955)", ("PT", "2603", ".R397", "Bd.4", "1955")),
    ],
)
def test_label_has_one_line_for_each_part(text: str, lines: tuple[str, ...]) -> None:
    """Letters, number with decimal, each Cutter number, date, each level of the volume, copy."""
    assert lines == lcc.label_lines(text)


def test_label_variants() -> None:
    """Some libraries keep letters and number together, or break narrow labels at the decimal."""
    text = "QA76.73 .P98"
    assert lcc.label_lines(text, style=LabelStyle(class_on_one_line=True)) == ("QA76.73", ".P98")
    assert lcc.label_lines(text, style=LabelStyle(decimal_on_own_line=True)) == ("QA", "76", ".73", ".P98")


def test_first_cutter_dot_always_or_as_given() -> None:
    """LC prints the dot; Koha's practice keeps a missing dot missing."""
    as_given = FilingPolicy(first_cutter_dot=FirstCutterDot.AS_GIVEN)
    assert lcc.format("QA76 C15") == "QA76 .C15"
    assert lcc.format("QA76 C15", policy=as_given) == "QA76 C15"
    assert lcc.label_lines("QA76 C15", policy=as_given) == ("QA", "76", "C15")


def in_order(policy: FilingPolicy, *shelf: str) -> bool:
    keys = [lcc.sort_key(text, policy=policy) for text in shelf]
    return keys == sorted(keys) and len(set(keys)) == len(keys)


def test_work_marks_before_or_after_a_second_cutter() -> None:
    """`.A1m` and `.A1 B2`: practice differs."""
    assert in_order(FilingPolicy(), "PR9 .A1", "PR9 .A1m", "PR9 .A1 B2", "PR9 .A2")
    assert in_order(FilingPolicy(work_marks=WorkMarks.AFTER_CUTTER), "PR9 .A1", "PR9 .A1 B2", "PR9 .A1m", "PR9 .A2")


def test_words_after_a_cutter_before_all_cutters_or_by_letter() -> None:
    """`PZ7 .R79 Har` and `PZ7 .R79 C5`."""
    before = FilingPolicy(word_after_cutter=WordAfterCutter.BEFORE_CUTTER)
    assert in_order(FilingPolicy(), "PZ7 .R79 C5", "PZ7 .R79 H3", "PZ7 .R79 Har", "PZ7 .R79 K2")
    assert in_order(before, "PZ7 .R79 Har", "PZ7 .R79 C5", "PZ7 .R79 K2")


def test_a_word_between_class_and_cutter() -> None:
    """`B9 SVAR .L3`: after the Cutter numbers, before them, or not a number at all."""
    before = FilingPolicy(word_after_class=WordAfterClass.BEFORE_CUTTERS)
    refused = FilingPolicy(word_after_class=WordAfterClass.UNREADABLE)
    assert in_order(FilingPolicy(), "B9 .A1", "B9 .Z9", "B9 SVAR .L3", "B9.5 .A1")
    assert in_order(before, "B9 SVAR .L3", "B9 .A1", "B9.5 .A1")
    assert in_order(refused, "B9 .A1", "ZZ9 .A1", "B9 SVAR .L3")
    assert lcc.parse("B9 SVAR .L3", policy=refused).warnings == ("word 'SVAR' between class and Cutter number",)


def test_cutters_of_several_letters() -> None:
    """`.MS32`: letter by letter, or where a word files."""
    by_word = FilingPolicy(
        multi_letter_cutters=MultiLetterCutters.AS_WORD, word_after_cutter=WordAfterCutter.BEFORE_CUTTER
    )
    assert in_order(FilingPolicy(), "BS1 .M32", "BS1 .M9", "BS1 .MS32", "BS1 .N1")
    assert in_order(by_word, "BS1 .MS32", "BS1 .A1", "BS1 .M9")


def test_thematic_number_or_cutter() -> None:
    """The dot in `K.240` marks a number of Koechel's catalog."""
    as_cutter = FilingPolicy(thematic_numbers=ThematicNumbers.AS_CUTTER)
    assert in_order(FilingPolicy(), "M452 .M69 K.80", "M452 .M69 K.240", "M452 .M69 K240")
    assert in_order(as_cutter, "M452 .M69 K.240", "M452 .M69 K.80")
    assert lcc.sort_key("M452 .M69 K.240", policy=as_cutter) == lcc.sort_key("M452 .M69 K240", policy=as_cutter)


def test_a_set_whose_caption_changed() -> None:
    """Lecture notes numbered `vol. 1724`, then `no. 1730`: one run of numbers, or each caption together."""
    apart = FilingPolicy(captions=VolumeCaptions.BY_CAPTION)
    assert in_order(FilingPolicy(), "QA3 .L28 vol. 1724", "QA3.L28 no. 1730", "QA3 .L28 vol. 1731")
    assert in_order(apart, "QA3.L28 no. 1730", "QA3 .L28 vol. 1724", "QA3 .L28 vol. 1731")


def test_size_marks_own_sequence_ignored_or_last() -> None:
    """Oversize on its own shelf, interfiled, or told apart only at the end."""
    own = FilingPolicy(size_marks=StampPlace.OWN_SEQUENCE)
    ignored = FilingPolicy(size_marks=StampPlace.IGNORED)
    assert in_order(FilingPolicy(), "N7 .A1", "N7 .A1 folio", "N7 .A2")
    assert in_order(own, "N7 .A1", "N9 .A1", "N7 .A1 folio")
    assert lcc.sort_key("N7 .A1", policy=ignored) == lcc.sort_key("N7 .A1 folio", policy=ignored)


def test_year_of_the_class_or_of_the_book() -> None:
    """`A1 1990`: the same place, another field."""
    published = FilingPolicy(class_year=ClassYear.PUBLICATION)
    assert lcc.parse("A1 1990").of(PartKind.CLASS_DATE) == ("1990",)
    assert lcc.parse("A1 1990", policy=published).of(PartKind.DATE) == ("1990",)
    assert lcc.parse("A1 1990 .B2", policy=published).of(PartKind.CLASS_DATE) == ("1990",)
    assert lcc.sort_key("A1 1990") == lcc.sort_key("A1 1990", policy=published)


def test_what_cannot_be_read_files_last_with_a_warning() -> None:
    """A number of another scheme on an LC shelf stands at its end, where someone will see it."""
    odd = lcc.parse("MLCS 2006/44781")
    assert "is not read" in odd.warnings[0]
    assert odd.sort_key > lcc.sort_key("ZZ9999.9 .Z9")


def test_range_covers_decimals_and_ends_with_all_of_the_last_number() -> None:
    """The computing range QA75 to QA76 holds QA76.73 but not QA760; a lone letter holds its subclasses."""
    computing = lcc.range("QA75", "QA76")
    inside = ["QA75 .A1", "QA75.5 .Z9", "QA76 .C15", "QA76.73 .P98 1999 v.2"]
    outside = ["QA74 .Z9", "QA77 .A1", "QA760 .A1", "Q75 .A1"]
    assert [text for text in inside + outside if lcc.sort_key(text) in computing] == inside
    assert lcc.sort_key("QA76 .A1") in lcc.range("Q")
    assert lcc.sort_key("QA76 .A1") not in lcc.range("Q1", "Q9999")


@pytest.mark.parametrize(
    ("a", "b", "told"),
    [
        ("QA9 .B2", "QA76 .B2", "class number '9' before '76' (whole number)"),
        ("PS3553 .A12", "PS3553 .A2", "Cutter number '.A12' before '.A2' (decimal)"),
        ("HD58.7 .P7", "HD58.7 .P7 A2", "nothing before something: one number ends before the Cutter number 'A2'"),
        ("REF QA76 .B2", "QA76 .B2", "class letters 'QA' before prefix stamp 'REF' (sequence)"),
        ("Q1 .S3 v.2", "Q1 .S3 v.10", "enumeration 'v.2' before 'v.10' (whole number)"),
        ("Q1 .S3", "q 1 s3", "the two file at the same place"),
    ],
)
def test_why_one_stands_before_the_other(a: str, b: str, told: str) -> None:
    """A shelf reader in training asks which part decided."""
    assert told == str(lcc.explain(a, b))
    assert told == str(lcc.explain(b, a))
