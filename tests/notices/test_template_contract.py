"""The plain format keeps the contract of template formats; a notice can be looked at before it goes out."""

from __future__ import annotations

import json

import pytest

import libops
from libops.base.errors import NotFound
from libops.cli.main import main
from libops.notices.templates import PLAIN
from libops.testing.contracts import TemplateContract


class TestPlain(TemplateContract):
    name = "plain"
    escapes = (
        "{title.__class__}",
        "{title[0]}",
        "{title!r}",
        "{title:>1000000000}",
        "{0}",
        "{}",
        "{title",
        "{count.real}",
        "{title.__init__.__globals__}",
    )

    @property
    def format(self):
        return PLAIN

    def naming(self, variable: str) -> str:
        return "{" + variable + "}"


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("en", "Please bring it back to Town library"),
        ("de", "Bitte zurückbringen: Town library"),
        ("fr", ""),
        ("es", ""),
    ],
)
def test_a_notice_is_looked_at_in_each_language(language, subject) -> None:
    """About sample items, in the words and the dates of the language; nothing is written."""
    with libops.open() as ops:
        found = ops.notices.preview("overdue", language=language)
        assert language == found.language
        assert ("The sea around us" in found.body, "Bread & <water>" in found.body) == (True, True)
        assert "Bread" not in ops.notices.preview("overdue", language=language, count=1).body
        assert [] == ops.notices.waiting()
        if language == "en":
            assert subject == found.subject
        with pytest.raises(NotFound, match="no notice template 'overdoe'"):
            ops.notices.preview("overdoe")


def test_notices_at_the_command_line(tmp_path, capsys) -> None:
    """Preview one, list what a day would bring, list what failed."""
    db = str(tmp_path / "town.db")
    assert 0 == main(["init", "--db", db])
    capsys.readouterr()
    assert 0 == main(["notice", "preview", "overdue", "--to", "de", "--db", db])
    assert "The sea around us" in capsys.readouterr().out
    assert 0 == main(["notice", "preview", "overdue", "--db", db, "--json"])
    assert "overdue" == json.loads(capsys.readouterr().out)["kind"]
    for words in (["on", "2026-03-31"], ["failed"]):
        assert 0 == main(["notice", *words, "--db", db])
        assert "" == capsys.readouterr().out
