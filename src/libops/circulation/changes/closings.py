"""What announcing a closing changes: the days that stand beside those of the settings."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from libops.base.events import Change, Changes, Put, Records
from libops.circulation.events.closings import ClosingAnnounced, ClosingUndone
from libops.circulation.model.closings import AnnouncedClosing

__all__ = ["CLOSING_CHANGES"]


def announced(event: ClosingAnnounced, records: Records) -> Iterable[Change]:
    yield Put(AnnouncedClosing(event.key, event.library, event.first, event.last, event.why, event.at))


def undone(event: ClosingUndone, records: Records) -> Iterable[Change]:
    known = records.get(AnnouncedClosing, event.key)
    if known is not None:
        yield Put(evolve(known, undone_at=event.at))


CLOSING_CHANGES: Changes = {ClosingAnnounced: announced, ClosingUndone: undone}
