"""Why the catalog says no."""

from __future__ import annotations

from libops.base.decisions import ReasonCode, Weight

__all__ = [
    "AUTHORITY_IN_USE",
    "AUTHORITY_KNOWN",
    "AUTHORITY_UNCHANGED",
    "AUTHORITY_UNKNOWN",
    "BIB_DELETED",
    "BIB_HAS_HOLDS",
    "BIB_HAS_ITEMS",
    "BIB_NOT_DELETED",
    "BIB_SAME",
    "BIB_UNCHANGED",
    "BIB_UNKNOWN",
    "MATCH_QUESTION_ANSWERED",
    "MATCH_QUESTION_UNKNOWN",
    "VERSION_UNKNOWN",
]

AUTHORITY_UNKNOWN = ReasonCode("authority.unknown", Weight.ABSOLUTE)
"""No authority record has this identifier."""
AUTHORITY_KNOWN = ReasonCode("authority.known", Weight.CONFIRM)
"""Another authority has the same heading: is it really another person or topic?"""
AUTHORITY_UNCHANGED = ReasonCode("authority.unchanged", Weight.ABSOLUTE)
"""The new authority record says exactly what the stored one says."""
AUTHORITY_IN_USE = ReasonCode("authority.in_use", Weight.ABSOLUTE)
"""Headings of bibliographic records name the authority: link them to another first."""
BIB_UNKNOWN = ReasonCode("bib.unknown", Weight.ABSOLUTE)
"""No bibliographic record has this identifier."""
BIB_DELETED = ReasonCode("bib.deleted", Weight.ABSOLUTE)
"""The record is deleted: restore it first."""
BIB_NOT_DELETED = ReasonCode("bib.not_deleted", Weight.ABSOLUTE)
"""Only a deleted record can be restored."""
BIB_HAS_ITEMS = ReasonCode("bib.has_items", Weight.ABSOLUTE)
"""Items hang on the record: withdraw and delete them, or move them to another record, first."""
BIB_HAS_HOLDS = ReasonCode("bib.has_holds", Weight.OVERRIDABLE, "catalog.delete_with_holds")
"""Patrons wait for the title: their holds would be lost."""
BIB_SAME = ReasonCode("bib.same", Weight.ABSOLUTE)
"""A record cannot be merged with itself."""
BIB_UNCHANGED = ReasonCode("bib.unchanged", Weight.ABSOLUTE)
"""The new record says exactly what the stored one says: there is nothing to store."""
VERSION_UNKNOWN = ReasonCode("bib.version_unknown", Weight.ABSOLUTE)
"""No earlier version of this record has this identifier."""
MATCH_QUESTION_UNKNOWN = ReasonCode("match_question.unknown", Weight.ABSOLUTE)
"""No record that waits for an answer has this identifier."""
MATCH_QUESTION_ANSWERED = ReasonCode("match_question.answered", Weight.ABSOLUTE)
"""Somebody answered already; what followed can be undone on the record itself."""
