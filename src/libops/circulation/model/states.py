"""The state of an item, derived from the records that are open for it, so that two truths cannot disagree.

Condition (damaged, in repair, not for loan, suppressed) is no state: an item can be damaged and on loan.

>>> item_state(OpenRecords()).value, item_state(OpenRecords(on_loan=True)).value
('available', 'on_loan')
>>> item_state(OpenRecords(on_loan=True, in_transit=True))
Traceback (most recent call last):
...
libops.base.errors.InvalidValue: an item cannot be on loan and in transit at once
"""

from __future__ import annotations

from enum import Enum
from itertools import combinations
from typing import Final

from attrs import frozen

from libops.base.errors import InvalidValue

__all__ = [
    "TRANSITIONS",
    "ItemAct",
    "ItemState",
    "OpenRecords",
    "RequestKind",
    "Transition",
    "item_state",
    "requests_allowed",
]


class ItemState(Enum):
    """Where an item is in circulation."""

    AVAILABLE = "available"
    ON_LOAN = "on_loan"
    AWAITING_PICKUP = "awaiting_pickup"
    IN_TRANSIT = "in_transit"
    IN_PROCESS = "in_process"
    ON_ORDER = "on_order"
    MISSING = "missing"
    DECLARED_LOST = "declared_lost"
    AGED_TO_LOST = "aged_to_lost"
    CLAIMED_RETURNED = "claimed_returned"
    WITHDRAWN = "withdrawn"
    BOOKED = "booked"


@frozen(kw_only=True)
class OpenRecords:
    """Which records are open for an item. `declared_lost`, `aged_to_lost` and `claimed_returned` are marks on its loan.

    Raises `InvalidValue` for a pair that cannot be.
    """

    on_loan: bool = False
    awaiting_pickup: bool = False
    in_transit: bool = False
    withdrawn: bool = False
    declared_lost: bool = False
    aged_to_lost: bool = False
    claimed_returned: bool = False
    missing: bool = False
    in_process: bool = False
    on_order: bool = False
    booked: bool = False

    def __attrs_post_init__(self) -> None:
        for one, other in combinations(EXCLUSIVE, 2):
            if getattr(self, one) and getattr(self, other):
                raise InvalidValue(f"an item cannot be {spoken(one)} and {spoken(other)} at once")
        for mark in MARKS_ON_LOANS:
            if getattr(self, mark) and not self.on_loan:
                raise InvalidValue(f"an item is {spoken(mark)} only while its loan is open")


EXCLUSIVE: Final = ("on_loan", "awaiting_pickup", "in_transit", "withdrawn", "on_order")
MARKS_ON_LOANS: Final = ("declared_lost", "aged_to_lost", "claimed_returned")

# The first that is so decides: what staff or time said of a loan comes before the loan itself.
PRECEDENCE: Final = (
    ("withdrawn", ItemState.WITHDRAWN),
    ("declared_lost", ItemState.DECLARED_LOST),
    ("claimed_returned", ItemState.CLAIMED_RETURNED),
    ("aged_to_lost", ItemState.AGED_TO_LOST),
    ("on_loan", ItemState.ON_LOAN),
    ("missing", ItemState.MISSING),
    ("in_transit", ItemState.IN_TRANSIT),
    ("awaiting_pickup", ItemState.AWAITING_PICKUP),
    ("on_order", ItemState.ON_ORDER),
    ("in_process", ItemState.IN_PROCESS),
    ("booked", ItemState.BOOKED),
)


def spoken(name: str) -> str:
    return name.replace("_", " ")


def item_state(records: OpenRecords) -> ItemState:
    """The one circulation state that follows from the open records."""
    for name, state in PRECEDENCE:
        if getattr(records, name):
            return state
    return ItemState.AVAILABLE


class RequestKind(Enum):
    """What a patron's wish for an item is called, by the state the item is in (FOLIO's three words)."""

    PAGE = "page"
    """Fetch it from the shelf."""
    HOLD = "hold"
    """Wait until it comes back."""
    RECALL = "recall"
    """Wait, and shorten the loan."""


AWAY = frozenset({RequestKind.HOLD, RequestKind.RECALL})

REQUESTS: Final = {
    ItemState.AVAILABLE: frozenset({RequestKind.PAGE}),
    ItemState.BOOKED: frozenset({RequestKind.HOLD}),
    ItemState.ON_LOAN: AWAY,
    ItemState.AWAITING_PICKUP: AWAY,
    ItemState.IN_TRANSIT: AWAY,
    ItemState.ON_ORDER: AWAY,
    ItemState.IN_PROCESS: AWAY,
    ItemState.MISSING: frozenset({RequestKind.HOLD}),
}


