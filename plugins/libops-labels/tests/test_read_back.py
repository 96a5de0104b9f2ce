"""What is printed can be read: every barcode of a sheet is read back from the picture of the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from barcode.codex import Code39, Code128
from PIL import Image

from libops.base.errors import InvalidValue
from libops.processing.labels import (
    Block,
    Fit,
    Label,
    LabelLayout,
    LabelRun,
    Printer,
    Symbology,
    arrange,
    shipped_layouts,
    shipped_sheets,
    widths,
)
from libops_labels import pdf_sheets, png_sheet, zpl_labels

Image.MAX_IMAGE_PIXELS = None
BARCODES = [f"3123400000{number:04}" for number in range(65)]
SCANNER = {
    Symbology.CODABAR: zxingcpp.BarcodeFormat.Codabar,
    Symbology.CODE_39: zxingcpp.BarcodeFormat.Code39,
    Symbology.CODE_128: zxingcpp.BarcodeFormat.Code128,
}


def sheet_of(
    barcodes: Sequence[str], sheet: str = "L7651", symbology: Symbology | None = None, dots: int = 600
) -> LabelRun:
    """Barcode labels of a town library."""
    labels = [Label(of=text, barcode=text, library="Alder Grove Library") for text in barcodes]
    block = Block(what="barcode", size=10, smallest=6)
    layout = LabelLayout(
        name="barcode",
        margin=1.0,
        centered=True,
        symbology=symbology,
        blocks=(
            Block(what="library", size=7, smallest=5, optional=True),
            block,
            Block(what="barcode_text", size=8, smallest=6),
        ),
    )
    return arrange(labels, shipped_sheets()[sheet], layout, printer=Printer(dots_per_inch=dots))


def scan(picture: Image.Image, run: LabelRun, dots: float, page: int = 1) -> list[str]:
    """What a scanner reads on each label in turn, without Codabar's start and stop letters."""
    found, scale = [], dots / 25.4
    for label in run.on_page(page):
        place = (label.x, label.y, label.x + run.sheet.width, label.y + run.sheet.height)
        cut = picture.crop(tuple(round(edge * scale) for edge in place))
        symbology = label.barcodes[0].symbology
        read = [code.text for code in zxingcpp.read_barcodes(cut, formats=SCANNER[symbology])]
        if symbology is Symbology.CODABAR:
            read = [text.strip("AB") for text in read]
        found.append(read[0] if len(read) == 1 else f"{len(read)} read")
    return found


def printed(content: bytes, dots: int, page: int = 0) -> Image.Image:
    """The page of a PDF as a printer of that resolution puts it down."""
    with pypdfium2.PdfDocument(content) as document:
        return document[page].render(scale=dots / 72, grayscale=True).to_pil()


def test_all_65_codabar_labels_of_l7651_are_read_back_at_600_dpi() -> None:
    """14 digits just fit on 38.1 mm; from the printed page all 65 are read, each once."""
    run = sheet_of(BARCODES)
    assert {Symbology.CODABAR} == {label.barcodes[0].symbology for label in run.labels}
    assert min(label.barcodes[0].module for label in run.labels) >= 0.19
    assert BARCODES == scan(printed(pdf_sheets(run), 600), run, 600)


@pytest.mark.parametrize("symbology", list(Symbology))
def test_a_picture_of_the_sheet_reads_back(symbology: Symbology) -> None:
    """PNG at the printer's resolution, for each symbology."""
    texts = [f"AG{number:05}" for number in range(8)] if symbology is not Symbology.CODABAR else BARCODES[:8]
    run = sheet_of(texts, "5160", symbology)
    picture = Image.open(BytesIO(png_sheet(run)))
    assert (600, 600) == tuple(round(dots) for dots in picture.info["dpi"])
    assert texts == scan(picture.convert("L"), run, 600)


@pytest.mark.parametrize("dots", [203, 300])
@pytest.mark.parametrize("text", ["31234000000013", "AG-01042", "TX2024"])
def test_a_coarse_printer_gets_whole_dots_and_is_read(dots: int, text: str) -> None:
    """At 203 and 300 dpi bars are whole dots, so that they stay even."""
    run = sheet_of([text], "roll-barcode", dots=dots)
    module = run.labels[0].barcodes[0].module * dots / 25.4
    assert abs(module - round(module)) < 1e-6
    assert run.labels[0].barcodes[0].module >= 0.19
    assert [text] == scan(Image.open(BytesIO(png_sheet(run))).convert("L"), run, dots)
    assert [text] == scan(printed(pdf_sheets(run), dots), run, dots)


