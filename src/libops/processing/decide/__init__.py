"""Decisions of the processing room, by the part of the way they are asked on."""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
    from libops.processing.decide.facts import (
        AccessionFacts,
        BatchLine,
        LabelText,
        PreparationFacts,
        ProcessingPlan,
    )
    from libops.processing.decide.journey import (
        give_accession_number,
        lending_reasons,
        raise_problem,
        receive,
        reopen,
        resolve_problem,
        search_again,
        send_back,
        shelve,
    )
    from libops.processing.decide.steps import (
        FINAL_SCAN,
        count_pieces,
        do_batch,
        do_step,
        final_scan,
        skip_step,
        undo_step,
    )
else:
    __getattr__ = offering(__name__, "facts", "journey", "steps")

__all__ = [
    "FINAL_SCAN",
    "AccessionFacts",
    "BatchLine",
    "LabelText",
    "PreparationFacts",
    "ProcessingPlan",
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
    "skip_step",
    "undo_step",
]
