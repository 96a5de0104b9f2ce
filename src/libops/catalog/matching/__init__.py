"""Matching, overlay and merge: is this record in the catalog already, and what becomes of the two.

`compare` weighs the evidence in its order and answers same, different, or ask a person; `overlay` puts a better record
in place and keeps the library's own fields; `merge_fields` joins two descriptions of one edition; `duplicates` lists
what a catalog has twice; `arrival` settles what an import does with a record the catalog knows. All of them only say
what would be: `catalog.change` stores it and keeps the version before.
"""

from libops.catalog.matching.arrivals import Arrival, ArrivalOutcome, OnMatch, arrival, closest
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

__all__ = [
    "FINGERPRINT",
    "LOCAL_FIELDS",
    "TITLE_YEAR_AUTHOR",
    "Answer",
    "Arrival",
    "ArrivalOutcome",
    "Comparison",
    "DuplicatePair",
    "Evidence",
    "FieldSpec",
    "MatchKey",
    "MatchOptions",
    "OnMatch",
    "Overlay",
    "OverlayPolicy",
    "arrival",
    "closest",
    "compare",
    "duplicates",
    "field_spec",
    "likeness",
    "match_key",
    "match_lookups",
    "merge_fields",
    "overlay",
]
