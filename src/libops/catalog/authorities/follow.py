"""How one title follows a change of headings: its record as it will be, and which of its fields read otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve, frozen

from libops.catalog.authorities.change import HeadingAct, HeadingChange
from libops.catalog.authorities.control import AuthorityFile, Effect, Replacement, control
from libops.catalog.authorities.headings import heading_for_comparison, heading_of, heading_text
from libops.catalog.authorities.model import Authority, heading_field, marc_of_authority
from libops.catalog.marc import MarcField, MarcRecord, marc_of
from libops.catalog.model import BibRecord

__all__ = ["Follower", "Following", "follow", "links", "names"]


@frozen
class Following:
    """A title that follows: its record as it will be, and the fields that change, by their places."""

    record: MarcRecord
    fields: tuple[tuple[int, MarcField, MarcField], ...]

    def effects(self, bib: str) -> Iterator[Effect]:
        """The changes as a person reads them."""
        for place, before, after in self.fields:
            yield Effect(bib, place, before.tag, heading_text(before), heading_text(after), after)


class Follower:
    """A change made ready to be followed by many titles. A change of control asks the `authorities` of the file."""

    def __init__(self, change: HeadingChange, authorities: AuthorityFile | None = None) -> None:
        self.authorities = authorities if change.act is HeadingAct.CONTROL else None
        pairs = [pair for pair in change.pairs if pair[1] is None or _reads_otherwise(pair[0], pair[1])]
        self.sights = [Sight(old) for old, _ in pairs]
        self.replaced = [Replacement(old, new) for old, new in pairs if new is not None]
        self.unlinked = [old for old, new in pairs if new is None]

    def follow(self, bib: BibRecord) -> Following | None:
        """How a title follows; None when nothing of it changes."""
        if bib.deleted or not bib.marc or (self.authorities is None and not self.concerns(bib)):
            return None
        record = marc_of(bib)
        after = record if self.authorities is None else control(record, self.authorities).record
        for replacement in self.replaced:
            after = _with(after, dict(replacement.of(after)))
        for old in self.unlinked:
            after = _with(after, dict(links(after, old)))
        both = enumerate(zip(record.fields, after.fields, strict=True))
        found = tuple([(place, one, other) for place, (one, other) in both if one != other])
        return Following(after, found) if found else None

    def concerns(self, bib: BibRecord) -> bool:
        """Whether a title may have a heading of the change: says yes too often, never no too often."""
        return any(sight.possible(bib.marc) for sight in self.sights)


class Sight:
    """A quick look for an authority in a record that nobody has read yet: its number, or a word of its heading."""

    def __init__(self, authority: Authority) -> None:
        heading = _heading(authority)
        compared = None if heading is None else heading_for_comparison(heading, "")
        words = [] if compared is None else [one for one in compared.main.replace(",", "").split() if one.isascii()]
        self.number = authority.number
        self.word = max((one for one in words if one != "and"), key=len, default="")

    def possible(self, text: str) -> bool:
        """Whether the text of a record may name the authority."""
        # Letters with accents, and what is written as an escape, are told apart only by reading the record.
        if not text.isascii() or "\\u" in text:
            return True
        return self.word in text.lower() or (bool(self.number) and self.number in text)


def follow(bib: BibRecord, change: HeadingChange, authorities: AuthorityFile | None = None) -> Following | None:
    """How one title follows a change; None when nothing of it changes. For many titles make a `Follower` once."""
    return Follower(change, authorities).follow(bib)


def _with(record: MarcRecord, changed: dict[int, MarcField]) -> MarcRecord:
    if not changed:
        return record
    return evolve(record, fields=tuple([changed.get(place, one) for place, one in enumerate(record.fields)]))


def _reads_otherwise(old: Authority, new: Authority) -> bool:
    return new.id != old.id or new.number != old.number or _heading(new) != _heading(old)


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
    former, sight = AuthorityFile([authority]), Sight(authority)
    for bib in bibs:
        if bib.deleted or not bib.marc or not sight.possible(bib.marc):
            continue
        for found in marc_of(bib).fields:
            heading = heading_of(found)
            if heading is None or heading.kind is not authority.kind:
                continue
            numbers = found.all("0")
            if authority.number in numbers if numbers and authority.number else former.find(heading)[0]:
                yield bib.id
                break
