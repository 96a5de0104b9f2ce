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

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from html import escape
from typing import Any

__all__ = ["Table", "dot", "from_moves", "grouped", "inside", "mermaid", "svg", "touching"]

Table = Mapping[Any, Mapping[Any, Any]]
"""State -> act -> the state, or the states, that it leads to. States and acts are members of an `Enum`, or text."""

ROW, WIDTH, BOX, GAP, LINE, LETTER = 64, 150, 28, 14, 34, 6
PAPER = "background:#fffdf7;border-radius:4px"
"""Lines and words are dark: on a dark page the picture brings its paper along."""
MOST_ARCS = 9
"""More arrows than these cross each other so often that nobody can follow one."""


def from_moves(moves: Iterable[tuple[Any, Any, Any]]) -> dict[Any, dict[Any, Any]]:
    """The table of moves listed as (state, act, state or states it leads to)."""
    table: dict[Any, dict[Any, Any]] = {}
    for before, act, after in moves:
        table.setdefault(before, {})[act] = after
    return table


def grouped(table: Table, groups: Mapping[str, Iterable[Any]]) -> dict[Any, dict[Any, Any]]:
    """The table with each group of states as one; acts that stay within a group are left out.

    >>> table = {"in": {"lend": "out", "keep": "aside"}, "out": {"return": ("in", "aside"), "renew": "out"}}
    >>> grouped(table, {"here": ("in", "aside")})
    {'here': {'lend': 'out'}, 'out': {'return': 'here', 'renew': 'out'}}
    """
    group_of = {state: name for name, members in groups.items() for state in members}
    found: dict[Any, dict[Any, Any]] = {}
    for before, act, after in arrows(table):
        start, end = group_of.get(before, before), group_of.get(after, after)
        if start == end and start in groups:
            continue
        known = found.setdefault(start, {}).get(act, ())
        ends = dict.fromkeys((*(known if isinstance(known, tuple) else (known,)), end))
        found[start][act] = tuple(ends) if len(ends) > 1 else end
    return found


def inside(table: Table, *states: Any) -> dict[Any, dict[Any, Any]]:
    """The moves of a table that begin and end among these states."""
    return narrowed(table, lambda before, after: before in states and after in states)


def touching(table: Table, state: Any) -> dict[Any, dict[Any, Any]]:
    """The moves of a table that begin or end at a state."""
    return narrowed(table, lambda before, after: state in (before, after))


def narrowed(table: Table, keeps: Callable[[Any, Any], bool]) -> dict[Any, dict[Any, Any]]:
    found: dict[Any, dict[Any, Any]] = {}
    for before, act, after in arrows(table):
        if keeps(before, after):
            known = found.setdefault(before, {}).get(act, ())
            ends = (*(known if isinstance(known, tuple) else (known,)), after)
            found[before][act] = ends if len(ends) > 1 else after
    return found


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
    """The table as a picture of its own; no other program is needed to draw it.

    A few moves are drawn as arcs between the states, down at the right and up at the left. Where they would cross too
    often every state has a band, with a line for each state that its acts lead to.
    """
    order = states(table)
    places = {state: number for number, state in enumerate(order)}
    together: dict[tuple[int, int], list[str]] = {}
    for before, act, after in arrows(table):
        together.setdefault((places[before], places[after]), []).append(named(act))
    names = [named(state) for state in order]
    return arcs(names, together) if len(together) <= MOST_ARCS else bands(names, together)


def canvas(width: int, height: int) -> list[str]:
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="11" role="img" style="{PAPER}">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#567"/></marker></defs>',
    ]


def arcs(names: Sequence[str], together: Mapping[tuple[int, int], list[str]]) -> str:
    """States below each other, acts as arcs at their side."""
    farthest = max((abs(end - start) for start, end in together), default=1)
    longest = max((len(", ".join(acts)) for acts in together.values()), default=0)
    side = WIDTH // 2 + 3 * (30 + 34 * farthest) // 4 + LETTER * longest + 2 * GAP
    parts = canvas(2 * side, ROW * len(names) + GAP)
    parts += [arc(start, end, acts, side) for (start, end), acts in sorted(together.items())]
    parts += [box(name, side - WIDTH // 2, GAP + ROW * number) for number, name in enumerate(names)]
    return "\n".join([*parts, "</svg>"])


def bands(names: Sequence[str], together: Mapping[tuple[int, int], list[str]]) -> str:
    """A band for each state that something leads out of, and in it a line for each state that its acts lead to."""
    longest = max(len(", ".join(acts)) for acts in together.values())
    line = max(200, LETTER * longest + 30)
    right = GAP + WIDTH + line
    top, parts = GAP, []
    for number, name in enumerate(names):
        leading = [(end, acts) for (start, end), acts in sorted(together.items()) if start == number]
        if not leading:
            continue
        height = LINE * len(leading)
        parts.append(box(name, GAP, top, height - GAP // 2, tint(number, len(names))))
        for place, (end, acts) in enumerate(leading):
            y, words = top + LINE * place, escape(", ".join(acts))
            middle = y + (LINE - GAP // 2) // 2
            parts.append(
                f'<path d="M{GAP + WIDTH} {middle}H{right}" fill="none" stroke="#567" marker-end="url(#tip)"/>'
                f'<text x="{GAP + WIDTH + 10}" y="{middle - 4}" fill="#345">{words}</text>'
            )
            parts.append(box(names[end], right, y, LINE - GAP // 2, tint(end, len(names))))
        top += height + GAP
    return "\n".join([*canvas(right + WIDTH + GAP, top), *parts, "</svg>"])


def tint(number: int, of: int) -> str:
    """A pale color of its own for each state, so that it is found again at the other end of a line."""
    return f"hsl({360 * number // max(of, 1)},55%,91%)"


def box(name: str, left: int, top: int, height: int = BOX, fill: str = "#eef3f7") -> str:
    return (
        f'<rect x="{left}" y="{top}" width="{WIDTH}" height="{height}" rx="7" fill="{fill}" stroke="#567"/>'
        f'<text x="{left + WIDTH // 2}" y="{top + height // 2 + 4}" text-anchor="middle">{escape(name)}</text>'
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
