"""MARC 21 in and out: the only part of libops that knows pymarc.

`read` takes a binary stream and yields one outcome for every stretch of it: `Ok`, `Rescued`, `Rejected` or `Gap`.
`to_bib` makes the bibliographic record the catalog keeps, `marc_of` reads its MARC again.
"""

from libops.catalog.marc.bib import content_hash, marc_of, material_type, sort_title, strip_isbd, to_bib
from libops.catalog.marc.iso2709 import read_iso2709
from libops.catalog.marc.outcomes import Gap, Note, Ok, Outcome, Progress, Rejected, Rescued
from libops.catalog.marc.record import (
    BLANK_LEADER,
    MarcField,
    MarcRecord,
    control_field,
    data_field,
    parse_text,
    record_text,
)

__all__ = [
    "BLANK_LEADER",
    "Gap",
    "MarcField",
    "MarcRecord",
    "Note",
    "Ok",
    "Outcome",
    "Progress",
    "Rejected",
    "Rescued",
    "content_hash",
    "control_field",
    "data_field",
    "marc_of",
    "material_type",
    "parse_text",
    "read_iso2709",
    "record_text",
    "sort_title",
    "strip_isbd",
    "to_bib",
]
