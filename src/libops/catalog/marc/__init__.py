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
from libops.catalog.marc.write import iso2709_bytes, marcxml_text, stamped, write_json_lines, write_marcxml

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
    "iso2709_bytes",
    "marcxml_text",
    "material_type",
    "parse_text",
    "read_iso2709",
    "record_text",
    "sort_title",
    "stamped",
    "strip_isbd",
    "to_bib",
    "write_json_lines",
    "write_marcxml",
]
