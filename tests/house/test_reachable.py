"""What a room can decide, some verb asks: a reason that says "restore it first" needs a verb that restores."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest

WITHOUT_A_VERB = {
    "inventory.decide.reading.grade_exercise": "an exercise for new shelvers, of values alone",
    "inventory.decide.reading.make_exercise": "an exercise for new shelvers, of values alone",
    "processing.decide.steps.do_batch": "of values alone; the desk does each item as an act of its own",
}
"""What only those can use who call the room themselves, and why."""

Name = tuple[str, str]


class House:
    """Which name of which module stands for what: followed from import to import, since packages hand names on."""

    def __init__(self, trees: Mapping[str, ast.Module]) -> None:
        self.trees = trees
        self.made: dict[Name, ast.stmt] = {}
        self.imported: dict[Name, Name] = {}
        for module, tree in trees.items():
            for node in tree.body:
                for name in names_made(node):
                    self.made[module, name] = node
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and node.module in trees:
                    for each in node.names:
                        self.imported[module, each.asname or each.name] = (node.module, each.name)

    def behind(self, module: str, name: str) -> Name | None:
        """Where a name is made; (module, "") for a module."""
        seen: set[Name] = set()
        while (module, name) not in seen:
            seen.add((module, name))
            if (module, name) in self.made:
                return module, name
            if (module, name) not in self.imported:
                return (f"{module}.{name}", "") if f"{module}.{name}" in self.trees else None
            module, name = self.imported[module, name]
            if f"{module}.{name}" in self.trees:
                return f"{module}.{name}", ""
        return None

    def used(self, module: str, node: ast.AST) -> Iterator[Name]:
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and (found := self.behind(module, part.id)) and found[1]:
                yield found
            elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
                room = self.behind(module, part.value.id)
                if room and not room[1] and (found := self.behind(room[0], part.attr)) and found[1]:
                    yield found

    def reached(self, modules: Iterable[str]) -> set[Name]:
        """All that these modules use, and all that this uses in turn."""
        waiting = [name for module in modules for name in self.used(module, self.trees[module])]
        found: set[Name] = set()
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.used(name[0], self.made[name])
        return found


def names_made(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def out_of_reach(core: Any, rooms: frozenset[str]) -> set[str]:
    """The public decisions and the reason codes of rooms that nothing above the rooms asks for."""
    house = House({source.module: source.tree for source in core})
    above = [source.module for source in core if source.floor not in {*rooms, "base", "testing"}]
    found = set()
    for module, name in house.made.keys() - house.reached(above):
        room, *inside = module.split(".")[1:] or [""]
        decision = "decide" in inside and isinstance(house.made[module, name], ast.FunctionDef)
        if room in rooms and not name.startswith("_") and (decision or ("reasons" in inside and name.isupper())):
            found.add(f"{module.removeprefix('libops.')}.{name}")
    return found


def test_every_decision_and_reason_of_a_room_is_asked_for(core, rooms) -> None:
    """Otherwise a library has a rule that no desk, command or nightly run can reach."""
    found = out_of_reach(core, rooms)
    assert [] == sorted(found - set(WITHOUT_A_VERB)), "add the verb to the room's desk, or take the decision out"
    assert set() == set(WITHOUT_A_VERB) - found, "it has a verb now: take it out of WITHOUT_A_VERB"


@pytest.mark.parametrize(
    ("desk", "reached"),
    [
        ("from libops.fees import decide\ndecide.waive()", {"waive", "WAIVED"}),
        ("from libops.fees.decide import waive as forgive\nforgive()", {"waive", "WAIVED"}),
        ("from libops.fees.decide import waive", set()),
        ("class Desk:\n    def waive(self): pass", set()),
    ],
)
def test_what_is_used_is_told_from_what_has_the_same_name(desk, reached) -> None:
    """A verb that is called as the decision is, and does not ask it, is not enough."""
    texts = {
        "libops.desk": desk,
        "libops.fees.decide": "from libops.fees.acts import waive",
        "libops.fees.acts": "from libops.fees.reasons import WAIVED\ndef waive(): return WAIVED\ndef void(): pass",
        "libops.fees.reasons": "WAIVED = 1",
        "libops.fees": "",
    }
    house = House({module: ast.parse(text) for module, text in texts.items()})
    assert reached == {name for _, name in house.reached(["libops.desk"])}
