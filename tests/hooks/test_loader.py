"""One broken plugin stops nobody: it is reported, and the others are there."""

from __future__ import annotations

import re
import sys
import types

import pytest

import libops
from libops.base.errors import InvalidValue
from libops.hooks import Driver, Format, Observer, OnFailure, PolicyCheck, StorageBackend, hookimpl, load
from libops.hooks.specs.channels import Channel


def plugin(**functions) -> types.SimpleNamespace:
    """A plugin with these hook functions, marked as a plugin author would."""
    return types.SimpleNamespace(
        __name__="town_plugin", **{name: hookimpl(function) for name, function in functions.items()}
    )


def nothing():
    """A hook that brings nothing."""
    return []


def report_of(registry, name):
    """What the loader says of one plugin."""
    return next(report for report in registry.reports if report.name == name)


def test_built_in_plugins_come_through_the_same_door() -> None:
    """Memory, SQLite, the channels and the keyboard wedge are plugins like any other."""
    registry = load()
    assert ["memory", "sqlite", "console", "file", "smtp", "keyboard_wedge", "html_labels"] == [
        report.name for report in registry.reports
    ]
    assert [()] * 7 == [report.problems for report in registry.reports]
    assert {"memory", "sqlite"} == set(registry.storage)


def test_what_is_wrong_with_a_plugin_is_in_the_log(caplog) -> None:
    """A host that named a local rule and lends without it must see so, even if it never reads the report."""
    with libops.open(plugins=["libops_skool_rule"]):
        pass
    assert ["plugin libops_skool_rule: ModuleNotFoundError: No module named 'libops_skool_rule'"] == caplog.messages


