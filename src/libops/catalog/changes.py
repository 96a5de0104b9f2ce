"""Which records each catalog event makes, replaces or removes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from libops.base.events import Change, Changes, Drop, Put, Records
from libops.catalog.authorities.model import Authority, AuthorityForm, forms_of
from libops.catalog.authorities.uses import HeadingUse, uses_of
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
from libops.catalog.marc import MarcField, parse_text
from libops.catalog.model import BibIdentifier, BibRecord, BibVersion, Holdings, identifiers_of
from libops.catalog.search.text import BibText, bib_text

__all__ = ["CHANGES"]


def added(event: BibAdded | BibRestored, records: Records) -> Iterator[Change]:
    bib = event.bib
    fields = fields_of(bib)
    yield Put(bib)
    yield from words_of(bib, records, fields)
    for identifier in identifiers_of(bib):
        yield Put(identifier)
    for use in uses_of(bib, fields):
        # A title that is new is nowhere in the index yet.
        if isinstance(event, BibAdded) or records.get(HeadingUse, use.key) is None:
            yield Put(use)


def replaced(event: BibChanged | BibReverted, records: Records) -> Iterator[Change]:
    fields = fields_of(event.bib)
    yield Put(event.bib)
    yield from words_of(event.bib, records, fields)
    yield from headed(event.previous, event.bib, records, fields)
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


def fields_of(bib: BibRecord) -> tuple[MarcField, ...]:
    return parse_text(bib.marc).fields if bib.marc else ()


def words_of(bib: BibRecord, records: Records, fields: tuple[MarcField, ...] | None = None) -> Iterator[Change]:
    """What of the record can be searched, if that changed."""
    words = bib_text(bib, fields)
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


def headed(
    before: BibRecord, after: BibRecord, records: Records, fields: tuple[MarcField, ...] | None = None
) -> Iterator[Change]:
    """The places in the index of headings that the title leaves, and those it comes to."""
    old, new = uses_of(before), uses_of(after, fields)
    for use in old:
        if use not in new:
            yield Drop(HeadingUse, use.key)
    for use in new:
        # One may be left over there, of a time before the index was filled.
        if use not in old and records.get(HeadingUse, use.key) is None:
            yield Put(use)


def shown_or_hidden(event: BibSuppressed | BibUnsuppressed, records: Records) -> Iterable[Change]:
    return (Put(event.bib), *words_of(event.bib, records))


def deleted(event: BibDeleted, records: Records) -> Iterator[Change]:
    yield Put(event.bib)
    yield Drop(BibText, event.bib.id)
    # The numbers of one that was merged stay, and lead to the record it was merged into.
    yield from renumbered(evolve(event.bib, deleted=False, merged_into=None), event.bib)
    yield from headed(evolve(event.bib, deleted=False), event.bib, records)


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
