"""How Dewey, NLM, SuDoc, UDC, ANSCR and running numbers file, by their own rules."""

from __future__ import annotations

import pytest

from libops.classification import (
    SCHEMES,
    FilingPolicy,
    PartKind,
    ShortClass,
    StampPlace,
    SudocHearings,
    SudocLetters,
    SudocYears,
    UdcRanges,
    anscr,
    ddc,
    detect,
    lcc,
    local,
    nlm,
    sudoc,
    udc,
)

SHELVES = {
    "ddc: class digit by digit": [
        "004 A1",
        "027.4 A1",
        "027.473 A1",
        "027.5 A1",
        "028 A1",
        "813 K5",
        "813.54 Z9",
        "813.6 A1",
    ],
    "ddc: cutter digits as a decimal fraction, then work mark": [
        "813.54 M32",
        "813.54 M32a",
        "813.54 M32s",
        "813.54 M321",
        "813.54 M4",
    ],
    "ddc: letters and Cutter numbers in one alphabet": ["813.54 L63", "813.54 LIN", "813.54 M32", "813.54 ROW"],
    "ddc: then date, volume, copy": [
        "780 B12",
        "780 B12 v.1",
        "780 B12 v.2",
        "780 B12 v.2 c.2",
        "780 B12 v.10",
        "780 B12 1999",
        "780 B12 2001",
    ],
    "ddc: stamped shelves after the plain ones, each together": [
        "001 A1",
        "999 A1",
        "J 001 A1",
        "J 999 A1",
        "REF 001 A1",
        "YR DVD 800.1 A1",
    ],
    "ddc: fiction and picture books by author": ["813 A1", "E LIO", "FIC ADA", "FIC R53", "FIC ROW"],
    "ddc: a lost leading zero": ["1 .I39", "001.4 A1", "2 A1", "10 A1"],
    "ddc: biography as 92 with a name": ["910 A1", "92 KEN", "92 LIN", "920 A1", "929 A1"],
    "nlm: among the letters LC leaves empty": [
        "QS 4 .A1",
        "QSA",
        "QT 104 .A1",
        "QV 4 .A1",
        "QZ 200 .A1",
        "W 1 .A1",
        "WA 900 .A1",
        "WB 102 .A1",
    ],
    "nlm: decimal class numbers and 19th-century letters": [
        "WB 102 .A1",
        "WB 102.5 .A1",
        "WB 103 .A1",
        "WBA",
        "WC 1 .A1",
    ],
    "nlm: geographic and serial numbers letter by letter": [
        "WA 900 .A1",
        "WA 900 .G2",
        "WA 900 .GA1",
        "WA 900 .GI8",
        "WA 900 .H1",
    ],
    "nlm: serials of W1": ["W1 AM123", "W1 JO867", "W1 JO867SB", "W1 JO868"],
    "sudocs: whole numbers in the stem": ["A 1.2:1", "A 1.9:1", "A 1.10:1", "A 2.1:1", "A 10.1:1", "AE 1.1:1"],
    "sudocs: colon, dash, slash": ["A 1.2:5", "A 1.2-2:5", "A 1.2/2:5", "A 1.2/2-3:5", "A 1.2/3:5"],
    "sudocs: years, letters, numbers": [
        "A 1.2:887",
        "A 1.2:999",
        "A 1.2:2004",
        "A 1.2:R 42",
        "A 1.2:R 42/995",
        "A 1.2:R 42/2",
        "A 1.2:321",
    ],
    "sudocs: a year with a number after its range": ["C 3.1:989", "C 3.1:989-90", "C 3.1:989-2", "C 3.1:990"],
    "sudocs: committees by letters": ["Y 4.AG 8/1:1", "Y 4.AG 8/3:1", "Y 4.F 49:1", "Y 4.J 89/1:1"],
    "udc: the signs at one number": [
        "51+53",
        "51/53",
        "51",
        "51:53",
        "51::53",
        "51[53]",
        "51=111",
        "51(051)",
        "51(410)",
        "51(=411.16)",
        '51"19"',
        "51*A12",
        "51NEW",
        "51.00",
        "51-02",
        "51-1",
        "51.01",
        "51'1",
        "510",
        "51.72",
        "52",
    ],
    "udc: decimal, points are only punctuation": ["5", "51", "510", "512.6", "5126.1", "513", "52"],
    "udc: numbers in brackets and quotes too": [
        "94(4)",
        "94(41)",
        "94(410)",
        "94(42)",
        '94"18"',
        '94"19"',
        '94"1939/1945"',
        '94"1939"',
        '94"194"',
    ],
    "udc: author after the number": ["821.111", "821.111 ADA", "821.111 HEM", "821.111 HEM v.2", "821.111-31 ADA"],
    "anscr: term by term": [
        "EC BACH BRA K12",
        "ES BEET SYM B90",
        "ES BEET SYM K06",
        "ES BEET SYM K67",
        "ES BEET VI A10",
        "ES BERL SYM A10",
        "M ELLI A B12",
    ],
    "local: whole numbers": ["CD 2", "CD 10", "CD 1,042", "DVD 1", "DVD 2 vol. 2", "DVD 3"],
    "local: RVK": ["NH 900", "NH 7000 B12", "NH 7000 T288-2,4,55", "NH 7000 T288-10", "NI 100"],
}


