"""Steps of the checklist: done, skipped, undone, counted, scanned one by one or in a batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import evolve

from libops.base.answers import Asked, answer
from libops.base.decisions import Override, Permit, Reason, Verdict
from libops.processing.decide.facts import Answer, BatchLine, LabelText, PreparationFacts, ProcessingPlan
from libops.processing.events import PiecesCounted, StepDone, StepSkipped, StepUndone
from libops.processing.model import LEGAL, Preparation, PreparationAct, StepEntry
from libops.processing.policy import ProcessingPolicy, SkipRule
from libops.processing.reasons import (
    ACT_NOT_LEGAL,
    BEFORE_LAST_CHANGE,
    LABEL_DIFFERS,
    NOT_IN_PROCESSING,
    PIECES_DIFFER,
    REASON_MISSING,
    STEP_DONE,
    STEP_FORBIDDEN,
    STEP_NOT_DONE,
    STEP_NOT_SKIPPABLE,
    STEP_TOO_EARLY,
    STEP_UNKNOWN,
)

__all__ = ["FINAL_SCAN", "count_pieces", "do_batch", "do_step", "final_scan", "skip_step", "undo_step"]

FINAL_SCAN = "final_scan"
"""The code of the step that compares the finished item with its record."""


def in_hand(preparation: Preparation, act: PreparationAct, at: datetime) -> list[Asked]:
    """Whether the state allows the act, and whether it comes after the last one."""
    legal = act in LEGAL[preparation.state]
    late = at < preparation.changed_at
    return [
        ("state", None if legal else ACT_NOT_LEGAL(act=act.value, state=preparation.state.value)),
        ("time", BEFORE_LAST_CHANGE(at=at, last=preparation.changed_at) if late else None),
    ]


def refused(why: Reason) -> Answer:
    """A refusal for the one reason that leaves nothing else to ask."""
    return answer([("in processing", why)], lambda _: ProcessingPlan(()))


def set_aside(verdict: Verdict) -> tuple[str, ...]:
    """The codes of the reasons that were overridden."""
    return tuple(reason.code for reason in verdict.overridden)


def open_step(preparation: Preparation, code: str, policy: ProcessingPolicy, at: datetime) -> list[Asked]:
    """What doing and skipping a step ask alike: state, time, whether it is on the list and still to do."""
    checklist = policy.checklist(preparation)
    forbidden = code in checklist.forbidden
    unknown = checklist.step(code) is None and not forbidden
    return [
        *in_hand(preparation, PreparationAct.WORK, at),
        ("on the checklist", STEP_UNKNOWN(step=code, checklist=checklist.name) if unknown else None),
        ("not done yet", STEP_DONE(step=code) if code in preparation.done else None),
    ]


def do_step(
    facts: PreparationFacts,
    *,
    step: str,
    at: datetime,
    by: str,
    policy: ProcessingPolicy,
    override: Override | None = None,
    explain: bool = False,
    also: Iterable[Asked] = (),
) -> Answer:
    """Write down that a step was done; the item is ready when no required step is missing.

    `also` are further questions of the caller, such as what the last scan found.
    """
    preparation = facts.preparation
    if preparation is None:
        return refused(NOT_IN_PROCESSING(step=step))
    checklist = policy.checklist(preparation)
    first = tuple(code for code in policy.before(checklist, step) if code not in preparation.done)
    forbidden = step in checklist.forbidden
    asked = [
        *open_step(preparation, step, policy, at),
        ("allowed for the material", STEP_FORBIDDEN(step=step, checklist=checklist.name) if forbidden else None),
        ("in order", STEP_TOO_EARLY(step=step, first=first) if first else None),
        *also,
    ]
    entry = StepEntry(step, at, by)
    state = policy.state_after(preparation, entries=(*preparation.entries, entry))

    def plan(verdict: Verdict) -> ProcessingPlan:
        return ProcessingPlan((StepDone(at, by, preparation.item_id, entry, state, set_aside(verdict)),))

    return answer(asked, plan, override=override, explain=explain)


def skip_step(
    facts: PreparationFacts,
    *,
    step: str,
    why: str,
    at: datetime,
    by: str,
    policy: ProcessingPolicy,
    override: Override | None = None,
) -> Answer:
    """Write down that a step was left out, and why; it counts as done."""
    preparation = facts.preparation
    if preparation is None:
        return refused(NOT_IN_PROCESSING(step=step))
    listed = policy.checklist(preparation).step(step)
    never = listed is not None and listed.skip is SkipRule.NEVER
    silent = not why.strip() and (listed is None or listed.skip is not SkipRule.FREELY)
    asked = [
        *open_step(preparation, step, policy, at),
        ("may be skipped", STEP_NOT_SKIPPABLE(step=step) if never else None),
        ("reason given", REASON_MISSING(step=step) if silent else None),
    ]
    entry = StepEntry(step, at, by, True, why)
    state = policy.state_after(preparation, entries=(*preparation.entries, entry))

    def plan(verdict: Verdict) -> ProcessingPlan:
        return ProcessingPlan((StepSkipped(at, by, preparation.item_id, entry, state, set_aside(verdict)),))

    return answer(asked, plan, override=override)


def undo_step(
    facts: PreparationFacts, *, step: str, why: str, at: datetime, by: str, policy: ProcessingPolicy
) -> Answer:
    """Say that a step has to be done again, and why."""
    preparation = facts.preparation
    if preparation is None:
        return refused(NOT_IN_PROCESSING(step=step))
    asked = [
        *in_hand(preparation, PreparationAct.WORK, at),
        ("step done", None if step in preparation.done else STEP_NOT_DONE(step=step)),
        ("reason given", None if why.strip() else REASON_MISSING(step=step)),
    ]
    kept = tuple(entry for entry in preparation.entries if entry.code != step)
    state = policy.state_after(preparation, entries=kept)
    return answer(asked, lambda _: ProcessingPlan((StepUndone(at, by, preparation.item_id, step, why, state),)))


def count_pieces(
    facts: PreparationFacts, *, counted: int, at: datetime, by: str, override: Override | None = None
) -> Answer:
    """Write down how many parts were counted; another number than belongs to the item needs an override."""
    preparation = facts.preparation
    if preparation is None:
        return refused(NOT_IN_PROCESSING(counted=counted))
    differs = counted != preparation.pieces
    asked = [
        *in_hand(preparation, PreparationAct.WORK, at),
        ("all there", PIECES_DIFFER(counted=counted, expected=preparation.pieces) if differs else None),
    ]
    event = PiecesCounted(at, by, preparation.item_id, counted)
    return answer(asked, lambda _: ProcessingPlan((event,)), override=override)


def differences(seen: LabelText, recorded: LabelText) -> list[Asked]:
    """One question for each text that can be compared; spaces and capitals do not count."""
    asked: list[Asked] = []
    for name in ("barcode", "call_number", "shelving_location", "title"):
        found, expected = getattr(seen, name), getattr(recorded, name)
        if found is None or expected is None:
            continue
        same = "".join(found.split()).casefold() == "".join(expected.split()).casefold()
        asked.append((f"{name} agrees", None if same else LABEL_DIFFERS(text=name, found=found, expected=expected)))
    return asked


def final_scan(
    facts: PreparationFacts,
    *,
    seen: LabelText,
    recorded: LabelText,
    at: datetime,
    by: str,
    policy: ProcessingPolicy,
    override: Override | None = None,
) -> Answer:
    """The last look: what the finished item says must agree with its record, then the step `final_scan` is done."""
    also = differences(seen, recorded)
    return do_step(facts, step=FINAL_SCAN, at=at, by=by, policy=policy, override=override, also=also)


def do_batch(
    scans: Sequence[tuple[str, PreparationFacts]], *, step: str, at: datetime, by: str, policy: ProcessingPolicy
) -> tuple[BatchLine, ...]:
    """One step for a cart of items, scan by scan: each gets its own answer, and one refusal stops no other.

    An item scanned twice gets `step.done_already` the second time.
    """
    lines = []
    done: dict[str, Preparation] = {}
    for barcode, facts in scans:
        preparation = facts.preparation
        if preparation is not None:
            facts = evolve(facts, preparation=done.get(preparation.item_id, preparation))
        found = do_step(facts, step=step, at=at, by=by, policy=policy)
        if isinstance(found, Permit) and facts.preparation is not None:
            entries = (*facts.preparation.entries, StepEntry(step, at, by))
            done[facts.preparation.item_id] = evolve(facts.preparation, entries=entries)
        lines.append(BatchLine(barcode, found))
    return tuple(lines)
