"""Cutting a stream where records begin, for formats whose beginnings can be seen in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from libops.catalog.marc.outcomes import Progress

__all__ = ["LONGEST_SEARCH", "READ_SIZE", "pieces"]

READ_SIZE: Final = 1 << 16
LONGEST_SEARCH: Final = 1 << 22
"""Bytes without a beginning that are held at most; more are given out in parts, so that memory stays flat."""
LONGEST_MARK: Final = 64


def pieces(
    source: BinaryIO, start: re.Pattern[bytes], *, progress: Progress | None = None
) -> Iterator[tuple[int, bytes]]:
    """The stream as (offset, bytes), cut before every match of `start`; the pieces add up to the whole."""
    buffer, offset, searched = b"", 0, 1
    while True:
        more = source.read(READ_SIZE)
        buffer += more
        # A mark at the very end may go on in what is not read yet.
        limit = len(buffer) - LONGEST_MARK if more else len(buffer)
        cut = 0
        while found := start.search(buffer, max(searched, cut + 1), limit):
            yield offset + cut, buffer[cut : found.start()]
            cut = found.start()
        buffer, offset = buffer[cut:], offset + cut
        if not more:
            break
        searched = max(1, len(buffer) - 2 * LONGEST_MARK)
        if len(buffer) > LONGEST_SEARCH:
            yield offset, buffer[:searched]
            offset, buffer, searched = offset + searched, buffer[searched:], 1
        if progress is not None:
            progress(offset)
    if buffer:
        yield offset, buffer
    if progress is not None:
        progress(offset + len(buffer))
