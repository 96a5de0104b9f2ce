"""What every telling is made of: the settings it follows, and what comes of it."""

from __future__ import annotations

from attrs import frozen

from libops.circulation.policy.book import CirculationBook
from libops.desk.notices.book import NoticeBook
from libops.notices.model import Trigger
from libops.notices.planner import Telling
from libops.notices.policy import NoticePolicy

__all__ = ["Tale", "TellingTerms"]


@frozen
class Tale:
    """What a patron may be told of, and the policy that says whether, when and how."""

    telling: Telling
    policy: NoticePolicy

    @property
    def trigger(self) -> Trigger:
        """What it is about."""
        return self.telling.occasion.trigger


@frozen(eq=False)
class TellingTerms:
    """The settings that say who is told of what."""

    book: CirculationBook
    notices: NoticeBook
