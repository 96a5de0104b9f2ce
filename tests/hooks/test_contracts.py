"""The channel, the scanner and the label format that come with libops keep the contracts that guests must keep."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path

import pytest

from libops.testing.contracts import ChannelContract, LabelFormatContract, ScannerContract


class TestConsole(ChannelContract):
    name = "console"
    remembers = False

    @pytest.fixture(autouse=True)
    def screen(self) -> None:
        """Where it prints to."""
        self.stream = io.StringIO()

    def options(self, folder: Path) -> dict[str, object]:
        return {"stream": self.stream}

    def delivered(self, folder: Path) -> list[str]:
        return [body for body in re.split(r"To: .*\nSubject: .*\n\n", self.stream.getvalue()) if body]


class TestKeyboardWedge(ScannerContract):
    name = "keyboard_wedge"
    faults = ("lose_suffix", "wrong_layout", "jammed")


class TestSimulatedWedge(TestKeyboardWedge):
    simulated = True


class TestWedgeWithPrefix(TestKeyboardWedge):
    """A scanner that announces itself, so that it is told from a person who types."""

    def options(self):
        return {"prefix": "~"}

    def delivered(self, barcode: str) -> str:
        return f"~{barcode}\r"


class TestHtmlLabels(LabelFormatContract):
    name = "html"

    def words(self, made: bytes) -> list[str]:
        return [html.unescape(text) for text in re.findall(r">([^<>]+)</text>", made.decode())]
