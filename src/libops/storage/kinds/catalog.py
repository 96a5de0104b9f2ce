"""Bibliographic records, the numbers that find them, their earlier versions, holdings."""

from typing import Any

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

BIBS: RecordType[Any] = RecordType(
    "bib", "libops.catalog.model:BibRecord", "id", (Index("by_title", ("sort_title",)), Index("by_author", ("author",)))
)
BIB_IDENTIFIERS: RecordType[Any] = RecordType(
    "bib_identifier",
    "libops.catalog.model:BibIdentifier",
    "key",
    (Index("by_lookup", ("lookup",)), Index("by_bib", ("bib_id",))),
)
BIB_VERSIONS: RecordType[Any] = RecordType(
    "bib_version",
    "libops.catalog.model:BibVersion",
    "id",
    (Index("by_bib", ("bib_id", "replaced_at")), Index("by_source", ("source", "bib_id"))),
    history=True,
)
BIB_TEXTS: RecordType[Any] = RecordType(
    "bib_text",
    "libops.catalog.search.text:BibText",
    "bib_id",
    (Index("by_exact_title", ("exact_title",)),),
    full_text=("title", "contributor", "subject", "other"),
    facets=("language", "material_type", "year", "visible"),
)
HOLDINGS: RecordType[Any] = RecordType(
    "holdings", "libops.catalog.model:Holdings", "id", (Index("by_bib", ("bib_id", "library")),)
)
AUTHORITIES: RecordType[Any] = RecordType(
    "authority",
    "libops.catalog.authorities.model:Authority",
    "id",
    (Index("by_heading", ("heading",)), Index("by_number", ("number",))),
)
AUTHORITY_FORMS: RecordType[Any] = RecordType(
    "authority_form",
    "libops.catalog.authorities.model:AuthorityForm",
    "key",
    (Index("by_lookup", ("lookup",)), Index("by_authority", ("authority_id",))),
)

HEADING_CHANGES: RecordType[Any] = RecordType(
    "heading_change",
    "libops.catalog.authorities.change:HeadingChange",
    "id",
    (Index("by_state", ("state", "made_at")),),
)

# Found by the beginning of the key. Titles of an older store come into it late, so it is not held to the log.
HEADING_USES: RecordType[Any] = RecordType(
    "heading_use", "libops.catalog.authorities.uses:HeadingUse", "key", logged=False
)

MATCH_QUESTIONS: RecordType[Any] = RecordType(
    "match_question", "libops.catalog.questions:MatchQuestion", "id", (Index("by_answer", ("answer", "asked_at")),)
)

KINDS: tuple[RecordType[Any], ...] = (
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