@pytest.mark.parametrize("rule", SHELVES)
def test_a_shelf_stands_as_a_technician_shelves_it(rule: str) -> None:
    """Each list is in shelf order as written; sorting any mix of it gives it back."""
    scheme, shelf = SCHEMES.named(rule.partition(":")[0]), SHELVES[rule]
    assert len({scheme.sort_key(text) for text in shelf}) == len(shelf)
    assert shelf == sorted(shelf, key=scheme.sort_key)


@pytest.mark.parametrize(
    ("scheme", "same"),
    [
        ("ddc", ["813.54 M32", "813/.54 M32", "813'.54 M32", "813.5'4 m32", "813.54M32", "813.54 .M32"]),
        ("ddc", ["REF 220.3 R5 c.1", "R.E.F. 220.3 R5 c.1", "ref220.3 R5c.1"]),
        ("ddc", ["510 s", "510"]),
        ("ddc", ["[Fic]", "FIC", "fic"]),
        ("nlm", ["WB 102.5 .A1", "WB102.5 A1", "wb 102.5a1"]),
        ("sudocs", ["A 1.2:R 42", "A1.2:R42", "a 1.2 : r 42", "A 1.2:R. 42"]),
        ("sudocs", ["Y 4.AG 8/1:S.HRG. 105-23", "Y4.Ag8/1:S.HRG 105-23"]),
        ("udc", ["622.333(410)", "622.333 (410)", "622333(410)"]),
        ("udc", ["523.41/.43", "523.41/523.43"]),
        ("anscr", ["ES BEET SYM K67", "es beet sym k 67", "ES-BEET-SYM-K67"]),
        ("local", ["DVD 1,042", "DVD1042", "dvd-1042"]),
    ],
)
def test_ways_of_writing_one_number(scheme: str, same: list[str]) -> None:
    """Segmentation marks, dots, spaces and capitals do not move a number."""
    assert 1 == len({SCHEMES.named(scheme).sort_key(text) for text in same})


@pytest.mark.parametrize(
    ("scheme", "text", "lines"),
    [
        ("ddc", "813/.54 M32 2001 v.2", ("813.54", "M32", "2001", "v.2")),
        ("ddc", "YR DVD 800.1 A12", ("YR", "DVD", "800.1", "A12")),
        ("ddc", "R220.3 R5c.1", ("R", "220.3", "R5", "c.1")),
        ("ddc", "FIC ROW", ("FIC", "ROW")),
        ("nlm", "WA 900 .GA1 H4 1998", ("WA", "900", ".GA1", "H4", "1998")),
        ("sudocs", "A 1.2/2:R 42/995", ("A 1.2/2:", "R 42/995")),
        ("udc", '94(410)"1939/1945" CHU v.1', ('94(410)"1939/1945"', "CHU", "v.1")),
        ("anscr", "ES BEET SYM K67", ("ES", "BEET", "SYM", "K67")),
        ("local", "NH 7000 T288-2", ("NH", "7000", "T288-2")),
    ],
)
def test_label_lines(scheme: str, text: str, lines: tuple[str, ...]) -> None:
    """Each scheme has its own lines; nothing is cut."""
    assert lines == SCHEMES.named(scheme).label_lines(text)


def test_short_dewey_class_padded_or_as_written() -> None:
    """`81`: a lost zero (081), or 810 cut short."""
    cut_short = FilingPolicy(short_class=ShortClass.DECIMAL)
    assert ddc.sort_key("81 A1") == ddc.sort_key("081 A1")
    assert ddc.sort_key("809 A1") < ddc.sort_key("81 A1", policy=cut_short) < ddc.sort_key("810 A1")
    assert ddc.parse("81 A1").warnings == ("class '81' has fewer than three digits: filed as 081",)


def test_dewey_stamps_ignored_or_last() -> None:
    """A library that interfiles reference books, with or without telling them apart."""
    ignored, suffix = FilingPolicy(prefixes=StampPlace.IGNORED), FilingPolicy(prefixes=StampPlace.SUFFIX)
    assert ddc.sort_key("REF 030 B8", policy=ignored) == ddc.sort_key("030 B8")
    assert ddc.sort_key("030 B8") < ddc.sort_key("REF 030 B8", policy=suffix) < ddc.sort_key("031 A1")


def test_dewey_range_covers_decimals() -> None:
    """The 500s end after 599.99, not at 599."""
    sciences = ddc.range("500", "599")
    assert [
        text for text in ("499.99", "500", "510.1 A1", "599", "599.98 Z9", "600") if ddc.sort_key(text) in sciences
    ] == [
        "500",
        "510.1 A1",
        "599",
        "599.98 Z9",
    ]


