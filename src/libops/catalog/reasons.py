"""Why the catalog says no."""

from __future__ import annotations

from libops.base.decisions import ReasonCode, Weight

__all__ = [
    "AUTHORITY_CHANGED_SINCE",
    "AUTHORITY_IN_USE",
    "AUTHORITY_KNOWN",
    "AUTHORITY_OTHER_KIND",
    "AUTHORITY_OTHER_THESAURUS",
    "AUTHORITY_SAME",
    "AUTHORITY_UNCHANGED",
    "AUTHORITY_UNKNOWN",
    "BIB_DELETED",
    "BIB_HAS_HOLDS",
    "BIB_HAS_ITEMS",
    "BIB_HAS_SUBSCRIPTION",
    "BIB_MERGED",
    "BIB_NOT_DELETED",
    "BIB_SAME",
    "BIB_UNCHANGED",
    "BIB_UNKNOWN",
    "HEADINGS_IN_ORDER",
    "HEADING_CHANGED",
    "HEADING_CHANGE_UNKNOWN",
    "HEADING_CHANGE_WRONG_STATE",
    "HEADING_LINKED",
    "HEADING_UNKNOWN",
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
AUTHORITY_IN_USE = ReasonCode("authority.in_use", Weight.OVERRIDABLE, "catalog.delete_linked_authority")
"""Headings of bibliographic records name the authority: merge it into another, or let them lose the link."""
AUTHORITY_SAME = ReasonCode("authority.same", Weight.ABSOLUTE)
"""An authority cannot be merged with itself."""
AUTHORITY_OTHER_KIND = ReasonCode("authority.other_kind", Weight.ABSOLUTE)
"""Only authorities of one kind can be one: a person is no place."""
AUTHORITY_OTHER_THESAURUS = ReasonCode("authority.other_thesaurus", Weight.CONFIRM)
"""The two are of different thesauri, which are kept apart on purpose."""
AUTHORITY_CHANGED_SINCE = ReasonCode("authority.changed_since", Weight.ABSOLUTE)
"""The authority was changed again: take that back first."""
HEADING_UNKNOWN = ReasonCode("heading.unknown", Weight.ABSOLUTE)
"""The record has no heading at that place."""
HEADING_CHANGED = ReasonCode("heading.changed", Weight.ABSOLUTE)
"""The heading reads otherwise than when it was looked at."""
HEADING_LINKED = ReasonCode("heading.linked", Weight.ABSOLUTE)
"""The heading is that of the authority already."""
HEADINGS_IN_ORDER = ReasonCode("headings.in_order", Weight.ABSOLUTE)
"""No heading would be linked or flipped."""
HEADING_CHANGE_UNKNOWN = ReasonCode("heading_change.unknown", Weight.ABSOLUTE)
"""No change of headings has this identifier."""
HEADING_CHANGE_WRONG_STATE = ReasonCode("heading_change.wrong_state", Weight.ABSOLUTE)
"""What is asked for cannot be done with a change that stands so."""
BIB_UNKNOWN = ReasonCode("bib.unknown", Weight.ABSOLUTE)
"""No bibliographic record has this identifier."""
BIB_DELETED = ReasonCode("bib.deleted", Weight.ABSOLUTE)
"""The record is deleted: restore it first."""
BIB_MERGED = ReasonCode("bib.merged", Weight.ABSOLUTE)
"""The record was merged into another, which has its items and holds: ask for that one."""
BIB_NOT_DELETED = ReasonCode("bib.not_deleted", Weight.ABSOLUTE)
"""Only a deleted record can be restored."""
BIB_HAS_ITEMS = ReasonCode("bib.has_items", Weight.ABSOLUTE)
"""Items hang on the record: withdraw and delete them, or move them to another record, first."""
BIB_HAS_HOLDS = ReasonCode("bib.has_holds", Weight.OVERRIDABLE, "catalog.delete_with_holds")
"""Patrons wait for the title: their holds would be lost."""
BIB_HAS_SUBSCRIPTION = ReasonCode("bib.has_subscription", Weight.ABSOLUTE)
"""The library subscribes to the serial: cancel the subscription first."""
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
