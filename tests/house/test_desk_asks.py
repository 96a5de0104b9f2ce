"""The desk loads, asks and commits: a rule of the library stands in a room, where it can be asked without a store."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import Enum
from importlib import import_module
from typing import Any

import pytest

import read_house
from libops.base.money import Money
from libops.base.periods import Period

AMOUNTS = (int, float, timedelta, Money, Period)
"""What has a number in it."""

NEXT = (timedelta(0), timedelta(1), timedelta(minutes=1), timedelta(microseconds=1))
"""The next day, minute and instant: neighbors, and no lengths."""

RECKONS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)

ABOUT_SETTINGS = "libops.desk.settings."
"""Modules that read, compare and lint settings: options are what they speak of."""

COMPARED = {
    ("circulation.closings", "FinesInClosing"): "fines are not looked for where none is touched",
    ("circulation.closings", "InClosing"): "what a closing did to a booking says how it is undone",
    ("sweeps.back_rooms", "RotationMoves"): "whether the nightly run has this step",
    ("sweeps.money", "LibraryRole"): "which records a fine is counted from, so that no others are read",
}
"""Options that the desk may look at to know what to load, and why."""

COUNTED = {
    ("announcer", "2"): "how long a channel that failed is left alone: twice as long each time",
    ("announcer", "ATTEMPTS"): "how often a channel is tried",
    ("announcer", "FIRST_WAIT"): "how long a channel that failed is left alone",
    ("announcer", "LEASE"): "how long a message is one process's to send",
    ("authorities.heading_uses", "ATTEMPTS"): "how often an act is decided anew",
    ("catalog.imports", "BATCH"): "how many records are written at once",
    ("catalog.known_bibs", "UNDER_ONE_NUMBER"): "how many records are kept in memory under one number",
    ("catalog.match_questions", "PAGE"): "how many questions are read at once",
    ("circulation.closings", "2"): "which loans are read: with a day to spare, for they are kept in UTC",
    ("holders", "MOST_KNOWN"): "how many barcodes are kept in memory",
    ("moving.restore", "FORMAT"): "the version of the export's layout",
    ("moving.restore", "IN_MEMORY"): "how many events are kept in memory",
    ("notices.desk", "CAUGHT_UP"): "how far back the nightly run looks for what it left out",
    ("notices.desk", "timedelta(2)"): "how far ahead is read: with a day to spare, for times are kept in UTC",
    ("privacy.forgetting", "1000"): "milliseconds, of which identifiers are made",
    ("privacy.parting", "500"): "how many messages are read at once",
    ("serials.subscriptions", "LOOK_BACK"): "how far back issues are read: they may be expected long after their date",
    ("shell", "0.001"): "how long an attempt waits for other desks",
    ("shell", "2"): "how long an attempt waits for other desks",
    ("shell", "LONGEST_PAUSE"): "how long an attempt waits for other desks",
    ("sources", "1000"): "milliseconds, of which identifiers are made",
    ("sources", "1000000"): "milliseconds, of which identifiers are made",
    ("sweeps.engine", "2"): "how many records are read at once, where many are of one moment",
    ("sweeps.engine", "CAUGHT_UP"): "how far back the nightly run looks for what it left out",
    ("sweeps.notices", "CAUGHT_UP"): "how far back the nightly run looks for what it left out",
}
"""Numbers that the desk may compare or reckon with, for they are about its work and not about the library's."""

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


def test_the_desk_has_no_number_of_its_own(core) -> None:
    """How many, how long and how much is a policy's to say: a number in the desk is a rule that no settings change.

    None, one and several (0, 1) are no such numbers: they ask whether there is anything at all. Nor are the next day,
    minute and instant: they say where a stretch ends.
    """
    found = {
        (source.module.removeprefix("libops.desk."), number)
        for source in core
        if source.floor == "desk" and not source.module.startswith(ABOUT_SETTINGS)
        for names in (vars(import_module(source.module)),)
        for number in (*numbers_compared(source.tree, names), *numbers_reckoned(source.tree, names))
    }
    assert [] == sorted(found - set(COUNTED)), "make it a term of the policy, and let the room's decision ask"
    assert set() == set(COUNTED) - found, "no longer there: take it out of COUNTED"


@pytest.mark.parametrize(
    "rule",
    [
        "if len(loans) >= 20: refuse()",
        "if -7 < late: refuse()",
        "late = at - due > timedelta(14)",
        "dear = [each for each in lines if each.amount > Money(1000, 'EUR')]",
        "while owed + 2.5 <= balance: pay()",
        "days = min(days, 28)",
        "if at > due + GRACE: charge()",
        "match count:\n    case 3: refuse()",
    ],
)
def test_a_number_in_the_desk_is_noticed(rule) -> None:
    """However it is written: as a figure, a span, an amount of money, or under a name."""
    assert numbers_compared(ast.parse(rule), {"GRACE": timedelta(3)})


