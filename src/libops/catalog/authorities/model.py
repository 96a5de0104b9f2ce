"""Authority records: one heading for one person, body, place or topic, and the other forms that lead to it."""

from __future__ import annotations

from enum import Enum
from typing import Final

from attrs import field, frozen

from libops.base.errors import FormatError
from libops.catalog.authorities.headings import KINDS, Heading, HeadingKind, heading_for_comparison, heading_text
from libops.catalog.marc import MarcField, MarcRecord, parse_text, record_text

__all__ = ["Authority", "AuthorityForm", "Relation", "SeeAlso", "forms_of", "marc_of_authority", "to_authority"]

SOURCES: Final = {
    "a": "lcsh",
    "b": "lcshac",
    "c": "mesh",
    "d": "nal",
    "k": "cash",
    "r": "aat",
    "s": "sears",
    "v": "rvm",
}


class Relation(Enum):
    """How a see-also heading is related (5XX $w)."""

    BROADER = "broader"
    NARROWER = "narrower"
    EARLIER = "earlier"
    LATER = "later"
    RELATED = "related"


RELATIONS: Final = {"g": Relation.BROADER, "h": Relation.NARROWER, "a": Relation.EARLIER, "b": Relation.LATER}


@frozen
class SeeAlso:
    """Another heading worth looking under."""

    heading: str
    relation: Relation


@frozen
class Authority:
    """An authority record. `number` is what bibliographic headings name in $0, such as `(DLC)sh85023218`.

    `heading` and `see_from` are as people read them; the MARC record is carried whole, as in `BibRecord`.
    """

    id: str
    kind: HeadingKind
    heading: str
    number: str = ""
    thesaurus: str = ""
    see_from: tuple[str, ...] = ()
    see_also: tuple[SeeAlso, ...] = field(default=())
    marc: str = ""

    @property
    def is_subject(self) -> bool:
        """Whether the heading belongs to a subject thesaurus (names of persons and bodies serve all)."""
        return self.kind in (HeadingKind.TOPIC, HeadingKind.PLACE, HeadingKind.GENRE, HeadingKind.PERIOD)


@frozen
class AuthorityForm:
    """A form under which an authority is found: its own heading (`established`) or one that leads to it.

    `lookup` is kind and normalized text, such as `topic:cooking`; two authorities may share one.
    """

    key: str
    lookup: str
    authority_id: str
    established: bool


def marc_of_authority(authority: Authority) -> MarcRecord:
    """The MARC record an authority carries. Raises `FormatError` when it carries none."""
    return parse_text(authority.marc)


def heading_field(record: MarcRecord) -> MarcField | None:
    """The 1XX of an authority record."""
    return next((found for found in record.fields if found.tag[:1] == "1" and found.tag[1:] in KINDS), None)


def references(record: MarcRecord, first: str) -> list[MarcField]:
    """The see-from (4) or see-also (5) fields of an authority record."""
    return [found for found in record.fields if found.tag[:1] == first and found.tag[1:] in KINDS]


def forms(record: MarcRecord, thesaurus: str) -> tuple[Heading | None, list[Heading]]:
    """The heading and the forms that lead to it, for comparison."""
    own = heading_field(record)
    found = [heading_for_comparison(one, thesaurus) for one in references(record, "4")]
    return None if own is None else heading_for_comparison(own, thesaurus), [one for one in found if one]


def _thesaurus(record: MarcRecord) -> str:
    fixed = record.value("008")
    code = fixed[11:12] if len(fixed) > 11 else ""
    return SOURCES.get(code) or (record.subfield("040", "f").strip() if code == "z" else "")


def to_authority(record: MarcRecord, id: str) -> Authority:
    """The authority for a MARC authority record.

    Raises `FormatError` for a record that is none (leader/06 is not z) or has no heading.
    """
    own = heading_field(record)
    if record.leader[6:7] != "z" or own is None:
        raise FormatError(f"record {record.value('001')!r} is no authority: leader/06 is z and one 1XX stands there")
    source, number = record.value("003").strip(), record.value("001").strip().replace(" ", "")
    also = [
        SeeAlso(heading_text(one), RELATIONS.get(one.get("w")[:1], Relation.RELATED)) for one in references(record, "5")
    ]
    return Authority(
        id=id,
        kind=KINDS[own.tag[1:]],
        heading=heading_text(own),
        number=f"({source}){number}" if source else number,
        thesaurus=_thesaurus(record),
        see_from=tuple([heading_text(one) for one in references(record, "4")]),
        see_also=tuple(also),
        marc=record_text(record),
    )


def forms_of(authority: Authority) -> tuple[AuthorityForm, ...]:
    """The forms under which the authority is found in a store."""
    own, others = forms(marc_of_authority(authority), authority.thesaurus)
    found: dict[str, AuthorityForm] = {}
    for heading in ([own] if own else []) + others:
        lookup = f"{heading.kind.value}:{heading.key}"
        key = f"{lookup}|{authority.id}"
        found.setdefault(key, AuthorityForm(key, lookup, authority.id, heading is own))
    return tuple(found.values())
