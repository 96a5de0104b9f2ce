"""A library's settings: read, checked, compiled, and the same again from their canonical form."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from libops.base.errors import NotFound, SettingsError
from libops.circulation.policy.rules import Case, PriorityLine
from libops.circulation.policy.terms import Loanable
from libops.desk.settings.loading import default_settings, load_settings


def plain() -> dict[str, Any]:
    return {
        "currency": "EUR",
        "libraries": {
            "TOWN": {"name": "Town libraries", "calendar": "week"},
            "MAIN": {"name": "Main library", "parent": "TOWN"},
            "ISLE": {"name": "Island branch", "parent": "TOWN", "zone": "Atlantic/Azores"},
        },
        "calendars": {"week": {"zone": "Europe/Lisbon", "weekly": {"monday": "10:00-18:00"}}},
        "patron_categories": {"adult": {"name": "Adult"}, "student": {"name": "Student", "parent": "adult"}},
        "item_types": {"book": {"name": "Book"}, "dvd": {"name": "DVD"}},
        "loan_policies": {"month": {"due": {"period": "1 month"}}, "week": {"due": {"period": "1 week"}}},
        "limit_policies": {"twenty": {"items_out": 20}},
        "rules": [{"id": "dvd", "item_type": "dvd", "loan": "week", "limits": "twenty"}],
        "fallback": {"loan": "month", "limits": "twenty"},
    }


def problems(settings: dict[str, Any]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load_settings(settings)
    return caught.value.problems


def test_the_rule_that_governs_a_case_with_its_policies() -> None:
    """The desk asks for the case and gets the rule with the terms it names."""
    settings = load_settings(plain())
    governing = settings.book.terms(Case("MAIN", "student", "dvd"))  # type: ignore[arg-type]
    assert ("dvd", settings.file.loan_policies["week"]) == (governing.match.rule_id, governing.loan)
    assert governing.limits is not None
    assert 20 == governing.limits.items_out
    assert governing is settings.book.terms(Case("ISLE", "adult", "dvd"))  # type: ignore[arg-type]


def test_a_library_keeps_the_calendar_of_the_unit_above_it_in_its_own_zone() -> None:
    """A branch without a calendar opens like the system it belongs to; the clocks there may differ."""
    settings = load_settings(plain())
    assert ["Europe/Lisbon", "Atlantic/Azores"] == [
        settings.calendar_of(code).zone  # type: ignore[arg-type]
        for code in ("MAIN", "ISLE")
    ]
    with pytest.raises(NotFound, match="no library 'EAST'"):
        settings.calendar_of("EAST")  # type: ignore[arg-type]


def test_suspension_and_reminders_are_named_by_rules() -> None:
    """A library may count days in place of money, or charge each reminder; how accounts are kept holds for all."""
    more = plain()
    more["suspension_policies"] = {"days": {"days": 1, "max_days": 30}}
    more["reminder_policies"] = {
        "three": [{"after": "1 week", "fee": "1.00 EUR"}, {"after": "2 weeks", "fee": "2.50 EUR"}]
    }
    more["accounts"] = {"overpayment": "kept-as-credit"}
    more["rules"][0] |= {"suspension": "days", "reminders": "three"}
    settings = load_settings(more)
    dvd, book = (settings.book.terms(Case("MAIN", "adult", kind)) for kind in ("dvd", "book"))  # type: ignore[arg-type]
    assert (30, 2) == (dvd.suspension and dvd.suspension.max_days, len(dvd.reminders))
    assert (None, ()) == (book.suspension, book.reminders)
    assert "kept-as-credit" == settings.book.accounts.overpayment.value
    assert settings.version == load_settings(settings.canonical()).version


def test_names_that_are_not_defined_are_all_told() -> None:
    """A misspelt name is an error when the file is read, not at the desk."""
    wrong = plain()
    wrong["libraries"]["MAIN"]["parent"] = "TWN"
    wrong["libraries"]["TOWN"]["calendar"] = "weeks"
    wrong["rules"][0] |= {"item_type": ["dvd", "bok"], "loan": "weak"}
    wrong["fallback"] |= {"limits": "twnty", "fine": "daily"}
    wrong["loan_policies"]["week"]["lost"] = "price"
    wrong["limit_policies"]["twenty"] |= {
        "by_library": {"EAST": 3},
        "by_item_type": [{"item_types": ["dvds"], "limit": 3}],
        "debt": {"limit": "10.00 CHF"},
    }
    assert (
        "settings.libraries.MAIN.parent: there is no library 'TWN'; did you mean 'TOWN'?",
        "settings.libraries.TOWN.calendar: there is no calendar 'weeks'; did you mean 'week'?",
        "settings.rules[0].item_type: there is no item type 'bok'; did you mean 'book'?",
        "settings.rules[0].loan: there is no loan policy 'weak'; did you mean 'week'?",
        "settings.fallback.fine: there is no fine policy 'daily'; none is known",
        "settings.fallback.limits: there is no limit policy 'twnty'; did you mean 'twenty'?",
        "settings.loan_policies.week.lost: there is no lost policy 'price'; none is known",
        "settings.limit_policies.twenty.by_item_type[0].item_types: there is no item type 'dvds'; did you mean 'dvd'?",
        "settings.limit_policies.twenty.by_library: there is no library 'EAST'; known are: TOWN, MAIN, ISLE",
        "settings.limit_policies.twenty.debt.limit: 10.00 CHF is not in EUR, the currency of these settings",
    ) == problems(wrong)


def test_a_renewal_period_may_be_required() -> None:
    """rero refuses a rule that allows renewals but names no period for them."""
    wrong = plain()
    wrong["loan_policies"]["week"]["renewals"] = {"missing_period": "error"}
    assert ("settings.loan_policies.week.renewals.period: is missing, and missing_period is 'error'",) == problems(
        wrong
    )


def test_the_version_changes_with_the_content_only() -> None:
    """Sorting keys otherwise, or writing a default out, gives the same version; a changed rule gives another."""
    settings = load_settings(plain())
    shuffled = dict(reversed(plain().items()))
    shuffled["precedence"] = {"strategy": "fixed-weights"}
    changed = deepcopy(plain())
    changed["rules"][0]["loan"] = "month"
    assert settings.version == load_settings(shuffled).version
    assert settings.version != load_settings(changed).version


def test_the_canonical_form_is_the_same_settings() -> None:
    """What is kept of an old version can be read again and decides the same."""
    settings = default_settings()
    again = load_settings(settings.canonical())
    assert (settings.version, settings.file) == (again.version, again.file)


def test_rules_as_text_become_rules() -> None:
    """A library that knows FOLIO's language writes its rules in it; the canonical form has them written out."""
    text = plain()
    del text["rules"], text["fallback"]
    text["rules_text"] = "priority: last-line\nfallback-policy: l month\nm dvd: l week\n"
    settings = load_settings(text)
    assert PriorityLine("last-line") == settings.file.precedence
    assert settings.version == load_settings(settings.canonical()).version
    text["fallback"] = {"loan": "month"}
    text["rules_text"] += "m book l week\n"
    assert ("settings.rules_text: rules and a fallback are given beside it: keep either the text or the tables",) == (
        problems(text)
    )