def requests_allowed(state: ItemState) -> frozenset[RequestKind]:
    """Which kinds of request an item in this state can take (FOLIO's table); none when lost, claimed or withdrawn.

    >>> sorted(kind.value for kind in requests_allowed(ItemState.MISSING)), requests_allowed(ItemState.WITHDRAWN)
    (['hold'], frozenset())
    """
    return REQUESTS.get(state, frozenset())


class ItemAct(Enum):
    """What moves an item from one state to another."""

    CHECK_OUT = "check out"
    CHECK_IN = "check in"
    SET_ASIDE = "set aside for a hold"
    PUT_BACK = "put back from the hold shelf"
    SEND = "send to another library"
    ARRIVE = "arrive"
    CANCEL_TRANSIT = "cancel the transit"
    WITHDRAW = "withdraw"
    REINSTATE = "reinstate"
    DECLARE_LOST = "declare lost"
    AGE_TO_LOST = "age to lost"
    CLAIM_RETURNED = "claim returned"
    CLAIM_NEVER_HAD = "claim never had"
    END_LOSS = "settle or end the loss"
    FIND = "find"
    MISS = "mark missing"
    RECEIVE = "receive"
    FINISH_PROCESSING = "finish processing"


@frozen
class Transition:
    """An act that leads from one state to others; to several where a hold or another library may be waiting."""

    before: ItemState
    act: ItemAct
    after: tuple[ItemState, ...]


S, A = ItemState, ItemAct
BACK = (S.AVAILABLE, S.AWAITING_PICKUP, S.IN_TRANSIT)

TRANSITIONS: Final = (
    Transition(S.ON_ORDER, A.RECEIVE, (S.IN_PROCESS,)),
    Transition(S.IN_PROCESS, A.FINISH_PROCESSING, BACK),
    Transition(S.AVAILABLE, A.CHECK_OUT, (S.ON_LOAN,)),
    Transition(S.AVAILABLE, A.SET_ASIDE, (S.AWAITING_PICKUP, S.IN_TRANSIT)),
    Transition(S.AVAILABLE, A.SEND, (S.IN_TRANSIT,)),
    Transition(S.AVAILABLE, A.MISS, (S.MISSING,)),
    Transition(S.AVAILABLE, A.WITHDRAW, (S.WITHDRAWN,)),
    Transition(S.ON_LOAN, A.CHECK_IN, BACK),
    Transition(S.ON_LOAN, A.DECLARE_LOST, (S.DECLARED_LOST,)),
    Transition(S.ON_LOAN, A.AGE_TO_LOST, (S.AGED_TO_LOST,)),
    Transition(S.ON_LOAN, A.CLAIM_RETURNED, (S.CLAIMED_RETURNED,)),
    Transition(S.ON_LOAN, A.CLAIM_NEVER_HAD, (S.MISSING,)),
    Transition(S.AWAITING_PICKUP, A.CHECK_OUT, (S.ON_LOAN,)),
    Transition(S.AWAITING_PICKUP, A.PUT_BACK, BACK),
    Transition(S.AWAITING_PICKUP, A.MISS, (S.MISSING,)),
    Transition(S.IN_TRANSIT, A.ARRIVE, BACK),
    Transition(S.IN_TRANSIT, A.CANCEL_TRANSIT, (S.AVAILABLE, S.IN_PROCESS)),
    Transition(S.IN_TRANSIT, A.MISS, (S.MISSING,)),
    Transition(S.MISSING, A.FIND, BACK),
    Transition(S.DECLARED_LOST, A.FIND, BACK),
    Transition(S.DECLARED_LOST, A.END_LOSS, (S.MISSING,)),
    Transition(S.AGED_TO_LOST, A.FIND, BACK),
    Transition(S.AGED_TO_LOST, A.END_LOSS, (S.MISSING,)),
    Transition(S.CLAIMED_RETURNED, A.FIND, BACK),
    Transition(S.CLAIMED_RETURNED, A.DECLARE_LOST, (S.DECLARED_LOST,)),
    Transition(S.CLAIMED_RETURNED, A.MISS, (S.MISSING,)),
    Transition(S.MISSING, A.WITHDRAW, (S.WITHDRAWN,)),
    Transition(S.WITHDRAWN, A.REINSTATE, (S.AVAILABLE,)),
)
"""The state picture of an item, as data for docs and tests."""
