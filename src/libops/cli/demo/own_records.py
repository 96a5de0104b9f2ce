"""Records that the small town made itself, for what no catalog from outside has: written as MARC-in-JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from libops.catalog.model import BibRecord
from libops.desk.operations import Operations

__all__ = ["made_here"]

Field = tuple[str, Sequence[tuple[str, str]]]


def made_here(ops: Operations, number: str, leader: str, described: Sequence[Field]) -> BibRecord:
    """Bring in one record, through the ordinary importer; `leader` is its positions 05 to 07, such as `nam`."""
    fields: list[Any] = [{"001": number}, {"003": "XxDemo"}]
    for tag, subfields in described:
        fields.append({tag: {"ind1": " ", "ind2": " ", "subfields": [{code: text} for code, text in subfields]}})
    record = {"leader": f"00000{leader} a2200000 a 4500", "fields": fields}
    ops.catalog.import_marc(BytesIO(json.dumps(record).encode()))
    (bib,) = [one for one in ops.catalog.all() if one.control_number == number]
    return bib
