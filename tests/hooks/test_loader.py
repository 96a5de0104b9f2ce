"""Plugins come in one at a time: a broken one is reported and stops nobody."""

from __future__ import annotations

import pytest

import libops
from libops.base.decisions import Reason, Weight
from libops.base.errors import NotFound
from libops.hooks import Channel, Format, Observer, OnFailure, PolicyCheck, StorageBackend, hookimpl, load
from libops.hooks.loader import HOOKS
from libops.storage.memory import MEMORY_CAPABILITIES, MemoryStorage

CARD = "21234000000017"


class LetterTray:
    """A plugin of the house: letters on paper."""

    @hookimpl
    def libops_channels(self):
        return [Channel("tray", ("letter",), lambda options: None)]


def report_of(plugin: object) -> libops.hooks.PluginReport:
    """What became of a plugin that was let in after the built-in ones."""
    return load([plugin, LetterTray()]).reports[-2]


def test_every_hook_of_the_page_is_asked() -> None:
    """The hooks a plugin may implement are these six."""
    expected = {
        "libops_storage",
        "libops_channels",
        "libops_drivers",
        "libops_policy_checks",
        "libops_formats",
        "libops_observers",
    }
    assert expected == set(HOOKS)


def test_built_ins_come_through_the_same_door() -> None:
    """Memory and SQLite, the console and the keyboard wedge are reported like a guest."""
    reports = {report.name: report for report in load().reports}
    assert {"memory", "sqlite", "console", "keyboard_wedge"} == set(reports)
    assert ("storage: sqlite",) == reports["sqlite"].brought
    assert all(report.loaded and not report.problems for report in reports.values())


def test_plugin_that_cannot_be_imported_is_reported() -> None:
    """A missing package of one plugin does not close the library; the next plugin is let in."""
    registry = load(["libops_no_such_plugin", LetterTray()])
    assert not registry.reports[-2].loaded
    assert "libops_no_such_plugin" in registry.reports[-2].problems[0]
    assert "tray" in registry.channels


def test_plugin_that_raises_when_asked_is_reported() -> None:
    """Its other hooks still count."""

    class HalfBroken:
        @hookimpl
        def libops_formats(self):
            raise RuntimeError("label stock not found")

        @hookimpl
        def libops_observers(self):
            return [Observer("statistics", lambda events: None)]

    report = report_of(HalfBroken())
    assert ("observers: statistics",) == report.brought
    assert ("libops_formats raised RuntimeError: label stock not found",) == report.problems


def test_misspelled_hook_gets_a_hint() -> None:
    """A marked function that is no hook would never be called: the report says what was meant."""

    class Misspelled:
        @hookimpl
        def libops_chanels(self):
            return []

    report = report_of(Misspelled())
    assert not report.loaded
    assert ("'libops_chanels' is no hook; did you mean 'libops_channels'?",) == report.problems


def test_coroutine_is_refused() -> None:
    """A hook is a plain function; a coroutine would come back unawaited."""

    class Asynchronous:
        @hookimpl
        async def libops_channels(self):
            return []

    assert ("libops_channels is a coroutine function: hooks are plain functions",) == report_of(Asynchronous()).problems


def test_thing_of_the_wrong_class_is_left_out() -> None:
    """What is handed over must be of the class the hook names."""

    class Careless:
        @hookimpl
        def libops_formats(self):
            return ["spine label", Format("label", "spine", lambda item: [item.call_number])]

    report = report_of(Careless())
    assert ("formats: spine",) == report.brought
    assert ("libops_formats handed over 'spine label', which is no Format",) == report.problems


def test_name_that_is_taken_stays_with_the_first() -> None:
    """Two plugins cannot both be the console."""

    class SecondConsole:
        @hookimpl
        def libops_channels(self):
            return [Channel("console", ("email",), lambda options: None)]

    assert ("libops_channels hands over 'console', which another plugin brought first",) == report_of(
        SecondConsole()
    ).problems


