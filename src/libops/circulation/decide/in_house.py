"""May a use in the house be counted? Facts in, a decision out; the plan is the tuple of events."""

from __future__ import annotations

from datetime import date, datetime

from libops.base.decisions import Decision, Override, Permit, Reason, Refuse, weigh
from libops.base.errors import InvalidValue
from libops.base.events import Event
from libops.base.ids import LibraryCode
from libops.circulation import reasons
from libops.circulation.events import ItemUsedInHouse
from libops.circulation.model import Loan
from libops.items.model import Item

__all__ = ["count_use", "use_of"]


def use_of(
    item: Item, library: LibraryCode, *, day: date, at: datetime, by: str, uses: int = 1
) -> tuple[ItemUsedInHouse, ...]:
    """The event that counts so many uses of an item on a day."""
    return (ItemUsedInHouse(at, by, item.id, item.bib_id, library, day, item.item_type, item.shelving_location, uses),)


def count_use(
    item: Item,
    loan: Loan | None,
    library: LibraryCode,
    *,
    day: date,
    at: datetime,
    by: str,
    uses: int = 1,
    override: Override | None = None,
) -> Decision[tuple[Event, ...]]:
    """Count that an item was used in the house. What is on loan is taken back first, what was withdrawn is gone.

    Raises `InvalidValue` for fewer uses than one.
    """
    if uses < 1:
        raise InvalidValue(f"{uses} uses of item {item.barcode or item.id!r}: give 1 or more")
    found: list[Reason] = []
    if loan is not None:
        found.append(reasons.ITEM_ON_LOAN(due=loan.due or ""))
    if item.withdrawn_at is not None:
        found.append(reasons.ITEM_WITHDRAWN(since=item.withdrawn_at))
    verdict = weigh(found, override)
    if verdict.refusing:
        return Refuse(verdict.refusing)
    return Permit(use_of(item, library, day=day, at=at, by=by, uses=uses))
