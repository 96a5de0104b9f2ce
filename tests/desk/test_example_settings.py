"""The example settings: each can be used as it is, and says what the system it is named after does."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from libops.desk.settings.lint import lint_settings
from libops.desk.settings.loading import Settings, load_settings

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "settings"
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))
TODAY = date(2026, 3, 2)


@cache
def settings(name: str) -> Settings:
    return load_settings(FOLDER / f"{name}.toml")


def test_there_is_one_for_each_kind_of_library_and_each_system() -> None:
    """Four libraries to start from, and three files for people who come from another system."""
    assert {
        "as-folio",
        "as-koha",
        "as-rero",
        "school",
        "tool-library",
        "town-with-branches",
        "university",
    } <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_loads_and_lints_clean(name: str) -> None:
    """A file to start from has no dead rule, no tie, no gap and no contradiction."""
    assert [] == [str(finding) for finding in lint_settings(settings(name), today=TODAY)]


@pytest.mark.parametrize("name", NAMES)
def test_each_comes_back_from_its_canonical_form(name: str) -> None:
    """What a loan keeps of the settings can be read again."""
    again = load_settings(settings(name).canonical())
    assert (settings(name).version, settings(name).file) == (again.version, again.file)


LOAN = {"as-koha": "three-weeks", "as-folio": "rolling", "as-rero": "standard"}
FINE = {"as-koha": "daily", "as-folio": "overdue", "as-rero": "steps"}
LIMITS = {"as-koha": "patron", "as-folio": "patron", "as-rero": "standard"}
LOST = {"as-koha": "refund", "as-folio": "lost", "as-rero": "replace"}
SYSTEMS = ("as-koha", "as-folio", "as-rero")

ANSWERS: list[tuple[str, str, tuple[Any, Any, Any]]] = [
    ("A1", "loan.due.due_time", ("23:59", "23:59:59", "23:59")),
    ("A2", "loan.due.closed_days", ("count-open-days", "next-open-day-end", "push-one-day-at-a-time")),
    ("A6", "loan.due.expiry_cut", (
        "cap-at-patron-expiry-move-back-over-closed-days",
        "cap-at-patron-expiry",
        "none",
    )),
    ("A8", "fine.counting", ("dates", "elapsed", "dates")),
    ("A11", "loan.due.on_calendar_change", (
        "leave-open-loans",
        "leave-open-loans",
        "recompute-open-loans-on-calendar-change",
    )),
    ("B1", "fine.closed", ("exclude-closed-days", "exclude-closed-minutes", "exclude-closed-days")),
    ("B3", "fine.charge_at", (
        "charge-at-end-of-interval",
        "charge-at-start-of-interval",
        "charge-at-start-of-interval",
    )),
    ("B7", "fine.cap_at_price", (True, False, False)),
    ("B8", "fine.steps", (0, 0, 2)),
    ("B9", "fine.at_renewal", ("fine-charged-on-renewal", "fine-forgiven-on-renewal", "fine-charged-on-renewal")),
    ("C1", "loan.renewals.renew_from", ("due-date", "due-date", "now")),
    ("C2", "loan.renewals.without_gain", ("allow", "refuse", "refuse")),
    ("C3", "loan.renewals.missing_period", ("use-loan-period", "use-loan-period", "error")),
    ("C3", "loan.renewals.zero_period", ("valid", "error", "valid")),
    ("C4", "loan.renewals.holds", ("block", "ignore", "block")),
    ("C5", "loan.renewals.reason_order", ("automatic-first", "in-check-order", "in-check-order")),
    ("E6", "limits.on_site", ("apart", "together", "together")),
    ("E7", "limits.item_limit_scope", ("all-loans", "within-rule", "all-loans")),
    ("E7", "limits.claims", ("counted", "not-counted", "counted")),
    ("E7", "limits.by_library", (0, 0, 1)),
    ("E9", "limits.overdue.weight", ("confirm", "overridable", "overridable")),
    ("F2", "lost.processing_on_return", (
        "processing-fee-kept",
        "processing-fee-refunded",
        "processing-fee-refunded",
    )),
    ("F5", "lost.loan", ("lost-closes-loan", "lost-keeps-loan-open", "lost-closes-loan")),
]  # fmt: skip


def answer(name: str, path: str) -> Any:
    """The option at a path below a policy, as settings write it; a list or a table by its length."""
    file = settings(name).file
    policy, *fields = path.split(".")
    names = {"loan": LOAN, "fine": FINE, "limits": LIMITS, "lost": LOST}[policy]
    found = getattr(file, {"limits": "limit_policies"}.get(policy, f"{policy}_policies"))[names[name]]
    for field in fields:
        found = getattr(found, field)
    if isinstance(found, (tuple, dict)):
        return len(found)
    return getattr(found, "value", str(found).removesuffix(":00") if hasattr(found, "hour") else found)


@pytest.mark.parametrize(("question", "path", "expected"), ANSWERS, ids=[f"{row[0]} {row[1]}" for row in ANSWERS])
def test_each_system_gives_its_own_answer(question: str, path: str, expected: tuple[Any, Any, Any]) -> None:
    """Where Koha, FOLIO and rero disagree, the three files say so."""
    assert expected == tuple(answer(name, path) for name in SYSTEMS)


def test_each_system_has_its_own_precedence() -> None:
    """E1: fixed weights, a priority line, a library pair."""
    assert ["FixedWeights", "PriorityLine", "LibraryPair"] == [
        type(settings(name).file.precedence).__name__ for name in SYSTEMS
    ]


def test_every_example_names_a_fallback() -> None:
    """E2: what holds where no rule matches is said, never left open."""
    fallbacks = [settings(name).file.fallback for name in NAMES]
    assert [] == [name for name, found in zip(NAMES, fallbacks, strict=True) if found is None or not found.loan]
