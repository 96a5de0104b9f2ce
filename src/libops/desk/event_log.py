"""The log at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, tzinfo

from libops.desk.arguments import checks_arguments
from libops.desk.log_statistics import LogStatistics, log_statistics
from libops.storage.port import Logged, Storage

__all__ = ["EventLog"]


@checks_arguments()
class EventLog:
    """What happened, in the order in which it was committed. Iterate over it for all of it.

    >>> import libops
    >>> ops = libops.open()
    >>> ada = ops.patrons.register(name="Ada Kowalski", category="adult", card="21234000000017").result
    >>> [type(logged.event).__name__ for logged in ops.events]
    ['PatronRegistered']
    >>> [logged.position for logged in ops.events.after(0, stream=f"patron_id:{ada.id}")]
    [1]
    """

    def __init__(self, storage: Storage, zone: tzinfo = UTC) -> None:
        self.storage = storage
        self.zone = zone

    def __iter__(self) -> Iterator[Logged]:
        return self.after(0)

    def statistics(self) -> LogStatistics:
        """What happened how often; reads the whole log."""
        return log_statistics(self, self.zone)

    def after(self, position: int, *, stream: str | None = None, page: int = 500) -> Iterator[Logged]:
        """Events behind a position of the log, of one stream (`loan_id:...`, `patron_id:...`) or of all.

        Positions count from 1, so that 0 begins at the beginning. Whoever keeps the last position seen goes on from
        there.
        """
        while True:
            entries, position = self.storage.events(position, page, stream)
            yield from entries
            if len(entries) < page:
                return
