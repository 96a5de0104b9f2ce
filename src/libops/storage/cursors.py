"""Where a sweep stands, so that one that was interrupted goes on where it was."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

__all__ = ["SweepCursor"]


@frozen
class SweepCursor:
    """One step of the nightly run.

    `started` is the time for which a pass is under way, None between passes; `after` the place reached in it, as
    JSON; `through` the time up to which the last whole pass has done everything.
    """

    name: str
    started: datetime | None = None
    after: str = ""
    through: datetime | None = None
