"""State pictures drawn from transition tables: the same table that decides is what people see.

A table maps each state to its acts, and each act to the state it leads to, or to the states it may lead to. Rooms
publish theirs (`libops.inventory.STOCKTAKE_TRANSITIONS`, `libops.processing.LEGAL`, ...); `from_moves` makes one of
moves listed one by one.

>>> from enum import Enum
>>> Door = Enum("Door", {"OPEN": "open", "SHUT": "shut"})
>>> Act = Enum("Act", {"CLOSE": "close", "OPEN": "open"})
>>> table = {Door.OPEN: {Act.CLOSE: Door.SHUT}, Door.SHUT: {Act.OPEN: Door.OPEN}}
>>> print(mermaid(table))
stateDiagram-v2
    [*] --> open
    open --> shut: close
    shut --> open: open
>>> print(dot(table))
digraph {
  rankdir=LR;
  node [shape=box, style=rounded];
  "open" -> "shut" [label="close"];
  "shut" -> "open" [label="open"];
}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from html import escape
from typing import Any

__all__ = ["Table", "dot", "from_moves", "mermaid", "svg"]

Table = Mapping[Any, Mapping[Any, Any]]
"""State -> act -> the state, or the states, that it leads to. States and acts are members of an `Enum`, or text."""

ROW, WIDTH, BOX, GAP = 64, 150, 28, 14


def from_moves(moves: Iterable[tuple[Any, Any, Any]]) -> dict[Any, dict[Any, Any]]:
    """The table of moves listed as (state, act, state or states it leads to)."""
    table: dict[Any, dict[Any, Any]] = {}
    for before, act, after in moves:
        table.setdefault(before, {})[act] = after
    return table


def mermaid(table: Table) -> str:
    """The table as a Mermaid state diagram; the first state is where things begin."""
    lines = ["stateDiagram-v2"]
    for first in list(table)[:1]:
        lines.append(f"    [*] --> {code(first)}")
    lines += [f"    {code(before)} --> {code(after)}: {named(act)}" for before, act, after in arrows(table)]
    return "\n".join(lines)


def dot(table: Table) -> str:
    """The table as a DOT graph, for Graphviz."""
    lines = ["digraph {", "  rankdir=LR;", "  node [shape=box, style=rounded];"]
    lines += [
        f'  "{named(before)}" -> "{named(after)}" [label="{named(act)}"];' for before, act, after in arrows(table)
    ]
    return "\n".join([*lines, "}"])


def svg(table: Table) -> str:
    """The table as a picture of its own: states below each other, acts as arcs at their side, down right and up left.

    No other program is needed to draw it. Each arc has its act as a tooltip and as a label.
    """
    order = states(table)
    places = {state: number for number, state in enumerate(order)}
    together: dict[tuple[int, int], list[str]] = {}
    for before, act, after in arrows(table):
        together.setdefault((places[before], places[after]), []).append(named(act))
    farthest = max((abs(end - start) for start, end in together), default=1)
    side = 60 + 34 * farthest + 120
    middle, height = side, ROW * len(order) + GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * side} {height}" font-family="sans-serif" '
        'font-size="11" role="img">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#567"/></marker></defs>',
    ]
    parts += [arc(start, end, acts, middle) for (start, end), acts in sorted(together.items())]
    parts += [box(named(state), number, middle) for number, state in enumerate(order)]
    return "\n".join([*parts, "</svg>"])


def box(name: str, number: int, middle: int) -> str:
    top = GAP + ROW * number
    return (
        f'<rect x="{middle - WIDTH // 2}" y="{top}" width="{WIDTH}" height="{BOX}" rx="7" fill="#eef3f7" '
        f'stroke="#567"/><text x="{middle}" y="{top + 18}" text-anchor="middle">{escape(name)}</text>'
    )


def arc(start: int, end: int, acts: list[str], middle: int) -> str:
    """A curve from one box to another: at the right when it goes down, at the left when it goes up or stays."""
    down = end > start
    away = 1 if down else -1
    edge = middle + away * WIDTH // 2
    reach = edge + away * (30 + 34 * abs(end - start))
    low, high = GAP + ROW * start + BOX // 2 + 5, GAP + ROW * end + BOX // 2 - 5
    label, anchor = ", ".join(acts), "start" if down else "end"
    return (
        f'<path d="M{edge} {low}C{reach} {low} {reach} {high} {edge} {high}" fill="none" stroke="#567" '
        f'marker-end="url(#tip)"><title>{escape(label)}</title></path>'
        f'<text x="{(edge + 3 * reach) // 4 + 4 * away}" y="{(low + high) // 2 + 4}" text-anchor="{anchor}" '
        f'fill="#345">{escape(label)}</text>'
    )


def arrows(table: Table) -> Iterator[tuple[Any, Any, Any]]:
    """Every arrow of the picture, in the order of the table."""
    for before, acts in table.items():
        for act, after in acts.items():
            for state in after if isinstance(after, tuple | list | set | frozenset) else (after,):
                yield before, act, state


def states(table: Table) -> list[Any]:
    """Every state, those that begin an arrow first."""
    return list(dict.fromkeys([*table, *(after for _, _, after in arrows(table))]))


def named(value: Any) -> str:
    """A state or an act in words; None is where something begins that nobody has begun yet."""
    if value is None:
        return "nothing yet"
    text = value.value if isinstance(value, Enum) else value
    return str(text).replace("_", " ").replace("-", " ")


def code(state: Any) -> str:
    return named(state).replace(" ", "_")
