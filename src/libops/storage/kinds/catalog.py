"""Bibliographic records, the numbers that find them, their earlier versions, holdings."""

from libops.catalog.authorities.change import HeadingChange
from libops.catalog.authorities.model import Authority, AuthorityForm
from libops.catalog.authorities.uses import HeadingUse
from libops.catalog.model import BibIdentifier, BibRecord, BibVersion, Holdings
from libops.catalog.questions import MatchQuestion
from libops.catalog.search.text import BibText
from libops.storage.records import Index, RecordType

__all__ = [
    "AUTHORITIES",
    "AUTHORITY_FORMS",
    "BIBS",
    "BIB_IDENTIFIERS",
    "BIB_TEXTS",
    "BIB_VERSIONS",
    "HEADING_CHANGES",
    "HEADING_USES",
    "HOLDINGS",
    "KINDS",
    "MATCH_QUESTIONS",
]

BIBS = RecordType("bib", BibRecord, "id", (Index("by_title", ("sort_title",)), Index("by_author", ("author",))))
BIB_IDENTIFIERS = RecordType(
    "bib_identifier", BibIdentifier, "key", (Index("by_lookup", ("lookup",)), Index("by_bib", ("bib_id",)))
)
BIB_VERSIONS = RecordType(
    "bib_version",
    BibVersion,
    "id",
    (Index("by_bib", ("bib_id", "replaced_at")), Index("by_source", ("source", "bib_id"))),
    history=True,
)
BIB_TEXTS = RecordType(
    "bib_text",
    BibText,
    "bib_id",
    (Index("by_exact_title", ("exact_title",)),),
    full_text=("title", "contributor", "subject", "other"),
    facets=("language", "material_type", "year", "visible"),
)
HOLDINGS = RecordType("holdings", Holdings, "id", (Index("by_bib", ("bib_id", "library")),))
AUTHORITIES = RecordType(
    "authority", Authority, "id", (Index("by_heading", ("heading",)), Index("by_number", ("number",)))
)
AUTHORITY_FORMS = RecordType(
    "authority_form", AuthorityForm, "key", (Index("by_lookup", ("lookup",)), Index("by_authority", ("authority_id",)))
)

HEADING_CHANGES = RecordType("heading_change", HeadingChange, "id", (Index("by_state", ("state", "made_at")),))

# Found by the beginning of the key. Titles of an older store come into it late, so it is not held to the log.
HEADING_USES = RecordType("heading_use", HeadingUse, "key", logged=False)

MATCH_QUESTIONS = RecordType("match_question", MatchQuestion, "id", (Index("by_answer", ("answer", "asked_at")),))

KINDS = (
    AUTHORITIES,
    AUTHORITY_FORMS,
    BIBS,
    BIB_IDENTIFIERS,
    BIB_VERSIONS,
    HOLDINGS,
    BIB_TEXTS,
    MATCH_QUESTIONS,
    HEADING_CHANGES,
    HEADING_USES,
)
