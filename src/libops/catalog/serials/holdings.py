"""What records tell of a serial: the patterns in 853 to 855 with the last issue under each; and what a library has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from libops.base.errors import InvalidValue
from libops.catalog.marc.record import MarcField, MarcRecord
from libops.catalog.serials.model import IssueKind, IssueState, SerialIssue
from libops.catalog.serials.pattern import Issue, SerialPattern, issue_from, pattern_from

__all__ = ["SerialRun", "holdings_statement", "runs_in"]

PARTS = {"853": ("863", IssueKind.BASIC), "854": ("864", IssueKind.SUPPLEMENT), "855": ("865", IssueKind.INDEX)}
"""Captions and pattern, the issues under them, and what they are."""


@frozen
class SerialRun:
    """One run of issues that a record tells of: what they are, their pattern, and the last issue, if any.

    `link` is the number that joins pattern and issues ($8).
    """

    kind: IssueKind
    link: int
    pattern: SerialPattern
    last: Issue | None = None


def runs_in(record: MarcRecord) -> Iterator[SerialRun]:
    """The runs of a bibliographic or holdings record, those of basic issues first, the latest pattern of each first.

    A pattern that cannot be counted ahead is passed over, and so is an issue that cannot be read.
    """
    for tag, (under, kind) in PARTS.items():
        patterns = [(_link(found)[0], found) for found in record.fields if found.tag == tag]
        for link, found in sorted(patterns, key=lambda one: -one[0]):
            try:
                pattern = pattern_from(found)
            except InvalidValue:
                continue
            yield SerialRun(kind, link, pattern, _last(record, under, link, pattern))


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


def holdings_statement(issues: Iterable[SerialIssue]) -> str:
    """The issues that came, as one line: runs without a gap as a range, a comma where an issue is missing.

    What the library skipped or was never published is no gap. What was not predicted stands after the run.

    Source: ANSI/NISO Z39.71 (summary and gap).
    """
    known = sorted((one for one in issues if one.place is not None), key=lambda one: one.place or 0)
    runs: list[list[SerialIssue]] = [[]]
    for issue in known:
        if issue.state is IssueState.RECEIVED:
            runs[-1].append(issue)
        elif issue.state not in (IssueState.SKIPPED, IssueState.NOT_PUBLISHED) and runs[-1]:
            runs.append([])
    texts = [_range(run[0], run[-1]) for run in runs if run]
    texts += [one.name for one in issues if one.place is None and one.state is IssueState.RECEIVED]
    return ", ".join(texts)


def _range(first: SerialIssue, last: SerialIssue) -> str:
    if first is last:
        return first.name
    dates = f"{first.chronology}-{last.chronology}"
    return f"{first.enumeration}-{last.enumeration} ({dates})" if first.enumeration else dates
