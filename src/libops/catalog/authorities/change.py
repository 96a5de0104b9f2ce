"""A change of headings: what was done to the authority file, and how far the catalog has followed.

The authority record changes in one act, the titles after it, one by one. The `HeadingChange` says which authorities
stood before and which after, so that the titles can follow at any time, in any number of sittings, and be taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Final

from attrs import frozen

from libops.catalog.authorities.model import Authority

__all__ = ["HEADING_CHANGE_TRANSITIONS", "HeadingAct", "HeadingChange", "HeadingChangeAct", "HeadingChangeState"]


class HeadingAct(Enum):
    """What was done to the authority file."""

    EDIT = "edit"
    """A heading reads otherwise."""
    MERGE = "merge"
    """Two authorities became one."""
    DELETE = "delete"
    """An authority was removed while headings named it: they lose the link."""
    CONTROL = "control"
    """Nothing: headings are linked to their authorities, and see-from forms flipped."""


class HeadingChangeState(Enum):
    """How far the catalog has followed."""

    WAITING = "waiting"
    """A cataloger has to say whether the titles follow: the change came in a file."""
    APPLYING = "applying"
    """The titles follow, one by one; what is left is done by the next call or the nightly run."""
    APPLIED = "applied"
    DISMISSED = "dismissed"
    """The titles stay as they are."""
    UNDOING = "undoing"
    """The titles go back to how they were."""
    UNDONE = "undone"


class HeadingChangeAct(Enum):
    """What moves a change of headings."""

    APPLY = "apply"
    FINISH = "finish"
    DISMISS = "dismiss"
    UNDO = "undo"


def _transitions() -> Mapping[HeadingChangeState, Mapping[HeadingChangeAct, HeadingChangeState]]:
    state, act = HeadingChangeState, HeadingChangeAct
    return {
        state.WAITING: {act.APPLY: state.APPLYING, act.DISMISS: state.DISMISSED},
        state.APPLYING: {act.APPLY: state.APPLYING, act.FINISH: state.APPLIED, act.UNDO: state.UNDOING},
        state.APPLIED: {act.UNDO: state.UNDOING},
        state.DISMISSED: {act.APPLY: state.APPLYING},
        state.UNDOING: {act.UNDO: state.UNDOING, act.FINISH: state.UNDONE},
        state.UNDONE: {},
    }


HEADING_CHANGE_TRANSITIONS: Final = _transitions()
"""Every legal move: state -> act -> state."""


@frozen
class HeadingChange:
    """One change of headings: `before` and `after` are the authorities concerned, by pairs of the same identifier; a
    deleted or merged one stands in `before` alone. `into` is the authority another was merged into.

    `records` counts the titles that follow, or have followed.
    """

    id: str
    act: HeadingAct
    state: HeadingChangeState
    made_at: datetime
    made_by: str
    before: tuple[Authority, ...] = ()
    after: tuple[Authority, ...] = ()
    into: str = ""
    records: int = 0
    closed_at: datetime | None = None

    @property
    def source(self) -> str:
        """What the versions of the titles name as the source of the change."""
        return f"headings {self.id}"

    @property
    def pairs(self) -> tuple[tuple[Authority, Authority | None], ...]:
        """Each authority whose headings read otherwise, with the one whose heading takes their place, if any."""
        after = {one.id: one for one in self.after}
        return tuple([(old, after.get(self.into if old.id not in after else old.id)) for old in self.before])
