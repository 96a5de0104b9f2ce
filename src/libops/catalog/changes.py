"""Which records each catalog event makes, replaces or removes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from libops.base.events import Change, Changes, Drop, Put, Records
from libops.catalog.authorities.model import Authority, AuthorityForm, forms_of
from libops.catalog.events import (
    AuthorityAdded,
    AuthorityChanged,
    AuthorityDeleted,
    BibAdded,
    BibChanged,
    BibDeleted,
    BibRestored,
    BibReverted,
    BibSuppressed,
    BibUnsuppressed,
    HeadingChangeMoved,
    HeadingChangeOpened,
    HoldingsAdded,
    HoldingsChanged,
    HoldingsDeleted,
    MatchAnswered,
    MatchAsked,
)
from libops.catalog.model import BibIdentifier, BibRecord, BibVersion, Holdings, identifiers_of
from libops.catalog.search.text import BibText, bib_text

__all__ = ["CHANGES"]


def added(event: BibAdded | BibRestored, records: Records) -> Iterator[Change]:
    yield Put(event.bib)
    yield from words_of(event.bib, records)
    for identifier in identifiers_of(event.bib):
        yield Put(identifier)


def replaced(event: BibChanged | BibReverted, records: Records) -> Iterator[Change]:
    yield Put(event.bib)
    yield from words_of(event.bib, records)
    yield Put(
        BibVersion(
            id=event.version_id,
            bib_id=event.bib.id,
            replaced_at=event.at,
            replaced_by=event.by,
            source=event.source if isinstance(event, BibChanged) else f"version {event.restored_version}",
            bib=event.previous,
        )
    )
    yield from renumbered(event.previous, event.bib)


def words_of(bib: BibRecord, records: Records) -> Iterator[Change]:
    """What of the record can be searched, if that changed."""
    words = bib_text(bib)
    if records.get(BibText, bib.id) != words:
        yield Put(words)


def renumbered(before: BibRecord, after: BibRecord) -> Iterator[Change]:
    """Only the numbers that came or went: most edits touch none."""
    old = {identifier.key: identifier for identifier in identifiers_of(before)}
    new = {identifier.key: identifier for identifier in identifiers_of(after)}
    for key in old:
        if key not in new:
            yield Drop(BibIdentifier, key)
    for key, identifier in new.items():
        if key not in old:
            yield Put(identifier)


def shown_or_hidden(event: BibSuppressed | BibUnsuppressed, records: Records) -> Iterable[Change]:
    return (Put(event.bib), *words_of(event.bib, records))


def deleted(event: BibDeleted, records: Records) -> Iterator[Change]:
    yield Put(event.bib)
    yield Drop(BibText, event.bib.id)
    yield from renumbered(evolve(event.bib, deleted=False), event.bib)


def held(event: HoldingsAdded | HoldingsChanged, records: Records) -> Iterable[Change]:
    return (Put(event.holdings),)


def no_longer_held(event: HoldingsDeleted, records: Records) -> Iterable[Change]:
    return (Drop(Holdings, event.holdings.id),)


def asked_or_answered(event: MatchAsked | MatchAnswered, records: Records) -> Iterable[Change]:
    return (Put(event.question),)


def authority_added(event: AuthorityAdded, records: Records) -> Iterator[Change]:
    yield Put(event.authority)
    for form in forms_of(event.authority):
        yield Put(form)


def authority_changed(event: AuthorityChanged, records: Records) -> Iterator[Change]:
    yield Put(event.authority)
    after = {form.key: form for form in forms_of(event.authority)}
    before = {form.key: form for form in forms_of(event.previous)}
    for key in before:
        if key not in after:
            yield Drop(AuthorityForm, key)
    for key, form in after.items():
        if before.get(key) != form:
            yield Put(form)


def authority_deleted(event: AuthorityDeleted, records: Records) -> Iterator[Change]:
    yield Drop(Authority, event.authority.id)
    for form in forms_of(event.authority):
        yield Drop(AuthorityForm, form.key)


def headings_follow(event: HeadingChangeOpened | HeadingChangeMoved, records: Records) -> Iterable[Change]:
    return (Put(event.change),)


CHANGES: Changes = {
    AuthorityAdded: authority_added,
    AuthorityChanged: authority_changed,
    AuthorityDeleted: authority_deleted,
    BibAdded: added,
    BibChanged: replaced,
    BibReverted: replaced,
    BibSuppressed: shown_or_hidden,
    BibUnsuppressed: shown_or_hidden,
    BibDeleted: deleted,
    BibRestored: added,
    HeadingChangeMoved: headings_follow,
    HeadingChangeOpened: headings_follow,
    HoldingsAdded: held,
    HoldingsChanged: held,
    HoldingsDeleted: no_longer_held,
    MatchAsked: asked_or_answered,
    MatchAnswered: asked_or_answered,
}
