"""Settings about holds: names that are there, and terms that make sense."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from libops.base.errors import SettingsError
from libops.desk.settings.lint import lint_settings
from libops.desk.settings.loading import default_settings, load_settings


def settings(**more: Any) -> dict[str, Any]:
    """The small town library with other tables about holds."""
    plain = default_settings().canonical()
    for table, value in more.items():
        plain[table] = {**plain.get(table, {}), **value}
    return plain


@pytest.mark.parametrize(
    "wrong",
    [
        {"hold_policies": {"standard": {"pickup_libraries": ["MIAN"]}}},
        {"holds": {"groups": {"river": ["MAIN", "WSET"]}}},
        {"holds": {"proximity": {"MAIN": {"ESAT": 3}}}},
        {"holds": {"local_without_item_types": ["bok"]}},
        {"holds": {"local_without_categories": ["aduld"]}},
        {"returns": {"float_groups": {"river": {"libraries": ["MIAN"]}}}},
        {"returns": {"by_item_type": {"bok": "stay"}}},
    ],
)
def test_what_is_named_exists(wrong) -> None:
    """A mistyped library, type or category is told with its path before anything runs."""
    with pytest.raises(SettingsError):
        load_settings(settings(**wrong))


@pytest.mark.parametrize(
    ("terms", "path"),
    [
        ({"shelf_time": "0 days"}, "hold_policies.standard.shelf_time"),
        ({"in_all": 0}, "hold_policies.standard"),
        ({"pickup_libraries": []}, "hold_policies.standard.pickup_libraries"),
    ],
)
def test_terms_that_contradict_themselves_are_found(terms, path) -> None:
    """The linter says where a hold policy takes no holds, or gives no time to pick one up."""
    found = lint_settings(load_settings(settings(hold_policies={"standard": terms})), today=date(2026, 3, 2))
    assert [path] == [finding.path for finding in found]
