"""Labels: the right place on the sheet, nothing cut, and what cannot be read is not printed."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from libops.base.errors import InvalidValue
from libops.classification import CallNumber, label_lines
from libops.processing.labels import (
    MM_PER_POINT,
    Fit,
    Label,
    LabelRun,
    Printer,
    Sheet,
    Symbology,
    arrange,
    break_line,
    html_sheets,
    layout_from,
    sheet_from,
    shipped_layouts,
    shipped_sheets,
    symbology_for,
    text_width,
    widths,
)

SPINE = shipped_layouts()["spine"]
L7651 = shipped_sheets()["L7651"]
SMALL = shipped_sheets()["5460-spine"]


def spine(*lines: str, sheet: Sheet = L7651, **changed: object) -> LabelRun:
    """A run of one spine label."""
    return arrange([Label(of="31234000000013", call_number=lines)], sheet, evolve(SPINE, **changed))


def printed(run: LabelRun) -> list[str]:
    return [text.text for label in run.labels for text in label.texts]


@pytest.mark.parametrize("sheet", shipped_sheets().values(), ids=lambda sheet: sheet.name)
def test_a_sheet_lies_on_its_page(sheet: Sheet) -> None:
    """The last label ends before the paper does; makers center their labels, so the margins agree within 5 mm.

    Two sheets are as Koha has them: one column of Gaylord's, and the card that goes through the printer off center.
    """
    x, y = sheet.corner(sheet.per_page)
    assert x + sheet.width <= sheet.page_width + 0.01
    assert y + sheet.height <= sheet.page_height + 0.01
    if sheet.name not in ("gaylord-8511-spine", "5460-spine"):
        assert abs((sheet.page_width - x - sheet.width) - sheet.left) < 5
        assert abs((sheet.page_height - y - sheet.height) - sheet.top) < 5


def test_l7651_has_65_labels_of_38_by_21_mm() -> None:
    """Five columns, thirteen rows: the second label is 40.6 mm to the right, the sixth one row down."""
    assert 65 == L7651.per_page
    assert (38.1, 21.2) == (L7651.width, L7651.height)
    assert [(4.75, 10.7), (45.35, 10.7), (4.75, 31.9)] == [L7651.corner(place) for place in (1, 2, 6)]


def test_a_run_begins_where_the_sheet_was_left_off() -> None:
    """A sheet with two labels gone is put in again: the run starts at the third, and goes on to the next sheet."""
    labels = [Label(of=str(number), call_number=("813.54", f"M{number}")) for number in range(64)]
    run = arrange(labels, L7651, SPINE, start=3)
    assert (1, 3) == (run.labels[0].page, run.labels[0].position)
    assert [(1, 65), (2, 1)] == [(label.page, label.position) for label in run.labels[-2:]]
    assert (2, 2) == (run.pages, run.next_start)


@pytest.mark.parametrize("start", [0, 66, -3])
def test_a_start_that_the_sheet_does_not_have_is_refused(start: int) -> None:
    """The message says which there are."""
    with pytest.raises(InvalidValue, match="labels 1 to 65"):
        arrange([], L7651, SPINE, start=start)


def test_a_printer_that_drifts_is_set_right() -> None:
    """Offset moves every label; scale widens the way from one to the next, and never the bars."""
    labels = [Label(of=str(number), barcode=f"3123400000{number:04}") for number in range(65)]
    straight = arrange(labels, L7651, shipped_layouts()["barcode"])
    moved = arrange(
        labels, L7651, shipped_layouts()["barcode"], printer=Printer(offset_x=0.8, offset_y=-1.2, scale_y=1.004)
    )
    first, last = moved.labels[0], moved.labels[-1]
    assert (4.75 + 0.8, 10.7 * 1.004 - 1.2) == pytest.approx((first.x, first.y))
    assert (straight.labels[-1].x + 0.8, 265.1 * 1.004 - 1.2) == pytest.approx((last.x, last.y))
    assert straight.labels[-1].barcodes[0].width == pytest.approx(last.barcodes[0].width)


def test_an_offset_that_leaves_the_page_is_refused() -> None:
    """Rather than cut off."""
    with pytest.raises(InvalidValue, match="297 mm"):
        arrange([], L7651, SPINE, printer=Printer(offset_y=14))


def test_a_label_that_fits_is_printed_as_the_layout_says() -> None:
    """No note."""
    run = spine(*label_lines(CallNumber("ddc", "813.54 M32")))
    assert (["813.54", "M32"], ()) == (printed(run), run.notes)
    assert [12.0, 12.0] == [text.size for text in run.labels[0].texts]


def test_a_long_class_number_is_set_smaller_first() -> None:
    """Down to 7 points, in half points, and only as far as needed."""
    run = spine("813.5409764", "F26", sheet=SMALL)
    assert ["813.5409764", "F26"] == printed(run)
    assert {7.5} == {text.size for text in run.labels[0].texts}
    assert [Fit.SHRUNK] == [note.fit for note in run.notes]


def test_a_class_number_is_broken_inside_its_decimals_only() -> None:
    """Never before the point, and no digit alone on a line."""
    run = spine("813.5409764", "F26", sheet=SMALL, shrink=False)
    assert ["813.540", "9764", "F26"] == printed(run)
    assert [Fit.WRAPPED] == [note.fit for note in run.notes]
    assert "813.540 / 9764 / F26" in run.notes[0].why


def test_words_are_broken_at_a_blank() -> None:
    """A shelf name of two words."""
    assert ("Reference", "Room") == break_line("Reference Room", 12, 24)


def test_a_word_that_cannot_be_broken_goes_nowhere_in_pieces() -> None:
    """It is refused with its reason; the run goes on with the next label, in its place."""
    labels = [
        Label(of="31234000000013", call_number=("FIC", "Tolstoyanovich-Kropotkinskaya")),
        Label(of="31234000000021", call_number=("FIC", "Twain")),
    ]
    run = arrange(labels, SMALL, SPINE, start=4)
    assert [("31234000000021", 4)] == [(label.of, label.position) for label in run.labels]
    assert ["31234000000013"] == [note.of for note in run.refused]
    assert "7 points" in run.notes[0].why


def test_too_many_lines_for_a_spine_become_a_label_for_the_front_cover() -> None:
    """In running lines, whole, and said so."""
    lines = label_lines(CallNumber("lcc", "QA76.73 .P98 L88 2001", prefix="REF"), enumeration="v. 2:no. 3", copy="2")
    run = spine(*lines)
    assert " ".join(lines) == " ".join(printed(run))
    assert [Fit.FRONT_COVER] == [note.fit for note in run.notes]
    assert [Fit.REFUSED] == [note.fit for note in spine(*lines, front_cover=False).notes]


def test_a_pocket_label_leaves_a_part_out_whole() -> None:
    """The author goes before the title; the call number and the barcode stay."""
    novel = Label(
        of="31234000000013",
        call_number=("823.7", "A93"),
        title="Pride and prejudice: an edition with letters, maps and a chronology of the life of the author " * 9,
        author="Austen, Jane",
        barcode="31234000000013",
    )
    run = arrange([novel], shipped_sheets()["5160"], shipped_layouts()["pocket"])
    assert ["823.7 A93", "31234000000013"] == printed(run)
    assert [Fit.LEFT_OUT, Fit.LEFT_OUT] == [note.fit for note in run.notes][:2]
    shorter = arrange([evolve(novel, title="Emma")], shipped_sheets()["5160"], shipped_layouts()["pocket"])
    assert ["823.7 A93", "Emma", "Austen, Jane", "31234000000013"] == printed(shorter)


def test_a_patron_card_carries_name_and_bars() -> None:
    """On 85 by 54 mm the bars are as wide as the layout wants them."""
    card = Label(of="21234000000017", name="Mendoza, Rosa", barcode="21234000000017", library="Alder Grove Library")
    run = arrange([card], shipped_sheets()["L7414"], shipped_layouts()["patron_card"])
    assert ["Alder Grove Library", "Mendoza, Rosa", "21234000000017"] == printed(run)
    assert 0.33 == pytest.approx(run.labels[0].barcodes[0].module)


def test_14_digits_are_codabar_and_all_else_code_128() -> None:
    """Unless the layout says which: label and scanner have to agree."""
    assert Symbology.CODABAR is symbology_for("31234000000013")
    assert Symbology.CODE_128 is symbology_for("AG-01042")


@pytest.mark.parametrize(
    ("text", "symbology"),
    [("tcu-14", Symbology.CODE_39), ("AG-1*", Symbology.CODE_39), ("A123", Symbology.CODABAR)],
)
def test_what_the_bars_cannot_say_is_refused(text: str, symbology: Symbology) -> None:
    """Small letters in Code 39 come back as something else; letters in Codabar start and stop it."""
    with pytest.raises(InvalidValue, match=re.escape(repr(text))):
        widths(text, symbology)


@pytest.mark.parametrize(
    ("text", "modules"),
    [
        # 11 modules a sign, start and check included, 13 for the stop: digits in pairs, from four on.
        ("31234000000013", 11 * 9 + 13),
        ("AG-01042", 11 * 10 + 13),
        ("12", 11 * 3 + 13),
        ("TX20245", 11 * 9 + 13),
    ],
)
def test_code_128_packs_digits_in_pairs(text: str, modules: int) -> None:
    """The shortest bars for library barcodes."""
    assert modules == sum(widths(text, Symbology.CODE_128))


def test_thin_bars_are_refused() -> None:
    """0.19 mm at 600 dpi; two whole dots at 203; the message says how much room would do."""
    assert 0.19 == Printer().module()
    assert 2 == pytest.approx(Printer(dots_per_inch=203).module() * 203 / 25.4)
    assert 3 == pytest.approx(Printer(dots_per_inch=300).module() * 300 / 25.4)
    long = Label(of="AG", barcode="ALDER-GROVE-2024-000017")
    run = arrange([long], shipped_sheets()["5167"], shipped_layouts()["barcode"])
    assert [] == printed(run)
    assert "needs" in run.refused[0].why


def test_an_empty_label_is_refused() -> None:
    """An item without a call number has no spine label."""
    assert ["there is nothing to print on a label 'spine'"] == [note.why for note in spine().refused]


def test_a_sheet_of_one_s_own_is_checked() -> None:
    """Labels that overlap or leave the page are not a sheet; a misspelt key is named."""
    row = {
        "name": "ours", "page_width": 210, "page_height": 297, "columns": 3, "rows": 8, "width": 70, "height": 37,
        "left": 0, "top": 0, "pitch_x": 70, "pitch_y": 37,
    }  # fmt: skip
    assert 24 == sheet_from(row).per_page
    with pytest.raises(InvalidValue, match="nearer"):
        sheet_from({**row, "pitch_x": 69})
    with pytest.raises(InvalidValue, match="297 mm"):
        sheet_from({**row, "rows": 9})
    with pytest.raises(InvalidValue, match="colums"):
        sheet_from({**row, "colums": 3})
    with pytest.raises(InvalidValue, match="call_nummer"):
        layout_from({"name": "ours", "blocks": [{"what": "call_nummer"}]})


def test_the_page_of_html_puts_every_bar_where_the_run_says() -> None:
    """Lengths in mm, one picture a sheet; a title with signs of HTML stays text."""
    labels = [Label(of="31234000000013", barcode="31234000000013", library="Smith & Sons <Library>")]
    run = arrange(labels, L7651, shipped_layouts()["barcode"], start=65)
    page = html_sheets(run, outlines=True)
    picture = ElementTree.fromstring(page[page.index("<svg") : page.index("</svg>") + 6])
    space = "{http://www.w3.org/2000/svg}"
    assert ("210mm", "297mm") == (picture.get("width"), picture.get("height"))
    assert 65 == len(picture.findall(f"{space}rect"))
    path = picture.find(f".//{space}path").get("d")
    drawn = [(float(x), float(width)) for x, width in re.findall(r"M([\d.]+) [\d.]+h([\d.]+)v", path)]
    assert [pytest.approx(bar, abs=1e-4) for bar in run.labels[0].barcodes[0].bars] == drawn
    assert ["Smith & Sons <Library>", "31234000000013"] == [text.text for text in picture.iter(f"{space}text")]


def test_a_line_keeps_its_width_in_whatever_typeface_the_browser_has() -> None:
    """Without Helvetica a wider one would run into the next label; what is not in the table of widths is left alone."""
    labels = [Label(of="31", call_number=("378.7614955", "STR")), Label(of="32", call_number=("漢",))]
    run = arrange(labels, shipped_sheets()["5460-spine"], shipped_layouts()["spine"])
    page = html_sheets(run)
    picture = ElementTree.fromstring(page[page.index("<svg") : page.index("</svg>") + 6])
    drawn = [text.get("textLength") for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    texts = [text for label in run.labels for text in label.texts]
    widths = [text_width(text.text, text.size, text.bold) for text in texts[:2]]
    assert [pytest.approx(width, abs=1e-4) for width in widths] == [float(width) for width in drawn[:2] if width]
    assert [None] == drawn[2:]


LINES = st.lists(st.text(st.sampled_from("0123456789.QAXWiv :Éß漢"), min_size=1, max_size=30), min_size=1, max_size=9)


@settings(max_examples=60, deadline=None)
@given(LINES, st.sampled_from(sorted(shipped_sheets())), st.booleans(), st.booleans())
def test_nothing_is_ever_cut(lines: list[str], sheet_name: str, shrink: bool, wrap: bool) -> None:
    """All signs of the call number stand on the label in their order and inside its edges, or it is refused."""
    sheet = shipped_sheets()[sheet_name]
    run = spine(*lines, sheet=sheet, shrink=shrink, wrap=wrap)
    if not run.labels:
        assert [Fit.REFUSED] == [note.fit for note in run.notes]
        return
    assert "".join("".join(lines).split()) == "".join("".join(printed(run)).split())
    label = run.labels[0]
    for text in label.texts:
        assert text.x >= label.x
        assert text.x + text_width(text.text, text.size, text.bold) <= label.x + sheet.width + 1e-6
        assert text.y - text.size * MM_PER_POINT * 0.75 >= label.y - 1e-6
        assert text.y + text.size * MM_PER_POINT * 0.25 <= label.y + sheet.height + 1e-6


BARCODES = st.one_of(
    st.from_regex(r"[23][0-9]{13}", fullmatch=True),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=14),
)


@settings(max_examples=60, deadline=None)
@given(BARCODES, st.sampled_from(sorted(shipped_sheets())), st.sampled_from([203, 300, 600, 1200]))
def test_bars_are_wide_enough_and_have_their_white(barcode: str, sheet_name: str, dots: int) -> None:
    """Ten narrow bars of white on both sides; 0.19 mm or more; whole dots below 600 dpi; or refused."""
    sheet, printer = shipped_sheets()[sheet_name], Printer(dots_per_inch=dots)
    run = arrange([Label(of="31", barcode=barcode)], sheet, shipped_layouts()["barcode"], printer=printer)
    assert len(run.labels) + len(run.refused) == 1
    for label in run.labels:
        assert [barcode] == [bars.text for bars in label.barcodes]
        for bars in label.barcodes:
            assert bars.module >= 0.19 - 1e-9
            # A whole-dot printer moves the bars to the next dot: half a dot of white at most.
            white = 10 * bars.module - printer.dot / 2 - 1e-6
            assert bars.x - label.x >= white
            assert label.x + sheet.width - bars.x - bars.width >= white
            if dots < 600:
                assert all(abs(width / printer.dot - round(width / printer.dot)) < 1e-6 for _, width in bars.bars)