def test_precedence_is_chosen_by_name() -> None:
    """An unknown strategy, and a key it does not have, are told with what is known."""
    wrong = plain()
    wrong["precedence"] = {"strategy": "weights"}
    assert "fixed-weights" in problems(wrong)[0]
    for written, told in (
        ("fixed-weights", "'fixed-weights' is not a table: write it as { strategy = \"fixed-weights\" }"),
        ({}, "the key 'strategy' is missing; choose one of fixed-weights, column-weights"),
    ):
        with pytest.raises(SettingsError, match=re.escape(told)):
            load_settings({**wrong, "precedence": written})
    wrong["precedence"] = {"strategy": "fixed-weights", "ordr": ["library"]}
    assert ("settings.precedence.ordr: unknown key; did you mean 'order'?",) == problems(wrong)


def test_values_and_names_are_told_together() -> None:
    """A key misspelled, an amount that is none, a policy and a type that are not there: all in one go. What is named
    but could not be read itself is not told as missing."""
    wrong = plain()
    wrong["loan_policies"]["week"]["due"] = {"perod": "1 week"}
    wrong["limit_policies"]["twenty"] = {"claims": "ignored"}
    wrong["rules"][0] |= {"item_type": "dvds", "fine": "daily"}
    assert (
        "settings.loan_policies.week.due.perod: unknown key; did you mean 'period'?",
        "settings.limit_policies.twenty.claims: 'ignored' is not one of the options; known are: counted, not-counted",
        "settings.rules[0].item_type: there is no item type 'dvds'; did you mean 'dvd'?",
        "settings.rules[0].fine: there is no fine policy 'daily'; none is known",
    ) == problems(wrong)


