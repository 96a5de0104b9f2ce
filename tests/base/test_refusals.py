"""A refusal taken for a receipt says why it is none, at run time and to a type checker."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest

from libops.base.decisions import Permit, ReasonCode, Refuse, Weight
from libops.base.traces import refusal_text

SRC = Path(__file__).resolve().parents[2] / "src"
ON_LOAN = ReasonCode("item.on_loan", Weight.ABSOLUTE)
REFUSED = Refuse((ON_LOAN(due="2026-03-02"),))

PROGRAM = """
from libops.base.decisions import Decision

def untested(answer: Decision[str]) -> str:
    return answer.result

def tested(answer: Decision[str]) -> str:
    if answer:
        return answer.result
    return str(answer.reasons[0])
"""


def test_the_result_of_a_refusal_is_told_with_the_reasons_and_the_way_to_ask() -> None:
    """Who forgets that the library may say no reads why it did, with the code, and how to test the answer."""
    with pytest.raises(AttributeError) as told:
        REFUSED.result  # noqa: B018 - the mistake itself
    said = str(told.value)
    assert "'Refuse' object has no attribute 'result', for the answer is no" in said
    assert refusal_text(REFUSED) in said
    assert "`if answer: answer.result ... else: answer.reasons`" in said


def test_a_refusal_still_has_no_result() -> None:
    """Programs ask with `hasattr`; copies and pickles ask for names that no value has."""
    assert not hasattr(REFUSED, "result")
    assert hasattr(Permit("receipt"), "result")
    assert copy.deepcopy(REFUSED) == REFUSED == pickle.loads(pickle.dumps(REFUSED))
    assert ["no attribute '_repr_png_'", "no attribute 'reasons'"] == [
        missing(REFUSED, "_repr_png_"),
        missing(object.__new__(Refuse), "reasons"),
    ]


def missing(of: object, name: str) -> str:
    with pytest.raises(AttributeError) as told:
        getattr(of, name)
    return str(told.value).removeprefix("'Refuse' object has ")


def test_a_type_checker_tells_an_untested_answer_and_knows_a_tested_one(tmp_path, monkeypatch) -> None:
    """`answer.result` is an error before the answer is tested, and none after `if answer:`."""
    api = pytest.importorskip("mypy.api")
    (tmp_path / "desk.py").write_text(PROGRAM, encoding="utf-8")
    monkeypatch.setenv("MYPYPATH", str(SRC))
    said, _, _ = api.run(["--strict", "--config-file=", f"--cache-dir={tmp_path}/seen", str(tmp_path / "desk.py")])
    assert ['desk.py:5: error: Item "Refuse" of "Permit[str] | Refuse" has no attribute "result"  [union-attr]'] == [
        line.removeprefix(f"{tmp_path}/") for line in said.splitlines() if "error:" in line
    ]