def test_sudoc_years_as_numbers() -> None:
    """Humboldt files years after the colon as plain numbers."""
    plain = FilingPolicy(sudoc_years=SudocYears.AS_NUMBERS)
    shelf = ["A 1.2:321", "A 1.2:999", "A 1.2:2004"]
    assert shelf == sorted(shelf, key=lambda text: sudoc.sort_key(text, policy=plain))


def test_sudoc_letters_after_numbers() -> None:
    """Plattsburgh files numbers before letters."""
    numbers_first = FilingPolicy(sudoc_letters=SudocLetters.AFTER_NUMBERS)
    shelf = ["A 1.2:999", "A 1.2:321", "A 1.2:R 42"]
    assert shelf == sorted(shelf, key=lambda text: sudoc.sort_key(text, policy=numbers_first))


def test_senate_hearings_last_in_their_class() -> None:
    """Humboldt and Wright State keep S.HRG. behind all else of the committee."""
    last = FilingPolicy(sudoc_hearings=SudocHearings.LAST)
    shelf = ["Y 4.AG 8/3:W 29", "Y 4.AG 8/3:103-5", "Y 4.AG 8/3:S.HRG. 105-23", "Y 4.F 49:1"]
    assert shelf == sorted(shelf, key=lambda text: sudoc.sort_key(text, policy=last))
    by_letter = sorted(shelf, key=sudoc.sort_key)
    assert by_letter.index("Y 4.AG 8/3:S.HRG. 105-23") == 0


def test_udc_ranges_wider_first_or_by_their_end() -> None:
    """`622/624` covers more than `622/623`."""
    by_end = FilingPolicy(udc_ranges=UdcRanges.BY_END)
    shelf = ["622/63", "622/624", "622/623", "622"]
    assert shelf == sorted(shelf, key=udc.sort_key)
    assert sorted(shelf, key=lambda text: udc.sort_key(text, policy=by_end)) == ["622/623", "622/624", "622/63", "622"]


def test_udc_brackets_must_balance_but_still_file() -> None:
    """A lost bracket is reported; the number keeps its place."""
    odd = udc.parse("94(410")
    assert odd.warnings == ("'94(410': ( without )",)
    assert odd.sort_key == udc.sort_key("94(410)")
    assert udc.parse("622(410).333").of(PartKind.PLACE) == ("(410)",)
    assert udc.parse("622(410).333").warnings == ()


def test_nlm_and_lc_stand_on_one_shelf() -> None:
    """NLM uses letters LC leaves empty, so both interfile by their keys."""
    shelf = [lcc.sort_key("QR46 .A1"), nlm.sort_key("QS 4 .A1"), nlm.sort_key("QZ 200 .A1"), lcc.sort_key("R11 .A1")]
    shelf += [lcc.sort_key("TX9 .A1"), nlm.sort_key("W 1 .A1"), nlm.sort_key("WZ 100 .A1"), lcc.sort_key("Z1 .A1")]
    assert shelf == sorted(shelf)


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        ("QA76.73 .P98 L88 2001", "lcc"),
        ("PZ7.L8432 Lo 2002", "lcc"),
        ("813.54 M32", "ddc"),
        ("REF 220.3 R5", "ddc"),
        ("FIC ROW", "ddc"),
        ("WA 900 .GA1 H4 1998", "nlm"),
        ("A 1.2/2:R 42/995", "sudocs"),
        ("Y 4.Ag 8/1:S.HRG. 105-23", "sudocs"),
        ('94(410)"1939/1945"', "udc"),
        ("621.397.13", "udc"),
        ("ES BEET SYM K67", "anscr"),
        ("DVD 1042", "local"),
        ("Shelved by title", "local"),
    ],
)
def test_scheme_is_recognized(text: str, scheme: str) -> None:
    """Most numbers tell what they are, with a reason."""
    assert scheme == detect(text).best.scheme
    assert detect(text).best.reasons


@pytest.mark.parametrize(("text", "both"), [("539.12", {"ddc", "udc"}), ("M 1", {"lcc", "local"})])
def test_ambiguous_numbers_are_said_to_be_so(text: str, both: set[str]) -> None:
    """`539.12` may be Dewey or UDC; `M 1` LC or a running number: a person must say."""
    found = detect(text)
    assert found.ambiguous
    assert both == {candidate.scheme for candidate in found.candidates[:2]}


def test_anscr_and_local_explain_themselves() -> None:
    """Each scheme says which of its parts decided."""
    assert str(anscr.explain("ES BEET SYM K67", "EC BACH BRA K12")) == "category 'EC' before 'ES' (alphabetic)"
    assert str(local.explain("DVD 10", "DVD 9")) == "number '9' before '10' (whole number)"
    assert str(sudoc.explain("A 1.2:321", "A 1.2:2004")) == "date ':2004' before number ':321' (kind of part)"
