"""Who may hold what, in which order holds are filled, and how long an item waits.

`HoldPolicy` is what a circulation rule grants; `HoldSettings` is what the whole network of libraries agrees on: the
order of the queue, the groups of libraries, and who is near whom. `queue_order` is the queue: a total, stable order.
"""

from libops.circulation.policy.holds import reasons
from libops.circulation.policy.holds.forecast import ComingItem, Forecast, arrives, forecast
from libops.circulation.policy.holds.network import HoldSettings, LocalOf, LocalTo, QueueKey
from libops.circulation.policy.holds.queue import (
    PositionView,
    Rank,
    Standpoint,
    heads_to_read,
    moved_between,
    positions,
    queue_order,
    rank,
)
from libops.circulation.policy.holds.shelf import shelf_end
from libops.circulation.policy.holds.targeting import AfterLoops, ClosedLibraries, Targeting
from libops.circulation.policy.holds.terms import (
    ExpiryRun,
    HoldPolicy,
    HoldScope,
    ItemLevel,
    NextInLine,
    OnShelf,
    PickupMatch,
    RecallPolicy,
    SecondScan,
    SuspendedCounting,
)

__all__ = [
    "AfterLoops",
    "ClosedLibraries",
    "ExpiryRun",
    "ComingItem",
    "Forecast",
    "HoldPolicy",
    "HoldScope",
    "HoldSettings",
    "ItemLevel",
    "LocalOf",
    "LocalTo",
    "NextInLine",
    "OnShelf",
    "PickupMatch",
    "PositionView",
    "QueueKey",
    "Rank",
    "RecallPolicy",
    "SecondScan",
    "Standpoint",
    "SuspendedCounting",
    "Targeting",
    "arrives",
    "forecast",
    "heads_to_read",
    "moved_between",
    "positions",
    "queue_order",
    "rank",
    "reasons",
    "shelf_end",
]
