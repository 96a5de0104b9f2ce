"""Matching, overlay and merge: is this record in the catalog already, and what becomes of the two.

`compare` weighs the evidence in its order and answers same, different, or ask a person; `identify` says which record of
a catalog one that arrives is, and `arrival` what an import does then; `overlay` puts a better record in place and keeps
the library's own fields; `merge_fields` joins two descriptions of one edition; `duplicates` lists what a catalog has
twice. All of them only say what would be: events store it, and keep the version before.
"""

from libops.catalog.matching.arrivals import Arrival, ArrivalOutcome, arrival, laid_over, question
from libops.catalog.matching.duplicates import DuplicatePair, duplicates, match_lookups
from libops.catalog.matching.evidence import Answer, Comparison, Evidence, MatchOptions, compare, likeness
from libops.catalog.matching.keys import FINGERPRINT, TITLE_YEAR_AUTHOR, MatchKey, match_key
from libops.catalog.matching.overlay import (
    LOCAL_FIELDS,
    FieldSpec,
    Overlay,
    OverlayPolicy,
    field_spec,
    merge_fields,
    overlay,
)
from libops.catalog.matching.verdicts import Candidate, Verdict, filed, identify, lookups_of
from libops.catalog.questions import OnDoubt, OnMatch

__all__ = [
    "FINGERPRINT",
    "LOCAL_FIELDS",
    "TITLE_YEAR_AUTHOR",
    "Answer",
    "Arrival",
    "ArrivalOutcome",
    "Candidate",
    "Comparison",
    "DuplicatePair",
    "Evidence",
    "FieldSpec",
    "MatchKey",
    "MatchOptions",
    "OnDoubt",
    "OnMatch",
    "Overlay",
    "OverlayPolicy",
    "Verdict",
    "arrival",
    "compare",
    "duplicates",
    "field_spec",
    "filed",
    "identify",
    "laid_over",
    "likeness",
    "lookups_of",
    "match_key",
    "match_lookups",
    "merge_fields",
    "overlay",
    "question",
]
