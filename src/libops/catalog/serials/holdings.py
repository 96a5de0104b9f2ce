"""The publication patterns that a record carries: its 853 to 855, each with the last issue its 863 to 865 tell of."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from libops.base.errors import InvalidValue
from libops.catalog.marc.record import MarcField, MarcRecord
from libops.catalog.serials.pattern import Issue, SerialPattern, issue_from, pattern_from

__all__ = ["SerialRun", "runs_in"]

PARTS = {"853": "863", "854": "864", "855": "865"}
"""Basic issues, supplements, indexes: captions and pattern, and the issues under them."""


@frozen
class SerialRun:
    """One run of issues that a record tells of: the tag of its pattern, its captions, and the last issue, if any.

    `link` is the number that joins pattern and issues ($8).
    """

    tag: str
    link: int
    pattern: SerialPattern
    last: Issue | None = None


def runs_in(record: MarcRecord) -> Iterator[SerialRun]:
    """The runs of a bibliographic or holdings record, those of basic issues first, the latest pattern of each first.

    A pattern that cannot be counted ahead is passed over, and so is an issue that cannot be read.
    """
    for tag, under in PARTS.items():
        patterns = [(_link(found)[0], found) for found in record.fields if found.tag == tag]
        for link, found in sorted(patterns, key=lambda one: -one[0]):
            try:
                pattern = pattern_from(found)
            except InvalidValue:
                continue
            yield SerialRun(tag, link, pattern, _last(record, under, link, pattern))


def _last(record: MarcRecord, tag: str, link: int, pattern: SerialPattern) -> Issue | None:
    told = [(_link(found), found) for found in record.fields if found.tag == tag]
    for _, found in sorted((one for one in told if one[0][0] == link), key=lambda one: -one[0][1]):
        try:
            issue = issue_from(found, pattern)
        except InvalidValue:
            continue
        if len(issue.numbers) == len(pattern.levels):
            return issue
    return None


def _link(found: MarcField) -> tuple[int, int]:
    """Link and sequence number ($8 `1.12`); 0 where there are none, so that a record with one pattern needs none."""
    link, _, sequence = found.get("8").partition("\\")[0].partition(".")
    return int(link) if link.isdigit() else 0, int(sequence) if sequence.isdigit() else 0