def test_names_in_rules_written_as_text_are_told_by_line() -> None:
    """FOLIO's language: the line of the text, not the place in a list nobody wrote."""
    wrong = plain()
    del wrong["rules"], wrong["fallback"]
    wrong["rules_text"] = "fallback-policy: l month\n\nm dvds: l week\n"
    (told,) = problems(wrong)
    assert "settings.rules_text.line-3.item_type: there is no item type 'dvds'; did you mean 'dvd'?" == told


def test_rules_as_a_table_are_told_how_a_list_is_written() -> None:
    """`[rules.films]` in place of `[[rules]]`."""
    wrong = plain()
    wrong["rules"] = {"films": {"item_type": "dvd", "loan": "week"}}
    (told,) = problems(wrong)
    assert told.endswith("is not a list: write each entry as a table of its own, under [[...]]")


def test_a_file_is_read_by_its_path(tmp_path: Path) -> None:
    """A missing file and one that is no TOML are told as such."""
    with pytest.raises(NotFound, match="no settings file"):
        load_settings(tmp_path / "town.toml")
    (tmp_path / "town.toml").write_text("currency = EUR", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"town\.toml is no TOML file"):
        load_settings(str(tmp_path / "town.toml"))


def test_the_default_settings_are_a_town_library() -> None:
    """Without settings, libops is a small town library: books for four weeks, reference works stay in the house."""
    settings = default_settings()
    found = {
        kind: settings.book.terms(Case("MAIN", "child", kind))  # type: ignore[arg-type]
        for kind in ("book", "dvd", "reference")
    }
    assert ["four-weeks", "two-weeks", "reading-room"] == [answer.match.loan for answer in found.values()]
    assert {"child"} == {answer.match.limits for answer in found.values()}
    assert found["reference"].loan is not None
    assert Loanable.ON_SITE_ONLY is found["reference"].loan.loanable


def test_settings_modules_import_no_converter() -> None:
    """Reading settings needs cattrs and tomllib, importing their classes does not."""
    code = "import sys, libops.desk.settings.loading; print(sorted({'cattrs', 'tomllib', 'pymarc'} & set(sys.modules)))"
    path = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=path)
    assert "[]" == found.stdout.strip()


def test_the_form_that_is_printed_is_read_again(tmp_path) -> None:
    """`libops settings show` prints JSON: kept in a file, it opens the same library. What is none is told."""
    settings, file = load_settings(plain()), tmp_path / "town.json"
    file.write_text(json.dumps(settings.canonical()), encoding="utf-8")
    assert settings.version == load_settings(file).version
    for text, told in (("{", "town.json is no JSON file: "), ("[]", "town.json is no table of settings")):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(SettingsError, match=told):
            load_settings(file)


def test_the_mark_of_an_editor_is_no_part_of_the_settings(tmp_path) -> None:
    """Editors on Windows begin a file with a mark that nobody sees, and the first line was wrong for it."""
    (tmp_path / "town.toml").write_text('currency = "EUR"\n', encoding="utf-8-sig")
    with pytest.raises(SettingsError, match="libraries: is missing"):
        load_settings(tmp_path / "town.toml")
