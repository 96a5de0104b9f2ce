"""Patterns and issues as somebody writes them: the subfields of 853 and 863, a dollar sign before each.

>>> pattern = written_pattern("$a v. $b no. $u 12 $v r $i (year) $j (month) $w m")
>>> pattern.text(written_issue("$a 41 $b 10 $i 2026 $j 10", pattern))
'v.41:no.10'
"""

from __future__ import annotations

import re
from typing import Final

from libops.base.errors import InvalidValue
from libops.catalog.marc.record import MarcField
from libops.catalog.serials.pattern import Issue, SerialPattern, issue_from, pattern_from

__all__ = ["written_issue", "written_pattern"]

SUBFIELD: Final = re.compile(r"\$([a-z0-9])([^$]*)")


def written_pattern(text: str) -> SerialPattern:
    """The pattern in the subfields of an 853. Raises `InvalidValue` for a text that is none."""
    return pattern_from(_field("853", text))


def written_issue(text: str, pattern: SerialPattern) -> Issue:
    """The issue in the subfields of an 863. Raises `InvalidValue` for a text that is none."""
    return issue_from(_field("863", text), pattern)


def _field(tag: str, text: str) -> MarcField:
    if not re.fullmatch(rf"\s*(?:{SUBFIELD.pattern})+", text):
        example = "$a v. $b no. $u 12 $w m" if tag == "853" else "$a 41 $b 10 $i 2026 $j 10"
        raise InvalidValue(f"{text!r} are no subfields of {tag}: write {example}")
    return MarcField(tag, "  ", tuple([(found[1], found[2].strip()) for found in SUBFIELD.finditer(text)]))
