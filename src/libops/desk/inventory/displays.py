"""Displays and rotating collections at the desk: items stand elsewhere for a while, and go home again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from libops.base.decisions import Decision, Override, Permit, Refuse
from libops.base.errors import NotFound
from libops.base.events import Event
from libops.base.ids import DisplayId, LibraryCode, RotationId
from libops.circulation.decide.hold_facts import ItemOfTitle
from libops.circulation.decide.transit import TransitFacts, send_on
from libops.circulation.model import Loan, ReadyHold, Transit
from libops.desk.arguments import fitting_fields
from libops.desk.inventory.shelves import moved
from libops.desk.inventory.weeding import WeedingDesk
from libops.desk.reads import Reads
from libops.desk.shell import Errand
from libops.inventory import decide
from libops.inventory.decide import InventoryPlan, PlacingFacts
from libops.inventory.model import Display, DisplayState, Rotation, RotationState, TemporaryPlacement
from libops.items.events import ItemChanged
from libops.items.model import Item

__all__ = ["DisplayDesk"]

R = TypeVar("R")

Answer = Decision[InventoryPlan]


class DisplayDesk(WeedingDesk):
    """Displays and rotations. What is placed has its new place in its own record in the same step.

    `items` are barcodes or identifiers. An act on a display or rotation that has ended is refused with
    `display.wrong_state` or `rotation.wrong_state`; one that is not there, and an item that nobody knows, raises
    `NotFound`. Items that were given another place meanwhile keep it, and this is told by an alert,
    `placement.moved_since`.

    >>> import libops
    >>> from datetime import date
    >>> from libops.testing.sample_library import ITEMS, sample_library
    >>> ops, guide = libops.open(), ITEMS[0][0]
    >>> sample_library(ops)
    >>> jazz = ops.inventory.open_display(name="Jazz", location="window", ends=date(2099, 3, 31)).result
    >>> placed = ops.inventory.add_to_display(jazz.id, [guide])
    >>> ops.items.get(guide).shelving_location
    'window'
    >>> ended = ops.inventory.end_display(jazz.id)
    >>> ops.items.get(guide).shelving_location
    ''
    """

    def open_display(
        self,
        *,
        name: str,
        location: str,
        ends: date | None = None,
        item_type: str | None = None,
        id: str | None = None,
        by: str = "desk",
        override: Override | None = None,
    ) -> Decision[Display]:
        """Open a display at a shelving location of this library.

        `ends` is its last day; `item_type` what its items are meanwhile, so that they are lent by other rules. Refused:
        `display.exists` for an `id` in use, `display.end_missing` where the settings want a last day,
        `display.end_passed`, and `display.too_long`, which the right `inventory.long_display` lifts.
        """
        key = DisplayId(self.shell.ids() if id is None else id)

        def ask(facts: Any, at: datetime) -> Answer:
            display = Display(
                id=key,
                name=name,
                library=self.library,
                location=location,
                item_type=item_type,
                ends=ends,
                opened_at=at,
                opened_by=by,
            )
            terms = self.policy.displays
            return decide.open_display(display, on=self.today(), same_id=facts[0], terms=terms, override=override)

        return self.shell.act(
            Errand(lambda reads: (reads.get(Display, key),), ask, lambda plan, facts, at, alerts: self.display(key))
        )

    def add_to_display(
        self, display: str, items: Sequence[str], *, by: str = "desk", override: Override | None = None
    ) -> Decision[Display]:
        """Put items on a display, all of them or none; one that is on loan joins it when it comes back.

        Refused: `placement.taken` for one that is on a display or travels, `placement.item_gone` for one withdrawn,
        lost or missing; to be confirmed: `display.other_library`. Told by an alert: `placement.item_away`.
        """
        return self.displayed(
            display,
            items,
            lambda one, facts, at: decide.add_to_display(one, facts, at=at, by=by, override=override),
            by,
        )

    def remove_from_display(self, display: str, items: Sequence[str], *, by: str = "desk") -> Decision[Display]:
        """Take items off; they go home. Refused: `display.item_not_on_it`."""
        return self.displayed(
            display, items, lambda one, facts, at: decide.remove_from_display(one, facts, at=at, by=by), by
        )

    def extend_display(
        self, display: str, *, ends: date | None, by: str = "desk", override: Override | None = None
    ) -> Decision[Display]:
        """Give a display another last day, or an earlier one. Refused as `open_display` for its last day."""
        return self.displayed(
            display,
            None,
            lambda one, facts, at: decide.extend_display(
                one,
                facts,
                ends=ends,
                on=self.today(),
                at=at,
                by=by,
                terms=self.policy.displays,
                override=override,
            ),
            by,
        )

    def end_display(self, display: str, *, by: str = "desk") -> Decision[Display]:
        """Take a display down; every item goes home, one on loan when it comes back."""
        return self.displayed(display, None, lambda one, facts, at: decide.end_display(one, facts, at=at, by=by), by)

    def end_due_displays(self, *, by: str = "displays") -> list[Display]:
        """Take down every display whose last day is over, and return them. Run it every morning; the nightly run does
        it too.
        """
        due = decide.displays_due(Reads(self.shell.storage).find(Display, "by_end", DisplayState.OPEN), on=self.today())
        answers = [self.end_display(display.id, by=by) for display in due]
        return [answer.result for answer in answers if isinstance(answer, Permit)]

    def display(self, display: str) -> Display:
        """The display with this identifier. Raises `NotFound`."""
        return found_or_raise(Reads(self.shell.storage).get(Display, display), "display", display)

    def start_rotation(
        self,
        items: Sequence[str],
        *,
        name: str,
        stops: Sequence[str],
        days: int,
        id: str | None = None,
        by: str = "desk",
        **more: Any,
    ) -> Decision[Rotation]:
        """Send a collection around these libraries, and its items on their way to the first.

        Args:
            items: barcodes or identifiers.
            name: what people call it.
            stops: library codes, two or more, neighbors different.
            days: how many at each stop.
            id: its identifier; made when left out.
            by: who does it, for the log.
            more: `location`, its shelving location at every stop (each item's own when left out), and `rounds`.
                `Rounds.ONCE` goes home after the last stop; without it the first follows again.

        Refused: `rotation.exists`, `placement.taken`, `placement.item_gone`. Told by an alert: `placement.item_away`.
        Raises `InvalidValue` for stops or days that are no way to travel.
        """
        fitting_fields(Rotation, "a rotation", more)
        key = RotationId(self.shell.ids() if id is None else id)

        def ask(facts: Any, at: datetime) -> Answer:
            rotation = Rotation(
                id=key,
                name=name,
                stops=tuple(LibraryCode(stop) for stop in stops),
                days=days,
                arrived=self.today(),
                started_at=at,
                started_by=by,
                **more,
            )
            decision = decide.start_rotation(rotation, facts[0], same_id=facts[1])
            return self.with_moves(decision, facts[2], at, by)

        def load(reads: Reads) -> Any:
            return self.placing(reads, items, key), reads.get(Rotation, key), reads

        return self.shell.act(Errand(load, ask, lambda plan, facts, at, alerts: self.rotation(key)))

    def add_to_rotation(self, rotation: str, items: Sequence[str], *, by: str = "desk") -> Decision[Rotation]:
        """Let more items travel along, from the stop where it is. Refused: `placement.taken`, `placement.item_gone`."""
        return self.rotated(
            rotation, items, lambda one, facts, at: decide.add_to_rotation(one, facts, at=at, by=by), by
        )

    def remove_from_rotation(self, rotation: str, items: Sequence[str], *, by: str = "desk") -> Decision[Rotation]:
        """Send items home before the collection goes. Refused: `rotation.item_not_in_it`."""
        return self.rotated(
            rotation, items, lambda one, facts, at: decide.remove_from_rotation(one, facts, at=at, by=by), by
        )

    def move_rotation_on(
        self, rotation: str, *, by: str = "desk", override: Override | None = None
    ) -> Decision[Rotation]:
        """Move a collection to its next stop; its items are sent there, one on loan when it comes back.

        Refused: `rotation.at_last_stop`; to be confirmed before its days are over: `rotation.not_due`.
        """
        return self.rotated(
            rotation,
            None,
            lambda one, facts, at: decide.move_rotation_on(
                one, facts, on=self.today(), at=at, by=by, override=override
            ),
            by,
        )

    def end_rotation(self, rotation: str, *, by: str = "desk") -> Decision[Rotation]:
        """Bring a collection home, from whatever stop: every item to the place it came from."""
        return self.rotated(rotation, None, lambda one, facts, at: decide.end_rotation(one, facts, at=at, by=by), by)

    def send_on(self, rotation: Rotation, *, by: str = "rotations") -> Decision[Rotation]:
        """Move a collection to its next stop or, after its last one, bring it home; `rotations_due` hands it out."""
        act = self.end_rotation if rotation.next_stop is None else self.move_rotation_on
        return act(rotation.id, by=by)

    def rotations_due(self) -> tuple[Rotation, ...]:
        """The collections whose days at their stop are over, the longest overdue first."""
        running = Reads(self.shell.storage).find(Rotation, "by_state", RotationState.RUNNING)
        return decide.rotations_due(running, on=self.today())

    def rotation(self, rotation: str) -> Rotation:
        """The rotation with this identifier. Raises `NotFound`."""
        return found_or_raise(Reads(self.shell.storage).get(Rotation, rotation), "rotation", rotation)

    # --- loading --------------------------------------------------------------------------------------------------

    def placing(self, reads: Reads, items: Sequence[str] | None, cause_id: str) -> PlacingFacts:
        """The items asked about, or all that a display or rotation has, with their placements."""
        if items is None:
            ids = [
                placement.item_id
                for cause in ("display", "rotation")
                for placement in reads.find(TemporaryPlacement, "by_cause", cause, cause_id)
            ]
        else:
            ids = [self.holders.item_or_raise(reads, text).id for text in items]
        placements = {key: reads.get(TemporaryPlacement, key) for key in ids}
        for key in ids:
            reads.get(Item, key)
        return PlacingFacts(
            items=self.shelves.by_id(ids),
            placements={key: placement for key, placement in placements.items() if placement is not None},
        )

    def displayed(
        self,
        display: str,
        items: Sequence[str] | None,
        ask: Callable[[Display, PlacingFacts, datetime], Answer],
        by: str,
    ) -> Decision[Display]:
        def load(reads: Reads) -> Any:
            found = found_or_raise(reads.get(Display, display), "display", display)
            return found, self.placing(reads, items, display), reads

        return self.shell.act(
            Errand(
                load,
                lambda facts, at: self.with_moves(ask(facts[0], facts[1], at), facts[2], at, by),
                lambda plan, facts, at, alerts: self.display(display),
            )
        )

    def rotated(
        self,
        rotation: str,
        items: Sequence[str] | None,
        ask: Callable[[Rotation, PlacingFacts, datetime], Answer],
        by: str,
    ) -> Decision[Rotation]:
        def load(reads: Reads) -> Any:
            found = found_or_raise(reads.get(Rotation, rotation), "rotation", rotation)
            return found, self.placing(reads, items, rotation), reads

        return self.shell.act(
            Errand(
                load,
                lambda facts, at: self.with_moves(ask(facts[0], facts[1], at), facts[2], at, by),
                lambda plan, facts, at, alerts: self.rotation(rotation),
            )
        )

    def with_moves(self, decision: Answer, reads: Reads, at: datetime, by: str) -> Answer:
        """The decision with the items' own records following it, on their way where that is another library."""
        if isinstance(decision, Refuse):
            return decision
        events = decision.result.events
        changed = tuple(moved(events, reads, at, by))
        sent = tuple(event for change in changed for event in sent_along(change, reads, at, by))
        return Permit(InventoryPlan(events + changed + sent), decision.alerts, decision.trace)


def sent_along(change: ItemChanged, reads: Reads, at: datetime, by: str) -> tuple[Event, ...]:
    """The way of an item whose library has changed; nothing for one that is not there to be sent."""
    before, to = change.previous, change.item.holding_library
    if before.holding_library == to:
        return ()
    key = before.id
    one = ItemOfTitle(before, reads.get(Loan, key), reads.get(ReadyHold, key), reads.get(Transit, key))
    answer = send_on(TransitFacts(before.holding_library, one, ""), to, at=at, by=by)
    return () if isinstance(answer, Refuse) else answer.result.events


def found_or_raise(found: R | None, what: str, key: str) -> R:
    if found is None:
        raise NotFound(f"no {what} has the identifier {key!r}")
    return found