def test_plugin_for_another_hook_api_is_refused() -> None:
    """A plugin that asks for another version of the hooks is not let in half."""

    class FromTomorrow:
        libops_api = 99

    assert ("asks for hook API 99; this libops speaks 1",) == report_of(FromTomorrow()).problems


def test_storage_plugin_answers_to_its_scheme() -> None:
    """`libops.open` finds the backend by what stands before the colon, and names those there are otherwise."""

    class Shelf:
        @hookimpl
        def libops_storage(self):
            return [StorageBackend("shelf", ("shelf",), lambda url, durability: MemoryStorage(), MEMORY_CAPABILITIES)]

    with libops.open("shelf:", plugins=[Shelf()]) as ops:
        assert isinstance(ops.storage, MemoryStorage)
    with pytest.raises(NotFound, match="memory"):
        libops.open("shelf:")


class ClosedShelves:
    """A local rule that no setting expresses."""

    def __init__(self, on_failure: OnFailure = OnFailure.REFUSE, *, broken: bool = False) -> None:
        self.on_failure = on_failure
        self.broken = broken

    def reasons(self, facts):
        if self.broken:
            raise OSError("roof sensor does not answer")
        return [Reason("shelf.wet", Weight.OVERRIDABLE, right="loan.wet_shelf")]

    @hookimpl
    def libops_policy_checks(self):
        return [PolicyCheck("wet shelves", "check_out", self.on_failure, self.reasons)]


@pytest.fixture
def lend(bib_in):
    """Lend the first item of a small library in which one more plugin is let in."""

    def answer(plugin: object):
        ops = bib_in(libops.open(plugins=[plugin]))
        return ops.circulation.check_out(patron=CARD, item="31234000002319")

    return answer


@pytest.fixture
def bib_in(tmp_path):
    """Give a library one title with one item, and one patron."""
    from importlib.resources import files

    sample = (files("libops.cli") / "sample" / "catalog.mrc").read_bytes().split(b"\x1d")
    found = next(record for record in sample if b"31234000002319" in record)
    (tmp_path / "one.mrc").write_bytes(found + b"\x1d")

    def fill(ops):
        ops.catalog.import_marc(str(tmp_path / "one.mrc"))
        ops.patrons.register(name="Mendoza, Rosa", category="adult", card=CARD)
        return ops

    return fill


def test_policy_plugin_adds_a_reason_under_its_name(lend) -> None:
    """The refusal shows which plugin said no."""
    refused = lend(ClosedShelves())
    assert [("shelf.wet", "wet shelves")] == [(reason.code, reason.source) for reason in refused.reasons]


def test_policy_plugin_that_fails_closed_refuses(lend) -> None:
    """A check that declares `refuse` stops the act when it breaks, and says so."""
    refused = lend(ClosedShelves(broken=True))
    assert ["plugin.check_failed"] == [reason.code for reason in refused.reasons]
    assert "roof sensor does not answer" in str(refused.reasons[0])


def test_policy_plugin_that_fails_open_is_only_mentioned(lend) -> None:
    """A check that declares `alert` lets the act go on when it breaks, and the desk is told."""
    permitted = lend(ClosedShelves(OnFailure.ALERT, broken=True))
    assert isinstance(permitted, libops.Permit)
    assert ["plugin.check_failed"] == [reason.code for reason in permitted.alerts]


def test_observer_that_fails_stops_nobody(bib_in) -> None:
    """An observer is told after the commit: the loan stands, and the next observer is told."""
    seen: list[str] = []

    class Observers:
        @hookimpl
        def libops_observers(self):
            def broken(events):
                raise OSError("statistics server is away")

            def second(events):
                seen.extend(type(event).__name__ for event in events)

            return [Observer("broken", broken), Observer("second", second)]

    ops = bib_in(libops.open(plugins=[Observers()]))
    seen.clear()
    assert isinstance(ops.circulation.check_out(patron=CARD, item="31234000002319"), libops.Permit)
    assert ["ItemCheckedOut"] == seen