@pytest.mark.parametrize("dots", [150, 203, 300])
def test_bars_too_thin_for_the_printer_are_refused(dots: int) -> None:
    """A 14-digit Codabar on 38.1 mm cannot be read from a coarse printer: it is not printed, and the report says so."""
    run = sheet_of(["31234000000013"], dots=dots)
    assert () == run.labels
    assert [Fit.REFUSED] == [note.fit for note in run.notes]
    assert f"{dots} dpi" in run.notes[0].why


@pytest.mark.parametrize("dots", [203, 300])
@pytest.mark.parametrize(
    ("texts", "symbology"),
    [
        (["31234000000013", "31234000000021"], Symbology.CODABAR),
        (["AG 104", "TCU-00001"], Symbology.CODE_39),
        (["31234000000013", "ag^10~4_x", "TX20245"], Symbology.CODE_128),
    ],
)
def test_zpl_prints_what_was_placed(
    draw: Callable[[str], list[Image.Image]], dots: int, texts: list[str], symbology: Symbology
) -> None:
    """One format for each label of the roll; bars made by another maker stand where ours would, and are read back."""
    run = sheet_of(texts, "roll-barcode", symbology, dots)
    assert len(texts) == len(run.labels)
    pictures = draw(zpl_labels(run))
    size = (round(run.sheet.page_width * dots / 25.4), round(run.sheet.page_height * dots / 25.4))
    assert {size} == {picture.size for picture in pictures}
    assert texts == [scan(picture, run, dots, page)[0] for page, picture in enumerate(pictures, start=1)]


def test_zpl_for_a_page_printer_is_refused() -> None:
    """A run for a 600 dpi page has bars of a part of a dot."""
    with pytest.raises(InvalidValue, match="dots of this printer"):
        zpl_labels(sheet_of(["31234000000013"], "L7651"))


def test_spine_labels_carry_their_lines_into_the_pdf() -> None:
    """Every line of every label stands in the PDF as text, and on its label."""
    labels = [
        Label(of="1", call_number=("REF", "QA", "76.73", ".P98", "L88", "2001")),
        Label(of="2", call_number=("Ä",)),
    ]
    run = arrange(labels, shipped_sheets()["L7651"], shipped_layouts()["spine"], start=7)
    with pypdfium2.PdfDocument(pdf_sheets(run)) as document:
        page = document[0].get_textpage()
        words = page.get_text_range().split()
    assert ["REF", "QA", "76.73", ".P98", "L88", "2001", "Ä"] == words


def test_letters_the_face_does_not_have_are_refused() -> None:
    """A black box on a spine helps nobody."""
    run = arrange([Label(of="31", call_number=("Чех",))], shipped_sheets()["L7651"], shipped_layouts()["spine"])
    with pytest.raises(InvalidValue, match="TrueType"):
        pdf_sheets(run)


def bits(text: str, symbology: Symbology) -> str:
    """Our bars as ones and zeros, wide three times narrow."""
    found = widths(text, symbology, wide=3)
    return "".join("10"[place % 2] * round(width) for place, width in enumerate(found))


@pytest.mark.parametrize("text", ["AG 104", "TCU-000014", "0123456789", "$/+%."])
def test_code_39_is_the_same_as_another_maker_s(text: str) -> None:
    """Bar for bar what python-barcode draws."""
    theirs = "".join(Code39(text, add_checksum=False).build())
    assert theirs.strip("0").replace("111", "w").replace("000", "s") == bits(text, Symbology.CODE_39).replace(
        "111", "w"
    ).replace("000", "s")


@pytest.mark.parametrize("text", ["AG-01042", "x", "Ab~ c"])
def test_code_128_is_the_same_as_another_maker_s(text: str) -> None:
    """Where there are no pairs of digits to pack, there is only one right way."""
    assert "".join(Code128(text).build()).strip("0") == bits(text, Symbology.CODE_128)
