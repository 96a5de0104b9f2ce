"""Checks of single fields: tags, indicators, subfields, repetition, standard numbers, nonfiling characters."""

from __future__ import annotations

from collections.abc import Iterator

from libops.base.barcodes import isbn, issn
from libops.catalog import numbers
from libops.catalog.marc import MarcField, MarcRecord
from libops.catalog.validation.findings import Finding, Severity
from libops.catalog.validation.standard import FieldRule, field_rules

__all__ = ["check_fields", "is_local"]

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


def is_local(tag: str) -> bool:
    """Whether the standard leaves the tag to the library: 9XX, X9X and XX9, but for 490.

    >>> is_local("952"), is_local("490"), is_local("590"), is_local("245")
    (True, False, True, False)
    """
    return "9" in tag and tag != "490"


def check_fields(record: MarcRecord) -> Iterator[Finding]:
    """All findings about the fields, in their order."""
    rules = field_rules()
    seen: set[str] = set()
    for place, found in enumerate(record.fields):
        tag = found.tag
        rule = rules.get(tag)
        if rule is None:
            if not is_local(tag):
                yield Finding("field.unknown", WARNING, tag, place, right="a tag of MARC 21, or a local 9XX")
        else:
            if tag in seen and not rule.repeatable:
                yield Finding("field.repeated", ERROR, tag, place, right=f"one {rule.name}")
            yield from _check_one(found, rule, place)
        seen.add(tag)
        yield from _check_texts(found, place)
        if tag in NUMBERED:
            yield from NUMBERED[tag](found, place)
    entries = [place for place, found in enumerate(record.fields) if found.tag in ("100", "110", "111", "130")]
    for place in entries[1:]:
        yield Finding("main_entry.repeated", ERROR, record.fields[place].tag, place, right="one field 1XX")


def _check_one(found: MarcField, rule: FieldRule, place: int) -> Iterator[Finding]:
    if found.is_control != (found.tag < "010"):
        yield Finding("field.wrong_form", ERROR, found.tag, place, right="00X have a value, all others subfields")
        return
    if found.is_control:
        return
    for which in (0, 1):
        allowed = rule.indicators[which]
        value = found.indicators[which : which + 1]
        if allowed and value not in allowed:
            right = "one of " + " ".join(allowed.replace(" ", "#"))
            yield Finding(f"indicator.bad_{which + 1}", ERROR, found.tag, place, offset=which, found=value, right=right)
    if rule.subfields is None:
        return
    counted: set[str] = set()
    for offset, (code, text) in enumerate(found.subfields):
        if code not in rule.subfields:
            # Control subfields of local use ($9 and capitals) are left alone.
            if code != "9":
                yield Finding("subfield.unknown", WARNING, found.tag, place, code, offset, text)
        elif code in counted and not rule.subfields[code]:
            yield Finding("subfield.repeated", ERROR, found.tag, place, code, offset, text, "may stand once")
        counted.add(code)


def _check_texts(found: MarcField, place: int) -> Iterator[Finding]:
    if not found.is_control and not found.subfields:
        yield Finding("field.empty", ERROR, found.tag, place)
    for offset, (code, text) in enumerate(found.subfields):
        if not text.strip():
            yield Finding("subfield.empty", WARNING, found.tag, place, code, offset)
        if "\ufffd" in text:
            yield Finding("text.unreadable", WARNING, found.tag, place, code, text.index("\ufffd"), text)


def _check_isbn(found: MarcField, place: int) -> Iterator[Finding]:
    for offset, (code, text) in enumerate(found.subfields):
        if code != "a" or not text.strip():
            continue
        if not numbers.isbn_13(text):
            yield Finding("isbn.invalid", ERROR, "020", place, "a", offset, text, "an invalid ISBN belongs in $z")
        elif not isbn.is_valid(text):
            yield Finding("isbn.qualified", NOTE, "020", place, "a", offset, text, "the qualifier belongs in $q")


def _check_issn(found: MarcField, place: int) -> Iterator[Finding]:
    for offset, (code, text) in enumerate(found.subfields):
        if code == "a" and text.strip() and not issn.is_valid(text):
            yield Finding("issn.invalid", ERROR, "022", place, "a", offset, text, "an incorrect ISSN belongs in $y")


def _check_title(found: MarcField, place: int) -> Iterator[Finding]:
    title = found.get("a")
    skip = int(found.ind2) if found.ind2.isdigit() else 0
    if not (title or found.get("k")):
        yield Finding("title.missing", ERROR, "245", place, "a", right="a title in $a, or the form in $k")
    elif skip and title and (skip >= len(title) or (title[skip - 1] not in " '’\"([-")):
        right = "the number of characters before the first word that files, its blank included"
        yield Finding("title.nonfiling", WARNING, "245", place, "a", 1, found.ind2, right)


NUMBERED = {"020": _check_isbn, "022": _check_issn, "245": _check_title}
