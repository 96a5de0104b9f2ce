"""The whole check of one record, and of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from libops.catalog.marc import MarcRecord, Ok, Outcome, Rejected, Rescued
from libops.catalog.validation.fields import check_fields
from libops.catalog.validation.findings import Finding, Severity
from libops.catalog.validation.fixed import check_fixed
from libops.catalog.validation.linkage import check_linkage
from libops.catalog.validation.rules import check_rules
from libops.catalog.validation.standard import Profile, shipped_profile

__all__ = ["validate", "validate_outcomes"]


def _has(record: MarcRecord, wanted: str) -> bool:
    tag, _, code = wanted.partition("$")
    for found in record.fields:
        if all(asked in ("X", char) for asked, char in zip(tag, found.tag, strict=False)) and (
            not code or found.get(code).strip()
        ):
            return True
    return False


def _check_profile(record: MarcRecord, profile: Profile) -> Iterator[Finding]:
    for wanted in profile.required:
        if not any(_has(record, one) for one in wanted.split("|")):
            yield _missing("profile.required", Severity.ERROR, wanted, profile)
    for wanted in profile.expected:
        if not any(_has(record, one) for one in wanted.split("|")):
            yield _missing("profile.expected", Severity.WARNING, wanted, profile)


def _missing(code: str, severity: Severity, wanted: str, profile: Profile) -> Finding:
    return Finding(code, severity, wanted[:3], right=f"profile {profile.name} asks for {wanted.replace('|', ' or ')}")


def validate(record: MarcRecord, profile: Profile | None = None) -> tuple[Finding, ...]:
    """All findings about a record: leader and fixed fields, fields, linkage, rules, and what the profile asks for.

    Without a profile, the shipped `minimal` one.
    """
    asked = shipped_profile("minimal") if profile is None else profile
    return (
        *check_fixed(record),
        *check_fields(record),
        *check_linkage(record),
        *check_rules(record),
        *_check_profile(record, asked),
    )


def validate_outcomes(outcomes: Iterable[Outcome], profile: Profile | None = None) -> Iterator[Finding]:
    """The findings about the records of a file, each with the number of its record.

    A record that cannot be read is a finding too; its tag is `LDR` when the damage names no field.
    """
    for outcome in outcomes:
        if isinstance(outcome, Rejected):
            reason = outcome.reason
            yield Finding(
                reason.code,
                Severity.ERROR,
                reason.tag or "LDR",
                found=reason.detail,
                right=f"the record at byte {outcome.offset} cannot be read",
                record_no=outcome.record_no,
            )
        if isinstance(outcome, Ok | Rescued):
            for finding in validate(outcome.record, profile):
                yield evolve(finding, record_no=outcome.record_no)