@pytest.mark.parametrize(
    "rule",
    [
        "late = due + timedelta(14)",
        "due -= timedelta(days=3)",
        "return evolve(loan, due=timedelta(weeks=1) + loan.due)",
        "due = moved(loan, by=timedelta(hours=GRACE_HOURS))",
        "at = due + GRACE",
        "EXTRA = timedelta(2)",
        "fine = lateness * 25",
        "owed += 2.5",
        "fee = Money(250, 'EUR')",
        "fee = Money.parse('2.50 EUR')",
        "due = Period.parse('14 days').after_instant(at, zone)",
    ],
)
def test_a_number_that_the_desk_reckons_with_is_noticed(rule) -> None:
    """Two weeks that are added to a due date are a rule, though nothing is compared."""
    assert numbers_reckoned(ast.parse(rule), {"GRACE": timedelta(3), "GRACE_HOURS": 12})


@pytest.mark.parametrize(
    "asked",
    [
        "if loans[2:] == rest: go()",
        "if len(found) > 1: ask()",
        "if word == NAME: go()",
        "until = last + timedelta(1)",
        "DAY = timedelta(days=1)",
        "until = last + DAY",
        "more = loans[PAGE + 1 :]",
        "minutes = timedelta(minutes=resource.slot_minutes)",
        "said = '%s loans' % count",
    ],
)
def test_what_is_no_number_of_a_rule_is_left_alone(asked) -> None:
    """Whether there is one or several, a place in a text, names, the next day, what a record says."""
    names = {"NAME": "item", "DAY": timedelta(1), "PAGE": 200}
    assert [] == [*numbers_compared(ast.parse(asked), names), *numbers_reckoned(ast.parse(asked), names)]


def numbers_compared(tree: ast.AST, names: Mapping[str, Any]) -> list[str]:
    """The numbers that something is compared with, limited by or matched against, as they are written."""
    sides: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides += [node.left, *node.comparators]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("min", "max"):
            sides += [arg for arg in node.args if not isinstance(arg, ast.GeneratorExp | ast.ListComp)]
        elif isinstance(node, ast.MatchValue):
            sides.append(node.value)
    return [
        ast.unparse(node)
        for side in sides
        for node in without_places(side)
        if (isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value not in (0, 1))
        or (isinstance(node, ast.Name) and node.id.isupper() and is_amount(names.get(node.id)))
    ]


def numbers_reckoned(tree: ast.Module, names: Mapping[str, Any]) -> list[str]:
    """The numbers that something is moved or multiplied by, and the spans and amounts made, as they are written."""
    constants = {id(node.value): node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)}
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, RECKONS):
            sides = [node.value] if isinstance(node, ast.AugAssign) else [node.left, node.right]
            found += [ast.unparse(side) for side in sides if is_number(side) or is_span(side, names)]
        elif isinstance(node, ast.Call) and (span := made_span(node, names)):
            constant = constants.get(id(node))
            target = constant and (constant.targets[0] if isinstance(constant, ast.Assign) else constant.target)
            found.append(ast.unparse(target) if target else span)
    return found


def is_number(node: ast.AST) -> bool:
    """A figure, with or without a sign, that is not none or one."""
    figure = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(figure, ast.Constant) and type(figure.value) in (int, float) and figure.value not in (0, 1)


def is_span(node: ast.AST, names: Mapping[str, Any]) -> bool:
    """The name of a span or an amount of money."""
    value = names.get(node.id) if isinstance(node, ast.Name) and node.id.isupper() else None
    return isinstance(value, timedelta | Money | Period) and value not in NEXT


def made_span(call: ast.Call, names: Mapping[str, Any]) -> str:
    """A span or an amount that is made of figures, or of names that stand for them; empty for any other call."""
    given = [*call.args, *(one.value for one in call.keywords)]
    match ast.unparse(call.func).split("."):
        case [*_, "Period" | "Money", "parse"]:
            fixed = any(isinstance(each, ast.Constant) for each in given)
        case [*_, "timedelta"] if all(isinstance(each, ast.Constant) for each in given):
            named = {str(one.arg): ast.literal_eval(one.value) for one in call.keywords}
            fixed = timedelta(*map(ast.literal_eval, call.args), **named) not in NEXT
        case [*_, "timedelta" | "Money" | "Period"]:
            fixed = any(
                is_number(each) or (isinstance(each, ast.Name) and each.id.isupper() and is_amount(names.get(each.id)))
                for each in given
            )
        case _:
            return ""
    return ast.unparse(call) if fixed else ""


def is_amount(value: object) -> bool:
    return isinstance(value, AMOUNTS) and not isinstance(value, Enum)


def without_places(node: ast.AST) -> Iterator[ast.AST]:
    """A term and its parts, without places in a text or list and what is compared or called further in."""
    yield node
    for part in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.Subscript) and part is node.slice):
            yield from without_places(part)


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
