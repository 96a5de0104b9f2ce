"""The settings that every desk needs, whatever else the library does: the part of the file that is always read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from libops.base.barcodes.profiles import BarcodeProfile
from libops.base.calendars import Calendar
from libops.base.ids import LibraryCode
from libops.base.money import minor_digits
from libops.circulation.policy.holds import HoldPolicy, HoldSettings, RecallPolicy
from libops.circulation.policy.limits import LimitPolicy
from libops.circulation.policy.privacy import PrivacyPolicy
from libops.circulation.policy.returns import ReturnSettings
from libops.circulation.policy.rules import (
    AgeRange,
    CircRule,
    ColumnWeights,
    ControlLibraries,
    Criterion,
    FixedWeights,
    LibraryPair,
    Precedence,
    PriorityLine,
    Tree,
    Trees,
)
from libops.circulation.policy.terms import LoanPolicy
from libops.classification.policy import DEFAULT_POLICY, FilingPolicy
from libops.desk.settings.organization import ItemType, Library, PatronCategory
from libops.fees.policy import AccountPolicy, FinePolicy, LostPolicy, Reminder, SuspensionPolicy
from libops.wire.plain import register_text, register_variants

__all__ = ["LendingSettings"]

register_text(Criterion, read=Criterion.parse, write=Criterion.written)
register_text(AgeRange, read=AgeRange.parse, write=AgeRange.written)
register_variants(
    Precedence,
    tag="strategy",
    kinds={
        "fixed-weights": FixedWeights,
        "column-weights": ColumnWeights,
        "priority-line": PriorityLine,
        "library-pair": LibraryPair,
    },
)


@frozen(kw_only=True)
class LendingSettings:
    """Libraries, calendars, patrons, item types, the rules of loans, holds and fees."""

    currency: str
    name: str = ""
    libraries: Mapping[LibraryCode, Library]
    calendars: Mapping[str, Calendar]
    patron_categories: Mapping[str, PatronCategory]
    item_types: Mapping[str, ItemType]
    loan_policies: Mapping[str, LoanPolicy] = field(factory=dict)
    limit_policies: Mapping[str, LimitPolicy] = field(factory=dict)
    fine_policies: Mapping[str, FinePolicy] = field(factory=dict)
    lost_policies: Mapping[str, LostPolicy] = field(factory=dict)
    suspension_policies: Mapping[str, SuspensionPolicy] = field(factory=dict)
    reminder_policies: Mapping[str, tuple[Reminder, ...]] = field(factory=dict)
    """Schedules of reminders, each counted from the one before it."""
    channels: Mapping[str, str] = field(factory=dict)
    """Which channel carries which kind of message: `email = "smtp"`."""
    channel_options: Mapping[str, Mapping[str, Any]] = field(factory=dict)
    """What each channel needs to know, by the channel's name."""
    privacy: PrivacyPolicy = field(factory=PrivacyPolicy)
    hold_policies: Mapping[str, HoldPolicy] = field(factory=dict)
    recall_policies: Mapping[str, RecallPolicy] = field(factory=dict)
    holds: HoldSettings = field(factory=HoldSettings)
    """The order of the queue, groups of libraries, and who is near whom."""
    returns: ReturnSettings = field(factory=ReturnSettings)
    """Where items go that come back elsewhere."""
    accounts: AccountPolicy = field(factory=AccountPolicy)
    barcodes: BarcodeProfile = field(factory=BarcodeProfile)
    """How the library's barcodes are told apart; by default any text may be a card or a label."""
    devices: Mapping[str, Mapping[str, Any]] = field(factory=dict)
    """Scanners, printers and gates by name: `driver`, and what the driver needs to know."""
    filing: FilingPolicy = DEFAULT_POLICY
    """How call numbers file; after a change, `ops.items.refile` makes the keys of the items anew."""
    precedence: Precedence = field(factory=FixedWeights)
    control: ControlLibraries = field(factory=ControlLibraries)
    rules: tuple[CircRule, ...] = ()
    rules_text: str = ""
    """The rules in FOLIO's language, with their priority and fallback, in place of `rules`, `precedence` and
    `fallback`; the canonical form has them written out."""
    fallback: CircRule | None = None

    def __attrs_post_init__(self) -> None:
        minor_digits(self.currency)

    @property
    def alone(self) -> bool:
        """Whether no table of another room was written down."""
        return type(self) is LendingSettings

    @property
    def trees(self) -> Trees:
        """The trees that rules are matched in."""
        return Trees(
            libraries=Tree({code: library.parent for code, library in self.libraries.items()}),
            categories=Tree({code: category.parent for code, category in self.patron_categories.items()}),
            item_types=Tree({code: kind.parent for code, kind in self.item_types.items()}),
        )
