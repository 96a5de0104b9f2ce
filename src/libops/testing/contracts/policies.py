"""The policy contract: a check says no where it should and only there, gives the same answer twice, and does no I/O."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, ClassVar

import pytest
from attrs import evolve, field, frozen

import libops
from libops.base.decisions import Override, Permit, Reason, Refuse, Weight
from libops.desk.operations import Operations
from libops.hooks.specs.policy import OnFailure, PolicyCheck
from libops.testing.contracts.letting_in import LetsIn
from libops.testing.sample_library import sample_library

__all__ = ["Act", "PolicyContract"]

ACTS = ("check_out", "renew", "check_in", "place_hold")
"""The acts for which the desk asks checks."""

TOUCHING = ("open", "socket.connect", "sqlite3.connect", "subprocess.Popen", "os.listdir", "shutil.copyfile")
"""What the interpreter reports when a program reaches outside itself."""


@frozen
class Act:
    """Something done at the desk, with what it is given, such as `Act("check_out", patron=..., item=...)`."""

    name: str
    given: Mapping[str, Any] = field(factory=dict)

    def done(self, ops: Operations, *, preview: bool = False, **more: Any) -> Any:
        """Do it, or look what would happen."""
        if self.name == "place_hold":
            if preview:
                pytest.skip("a hold has no preview")
            return ops.holds.place(**self.given, **more)
        return getattr(ops.circulation, f"preview_{self.name}" if preview else self.name)(**self.given, **more)


class Watch:
    """Notes what a check touches outside the program, while it is on."""

    def __init__(self) -> None:
        self.on = False
        self.touched: list[str] = []
        sys.addaudithook(self.heard)

    def heard(self, event: str, arguments: Any) -> None:
        if self.on and event in TOUCHING:
            self.touched.append(f"{event} {arguments}")


@cache
def watch() -> Watch:
    """The one watch of this program: the interpreter never lets go of it."""
    return Watch()


class Spy:
    """Stands in a check's place: calls it and keeps the facts it got and the reasons it gave."""

    def __init__(self, check: PolicyCheck) -> None:
        self.check = check
        self.seen: list[tuple[Any, list[Reason]]] = []

    def __call__(self, facts: Any) -> list[Reason]:
        found = list(self.check.reasons(facts))
        self.seen.append((facts, found))
        return found


