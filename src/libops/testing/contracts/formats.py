"""The format contracts: what is made of the same is the same, and a label loses nothing that stands on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import pytest

import libops
from libops.base.errors import InvalidValue
from libops.hooks.loader import load
from libops.hooks.specs.formats import Format
from libops.processing.labels import Label, LabelRun, Printer, arrange, shipped_layouts, shipped_sheets
from libops.testing.contracts.letting_in import LetsIn
from libops.testing.sample_library import sample_library

__all__ = ["FormatContract", "LabelFormatContract"]

CALL_NUMBERS = (
    ("FIC", "LEG"),
    ("781.65", "P48", "2019"),
    ("QA", "76.73", ".P98", "L88"),
    ("R&D", "<b>", '"1"'),
    ("^FS", "_5E", "~JA", "\\x"),
    ("100%", "{x}", "a|b", "(c)"),
)
"""Call numbers of several schemes, and some with signs that mean something to printers and pages."""

FOREIGN = (("Чех",), ("図書",), ("ספר",))


class FormatContract(LetsIn):
    """Inherit, name the format and its kind, give examples, and run pytest.

    `examples()` are what the provider is called with, and what comes of it. Where the provider is no function,
    `made(*given)` says how it is called.
    """

    shelf: ClassVar[str] = "formats"
    kind: ClassVar[str]

    @property
    def format(self) -> Format:
        """The format under test."""
        return load(self.plugins).formats[self.name]

    def examples(self) -> Iterable[tuple[tuple[Any, ...], Any]]:
        """Arguments of the provider, and what it makes of them."""
        raise NotImplementedError

    def made(self, *given: Any) -> Any:
        """What the provider makes of this."""
        return self.format.provider(*given)

    def test_102_the_format_is_of_its_kind(self) -> None:
        """Who asks for a kind gets what keeps its protocol."""
        assert self.kind == self.format.kind

    def test_103_each_example_comes_out_as_it_should(self) -> None:
        """There is at least one."""
        cases = list(self.examples())
        assert cases
        assert [made for _, made in cases] == [self.made(*given) for given, _ in cases]

    def test_104_the_same_is_made_of_the_same(self) -> None:
        """Today and next year, whatever was made in between."""
        cases = [given for given, _ in self.examples()]
        first = [self.made(*given) for given in cases]
        assert first[::-1] == [self.made(*given) for given in reversed(cases)]


class LabelFormatContract(FormatContract):
    """The contract of label formats: inherit, name the format, say how to read its labels back, and run pytest.

    `words(made)` reads the lines back out of what was made, in any order; a format that is a picture says
    `readable = False`. `sheet` and `dots` name the labels and the printer it is made for, of the shipped ones.
    """

    kind: ClassVar[str] = "label"
    sheet: ClassVar[str] = "L7651"
    dots: ClassVar[int] = 600
    readable: ClassVar[bool] = True

    def words(self, made: bytes) -> Iterable[str]:
        """The lines of text on the labels that were made, and whatever else stands there."""
        return made.decode().splitlines()

    def run(self, call_numbers: Sequence[tuple[str, ...]]) -> LabelRun:
        """Spine labels with these lines, on their sheets."""
        labels = [Label(of=f"3123400000{n:04}", call_number=lines) for n, lines in enumerate(call_numbers, start=1)]
        sheet, layout = shipped_sheets()[self.sheet], shipped_layouts()["spine"]
        return arrange(labels, sheet, layout, printer=Printer(dots_per_inch=self.dots))

    def examples(self) -> Iterable[tuple[tuple[Any, ...], Any]]:
        """Call numbers of many kinds; what comes out is read back in the scenarios of this class."""
        given = self.run(CALL_NUMBERS[:3])
        return [((given,), self.format.provider(given))]

    def lost(self, run: LabelRun, made: bytes) -> Counter[str]:
        """The lines that stand on the labels and cannot be read back."""
        if not self.readable:
            pytest.skip(f"{self.name} says that it cannot be read back as text")
        return Counter(text.text for label in run.labels for text in label.texts) - Counter(self.words(made))

    def test_201_a_run_becomes_bytes(self) -> None:
        """Ready to be written to a file or a printer."""
        assert isinstance(self.format.provider(self.run(CALL_NUMBERS[:1])), bytes)

    def test_202_every_line_of_every_label_is_there(self) -> None:
        """As often as it was asked for."""
        run = self.run(CALL_NUMBERS[:3] + CALL_NUMBERS[:3])
        assert 6 == len(run.labels)
        assert Counter() == self.lost(run, self.format.provider(run))

    def test_203_signs_of_its_own_language_are_only_signs(self) -> None:
        """A call number with `<b>` or `^FS` in it is printed, not obeyed."""
        run = self.run(CALL_NUMBERS)
        assert Counter() == self.lost(run, self.format.provider(run))

    def test_204_a_second_sheet_is_made_or_refused(self) -> None:
        """Labels beyond the first sheet are never dropped in silence."""
        run = self.run(CALL_NUMBERS[:1] * (shipped_sheets()[self.sheet].per_page + 3))
        assert run.pages > 1
        try:
            made = self.format.provider(run)
        except InvalidValue:
            return
        assert Counter() == self.lost(run, made)

    @pytest.mark.parametrize("lines", FOREIGN)
    def test_205_letters_that_it_lacks_are_refused(self, lines: tuple[str, ...]) -> None:
        """A black box on a spine helps nobody: printed as they are, or told."""
        run = self.run([lines])
        try:
            made = self.format.provider(run)
        except InvalidValue:
            return
        assert Counter() == self.lost(run, made)

    def test_206_nothing_to_print_is_no_fault(self) -> None:
        """Bytes without a label, or a word that there is none."""
        try:
            made = self.format.provider(self.run([]))
        except InvalidValue:
            return
        assert isinstance(made, bytes)

    def test_301_the_desk_prints_it_by_its_name(self) -> None:
        """Items are scanned, and the format is one of those that can be chosen."""
        with libops.open(plugins=self.plugins) as ops:
            sample_library(ops)
            items = ["31234000000014", "31234000000022"]
            run = ops.labels.arrange(items, sheet=self.sheet, printer=Printer(dots_per_inch=self.dots))
            assert 2 == len(run.labels)
            assert self.format.provider(run) == ops.labels.render(run, self.name)
