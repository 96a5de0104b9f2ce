"""Looking the catalog over: files and records against the standard, and records the catalog may have twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from libops.catalog.marc import marc_of, read
from libops.catalog.model import BibRecord
from libops.catalog.validation import Finding, Profile, shipped_profile, validate, validate_outcomes
from libops.desk.catalog.imports import opened

__all__ = ["findings_about"]


def findings_about(what: BibRecord | Path | BinaryIO, profile: Profile | str) -> Iterator[Finding]:
    """The findings about one record, or about each record of a file."""
    asked = shipped_profile(profile) if isinstance(profile, str) else profile
    if isinstance(what, BibRecord):
        yield from validate(marc_of(what), asked)
        return
    with opened(what) as (stream, _, _):
        yield from validate_outcomes(read(stream), asked)
