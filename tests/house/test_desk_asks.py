"""The desk loads, asks and commits: a rule of the library stands in a room, where it can be asked without a store."""

from __future__ import annotations

import ast
from enum import Enum
from importlib import import_module

import read_house

ABOUT_SETTINGS = ("libops.desk.settings", "libops.desk.effectless")
"""Modules that read, compare and lint settings: options are what they speak of."""

COMPARED = {
    ("closings", "FinesInClosing"): "fines are not looked for where none is touched",
    ("closings", "InClosing"): "what a closing did to a booking says how it is undone",
    ("loan_sweeps", "WithoutNotBefore"): "how far ahead of its due date a loan has to be looked at",
    ("sweeps.back_rooms", "RotationMoves"): "whether the nightly run has this step",
    ("sweeps.money", "LibraryRole"): "which records a fine is counted from, so that no others are read",
}
"""Options that the desk may look at to know what to load, and why."""

SAID_BY_THE_DESK = {
    "authority.unchanged",
    "authority.unknown",
    "barcode.no_patron",
    "bib.unchanged",
    "bib.unknown",
    "closing.outdated",
    "hold.unknown",
    "issue.no_next",
    "issue.unknown",
    "item.unknown",
    "loan.changed",
    "match_question.unknown",
    "plugin.check_failed",
    "preview.stale",
    "renewal.not_on_loan",
    "subscription.unknown",
}
"""What the desk says itself: that there is nothing to ask a room about, or that it is no longer as it was seen."""

NAMED_TO_WAIVE = {"loan.due_by_hand"}
"""What the desk names only to set it aside, where an announced closing moves a due date."""


def options(core, rooms) -> set[str]:
    """The names of the enumerations in the policies of all rooms: where libraries differ."""
    return {
        node.name
        for source in core
        if source.floor in rooms and ".policy" in source.module
        for node in source.tree.body
        if isinstance(node, ast.ClassDef)
        and isinstance(kind := getattr(import_module(source.module), node.name), type)
        and issubclass(kind, Enum)
    }


def test_the_desk_compares_no_option_of_a_policy(core, rooms) -> None:
    """What an option means is said in a room; the desk would be a second place that must be kept like it."""
    known = options(core, rooms)
    assert known, "no policy has options"
    found = {
        (source.module.removeprefix("libops.desk."), part.value.id)
        for source in core
        if source.floor == "desk" and not source.module.startswith(ABOUT_SETTINGS)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
        for part in (side.elts if isinstance(side, ast.Tuple) else (side,))
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in known
    }
    assert [] == sorted(found - set(COMPARED)), "move the question to the room that has the policy"
    assert set() == set(COMPARED) - found, "no longer compared: take it out of COMPARED"


def test_the_desk_refuses_only_what_no_room_can_be_asked(core) -> None:
    """A patron, an item or a record that is not there is the desk's to say; all other reasons are a room's."""
    codes = {row.constant: row.code for row in read_house.reason_codes()}
    found = {
        codes[name]
        for source in core
        if source.floor == "desk" and source.path.name != "reasons.py"
        for node in ast.walk(source.tree)
        if (name := getattr(node, "attr", getattr(node, "id", ""))) in codes
    }
    assert [] == sorted(found - SAID_BY_THE_DESK - NAMED_TO_WAIVE), "let a room's decision say it"
    assert set() == (SAID_BY_THE_DESK | NAMED_TO_WAIVE) - found, "the desk says it no more: take it out"
