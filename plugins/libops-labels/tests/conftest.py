"""Draws the few commands of ZPL II that the plugin sends, as a thermal printer would: dot by dot, to be scanned.

The printer makes the bars of a field itself. Here another maker makes them (python-barcode), so that a mistake in our
own tables or in what we ask the printer for cannot hide. A command that is not known is an error.

Source: Zebra, Programming Guide for ZPL II (^BC, ^BK, ^BY, ^B3, ^A, ^CI, ^FB, ^FD, ^FH, ^FO, ^LH, ^LL, ^PW).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby

import pytest
from barcode.codabar import CODABAR
from barcode.codex import Code39, Code128
from PIL import Image, ImageDraw, ImageFont

COMMAND = re.compile(r"\^(XA|XZ|CI|PW|LL|LH|FO|BY|BK|B3|BC|A0|FB|FH|FD|FS)([^^~]*)")


@pytest.fixture
def draw() -> Callable[[str], list[Image.Image]]:
    """The drawer of ZPL."""
    return drawn


def drawn(zpl: str) -> list[Image.Image]:
    """One picture for each format, black on white."""
    told = COMMAND.findall(zpl)
    left_over = COMMAND.sub("", zpl).strip()
    assert not left_over, f"the drawer does not know {left_over!r}"
    pictures: list[Image.Image] = []
    for name, text in told:
        if name == "XA":
            label = Drawing()
        elif name == "XZ":
            pictures.append(label.picture)
        else:
            getattr(label, name.lower())(text.rstrip("\n") if name != "FD" else text)
    return pictures


class Drawing:
    """A label while it is drawn, and what holds for the next field."""

    def __init__(self) -> None:
        self.width = self.module = 2
        self.ratio = 3.0
        self.field: dict[str, list[str]] = {}
        self.place = (0, 0)
        self.picture = Image.new("L", (1, 1), 255)

    def ci(self, text: str) -> None:
        assert text == "28", "text is sent in UTF-8"

    def pw(self, text: str) -> None:
        self.width = int(text)

    def ll(self, text: str) -> None:
        self.picture = Image.new("L", (self.width, int(text)), 255)

    def lh(self, text: str) -> None:
        assert text == "0,0"

    def fo(self, text: str) -> None:
        left, top = map(int, text.split(","))
        self.place, self.field = (left, top), {}

    def by(self, text: str) -> None:
        module, ratio, _ = text.split(",")
        self.module, self.ratio = int(module), float(ratio)

    def note(self, name: str, text: str) -> None:
        self.field[name] = text.split(",")

    def bk(self, text: str) -> None:
        self.note("codabar", text)

    def b3(self, text: str) -> None:
        self.note("code39", text)

    def bc(self, text: str) -> None:
        self.note("code128", text)

    def a0(self, text: str) -> None:
        self.note("face", text)

    def fb(self, text: str) -> None:
        self.note("block", text)

    def fh(self, text: str) -> None:
        assert text == "_"
        self.note("hex", text)

    def fd(self, text: str) -> None:
        if "hex" in self.field:
            text = re.sub("_(..)", lambda sign: chr(int(sign[1], 16)), text)
        if "codabar" in self.field:
            _, _, height, *_, start, stop = self.field["codabar"]
            self.bars(CODABAR(f"{start}{text}{stop}").build()[0], int(height))
        elif "code39" in self.field:
            self.bars(Code39(text, add_checksum=False).build()[0], int(self.field["code39"][2]))
        elif "code128" in self.field:
            assert self.field["code128"][-1] == "A", "automatic mode packs pairs of digits"
            self.bars(Code128(text).build()[0], int(self.field["code128"][1]), any_width=True)
        else:
            self.text(text)

    def fs(self, text: str) -> None:
        self.field = {}

    def bars(self, modules: str, height: int, *, any_width: bool = False) -> None:
        """Bars from ones and zeros: narrow ones as wide as `^BY` says, wide ones by its ratio."""
        pen, (x, top) = ImageDraw.Draw(self.picture), self.place
        runs = [(bit, len(list(same))) for bit, same in groupby(modules.strip("0"))]
        narrow = min(length for _, length in runs)
        for bit, length in runs:
            wide = length * self.module if any_width else round(self.module * (1 if length == narrow else self.ratio))
            if bit == "1":
                pen.rectangle((x, top, x + wide - 1, top + height - 1), fill=0)
            x += wide
        assert x <= self.picture.width, f"bars end at dot {x} of {self.picture.width}"

    def text(self, text: str) -> None:
        pen, (left, top) = ImageDraw.Draw(self.picture), self.place
        face = ImageFont.load_default(int(self.field["face"][1]))
        if "block" in self.field:
            assert self.field["block"][3] == "C"
            left += (int(self.field["block"][0]) - round(face.getlength(text))) // 2
        pen.text((left, top), text, 0, face)