class PolicyContract(LetsIn):
    """Inherit, name the check and its codes, say what it objects to and what not, and run pytest.

    `codes` are all reason codes the check can give. `settings` are what the library is opened with; `furnish(ops)`
    fills it, with the sample library if you do not. `objectionable(ops)` and `harmless(ops)` make the two cases ready
    and return each as an `Act`.
    """

    shelf: ClassVar[str] = "policy_checks"
    codes: ClassVar[tuple[str, ...]]
    settings: ClassVar[Any] = None

    def furnish(self, ops: Operations) -> None:
        """Fill the library."""
        sample_library(ops)

    def objectionable(self, ops: Operations) -> Act:
        """An act that the check has something to say about."""
        raise NotImplementedError

    def harmless(self, ops: Operations) -> Act:
        """An act of the same kind that it lets pass."""
        raise NotImplementedError

    def opened(self, *, plugin: bool = True) -> Operations:
        """A furnished library, with the plugin or without."""
        ops = libops.open(settings=self.settings, plugins=self.plugins if plugin else ())
        self.furnish(ops)
        return ops

    @pytest.fixture
    def ops(self) -> Iterator[Operations]:
        """A furnished library with the plugin."""
        with self.opened() as opened:
            yield opened

    def check(self, ops: Operations) -> PolicyCheck:
        """The check under test."""
        return ops.registry.policy_checks[self.name]

    def own(self, answer: Any) -> list[Reason]:
        """The reasons and alerts of an answer that this check gave."""
        told = [*getattr(answer, "reasons", ()), *answer.alerts]
        return [reason for reason in told if reason.source == self.name]

    def spied(self, ops: Operations) -> tuple[Spy, Act]:
        """The objectionable act, with a spy in the check's place."""
        act, spy = self.objectionable(ops), Spy(self.check(ops))
        ops.registry.policy_checks[self.name] = evolve(self.check(ops), reasons=spy)
        return spy, act

    def test_102_the_check_names_an_act_and_what_its_failure_means(self, ops: Operations) -> None:
        """An act that the desk asks about; refuse, or only alert."""
        assert self.check(ops).act in ACTS
        assert isinstance(self.check(ops).on_failure, OnFailure)

    def test_201_it_objects_where_it_should(self, ops: Operations) -> None:
        """With its codes, and its name beside them."""
        found = {reason.code for reason in self.own(self.objectionable(ops).done(ops))}
        assert found
        assert found <= set(self.codes)

    def test_202_it_lets_pass_what_is_harmless(self, ops: Operations) -> None:
        """A condition must not spread."""
        assert [] == self.own(self.harmless(ops).done(ops))

    def test_203_a_preview_says_the_same(self, ops: Operations) -> None:
        """What is shown before is what happens."""
        act = self.objectionable(ops)
        assert self.own(act.done(ops, preview=True)) == self.own(act.done(ops))

    def test_204_a_refused_act_writes_nothing(self, ops: Operations) -> None:
        """Neither record nor event; where the check only alerts, the act is done."""
        act = self.objectionable(ops)
        before = len(list(ops.events))
        answer = act.done(ops)
        written = len(list(ops.events)) - before
        blocking = [reason for reason in self.own(answer) if reason.weight is not Weight.ALERT]
        assert isinstance(answer, Refuse) or not blocking
        assert (written > 0) is isinstance(answer, Permit)

    def test_205_no_other_reason_is_lost(self) -> None:
        """A check adds reasons; what the library's own rules say stays."""
        told = []
        for plugin in (False, True):
            with self.opened(plugin=plugin) as ops:
                answer = self.objectionable(ops).done(ops)
                told.append([r.code for r in getattr(answer, "reasons", ()) if r.source != self.name])
        assert told[0] == told[1]

    def test_206_whoever_may_can_go_on(self, ops: Operations) -> None:
        """A reason to confirm or override is lifted by naming it; an absolute one never is."""
        act = self.objectionable(ops)
        answer = act.done(ops)
        if not isinstance(answer, Refuse):
            pytest.skip("the check only alerts")
        weights = {reason.weight for reason in answer.reasons}
        rights = [reason.right for reason in answer.reasons if reason.right]
        seen = Override([reason.code for reason in answer.reasons], "ruth", "asked at the desk", rights=rights)
        assert isinstance(act.done(ops, override=seen), Refuse if Weight.ABSOLUTE in weights else Permit)

    def test_207_reasons_can_be_sent_and_translated(self, ops: Operations) -> None:
        """A code of the form noun.state; data that JSON can hold."""
        for reason in self.own(self.objectionable(ops).done(ops)):
            assert re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+", reason.code)
            assert dict(reason.data) == json.loads(json.dumps(dict(reason.data)))

    def test_208_the_same_facts_give_the_same_reasons(self, ops: Operations) -> None:
        """A decision can be explained afterwards only if it would be the same again."""
        spy, act = self.spied(ops)
        act.done(ops)
        ((facts, first), *_) = spy.seen
        assert first
        assert first == list(spy.check.reasons(facts)) == list(spy.check.reasons(facts))

    def test_209_it_does_no_input_or_output(self, ops: Operations) -> None:
        """It runs on every such act, in a transaction: no file, no network, no other program."""
        spy, act = self.spied(ops)
        act.done(ops)
        facts = spy.seen[0][0]
        heard = watch()
        heard.touched.clear()
        heard.on = True
        try:
            list(spy.check.reasons(facts))
        finally:
            heard.on = False
        assert [] == heard.touched

    def test_301_when_the_check_itself_fails_it_does_as_it_said(self, ops: Operations) -> None:
        """Fail closed: refused, with the check's name. Fail open: the act goes on and the desk is told."""

        def broken(facts: Any) -> Iterator[Reason]:
            raise LookupError("grade 11 is not in the table")

        check = self.check(ops)
        act = self.harmless(ops)
        ops.registry.policy_checks[self.name] = evolve(check, reasons=broken)
        answer = act.done(ops)
        closed = check.on_failure is OnFailure.REFUSE
        assert isinstance(answer, Refuse if closed else Permit)
        assert ["grade 11 is not in the table"] == [reason.data["error"] for reason in self.own(answer)]
