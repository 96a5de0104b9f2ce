"""The label formats keep the contract of label formats."""

from __future__ import annotations

import re

import pypdfium2

from libops.testing.contracts import LabelFormatContract


class TestPdf(LabelFormatContract):
    plugins = ("libops_labels",)
    name = "pdf"

    def words(self, made: bytes) -> list[str]:
        with pypdfium2.PdfDocument(made) as document:
            return [line for page in document for line in page.get_textpage().get_text_range().splitlines()]


class TestPng(LabelFormatContract):
    plugins = ("libops_labels",)
    name = "png"
    readable = False


class TestZpl(LabelFormatContract):
    plugins = ("libops_labels",)
    name = "zpl"
    sheet = "roll-barcode"
    dots = 203

    def words(self, made: bytes) -> list[str]:
        fields = re.findall(r"(\^FH_)?\^FD(.*?)\^FS", made.decode())
        return [re.sub("_(..)", lambda sign: chr(int(sign[1], 16)), text) if hexed else text for hexed, text in fields]
