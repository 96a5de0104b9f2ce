"""The titles follow a change of headings, or go back: one title a commit, resumable, each with its earlier version."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import evolve

from libops.base.decisions import Decision, Permit, Refuse
from libops.base.ids import BibId
from libops.catalog import decide
from libops.catalog.authorities import (
    Authority,
    AuthorityFile,
    AuthorityForm,
    Follower,
    HeadingAct,
    HeadingChange,
    HeadingChangeAct,
    HeadingChangeState,
)
from libops.catalog.authorities.decide import move_change
from libops.catalog.decide import BibFacts
from libops.catalog.marc import to_bib
from libops.catalog.model import BibRecord, BibVersion
from libops.catalog.reasons import BIB_UNCHANGED, BIB_UNKNOWN
from libops.desk.authorities.heading_uses import HeadingUses
from libops.desk.authorities.receipts import HeadingReport
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.storage.kinds import kind_of

if TYPE_CHECKING:
    from libops.desk.catalog.desk import CatalogDesk

__all__ = ["HeadingChanges", "with_forms"]

PAGE = 200
Progress = Callable[[int, int], None]
UNFINISHED = (HeadingChangeState.APPLYING, HeadingChangeState.UNDOING)


class HeadingChanges:
    """Follows changes of headings through the catalog. Every title is an act of its own, so that it may be interrupted
    anywhere and begun again: a title that has followed has nothing more to follow."""

    def __init__(self, shell: Shell, catalog: CatalogDesk) -> None:
        self.shell = shell
        self.catalog = catalog
        self.uses = HeadingUses(shell)

    def get(self, reads: Reads, change: str) -> HeadingChange | None:
        return reads.get(HeadingChange, change)

    def standing(self, *states: HeadingChangeState) -> list[HeadingChange]:
        """The changes in these states, the earliest first of each."""
        reads = Reads(self.shell.storage)
        return [one for state in states for one in reads.find(HeadingChange, "by_state", state)]

    def unfinished(self) -> list[HeadingChange]:
        """Those that titles are still to follow."""
        return self.standing(*UNFINISHED)

    def go_on(
        self, change: HeadingChange, *, by: str, most: int | None = None, progress: Progress | None = None
    ) -> HeadingReport:
        """Let the titles follow, or go back, from wherever they stand; at most so many of them."""
        back = change.state is HeadingChangeState.UNDOING
        titles = self.back(change, by) if back else self.forward(change, by)
        looked_at = changed = 0
        left: list[str] = []
        for bib, done in titles:
            looked_at += 1
            if done is None:
                continue
            changed += isinstance(done, Permit)
            left += [bib] if isinstance(done, Refuse) else []
            if progress is not None:
                progress(looked_at, 0)
            if most is not None and changed >= most:
                return HeadingReport(change, looked_at, changed, tuple(left), finished=False)
        return HeadingReport(self.finish(change, by, changed), looked_at, changed, tuple(left))

    def finish(self, change: HeadingChange, by: str, changed: int) -> HeadingChange:
        """Write down that all have followed."""

        def load(reads: Reads) -> HeadingChange | None:
            return reads.get(HeadingChange, change.id)

        def ask(found: HeadingChange | None, at: datetime) -> Decision[Any]:
            return move_change(found, HeadingChangeAct.FINISH, at=at, by=by)

        self.shell.act(Errand(load, ask, lambda plan, facts, at, alerts: plan))
        return Reads(self.shell.storage).get(HeadingChange, change.id) or change

    # --- forward --------------------------------------------------------------------------------------------------

    def forward(self, change: HeadingChange, by: str) -> Iterator[tuple[str, Decision[Any] | None]]:
        """Each title, with what came of it; None for one that has nothing to follow."""
        follower = self.follower(change)
        for bib in self.concerned(change):
            if follower.follow(bib) is None:
                yield bib.id, None
                continue
            done = self.follow_one(bib.id, change, follower, by)
            # Another desk brought it in order in the meantime, or deleted it: nothing is left of the change there.
            yield bib.id, done if isinstance(done, Permit) else None

    def concerned(self, change: HeadingChange) -> Iterator[BibRecord]:
        """The titles that a change may concern: all of them where all headings are controlled."""
        if change.act is HeadingAct.CONTROL:
            return self.catalog.all(page=PAGE)
        return self.uses.titles(change.before)

    def follow_one(self, bib: str, change: HeadingChange, follower: Follower, by: str) -> Decision[Any]:
        def ask(facts: BibFacts, at: datetime) -> Decision[Any]:
            assert facts.bib is not None, "loaded below"
            following = follower.follow(facts.bib)
            if following is None:
                return Refuse((BIB_UNCHANGED(bib=bib),))
            made = to_bib(following.record, facts.bib.id, suppressed=facts.bib.suppressed)
            return decide.change(
                facts,
                evolve(made, staff_note=facts.bib.staff_note),
                at=at,
                by=by,
                version_id=self.shell.ids(),
                source=change.source,
                reason=change.act.value,
            )

        return self.on_title(bib, ask)

    def follower(self, change: HeadingChange) -> Follower:
        """What tells how a title follows; a change of control reads the authority file for it.

        Titles that follow late get the heading as it is by then: another change may have come in the meantime.
        """
        if change.act is HeadingAct.CONTROL:
            return Follower(change, self.authorities())
        if not change.id:
            return Follower(change)
        reads = Reads(self.shell.storage)
        now = (reads.get(Authority, one.id) for one in change.after)
        return Follower(evolve(change, after=tuple([one for one in now if one is not None])))

    def authorities(self) -> AuthorityFile:
        """The whole authority file by its headings."""
        from libops.desk.authorities.imports import all_authorities

        return AuthorityFile(all_authorities(self.shell))

    def on_title(self, bib: str, ask: Callable[[BibFacts, datetime], Decision[Any]]) -> Decision[Any]:
        def load(reads: Reads) -> BibFacts | Refuse:
            found = reads.get(BibRecord, BibId(bib))
            return Refuse((BIB_UNKNOWN(bib=bib),)) if found is None else BibFacts(found)

        return self.shell.act(Errand(load, ask, lambda plan, facts, at, alerts: plan[0].bib))

    # --- back -----------------------------------------------------------------------------------------------------

    def back(self, change: HeadingChange, by: str) -> Iterator[tuple[str, Decision[Any] | None]]:
        """Each title that followed, with what came of it: taken back, or left because it was edited since."""
        for version in self.versions(change):
            yield version.bib_id, self.take_back(version, by)

    def versions(self, change: HeadingChange) -> Iterator[BibVersion]:
        """The titles as they were before they followed, a page at a time."""
        kind, after = kind_of(BibVersion), None
        while True:
            rows, after = self.shell.storage.scan(
                kind, "by_source", change.source, f"{change.source}!", after=after, page=PAGE
            )
            yield from (row.record for row in rows)
            if after is None:
                return

    def take_back(self, version: BibVersion, by: str) -> Decision[Any] | None:
        """Bring one title back; None when that was done already."""
        found = Reads(self.shell.storage).find(BibVersion, "by_bib", version.bib_id)
        if any(one.source == f"version {version.id}" for one in found):
            return None
        latest = max(found, key=lambda one: (one.replaced_at, one.id))
        if latest.id != version.id:
            return Refuse((BIB_UNCHANGED(bib=version.bib_id),))

        def ask(facts: BibFacts, at: datetime) -> Decision[Any]:
            assert facts.bib is not None, "loaded below"
            # Whether a title is hidden, and what staff noted, is no matter of its headings.
            kept = evolve(version.bib, suppressed=facts.bib.suppressed, staff_note=facts.bib.staff_note)
            return decide.revert(facts, evolve(version, bib=kept), at=at, by=by, version_id=self.shell.ids())

        return self.on_title(version.bib_id, ask)

    def current(self, reads: Reads, change: HeadingChange) -> dict[str, Authority | None]:
        """The authorities of a change as they now are."""
        return {one.id: with_forms(reads, one.id) for one in change.before}


def with_forms(reads: Reads, authority: str) -> Authority | None:
    """An authority, read with the forms it is found under: what an edit replaces has to be seen first."""
    reads.find(AuthorityForm, "by_authority", authority)
    return reads.get(Authority, authority)
