"""Barcodes and numbers: what each check digit catches, and what a scanned text is."""

from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libops.base.barcodes import (
    codabar,
    code39,
    coden,
    ean13,
    isbn,
    isil,
    ismn,
    issn,
    lccn,
    library14,
    oclc,
)
from libops.base.barcodes.profiles import (
    STANDARD_PROFILE,
    BarcodeKind,
    BarcodeProfile,
    BarcodeRule,
    CheckDigit,
    Recognized,
    clean,
)
from libops.base.errors import InvalidValue
from libops.testing.strategies.base import item_barcodes, patron_barcodes

CODE39_TEXT = st.text(code39.ALPHABET, min_size=1, max_size=12).filter(lambda text: text.strip() == text)


def numbers(prefix: str, digits: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=digits, max_size=digits).map(prefix.__add__)


CHECKED = [
    (library14, numbers("3", 12)),
    (ean13, numbers("", 12)),
    (isbn, numbers("978", 9)),
    (ismn, numbers("9790", 8)),
    (issn, numbers("", 7)),
    (code39, CODE39_TEXT),
    (coden, st.text(coden.LETTERS, min_size=5, max_size=5)),
]


@pytest.mark.parametrize("module", [module for module, _ in CHECKED], ids=lambda module: module.__name__.split(".")[-1])
@given(st.data())
def test_a_number_with_its_check_digit_is_valid_and_prints_back(module: ModuleType, data: st.DataObject) -> None:
    """Each number reads back from its printed form, and no other check character will do."""
    body = data.draw(dict(CHECKED)[module])
    number = body + module.check_digit(body)
    assert number == module.validate(number)
    assert number == module.compact(module.format(number))
    wrong = [body + other for other in "0123456789X" if other != number[-1]]
    assert not any(module.is_valid(number) for number in wrong)


@pytest.mark.parametrize(
    "module", [isbn, issn, library14, ean13, ismn], ids=lambda module: module.__name__.split(".")[-1]
)
@given(st.data())
def test_one_wrong_digit_is_always_caught(module: ModuleType, data: st.DataObject) -> None:
    """A slip in typing one digit never gives another valid number of the same kind."""
    body = data.draw(dict(CHECKED)[module])
    number = body + module.check_digit(body)
    place = data.draw(st.integers(0, len(body) - 1))
    other = data.draw(st.sampled_from("0123456789").filter(lambda digit: digit != number[place]))
    assert not module.is_valid(number[:place] + other + number[place + 1 :])


@given(numbers("", 9))
def test_the_old_isbn_and_the_new_are_one_book(body: str) -> None:
    """Ten characters become thirteen and come back, X included."""
    old = body + isbn.check_digit(body)
    assert old == isbn.to_isbn10(isbn.to_isbn13(old))


@pytest.mark.parametrize("text", ["ISBN 0-306-40615-2", "ISBN-13: 978-0-306-40615-7", "ISBN-10: 0306406152"])
def test_an_isbn_is_read_as_it_is_printed(text: str) -> None:
    """With or without the letters before it."""
    assert "9780306406157" == isbn.validate(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0306406153", "where 2 would be right"),
        ("030640615X", "where 2 would be right"),
        ("X306406152", "it has 9 digits"),
        ("97803064061", "10 or 13 characters"),
        ("4006381333931", "begin with 978 or 979"),
        ("978030640615٧", "13 digits"),
    ],
)
def test_what_is_no_isbn_says_why(text: str, message: str) -> None:
    """Wrong check digit, length, prefix or alphabet."""
    with pytest.raises(InvalidValue, match=message):
        isbn.validate(text)


@pytest.mark.parametrize("text", ["9790260000438", "979-0-2600-0043-8"])
def test_music_is_never_taken_for_a_book(text: str) -> None:
    """979-0 belongs to the ISMN, although it passes the check of ISBN-13."""
    assert ean13.is_valid(text)
    assert not isbn.is_valid(text)
    with pytest.raises(InvalidValue, match="printed music"):
        isbn.validate(text)
    assert Recognized(BarcodeKind.ISMN, "9790260000438") == STANDARD_PROFILE.recognize(text)


def test_a_book_that_begins_with_979_has_no_short_form() -> None:
    """979-10 is French; there never were ten characters for it."""
    assert isbn.is_valid("979-10-90636-07-1")
    with pytest.raises(InvalidValue, match="no form of ten"):
        isbn.to_isbn10("979-10-90636-07-1")


