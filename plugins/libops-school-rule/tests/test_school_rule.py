"""A pupil of the fifth grade and a novel for the seventh to tenth."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from io import BytesIO

import pytest

import libops
from libops.base.decisions import Override, Permit, Refuse
from libops.hooks import OnFailure
from libops.testing.contracts import Act, PolicyContract
from libops_school_rule import libops_policy_checks

PUPIL, TEACHER = "21234000000017", "21234000000025"
NOVEL, ATLAS = "31234000000014", "31234000000022"

TITLES = """{"leader": "00000nam a2200000 a 4500", "fields": [{"001": "school-1"}, \
{"245": {"ind1": "0", "ind2": "0", "subfields": [{"a": "The outsiders"}]}}, \
{"521": {"ind1": "2", "ind2": " ", "subfields": [{"a": "7-10."}]}}]}
{"leader": "00000nam a2200000 a 4500", "fields": [{"001": "school-2"}, \
{"245": {"ind1": "0", "ind2": "0", "subfields": [{"a": "A child's atlas of the sky"}]}}, \
{"521": {"ind1": "8", "ind2": " ", "subfields": [{"a": "Shown in grade 12 astronomy"}]}}]}
"""

SETTINGS = files("libops.desk.settings") / "default.toml"


def settings() -> dict:
    """Those that come with libops, and a category for each grade."""
    found = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))
    found["patron_categories"] |= {"grade-5": {"name": "Grade 5", "parent": "child"}}
    return found


def furnish(ops: libops.Operations) -> None:
    """Two titles, a pupil and a teacher."""
    ops.catalog.import_marc(BytesIO(TITLES.encode()))
    barcodes = {"The outsiders": NOVEL, "A child's atlas of the sky": ATLAS}
    for bib in ops.catalog.all():
        assert ops.items.add(bib.id, barcode=barcodes[bib.title], item_type="book")
    assert ops.patrons.register(name="Ben Okafor", category="grade-5", card=PUPIL)
    assert ops.patrons.register(name="Clara Lindqvist", category="adult", card=TEACHER)


class TestSchoolRule(PolicyContract):
    plugins = ("libops_school_rule",)
    name = "school-rule"
    codes = ("school.above_grade",)
    settings = settings()

    def furnish(self, ops: libops.Operations) -> None:
        furnish(ops)

    def objectionable(self, ops: libops.Operations) -> Act:
        return Act("check_out", {"patron": PUPIL, "item": NOVEL})

    def harmless(self, ops: libops.Operations) -> Act:
        return Act("check_out", {"patron": PUPIL, "item": ATLAS})


@pytest.fixture
def school():
    """The library of the school."""
    with libops.open(settings=settings(), plugins=["libops_school_rule"]) as ops:
        furnish(ops)
        yield ops


def test_a_title_for_higher_grades_is_asked_about(school) -> None:
    """The desk sees the grades and which plugin asks; the preview says the same."""
    answer = school.circulation.check_out(patron=PUPIL, item=NOVEL)
    assert isinstance(answer, Refuse)
    reason = answer.reasons[0]
    assert ("school.above_grade", "school-rule") == (reason.code, reason.source)
    assert {"grade": 5, "meant_from": 7} == dict(reason.data)
    assert answer.reasons == school.circulation.preview_check_out(patron=PUPIL, item=NOVEL).reasons


def test_the_desk_may_confirm(school) -> None:
    """No right is needed: whoever stands at the desk knows the pupil. The log keeps who confirmed and why."""
    seen = Override(["school.above_grade"], "ruth", "reads ahead of the class")
    assert isinstance(school.circulation.check_out(patron=PUPIL, item=NOVEL, override=seen), Permit)


def test_other_patrons_and_titles_are_not_asked_about(school) -> None:
    """A teacher has no grade; a note that is no grade level (first indicator 8) says nothing."""
    assert isinstance(school.circulation.check_out(patron=TEACHER, item=NOVEL), Permit)
    assert isinstance(school.circulation.check_out(patron=PUPIL, item=ATLAS), Permit)


def test_check_ins_are_not_asked_about(school) -> None:
    """The check names the act it concerns."""
    assert school.circulation.check_out(patron=TEACHER, item=NOVEL)
    assert isinstance(school.circulation.check_in(item=NOVEL), Permit)


def test_libops_policy_checks_hands_over_one_check() -> None:
    """It fails open: when the check itself fails, lending goes on and the desk is told."""
    checks = list(libops_policy_checks())
    assert [("school-rule", "check_out", OnFailure.ALERT)] == [(c.name, c.act, c.on_failure) for c in checks]
