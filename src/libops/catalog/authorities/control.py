"""Heading control: each heading of a record is linked, flipped to its established form, or put in the queue.

A heading equal to an authority's own is linked (its number goes to $0). One equal to a see-from form is flipped: the
established heading takes its place, subdivisions and relators stay. Where two authorities fit, or none, a person
decides: the heading goes into the queue of unauthorized headings. Nothing is stored here; what a changed authority
would do to the catalog is listed before it happens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Final

from attrs import evolve, frozen

from libops.catalog.authorities.headings import (
    SUBDIVISIONS,
    Heading,
    HeadingKind,
    heading_of,
    heading_text,
    main_subfields,
)
from libops.catalog.authorities.model import Authority, Relation, forms, heading_field, marc_of_authority
from libops.catalog.marc import MarcField, MarcRecord, marc_of
from libops.catalog.model import BibRecord

__all__ = [
    "AuthorityFile",
    "Controlled",
    "Effect",
    "HeadingOutcome",
    "HeadingResult",
    "Replacement",
    "affected_fields",
    "control",
    "effects",
    "linked_to",
    "one_way_relations",
    "unauthorized",
]


class HeadingOutcome(Enum):
    """What became of a heading."""

    LINKED = "linked"
    """It is the established form; $0 names its authority."""
    FLIPPED = "flipped"
    """It was a see-from form, and the established one took its place."""
    AMBIGUOUS = "ambiguous"
    """More than one authority fits: a person decides."""
    UNAUTHORIZED = "unauthorized"
    """No authority knows it."""


@frozen
class HeadingResult:
    """A heading of a record: the place of its field, how it read and reads, and the authorities that fit."""

    field_no: int
    tag: str
    outcome: HeadingOutcome
    before: str
    after: str
    authorities: tuple[str, ...] = ()


@frozen
class Controlled:
    """The record with its headings brought in order, and what became of each."""

    record: MarcRecord
    results: tuple[HeadingResult, ...]

    @property
    def queue(self) -> tuple[HeadingResult, ...]:
        """The headings a person has to look at."""
        waiting = (HeadingOutcome.AMBIGUOUS, HeadingOutcome.UNAUTHORIZED)
        return tuple([result for result in self.results if result.outcome in waiting])


Place = tuple[HeadingKind, str]
OPPOSITE: Final = {Relation.BROADER: Relation.NARROWER, Relation.NARROWER: Relation.BROADER}


class AuthorityFile:
    """Authorities by their headings and see-from forms."""

    def __init__(self, authorities: Iterable[Authority]) -> None:
        self.by_id: dict[str, Authority] = {}
        self.fields: dict[str, MarcField] = {}
        self.established: dict[Place, list[str]] = {}
        self.references: dict[Place, list[str]] = {}
        for authority in authorities:
            record = marc_of_authority(authority)
            own, others = forms(record, authority.thesaurus)
            found = heading_field(record)
            if own is None or found is None:
                continue
            self.by_id[authority.id] = authority
            self.fields[authority.id] = found
            self.established.setdefault((own.kind, own.key), []).append(authority.id)
            for other in others:
                ids = self.references.setdefault((other.kind, other.key), [])
                if authority.id not in ids:
                    ids.append(authority.id)

    def find(self, heading: Heading) -> tuple[list[str], list[str], bool]:
        """Authorities of this heading, those it leads to, and whether that is the whole heading or its main part."""
        for text, whole in ((heading.key, True), (heading.main, False)):
            place = (heading.kind, text)
            own, others = (
                self._fitting(self.established, place, heading),
                self._fitting(self.references, place, heading),
            )
            if own or others:
                return own, others, whole
        return [], [], True

    def _fitting(self, table: dict[Place, list[str]], place: Place, heading: Heading) -> list[str]:
        ids = table.get(place, [])
        if not heading.thesaurus:
            return ids
        return [
            one for one in ids if not self.by_id[one].is_subject or self.by_id[one].thesaurus in ("", heading.thesaurus)
        ]


def _established(
    found: MarcField, authority: Authority, own: MarcField, *, whole: bool, former: Authority | None = None
) -> MarcField:
    """The field with the authority's heading in place of its own, and its number in $0.

    Of a `former` authority only its own number goes, so that links to other files stay; without one all go.
    """
    dropped = SUBDIVISIONS if whole else ""
    proper = main_subfields(own)
    main = [pair for pair in own.subfields if pair in proper or (whole and pair[0] in SUBDIVISIONS)]
    old_main = main_subfields(found)
    gone = (authority.number, "" if former is None else former.number)
    rest = [pair for pair in found.subfields if pair not in old_main and pair[0] not in dropped and pair[0] != "0"]
    links = [] if former is None else [("0", one) for one in found.all("0") if one not in gone]
    divisions = [pair for pair in rest if pair[0] in SUBDIVISIONS]
    others = [pair for pair in rest if pair[0] not in SUBDIVISIONS]
    link = [("0", authority.number)] if authority.number else []
    first = own.ind1 if found.tag[1:] in ("00", "10", "11") else found.ind1
    return evolve(found, indicators=first + found.ind2, subfields=(*main, *divisions, *others, *link, *links))


def _linked(found: MarcField, authority: Authority) -> MarcField:
    if not authority.number or authority.number in found.all("0"):
        return found
    return evolve(found, subfields=(*found.subfields, ("0", authority.number)))


def control(record: MarcRecord, authorities: AuthorityFile) -> Controlled:
    """Bring the headings of a record in order as far as one authority fits; the rest is for a person."""
    fields, results = list(record.fields), []
    for place, found in enumerate(record.fields):
        heading = heading_of(found)
        if heading is None:
            continue
        own, others, whole = authorities.find(heading)
        fitting = own or others
        before = heading_text(found)
        if len(fitting) != 1:
            outcome = HeadingOutcome.AMBIGUOUS if fitting else HeadingOutcome.UNAUTHORIZED
            results.append(HeadingResult(place, found.tag, outcome, before, before, tuple(fitting)))
            continue
        authority = authorities.by_id[fitting[0]]
        if own:
            fields[place] = _linked(found, authority)
            outcome = HeadingOutcome.LINKED
        else:
            fields[place] = _established(found, authority, authorities.fields[authority.id], whole=whole)
            outcome = HeadingOutcome.FLIPPED
        after = heading_text(fields[place])
        results.append(HeadingResult(place, found.tag, outcome, before, after, (authority.id,)))
    return Controlled(evolve(record, fields=tuple(fields)), tuple(results))


def linked_to(record: MarcRecord, place: int, authority: Authority) -> tuple[MarcField, MarcField] | None:
    """The field at a place as it is, and as it reads with the heading of an authority; None when it has no heading."""
    own = heading_field(marc_of_authority(authority))
    found = record.fields[place] if 0 <= place < len(record.fields) else None
    if found is None or own is None or heading_of(found) is None:
        return None
    # Subdivisions of the title stay, unless the authority is established with some of its own.
    whole = any(code in SUBDIVISIONS for code, _ in own.subfields)
    return found, _established(found, authority, own, whole=whole)


def unauthorized(bibs: Iterable[BibRecord], authorities: AuthorityFile) -> Iterator[tuple[str, HeadingResult]]:
    """The queue of a catalog: identifier of the record, and the heading to look at."""
    for bib in bibs:
        for result in control(marc_of(bib), authorities).queue:
            yield bib.id, result


@frozen
class Effect:
    """What a changed authority would do to one field of one record."""

    bib_id: str
    field_no: int
    tag: str
    before: str
    after: str
    field: MarcField


def effects(old: Authority, new: Authority, bibs: Iterable[BibRecord], *, most: int | None = None) -> Iterator[Effect]:
    """Which fields of which records would change if `new` took the place of `old`; at most so many.

    Which fields belong to the authority is said by `affected_fields`.
    """
    count, replacement = 0, Replacement(old, new)
    for bib in bibs:
        record = marc_of(bib)
        for place, after in replacement.of(record):
            found = record.fields[place]
            yield Effect(bib.id, place, found.tag, heading_text(found), heading_text(after), after)
            count += 1
            if most is not None and count >= most:
                return


class Replacement:
    """One authority in place of another, made ready to look at many records; `of` tells the fields of one of them."""

    def __init__(self, old: Authority, new: Authority) -> None:
        self.old = old
        self.new = new
        self.own = heading_field(marc_of_authority(new))
        self.former = AuthorityFile([old])

    def of(self, record: MarcRecord) -> Iterator[tuple[int, MarcField]]:
        """The fields of a record that read otherwise then, by their places; see `affected_fields`."""
        old, own = self.old, self.own
        if own is None or not self.former.by_id:
            return
        for place, found in enumerate(record.fields):
            heading = heading_of(found)
            if heading is None or heading.kind is not old.kind:
                continue
            matched, _, whole = self.former.find(heading)
            numbers = found.all("0")
            if old.number in numbers if numbers and old.number else matched:
                after = _established(found, self.new, own, whole=whole and bool(matched), former=old)
                # Subfields in another order say the same: nothing for a title to be stored anew for.
                if after.indicators != found.indicators or sorted(after.subfields) != sorted(found.subfields):
                    yield place, after


def affected_fields(record: MarcRecord, old: Authority, new: Authority) -> Iterator[tuple[int, MarcField]]:
    """The fields of a record as they read when `new` takes the place of `old`, by their places.

    A field belongs to the authority when its $0 names it, or when its heading is the authority's and it names no other.
    """
    return Replacement(old, new).of(record)


def one_way_relations(authorities: Iterable[Authority]) -> Iterator[tuple[str, str]]:
    """Hierarchies told from one side only: an authority that names another, and the heading that does not name it back.

    A broader heading should name the narrower one, and the other way round.
    """
    held = {one.heading.casefold(): one for one in authorities}
    for one in held.values():
        for also in one.see_also:
            other = held.get(also.heading.casefold())
            back = OPPOSITE.get(also.relation)
            if other is None or back is None:
                continue
            if not any(
                their.heading.casefold() == one.heading.casefold() and their.relation is back
                for their in other.see_also
            ):
                yield one.id, other.heading
