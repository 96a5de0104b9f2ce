"""Templates: the words of a notice, by kind, language and library.

The plain format knows names in braces and nothing else: no attributes, no expressions, no code. A text has a subject,
a body, and a line that is repeated for each occasion where the body says `{lines}`.

>>> text = Text(subject="{count} items", body="Dear {patron_name},\\n{lines}", line="- {title}, due {due}")
>>> problems_of(text)
()
>>> problems_of(Text(subject="Hello {patron}", body="", line=""))
("subject: there is no variable 'patron'; did you mean 'patron_name'?",)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, Protocol, runtime_checkable

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.base.ids import LibraryCode
from libops.base.money import Money

__all__ = [
    "HtmlFormat",
    "LANGUAGES",
    "LINE_VARIABLES",
    "PLAIN",
    "PlainFormat",
    "Template",
    "TemplateFormat",
    "Text",
    "VARIABLES",
    "built_in_templates",
    "moment_written",
    "money_written",
    "problems_of",
    "text_for",
]

LANGUAGES = ("en", "de", "fr", "es")
VARIABLES = ("patron_name", "library_name", "today", "count", "lines", "fee")
"""What a subject or body may name; `fee` is the sum of the fees told of, empty if there are none."""
LINES = ("line", "line_without_due", "line_with_fee")
LINE_VARIABLES = ("title", "barcode", "call_number", "due", "start", "end", "note", "fee")
"""What a line may name; `start`, `end` and `note` are empty where a notice has none."""


class TemplateFormat(Protocol):
    """How texts become words. A plugin brings one as a format of kind `template`."""

    def variables(self, text: str) -> frozenset[str]:
        """The variables that a text names. Raises `InvalidValue` for a text that cannot be read."""
        ...

    def render(self, text: str, values: Mapping[str, object]) -> str:
        """The text with the values in their places."""
        ...


@runtime_checkable
class HtmlFormat(TemplateFormat, Protocol):
    """A format whose bodies are HTML. It escapes values; `plain` is how the subject is written."""

    plain: TemplateFormat


class PlainFormat:
    """Names in braces, `{{` and `}}` for braces themselves."""

    def variables(self, text: str) -> frozenset[str]:
        """The names in braces. Raises `InvalidValue` for anything more than a name."""
        found = set()
        try:
            parts = list(Formatter().parse(text))
        except ValueError as error:
            raise InvalidValue(f"{error}: write {{{{ for a brace itself") from None
        for _, name, spec, conversion in parts:
            if name is None:
                continue
            if not name.isidentifier() or spec or conversion:
                shown = name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
                raise InvalidValue(f"{{{shown}}} is more than a name: only {{name}} is allowed")
            found.add(name)
        return frozenset(found)

    def render(self, text: str, values: Mapping[str, object]) -> str:
        """The text with the values in their places."""
        self.variables(text)
        return text.format_map(dict(values))


PLAIN = PlainFormat()
FORMATS: Mapping[str, TemplateFormat] = {"plain": PLAIN}


@frozen(kw_only=True)
class Text:
    """The words of a notice in one language, for one library or for all.

    `line_without_due` stands in place of `line` for what has no due date, `line_with_fee` for what costs a fee; where
    they are left out it is `line` all the same.
    """

    language: str = "en"
    library: LibraryCode | None = None
    subject: str
    body: str
    line: str = ""
    line_without_due: str = ""
    line_with_fee: str = ""
    format: str = "plain"


@frozen(kw_only=True)
class Template:
    """A kind of notice with its texts."""

    texts: tuple[Text, ...] = field(factory=tuple)


def problems_of(text: Text, formats: Mapping[str, TemplateFormat] = FORMATS) -> tuple[str, ...]:
    """What is wrong with a text, each with what may have been meant."""
    how = formats.get(text.format)
    if how is None:
        return (f"format: there is no template format {text.format!r}; there are {', '.join(formats)}",)
    found: list[str] = []
    for part, known in (("subject", VARIABLES), ("body", VARIABLES), *((line, LINE_VARIABLES) for line in LINES)):
        try:
            named = how.variables(getattr(text, part))
        except InvalidValue as error:
            found.append(f"{part}: {error}")
            continue
        found += [f"{part}: there is no variable {name!r}; {_hint(name, known)}" for name in sorted(named - {*known})]
    return tuple(found)


def _hint(wrong: str, known: Iterable[str]) -> str:
    close = get_close_matches(wrong, known, 1, 0.5)
    return f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"


def text_for(template: Template, language: str, library: LibraryCode | None, default: str = "en") -> Text | None:
    """The text that fits best: language before library, then the library's default language, then English.

    A tag such as `de-AT` falls back to `de`. None when the template has no text at all.
    """
    wanted = [language, language.partition("-")[0], default, "en"]
    for tag in dict.fromkeys(filter(None, wanted)):
        for place in (library, None):
            for text in template.texts:
                if text.language == tag and text.library == place:
                    return text
    return template.texts[0] if template.texts else None


@cache
def _read(language: str) -> dict[str, Any]:
    import tomllib

    found: dict[str, Any] = tomllib.loads(
        files("libops.notices").joinpath("texts", f"{language}.toml").read_text(encoding="utf-8")
    )
    return found


@cache
def built_in_templates() -> Mapping[str, Template]:
    """The templates that come with libops, in English, German, French and Spanish."""
    found: dict[str, list[Text]] = {}
    for language in LANGUAGES:
        for kind, parts in _read(language)["texts"].items():
            found.setdefault(kind, []).append(Text(language=language, **parts))
    return {kind: Template(texts=tuple(texts)) for kind, texts in found.items()}


def moment_written(local: datetime, language: str, *, whole_day: bool) -> str:
    """A local time, or its day alone, as a language writes it.

    >>> moment_written(datetime(2026, 3, 2, 17), "en", whole_day=False), moment_written(
    ...     datetime(2026, 3, 2, 17), "de-AT", whole_day=True
    ... )
    ('2 March 2026, 17:00', '02.03.2026')
    """
    parts = _parts(language)
    month = parts["months"][local.month - 1] if "months" in parts else local.month
    pattern: str = parts["date" if whole_day else "moment"]
    return pattern.format(day=local.day, month=month, year=local.year, hour=local.hour, minute=local.minute)


def money_written(money: Money, language: str) -> str:
    """An amount as a language writes it.

    >>> money_written(Money(123450, "EUR"), "en"), money_written(Money(123450, "EUR"), "es")
    ('1,234.50 EUR', '1.234,50 EUR')
    """
    parts = _parts(language)
    return money.format(point=parts["point"], thousands=parts["thousands"])


def _parts(language: str) -> dict[str, Any]:
    short = language.partition("-")[0]
    return _read(short if short in LANGUAGES else "en")
