"""Weeding: what is known of an item that may have to go, its case from proposal to disposal, the log of decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum

from attrs import field, frozen

from libops.base.bounds import at_least_zero
from libops.base.ids import BibId, ItemId
from libops.base.texts import an_identifier
from libops.inventory.model.shelf import ShelfItem

__all__ = [
    "WEEDING_TRANSITIONS",
    "Condition",
    "Disposal",
    "FollowUp",
    "Mustie",
    "Protection",
    "WeedingAct",
    "WeedingCandidate",
    "WeedingCase",
    "WeedingFactor",
    "WeedingItem",
    "WeedingLogEntry",
    "WeedingReason",
    "WeedingState",
    "WithdrawalStep",
]


class Condition(Enum):
    """The state an item is in, from best to worst."""

    GOOD = "good"
    WORN = "worn"
    DAMAGED = "damaged"
    UNUSABLE = "unusable"
    """Moldy, brittle, pieces lost: not to be lent again."""

    @property
    def rank(self) -> int:
        """0 for the best."""
        return list(Condition).index(self)


class Mustie(Enum):
    """What somebody saw wrong with an item, in the six words of CREW."""

    MISLEADING = "misleading"
    UGLY = "ugly"
    SUPERSEDED = "superseded"
    TRIVIAL = "trivial"
    IRRELEVANT = "irrelevant"
    ELSEWHERE = "elsewhere"


class WeedingFactor(Enum):
    """What speaks for weeding an item."""

    AGE = "age"
    DISUSE = "disuse"
    COPIES = "copies"
    CONDITION = "condition"
    MUSTIE = "mustie"


class WithdrawalStep(Enum):
    """What is done with a withdrawn item before it leaves the house."""

    LABEL_REMOVED = "label_removed"
    RECORD_SUPPRESSED = "record_suppressed"
    STAMPED = "stamped"
    """The ownership mark is stamped out: "withdrawn"."""
    SECURITY_TAG_CLEARED = "security_tag_cleared"


class Disposal(Enum):
    """Which way a withdrawn item goes."""

    BOOK_SALE = "book_sale"
    DONATED = "donated"
    OFFERED_TO_LIBRARIES = "offered_to_libraries"
    RETURNED_TO_OWNER = "returned_to_owner"
    RECYCLED = "recycled"
    DESTROYED = "destroyed"


class FollowUp(Enum):
    """What happens to an item that is kept."""

    NOTHING = "nothing"
    MEND = "mend"
    REPLACE = "replace"
    """It stays until a newer edition or a fresh copy has come."""
    MOVE_TO_STORAGE = "move_to_storage"
    PROMOTE = "promote"
    """A display gives it another chance."""


class WeedingState(Enum):
    """Where a case stands."""

    PROPOSED = "proposed"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"
    DISPOSED = "disposed"


class WeedingAct(Enum):
    """What can be done with a case."""

    PROPOSE = "propose"
    KEEP = "keep"
    WITHDRAW = "withdraw"
    STEP = "step"
    REINSTATE = "reinstate"
    DISPOSE = "dispose"


WEEDING_TRANSITIONS: Mapping[WeedingState, Mapping[WeedingAct, WeedingState]] = {
    WeedingState.PROPOSED: {
        WeedingAct.KEEP: WeedingState.KEPT,
        WeedingAct.WITHDRAW: WeedingState.WITHDRAWN,
    },
    WeedingState.KEPT: {WeedingAct.PROPOSE: WeedingState.PROPOSED},
    WeedingState.WITHDRAWN: {
        WeedingAct.STEP: WeedingState.WITHDRAWN,
        WeedingAct.REINSTATE: WeedingState.KEPT,
        WeedingAct.DISPOSE: WeedingState.DISPOSED,
    },
    WeedingState.DISPOSED: {},
}
"""Which act leads from which state to which; only disposal cannot be taken back."""


@frozen(kw_only=True)
class WeedingItem:
    """An item with what weeding asks about. None is "not known", which is neither 0 nor never.

    The numbers of copies count usable copies of the title, this one included, without those withdrawn or proposed
    for weeding. `last_used` None with a known `acquired` date is an item that was never used. `uses` are loans and
    in-house uses in the year (or span) that is looked at. `holds` are patrons waiting for the title.
    """

    item: ShelfItem
    published: int | None = None
    acquired: date | None = None
    last_used: date | None = None
    uses: int = field(default=0, validator=at_least_zero)
    copies_in_library: int | None = field(default=None, validator=at_least_zero)
    copies_in_system: int | None = field(default=None, validator=at_least_zero)
    copies_in_network: int | None = field(default=None, validator=at_least_zero)
    condition: Condition | None = None
    mustie: tuple[Mustie, ...] = ()
    holds: int = field(default=0, validator=at_least_zero)

    @property
    def title_key(self) -> str:
        """What copies of one title share: the bibliographic record, or the item alone where there is none."""
        return self.item.bib_id or self.item.item_id


@frozen
class WeedingReason:
    """One factor that speaks for weeding: what was found, and the limit of the rule."""

    factor: WeedingFactor
    found: str
    limit: str

    def __str__(self) -> str:
        return f"{self.factor.value}: {self.found} ({self.limit})"


@frozen(kw_only=True)
class WeedingCandidate:
    """An item that a rule names for weeding, and what guards it. A person decides."""

    subject: WeedingItem
    rule: str
    reasons: tuple[WeedingReason, ...]
    last_copy: bool = False
    copies_unknown: bool = False
    protected_by: tuple[str, ...] = ()

    @property
    def guarded(self) -> bool:
        """Whether somebody with a right has to lift a guard before it may go."""
        return self.last_copy or bool(self.protected_by)


@frozen(kw_only=True)
class WeedingCase:
    """The case of one item, keyed by the item: why it was proposed, who decided what, what has been done.

    `decisions` counts the entries of its log. `to_reverse` are the steps that have to be taken back after an item was
    reinstated: a new label, a record shown again.
    """

    item_id: ItemId
    title: str
    call_number: str
    bib_id: BibId | None
    state: WeedingState
    rule: str
    reasons: tuple[str, ...]
    proposed_at: datetime
    proposed_by: str
    decided_at: datetime | None = None
    decided_by: str = ""
    follow_up: FollowUp = FollowUp.NOTHING
    review_after: date | None = None
    steps: tuple[WithdrawalStep, ...] = ()
    to_reverse: tuple[WithdrawalStep, ...] = ()
    disposal: Disposal | None = None
    disposed_at: datetime | None = None
    decisions: int = 1


@frozen(kw_only=True)
class WeedingLogEntry:
    """Who did what with an item's case, when and why, and which guards were set aside. Keyed by item and number."""

    item_id: ItemId
    number: int
    act: WeedingAct
    at: datetime
    by: str
    why: str = ""
    waived: tuple[str, ...] = ()
    detail: str = ""

    @property
    def key(self) -> str:
        """`item:number`, the number in four digits so that keys sort by time."""
        return f"{self.item_id}:{self.number:04d}"


@frozen(kw_only=True)
class Protection:
    """An item or title on a list of what is not weeded: local history, a gift with conditions, a last copy agreement.

    `subject` is the item's or the bibliographic record's identifier. Keyed by list and subject.
    """

    list_name: str = field(validator=an_identifier)
    subject: str
    why: str
    since: datetime
    by: str
    until: date | None = None

    @property
    def key(self) -> str:
        """`list:subject`."""
        return f"{self.list_name}:{self.subject}"

    def covers(self, item: ShelfItem, on: date) -> bool:
        """Whether it protects an item on that day, the last one included."""
        return self.subject in (item.item_id, item.bib_id) and (self.until is None or on <= self.until)
