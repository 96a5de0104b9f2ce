"""Displays and rotations: items that stand somewhere else for a while, and go home again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from itertools import pairwise

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.base.ids import DisplayId, ItemId, LibraryCode, RotationId
from libops.base.texts import an_identifier, not_blank
from libops.inventory.model.shelf import Place

__all__ = [
    "DISPLAY_TRANSITIONS",
    "ROTATION_TRANSITIONS",
    "Display",
    "DisplayAct",
    "DisplayState",
    "PlacementCause",
    "Rotation",
    "RotationAct",
    "RotationState",
    "Rounds",
    "TemporaryPlacement",
]


class PlacementCause(Enum):
    """Why an item stands elsewhere for a while."""

    DISPLAY = "display"
    ROTATION = "rotation"


class DisplayState(Enum):
    """Whether a display stands."""

    OPEN = "open"
    ENDED = "ended"


class DisplayAct(Enum):
    """What can be done with a display."""

    ADD = "add"
    REMOVE = "remove"
    EXTEND = "extend"
    END = "end"


DISPLAY_TRANSITIONS: Mapping[DisplayState, Mapping[DisplayAct, DisplayState]] = {
    DisplayState.OPEN: {
        DisplayAct.ADD: DisplayState.OPEN,
        DisplayAct.REMOVE: DisplayState.OPEN,
        DisplayAct.EXTEND: DisplayState.OPEN,
        DisplayAct.END: DisplayState.ENDED,
    },
    DisplayState.ENDED: {},
}
"""Which act leads from which state to which."""


class RotationState(Enum):
    """Whether a rotating collection travels."""

    RUNNING = "running"
    ENDED = "ended"


class RotationAct(Enum):
    """What can be done with a rotating collection."""

    ADD = "add"
    REMOVE = "remove"
    MOVE_ON = "move_on"
    END = "end"


ROTATION_TRANSITIONS: Mapping[RotationState, Mapping[RotationAct, RotationState]] = {
    RotationState.RUNNING: {
        RotationAct.ADD: RotationState.RUNNING,
        RotationAct.REMOVE: RotationState.RUNNING,
        RotationAct.MOVE_ON: RotationState.RUNNING,
        RotationAct.END: RotationState.ENDED,
    },
    RotationState.ENDED: {},
}
"""Which act leads from which state to which."""


class Rounds(Enum):
    """What follows the last stop of a rotation."""

    ENDLESS = "endless"
    """The first stop again."""
    ONCE = "once"
    """The items go home."""


@frozen(kw_only=True)
class Display:
    """A display or a temporary collection: course reserves, new arrivals, a theme of the month.

    Its items have its shelving location meanwhile, and its item type unless that is None. `ends` is the last day; None
    runs until somebody ends it.
    """

    id: DisplayId = field(validator=an_identifier)
    name: str = field(validator=not_blank)
    library: LibraryCode
    location: str = field(validator=not_blank)
    item_type: str | None = None
    ends: date | None = None
    state: DisplayState = DisplayState.OPEN
    opened_at: datetime
    opened_by: str
    ended_at: datetime | None = None

    def place_of(self, home: Place) -> Place:
        """Where an item of that home stands meanwhile."""
        return Place(self.library, self.location, home.item_type if self.item_type is None else self.item_type)


@frozen(kw_only=True)
class Rotation:
    """A collection that travels between libraries, so many days at each: large print, a language, a box of games.

    `stop` counts from 0 through `stops`, and `arrived` is the day it came there.

    >>> games = Rotation(id=RotationId("R-1"), name="Board games", stops=(LibraryCode("EAST"), LibraryCode("WEST")),
    ...     days=90, arrived=date(2026, 1, 5), started_at=datetime(2026, 1, 5), started_by="staff-7")
    >>> games.library, games.next_move, games.next_stop
    ('EAST', datetime.date(2026, 4, 5), 1)
    """

    id: RotationId = field(validator=an_identifier)
    name: str = field(validator=not_blank)
    stops: tuple[LibraryCode, ...]
    days: int = field()
    location: str | None = None
    """The shelving location at every stop; None keeps each item's own."""
    rounds: Rounds = Rounds.ENDLESS
    stop: int = 0
    arrived: date
    state: RotationState = RotationState.RUNNING
    started_at: datetime
    started_by: str
    ended_at: datetime | None = None

    @days.validator
    def _stays(self, attribute: object, value: int) -> None:
        if value < 1:
            raise InvalidValue(f"{value} days at each stop: give 1 or more")

    def __attrs_post_init__(self) -> None:
        way = [*self.stops, *(self.stops[:1] if self.rounds is Rounds.ENDLESS else ())]
        if len(self.stops) < 2 or any(one == following for one, following in pairwise(way)):
            raise InvalidValue(f"stops {self.stops!r} are no way to travel: give two or more, neighbors different")
        if not 0 <= self.stop < len(self.stops):
            raise InvalidValue(f"stop {self.stop} is not on the way: give 0 to {len(self.stops) - 1}")

    @property
    def library(self) -> LibraryCode:
        """Where the collection is now."""
        return self.stops[self.stop]

    @property
    def next_move(self) -> date:
        """The day it moves on."""
        return self.arrived + timedelta(days=self.days)

    @property
    def next_stop(self) -> int | None:
        """The stop that follows; None when it goes home after this one."""
        if self.stop + 1 < len(self.stops):
            return self.stop + 1
        return 0 if self.rounds is Rounds.ENDLESS else None

    def place_of(self, home: Place) -> Place:
        """Where an item of that home stands meanwhile."""
        return Place(self.library, home.location if self.location is None else self.location, home.item_type)


@frozen(kw_only=True)
class TemporaryPlacement:
    """Where an item stands for a while, and where it goes home to. Keyed by the item: it can be at one place only."""

    item_id: ItemId
    cause: PlacementCause
    cause_id: str
    home: Place
    now: Place
    since: datetime
    until: date | None = None
