"""Jinja2 templates show values and choose between texts; they get at nothing else, and cost little."""

from __future__ import annotations

from html import escape

import pytest

import libops
from libops.base.errors import InvalidValue, SettingsError
from libops.desk.settings.loading import default_settings
from libops.hooks.builtin.smtp.sender import mail_of
from libops.testing.contracts import TemplateContract
from libops.testing.fakes import CountingIds, FrozenClock, RecordingChannel
from libops.testing.sample_library import sample_library
from libops_jinja2 import MOST_OUTPUT, MOST_TEXT, HtmlJinjaFormat, JinjaFormat

ESCAPES = (
    "{{ title.__class__ }}",
    "{{ title['__class__'] }}",
    "{{ title|attr('__class__') }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ title.format(count) }}",
    "{{ '{0.__class__}'.format(title) }}",
    "{{ '%s' | format(title) }}",
    "{{ range(10) }}",
    "{{ lipsum(5) }}",
    "{{ cycler('a').__init__.__globals__ }}",
    "{{ self }}{{ self._TemplateReference__context }}",
    "{{ joiner() }}",
    "{{ namespace(x=1) }}",
    "{{ [title] * 1000000000 }}",
    "{{ 'a' * 1000000000 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ title | center(1000000000) }}",
    "{{ title | replace('a', 'aaaaaaaaaa') }}",
    "{{ title | wordwrap(1) }}",
    "{{ [1, 2] | map('string') | list }}",
    "{{ {'a': 1} }}",
    "{% for a in title %}{{ a }}{% endfor %}",
    "{% set x = title %}{{ x }}",
    "{% macro m() %}{% endmacro %}",
    "{% call m() %}{% endcall %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% extends 'base.html' %}",
    "{% block a %}{% endblock %}",
    "{% filter upper %}a{% endfilter %}",
    "{% raw %}{{ a }}{% endraw %}{{ title.upper() }}",
    "{% if %}",
    "{{ title",
    "{% autoescape false %}{{ title }}{% endautoescape %}",
    "{{ title | safe }}",
    "{{ title is callable }}",
    "{{ 3.5 }}",
)


class TestJinja(TemplateContract):
    plugins = ("libops_jinja2",)
    name = "jinja2"
    escapes = ESCAPES

    def naming(self, variable: str) -> str:
        return "{{ " + variable + " }}"


class TestHtml(TestJinja):
    name = "jinja2-html"

    def shown(self, value: str) -> str:
        return escape(value)


def test_a_text_chooses_between_singular_and_plural() -> None:
    """What names in braces alone cannot say."""
    text = "{{ count }} item{{ 's' if count > 1 else '' }}{% if fee %}, {{ fee }}{% endif %}"
    assert ["1 item", "2 items, 1.75 EUR"] == [
        JinjaFormat().render(text, {"count": count, "fee": fee}) for count, fee in ((1, ""), (2, "1.75 EUR"))
    ]


def test_filters_make_no_more_of_a_value_than_it_is() -> None:
    """Shortened, in capitals, a word for what is missing."""
    text = "{{ title | truncate(9) | upper }} {{ call_number | default('no call number', true) }}"
    assert "THE... no call number" == JinjaFormat().render(text, {"title": "The sea around us", "call_number": ""})


def test_a_sum_of_texts_and_numbers_is_told() -> None:
    """Only looking at the values shows it: the message stays in the outbox with this error."""
    with pytest.raises(InvalidValue, match="cannot be filled in"):
        JinjaFormat().render("{{ count + title }}", {"count": 2, "title": "Walden"})


@pytest.mark.parametrize(
    "text",
    [
        "a" * (MOST_TEXT + 1),
        "{{ " + "(" * 400 + "count" + ")" * 400 + " }}" + "{{ " + "not " * 200 + "count }}",
        "{% if count %}" * 100 + "{% endif %}" * 100,
        "{{ " + " ~ ".join(["title"] * 2) + " }}" + "{{ - " * 1 + "-" * 5_000 + "count }}",
    ],
)
def test_a_text_is_bounded_in_length_and_depth(text) -> None:
    """No text keeps the machine busy before it is refused."""
    with pytest.raises(InvalidValue):
        JinjaFormat().variables(text)


