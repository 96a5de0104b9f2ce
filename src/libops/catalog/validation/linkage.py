"""880 and its partners: a text in another script is linked to its field through $6, and the field to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from libops.catalog.marc import MarcField, MarcRecord
from libops.catalog.validation.findings import Finding, Severity

__all__ = ["check_linkage", "linked_880"]

LINK: Final = re.compile(r"(\d{3})-(\d{2})(?:/.*)?")


def _link(found: MarcField) -> tuple[str, str] | None:
    match = LINK.match(found.get("6"))
    return (match[1], match[2]) if match else None


def linked_880(record: MarcRecord, found: MarcField) -> MarcField | None:
    """The same field in its original script, or None."""
    link = _link(found)
    if link is None or link[1] == "00":
        return None
    return next((other for other in record.all("880") if _link(other) == (found.tag, link[1])), None)


def check_linkage(record: MarcRecord) -> Iterator[Finding]:
    """A $6 that cannot be read, a link to nothing, and two 880 with one number."""
    partners = {(found.tag, link[1]) for found in record.fields if found.tag != "880" and (link := _link(found))}
    originals: set[tuple[str, str]] = set()
    for place, found in enumerate(record.fields):
        if found.is_control:
            continue
        text, link = found.get("6"), _link(found)
        if found.tag == "880":
            if link is None:
                yield Finding("linkage.bad", Severity.ERROR, "880", place, "6", found=text, right="such as 245-01")
            elif link[1] != "00":
                if link not in partners:
                    yield Finding("linkage.broken", Severity.ERROR, "880", place, "6", found=text, right="no partner")
                if link in originals:
                    yield Finding("linkage.repeated", Severity.ERROR, "880", place, "6", found=text)
                originals.add(link)
        elif text and (link is None or link[0] != "880"):
            yield Finding("linkage.bad", Severity.ERROR, found.tag, place, "6", found=text, right="such as 880-01")
    for place, found in enumerate(record.fields):
        link = None if found.is_control or found.tag == "880" else _link(found)
        if link and link[0] == "880" and link[1] != "00" and (found.tag, link[1]) not in originals:
            yield Finding("linkage.broken", Severity.ERROR, found.tag, place, "6", found=found.get("6"), right="no 880")
