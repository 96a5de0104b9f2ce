"""Records in doubt at the cataloging desk: what waits for a person, and what follows when the person has answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from libops.base.decisions import Decision, Permit, Reason, Refuse
from libops.base.errors import InvalidValue
from libops.base.ids import LibraryCode
from libops.catalog.marc import marc_of
from libops.catalog.matching.answers import QuestionFacts, answer_question
from libops.catalog.matching.evidence import MatchOptions
from libops.catalog.model import BibRecord
from libops.catalog.policy import CatalogPolicy
from libops.catalog.questions import MatchAnswer, MatchQuestion
from libops.catalog.reasons import MATCH_QUESTION_UNKNOWN
from libops.desk.catalog.import_items import ItemIntake
from libops.desk.catalog.imports import mapping_named
from libops.desk.catalog.merged_titles import survivor
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.items.mapping import ItemMapping
from libops.storage.kinds import kind_of
from libops.storage.port import Find

__all__ = ["MatchQuestions"]

PAGE = 200


class MatchQuestions:
    """The queue of records in doubt. Iterate over it for those that wait, the oldest first.

    >>> import libops
    >>> list(libops.open().catalog.questions)
    []
    """

    def __init__(
        self,
        shell: Shell,
        library: LibraryCode,
        currency: str,
        policy: CatalogPolicy,
        options: Callable[[], MatchOptions],
        mappings: Mapping[str, ItemMapping],
    ) -> None:
        self.shell = shell
        self.library = library
        self.currency = currency
        self.policy = policy
        self.options = options
        self.mappings = mappings

    def __iter__(self) -> Iterator[MatchQuestion]:
        kind, after = kind_of(MatchQuestion), datetime.min.replace(tzinfo=self.shell.clock().tzinfo)
        seen: set[str] = set()
        while True:
            waiting = Find(kind, "by_answer", (MatchAnswer.OPEN,), low=after, limit=PAGE + len(seen))
            rows = [row.record for row in self.shell.storage.read([waiting])[0]]
            new = [one for one in rows if one.id not in seen]
            yield from new
            if len(rows) < PAGE + len(seen):
                return
            # Many may have been asked at one moment: those are told apart by what was seen of it.
            after = rows[-1].asked_at
            seen = {one.id for one in rows if one.asked_at == after}

    def get(self, question: str) -> MatchQuestion | None:
        """A question by its identifier, answered or not, or by the beginning of one that waits; None where none is."""
        found = Reads(self.shell.storage).get(MatchQuestion, question)
        if found is None and question:
            begun = [one for one in self if one.id.startswith(question)]
            found = begun[0] if len(begun) == 1 else None
        return found

    def answer(
        self, question: str, *, same_as: str | None = None, new: bool = False, leave_out: bool = False, by: str = "desk"
    ) -> Decision[MatchQuestion]:
        """Say what a record in doubt is; exactly one of `same_as` (a record of the catalog), `new` and `leave_out`.

        Its items join the catalog with it. An overlay is undone as any other, by `ops.catalog.revert`.

        Refused: `match_question.unknown`, `match_question.answered`, and `bib.unknown` or `bib.deleted` for a record
        that it cannot be. Raises `InvalidValue` when none of the three is said, or more than one.
        """
        if (same_as is not None) + new + leave_out != 1:
            raise InvalidValue("say one of same_as=..., new=True and leave_out=True about a record in doubt")
        said = MatchAnswer.NEW if new else MatchAnswer.LEFT_OUT if leave_out else MatchAnswer.SAME
        known = self.get(question)
        if known is None:
            return self.shell.in_words(Refuse((MATCH_QUESTION_UNKNOWN(question=question),)))
        reads_of: list[Reads] = []

        def load(reads: Reads) -> QuestionFacts:
            reads_of[:] = [reads]
            same = None if same_as is None else survivor(reads, same_as)
            return QuestionFacts(reads.get(MatchQuestion, known.id), same, known.id, same_as or "")

        def ask(facts: QuestionFacts, at: datetime) -> Decision[Any]:
            policy, options = self.policy.overlay, self.options()
            decision = answer_question(
                facts, said, at=at, by=by, version_id=self.shell.ids(), policy=policy, options=options
            )
            if isinstance(decision, Refuse) or facts.question is None or said is MatchAnswer.LEFT_OUT:
                return decision
            bib = facts.question.bib if facts.same is None else facts.same
            items = self.items_of(facts.question, bib, by, reads_of[0])
            return Permit((*decision.result, *items), decision.alerts)

        def receive(plan: Any, facts: QuestionFacts, at: datetime, alerts: tuple[Reason, ...]) -> MatchQuestion:
            answered: MatchQuestion = plan[0].question
            return answered

        return self.shell.act(Errand(load, ask, receive))

    def items_of(self, asked: MatchQuestion, bib: BibRecord, by: str, reads: Reads) -> Iterator[Any]:
        if not asked.mapping:
            return
        intake = ItemIntake(
            self.shell,
            library=self.library if asked.library is None else asked.library,
            currency=self.currency,
            item_type=asked.item_type,
            by=by,
            source=asked.source,
        )
        mapping = mapping_named(asked.mapping, self.mappings)
        # An item whose barcode was given away meanwhile is left out, as an import does.
        yield from intake.events(marc_of(asked.bib), bib, mapping, reads, lambda told: None)
