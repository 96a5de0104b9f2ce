"""What the linter says about settings that can be read but make no sense."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from libops.desk.settings import default_settings, load_settings
from libops.desk.settings_lint import lint_settings

TODAY = date(2026, 3, 2)
PLAIN = default_settings().canonical()


def findings(plain: dict[str, Any]) -> list[str]:
    return [f"{found.kind.value} {found.path}" for found in lint_settings(load_settings(plain), today=TODAY)]


def changed(table: str, name: str, **terms: Any) -> dict[str, Any]:
    plain = deepcopy(PLAIN)
    plain[table][name].update(terms)
    return plain


def test_the_default_settings_are_clean() -> None:
    """What libops ships has nothing to report."""
    assert [] == findings(PLAIN)


@pytest.mark.parametrize(
    ("terms", "path"),
    [
        ({"due": {"period": "4 weeks", "ceiling": "2026-03-01"}}, "due.ceiling"),
        ({"due": {"profile": "fixed", "schedule": [{"due": "2026-02-27"}]}, "renewals": {"count": 0}}, "due.schedule"),
        ({"due": {"profile": "fixed", "schedule": [{"due": "2026-07-01"}]}}, "renewals"),
        ({"due": {"profile": "indefinite"}}, "renewals"),
        ({"renewals": {"period": "0 days"}}, "renewals.period"),
        ({"renewals": {"period": "1 week", "not_before": "10 days"}}, "renewals.not_before"),
        ({"renewals": {"period": "1 week", "automatic": {"not_before": "1 week"}}}, "renewals.automatic.not_before"),
        ({"renewals": {"no_more_after": "4 weeks"}}, "renewals.no_more_after"),
        ({"renewals": {"allowed": False, "automatic": {}}}, "renewals.automatic"),
        ({"renewals": {"automatic": {"no_more_after_date": "2026-03-02"}}}, "renewals.automatic.no_more_after_date"),
    ],
)
def test_loan_terms_that_contradict_each_other(terms: dict[str, Any], path: str) -> None:
    """A fixed date in the past, a renewal that cannot gain, and the like."""
    assert [f"contradiction loan_policies.four-weeks.{path}"] == findings(
        changed("loan_policies", "four-weeks", **terms)
    )


def test_neighbors_of_contradictions_are_clean() -> None:
    """A ceiling of today, a renewal counted from the due date, a limit of a day more: all have effect."""
    for terms in (
        {"due": {"period": "4 weeks", "ceiling": "2026-03-02"}},
        {"renewals": {"period": "1 week", "not_before": "6 days"}},
        {"renewals": {"period": "1 week", "not_before": "10 days", "renew_from": "due-date"}},
        {"renewals": {"period": "0 days", "without_gain": "allow"}},
        {"renewals": {"no_more_after": "29 days"}},
        {"due": {"profile": "indefinite"}, "renewals": {"allowed": False}},
    ):
        assert [] == findings(changed("loan_policies", "four-weeks", **terms))


@pytest.mark.parametrize(
    ("terms", "path"),
    [
        ({"on_site_items": 3}, "on_site_items"),
        ({"by_item_type": [{"item_types": ["media"], "limit": 31}]}, "by_item_type[0].limit"),
        ({"items_out_per_library": 31}, "items_out_per_library"),
        ({"overdue": {"limit": 0}}, "overdue"),
        ({"lost": {"limit": 0}}, "lost"),
        ({"debt": {"limit": "0.00 EUR", "boundary": "reached"}}, "debt"),
    ],
)
def test_limits_without_effect_or_that_stop_everybody(terms: dict[str, Any], path: str) -> None:
    """A limit above another, or a block that a patron without any fault already meets."""
    assert [f"contradiction limit_policies.adult.{path}"] == findings(changed("limit_policies", "adult", **terms))


@pytest.mark.parametrize(
    ("terms", "path"),
    [
        ({"cap": "0.20 EUR"}, "cap"),
        ({"steps": [{"first": 1, "amount": "1.00 EUR"}], "cap": "0.50 EUR"}, "cap"),
        ({"recall_amount": "2.00 EUR", "recall_cap": "1.00 EUR"}, "recall_cap"),
        ({"steps": [{"first": 1, "last": 3, "amount": "1.00 EUR"}], "grace": "3 days"}, "grace"),
        ({"grace": "2 hours", "grace_over_closed": "grace-counts-open-days-only"}, "grace_over_closed"),
    ],
)
def test_fines_that_are_never_charged(terms: dict[str, Any], path: str) -> None:
    """A cap below one step, or grace as long as the first step."""
    assert [f"contradiction fine_policies.standard.{path}"] == findings(changed("fine_policies", "standard", **terms))


@pytest.mark.parametrize(("terms", "path"), [({"days": 0}, "days"), ({"days": 2, "max_days": 1}, "max_days")])
def test_suspensions_of_no_length(terms: dict[str, Any], path: str) -> None:
    """A suspension of no days, or one cut below its own step."""
    plain = deepcopy(PLAIN)
    plain["suspension_policies"] = {"days-for-days": terms}
    plain["fallback"]["suspension"] = "days-for-days"
    assert [f"contradiction suspension_policies.days-for-days.{path}"] == findings(plain)


def test_fines_next_to_a_contradiction_are_clean() -> None:
    """A cap of just one step, and grace a day shorter than the step, have effect."""
    for terms in (
        {"cap": "0.25 EUR"},
        {"steps": [{"first": 1, "last": 3, "amount": "1.00 EUR"}], "grace": "2 days"},
    ):
        assert [] == findings(changed("fine_policies", "standard", **terms))


@pytest.mark.parametrize(
    ("card", "item", "doubtful"),
    [
        ({"prefix": "2", "length": 14}, {"prefix": "2", "length": 14}, True),
        ({"prefix": "2"}, {"prefix": "2", "length": 14}, True),
        ({"prefix": "2", "length": 14}, {"prefix": "3", "length": 14}, False),
        ({"prefix": "2", "length": 10}, {"prefix": "2", "length": 14}, False),
        ({"prefix": "2", "length": 14, "check": "luhn"}, {"prefix": "2", "length": 14}, False),
    ],
)
def test_cards_and_items_that_look_alike(card: dict[str, Any], item: dict[str, Any], doubtful: bool) -> None:
    """A scan must tell a card from an item, by prefix, length or check digit."""
    plain = deepcopy(PLAIN)
    plain["barcodes"] = {"rules": [{"kind": "patron-card", **card}, {"kind": "item", **item}]}
    assert doubtful is ("contradiction barcodes.rules" in findings(plain))


def test_what_nobody_uses() -> None:
    """A policy that no rule names, and a calendar that no library keeps."""
    plain = deepcopy(PLAIN)
    plain["loan_policies"]["long"] = {"due": {"period": "8 weeks"}}
    plain["loan_policies"]["two-weeks"]["fine"] = "named-by-a-loan-policy"
    plain["fine_policies"] |= {name: {"amount": "1.00 EUR"} for name in ("named-by-a-loan-policy", "named-by-nobody")}
    plain["calendars"]["summer"] = {"zone": "Europe/Berlin", "weekly": {"monday": "10:00-12:00"}}
    assert [
        "unused loan_policies.long",
        "unused fine_policies.named-by-nobody",
        "unused calendars.summer",
    ] == findings(plain)


def test_a_library_that_never_opens() -> None:
    """A calendar without hours, and a library without a calendar, are told."""
    plain = deepcopy(PLAIN)
    plain["calendars"]["main"] = {"zone": "Europe/Berlin"}
    plain["libraries"]["BUS"] = {"name": "Book bus"}
    assert ["contradiction libraries.BUS.calendar", "contradiction calendars.main"] == findings(plain)
