"""The contract of template formats: a text shows values and does nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pytest

from libops.base.errors import InvalidValue
from libops.hooks.loader import load
from libops.notices.templates import TemplateFormat, Text, problems_of

__all__ = ["TemplateContract"]

HOSTILE = (
    "{{ 7 * 7 }}",
    "{title}",
    "{% set x = 1 %}",
    "$title",
    "%(title)s",
    "<b>alert</b>",
    "{0.__class__}",
)
"""Names of patrons and titles that look like templates of some format."""


class TemplateContract:
    """Inherit, name the format, say how it names a variable, and run pytest.

    `plugins` are import paths as for `libops.open`. `escapes` are texts that try to get at more than the values:
    each must be refused by `variables`.
    """

    plugins: ClassVar[Sequence[str]] = ()
    name: ClassVar[str]
    escapes: ClassVar[Sequence[str]] = ()

    def naming(self, variable: str) -> str:
        """A text that shows one variable."""
        raise NotImplementedError

    def shown(self, value: str) -> str:
        """How a value stands in the output: as it is, unless the format escapes it."""
        return value

    @property
    def format(self) -> TemplateFormat:
        """The format under test."""
        found: TemplateFormat = load(self.plugins).formats[self.name].provider
        return found

    def test_101_a_text_tells_the_variables_it_names(self) -> None:
        """So that a misspelt one is told when the settings are read."""
        text = f"Dear {self.naming('patron_name')}, {self.naming('count')} items"
        assert frozenset({"patron_name", "count"}) == self.format.variables(text)
        wrong = Text(subject=self.naming("titel"), body="", line=self.naming("title"), format=self.name)
        (problem,) = problems_of(wrong, {self.name: self.format})
        assert "'titel'" in problem

    def test_102_values_stand_in_their_places(self) -> None:
        """Text around them stays as it is, in every script and with every mark."""
        text = f"Grüße, {self.naming('patron_name')}!\n  李老師: {self.naming('count')}\n"
        assert "Grüße, Ada Flores!\n  李老師: 2\n" == self.format.render(
            text, {"patron_name": "Ada Flores", "count": 2}
        )

    @pytest.mark.parametrize("value", HOSTILE)
    def test_103_a_value_is_never_read_as_a_template(self, value: str) -> None:
        """Patrons choose their names, and catalogers copy titles from anywhere."""
        assert self.shown(value) == self.format.render(self.naming("title"), {"title": value})

    def test_104_a_name_without_a_value_is_told(self) -> None:
        """Nothing is sent with a gap in it."""
        with pytest.raises((InvalidValue, KeyError)):
            self.format.render(self.naming("due"), {"title": "Walden"})

    def test_105_what_tries_to_get_out_is_refused(self) -> None:
        """Attributes, calls, loops, imports: whatever the format's language has, a notice cannot use it."""
        assert self.escapes
        for text in self.escapes:
            with pytest.raises(InvalidValue):
                self.format.variables(text)
            with pytest.raises(InvalidValue):
                self.format.render(text, {"title": "Walden", "count": 2, "patron_name": "Ada"})
