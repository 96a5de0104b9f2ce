"""Where an item goes that comes back elsewhere: home, to the library that keeps it, or nowhere because it floats."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from attrs import field, frozen

from libops.base.bounds import at_least_zero
from libops.base.ids import LibraryCode
from libops.base.periods import Period
from libops.fees.policy import RuleLibrary
from libops.items.model import Item

__all__ = ["FloatGroup", "ReturnSettings", "ReturnTo"]


class ReturnTo(Enum):
    """Where an item goes after it came back at a library that is not its own."""

    HOME = "home"
    """To the library that owns it."""
    HOLDING = "holding"
    """To the library that keeps it now."""
    STAY = "stay"
    """Nowhere: it is kept where it came back."""
    FLOAT = "float"
    """It stays where it came back within a float group, else it goes home."""


@frozen(kw_only=True)
class FloatGroup:
    """Libraries among which items stay where they come back; `item_types` empty means all types."""

    libraries: tuple[LibraryCode, ...]
    item_types: tuple[str, ...] = ()
    without_collections: tuple[str, ...] = ()
    without_locations: tuple[str, ...] = ()

    def takes(self, item: Item, library: LibraryCode) -> bool:
        """Whether the item may stay at the library."""
        return (
            item.home_library in self.libraries
            and library in self.libraries
            and (not self.item_types or item.item_type in self.item_types)
            and item.collection not in self.without_collections
            and item.shelving_location not in self.without_locations
        )


@frozen(kw_only=True)
class ReturnSettings:
    """What happens to items that come back at another library, how long a transit takes, and when it counts as lost."""

    return_to: ReturnTo = ReturnTo.HOME
    by_item_type: Mapping[str, ReturnTo] = field(factory=dict)
    float_groups: Mapping[str, FloatGroup] = field(factory=dict)
    lost_in_transit_after: Period = field(factory=lambda: Period.parse("14 days"))
    transit_days: int = field(default=2, validator=at_least_zero)
    """How many open days an item usually travels to another library; forecasts for holds count on it."""
    count_use_at_return: bool = False
    """Whether an item scanned at the return desk that nobody had out, and that nothing is the matter with, counts as
    used in the house (Koha's option)."""
    lost_rule: RuleLibrary = RuleLibrary.CHECK_OUT
    """Whose rule says what goes back when a lost item returns (F8); `check-out` keeps to what the loan was made by."""

    def destination(self, item: Item, here: LibraryCode) -> LibraryCode:
        """Where the item belongs that is in hand at `here`; `here` itself where it stays.

        >>> from libops.base.ids import BibId, ItemId
        >>> book = Item(ItemId("i1"), BibId("b1"), LibraryCode("MAIN"), LibraryCode("EAST"), item_type="book")
        >>> [ReturnSettings(return_to=to).destination(book, LibraryCode("WEST")) for to in ReturnTo]
        ['MAIN', 'EAST', 'WEST', 'MAIN']
        """
        to = self.by_item_type.get(item.item_type, self.return_to)
        if to is ReturnTo.STAY:
            return here
        if to is ReturnTo.HOLDING:
            return item.holding_library
        if to is ReturnTo.FLOAT and any(group.takes(item, here) for group in self.float_groups.values()):
            return here
        return item.home_library
