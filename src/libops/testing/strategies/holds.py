"""Hypothesis strategies for holds: queues of a title in which ties are common."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from libops.base.ids import BibId, HoldId, LibraryCode, PatronId
from libops.circulation.model import Hold, HoldLevel, HoldPlace, places_of
from libops.circulation.policy.holds import HoldSettings, QueueKey

__all__ = ["hold_settings", "queues", "waiting_holds"]

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
LIBRARIES = (LibraryCode("MAIN"), LibraryCode("EAST"), LibraryCode("WEST"))
SMALL = st.integers(0, 2)


@st.composite
def waiting_holds(draw: st.DrawFn, number: int = 1) -> Hold:
    """A waiting hold on one title, with an identifier of its own for each number."""
    at = NOON + timedelta(minutes=draw(SMALL))
    pickup, bib = draw(st.sampled_from(LIBRARIES)), BibId("b1")
    return Hold(
        HoldId(f"h{number:03}"),
        PatronId(f"p{number:03}"),
        bib,
        HoldLevel.TITLE,
        (f"bib:{bib}",),
        (bib,),
        pickup,
        NOON,
        at,
        "adult",
        pickup,
        draw(st.sampled_from(["", *LIBRARIES])),
        -draw(SMALL),
        draw(SMALL),
    )


@st.composite
def queues(draw: st.DrawFn, longest: int = 8) -> list[HoldPlace]:
    """The places of a title in no order; cut, priority and time are often equal."""
    count = draw(st.integers(0, longest))
    return [places_of(draw(waiting_holds(number)))[0] for number in range(count)]


def hold_settings() -> st.SearchStrategy[HoldSettings]:
    """Orders of the queue: each peer's, and one with everything."""
    near = {LIBRARIES[0]: {LIBRARIES[1]: 4}}
    every = (QueueKey.CUT, QueueKey.LOCAL_FIRST, QueueKey.PROXIMITY, QueueKey.PRIORITY, QueueKey.TIME)
    return st.sampled_from(
        [
            HoldSettings(),
            HoldSettings(keys=(QueueKey.CUT, QueueKey.LOCAL_FIRST, QueueKey.TIME)),
            HoldSettings(keys=(QueueKey.PROXIMITY, QueueKey.TIME), proximity=near),
            HoldSettings(keys=(QueueKey.PICKUP_HERE, QueueKey.CUT, QueueKey.TIME)),
            HoldSettings(keys=every, proximity=near),
        ]
    )
