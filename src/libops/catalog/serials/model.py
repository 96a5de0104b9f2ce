"""Subscriptions and their issues: what is to come, what came, what was asked for again.

>>> LEGAL[IssueState.LATE][IssueAct.CLAIM]
(<IssueState.CLAIMED: 'claimed'>,)
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum

from attrs import field, frozen

from libops.base.bounds import at_least_one, at_least_zero
from libops.base.ids import BibId, ItemId, LibraryCode, SerialIssueId, SubscriptionId
from libops.catalog.serials.expect import SupplyTerms
from libops.catalog.serials.pattern import Issue, SerialPattern

__all__ = [
    "LEGAL",
    "Claim",
    "IssueAct",
    "IssueKind",
    "IssueState",
    "ItemTerms",
    "ReceivedCopy",
    "SerialIssue",
    "Subscription",
    "SubscriptionState",
]


class SubscriptionState(Enum):
    """Whether issues still come."""

    ACTIVE = "active"
    CANCELED = "canceled"


class IssueKind(Enum):
    """What an issue is beside the others (853, 854, 855)."""

    BASIC = "basic"
    SUPPLEMENT = "supplement"
    INDEX = "index"


class IssueState(Enum):
    """Where an issue stands."""

    EXPECTED = "expected"
    LATE = "late"
    """It should have come."""
    CLAIMED = "claimed"
    """The vendor was asked for it."""
    RECEIVED = "received"
    MISSING = "missing"
    """It was published and will not come: claims were in vain."""
    NOT_PUBLISHED = "not_published"
    """The publisher never made it."""
    SKIPPED = "skipped"
    """The library does not want it."""
    CANCELED = "canceled"
    """The subscription ended before it came."""


class IssueAct(Enum):
    """What moves an issue from state to state."""

    RECEIVE = "receive"
    UNDO_RECEIPT = "undo_receipt"
    """It was another issue, or another serial: as it was before."""
    MARK_LATE = "mark_late"
    CLAIM = "claim"
    GIVE_UP = "give_up"
    MARK_NOT_PUBLISHED = "mark_not_published"
    SKIP = "skip"
    CANCEL = "cancel"
    REOPEN = "reopen"
    """It is wanted after all, or may come after all."""


def _legal() -> Mapping[IssueState, Mapping[IssueAct, tuple[IssueState, ...]]]:
    expected, late, claimed, received = IssueState.EXPECTED, IssueState.LATE, IssueState.CLAIMED, IssueState.RECEIVED
    missing, never, skipped, canceled = (
        IssueState.MISSING,
        IssueState.NOT_PUBLISHED,
        IssueState.SKIPPED,
        IssueState.CANCELED,
    )
    settled = {
        IssueAct.GIVE_UP: (missing,),
        IssueAct.MARK_NOT_PUBLISHED: (never,),
        IssueAct.SKIP: (skipped,),
        IssueAct.CANCEL: (canceled,),
    }
    comes = {IssueAct.RECEIVE: (received,), IssueAct.CLAIM: (claimed,)}
    again = {IssueAct.RECEIVE: (received,), IssueAct.REOPEN: (expected, late, claimed)}
    return {
        expected: {**comes, IssueAct.MARK_LATE: (late,), **settled},
        late: {**comes, **settled},
        claimed: {**comes, **settled},
        received: {
            IssueAct.RECEIVE: (received,),
            # Of several copies ordered, some may lack still.
            IssueAct.CLAIM: (received,),
            IssueAct.GIVE_UP: (received,),
            IssueAct.UNDO_RECEIPT: (received, expected, late, claimed, missing, never, skipped, canceled),
        },
        missing: again,
        never: again,
        skipped: again,
        canceled: again,
    }


LEGAL: Mapping[IssueState, Mapping[IssueAct, tuple[IssueState, ...]]] = _legal()
"""Every legal move: state -> act -> the states it may lead to, by what was claimed and what day it is."""


@frozen
class Claim:
    """The vendor was asked for an issue: the `number` of the claim, 1 for the first, when, by whom."""

    number: int
    at: datetime
    by: str
    note: str = ""


@frozen
class ReceivedCopy:
    """One copy of an issue that came: its number, when, by whom, its item if it got one, and how the issue stood."""

    number: int
    at: datetime
    by: str
    item_id: ItemId | None
    before: IssueState


@frozen
class ItemTerms:
    """What the items of received issues are like; their volume and date come from the issue."""

    item_type: str = ""
    shelving_location: str = ""
    collection: str = ""
    call_number: str = ""
    call_number_scheme: str = ""
    not_for_loan: str = ""


@frozen
class Subscription:
    """A serial that a library gets, issue by issue; its supplements or indexes are one of their own, by `kind`.

    `pattern` is None for one that cannot be predicted: its issues are entered as they come. `start` are the issues at
    hand the count begins with; the first issue predicted after them has place `first_place`, and `predicted` of them
    stand in the records. `copies` is how many of each issue come; `items` what their items are like, None when the
    library makes none. Issues are expected `ahead` days and one more, none dated after `ends_on`. `expect_by` is
    the day on which the next ones have to be predicted, None when there are none.
    """

    id: SubscriptionId
    bib_id: BibId
    library: LibraryCode
    started_at: datetime
    pattern: SerialPattern | None = None
    start: tuple[Issue, ...] = ()
    first_place: int = 1
    predicted: int = 0
    terms: SupplyTerms = field(factory=SupplyTerms)
    copies: int = field(default=1, validator=at_least_one)
    items: ItemTerms | None = None
    vendor: str = ""
    vendor_number: str = ""
    ahead: int = field(default=90, validator=at_least_zero)
    ends_on: date | None = None
    expect_by: date | None = None
    state: SubscriptionState = SubscriptionState.ACTIVE
    canceled_at: datetime | None = None
    kind: IssueKind = IssueKind.BASIC

    @property
    def active(self) -> bool:
        """Whether issues still come."""
        return self.state is SubscriptionState.ACTIVE


@frozen
class SerialIssue:
    """One issue of a subscription, predicted or entered as it came.

    `place` is its place in the run, None for one that was not predicted. `late_on` is the first day on which it is
    late, while it is expected; `copies` are those that came. `lacking` counts the copies ordered that did not come with
    the others and are still waited for; None when there are none.
    """

    id: SerialIssueId
    subscription_id: SubscriptionId
    bib_id: BibId
    library: LibraryCode
    issue: Issue
    enumeration: str
    chronology: str
    expected_on: date
    changed_at: datetime
    place: int | None = None
    kind: IssueKind = IssueKind.BASIC
    late_on: date | None = None
    state: IssueState = IssueState.EXPECTED
    claims: tuple[Claim, ...] = ()
    copies: tuple[ReceivedCopy, ...] = ()
    note: str = ""
    lacking: int | None = None

    @property
    def open(self) -> bool:
        """Whether it may still come."""
        return self.state in (IssueState.EXPECTED, IssueState.LATE, IssueState.CLAIMED)

    @property
    def name(self) -> str:
        """The issue in words: `v.41:no.11 (2026:Nov.)`."""
        return f"{self.enumeration} ({self.chronology})" if self.enumeration else self.chronology
