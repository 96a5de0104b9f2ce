"""New forms of an authority record: made, edited, merged with another. Nothing is stored here.

>>> chess = made_authority("a1", HeadingKind.TOPIC, "Chess", number="(XxTown)t1", see_from=["King's game"])
>>> chess.heading, chess.see_from
('Chess', ("King's game",))
>>> edited_authority(chess, heading="Chess (Game)").see_from
('Chess', "King's game")
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from attrs import evolve

from libops.base.errors import InvalidValue
from libops.catalog.authorities.headings import HeadingKind, heading_for_comparison
from libops.catalog.authorities.model import Authority, heading_field, marc_of_authority, references, to_authority
from libops.catalog.marc import MarcField, MarcRecord

__all__ = ["edited_authority", "made_authority", "merged_authority", "written_heading"]

TAGS: Final = {
    HeadingKind.PERSON: "00",
    HeadingKind.CORPORATE_BODY: "10",
    HeadingKind.MEETING: "11",
    HeadingKind.TITLE: "30",
    HeadingKind.PERIOD: "48",
    HeadingKind.TOPIC: "50",
    HeadingKind.PLACE: "51",
    HeadingKind.GENRE: "55",
}
LEADER: Final = "00000nz  a2200000n  4500"
FORMER: Final = ("w", "nne")
"""4XX $w: the earlier established form of the heading."""
SUBFIELD: Final = re.compile(r"\$([a-z0-9])([^$]*)")


def written_heading(text: str) -> tuple[tuple[str, str], ...]:
    """The subfields of a heading as somebody writes it: `Twain, Mark, $d 1835-1910`; without a sign it is all $a.

    >>> written_heading("Twain, Mark, $d 1835-1910")
    (('a', 'Twain, Mark,'), ('d', '1835-1910'))

    Raises `InvalidValue` for an empty one.
    """
    whole = text.strip() if text.strip().startswith("$") else f"$a{text.strip()}"
    found = tuple([(one[1], one[2].strip()) for one in SUBFIELD.finditer(whole)])
    if not found or not all(value for _, value in found):
        raise InvalidValue(f"{text!r} is no heading: write it as Twain, Mark, $d 1835-1910")
    return found


def made_authority(
    id: str, kind: HeadingKind, heading: str, *, number: str = "", see_from: Iterable[str] = ()
) -> Authority:
    """A new authority record of this heading. `number` is what headings name in $0, as `(XxTown)t1`.

    Raises `InvalidValue` for an empty heading.
    """
    fields = []
    source, _, control = number.rpartition(")")
    if control:
        fields.append(MarcField("001", "", (), control))
    if source:
        fields.append(MarcField("003", "", (), source.removeprefix("(")))
    tag = TAGS[kind]
    fields.append(MarcField(f"1{tag}", _indicators(kind), written_heading(heading)))
    fields += [MarcField(f"4{tag}", _indicators(kind), written_heading(one)) for one in see_from]
    return to_authority(MarcRecord(LEADER, tuple(fields)), id)


def _indicators(kind: HeadingKind) -> str:
    # A surname comes first in a person's name; names of bodies and meetings stand in direct order.
    return {HeadingKind.PERSON: "1 ", HeadingKind.CORPORATE_BODY: "2 ", HeadingKind.MEETING: "2 "}.get(kind, "  ")


def edited_authority(
    authority: Authority,
    *,
    heading: str | None = None,
    see_from: Sequence[str] | None = None,
    keep_former: bool = True,
) -> Authority:
    """The authority with another heading, other see-from forms, or both; what is left out stays.

    With `keep_former` the earlier heading stays as a form that leads to the new one. Raises `InvalidValue` for an empty
    heading.
    """
    record = marc_of_authority(authority)
    own = heading_field(record)
    assert own is not None, "an authority has a heading"
    new = own if heading is None else evolve(own, subfields=written_heading(heading))
    forms = references(record, "4")
    if see_from is not None:
        forms = [MarcField(f"4{own.tag[1:]}", own.indicators, written_heading(one)) for one in see_from]
    if keep_former and _key(own) != _key(new):
        forms.insert(0, evolve(own, tag=f"4{own.tag[1:]}", subfields=(FORMER, *own.subfields)))
    return _rebuilt(authority, record, new, forms)


def merged_authority(keeper: Authority, gone: Authority) -> Authority:
    """The keeper with the heading and the see-from forms of the other as forms that lead to it.

    The other's number stays with it as a cancelled one (035 $z).
    """
    record, other = marc_of_authority(keeper), marc_of_authority(gone)
    own, theirs = heading_field(record), heading_field(other)
    assert own is not None, "an authority has a heading"
    assert theirs is not None, "an authority has a heading"
    forms = [*references(record, "4"), evolve(theirs, tag=f"4{theirs.tag[1:]}"), *references(other, "4")]
    made = _rebuilt(keeper, record, own, forms)
    if not gone.number:
        return made
    record = marc_of_authority(made)
    number = MarcField("035", "  ", (("z", gone.number),))
    return to_authority(evolve(record, fields=_sorted([*record.fields, number])), keeper.id)


def _rebuilt(authority: Authority, record: MarcRecord, own: MarcField, forms: Iterable[MarcField]) -> Authority:
    """The record with this heading and these see-from forms, each once, and none that is the heading itself."""
    kept: dict[object, MarcField] = {}
    for form in forms:
        if _key(form) != _key(own):
            kept.setdefault(_key(form), form)
    old = heading_field(record)
    gone = references(record, "4")
    fields = [own if found is old else found for found in record.fields if found not in gone]
    return to_authority(evolve(record, fields=_sorted([*fields, *kept.values()])), authority.id)


def _key(found: MarcField) -> object:
    return heading_for_comparison(found, "")


def _sorted(fields: list[MarcField]) -> tuple[MarcField, ...]:
    return tuple(sorted(fields, key=lambda found: found.tag))
