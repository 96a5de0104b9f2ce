"""May this authority be added, changed or deleted? Facts in, a decision out; the plan is the events to commit."""

from __future__ import annotations

from datetime import datetime

from attrs import evolve, frozen

from libops.base.answers import answer
from libops.base.decisions import Decision, Override, Refuse
from libops.base.events import Event
from libops.base.ids import BibId
from libops.catalog import reasons
from libops.catalog.authorities.model import Authority
from libops.catalog.events import AuthorityAdded, AuthorityChanged, AuthorityDeleted

__all__ = ["AuthorityFacts", "add_authority", "change_authority", "delete_authority"]

Plan = tuple[Event, ...]


@frozen
class AuthorityFacts:
    """What a decision about an authority needs to know.

    `authority` is the stored one, None when there is none; `same_heading` are the identifiers of other authorities with
    the heading it has or shall have; `linked` the bibliographic records whose headings name it.
    """

    authority: Authority | None = None
    same_heading: tuple[str, ...] = ()
    linked: tuple[BibId, ...] = ()


def add_authority(
    facts: AuthorityFacts, new: Authority, *, at: datetime, by: str, source: str = "", override: Override | None = None
) -> Decision[Plan]:
    """Add an authority; one with a heading that is established already must be confirmed as another."""
    others = tuple([one for one in facts.same_heading if one != new.id])
    why = reasons.AUTHORITY_KNOWN(heading=new.heading, others=", ".join(others)) if others else None
    return answer([("heading is new", why)], lambda verdict: (AuthorityAdded(at, by, new, source),), override=override)


def change_authority(
    facts: AuthorityFacts, new: Authority, *, at: datetime, by: str, listed: int = 50
) -> Decision[Plan]:
    """Replace an authority; the event names at most `listed` of the records it affects and counts the others."""
    old = facts.authority
    if old is None:
        return Refuse((reasons.AUTHORITY_UNKNOWN(),))
    new = evolve(new, id=old.id)
    why = reasons.AUTHORITY_UNCHANGED(authority=old.id) if new == old else None
    affected = facts.linked if new.heading != old.heading else ()
    event = AuthorityChanged(at, by, new, old, affected[:listed], max(0, len(affected) - listed))
    return answer([("something changes", why)], lambda verdict: (event,))


def delete_authority(facts: AuthorityFacts, *, at: datetime, by: str) -> Decision[Plan]:
    """Remove an authority that no heading names any more."""
    old = facts.authority
    if old is None:
        return Refuse((reasons.AUTHORITY_UNKNOWN(),))
    why = reasons.AUTHORITY_IN_USE(authority=old.id, bibs=len(facts.linked)) if facts.linked else None
    return answer([("no heading names it", why)], lambda verdict: (AuthorityDeleted(at, by, old),))
