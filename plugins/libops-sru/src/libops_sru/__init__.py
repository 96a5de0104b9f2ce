"""Copy cataloging through SRU (Search/Retrieve via URL, versions 1.1, 1.2 and 2.0): other catalogs' MARC records.

`SruClient` asks a target and gives pages of records that went through the same careful reader as a file would; what a
target says it cannot do is an `SruError` with its diagnostic, and a single record it cannot deliver is a
`SruRecord` with its diagnostic and no MARC. `known_item` writes the query for a book in hand.

>>> known_item(isbn="0-13-110362-8", title='The "C" language')
'bath.isbn="9780131103627" or (dc.title="The \\\\"C\\\\" language")'
"""

from __future__ import annotations

from collections.abc import Iterable

from libops.hooks import Format, hookimpl
from libops_sru.client import SruClient, SruVersion
from libops_sru.query import clause, known_item
from libops_sru.response import Diagnostic, SruError, SruPage, SruRecord

__all__ = [
    "Diagnostic",
    "SruClient",
    "SruError",
    "SruPage",
    "SruRecord",
    "SruVersion",
    "clause",
    "known_item",
    "libops_formats",
]


@hookimpl
def libops_formats() -> Iterable[Format]:
    return [Format("target", "sru", SruClient)]
