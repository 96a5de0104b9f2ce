"""How long the library remembers who borrowed what, once it has come back.

>>> HistoryTerms(keep=Keep.DAYS, days=30).days
30
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.patrons.model import HistoryConsent

__all__ = ["CROWD", "HistoryTerms", "Keep", "PrivacyPolicy", "company_wanted", "forgotten_at"]


CROWD = 8
"""So many loans, or holds, are forgotten in one commit at least, together with some that were before."""


class Keep(Enum):
    """What is kept of who had a loan after the item has come back."""

    NEVER = "never"
    """Forgotten in the moment of the return."""
    UNTIL_RETURN = "until-return"
    """Forgotten by the next nightly run."""
    DAYS = "days"
    """Forgotten so many days after the return."""
    WITH_CONSENT = "with-consent"
    """Forgotten by the next nightly run, unless the patron wants a history."""
    ALWAYS = "always"
    """Kept, unless the patron wants it forgotten."""


@frozen(kw_only=True)
class HistoryTerms:
    """How long history is kept. Raises `InvalidValue` where days are missing or make no sense."""

    keep: Keep = Keep.ALWAYS
    days: int | None = None

    def __attrs_post_init__(self) -> None:
        if (self.keep is Keep.DAYS) != (self.days is not None):
            raise InvalidValue(f"history kept {self.keep.value!r} with days {self.days!r}: give days with 'days' alone")
        if self.days is not None and self.days < 0:
            raise InvalidValue(f"{self.days} days: give 0 or more")


@frozen(kw_only=True)
class PrivacyPolicy:
    """The library's rules on loan history; a patron's own wish (`Patron.history`) goes before them.

    A loan with an open fee is kept as long as the fee is open: nobody could argue about it otherwise.
    """

    history: HistoryTerms = field(factory=HistoryTerms)
    with_fees: HistoryTerms | None = None
    """For loans that had a fee, counted from its last entry; absent: as for all."""

    @property
    def forgets_at_once(self) -> bool:
        """Whether returns are forgotten in the moment they are made."""
        return self.history.keep is Keep.NEVER


def forgotten_at(
    policy: PrivacyPolicy, consent: HistoryConsent, *, returned: datetime, last_fee: datetime | None = None
) -> datetime | None:
    """From when on nothing may lead from a loan to its patron; None: it is kept.

    `last_fee` is the last entry of a fee of this loan, None if there was none; all its fees must be settled.

    >>> from datetime import UTC
    >>> month = PrivacyPolicy(history=HistoryTerms(keep=Keep.DAYS, days=30))
    >>> back = datetime(2026, 3, 3, tzinfo=UTC)
    >>> print(forgotten_at(month, HistoryConsent.LIBRARY_RULE, returned=back))
    2026-04-02 00:00:00+00:00
    >>> print(forgotten_at(month, HistoryConsent.KEEP, returned=back))
    None
    """
    terms = policy.history if last_fee is None or policy.with_fees is None else policy.with_fees
    start = returned if last_fee is None else max(returned, last_fee)
    if terms.keep is Keep.NEVER or consent is HistoryConsent.FORGET:
        return start
    if terms.keep is Keep.ALWAYS or consent is HistoryConsent.KEEP:
        return None
    return start + timedelta(terms.days or 0)


def company_wanted(alone: int) -> int:
    """How many that were forgotten before are told anew beside so many, so that they are a crowd.

    >>> company_wanted(1), company_wanted(CROWD), company_wanted(0)
    (7, 0, 0)
    """
    return max(0, CROWD - alone) if alone else 0
