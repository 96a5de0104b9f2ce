"""An act that is called with the wrong names, or with none, tells the call it takes."""

from __future__ import annotations

import inspect
import re
from datetime import UTC, datetime
from functools import cached_property
from importlib import import_module

import pytest

import libops
from libops.base.errors import InvalidValue
from libops.desk import labels
from libops.desk.authorities.desk import AuthorityDesk
from libops.testing.fakes import CountingIds, FrozenClock
from libops.testing.sample_library import sample_library

ADA, BOOK = "21234000000017", "31234000000014"
LENDS = "rite check_out(patron=..., item=...); it may also have library=..., by=..."

WRONG = [
    (lambda ops: ops.circulation.check_out(ADA, BOOK), f"takes no values without a name: w{LENDS}"),
    (lambda ops: ops.circulation.check_out(item=BOOK), f"needs patron=...: w{LENDS}"),
    (lambda ops: ops.circulation.check_out(card=ADA, item=BOOK), f"has no 'card', did you mean 'patron'? W{LENDS}"),
    (lambda ops: ops.circulation.check_out(patron=ADA, itme=BOOK), "has no 'itme', did you mean 'item'?"),
    (lambda ops: ops.circulation.check_in(barcode=BOOK), "check_in() has no 'barcode', did you mean 'item'?"),
    (lambda ops: ops.holds.place(borrower=ADA, item=BOOK), "place() has no 'borrower', did you mean 'patron'?"),
    (lambda ops: ops.patrons.place_block(ADA, "lost a key"), "takes only patron without a name: write place_block("),
    (lambda ops: ops.items.withdraw(), "withdraw() needs item=...: write withdraw(item)"),
    (lambda ops: ops.items.withdraw(BOOK, item=BOOK), "was given 'item' twice, in its place and by name"),
    (lambda ops: ops.bookings.make(resource="study", patron=ADA), "make() needs start=..., end=...: write make("),
    (lambda ops: libops.open(setting="town.toml"), "open() has no 'setting', did you mean 'settings'?"),
    (lambda ops: libops.open("memory:", "town.toml"), "open() takes only url without a name: write open()"),
    (lambda ops: ops.fees.pay(patron=ADA, sum="1.00 EUR"), "pay() has no 'sum', did you mean 'amount'?"),
]

OFFERED = [each.func for each in vars(libops.Operations).values() if isinstance(each, cached_property)]
OFFER = re.compile(r"libops\.desk\.([\w.]+) import (\w+Desk|EventLog)$", re.M)

PARTS = [
    vars(import_module(f"libops.desk.{module}"))[part]
    for offered in OFFERED
    for module, part in re.findall(OFFER, inspect.getsource(offered))
] + [AuthorityDesk]
"""The classes of the parts of a library, as its operations import them when they are first asked for."""

ITS_OWN = {"watching"}
"""A context that a device's part enters; not called with facts of a library."""


@pytest.fixture(scope="module")
def ops():
    with libops.open(clock=FrozenClock(), ids=CountingIds()) as ops:
        sample_library(ops)
        yield ops


@pytest.mark.parametrize(("wrong", "told"), WRONG, ids=[told[:24] for _, told in WRONG])
def test_a_wrong_call_is_told_with_the_right_one(ops, wrong, told) -> None:
    """Python says that a name is missing or unexpected; who writes the call wants to know which names there are."""
    with pytest.raises(TypeError) as error:
        wrong(ops)
    assert told in str(error.value)


def test_every_act_of_every_part_tells_the_right_call() -> None:
    """No part of a library is left out, nor what it has from the classes it is built upon."""
    silent, asked = [], 0
    for part in PARTS:
        for name, act in inspect.getmembers(part, inspect.isfunction):
            if name.startswith("_") or name in ITS_OWN or not act.__doc__ or takes_any(act):
                continue
            asked += 1
            with pytest.raises(TypeError) as error:
                act(None, no_such_name=1)
            if not str(error.value).startswith(f"{name}() has no 'no_such_name': write {name}("):
                silent.append(f"{part.__name__}.{name}: {error.value}")
    assert [] == silent, "put @checks_arguments() over the part's class"
    assert asked > 250


def takes_any(act) -> bool:
    return any(each.kind is each.VAR_KEYWORD for each in inspect.signature(act).parameters.values())


def test_an_act_that_is_asked_of_the_library_is_told_with_its_part(ops) -> None:
    """The parts share the acts among them; a name that none of them has is told the parts."""
    with pytest.raises(AttributeError, match=r"no attribute 'check_out'; did you mean ops\.circulation\.check_out\?"):
        ops.check_out(patron=ADA, item=BOOK)
    with pytest.raises(AttributeError, match=r"no attribute 'loans'; its parts are .*circulation, closings"):
        _ = ops.loans
    assert not hasattr(ops, "_repr_png_")


def test_a_part_that_fails_while_it_is_made_fails_as_it_did(monkeypatch) -> None:
    """The library has the part; what went wrong in it must be told, not that there is none."""

    def broken(*_: object) -> None:
        raise AttributeError("'NoneType' object has no attribute 'labels'")

    monkeypatch.setattr(labels, "LabelDesk", broken)
    with libops.open() as fresh, pytest.raises(AttributeError, match="'NoneType' object has no attribute 'labels'"):
        _ = fresh.labels


def test_sweeps_tell_the_right_call(ops) -> None:
    """What runs for each of a million loans in them is called as it is."""
    with pytest.raises(TypeError, match=r"age_to_lost\(\) has no 'at'"):
        ops.loan_sweeps.age_to_lost(at=datetime(2026, 3, 2, tzinfo=UTC))


def test_an_error_inside_an_act_stays_as_it_is(ops, monkeypatch) -> None:
    """A plugin's or a backend's own mistake is not taken for one of the caller's."""

    def broken(*_: object) -> None:
        raise TypeError("'NoneType' object is not iterable")

    monkeypatch.setattr(ops.shell, "act", broken)
    for wrong in (lambda: ops.circulation.check_in(item=BOOK), lambda: ops.holds.cancel("hold-1")):
        with pytest.raises(TypeError):
            wrong()
    monkeypatch.setattr(ops.shell, "ids", lambda: None + 1)
    with pytest.raises(TypeError, match="unsupported operand"):
        ops.circulation.check_out(patron=ADA, item=BOOK)


def test_a_time_of_a_booking_that_is_none_is_told(ops) -> None:
    """With what would be one."""
    ops.bookings.register(id="study", name="Study room", kind="room")
    with pytest.raises(InvalidValue, match="'tomorrow' is no time: give a time on the library's clock"):
        ops.bookings.make(resource="study", patron=ADA, start="tomorrow", end="2026-03-05T10:00")
    with pytest.raises(InvalidValue, match=r"start 12: give a time on the library's clock, .* or text"):
        ops.bookings.make(resource="study", patron=ADA, start=12, end="2026-03-05T10:00")
