"""The calendars that decisions ask: those of the settings, with the closings that the store has been told of since.

A closing may be announced by another process. Asking the store at every checkout would cost a read each time for what
happens a few times a year; so the desk asks at its first act, after a closing of its own, and once a minute.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from libops.base.calendars import Calendar
from libops.base.ids import LibraryCode
from libops.circulation.model import AnnouncedClosing
from libops.circulation.policy.closings import calendars_as_announced, calendars_with
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Storage

__all__ = ["LOOKED_AT_EVERY", "LibraryCalendars"]

LOOKED_AT_EVERY: Final = timedelta(minutes=1)
"""How long a closing that another process announced may be unknown here."""


class LibraryCalendars:
    """Calendars by library: `current` is what the rule book holds, and changes in place."""

    def __init__(self, storage: Storage, stated: Mapping[LibraryCode, Calendar]) -> None:
        self.storage = storage
        self.stated = stated
        self.current: dict[LibraryCode, Calendar] = dict(stated)
        self.as_announced: dict[LibraryCode, Calendar] = {}
        """Those with closings, as they were when fines were charged before anybody knew of the closing."""
        self.closings: tuple[AnnouncedClosing, ...] = ()

    def look_again(self, at: datetime) -> datetime:
        """Read the closings, and lay them over the settings if they are others; returns when to look again."""
        rows = self.storage.read((Find(kind_of(AnnouncedClosing), "by_days"),))[0]
        found = tuple([row.record for row in rows])
        if found != self.closings:
            self.closings = found
            self.current.update(calendars_with(self.stated, found))
            self.as_announced.clear()
            self.as_announced.update(calendars_as_announced(self.stated, found))
        return at + LOOKED_AT_EVERY

    @property
    def mark(self) -> str:
        """Something that differs when other closings count; empty for none."""
        return "".join(f"{closing.key}@{closing.announced_at};" for closing in self.closings if closing.counts())
