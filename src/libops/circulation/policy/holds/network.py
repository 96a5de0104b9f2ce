"""What libraries that share holds agree on: the order of the queue, groups, and who is near whom."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.base.ids import LibraryCode
from libops.circulation.policy.holds.targeting import Targeting

__all__ = ["HoldSettings", "LocalOf", "LocalTo", "QueueKey"]


class QueueKey(Enum):
    """What decides who is served first; the keys are asked in their order, and the hold's identifier last."""

    CUT = "cut"
    """Holds that staff moved."""
    PRIORITY = "priority"
    """The priority that the hold policy gave."""
    LOCAL_FIRST = "local-first"
    """Holds that are local to the item (Koha's local holds priority)."""
    PICKUP_HERE = "pickup-here"
    """Holds that are picked up where the item is now (Evergreen prefers such an item)."""
    PROXIMITY = "proximity"
    """The nearer the pickup library, the earlier."""
    TIME = "time"
    """Who asked first."""


class LocalOf(Enum):
    """Which library of the hold is compared."""

    PICKUP = "pickup"
    PATRON_HOME = "patron-home"


class LocalTo(Enum):
    """Which library of the item is compared."""

    ITEM_HOME = "item-home"
    ITEM_HOLDING = "item-holding"


FIXED = (QueueKey.CUT, QueueKey.PRIORITY, QueueKey.TIME)


@frozen(kw_only=True)
class HoldSettings:
    """How holds are ordered, and which libraries belong together.

    Raises `InvalidValue` for keys that are no order: `time` must be there, each key once, and cut, priority and time
    in this order among themselves (a time is hardly ever equal, so nothing behind it would count).
    """

    keys: tuple[QueueKey, ...] = field(default=FIXED)
    local_of: LocalOf = LocalOf.PICKUP
    local_to: LocalTo = LocalTo.ITEM_HOME
    local_without_item_types: tuple[str, ...] = ()
    """Types of items that serve everybody in order."""
    local_without_categories: tuple[str, ...] = ()
    """Categories of patrons whose holds are never local."""
    groups: Mapping[str, tuple[LibraryCode, ...]] = field(factory=dict)
    """Libraries that fill holds for each other, and among which items float."""
    proximity: Mapping[LibraryCode, Mapping[LibraryCode, int]] = field(factory=dict)
    """How far it is from one library to others, in any measure; a library not named is farthest."""
    targeting: Targeting = field(factory=Targeting)
    """Which library is asked to fetch an item, and for how long only those nearby fill a hold."""

    @keys.validator
    def _an_order(self, attribute: object, keys: tuple[QueueKey, ...]) -> None:
        fixed = tuple(key for key in keys if key in FIXED)
        if QueueKey.TIME not in keys or len(set(keys)) != len(keys) or fixed != tuple(k for k in FIXED if k in fixed):
            written = ", ".join(key.value for key in keys)
            raise InvalidValue(f"queue keys {written!r} are no order: name each once, cut before priority before time")

    def together(self, one: LibraryCode, other: LibraryCode) -> bool:
        """Whether two libraries are one, or share a group."""
        return one == other or any(one in group and other in group for group in self.groups.values())

    def local_library(self, *, pickup: LibraryCode, patron_home: LibraryCode, category: str) -> str:
        """Where the hold of a patron is local; empty where it never is."""
        if category in self.local_without_categories:
            return ""
        return pickup if self.local_of is LocalOf.PICKUP else patron_home