def test_the_output_is_bounded() -> None:
    """A long value shown often: stopped, before it is put together."""
    with pytest.raises(InvalidValue, match="more than"):
        JinjaFormat().render("{{ title }}" * 1_000, {"title": "x" * (MOST_OUTPUT // 500)})


def test_html_escapes_values_and_not_its_own_lines() -> None:
    """A title with marks stays a title; the lines were made and escaped by the same template."""
    format = HtmlJinjaFormat()
    line = format.render("<li>{{ title }}</li>", {"title": "Bread & <water>"})
    assert "<li>Bread &amp; &lt;water&gt;</li>" == line
    assert "<ul><li>Bread &amp; &lt;water&gt;</li></ul>" == format.render("<ul>{{ lines }}</ul>", {"lines": line})
    assert "Bread & <water>" == format.plain.render("{{ title }}", {"title": "Bread & <water>"})


def settings(text: dict[str, str]) -> dict:
    """The usual settings with an overdue notice in this text."""
    plain = default_settings().canonical()
    overdue = {"template": "overdue", "trigger": "due", "timing": "after", "period": "1 day"}
    plain["notice_policies"] = {"standard": {"notices": [overdue]}}
    plain["fallback"]["notices"] = "standard"
    plain["notice_templates"] = {"overdue": {"texts": [{"language": "en", **text}]}}
    return plain


def test_a_misspelt_variable_is_told_when_the_settings_are_read() -> None:
    """And so is a template that wants more than it may."""
    for line, told in (
        ("{{ titel }}", "did you mean 'title'?"),
        ("{{ title.upper() }}", "more than a template may use"),
    ):
        text = {"format": "jinja2", "subject": "Late", "body": "{{ lines }}", "line": line}
        with pytest.raises(SettingsError, match=r"notice_templates.overdue.texts\[0\].line") as error:
            libops.open(settings=settings(text), plugins=["libops_jinja2"])
        assert told in str(error.value)
    with pytest.raises(SettingsError, match="no template format 'jinja2'"):
        libops.open(settings=settings(text))


def test_an_overdue_notice_in_html_from_the_loan_to_the_mail() -> None:
    """Chosen in the settings, looked at before, sent as HTML with the text of it beside."""
    text = {
        "format": "jinja2-html",
        "subject": "{{ count }} item{{ 's' if count > 1 else '' }} late at {{ library_name }}",
        "body": "<p>Dear {{ patron_name }},</p><ul>{{ lines }}</ul>",
        "line": "<li>{{ title }}</li>",
    }
    clock, channel = FrozenClock(), RecordingChannel()
    plugins = ["libops_jinja2", channel]
    plain = settings(text)
    with libops.open(
        settings=plain, plugins=plugins, clock=clock, ids=CountingIds(), channels={"email": "recording"}
    ) as ops:
        seen = ops.notices.preview("overdue", language="en")
        assert ("2 items late at Town library", True) == (seen.subject, seen.html)
        assert "<li>Bread &amp; &lt;water&gt;</li>" in seen.body
        sample_library(ops)
        ops.patrons.change("21234000000017", email="ada@example.org", language="en", name="Ada <Flores>")
        assert ops.circulation.check_out(patron="21234000000017", item="31234000000014")
        for _ in range(35):
            clock.forward(days=1)
            ops.run_due()
    (message,) = channel.sent
    assert ("1 item late at Town library", True) == (message.subject, message.html)
    assert message.body.startswith("<p>Dear Ada &lt;Flores&gt;,</p><ul><li>")
    mail = mail_of(message, "library@example.org")
    plain_part, html_part = mail.iter_parts()
    assert ("text/plain", "text/html") == (plain_part.get_content_type(), html_part.get_content_type())
    assert plain_part.get_content().startswith("Dear Ada <Flores>,")
    assert message.body.strip() == html_part.get_content().strip()
