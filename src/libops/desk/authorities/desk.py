"""The authority desk: headings under control. Every act lists first what it does to the catalog."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import evolve

from libops.base.decisions import Decision, Override, Permit, Reason, Refuse
from libops.base.ids import BibId
from libops.catalog.authorities import (
    Authority,
    Effect,
    HeadingAct,
    HeadingChange,
    HeadingChangeAct,
    HeadingChangeState,
    HeadingKind,
    edited_authority,
    made_authority,
    merged_authority,
)
from libops.catalog.authorities import decide as authority_decide
from libops.catalog.authorities.decide import AuthorityFacts, LinkFacts
from libops.catalog.authorities.follow import names
from libops.catalog.model import BibRecord
from libops.catalog.reasons import AUTHORITY_UNKNOWN
from libops.desk.arguments import checks_arguments, word_of
from libops.desk.authorities.heading_changes import with_forms
from libops.desk.authorities.reads import AuthorityReads
from libops.desk.authorities.receipts import AuthorityReceipt, HeadingReport, Survey, surveyed
from libops.desk.reads import Reads
from libops.desk.reasons import PREVIEW_STALE
from libops.desk.shell import Errand

if TYPE_CHECKING:
    pass

__all__ = ["AuthorityDesk"]

Answer = Decision[AuthorityReceipt]
Progress = Callable[[int, int], None]
Loaded = tuple[Any, Survey]


@checks_arguments()
class AuthorityDesk(AuthorityReads):
    """Authority records, and the headings of titles that follow them.

    Acts return `Permit` with an `AuthorityReceipt`, or `Refuse`: `authority.unknown`, `heading_change.unknown`. With
    `commit=False` nothing is written, and the receipt lists what would change; its `preview` handed to the act refuses
    it if that is not so any more. The titles follow one by one, at most `most` of them in the call, the others in the
    nightly run, and keep an earlier version. Headings are compared by the NACO rules (`libops.catalog.naco`).

    >>> import libops
    >>> ops = libops.open()
    >>> twain = ops.catalog.authorities.add("person", "Twain, Mark, $d 1835-1910", see_from=["Clemens, Samuel"]).result
    >>> [one.heading for one in ops.catalog.authorities.find("clemens, samuel")]
    ['Twain, Mark, 1835-1910']
    """

    # --- acts on the authority file -------------------------------------------------------------------------------

    def add(
        self,
        kind: HeadingKind | str,
        heading: str,
        *,
        number: str = "",
        see_from: Sequence[str] = (),
        by: str = "desk",
        override: Override | None = None,
    ) -> Answer:
        """Add an authority record. Headings are written as `Twain, Mark, $d 1835-1910`, or plainly.

        Args:
            kind: what it is the heading of: `person`, `corporate_body`, `topic` and so on (`HeadingKind`).
            heading: the established form.
            number: what headings name in $0, such as `(DLC)sh85023218`.
            see_from: the forms that lead to it (4xx), written as headings are.
            by: who does it, for the log.
            override: reasons to set aside.

        To be confirmed: `authority.known` where another has the heading. Raises `InvalidValue` for an empty heading or
        a kind that is none.
        """
        new = made_authority(
            self.shell.ids(), word_of(HeadingKind, kind, "kind"), heading, number=number, see_from=see_from
        )

        def load(reads: Reads) -> Loaded:
            return AuthorityFacts(None, self.same(reads, new)), Survey()

        return self.act(
            "added",
            load,
            lambda facts, at: authority_decide.add_authority(facts, new, at=at, by=by, override=override),
            by=by,
        )

    def change(
        self,
        authority: str,
        *,
        heading: str | None = None,
        see_from: Sequence[str] | None = None,
        keep_former: bool = True,
        by: str = "desk",
        override: Override | None = None,
        preview: str = "",
        commit: bool = True,
        most: int | None = None,
    ) -> Answer:
        """Edit an authority; the titles whose headings it names follow.

        Args:
            authority: its identifier.
            heading: the new heading, as `Twain, Mark, $d 1835-1910` or plainly; as it is when left out.
            see_from: all forms that lead to it; as they are when left out.
            keep_former: whether the earlier heading stays as a form that leads to the new one.
            by: who does it, for the log.
            override: reasons to set aside.
            preview: the `preview` of an earlier preview.
            commit: False only says what would happen.
            most: how many titles follow in this call; all when left out.

        Refused: `authority.unchanged`; to be confirmed: `authority.known` where another has the new heading.
        """
        key = self.shell.ids()

        def load(reads: Reads) -> tuple[tuple[AuthorityFacts, Authority], Survey] | Refuse:
            old = with_forms(reads, authority)
            if old is None:
                return Refuse((AUTHORITY_UNKNOWN(authority=authority),))
            new = edited_authority(old, heading=heading, see_from=see_from, keep_former=keep_former)
            survey = self.survey(self.planned(HeadingAct.EDIT, (old,), (new,)))
            linked = tuple([BibId(bib) for bib in survey.bibs])
            return (AuthorityFacts(old, self.same(reads, new), linked), new), survey

        def ask(loaded: tuple[AuthorityFacts, Authority], at: datetime) -> Decision[Any]:
            facts, new = loaded
            return authority_decide.change_authority(facts, new, at=at, by=by, change_id=key, override=override)

        return self.act("changed", load, ask, by=by, preview=preview, commit=commit, most=most)

    def merge(
        self,
        keep: str,
        gone: str,
        *,
        by: str = "desk",
        override: Override | None = None,
        preview: str = "",
        commit: bool = True,
        most: int | None = None,
    ) -> Answer:
        """Make two authorities one: the titles of the second get the heading of the first, and its forms lead there.

        Refused: `authority.same`, `authority.other_kind`; to be confirmed: `authority.other_thesaurus`.
        """
        key = self.shell.ids()

        def load(reads: Reads) -> tuple[tuple[AuthorityFacts, AuthorityFacts, Authority], Survey] | Refuse:
            kept, lost = with_forms(reads, keep), with_forms(reads, gone)
            if kept is None or lost is None:
                unknown = [key for key, one in ((keep, kept), (gone, lost)) if one is None]
                return Refuse(tuple([AUTHORITY_UNKNOWN(authority=key) for key in unknown]))
            merged = merged_authority(kept, lost) if kept.kind is lost.kind else kept
            survey = self.survey(self.planned(HeadingAct.MERGE, (kept, lost), (merged,), into=kept.id))
            linked = tuple([BibId(bib) for bib in survey.bibs])
            return (AuthorityFacts(kept), AuthorityFacts(lost, (), linked), merged), survey

        def ask(loaded: tuple[AuthorityFacts, AuthorityFacts, Authority], at: datetime) -> Decision[Any]:
            kept, lost, merged = loaded
            return authority_decide.merge_authorities(
                kept, lost, merged, at=at, by=by, change_id=key, override=override
            )

        return self.act("merged", load, ask, by=by, preview=preview, commit=commit, most=most)

    def delete(
        self,
        authority: str,
        *,
        by: str = "desk",
        override: Override | None = None,
        preview: str = "",
        commit: bool = True,
        most: int | None = None,
    ) -> Answer:
        """Remove an authority. Refused while titles name it, `authority.in_use`; with the right they keep the words
        only.

        The right is `catalog.delete_linked_authority`.
        """
        key = self.shell.ids()

        def load(reads: Reads) -> tuple[AuthorityFacts, Survey] | Refuse:
            old = with_forms(reads, authority)
            if old is None:
                return Refuse((AUTHORITY_UNKNOWN(authority=authority),))
            survey = self.survey(self.planned(HeadingAct.DELETE, (old,)))
            linked = tuple([BibId(bib) for bib in names(self.changes.uses.titles((old,)), old)])
            return AuthorityFacts(old, (), linked), survey

        return self.act(
            "deleted",
            load,
            lambda facts, at: authority_decide.delete_authority(facts, at=at, by=by, change_id=key, override=override),
            by=by,
            preview=preview,
            commit=commit,
            most=most,
        )

    def control(self, *, by: str = "desk", preview: str = "", commit: bool = True, most: int | None = None) -> Answer:
        """Link all headings to their authorities, and put established headings in the place of see-from forms.

        Refused when there is nothing to do: `headings.in_order`.
        """
        key = self.shell.ids()

        def load(reads: Reads) -> tuple[int, Survey]:
            survey = self.survey(self.planned(HeadingAct.CONTROL))
            return len(survey.bibs), survey

        return self.act(
            "controlled",
            load,
            lambda records, at: authority_decide.control_headings(records, at=at, by=by, change_id=key),
            by=by,
            preview=preview,
            commit=commit,
            most=most,
        )

    # --- changes of headings --------------------------------------------------------------------------------------

    def effects(self, change: str) -> Survey:
        """What a change, by its identifier, would still do to the catalog, title by title. Raises `NotFound`."""
        return self.survey(self.change_of(change))

    def apply(
        self, change: str, *, by: str = "desk", most: int | None = None, progress: Progress | None = None
    ) -> Decision[HeadingReport]:
        """Let the titles follow a change that waits, was dismissed, or was interrupted; at most so many of them.

        `progress` is told how many titles have been looked at, and 0. Returns a report of those that followed and those
        that were left. Refused: `heading_change.wrong_state`.
        """
        return self.moved(change, HeadingChangeAct.APPLY, by, most, progress)

    def dismiss(self, change: str, *, by: str = "desk") -> Decision[HeadingReport]:
        """Leave the titles as they are; `apply` still brings them to follow. Refused: `heading_change.wrong_state`."""
        return self.moved(change, HeadingChangeAct.DISMISS, by)

    def undo(
        self, change: str, *, by: str = "desk", most: int | None = None, progress: Progress | None = None
    ) -> Decision[HeadingReport]:
        """Take a change back: the authorities as they were, and the titles; one edited since is left and reported.

        Refused: `authority.changed_since`, `heading_change.wrong_state`.
        """
        return self.moved(change, HeadingChangeAct.UNDO, by, most, progress)

    def finish(self, *, by: str = "sweep", most: int | None = None) -> list[HeadingReport]:
        """Go on with all changes that not all titles have followed, and report each; the nightly run does it."""
        return [self.changes.go_on(one, by=by, most=most) for one in self.unfinished()]

    # --- working --------------------------------------------------------------------------------------------------

    def moved(
        self, change: str, act: HeadingChangeAct, by: str, most: int | None = None, progress: Progress | None = None
    ) -> Decision[HeadingReport]:
        def load(reads: Reads) -> tuple[HeadingChange | None, dict[str, Authority | None]]:
            found = reads.get(HeadingChange, change)
            undoing = found is not None and act is HeadingChangeAct.UNDO
            return found, self.changes.current(reads, found) if found is not None and undoing else {}

        def ask(loaded: tuple[HeadingChange | None, dict[str, Authority | None]], at: datetime) -> Decision[Any]:
            found, current = loaded
            if act is HeadingChangeAct.UNDO:
                return authority_decide.undo_change(found, current, at=at, by=by, asked=change)
            return authority_decide.move_change(found, act, at=at, by=by, asked=change)

        answer = self.shell.act(Errand(load, ask, lambda plan, facts, at, alerts: plan))
        if isinstance(answer, Refuse):
            return answer
        begun = self.change_of(change)
        if act is HeadingChangeAct.DISMISS:
            return Permit(HeadingReport(begun))
        return Permit(self.changes.go_on(begun, by=by, most=most, progress=progress), answer.alerts)

    def act(
        self,
        name: str,
        load: Callable[[Reads], Loaded | Refuse],
        ask: Callable[[Any, datetime], Decision[Any]],
        *,
        by: str,
        preview: str = "",
        commit: bool = True,
        most: int | None = None,
    ) -> Answer:
        """Decide, write the authority, and let the titles follow; or list what would change."""
        # The shell's fingerprint is of the authorities that were read, the digest of what the titles would become.
        seen, _, digest = preview.partition(".")
        surveys: list[Survey] = []

        def decided(loaded: Loaded, at: datetime) -> Decision[Any]:
            facts, survey = loaded
            surveys.append(survey)
            if digest and digest != survey.digest:
                return Refuse((PREVIEW_STALE(),))
            return ask(facts, at)

        def receive(plan: Any, loaded: Loaded, at: datetime, alerts: tuple[Reason, ...]) -> AuthorityReceipt:
            survey = loaded[1]
            change = next((one.change for one in plan if hasattr(one, "change")), None)
            touched = [one.authority for one in plan if hasattr(one, "authority")]
            made = touched[-1] if touched else None
            return AuthorityReceipt(name, made, change, survey.effects, survey.fields, len(survey.bibs), alerts=alerts)

        answer = self.shell.act(Errand(load, decided, receive), commit=commit, expecting=seen)
        if isinstance(answer, Refuse):
            return answer
        receipt: AuthorityReceipt = answer.result
        if not commit:
            return Permit(evolve(receipt, preview=f"{receipt.preview}.{surveys[-1].digest}"), answer.alerts)
        if receipt.change is None or receipt.change.state is not HeadingChangeState.APPLYING:
            return Permit(receipt, answer.alerts)
        report = self.changes.go_on(receipt.change, by=by, most=most)
        return Permit(evolve(receipt, change=report.change, report=report), answer.alerts)

    def link(
        self,
        bib: str,
        field_no: int,
        authority: str,
        *,
        before: str = "",
        by: str = "desk",
        preview: str = "",
        commit: bool = True,
    ) -> Answer:
        """Put an authority's heading in the place of one heading of a title: what a person decides about the queue.

        `field_no` is the place of the field as the queue tells it; with `before`, the heading must still read so.
        Refused: `bib.unknown`, `bib.deleted`, `heading.unknown`, `heading.changed`, `heading.linked`,
        `authority.other_kind`.
        """

        def load(reads: Reads) -> Loaded:
            found, wanted = reads.get(BibRecord, BibId(bib)), reads.get(Authority, authority)
            facts = LinkFacts(bib, found, wanted, field_no, authority)
            return facts, surveyed([] if facts.effect is None else [facts.effect])

        def ask(facts: LinkFacts, at: datetime) -> Decision[Any]:
            return authority_decide.link_heading(facts, at=at, by=by, version_id=self.shell.ids(), before=before)

        return self.act("linked", load, ask, by=by, preview=preview, commit=commit)

    def planned(
        self,
        act: HeadingAct,
        before: tuple[Authority, ...] = (),
        after: tuple[Authority, ...] = (),
        *,
        into: str = "",
    ) -> HeadingChange:
        """A change as it would be, to look at what it does."""
        return HeadingChange("", act, HeadingChangeState.WAITING, self.shell.clock(), "", before, after, into)

    def survey(self, change: HeadingChange) -> Survey:
        """What a change would do to the catalog."""
        return surveyed(self.all_effects(change))

    def all_effects(self, change: HeadingChange) -> Iterable[Effect]:
        """Every field of every title that would read otherwise."""
        follower = self.changes.follower(change)
        for bib in self.changes.concerned(change):
            following = follower.follow(bib)
            if following is not None:
                yield from following.effects(bib.id)

    def same(self, reads: Reads, new: Authority) -> tuple[str, ...]:
        """Other authorities of the same heading and kind."""
        found = reads.find(Authority, "by_heading", new.heading)
        return tuple([one.id for one in found if one.kind is new.kind and one.id != new.id])