def test_a_plugin_that_fails_to_import_is_reported_and_the_rest_are_loaded(tmp_path, monkeypatch) -> None:
    """The import error of a guest is told by its name; libops opens all the same."""
    (tmp_path / "broken_town_plugin.py").write_text("import no_such_library_anywhere\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with libops.open(plugins=["broken_town_plugin"]) as ops:
        report = report_of(ops.registry, "broken_town_plugin")
        assert (False, 1) == (report.loaded, len(report.problems))
        assert "no_such_library_anywhere" in report.problems[0]
        assert ops.patrons.register(name="Ada Flores", category="adult")
    sys.modules.pop("broken_town_plugin", None)


@pytest.mark.parametrize("ends", ["raise SystemExit('no license')", "class Panic(BaseException): ...\nraise Panic"])
def test_a_plugin_that_ends_the_program_is_reported(tmp_path, monkeypatch, ends) -> None:
    """A guest that calls `exit` when it is imported, or panics in another language, is one that failed to import."""
    (tmp_path / "leaving_town_plugin.py").write_text(ends, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    report = report_of(load(["leaving_town_plugin"]), "leaving_town_plugin")
    assert (False, 1) == (report.loaded, len(report.problems))


def test_a_hook_that_ends_the_program_loses_only_itself() -> None:
    """A hook that exits has raised; only Ctrl-C is for the program."""
    report = report_of(load([plugin(libops_channels=lambda: sys.exit("no license"))]), "town_plugin")
    assert ("libops_channels raised SystemExit: no license",) == report.problems

    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load([plugin(libops_channels=interrupted)])


@pytest.mark.parametrize("guest", ["json", types.SimpleNamespace(__name__="json", libops_channels=nothing)])
def test_a_plugin_without_a_hook_is_told_what_is_missing(guest) -> None:
    """The wrong module, or a hook whose mark was forgotten: pluggy alone would take it and never call it."""
    report = report_of(load([guest]), "json")
    assert not report.loaded
    assert "mark a function named libops_storage, libops_channels" in report.problems[0]


def test_a_plugin_that_is_not_there_is_reported() -> None:
    """A misspelt import path is no traceback."""
    report = report_of(load(["libops_mbocks"]), "libops_mbocks")
    assert not report.loaded
    assert "libops_mbocks" in report.problems[0]


def test_a_hook_that_raises_loses_only_itself() -> None:
    """The same plugin's other hooks still count."""

    def fails():
        raise RuntimeError("no paper")

    brings = plugin(libops_channels=fails, libops_observers=lambda: [Observer("counter", lambda events: None)])
    registry = load([brings])
    report = report_of(registry, "town_plugin")
    assert (True, ("observers: counter",)) == (report.loaded, report.brought)
    assert ("libops_channels raised RuntimeError: no paper",) == report.problems
    assert "sqlite" in registry.storage


def test_a_misspelt_hook_is_told_with_the_right_name() -> None:
    """pluggy alone would keep the function and never call it."""
    report = report_of(load([plugin(libops_chanels=nothing)]), "town_plugin")
    assert ("'libops_chanels' is no hook; did you mean 'libops_channels'?",) == report.problems


def test_a_coroutine_function_is_refused() -> None:
    """pluggy alone would hand back a coroutine that nobody awaits."""

    async def libops_channels():
        return []

    report = report_of(load([plugin(libops_channels=libops_channels)]), "town_plugin")
    assert not report.loaded
    assert "coroutine" in report.problems[0]


def test_a_plugin_for_another_hook_api_is_not_loaded() -> None:
    """The number is raised when a signature changes; an older plugin is told, not called."""
    guest = plugin(libops_channels=nothing)
    guest.libops_api = 99
    report = report_of(load([guest]), "town_plugin")
    assert ("asks for hook API 99; this libops speaks 1",) == report.problems


def test_what_is_handed_over_must_be_of_the_right_class() -> None:
    """A channel is a `Channel`."""
    report = report_of(load([plugin(libops_channels=lambda: ["mbox"])]), "town_plugin")
    assert ("libops_channels handed over 'mbox', which is no Channel",) == report.problems


@pytest.mark.parametrize(
    ("brought", "told"),
    [
        (lambda: PolicyCheck("homework", "checkout", OnFailure.REFUSE, list), "did you mean 'check_out'?"),
        (lambda: PolicyCheck("homework", "check_out", "refuse", list), "give a member of OnFailure"),
        (lambda: PolicyCheck("homework", "check_out", OnFailure.REFUSE, None), "give a function"),
        (lambda: Format("labels", "spine", str), "did you mean 'label'?"),
        (lambda: Format("classification", "bliss", str), "known are: calendar, cutter, label"),
        (lambda: Format("search", "solr", str), "known are: calendar, cutter, label"),
        (lambda: Channel("pigeon", "letter", dict), "write ('letter',)"),
        (lambda: Channel(" ", ("letter",), dict), "not blank"),
        (lambda: StorageBackend("shelf", "shelf", dict), "write ('shelf',)"),
        (lambda: Driver("wand", "wand", dict, dict), "give a member of DeviceKind"),
        (lambda: Observer("counter", "count"), "give a function"),
    ],
)
def test_a_slip_in_what_is_handed_over_is_told(brought, told) -> None:
    """A check for an act that nobody does would be let in and never be asked; one letter of a scheme is no scheme."""
    with pytest.raises(InvalidValue, match=re.escape(told)):
        brought()
    report = report_of(load([plugin(libops_observers=lambda: [brought()])]), "town_plugin")
    assert not report.loaded
    assert told in report.problems[0]


def test_a_name_is_taken_once() -> None:
    """A second SQLite store would be chosen by chance."""
    report = report_of(
        load([plugin(libops_storage=lambda: [StorageBackend("sqlite", ("sqlite",), lambda url, **more: None)])]),
        "town_plugin",
    )
    assert "another plugin brought first" in report.problems[0]


def test_a_wrong_signature_is_reported() -> None:
    """A hook that asks for arguments which nobody passes is found when it is loaded."""
    report = report_of(load([plugin(libops_channels=lambda options: [])]), "town_plugin")
    assert not report.loaded
    assert "options" in report.problems[0]


def test_a_plugin_named_twice_is_let_in_once() -> None:
    """The second naming is told and does no harm."""
    guest = plugin(libops_channels=lambda: [Channel("pigeon", ("letter",), lambda options: None)])
    reports = [report for report in load([guest, guest]).reports if report.name == "town_plugin"]
    assert [True, False] == [report.loaded for report in reports]


def test_an_unknown_storage_scheme_names_those_there_are() -> None:
    """A beginner forgets the plugin of the backend."""
    with pytest.raises(libops.LibopsError, match="memory, sqlite"):
        libops.open("oracle://town")
