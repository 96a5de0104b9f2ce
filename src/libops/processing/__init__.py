"""Processing: new material on its way from delivery to shelf.

Each item follows the checklist of its kind of material: steps with who did them, when, or why not. It is not lent
until the required ones are done. What is wrong sets it aside; a copy that was not found is searched for again on a
set day. Accession numbers are given once and for good. A batch of scans does one step for a whole cart.

>>> from datetime import UTC, date, datetime
>>> from libops.base.ids import ItemId, LibraryCode
>>> from libops.processing import PreparationFacts, ProcessingPolicy, lending_reasons, receive
>>> now = datetime(2026, 3, 2, 9, tzinfo=UTC)
>>> answer = receive(PreparationFacts(), item_id=ItemId("31"), library=LibraryCode("MAIN"), checklist="book",
...                  at=now, by="dana", policy=ProcessingPolicy())
>>> lending_reasons(answer.result.events[0].preparation, policy=ProcessingPolicy())[0].code
'item.in_processing'
"""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
    from libops.processing.changes import (
        CHANGES,
    )
    from libops.processing.decide import (
        FINAL_SCAN,
        AccessionFacts,
        BatchLine,
        LabelText,
        PreparationFacts,
        ProcessingPlan,
        count_pieces,
        do_batch,
        do_step,
        final_scan,
        give_accession_number,
        lending_reasons,
        raise_problem,
        receive,
        reopen,
        resolve_problem,
        search_again,
        send_back,
        shelve,
        skip_step,
        undo_step,
    )
    from libops.processing.events import (
        AccessionNumberGiven,
        CopySearchRepeated,
        ItemSentBack,
        ItemShelved,
        MaterialReceived,
        PiecesCounted,
        PreparationReopened,
        ProblemRaised,
        ProblemResolved,
        StepDone,
        StepSkipped,
        StepUndone,
    )
    from libops.processing.model import (
        LEGAL,
        AccessionNumber,
        AccessionSeries,
        Preparation,
        PreparationAct,
        PreparationState,
        Problem,
        ProblemKind,
        StepEntry,
    )
    from libops.processing.policy import (
        AccessionFormat,
        Checklist,
        ChecklistStep,
        LoanableWhen,
        ProcessingPolicy,
        SkipRule,
        StepOrder,
        shipped_checklists,
    )
else:
    __getattr__ = offering(__name__, "model", "policy", "events", "decide", "changes")

__all__ = [
    "AccessionFacts",
    "AccessionFormat",
    "AccessionNumber",
    "AccessionNumberGiven",
    "AccessionSeries",
    "BatchLine",
    "CHANGES",
    "Checklist",
    "ChecklistStep",
    "CopySearchRepeated",
    "FINAL_SCAN",
    "ItemSentBack",
    "ItemShelved",
    "LEGAL",
    "LabelText",
    "LoanableWhen",
    "MaterialReceived",
    "PiecesCounted",
    "Preparation",
    "PreparationAct",
    "PreparationFacts",
    "PreparationReopened",
    "PreparationState",
    "Problem",
    "ProblemKind",
    "ProblemRaised",
    "ProblemResolved",
    "ProcessingPlan",
    "ProcessingPolicy",
    "SkipRule",
    "StepDone",
    "StepEntry",
    "StepOrder",
    "StepSkipped",
    "StepUndone",
    "count_pieces",
    "do_batch",
    "do_step",
    "final_scan",
    "give_accession_number",
    "lending_reasons",
    "raise_problem",
    "receive",
    "reopen",
    "resolve_problem",
    "search_again",
    "send_back",
    "shelve",
    "shipped_checklists",
    "skip_step",
    "undo_step",
]
