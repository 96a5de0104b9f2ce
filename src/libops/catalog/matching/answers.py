"""What follows when a person says what a record in doubt is."""

from __future__ import annotations

from datetime import datetime

from attrs import evolve, frozen

from libops.base.answers import answer as answered
from libops.base.decisions import Decision, Refuse
from libops.base.events import Event
from libops.catalog import reasons
from libops.catalog.events import BibAdded, BibChanged, MatchAnswered
from libops.catalog.marc import marc_of
from libops.catalog.matching.arrivals import laid_over
from libops.catalog.matching.evidence import DEFAULT, MatchOptions
from libops.catalog.matching.overlay import OverlayPolicy
from libops.catalog.model import BibRecord
from libops.catalog.questions import MatchAnswer, MatchQuestion, OnMatch

__all__ = ["QuestionFacts", "answer_question"]


@frozen
class QuestionFacts:
    """The question, and the record of the catalog that a person named, if any; None for what is not there.

    `asked` and `named` are the identifiers that were given.
    """

    question: MatchQuestion | None
    same: BibRecord | None = None
    asked: str = ""
    named: str = ""


def answer_question(
    facts: QuestionFacts,
    said: MatchAnswer,
    *,
    at: datetime,
    by: str,
    version_id: str,
    policy: OverlayPolicy,
    options: MatchOptions = DEFAULT,
) -> Decision[tuple[Event, ...]]:
    """Same as the record named: laid over it, unless its import was to skip what the catalog has. New: added. Left out:
    nothing follows. The answer itself is an event, with who gave it.

    Refused when there is no such question, when it was answered, and when the record named is none or is deleted.
    """
    asked, same = facts.question, facts.same
    if asked is None:
        return Refuse((reasons.MATCH_QUESTION_UNKNOWN(question=facts.asked),))
    found = []
    if asked.answer is not MatchAnswer.OPEN:
        found.append(reasons.MATCH_QUESTION_ANSWERED(question=asked.id, answer=asked.answer.value))
    if said is MatchAnswer.SAME and same is None:
        found.append(reasons.BIB_UNKNOWN(bib=facts.named))
    if said is MatchAnswer.SAME and same is not None and same.deleted:
        found.append(reasons.BIB_DELETED(bib=same.id))
    if found:
        return answered([(reason.code, reason) for reason in found], lambda verdict: ())
    told = evolve(asked, answer=said, answered_at=at, answered_by=by)
    plan: list[Event] = []
    if said is MatchAnswer.NEW:
        plan.append(BibAdded(at, by, asked.bib, asked.source))
    elif said is MatchAnswer.SAME and same is not None:
        told = evolve(told, same_as=same.id)
        laid = laid_over(marc_of(asked.bib), same, policy, options)
        if laid is not None and asked.on_match is OnMatch.OVERLAY:
            plan.append(BibChanged(at, by, laid, same, version_id, asked.source, f"{by} says that they are one"))
    return answered([], lambda verdict: (MatchAnswered(at, by, told), *plan))