def test_an_issn_on_a_cover_is_checked_as_an_ean() -> None:
    """The cover's check digit is its own: a misread of it is no serial."""
    assert "03785955" == issn.validate(issn.to_ean13("0378-5955", "12"))
    with pytest.raises(InvalidValue, match="where 2 would be right"):
        issn.validate("9770378595001")


def test_the_ismn_of_before_2007_is_the_same_number() -> None:
    """M and nine digits become 979-0 and nine digits, the check digit stays."""
    assert ismn.validate("979-0-2306-7118-7") == ismn.validate("M-2306-7118-7")
    with pytest.raises(InvalidValue, match="nine digits after"):
        ismn.validate("M-2306-7118")


@pytest.mark.parametrize("text", ["30234000517861", "33191000105864"])
def test_library_barcodes_seen_in_print_pass(text: str) -> None:
    """Two worked examples of the 14-digit barcode."""
    assert text == library14.validate(text)


@pytest.mark.parametrize("text", ["35555000012349", "22390000027896"])
def test_some_barcodes_printed_as_examples_fail(text: str) -> None:
    """Which is why a check digit is a matter of the profile: without one they are recognized."""
    assert STANDARD_PROFILE.recognize(text).problem is not None
    kind = BarcodeKind.PATRON_CARD if text[0] == "2" else BarcodeKind.ITEM
    unchecked = BarcodeProfile([BarcodeRule(kind=kind, prefix=text[0], length=14)])
    assert Recognized(kind, text) == unchecked.recognize(text)


@pytest.mark.parametrize(
    ("spelled", "expected"),
    [("66-17874", "66017874"), ("n78-890351", "n78890351"), ("n 78890351 ", "n78890351"), (" 85000002 ", "85000002")],
)
def test_an_lccn_has_one_normal_form(spelled: str, expected: str) -> None:
    """Spaces, slash and short serial numbers are spelling."""
    assert expected == lccn.validate(spelled)
    assert not lccn.is_valid("66-1787412345")


@pytest.mark.parametrize("spelled", ["(OCoLC)12345", "ocm00012345", "ocn012345", "on 12345", "12345"])
def test_an_oclc_number_has_one_normal_form(spelled: str) -> None:
    """Prefix and leading zeros are spelling."""
    assert "12345" == oclc.validate(spelled)
    assert not oclc.is_valid("ocm")


def test_coden_of_three_journals() -> None:
    """Checked on three chemistry journals."""
    assert ["JACSAT", "NATUAS", "SCIEAS"] == [body + coden.check_digit(body) for body in ("JACSA", "NATUA", "SCIEA")]


def test_an_isil_has_at_most_16_characters() -> None:
    """ISO 15511: four of the registry, the hyphen, eleven of the unit."""
    assert isil.is_valid("DE-Tue120")
    assert not isil.is_valid("DE-" + "1" * 12)
    assert not isil.is_valid("Tuebingen")


@pytest.mark.parametrize("scan", ["A30234000517861B", "a30234000517861b", "T30234000517861E"])
def test_codabar_letters_are_no_part_of_the_number(scan: str) -> None:
    """Scanners that send start and stop letters read the same label as those that do not."""
    assert Recognized(BarcodeKind.ITEM, "30234000517861") == STANDARD_PROFILE.recognize(scan)
    assert "30234000517861" == codabar.compact(scan)


def test_codabar_for_a_label_keeps_the_letters_it_has() -> None:
    """A number gets A and B, the pair of most library labels; letters that a label has may tell whose it is."""
    assert "A30234000517861B" == codabar.format("30234000517861") == codabar.format("a30234000517861b")
    assert "C30234000517861D" == codabar.format("C30234000517861D")


def test_letters_that_belong_to_the_library_stay() -> None:
    """A barcode that begins and ends with a letter of its own is not taken for Codabar when a rule reads it."""
    profile = BarcodeProfile([BarcodeRule(kind=BarcodeKind.ITEM, prefix="A", length=6, digits_only=False)])
    assert Recognized(BarcodeKind.ITEM, "A0012B") == profile.recognize("A0012B")


@pytest.mark.parametrize(
    "scan", ["]F0A30234000517861B\r\n", "]C030234000517861", "\x0230234000517861\x03", " 30234 0005 17861 "]
)
def test_a_scan_is_cleaned_of_what_the_scanner_adds(scan: str) -> None:
    """Symbology prefix, control characters and spaces go; leading zeros live."""
    assert Recognized(BarcodeKind.ITEM, "30234000517861") == STANDARD_PROFILE.recognize(scan)
    assert "0007" == clean("]E00007\n")


