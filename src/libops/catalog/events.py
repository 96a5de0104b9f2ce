"""What happens in the catalog. Every event carries the whole record, so that the log alone rebuilds it."""

from __future__ import annotations

from attrs import frozen

from libops.base.events import Event
from libops.base.ids import BibId
from libops.catalog.authorities.change import HeadingChange
from libops.catalog.authorities.model import Authority
from libops.catalog.model import BibRecord, Holdings
from libops.catalog.questions import MatchQuestion

__all__ = [
    "AuthorityAdded",
    "AuthorityChanged",
    "AuthorityDeleted",
    "BibAdded",
    "BibChanged",
    "BibDeleted",
    "BibRestored",
    "BibReverted",
    "BibSuppressed",
    "BibUnsuppressed",
    "HeadingChangeMoved",
    "HeadingChangeOpened",
    "HoldingsAdded",
    "HoldingsChanged",
    "HoldingsDeleted",
    "MatchAnswered",
    "MatchAsked",
]


@frozen
class BibAdded(Event):
    """A bibliographic record joined the catalog; `source` is the file, target or editor it came from."""

    bib: BibRecord
    source: str = ""


@frozen
class BibChanged(Event):
    """A bibliographic record was edited or overlaid; `previous` is kept under `version_id` so that it can be undone."""

    bib: BibRecord
    previous: BibRecord
    version_id: str
    source: str = ""
    reason: str = ""


@frozen
class BibReverted(Event):
    """An earlier version came back; what it replaced is itself kept under `version_id`."""

    bib: BibRecord
    previous: BibRecord
    version_id: str
    restored_version: str


@frozen
class BibSuppressed(Event):
    """The record was hidden from the public; `bib` is the record as it now is."""

    bib: BibRecord


@frozen
class BibUnsuppressed(Event):
    """The record was shown to the public again; `bib` is the record as it now is."""

    bib: BibRecord


@frozen
class BibDeleted(Event):
    """The record was deleted; it stays as a trace (`bib.deleted`) and can be restored."""

    bib: BibRecord


@frozen
class BibRestored(Event):
    """A deleted record came back."""

    bib: BibRecord


@frozen
class HoldingsAdded(Event):
    """A library said what it holds of a title."""

    holdings: Holdings


@frozen
class HoldingsChanged(Event):
    """Holdings were edited."""

    holdings: Holdings


@frozen
class HoldingsDeleted(Event):
    """A library no longer holds the title."""

    holdings: Holdings


@frozen
class MatchAsked(Event):
    """A record arrived that may be one the catalog has; it waits for a person."""

    question: MatchQuestion


@frozen
class MatchAnswered(Event):
    """A person said what it is; `question` carries the answer. What follows for the record is an event of its own."""

    question: MatchQuestion


@frozen
class AuthorityAdded(Event):
    """An authority record joined the file; `source` is the file or editor it came from."""

    authority: Authority
    source: str = ""


@frozen
class AuthorityChanged(Event):
    """An authority record was edited; `affected` are bibliographic records whose headings it names.

    Their headings are changed one by one, each with an event of its own; `affected_more` counts those beyond the list.
    """

    authority: Authority
    previous: Authority
    affected: tuple[BibId, ...] = ()
    affected_more: int = 0


@frozen
class AuthorityDeleted(Event):
    """An authority record was removed."""

    authority: Authority


@frozen
class HeadingChangeOpened(Event):
    """The titles shall follow a change of the authority file, or a cataloger shall say whether they do."""

    change: HeadingChange


@frozen
class HeadingChangeMoved(Event):
    """The titles began to follow, have followed, go back, are back, or stay as they are."""

    change: HeadingChange
