"""A MARC record as a value: a leader and fields in their order, as Unicode text in NFC.

Kept in the catalog as MARC-in-JSON text, which any database can look into and every MARC tool can read. Lengths in the
leader (positions 00-04 and 12-16) belong to a file, not to a record: they are zeros here and filled in on writing.

>>> title = data_field("245", "10", ("a", "Town libraries :"), ("b", "a guide"))
>>> record = MarcRecord(BLANK_LEADER, (control_field("001", "ocm1234"), title))
>>> record.first("245").text("ab")
'Town libraries : a guide'
>>> parse_text(record_text(record)) == record
True
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Final

from attrs import frozen

from libops.base.errors import FormatError, InvalidValue

__all__ = [
    "BLANK_LEADER",
    "MarcField",
    "MarcRecord",
    "control_field",
    "data_field",
    "parse_text",
    "record_text",
    "text_and_hash",
]

BLANK_LEADER = "00000nam a2200000 a 4500"
OPENING: Final = {code: f'{{"{code}":' for code in "abcdefghijklmnopqrstuvwxyz0123456789"}
STRUCTURE: Final = ("\x1d", "\x1e", "\x1f")


@frozen
class MarcField:
    """A field: a control field has a `value`; a data field has two indicators and subfields of code and text."""

    tag: str
    indicators: str = ""
    subfields: tuple[tuple[str, str], ...] = ()
    value: str = ""

    @property
    def is_control(self) -> bool:
        """Whether the field has no indicators and subfields (tags 001 to 009)."""
        return not self.indicators

    @property
    def ind1(self) -> str:
        """The first indicator."""
        return self.indicators[:1]

    @property
    def ind2(self) -> str:
        """The second indicator."""
        return self.indicators[1:2]

    def get(self, code: str) -> str:
        """The first subfield with this code, empty when there is none."""
        for found, text in self.subfields:
            if found == code:
                return text
        return ""

    def all(self, codes: str) -> tuple[str, ...]:
        """The texts of all subfields with one of these codes, in their order."""
        return tuple([text for code, text in self.subfields if code in codes])

    def text(self, codes: str = "", separator: str = " ") -> str:
        """The subfields with one of these codes joined; all of them when no codes are given."""
        if not codes:
            return separator.join([text for _, text in self.subfields])
        return separator.join([text for code, text in self.subfields if code in codes])


@frozen
class MarcRecord:
    """A record: its leader of 24 characters and its fields."""

    leader: str
    fields: tuple[MarcField, ...] = ()

    def first(self, *tags: str) -> MarcField | None:
        """The first field with one of these tags, in the order of the record."""
        for found in self.fields:
            if found.tag in tags:
                return found
        return None

    def all(self, *tags: str) -> Iterator[MarcField]:
        """All fields with one of these tags, in the order of the record."""
        return (found for found in self.fields if found.tag in tags)

    def value(self, tag: str) -> str:
        """The value of a control field, empty when there is none."""
        for found in self.fields:
            if found.tag == tag:
                return found.value
        return ""

    def subfield(self, tag: str, code: str) -> str:
        """The first subfield with this code in the first field with this tag, empty when there is none."""
        found = self.first(tag)
        return "" if found is None else found.get(code)


def _clean(tag: str, text: str) -> str:
    if any(mark in text for mark in STRUCTURE):
        raise InvalidValue(f"{tag} {text!r} holds a MARC separator (0x1D, 0x1E or 0x1F): take it out")
    return text


def control_field(tag: str, value: str) -> MarcField:
    """A control field. Raises `InvalidValue` for a tag that is none (001 to 009) or a separator in the value."""
    if not (len(tag) == 3 and tag.startswith("00") and tag[2] in "123456789"):
        raise InvalidValue(f"{tag!r} is no control field: their tags are 001 to 009")
    return MarcField(tag, "", (), _clean(tag, value))


def data_field(tag: str, indicators: str, *subfields: tuple[str, str]) -> MarcField:
    """A data field.

    Raises `InvalidValue` for a tag that is not three letters or digits, indicators that are not two characters, a code
    that is not one, or a separator in a text.
    """
    if not (len(tag) == 3 and tag.isascii() and tag.isalnum()) or tag.startswith("00"):
        raise InvalidValue(f"{tag!r} is no tag of a data field: it has three digits or letters, such as 245")
    if len(indicators) != 2:
        raise InvalidValue(f"indicators {indicators!r} of {tag} are not two characters: write a blank for none")
    for code, text in subfields:
        if len(code) != 1:
            raise InvalidValue(f"subfield code {code!r} of {tag} is not one character")
        _clean(tag, code + text)
    return MarcField(tag, _clean(tag, indicators), subfields)


def _field_text(found: MarcField) -> str:
    if not found.indicators:
        return f"{{{encode_basestring(found.tag)}:{encode_basestring(found.value)}}}"
    texts = [
        f"{OPENING.get(code) or '{' + encode_basestring(code) + ':'}{encode_basestring(text)}}}"
        for code, text in found.subfields
    ]
    first, second = encode_basestring(found.indicators[:1]), encode_basestring(found.indicators[1:])
    head = f'{{{encode_basestring(found.tag)}:{{"ind1":{first},"ind2":{second},"subfields":['
    return f"{head}{','.join(texts)}]}}}}"


def record_text(record: MarcRecord) -> str:
    """The record as MARC-in-JSON on one line."""
    return text_and_hash(record)[0]


def text_and_hash(record: MarcRecord) -> tuple[str, str]:
    """The record as MARC-in-JSON, and a fingerprint of it without the date of last transaction (005)."""
    head = f'{{"leader":{encode_basestring(record.leader)},"fields":['
    texts = [_field_text(found) for found in record.fields]
    whole = f"{head}{','.join(texts)}]}}"
    stable = [text for text in texts if not text.startswith('{"005":')]
    content = whole if len(stable) == len(texts) else f"{head}{','.join(stable)}]}}"
    return whole, sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def parse_text(text: str) -> MarcRecord:
    """Read MARC-in-JSON again. Raises `FormatError` for anything else, with what was found."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise FormatError(f"no MARC-in-JSON: {error}") from None
    return record_from_json(found)


def record_from_json(found: object) -> MarcRecord:
    """A record from MARC-in-JSON that was loaded already. Raises `FormatError` when it has another shape."""
    if not isinstance(found, dict):
        raise FormatError(f"{found!r:.60} is no MARC-in-JSON record: it has a leader and fields")
    try:
        leader, entries = found["leader"], found["fields"]
        if not isinstance(leader, str):
            raise TypeError
        return MarcRecord(
            leader, tuple([_field_from_json(tag, body) for entry in entries for tag, body in entry.items()])
        )
    except (KeyError, TypeError, AttributeError, ValueError):
        raise FormatError(f"{found!r:.200} is no MARC-in-JSON record: it has a leader and fields") from None


def _field_from_json(tag: str, body: object) -> MarcField:
    if isinstance(body, str):
        return MarcField(tag, "", (), body)
    if not isinstance(body, dict):
        raise TypeError
    subfields = tuple([pair for entry in body["subfields"] for pair in entry.items()])
    for _, text in subfields:
        if not isinstance(text, str):
            raise TypeError
    return MarcField(tag, str(body.get("ind1", " ")) + str(body.get("ind2", " ")), subfields)
