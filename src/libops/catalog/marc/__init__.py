"""MARC 21 in and out: the only part of libops that knows pymarc.

`read` takes a binary stream and yields one outcome for every stretch of it: `Ok`, `Rescued`, `Rejected` or `Gap`.
`to_bib` makes the bibliographic record the catalog keeps, `marc_of` reads its MARC again.
"""

from libops.catalog.marc.bib import content_hash, marc_of, material_type, sort_title, strip_isbd, to_bib
from libops.catalog.marc.iso2709 import read_iso2709
from libops.catalog.marc.json_reader import read_marc_json
from libops.catalog.marc.maker import mrk_text, read_mrk
from libops.catalog.marc.outcomes import Gap, Note, Ok, Outcome, Progress, Rejected, Rescued
from libops.catalog.marc.reader import RecordFormat, read, record_format
from libops.catalog.marc.record import (
    BLANK_LEADER,
    MarcField,
    MarcRecord,
    control_field,
    data_field,
    parse_text,
    record_text,
)
from libops.catalog.marc.tally import FileAccount, rejects, tally
from libops.catalog.marc.write import iso2709_bytes, marcxml_text, stamped, write_json_lines, write_marcxml
from libops.catalog.marc.xml_reader import read_marcxml

__all__ = [
    "BLANK_LEADER",
    "Gap",
    "FileAccount",
    "MarcField",
    "MarcRecord",
    "Note",
    "Ok",
    "Outcome",
    "Progress",
    "RecordFormat",
    "Rejected",
    "Rescued",
    "content_hash",
    "control_field",
    "data_field",
    "iso2709_bytes",
    "marc_of",
    "marcxml_text",
    "material_type",
    "mrk_text",
    "parse_text",
    "read",
    "read_iso2709",
    "read_marc_json",
    "read_marcxml",
    "read_mrk",
    "record_format",
    "record_text",
    "rejects",
    "sort_title",
    "stamped",
    "strip_isbd",
    "tally",
    "to_bib",
    "write_json_lines",
    "write_marcxml",
]
