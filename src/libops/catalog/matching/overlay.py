"""Overlay: a better record takes the place of the one in the catalog, and what is the library's own stays.

Which fields are protected is data. The result says what was kept, what came and what went, before anything is stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from attrs import evolve, field, frozen

from libops.base.errors import InvalidValue
from libops.catalog.marc import MarcField, MarcRecord

__all__ = ["LOCAL_FIELDS", "FieldSpec", "Overlay", "OverlayPolicy", "field_spec", "merge_fields", "overlay"]

WRITTEN: Final = re.compile(r"([0-9A-ZX]{3})(?:/([0-9#_])([0-9#_]))?(?:\$([a-z0-9])(?:=(.+))?)?")


@frozen
class FieldSpec:
    """Which fields are meant: a tag with X for any digit, perhaps indicators, a subfield, its text."""

    tag: str
    indicators: tuple[str, str] = ("_", "_")
    code: str = ""
    text: str = ""

    @property
    def written(self) -> str:
        """The spec as it is written in settings."""
        marks = "".join(self.indicators).replace(" ", "#")
        subfield = f"${self.code}" if self.code else ""
        return f"{self.tag}{'' if marks == '__' else f'/{marks}'}{subfield}{f'={self.text}' if self.text else ''}"

    def covers(self, found: MarcField) -> bool:
        """Whether the field is one of those meant."""
        if len(found.tag) != 3 or any(
            asked not in ("X", char) for asked, char in zip(self.tag, found.tag, strict=True)
        ):
            return False
        for asked, value in zip(self.indicators, found.indicators, strict=False):
            if asked not in ("_", value):
                return False
        if not self.code:
            return True
        return any(code == self.code and self.text in ("", text) for code, text in found.subfields)


def field_spec(text: str) -> FieldSpec:
    """A spec as it is written: `9XX`, `6XX/_7`, `650/_4`, `856$5=XxTown`; `_` is any indicator, `#` a blank.

    >>> field_spec("6XX/_4").covers(MarcField("650", " 4", (("a", "Chess"),)))
    True

    Raises `InvalidValue` for a text that is none.
    """
    found = WRITTEN.fullmatch(text)
    if found is None:
        raise InvalidValue(f"{text!r} names no fields: write 9XX, 650/_4 or 856$5=XxTown")
    one, two = ((found[place] or "_").replace("#", " ") for place in (2, 3))
    return FieldSpec(found[1], (one, two), found[4] or "", found[5] or "")


LOCAL_FIELDS: Final = ("09X", "59X", "69X", "6XX/_4", "852", "856$5", "876", "877", "878", "9XX")
"""What libraries add for themselves: local call numbers, notes, subjects, links, holdings, items."""
NEVER_TAKEN: Final = ("001", "003")
"""The control number names the record in this catalog; the new record's own goes to 035."""


def _specs(written: Iterable[str | FieldSpec]) -> tuple[FieldSpec, ...]:
    return tuple([one if isinstance(one, FieldSpec) else field_spec(one) for one in written])


@frozen
class OverlayPolicy:
    """What an overlay keeps of the old record, and what it never takes from the new one.

    `protect`: fields of the old record that stay; those of the new record they cover are left out, so that nothing is
    doubled. `add`: fields of the old record that stay beside those of the new one, unless they are the same. `strip`:
    fields of the new record that are left out (other libraries' local fields).
    """

    protect: tuple[FieldSpec, ...] = field(converter=_specs, default=LOCAL_FIELDS)
    add: tuple[FieldSpec, ...] = field(converter=_specs, default=())
    strip: tuple[FieldSpec, ...] = field(converter=_specs, default=("029", "049", "938", "994"))
    keep_control_number: bool = True


@frozen
class Overlay:
    """The record as it will be, and how it came about."""

    record: MarcRecord
    kept: tuple[MarcField, ...] = ()
    gone: tuple[MarcField, ...] = ()
    come: tuple[MarcField, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        """Whether the record is as before, but for the order of its fields and the date of change."""
        return not self.gone and not self.come


def _covered(found: MarcField, specs: Iterable[FieldSpec]) -> bool:
    return any(spec.covers(found) for spec in specs)


def placed(fields: Sequence[MarcField], more: Iterable[MarcField]) -> tuple[MarcField, ...]:
    """The fields with more of them put behind the last one whose tag is not higher; the order they have stays."""
    out = list(fields)
    for one in more:
        place = len(out)
        while place and out[place - 1].tag > one.tag:
            place -= 1
        out.insert(place, one)
    return tuple(out)


def overlay(old: MarcRecord, new: MarcRecord, policy: OverlayPolicy | None = None) -> Overlay:
    """What comes of putting `new` over `old`: nothing is stored, both records stay as they are."""
    rules = OverlayPolicy() if policy is None else policy
    own = [found for found in old.fields if rules.keep_control_number and found.tag in NEVER_TAKEN]
    kept = [found for found in old.fields if _covered(found, rules.protect)]
    taken = [
        found
        for found in new.fields
        if not _covered(found, rules.strip)
        and not _covered(found, rules.protect)
        and not (own and found.tag in NEVER_TAKEN)
    ]
    added = [found for found in old.fields if _covered(found, rules.add) and found not in taken and found not in kept]
    source = _source_number(old, new) if own else None
    if source is not None and source not in taken and source not in kept + added:
        added.append(source)
    record = MarcRecord(new.leader, placed(placed(taken, own), [*added, *kept]))
    steady = [found for found in old.fields if found.tag != "005"]
    return Overlay(
        record,
        tuple(kept),
        tuple([found for found in steady if found not in record.fields]),
        tuple([found for found in record.fields if found not in old.fields and found.tag != "005"]),
    )


def _source_number(old: MarcRecord, new: MarcRecord) -> MarcField | None:
    """The new record's control number as 035, so that the next overlay finds it."""
    number, source = new.value("001").strip(), new.value("003").strip()
    if not number or not source or (number, source) == (old.value("001").strip(), old.value("003").strip()):
        return None
    return MarcField("035", "  ", (("a", f"({source}){number}"),))


MERGED_FIELDS: Final = ("020", "022", "024", "028", "035", "6XX", "9XX", "852", "856")


def merge_fields(winner: MarcRecord, loser: MarcRecord, take: Iterable[str | FieldSpec] = MERGED_FIELDS) -> MarcRecord:
    """The winner with those fields of the loser that it lacks: numbers, subjects, links, items. Its own stay."""
    specs = _specs(take)
    more = [found for found in loser.fields if _covered(found, specs) and found not in winner.fields]
    return evolve(winner, fields=placed(winner.fields, more))
