"""Why the processing room says no, or what it points out."""

from __future__ import annotations

from libops.base.decisions import ReasonCode, Weight

__all__ = [
    "ACCESSION_GIVEN",
    "ACCESSION_TAKEN",
    "ACT_NOT_LEGAL",
    "BEFORE_LAST_CHANGE",
    "CHECKLIST_UNKNOWN",
    "ITEM_IN_PROCESSING",
    "LABEL_DIFFERS",
    "NOT_IN_PROCESSING",
    "PIECES_DIFFER",
    "PREPARATION_OPEN",
    "PROBLEM_OPEN",
    "PROBLEM_UNKNOWN",
    "REASON_MISSING",
    "SEARCH_LIMIT",
    "STEPS_MISSING",
    "STEP_DONE",
    "STEP_FORBIDDEN",
    "STEP_NOT_DONE",
    "STEP_NOT_SKIPPABLE",
    "STEP_TOO_EARLY",
    "STEP_UNKNOWN",
]

ITEM_IN_PROCESSING = ReasonCode("item.in_processing", Weight.OVERRIDABLE, "loan.in_processing")
"""Required steps are not done yet, so the item is not lent."""
NOT_IN_PROCESSING = ReasonCode("item.not_in_processing", Weight.ABSOLUTE)
"""The scanned item is not on its way to the shelf."""
PREPARATION_OPEN = ReasonCode("preparation.open", Weight.ABSOLUTE)
"""The item is in processing already."""
CHECKLIST_UNKNOWN = ReasonCode("checklist.unknown", Weight.ABSOLUTE)
"""The library has no checklist of this name."""
ACT_NOT_LEGAL = ReasonCode("preparation.act_not_legal", Weight.ABSOLUTE)
"""Where the material stands does not allow the act."""
BEFORE_LAST_CHANGE = ReasonCode("preparation.before_last_change", Weight.ABSOLUTE)
"""The act is said to have happened before the last one."""
STEPS_MISSING = ReasonCode("preparation.steps_missing", Weight.OVERRIDABLE, "processing.shelve_unfinished")
"""Required steps are neither done nor skipped."""
PROBLEM_OPEN = ReasonCode("preparation.problem_open", Weight.OVERRIDABLE, "processing.shelve_unfinished")
"""Something is still wrong with the material."""
STEP_UNKNOWN = ReasonCode("step.not_on_checklist", Weight.ABSOLUTE)
"""The checklist of the material has no such step."""
STEP_FORBIDDEN = ReasonCode("step.forbidden", Weight.OVERRIDABLE, "processing.do_forbidden_step")
"""The material must not be treated so: special collections are never stamped or labeled."""
STEP_DONE = ReasonCode("step.done_already", Weight.ABSOLUTE)
"""The step is done, or was skipped."""
STEP_NOT_DONE = ReasonCode("step.not_done", Weight.ABSOLUTE)
"""Only a step that is done or skipped can be undone."""
STEP_TOO_EARLY = ReasonCode("step.too_early", Weight.OVERRIDABLE, "processing.any_order")
"""Another step comes first."""
STEP_NOT_SKIPPABLE = ReasonCode("step.not_skippable", Weight.OVERRIDABLE, "processing.skip_required")
"""The step must be done."""
REASON_MISSING = ReasonCode("step.reason_missing", Weight.ABSOLUTE)
"""Somebody will ask why the step was skipped or undone: say so."""
PIECES_DIFFER = ReasonCode("pieces.differ", Weight.OVERRIDABLE, "processing.accept_pieces")
"""Not as many parts as belong to the item were counted."""
LABEL_DIFFERS = ReasonCode("label.differs", Weight.OVERRIDABLE, "processing.accept_label")
"""What the finished item says is not what its record says."""
ACCESSION_GIVEN = ReasonCode("accession.given_already", Weight.ABSOLUTE)
"""The item has an accession number, and keeps it."""
ACCESSION_TAKEN = ReasonCode("accession.taken", Weight.ABSOLUTE)
"""The number names another item."""
PROBLEM_UNKNOWN = ReasonCode("problem.not_open", Weight.ABSOLUTE)
"""No such problem is open."""
SEARCH_LIMIT = ReasonCode("problem.search_limit", Weight.ALERT)
"""A record to copy was searched for often enough: catalog the item originally."""
