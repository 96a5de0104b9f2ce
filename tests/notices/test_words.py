"""Templates: names in braces and nothing else; the reader's language, the library's own words, English behind them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from libops.base.errors import InvalidValue
from libops.base.ids import ItemId, LibraryCode
from libops.base.money import Money
from libops.notices import (
    LANGUAGES,
    Occasion,
    PlainFormat,
    Reader,
    Template,
    Text,
    Trigger,
    built_in_templates,
    problems_of,
    rendered,
    text_for,
)

DUE = datetime(2026, 3, 2, 22, 59, tzinfo=UTC)
JAZZ = Occasion("k1", Trigger.DUE, "loan", ItemId("i"), "Brève histoire du jazz", "31234000000030", "781.65", DUE, DUE)


def reader(language: str) -> Reader:
    at = datetime(2026, 3, 4, 9, tzinfo=UTC)
    return Reader("Ada Flores", "Town library", language, ZoneInfo("Europe/Berlin"), at)


def test_each_built_in_template_speaks_four_languages_and_names_only_what_there_is() -> None:
    """English, German, French, Spanish; every text can be put into words."""
    for kind, template in built_in_templates().items():
        assert list(LANGUAGES) == [text.language for text in template.texts], kind
        for text in template.texts:
            assert () == problems_of(text), (kind, text.language)
            subject, body = rendered(text, (JAZZ,), reader(text.language))
            assert subject
            # A card that ends has a day and no title.
            assert ("2" if kind == "membership_ending" else "Brève histoire du jazz") in body


def test_dates_are_written_as_the_language_writes_them() -> None:
    """A loan due at the end of a day is due on the day; a laptop due at five has its time shown."""
    text = Text(subject="{today}", body="{lines}", line="{due}")
    laptop = Occasion("k2", Trigger.DUE, "loan", due=datetime(2026, 3, 2, 16, tzinfo=UTC))
    assert ("4 March 2026", "2 March 2026") == rendered(text, (JAZZ,), reader("en"))
    assert ("04.03.2026", "02.03.2026") == rendered(text, (JAZZ,), reader("de-AT"))
    assert ("04/03/2026", "02/03/2026 à 17h00") == rendered(text, (laptop,), reader("fr"))


def test_fees_are_added_up() -> None:
    """The body names the sum, each line its own."""
    one = Occasion("k3", Trigger.REMINDER, "loan", fee=Money(100, "EUR"))
    two = Occasion("k4", Trigger.REMINDER, "other", fee=Money(250, "EUR"))
    text = Text(subject="{count}", body="{fee}: {lines}", line="{fee}")
    assert ("2", "3.50 EUR: 1.00 EUR\n2.50 EUR") == rendered(text, (one, two), reader("en"))


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "1,234.50 EUR"), ("de-CH", "1.234,50 EUR"), ("fr", "1\u202f234,50 EUR"), ("es", "1.234,50 EUR")],
)
def test_money_is_written_as_the_language_writes_it(language, written) -> None:
    """The sum and the single fee alike."""
    piano = Occasion("k6", Trigger.LOST, "loan", fee=Money(123450, "EUR"))
    assert (written, written) == rendered(
        Text(subject="{fee}", body="{lines}", line="{fee}"), (piano,), reader(language)
    )


def test_a_line_is_chosen_by_what_there_is_to_say() -> None:
    """A loan without end, an item that costs something, one that does not; without lines of their own all are alike."""
    book = Occasion("k7", Trigger.LOST, "loan", title="Sula", due=DUE)
    endless, dear = evolve(book, due=None), evolve(book, fee=Money(2500, "EUR"))
    free = evolve(book, fee=Money(0, "EUR"))
    text = Text(subject="", body="{lines}", line="{title}", line_without_due="for good", line_with_fee="{fee}")
    assert "Sula\nfor good\n25.00 EUR\nSula" == rendered(text, (book, endless, dear, free), reader("en"))[1]
    plain = Text(subject="", body="{lines}", line="{title}")
    assert "Sula\nSula\nSula" == rendered(plain, (book, endless, dear), reader("en"))[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_hanging_where_there_is_no_date(language) -> None:
    """A loan without end, an item that waits for good: no 'until' before nothing."""
    for kind in ("check_out", "renewed", "hold_ready", "due_moved"):
        text = next(each for each in built_in_templates()[kind].texts if each.language == language)
        (line,) = (
            each
            for each in rendered(text, (evolve(JAZZ, due=None),), reader(language))[1].splitlines()
            if "Brève" in each
        )
        assert line == line.rstrip(" ,:")
        assert not line.endswith((" am", " le", " el", " until", " bis", " due"))


@pytest.mark.parametrize("body", ["{patron_name.__class__}", "{lines[0]}", "{count!r}", "{count:>10}", "{0}", "{}"])
def test_nothing_but_names_is_read(body) -> None:
    """No attribute, no index, no conversion, no format: a template cannot reach into the program."""
    with pytest.raises(InvalidValue):
        PlainFormat().render(body, {"patron_name": "Ada Flores", "lines": "", "count": 1})
    assert 1 == len(problems_of(Text(subject="", body=body)))


def test_a_brace_can_be_written() -> None:
    """Doubled; a single one is told."""
    assert "{Ada}" == PlainFormat().render("{{{patron_name}}}", {"patron_name": "Ada"})
    assert 1 == len(problems_of(Text(subject="50 } off", body="")))


def test_values_are_not_read_as_templates() -> None:
    """A title with braces in it stays a title."""
    odd = Occasion("k5", Trigger.DUE, "loan", title="{patron_name}")
    assert ("", "{patron_name}") == rendered(Text(subject="", body="{lines}", line="{title}"), (odd,), reader("en"))


def test_an_unknown_variable_is_told_with_what_was_meant() -> None:
    """And a variable of lines does not stand in the body."""
    assert ("body: there is no variable 'libary_name'; did you mean 'library_name'?",) == problems_of(
        Text(subject="", body="{libary_name}")
    )
    assert 1 == len(problems_of(Text(subject="", body="{barcode}")))
    assert ("format: there is no template format 'jinja'; there are plain",) == problems_of(
        Text(subject="", body="", format="jinja")
    )


def test_language_goes_before_library_and_english_is_behind_all() -> None:
    """A branch has its own German text; a reader of French gets English when there is no French."""
    en, de = Text(subject="en", body=""), Text(language="de", subject="de", body="")
    hill = Text(language="de", library=LibraryCode("HILL"), subject="hill", body="")
    template = Template(texts=(en, de, hill))
    asked = [
        text_for(template, language, LibraryCode(library))
        for language, library in (("de", "HILL"), ("de-CH", "MAIN"), ("fr", "HILL"), ("en", "HILL"), ("", "MAIN"))
    ]
    assert ["hill", "de", "en", "en", "en"] == [text.subject for text in asked if text is not None]
    assert "de" == text_for(template, "fr", None, "de").subject  # type: ignore[union-attr]
    assert text_for(Template(), "en", None) is None
