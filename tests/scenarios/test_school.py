"""A school library without fines: what its desk answers."""

from __future__ import annotations

from datetime import date

import pytest

THURSDAY = "2026-03-05 09:45"


@pytest.fixture
def school(library):
    """The school's rules."""
    return library("school")


@pytest.mark.parametrize(
    ("category", "item_type", "at", "answer"),
    [
        pytest.param("lower", "book", THURSDAY, "until Thu 19 Mar 13:30", id="books for two weeks"),
        pytest.param("lower", "book", "2026-03-18 09:45", "until Tue 07 Apr 13:30", id="not due at Easter"),
        pytest.param("lower", "comic", THURSDAY, "until Thu 12 Mar 10:00", id="comics for a week"),
        pytest.param("upper", "comic", "2026-03-24 09:45", "until Tue 07 Apr 10:00", id="to the same weekday"),
        pytest.param("upper", "textbook", THURSDAY, "until Fri 26 Jun 23:59", id="textbooks for the school year"),
        pytest.param("upper", "textbook", "2026-06-27 09:45", "until Fri 25 Jun 23:59", id="then for the next"),
        pytest.param("teacher", "dictionary", THURSDAY, "no: policy.on_site_only", id="dictionaries stay"),
        pytest.param("teacher", "tablet", THURSDAY, "until Thu 05 Mar 10:45", id="tablets for a lesson"),
    ],
)
def test_until_when(school, category: str, item_type: str, at: str, answer: str) -> None:
    """By grade, item and school year."""
    assert answer == school.lends(category, item_type, at)


@pytest.mark.parametrize(
    ("category", "item_type", "given", "answer"),
    [
        pytest.param(
            "lower", "film", {"birth_date": date(2015, 1, 1)}, "no: patron.age_not_allowed", id="films from 12"
        ),
        pytest.param("upper", "film", {"birth_date": None}, "no: patron.age_not_allowed", id="age must be known"),
        pytest.param("lower", "book", {"open_loans": 3}, "no: loan.limit_reached", id="three books at once"),
        pytest.param("upper", "book", {"open_loans": 3}, "until Thu 19 Mar 13:30", id="eight from grade 5"),
    ],
)
def test_who_may(school, category: str, item_type: str, given: dict, answer: str) -> None:
    """By age and number."""
    assert answer == school.lends(category, item_type, THURSDAY, **given)


def test_one_volume_of_a_title(school) -> None:
    """A second one of the same title is refused; teachers take thirty."""
    _, loan = school.loan("lower", "book", THURSDAY, "SCHOOL", {})
    assert "no: loan.same_title_out" == school.lends("lower", "book", THURSDAY, loans=(loan,))
    assert "until Fri 05 Jun 23:59" == school.lends("teacher", "book", THURSDAY, loans=(loan,), open_loans=29)


def test_nobody_is_fined(school) -> None:
    """Eleven weeks late."""
    assert "0.00 EUR" == school.fines("lower", "book", THURSDAY, "2026-06-05 09:45")


def test_one_renewal_for_books_and_none_for_comics(school) -> None:
    """Teachers renew past the vacation."""
    assert "until Thu 26 Mar 13:30" == school.renews("lower", "book", THURSDAY, "2026-03-12 09:45")
    assert "no: renewal.limit_reached" == school.renews("lower", "comic", THURSDAY, "2026-03-09 09:45")
    assert "until Mon 07 Sep 23:59" == school.renews("teacher", "book", THURSDAY, "2026-05-05 09:45")
