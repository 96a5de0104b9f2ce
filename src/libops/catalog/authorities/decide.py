"""May this authority be added, changed or deleted? Facts in, a decision out; the plan is the events to commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from attrs import evolve, frozen

from libops.base.answers import answer
from libops.base.decisions import Decision, Override, Reason, Refuse
from libops.base.events import Event
from libops.base.ids import BibId
from libops.catalog import reasons
from libops.catalog.authorities.change import (
    HEADING_CHANGE_TRANSITIONS,
    HeadingAct,
    HeadingChange,
    HeadingChangeAct,
    HeadingChangeState,
)
from libops.catalog.authorities.control import Effect, linked_to
from libops.catalog.authorities.headings import heading_of, heading_text
from libops.catalog.authorities.model import Authority
from libops.catalog.events import (
    AuthorityAdded,
    AuthorityChanged,
    AuthorityDeleted,
    BibChanged,
    HeadingChangeMoved,
    HeadingChangeOpened,
)
from libops.catalog.marc import MarcField, marc_of, to_bib
from libops.catalog.model import BibRecord

__all__ = [
    "AuthorityFacts",
    "LinkFacts",
    "add_authority",
    "change_authority",
    "control_headings",
    "delete_authority",
    "link_heading",
    "merge_authorities",
    "move_change",
    "undo_change",
]

Plan = tuple[Event, ...]


@frozen
class AuthorityFacts:
    """What a decision about an authority needs to know.

    `authority` is the stored one, None when there is none; `same_heading` are the identifiers of other authorities with
    the heading it has or shall have; `linked` the bibliographic records whose headings name it and are affected;
    `asked` is the identifier that was asked for.
    """

    authority: Authority | None = None
    same_heading: tuple[str, ...] = ()
    linked: tuple[BibId, ...] = ()
    asked: str = ""


def add_authority(
    facts: AuthorityFacts, new: Authority, *, at: datetime, by: str, source: str = "", override: Override | None = None
) -> Decision[Plan]:
    """Add an authority; one with a heading that is established already must be confirmed as another."""
    others = tuple([one for one in facts.same_heading if one != new.id])
    why = reasons.AUTHORITY_KNOWN(heading=new.heading, others=", ".join(others)) if others else None
    return answer([("heading is new", why)], lambda verdict: (AuthorityAdded(at, by, new, source),), override=override)


def change_authority(
    facts: AuthorityFacts,
    new: Authority,
    *,
    at: datetime,
    by: str,
    change_id: str = "",
    state: HeadingChangeState = HeadingChangeState.APPLYING,
    listed: int = 50,
    override: Override | None = None,
) -> Decision[Plan]:
    """Replace an authority; the event names at most `listed` of the records it affects and counts the others.

    With a `change_id` the titles it affects shall follow, or wait for a cataloger to say so. A heading that another
    authority has must be confirmed.
    """
    old = facts.authority
    if old is None:
        return Refuse((reasons.AUTHORITY_UNKNOWN(authority=facts.asked),))
    new = evolve(new, id=old.id)
    moved = new.heading != old.heading
    others = tuple([one for one in facts.same_heading if one != old.id]) if moved else ()
    affected = facts.linked
    event = AuthorityChanged(at, by, new, old, affected[:listed], max(0, len(affected) - listed))
    opened: Plan = ()
    if change_id and affected:
        change = HeadingChange(change_id, HeadingAct.EDIT, state, at, by, (old,), (new,), records=len(affected))
        opened = (HeadingChangeOpened(at, by, change),)
    return answer(
        [
            ("something changes", reasons.AUTHORITY_UNCHANGED(authority=old.id) if new == old else None),
            (
                "heading is new",
                reasons.AUTHORITY_KNOWN(heading=new.heading, others=", ".join(others)) if others else None,
            ),
        ],
        lambda verdict: (event, *opened),
        override=override,
    )


def merge_authorities(
    keeper: AuthorityFacts,
    gone: AuthorityFacts,
    merged: Authority,
    *,
    at: datetime,
    by: str,
    change_id: str,
    override: Override | None = None,
) -> Decision[Plan]:
    """Make two authorities one: the keeper becomes `merged`, the other is removed, and its titles follow."""
    kept, lost = keeper.authority, gone.authority
    if kept is None or lost is None:
        unknown = [one.asked for one in (keeper, gone) if one.authority is None]
        return Refuse(tuple([reasons.AUTHORITY_UNKNOWN(authority=asked) for asked in unknown]))
    other_kind = reasons.AUTHORITY_OTHER_KIND(kind=kept.kind.value, other=lost.kind.value)
    elsewhere = kept.is_subject and kept.thesaurus != lost.thesaurus
    other_thesaurus = reasons.AUTHORITY_OTHER_THESAURUS(thesaurus=kept.thesaurus or "-", other=lost.thesaurus or "-")
    linked = gone.linked
    state = HeadingChangeState.APPLYING if linked else HeadingChangeState.APPLIED
    change = HeadingChange(
        change_id, HeadingAct.MERGE, state, at, by, (kept, lost), (merged,), into=kept.id, records=len(linked)
    )
    return answer(
        [
            ("two authorities", reasons.AUTHORITY_SAME(authority=kept.id) if kept.id == lost.id else None),
            ("one kind", other_kind if kept.kind is not lost.kind else None),
            ("one thesaurus", other_thesaurus if elsewhere else None),
        ],
        lambda verdict: (
            AuthorityDeleted(at, by, lost),
            AuthorityChanged(at, by, merged, kept),
            HeadingChangeOpened(at, by, change),
        ),
        override=override,
    )


def delete_authority(
    facts: AuthorityFacts, *, at: datetime, by: str, change_id: str = "", override: Override | None = None
) -> Decision[Plan]:
    """Remove an authority. One that headings name stays, unless somebody with the right lets them lose the link."""
    old = facts.authority
    if old is None:
        return Refuse((reasons.AUTHORITY_UNKNOWN(authority=facts.asked),))
    linked = facts.linked
    opened: Plan = ()
    if change_id:
        state = HeadingChangeState.APPLYING if linked else HeadingChangeState.APPLIED
        change = HeadingChange(change_id, HeadingAct.DELETE, state, at, by, (old,), records=len(linked))
        opened = (HeadingChangeOpened(at, by, change),)
    why = reasons.AUTHORITY_IN_USE(authority=old.id, bibs=len(linked)) if linked else None
    return answer(
        [("no heading names it", why)], lambda verdict: (AuthorityDeleted(at, by, old), *opened), override=override
    )


def control_headings(records: int, *, at: datetime, by: str, change_id: str) -> Decision[Plan]:
    """Link headings to their authorities and flip see-from forms, in so many titles."""
    change = HeadingChange(change_id, HeadingAct.CONTROL, HeadingChangeState.APPLYING, at, by, records=records)
    why = None if records else reasons.HEADINGS_IN_ORDER()
    return answer([("something to do", why)], lambda verdict: (HeadingChangeOpened(at, by, change),))


def move_change(
    change: HeadingChange | None,
    act: HeadingChangeAct,
    *,
    at: datetime,
    by: str,
    records: int | None = None,
    asked: str = "",
) -> Decision[Plan]:
    """Let the titles follow, say that they have, or leave them as they are; `records` counts those that followed.

    `asked` is the identifier of the change, which the refusal shows where there is none.
    """
    if change is None:
        return Refuse((reasons.HEADING_CHANGE_UNKNOWN(change=asked),))
    after = HEADING_CHANGE_TRANSITIONS[change.state].get(act)
    if after is None:
        return Refuse((_wrong_state(change, act),))
    open_still = after in (HeadingChangeState.APPLYING, HeadingChangeState.UNDOING)
    moved = evolve(
        change,
        state=after,
        records=change.records if records is None else records,
        closed_at=None if open_still else at,
    )
    return answer([], lambda verdict: () if moved == change else (HeadingChangeMoved(at, by, moved),))


def _wrong_state(change: HeadingChange, act: HeadingChangeAct) -> Reason:
    return reasons.HEADING_CHANGE_WRONG_STATE(change=change.id, state=change.state.value, act=act.value)


def undo_change(
    change: HeadingChange | None, current: Mapping[str, Authority | None], *, at: datetime, by: str, asked: str = ""
) -> Decision[Plan]:
    """Take a change back: first the authorities, as long as nobody changed them since; the titles follow.

    `current` are the authorities of the change as they now are, by their identifiers.
    """
    moving = move_change(change, HeadingChangeAct.UNDO, at=at, by=by, asked=asked)
    if change is None or isinstance(moving, Refuse):
        return moving
    if change.state is HeadingChangeState.UNDOING:
        return moving
    after = {one.id: one for one in change.after}
    restored: list[Event] = []
    changed = []
    for one in change.before:
        new = after.get(one.id)
        if current.get(one.id) != new:
            changed.append(one.id)
        restored.append(
            AuthorityAdded(at, by, one, f"undoing {change.source}")
            if new is None
            else AuthorityChanged(at, by, one, new)
        )
    why = reasons.AUTHORITY_CHANGED_SINCE(authority=", ".join(changed)) if changed else None
    return answer([("as the change left it", why)], lambda verdict: (*restored, *moving.result))


@frozen
class LinkFacts:
    """What a decision about one heading of a title needs to know: the title, the authority, the place of the field.

    `authority_id` is the identifier that was asked for, as `bib_id` is.
    """

    bib_id: str
    bib: BibRecord | None
    authority: Authority | None
    field_no: int
    authority_id: str = ""

    @property
    def fields(self) -> tuple[MarcField, MarcField] | None:
        """The field as it is, and as it would read; None when there is no heading at that place."""
        if self.bib is None or self.authority is None or not self.bib.marc:
            return None
        return linked_to(marc_of(self.bib), self.field_no, self.authority)

    @property
    def effect(self) -> Effect | None:
        """What the link would do, as a person reads it."""
        found = self.fields
        if found is None or self.bib is None:
            return None
        old, new = found
        return Effect(self.bib.id, self.field_no, old.tag, heading_text(old), heading_text(new), new)


def link_heading(facts: LinkFacts, *, at: datetime, by: str, version_id: str, before: str = "") -> Decision[Plan]:
    """Give one heading of a title to an authority. The title keeps its earlier version."""
    bib, authority, fields = facts.bib, facts.authority, facts.fields
    if bib is None:
        return Refuse((reasons.BIB_UNKNOWN(bib=facts.bib_id),))
    if authority is None:
        return Refuse((reasons.AUTHORITY_UNKNOWN(authority=facts.authority_id),))
    if fields is None:
        return Refuse((reasons.HEADING_UNKNOWN(bib=bib.id, field_no=facts.field_no),))
    old, new = fields
    heading = heading_of(old)
    assert heading is not None, "linked_to tells headings only"
    reads = heading_text(old)
    record = marc_of(bib)
    after = evolve(record, fields=(*record.fields[: facts.field_no], new, *record.fields[facts.field_no + 1 :]))
    made = evolve(to_bib(after, bib.id, suppressed=bib.suppressed), staff_note=bib.staff_note)
    moved = reasons.HEADING_CHANGED(heading=reads, before=before)
    other_kind = reasons.AUTHORITY_OTHER_KIND(kind=heading.kind.value, other=authority.kind.value)
    asked = [
        ("heading as seen", moved if before not in ("", reads) else None),
        ("one kind", other_kind if heading.kind is not authority.kind else None),
        ("something changes", reasons.HEADING_LINKED(heading=reads) if new == old else None),
        ("not deleted", reasons.BIB_DELETED(bib=bib.id) if bib.deleted else None),
    ]
    source = f"authority {authority.id}"
    return answer(asked, lambda verdict: (BibChanged(at, by, made, bib, version_id, source, "link"),))
