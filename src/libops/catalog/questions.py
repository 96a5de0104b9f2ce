"""Questions that matching leaves to a person: is this record that arrived one that the catalog has?

A record in doubt is not in the catalog. It waits here, whole, with the records it may be and what agrees, until a
cataloger says that it is one of them, that it is new, or that it is to be left out. The answer is kept: the same record
in a later file is not asked about again.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.base.ids import BibId, LibraryCode
from libops.catalog.model import BibRecord

__all__ = ["MatchAnswer", "MatchCandidate", "MatchQuestion", "OnDoubt", "OnMatch"]


class OnMatch(Enum):
    """What an import does with a record that the catalog has already, with other content."""

    OVERLAY = "overlay"
    """It takes the place of the one in the catalog; the library's own fields stay, and so does the earlier version."""
    SKIP = "skip"
    """The record in the catalog stays as it is; only new items join it."""
    ADD = "add"
    """It is added beside the one in the catalog."""


class OnDoubt(Enum):
    """What an import does with a record that may be one of the catalog's, where the evidence does not suffice."""

    ASK = "ask"
    """It waits, with its items, until a person has answered."""
    ADD = "add"
    """It is added; the report names the records it may be, and so does the list of duplicates."""


class MatchAnswer(Enum):
    """What a person said about a record in doubt."""

    OPEN = "open"
    """Nothing yet."""
    SAME = "same"
    NEW = "new"
    LEFT_OUT = "left_out"
    """Neither: it is not wanted."""


@frozen
class MatchCandidate:
    """A record of the catalog that the one in doubt may be: what agrees, what speaks against, and how alike, to 100."""

    bib_id: BibId
    title: str
    evidence: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    title_likeness: int = 0


def _has_content(record: object, attribute: object, value: str) -> None:
    if not value:
        raise InvalidValue("a match question is named by the content hash of its record; this one has none")


@frozen
class MatchQuestion:
    """A record in doubt, as it would join the catalog (`bib`), and the candidates, the likeliest first.

    `id` is the content hash of the record that arrived, so that the same record asks once. `mapping`, `item_type`,
    `library` and `on_match` are those of the import, for when it is answered.
    """

    id: str = field(validator=_has_content)
    bib: BibRecord
    candidates: tuple[MatchCandidate, ...]
    asked_at: datetime
    source: str = ""
    record_no: int = 0
    mapping: str = ""
    item_type: str = ""
    library: LibraryCode | None = None
    on_match: OnMatch = OnMatch.OVERLAY
    answer: MatchAnswer = MatchAnswer.OPEN
    same_as: BibId | None = None
    answered_at: datetime | None = None
    answered_by: str = ""
