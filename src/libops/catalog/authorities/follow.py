"""How one title follows a change of headings: its record as it will be, and which of its fields read otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve, frozen

from libops.catalog.authorities.change import HeadingAct, HeadingChange
from libops.catalog.authorities.control import AuthorityFile, Effect, affected_fields, control
from libops.catalog.authorities.headings import heading_of, heading_text
from libops.catalog.authorities.model import Authority, heading_field, marc_of_authority
from libops.catalog.marc import MarcField, MarcRecord, marc_of
from libops.catalog.model import BibRecord

__all__ = ["Following", "follow", "links", "names"]


@frozen
class Following:
    """A title that follows: its record as it will be, and the fields that change, by their places."""

    record: MarcRecord
    fields: tuple[tuple[int, MarcField, MarcField], ...]

    def effects(self, bib: str) -> Iterator[Effect]:
        """The changes as a person reads them."""
        for place, before, after in self.fields:
            yield Effect(bib, place, before.tag, heading_text(before), heading_text(after), after)


def follow(bib: BibRecord, change: HeadingChange, authorities: AuthorityFile | None = None) -> Following | None:
    """How a title follows a change; None when nothing of it changes. A change of control asks the authority file."""
    if bib.deleted or not bib.marc:
        return None
    record = marc_of(bib)
    after = record
    if change.act is HeadingAct.CONTROL:
        assert authorities is not None, "control asks the authority file"
        after = control(record, authorities).record
    for old, new in change.pairs:
        if new is not None and new.id == old.id and _heading(new) == _heading(old):
            continue
        changed = dict(affected_fields(after, old, new)) if new is not None else dict(links(after, old))
        after = evolve(after, fields=tuple([changed.get(place, one) for place, one in enumerate(after.fields)]))
    found = tuple(
        [
            (place, one, other)
            for place, (one, other) in enumerate(zip(record.fields, after.fields, strict=True))
            if one != other
        ]
    )
    return Following(after, found) if found else None


def _heading(authority: Authority) -> MarcField | None:
    return heading_field(marc_of_authority(authority))


def links(record: MarcRecord, authority: Authority) -> Iterator[tuple[int, MarcField]]:
    """The fields that name the authority in $0, without that link, by their places."""
    for place, found in enumerate(record.fields):
        if authority.number and not found.is_control and authority.number in found.all("0"):
            kept = tuple([pair for pair in found.subfields if pair != ("0", authority.number)])
            yield place, evolve(found, subfields=kept)


def names(bibs: Iterable[BibRecord], authority: Authority) -> Iterator[str]:
    """The titles that name an authority: by its number, or by its heading where they name no number."""
    former = AuthorityFile([authority])
    for bib in bibs:
        if bib.deleted or not bib.marc:
            continue
        for found in marc_of(bib).fields:
            heading = heading_of(found)
            if heading is None or heading.kind is not authority.kind:
                continue
            numbers = found.all("0")
            if authority.number in numbers if numbers and authority.number else former.find(heading)[0]:
                yield bib.id
                break
