"""What the linter says about settings that can be read but make no sense."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from libops.base.errors import SettingsError
from libops.desk.settings.lint import lint_settings
from libops.desk.settings.loading import default_settings, load_settings

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


TERM = {"first": "2026-01-01", "last": "2026-05-29", "due": "2026-06-15"}


@pytest.mark.parametrize(
    ("due", "path"),
    [
        ({"period": "4 weeks", "schedule": [{**TERM, "due": "2026-05-15"}]}, "[0]"),
        ({"period": "4 weeks", "schedule": [{**TERM, "due": "2025-12-15"}, TERM]}, "[0]"),
        ({"period": "4 weeks", "schedule": [{"due": "2026-03-01"}, TERM]}, "[0]"),
        ({"period": "4 weeks", "schedule": [TERM, {**TERM, "first": "2026-02-01", "due": "2026-07-01"}]}, "[1]"),
        ({"profile": "fixed", "schedule": [TERM, {"first": "2026-06-01", "due": "2026-12-15"}]}, ""),
    ],
    ids=["before the end of its line", "before its line", "passed, for loans of today", "never read", "days between"],
)
def test_fixed_dates_that_cannot_be_meant(due: dict[str, Any], path: str) -> None:
    """A line whose loans are due at once, one behind others that cover its days, days on which nothing can be lent."""
    wrong = changed("loan_policies", "four-weeks", due=due)
    assert f"contradiction loan_policies.four-weeks.due.schedule{path}" in findings(wrong)


def test_fixed_dates_that_can_be_meant() -> None:
    """A line up to its own date, one that is a floor, days between for a loan that has a period as well."""
    later = {"first": "2026-07-01", "last": "2026-12-15", "due": "2026-12-15"}
    for due in (
        {"period": "4 weeks", "schedule": [TERM, later]},
        {"profile": "fixed", "schedule": [TERM, {**later, "first": "2026-05-30"}]},
        {"period": "4 weeks", "schedule": [{**TERM, "due": "2026-03-20"}], "schedule_use": "after"},
    ):
        assert [] == findings(changed("loan_policies", "four-weeks", due=due)), due


@pytest.mark.parametrize(
    ("day_starts", "friday", "told"),
    [
        ("00:00", "20:00-02:00", True),
        ("01:00", "20:00-02:00", True),
        ("02:00", "20:00-02:00", False),
        ("00:00", "20:00-24:00", False),
        ("04:00", "00:00-24:00", False),
        ("10:00", "09:00-18:00", True),
        ("09:00", "09:00-18:00", False),
    ],
)
def test_a_service_day_that_ends_within_opening_hours(day_starts: str, friday: str, told: bool) -> None:
    """Open until two, and the day ends at midnight: loans of the small hours would count to the next day."""
    plain = deepcopy(PLAIN)
    plain["calendars"]["main"] |= {"day_starts": day_starts, "weekly": {"friday": friday}}
    assert (["contradiction calendars.main.day_starts"] if told else []) == findings(plain)


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
        ({"on_site_items": 31}, "on_site_items"),
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


# --- options without effect -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "terms", "path"),
    [
        ("lost_policies", {"aged_after": "0 days"}, "aged_after"),
        ("lost_policies", {"billed_after": "1 week", "processing_fees": {}}, "billed_after"),
        ("lost_policies", {"billed_after_recalled": "1 week", "processing_fees": {}}, "billed_after_recalled"),
        ("lost_policies", {"aged_after": "4 weeks", "aged_after_recalled": "5 weeks"}, "aged_after_recalled"),
        ("lost_policies", {"processing_fees": {"aged-to-lost": "5.00 EUR"}}, "processing_fees.aged-to-lost"),
        ("lost_policies", {"set_amount": "20.00 EUR"}, "set_amount"),
        ("lost_policies", {"cost": "set-amount", "set_amount": "0.00 EUR"}, "set_amount"),
        (
            "lost_policies",
            {"refund": "lost-return-none", "processing_fees": {}, "refund_within": "1 week"},
            "refund_within",
        ),
        ("lost_policies", {"refund": "lost-return-none"}, "processing_on_return"),
        ("lost_policies", {"refund": "lost-return-refund-unpaid-part", "ends": "loss-ends-when-withdrawn"}, "ends"),
        ("lost_policies", {"overdue_on_return": "lost-return-restores-overdue"}, "overdue_on_return"),
        ("loan_policies", {"due": {"period": "2 weeks", "opening_offset": "1 hours"}}, "due.opening_offset"),
        ("loan_policies", {"due": {"period": "2 weeks", "schedule_use": "after"}}, "due.schedule_use"),
        ("loan_policies", {"due": {"period": "2 weeks", "demand": {"shorten_to": "2 weeks"}}}, "due.demand.shorten_to"),
        ("loan_policies", {"renewals": {"period_with_holds": "1 week"}}, "renewals.period_with_holds"),
        ("loan_policies", {"renewals": {"count": 2, "unseen_count": 3}}, "renewals.unseen_count"),
        ("loan_policies", {"age": {"at_least": 18, "at_most": 12}}, "age"),
        ("loan_policies", {"rental": {"amount": "0.00 EUR"}}, "rental.amount"),
        ("fine_policies", {"grace_ignored_for_recalled": True, "grace": "none"}, "grace_ignored_for_recalled"),
        ("fine_policies", {"amount": "0.00 EUR", "recall_interval": "1 day"}, "recall_interval"),
        ("limit_policies", {"claims": "not-counted"}, "claims"),
    ],
)
def test_options_that_another_one_takes_the_effect_from(table: str, terms: dict[str, Any], path: str) -> None:
    """About losses, claims, demand, renewals, ages and fees: each found alone, by its path."""
    name = {"lost_policies": "replacement", "limit_policies": "staff", "fine_policies": "standard"}.get(
        table, "two-weeks"
    )
    assert [f"contradiction {table}.{name}.{path}"] == findings(changed(table, name, **terms))


def test_neighbors_of_options_without_effect_are_clean() -> None:
    """With what they need beside them, the same options say something."""
    for table, name, terms in (
        (
            "lost_policies",
            "replacement",
            {"aged_after": "6 weeks", "billed_after": "1 week", "aged_after_recalled": "1 week"},
        ),
        ("lost_policies", "replacement", {"aged_after_recalled": "1 week", "billed_after_recalled": "1 week"}),
        ("lost_policies", "replacement", {"cost": "set-amount", "set_amount": "20.00 EUR"}),
        ("lost_policies", "replacement", {"refund": "lost-return-none", "processing_on_return": "processing-fee-kept"}),
        (
            "lost_policies",
            "replacement",
            {"overdue_when_lost": "overdue-dropped-when-lost", "overdue_on_return": "lost-return-restores-overdue"},
        ),
        ("loan_policies", "two-weeks", {"due": {"period": "2 weeks", "demand": {"shorten_to": "13 days"}}}),
        ("loan_policies", "two-weeks", {"renewals": {"holds": "ignore", "period_with_holds": "1 week"}}),
        ("loan_policies", "two-weeks", {"renewals": {"count": 2, "unseen_count": 2}}),
        ("limit_policies", "staff", {"claims": "not-counted", "items_out": 50}),
    ):
        assert [] == findings(changed(table, name, **terms)), terms


@pytest.mark.parametrize(
    ("terms", "path"),
    [
        ({"causes_first": ["hold"]}, "causes_first"),
        ({"allocation": "by-cause"}, "allocation"),
        ({"never_negative_for": ["hold"]}, "never_negative_for"),
        ({"negative_balance": "no-negative-balance-by-charge-kind"}, "negative_balance"),
        ({"negative_within": "7 days"}, "negative_within"),
    ],
)
def test_account_terms_that_belong_to_another_answer(terms: dict[str, Any], path: str) -> None:
    """Lists of causes and intervals without the option that reads them."""
    assert [f"contradiction accounts.{path}"] == findings(deepcopy(PLAIN) | {"accounts": terms})


@pytest.mark.parametrize(
    ("terms", "path"),
    [({"return_to": "float"}, "return_to"), ({"float_groups": {"town": {"libraries": ["MAIN"]}}}, "float_groups")],
)
def test_floating_without_groups_and_groups_without_floating(terms: dict[str, Any], path: str) -> None:
    """Either alone does nothing."""
    assert [f"contradiction returns.{path}"] == findings(deepcopy(PLAIN) | {"returns": terms})


def test_a_reminder_names_a_template_that_is_there() -> None:
    """An unknown code is an error, with what may have been meant."""
    plain = deepcopy(PLAIN)
    plain["reminder_policies"] = {"yearly": [{"after": "1 week", "fee": "1.00 EUR", "notice": "overdu"}]}
    with pytest.raises(SettingsError, match=r"reminder_policies.yearly.0..notice: .*did you mean 'overdue'"):
        load_settings(plain)
