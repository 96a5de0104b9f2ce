"""What finds would find first, so that those that would find nothing need not be asked.

Most questions before a loan have the answer "nothing": no hold on the title, no loan of the patron's that is overdue.
What stands first behind the values that a find names says so for every later range: nothing is late before the first
date due. That stays true whatever is removed, and a record that is written moves it where it has to. What others write
is noticed by the log going on, and all of this is forgotten then.
"""

from __future__ import annotations

from typing import Any

from libops.hooks.builtin.sqlite.statements import Kinds
from libops.storage.port import Find
from libops.storage.records import RecordType, comparable, place_of

__all__ = ["Firsts"]

MOST = 8_192
"""So many firsts are kept of one group."""

END = object()
"""Stands first where there is nothing at all."""


class Group:
    """The first behind each set of values of so many fields of an index, as records hold it."""

    __slots__ = ("firsts", "named", "next", "place")

    def __init__(self, type: RecordType[Any], by: str, named: int) -> None:
        index = type.index(by)
        self.firsts: dict[tuple[Any, ...], Any] = {}
        self.named = named
        self.next = index.fields[named] if named < len(index.fields) else None
        self.place = place_of(index, type.key)


class Firsts:
    """Remembers what finds that name texts would find first."""

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds
        self.groups: dict[RecordType[Any], dict[tuple[str, int], Group]] = {}

    def clear(self) -> None:
        """Be sure of nothing: others have committed, or it becomes too much."""
        self.groups.clear()

    def nothing(self, find: Find) -> bool:
        """Whether it is known that this finds nothing."""
        kind, by, equal, _, high, _, _ = find
        groups = self.groups.get(kind)
        group = None if groups is None else groups.get((by, len(equal)))
        first = None if group is None else group.firsts.get(equal)
        return first is END or (first is not None and high is not None and bool(first >= comparable(high)))

    def learn(self, find: Find, cell: Any) -> bool:
        """Remember the first, its cell None where there is nothing; returns whether the find finds nothing."""
        kind, by, equal, _, high, _, _ = find
        groups = self.groups.setdefault(kind, {})
        group = groups.get((by, len(equal)))
        if group is None:
            group = groups[by, len(equal)] = Group(kind, by, len(equal))
        first = END if cell is None else cell if group.next is None else self.kinds[kind].decode(group.next, cell)
        if all(type(each) is str for each in equal):
            if len(group.firsts) >= MOST:
                group.firsts.clear()
            group.firsts[equal] = first
        return first is END or (high is not None and bool(first >= comparable(high)))

    def written(self, type: RecordType[Any], record: Any) -> None:
        """A record was written: it may stand first now."""
        for group in self.groups.get(type, {}).values():
            place, firsts, named = group.place(record), group.firsts, group.named
            if place is None or place[:named] not in firsts:
                continue
            if group.next is None:
                del firsts[place[:named]]
                continue
            first = firsts[place[:named]]
            if first is END or place[named] < first:
                firsts[place[:named]] = place[named]