def test_the_longest_prefix_wins_and_a_rule_that_passes_goes_before() -> None:
    """A card beginning with 29 is not an item of a rule for 2; a failed check digit gives way to a rule without one."""
    profile = BarcodeProfile(
        [
            BarcodeRule(kind=BarcodeKind.ITEM, prefix="2"),
            BarcodeRule(kind=BarcodeKind.PATRON_CARD, prefix="29"),
            BarcodeRule(kind=BarcodeKind.PATRON_CARD, prefix="27", check=CheckDigit.LUHN),
        ]
    )
    assert Recognized(BarcodeKind.PATRON_CARD, "29-1".replace("-", "")) == profile.recognize("29-1")
    assert Recognized(BarcodeKind.ITEM, "2801") == profile.recognize("2801")
    assert Recognized(BarcodeKind.ITEM, "2700") == profile.recognize("2700")


def test_leading_zeros_live() -> None:
    """A barcode is text: 007 and 7 are two items."""
    profile = BarcodeProfile([BarcodeRule(kind=BarcodeKind.ITEM)])
    assert "007" == profile.recognize("007").text
    assert "7" == profile.recognize("7").text


def test_code_39_labels_carry_letters_and_a_check_character() -> None:
    """A school's labels such as LIB-0007 with modulo 43, with and without their stars."""
    rule = BarcodeRule(kind=BarcodeKind.ITEM, prefix="LIB-", digits_only=False, check=CheckDigit.CODE_39)
    profile, label = BarcodeProfile([rule]), "LIB-0007" + code39.check_digit("LIB-0007")
    assert Recognized(BarcodeKind.ITEM, label) == profile.recognize(label) == profile.recognize(f"*{label}*")
    assert "check character" in str(profile.recognize("LIB-0007A").problem)
    assert BarcodeKind.UNKNOWN is profile.recognize("BIB-0007").kind


@pytest.mark.parametrize(
    ("text", "kind", "kept"),
    [
        ("978-0-306-40615-7", BarcodeKind.ISBN, "9780306406157"),
        ("0-306-40615-2", BarcodeKind.ISBN, "9780306406157"),
        ("ISSN 0378-5955", BarcodeKind.ISSN, "03785955"),
        ("9770378595002", BarcodeKind.ISSN, "03785955"),
        ("M-2600-0043-8", BarcodeKind.ISMN, "9790260000438"),
    ],
)
def test_numbers_of_publishers_are_recognized(text: str, kind: BarcodeKind, kept: str) -> None:
    """A book scanned by its ISBN is known for one."""
    assert Recognized(kind, kept) == STANDARD_PROFILE.recognize(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "nothing was read"),
        ("4006381333931", "a product code"),
        ("03785955", "no barcode of this library"),
        ("hello", "no barcode of this library"),
    ],
)
def test_what_is_not_recognized_says_so(text: str, problem: str) -> None:
    """An unknown text is an answer; eight bare digits are not taken for a serial."""
    answer = STANDARD_PROFILE.recognize(text)
    assert BarcodeKind.UNKNOWN is answer.kind
    assert problem in str(answer.problem)


def test_a_library_has_no_barcode_rules_for_books() -> None:
    """The numbers of publishers are recognized without a rule."""
    with pytest.raises(InvalidValue, match="give patron-card or item"):
        BarcodeRule(kind=BarcodeKind.ISBN)


@given(st.text(max_size=20))
def test_recognizing_never_raises(text: str) -> None:
    """Whatever the scanner sends, there is an answer; one that is not recognized has a problem."""
    answer = STANDARD_PROFILE.recognize(text)
    assert answer.kind is not BarcodeKind.UNKNOWN or answer.problem


@given(item_barcodes(), patron_barcodes())
def test_cards_and_items_are_told_apart(item: str, card: str) -> None:
    """The first digit says which is which."""
    assert Recognized(BarcodeKind.ITEM, item) == STANDARD_PROFILE.recognize(item)
    assert Recognized(BarcodeKind.PATRON_CARD, card) == STANDARD_PROFILE.recognize(card)


def test_without_a_check_digit_a_text_of_other_length_is_no_barcode() -> None:
    """Half a scan is not an item."""
    assert BarcodeKind.UNKNOWN is STANDARD_PROFILE.recognize("3023400051786").kind
    luhn = BarcodeProfile([BarcodeRule(kind=BarcodeKind.ITEM, digits_only=False, check=CheckDigit.LUHN)])
    assert "not all digits" in str(luhn.recognize("A7").problem)
    ean = BarcodeProfile([BarcodeRule(kind=BarcodeKind.ITEM, prefix="20", check=CheckDigit.EAN_13)])
    assert Recognized(BarcodeKind.ITEM, "2000000000008") == ean.recognize("2000000000008")
