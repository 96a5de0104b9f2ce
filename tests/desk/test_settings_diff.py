"""What a library is told before it changes its settings."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from libops.circulation.policy.rules import Case
from libops.desk.settings.diff import SettingsDiff, compare_settings
from libops.desk.settings.loading import default_settings, load_settings

BEFORE = default_settings()
MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


def changed(**tables: Any) -> dict[str, Any]:
    plain = deepcopy(BEFORE.canonical())
    for name, content in tables.items():
        plain[name] = content(plain[name]) if callable(content) else content
    return plain


def told(after: dict[str, Any], **more: Any) -> list[str]:
    return [str(change) for change in compare_settings(BEFORE, load_settings(after), **more).changes]


def test_the_same_settings_change_nothing() -> None:
    """Settings compared with themselves answer alike in every case."""
    found = compare_settings(BEFORE, load_settings(BEFORE.canonical()), at=MONDAY)
    assert (BEFORE.version, ()) == (found.after, found.changes)


def test_a_rule_that_loses_a_type_is_shown_with_the_rule_that_takes_over() -> None:
    """Magazines leave the rule for media: the fallback decides about them, and only about them."""
    after = load_settings(
        changed(rules=lambda rules: [*rules[:2], rules[2] | {"item_type": ["media", "equipment"]}, *rules[3:]])
    )
    found = compare_settings(BEFORE, after)
    (change,) = found.changes
    assert ("loan", "two-weeks", "four-weeks") == (change.concern, change.before, change.after)
    assert ("media", "fallback", "magazine") == (change.rule_before, change.rule_after, change.example.item_type)
    assert {"media": 3} == found.by_rule


def test_changed_terms_are_named_with_both_values() -> None:
    """A policy that keeps its name but not its terms is shown option by option, and the due dates it moves."""
    after = changed(loan_policies=lambda found: found | {"two-weeks": {"due": {"period": "10 days"}}})
    assert [
        "loan: two-weeks (rule media) -> two-weeks (rule media) in 3 of 9 cases, such as: patron_category adult, "
        "item_type media; due.period: 2 weeks -> 10 days, renewals.count: 1 -> default",
        "due: 2026-03-17 23:59 (rule media) -> 2026-03-12 23:59 (rule media) in 3 of 9 cases, such as: "
        "patron_category adult, item_type media",
    ] == told(after, at=MONDAY)


def test_an_option_that_is_set_to_its_default_is_no_change() -> None:
    """Writing a default out changes neither the version nor any answer."""
    after = load_settings(
        changed(loan_policies=lambda found: found | {"four-weeks": found["four-weeks"] | {"loanable": "yes"}})
    )
    assert BEFORE.version == after.version
    assert () == compare_settings(BEFORE, after).changes


def test_only_the_given_cases_are_asked() -> None:
    """A library may compare the loans it really made."""
    after = load_settings(changed(fallback=lambda found: found | {"limits": "child"}))
    cases = [Case("MAIN", "adult", "book"), Case("MAIN", "child", "book"), Case("MAIN", "adult", "book")]  # type: ignore[arg-type]
    found = compare_settings(BEFORE, after, cases=cases)
    assert [("limits", 2, 3)] == [(change.concern, change.count, change.of) for change in found.changes]


RULE = st.fixed_dictionaries(
    {},
    optional={
        "patron_category": st.sampled_from(("adult", "child", "!staff")),
        "item_type": st.sampled_from(("media", "dvd", ["book", "magazine"])),
        "loan": st.sampled_from(("four-weeks", "two-weeks", "reading-room")),
        "limits": st.sampled_from(("adult", "child", "staff")),
    },
)


@given(st.lists(RULE, max_size=4), st.lists(RULE, max_size=4), st.data())
def test_no_change_is_missed(before: list[dict[str, Any]], after: list[dict[str, Any]], data: st.DataObject) -> None:
    """If any case at all is decided otherwise, the comparison shows a change for that policy."""
    old, new = (load_settings(changed(rules=rules)) for rules in (before, after))
    concerns = {change.concern for change in compare_settings(old, new).changes}
    case = Case(
        "MAIN",  # type: ignore[arg-type]
        data.draw(st.sampled_from(("adult", "child", "staff"))),
        data.draw(st.sampled_from(tuple(BEFORE.file.item_types))),
    )
    one, other = old.book.terms(case), new.book.terms(case)
    really = {name for name in ("loan", "fine", "lost", "limits") if getattr(one, name) != getattr(other, name)}
    assert really <= concerns


def test_a_comparison_says_what_was_compared() -> None:
    """The report names both versions."""
    after = load_settings(changed(name="Hill library"))
    assert SettingsDiff(BEFORE.version, after.version, 9, ()) == compare_settings(BEFORE, after)
