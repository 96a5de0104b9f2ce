"""Displays: opened with a last day, filled, extended, taken down; at the end every item goes home."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from libops.base.answers import Asked, answer
from libops.base.decisions import Decision, Override, Reason
from libops.inventory.decide.placing import PlacingFacts, asked_to_place, items_placed, not_there, sent_home
from libops.inventory.decide.plan import InventoryPlan
from libops.inventory.events import DisplayEnded, DisplayExtended, DisplayOpened
from libops.inventory.model import (
    DISPLAY_TRANSITIONS,
    Display,
    DisplayAct,
    DisplayState,
)
from libops.inventory.policy import STANDARD_DISPLAYS, DisplayTerms, EndDate
from libops.inventory.reasons import (
    DISPLAY_END_MISSING,
    DISPLAY_EXISTS,
    DISPLAY_ITEM_NOT_ON_IT,
    DISPLAY_OTHER_LIBRARY,
    DISPLAY_OVER,
    DISPLAY_STATE,
    DISPLAY_TOO_LONG,
)

__all__ = [
    "add_to_display",
    "displays_due",
    "end_display",
    "extend_display",
    "open_display",
    "remove_from_display",
]


def _legal(display: Display, act: DisplayAct) -> Asked:
    legal = act in DISPLAY_TRANSITIONS[display.state]
    no = None if legal else DISPLAY_STATE(display=display.id, state=display.state.value, act=act.value)
    return ("display is in the right state", no)


def _asked_of_end(ends: date | None, on: date, terms: DisplayTerms) -> list[Asked]:
    missing: Reason | None = None
    over: Reason | None = None
    long: Reason | None = None
    if ends is None:
        missing = DISPLAY_END_MISSING() if terms.end_date is EndDate.REQUIRED else None
    elif ends < on:
        over = DISPLAY_OVER(ends=ends, today=on)
    elif terms.longest is not None and (ends - on).days >= terms.longest:
        long = DISPLAY_TOO_LONG(ends=ends, longest=terms.longest)
    return [("last day is given", missing), ("last day is to come", over), ("display is not too long", long)]


def open_display(
    display: Display,
    *,
    on: date,
    same_id: Display | None = None,
    terms: DisplayTerms = STANDARD_DISPLAYS,
    override: Override | None = None,
    explain: bool = False,
) -> Decision[InventoryPlan]:
    """Open a display; `on` is the library's date of today, `same_id` what is stored under the display's identifier."""
    asked: list[Asked] = [
        ("display is new", DISPLAY_EXISTS(display=display.id) if same_id else None),
        *_asked_of_end(display.ends, on, terms),
    ]
    plan = InventoryPlan((DisplayOpened(at=display.opened_at, by=display.opened_by, display=display),))
    return answer(asked, lambda verdict: plan, override=override, explain=explain)


def add_to_display(
    display: Display,
    facts: PlacingFacts,
    *,
    at: datetime,
    by: str,
    override: Override | None = None,
    explain: bool = False,
) -> Decision[InventoryPlan]:
    """Put items on a display, all of them or none. One that is on loan joins it when it comes back."""
    foreign = tuple(item.item_id for item in facts.items if item.library != display.library)
    asked: list[Asked] = [
        _legal(display, DisplayAct.ADD),
        *asked_to_place(facts),
        ("items are of this library", DISPLAY_OTHER_LIBRARY(items=foreign) if foreign else None),
    ]
    plan = InventoryPlan(items_placed(facts, display, at, by))
    return answer(asked, lambda verdict: plan, override=override, explain=explain)


def remove_from_display(
    display: Display, facts: PlacingFacts, *, at: datetime, by: str, explain: bool = False
) -> Decision[InventoryPlan]:
    """Take items off a display before it ends; they go home."""
    (said, events), strange = sent_home(facts, display, at, by), not_there(facts, display)
    asked: list[Asked] = [
        _legal(display, DisplayAct.REMOVE),
        ("items are on it", DISPLAY_ITEM_NOT_ON_IT(display=display.id, items=strange) if strange else None),
        said,
    ]
    return answer(asked, lambda verdict: InventoryPlan(events), explain=explain)


def extend_display(
    display: Display,
    facts: PlacingFacts,
    *,
    ends: date | None,
    on: date,
    at: datetime,
    by: str,
    terms: DisplayTerms = STANDARD_DISPLAYS,
    override: Override | None = None,
    explain: bool = False,
) -> Decision[InventoryPlan]:
    """Give a display another last day; `facts` are all its items."""
    mine = tuple(one.item_id for one in facts.placements.values() if one.cause_id == display.id)
    asked: list[Asked] = [_legal(display, DisplayAct.EXTEND), *_asked_of_end(ends, on, terms)]
    plan = InventoryPlan((DisplayExtended(at=at, by=by, display_id=display.id, ends=ends, items=mine),))
    return answer(asked, lambda verdict: plan, override=override, explain=explain)


def end_display(
    display: Display, facts: PlacingFacts, *, at: datetime, by: str, explain: bool = False
) -> Decision[InventoryPlan]:
    """Take a display down: every item on it goes home, those on loan as soon as they come back.

    An item that was given another place meanwhile keeps that one, and it is said so.
    """
    said, events = sent_home(facts, display, at, by)
    plan = InventoryPlan((*events, DisplayEnded(at=at, by=by, display_id=display.id)))
    return answer([_legal(display, DisplayAct.END), said], lambda verdict: plan, explain=explain)


def displays_due(displays: Iterable[Display], *, on: date) -> tuple[Display, ...]:
    """The displays whose last day is over on a day, the longest overdue first."""
    due = [one for one in displays if one.state is DisplayState.OPEN and one.ends is not None and one.ends < on]
    return tuple(sorted(due, key=lambda one: (one.ends, one.id)))
