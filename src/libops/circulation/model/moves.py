"""How loans, holds, transits and items move from state to state, as tables for pictures and tests.

Moves of loans, holds and transits are named by the event that makes them: whatever stands in a log is one of these.

>>> LOAN_MOVES[LoanState.OPEN]["claim returned"]
<LoanState.CLAIMED_RETURNED: 'claimed returned'>
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from libops.base.pictures import from_moves, grouped, inside, touching
from libops.circulation.model.holds import Hold, HoldEnding, HoldState
from libops.circulation.model.loans import Closing, Loan
from libops.circulation.model.states import TRANSITIONS, ItemState

__all__ = [
    "HOLD_MOVES",
    "ITEM_GROUPS",
    "ITEM_LOSSES",
    "ITEM_MOVES",
    "ITEM_OVERVIEW",
    "ITEM_SHELVES",
    "LOAN_MOVES",
    "RECALL_MOVES",
    "TRANSIT_MOVES",
    "LoanState",
    "TransitState",
    "hold_stands",
    "loan_state",
]

Table = Mapping[Any, Mapping[str, Any]]


class LoanState(Enum):
    """Where an open loan stands; money that is owed for it is another matter."""

    OPEN = "open"
    RECALLED = "recalled"
    """Somebody else needs the item; the loan is due earlier."""
    CLAIMED_RETURNED = "claimed returned"
    AGED_TO_LOST = "aged to lost"
    DECLARED_LOST = "declared lost"


class TransitState(Enum):
    """Where a way between libraries stands."""

    UNDER_WAY = "under way"
    ARRIVED = "arrived"
    CANCELLED = "cancelled"


def loan_state(loan: Loan) -> LoanState:
    """The state of an open loan: the gravest thing that is known of its item."""
    if loan.declared_lost_at is not None:
        return LoanState.DECLARED_LOST
    if loan.aged_to_lost_at is not None:
        return LoanState.AGED_TO_LOST
    if loan.claimed_returned_at is not None:
        return LoanState.CLAIMED_RETURNED
    return LoanState.OPEN if loan.recalled_at is None else LoanState.RECALLED


def hold_stands(hold: Hold) -> str:
    """The state of a hold in force, with a suspended one told apart."""
    return "suspended" if hold.suspended_from is not None and hold.state is HoldState.WAITING else hold.state.value


def _loan_moves() -> Table:
    state, ended = LoanState, Closing
    anywhere = {"change the due date", "renew"}
    table: dict[Any, dict[str, Any]] = {None: {"check out": state.OPEN}}
    for here in state:
        table[here] = {
            **dict.fromkeys(sorted(anywhere), here),
            "recall": here if here is not state.OPEN else state.RECALLED,
            "check in": ended.CHECKED_IN,
            "declare lost": (state.DECLARED_LOST, ended.LOST_AND_SETTLED),
        }
    for here in (state.OPEN, state.RECALLED):
        table[here]["claim returned"] = state.CLAIMED_RETURNED
        table[here]["claim never had"] = ended.CLAIM_RESOLVED
        table[here]["age to lost"] = (state.AGED_TO_LOST, ended.LOST_AND_SETTLED)
    table[state.CLAIMED_RETURNED]["give up as missing"] = ended.CLAIM_RESOLVED
    for here in (state.AGED_TO_LOST, state.DECLARED_LOST):
        table[here]["settle"] = ended.LOST_AND_SETTLED
        del table[here]["recall"], table[here]["renew"]
    del table[state.DECLARED_LOST]["declare lost"], table[state.CLAIMED_RETURNED]["recall"]
    return table


LOAN_MOVES: Final = _loan_moves()
"""What moves a loan; it ends by check-in, settled as lost, or with its claim resolved."""

RECALL_MOVES: Final = inside(touching(LOAN_MOVES, LoanState.RECALLED), LoanState.OPEN, LoanState.RECALLED, *Closing)
"""What a recall does: the loan is due earlier, a second recall changes nothing, and it ends with the loan."""


def _hold_moves() -> Table:
    waiting, suspended = HoldState.WAITING.value, "suspended"
    travels, ready = HoldState.IN_TRANSIT.value, HoldState.READY.value
    filled, cancelled = HoldEnding.FILLED, HoldEnding.CANCELLED
    return {
        None: {"place": (waiting, suspended)},
        waiting: {
            "suspend": suspended,
            "move in the queue": waiting,
            "change the pickup library": waiting,
            "send the item": travels,
            "set the item aside": ready,
            "lend": filled,
            "cancel": cancelled,
            "expire": HoldEnding.EXPIRED_UNFILLED,
        },
        suspended: {
            "resume": waiting,
            "change the suspension": suspended,
            "move in the queue": suspended,
            "lend": filled,
            "cancel": cancelled,
            "expire": HoldEnding.EXPIRED_UNFILLED,
        },
        travels: {
            "set the item aside": ready,
            "send the item": travels,
            "take the item away": waiting,
            "change the pickup library": travels,
            "lend": filled,
            "cancel": cancelled,
        },
        ready: {
            "set the item aside": ready,
            "send the item": travels,
            "keep it longer": ready,
            "take the item away": waiting,
            "change the pickup library": ready,
            "lend": filled,
            "cancel": cancelled,
            "expire": HoldEnding.EXPIRED_ON_SHELF,
        },
    }


HOLD_MOVES: Final = _hold_moves()
"""What moves a hold, from the wish to the loan, or to its other endings."""

TRANSIT_MOVES: Final[Table] = {
    None: {"send": TransitState.UNDER_WAY, "send for a hold": TransitState.UNDER_WAY},
    TransitState.UNDER_WAY: {
        "arrive": TransitState.ARRIVED,
        "send on": TransitState.UNDER_WAY,
        "cancel, or mark the item missing": TransitState.CANCELLED,
    },
}
"""What moves an item between libraries; it is under way once at a time."""

ITEM_MOVES: Final = from_moves((move.before, move.act, move.after) for move in TRANSITIONS)
"""What moves an item, all of it."""

S = ItemState
SHELVES = (S.AVAILABLE, S.AWAITING_PICKUP, S.IN_TRANSIT)
LOSSES = (S.DECLARED_LOST, S.AGED_TO_LOST, S.CLAIMED_RETURNED)
ITEM_GROUPS: Final[Mapping[str, tuple[ItemState, ...]]] = {
    "new": (S.ON_ORDER, S.IN_PROCESS),
    "in the libraries": SHELVES,
    "lost or claimed": LOSSES,
}
"""States of items that a first look may take together."""

ITEM_OVERVIEW: Final = grouped(ITEM_MOVES, ITEM_GROUPS)
"""The states of items with groups taken together."""

ITEM_SHELVES: Final = inside(ITEM_MOVES, S.IN_PROCESS, *SHELVES)
"""How items move within and between libraries."""

ITEM_LOSSES: Final = inside(ITEM_MOVES, S.ON_LOAN, *LOSSES, S.MISSING, S.WITHDRAWN)
"""How items get lost, and leave the collection."""
