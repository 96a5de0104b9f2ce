"""Local checks may add reasons and never remove one; observers are told after the commit and stop nobody."""

from __future__ import annotations

import types

import pytest

import libops
from libops.base.decisions import Override, Permit, Reason, Refuse, Weight
from libops.hooks import Channel, Observer, OnFailure, PolicyCheck, hookimpl
from libops.testing.sample_library import sample_library

CARD, LABEL = "21234000000017", "31234000000014"


def opened(**hooks):
    """A sample library with a guest that has these hooks."""
    guest = types.SimpleNamespace(__name__="guest", **{name: hookimpl(function) for name, function in hooks.items()})
    ops = libops.open(plugins=[guest])
    sample_library(ops)
    return ops


def check(reasons, on_failure=OnFailure.REFUSE):
    return lambda: [PolicyCheck("school-rule", "check_out", on_failure, reasons)]


def test_a_local_check_adds_its_reason_with_its_name() -> None:
    """The desk sees which plugin said no."""
    no_homework = Reason("school.homework_missing", Weight.ABSOLUTE, {"subject": "history"})
    with opened(libops_policy_checks=check(lambda facts: [no_homework])) as ops:
        answer = ops.circulation.check_out(patron=CARD, item=LABEL)
        assert isinstance(answer, Refuse)
        assert [("school.homework_missing", "school-rule")] == [(r.code, r.source) for r in answer.reasons]


def test_a_local_check_sees_the_same_facts() -> None:
    """It decides on the patron and item that the library's own rules see."""
    seen = []
    with opened(libops_policy_checks=check(lambda facts: seen.append(facts.patron.name) or [])) as ops:
        assert ops.circulation.check_out(patron=CARD, item=LABEL)
    assert ["Ada Flores"] == seen


def broken(facts):
    raise ValueError("the school server is down")


def test_a_check_that_fails_closed_refuses_and_names_itself() -> None:
    """Staff with the right may override it, as any other reason."""
    with opened(libops_policy_checks=check(broken)) as ops:
        answer = ops.circulation.check_out(patron=CARD, item=LABEL)
        assert ["plugin.check_failed"] == [reason.code for reason in answer.reasons]
        assert "school-rule" in str(answer.reasons[0])
        lifted = Override(["plugin.check_failed"], "ruth", "server down", ["plugin.failed_check"])
        assert isinstance(ops.circulation.check_out(patron=CARD, item=LABEL, override=lifted), Permit)


def test_a_check_that_fails_open_only_alerts() -> None:
    """The plugin declared that its failure must not stop lending."""
    with opened(libops_policy_checks=check(broken, OnFailure.ALERT)) as ops:
        answer = ops.circulation.check_out(patron=CARD, item=LABEL)
        assert isinstance(answer, Permit)
        assert ["plugin.check_failed"] == [reason.code for reason in answer.alerts]


def test_observers_are_told_each_commit_and_one_that_fails_stops_nobody(caplog) -> None:
    """The loan stands, the other observer hears of it, and the failure is in the program's log."""
    heard = []

    def fails(events):
        raise RuntimeError("no network")

    def hooks():
        return [Observer("first", fails), Observer("second", lambda events: heard.extend(events))]

    with opened(libops_observers=hooks) as ops:
        heard.clear()
        assert ops.circulation.check_out(patron=CARD, item=LABEL)
        assert ops.circulation.loan_of(LABEL) is not None
    assert ["ItemCheckedOut"] == [type(event).__name__ for event in heard]
    assert "observer 'first' failed on 1 ItemCheckedOut" in caplog.text


def test_an_observer_that_fails_on_an_import_is_told_in_a_line(caplog) -> None:
    """Thousands of events are one act: the log names their kinds, not each of them."""

    def fails(events):
        raise RuntimeError("no network")

    with opened(libops_observers=lambda: [Observer("first", fails)]):
        told = [message for message in caplog.messages if "BibAdded" in message]
    assert [1] == [message.count("BibAdded") for message in told]


def test_a_channel_that_cannot_be_closed_keeps_nobody_from_it(caplog) -> None:
    """The library is closed, and the channels after it, whatever one of them raises."""
    closed = []

    class Stuck:
        def send(self, message):
            pass

        def close(self):
            closed.append("stuck")
            raise RuntimeError("the server hung up")

    class Plain(Stuck):
        def close(self):
            closed.append("plain")

    kinds = {"stuck": Stuck, "plain": Plain}
    brings = [Channel(name, ("email",), lambda options, made=made: made()) for name, made in kinds.items()]
    with opened(libops_channels=lambda: brings) as ops:
        ops.shell.announcer.sender("stuck")
        ops.shell.announcer.sender("plain")
    assert ["stuck", "plain"] == closed
    assert "channel 'stuck' could not be closed" in caplog.text


def test_a_preview_tells_nobody() -> None:
    """What might happen is no event."""
    heard = []
    with opened(libops_observers=lambda: [Observer("ear", heard.extend)]) as ops:
        heard.clear()
        assert ops.circulation.preview_check_out(patron=CARD, item=LABEL)
    assert [] == heard


@pytest.mark.parametrize("act", ["check_in", "renew"])
def test_checks_of_another_act_are_not_asked(act) -> None:
    """A check names the act it concerns."""
    with opened(libops_policy_checks=check(broken)) as ops:
        ops.patrons.change(CARD, note="none")
        answer = getattr(ops.circulation, act)(item=LABEL)
        assert "plugin.check_failed" not in [r.code for r in getattr(answer, "reasons", answer.alerts)]
