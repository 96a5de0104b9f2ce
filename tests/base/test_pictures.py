"""State pictures come from the tables that decide: no arrow is drawn that is not legal, and none is left out."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from libops import equipment, inventory, processing
from libops.base.pictures import dot, from_moves, mermaid, svg
from libops.bookings import CERTIFICATION_LEGAL
from libops.circulation.model import TRANSITIONS

ITEM_STATES = from_moves((move.before, move.act, move.after) for move in TRANSITIONS)
TABLES = {
    "item": ITEM_STATES,
    "stocktake": inventory.STOCKTAKE_TRANSITIONS,
    "weeding": inventory.WEEDING_TRANSITIONS,
    "preparation": processing.LEGAL,
    "ticket": equipment.LEGAL,
}


def arrows_of(table) -> int:
    """How many arrows a table has."""
    return sum(
        len(after) if isinstance(after, tuple | set | frozenset) else 1
        for acts in table.values()
        for after in acts.values()
    )


@pytest.mark.parametrize("name", TABLES)
def test_every_legal_act_is_an_arrow(name: str) -> None:
    """In Mermaid and in DOT, once each."""
    table = TABLES[name]
    drawn = mermaid(table).splitlines()
    assert arrows_of(table) == len([line for line in drawn if ": " in line]) == dot(table).count(" -> ")
    assert drawn[1].startswith("    [*] --> ")


@pytest.mark.parametrize("name", TABLES)
def test_the_picture_has_every_state_and_every_act(name: str) -> None:
    """And is well-formed XML that needs no other program to be drawn."""
    table = TABLES[name]
    picture = ElementTree.fromstring(svg(table))
    words = {text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")}
    names = {state.value.replace("_", " ").replace("-", " ") for state in table}
    assert set() == names - words
    labels = {act for label in words - names for act in re.split(", ", label)}
    acts = {act.value.replace("_", " ").replace("-", " ") for acts in table.values() for act in acts}
    assert acts == labels & acts


@pytest.mark.parametrize("name", TABLES)
def test_every_line_leads_from_one_state_to_another(name: str) -> None:
    """It begins and ends at the side of a box, and all boxes stand within the picture: nobody has to guess."""
    space = "{http://www.w3.org/2000/svg}"
    picture = ElementTree.fromstring(svg(TABLES[name]))
    width, height = map(int, picture.attrib["viewBox"].split()[2:])
    boxes = [[int(box.attrib[key]) for key in ("x", "y", "width", "height")] for box in picture.iter(f"{space}rect")]
    assert all(0 <= x < x + wide <= width and 0 <= y < y + high <= height for x, y, wide, high in boxes)
    for line in (each.attrib["d"] for each in picture.iter(f"{space}path") if "marker-end" in each.attrib):
        at = [int(number) for number in re.findall(r"-?\d+", line)]
        for left, top in ((at[0], at[1]), (at[2], at[1]) if "H" in line else (at[-2], at[-1])):
            assert any(left in (x, x + wide) and y <= top <= y + high for x, y, wide, high in boxes)


def test_many_moves_are_drawn_in_bands_and_few_as_arcs() -> None:
    """More than nine arcs cross each other so often that nobody can follow one."""
    for most, curved in ((9, True), (10, False)):
        drawn = svg({"here": {f"to {number}": f"place {number}" for number in range(most)}})
        assert curved is bool(re.search(r'd="M\d+ \d+C', drawn))


def test_an_item_begins_where_its_table_begins() -> None:
    """What is on order comes first, and receiving it leads to processing."""
    lines = mermaid(ITEM_STATES).splitlines()
    assert ["    [*] --> on_order", "    on_order --> in_process: receive"] == lines[1:3]


def test_what_nobody_has_begun_has_a_name() -> None:
    """A certification begins when somebody asks for it: before that there is no state."""
    drawn = mermaid(CERTIFICATION_LEGAL)
    assert ["[*] --> nothing_yet", "nothing_yet --> requested: request"] == [
        line.strip() for line in drawn.splitlines()[1:3]
    ]
