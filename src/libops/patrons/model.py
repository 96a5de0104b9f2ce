"""Patrons: the people a library serves, their category, their card and what stands against them.

How much a patron has out or owes is kept apart, in `Standing`, so that a checkout never rewrites a name or an
address.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.base.ids import LibraryCode, PatronId

__all__ = ["Action", "Block", "HistoryConsent", "Patron"]


class Action(Enum):
    """What a patron may be stopped from doing."""

    CHECK_OUT = "check_out"
    RENEW = "renew"
    PLACE_HOLD = "place_hold"
    PICK_UP = "pick_up"
    BOOK = "book"


EVERY_ACTION = tuple(Action)


class HistoryConsent(Enum):
    """Whether the library keeps what a patron borrowed after it came back."""

    LIBRARY_RULE = "library_rule"
    """As the library's settings say."""
    KEEP = "keep"
    FORGET = "forget"


@frozen
class Block:
    """A restriction that staff placed on a patron: why, which actions it stops, and until when.

    `until` is the last instant it holds, None for until it is lifted.
    """

    id: str
    note: str
    placed_at: datetime
    placed_by: str
    actions: tuple[Action, ...] = EVERY_ACTION
    until: datetime | None = None

    def stops(self, action: Action, at: datetime) -> bool:
        """Whether this block stops an action at an instant."""
        return action in self.actions and (self.until is None or at <= self.until)


def _named(patron: object, attribute: object, value: Any) -> None:
    if not value.strip():
        raise InvalidValue(f"{getattr(attribute, 'name', 'value')} {value!r} of a patron is empty")


@frozen(weakref_slot=False)
class Patron:
    """A patron of the library.

    `card` is the barcode of the current card, as text; `expires` the last day the registration holds, None for
    never. `language` is an IETF tag such as `en` or `de`; `channels` lists how the patron wants to hear from the
    library, best first, by channel kind (`email`, `sms`, `letter`). `renews_automatically`
    is set when the patron asked for automatic renewals, where the library waits for that.

    >>> Patron(PatronId("01KDVDNA000000000000000001"), "Ada Flores", "adult", LibraryCode("MAIN")).name
    'Ada Flores'

    Raises `InvalidValue` for an empty identifier, name, category or library.
    """

    id: PatronId = field(validator=_named)
    name: str = field(validator=_named)
    category: str = field(validator=_named)
    home_library: LibraryCode = field(validator=_named)
    card: str | None = None
    expires: date | None = None
    birth_date: date | None = None
    email: str = ""
    phone: str = ""
    address: str = ""
    language: str = ""
    channels: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    history: HistoryConsent = HistoryConsent.LIBRARY_RULE
    note: str = ""
    bad_address: bool = False
    renews_automatically: bool = False
