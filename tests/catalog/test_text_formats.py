"""MARCXML, MARC-in-JSON and MARCMaker: read record by record, with the same account of every byte."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libops.base.errors import FormatError, InvalidValue
from libops.catalog.marc import (
    Gap,
    MarcField,
    MarcRecord,
    Ok,
    Rejected,
    Rescued,
    control_field,
    data_field,
    iso2709_bytes,
    marcxml_text,
    mrk_text,
    parse_text,
    read,
    read_marc_json,
    read_marcxml,
    read_mrk,
    record_text,
    write_json_lines,
    write_marcxml,
)
from libops.testing.sample_marc import accounted, records, records_in
from libops.testing.strategies.catalog import marc_records

XML, JSON, MRK = "xml", "json", "mrk"
READERS = {XML: read_marcxml, JSON: read_marc_json, MRK: read_mrk}


def written(form: str, some: tuple[MarcRecord, ...]) -> bytes:
    if form == XML:
        return b"".join(write_marcxml(some))
    if form == JSON:
        return b"[" + b",".join(record_text(record).encode() for record in some) + b"]\n"
    return "".join(map(mrk_text, some)).encode()


@pytest.mark.parametrize("form", [XML, JSON, MRK])
def test_what_is_written_reads_back(form: str) -> None:
    """The sample catalog goes out and comes back the same, and the format is seen without being told."""
    blob = written(form, records(40))
    outcomes = list(read(blob))
    assert accounted(outcomes, blob)
    assert list(records(40)) == records_in(outcomes)
    assert {Ok, Gap} == {type(outcome) for outcome in outcomes}


@given(st.lists(marc_records(), min_size=1, max_size=3))
@settings(max_examples=30, deadline=None)
def test_any_sound_record_survives_every_format(some: list[MarcRecord]) -> None:
    """Letters of all scripts, dollar signs, braces and angle brackets go through all four formats."""
    iso = b"".join(map(iso2709_bytes, some))
    lines = b"".join(write_json_lines(some))
    for blob in (iso, lines, written(XML, tuple(some)), written(MRK, tuple(some))):
        assert some == records_in(list(read(blob)))
    assert some == [parse_text(record_text(record)) for record in some]


@given(st.sampled_from([XML, JSON, MRK]), st.data())
@settings(max_examples=150, deadline=None)
def test_damage_in_one_record_leaves_the_later_ones_alone(form: str, data) -> None:
    """Cut or garble one place: no exception, all bytes accounted, and the records two places on are read."""
    some = records(6)
    blob = written(form, some)
    at = data.draw(st.integers(0, len(blob) // 3))
    size = data.draw(st.integers(0, 60))
    broken = blob[:at] + data.draw(st.binary(max_size=20)) + blob[at + size :]
    outcomes = list(READERS[form](BytesIO(broken)))
    assert accounted(outcomes, broken)
    assert list(some[4:]) == records_in(outcomes)[-2:]


def test_an_ill_formed_record_ends_itself_only() -> None:
    """XML: the broken record is rejected with its line, its neighbors are read."""
    blob = written(XML, records(3)).replace(b"</leader>", b"</laeder>", 2).replace(b"</laeder>", b"</leader>", 1)
    outcomes = [outcome for outcome in read(blob) if not isinstance(outcome, Gap)]
    assert ["Ok", "Rejected", "Ok"] == [type(outcome).__name__ for outcome in outcomes]
    assert "xml.bad" == outcomes[1].reason.code
    assert outcomes[1].reason.detail.startswith("line ")


def test_a_field_without_a_tag_is_kept_under_question_marks() -> None:
    """XML: a missing tag attribute ends neither the file nor the record."""
    blob = b'<record><leader>00000nam a2200000 a 4500</leader><datafield ind1=" " ind2=" "><subfield code="a">Chess'
    (outcome,) = read(blob + b"</subfield></datafield></record>")
    assert isinstance(outcome, Rescued)
    assert [("???", "Chess")] == [(found.tag, found.get("a")) for found in outcome.record.fields]


def test_entities_are_never_expanded() -> None:
    """A document type definition is not read: no billion laughs, no file of the server in a title."""
    bomb = b'<!DOCTYPE c [<!ENTITY lol "lol"><!ENTITY x SYSTEM "file:///etc/hostname">]>'
    one = b"<record><leader>00000nam a2200000 a 4500</leader><controlfield tag='001'>&x;</controlfield></record>"
    outcomes = [outcome for outcome in read(bomb + b"<c>" + one + b"</c>") if not isinstance(outcome, Gap)]
    assert ["xml.bad"] == [outcome.reason.code for outcome in outcomes if isinstance(outcome, Rejected)]


@pytest.mark.parametrize(
    "blob",
    [
        b"%s%s",
        b'<?xml version="1.0"?><a><b>%s</b></a><c>%s</c>',
        b"<zs:records><zs:record><zs:recordData>%s</zs:recordData></zs:record><zs:record>%s</zs:record></zs:records>",
        b"<!-- <record> --><collection>%s%s</collection>",
    ],
)
def test_records_are_found_in_any_frame(blob: bytes) -> None:
    """No root, several roots, a search answer around, a record in a comment: two records are two records."""
    pair = tuple(marcxml_text(record).encode() for record in records(2))
    outcomes = list(read_marcxml(BytesIO(blob % pair)))
    assert accounted(outcomes, blob % pair)
    assert (list(records(2)), 0) == (records_in(outcomes), sum(isinstance(o, Rejected) for o in outcomes))


def test_prefixes_and_encodings_of_xml() -> None:
    """marc:record in Latin-1 is a record like any other."""
    text = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><m:collection xmlns:m="http://www.loc.gov/MARC21/slim"><m:record>'
    )
    text += "<m:leader>00000nam a2200000 a 4500</m:leader><m:datafield tag='245' ind1='0' ind2='0'>"
    text += "<m:subfield code='a'>L'été</m:subfield></m:datafield></m:record></m:collection>"
    assert ["L'été"] == [found.subfield("245", "a") for found in records_in(list(read(text.encode("latin-1"))))]


def test_half_a_character_in_json_is_mended() -> None:
    """A lone surrogate cannot be stored anywhere: it becomes U+FFFD, and that is said."""
    field = b'{"245":{"ind1":"0","ind2":"0","subfields":[{"a":"\\ud800"}]}}'
    blob = b'{"leader":"00000nam a2200000 a 4500","fields":[' + field + b"]}"
    (outcome,) = read(blob)
    assert (Rescued, "\ufffd") == (type(outcome), outcome.record.subfield("245", "a"))


def test_json_is_one_record_to_a_line_or_an_array() -> None:
    """Both customs are read, and so is a single record."""
    some = records(2)
    lines = b"".join(write_json_lines(some))
    array = json.dumps([json.loads(record_text(record)) for record in some], indent=2).encode()
    assert [list(some)] * 2 == [records_in(list(read(lines))), records_in(list(read(array)))]
    assert [some[0]] == records_in(list(read(record_text(some[0]).encode())))


def test_mrk_writes_blanks_and_dollars_so_that_they_come_back() -> None:
    """A backslash stands for a blank; {dollar} for a price."""
    price = data_field("020", "  ", ("a", "0131103628"), ("c", "$24.95 {net} \\"))
    record = MarcRecord("00000nam a2200000 a 4500", (control_field("008", "  260101"), price))
    text = mrk_text(record)
    assert "=020  \\\\$a0131103628$c{dollar}24.95 {lcub}net{rcub} {bsol}" in text
    assert [record] == records_in(list(read(text.replace("\n", "\r\n").encode())))


def test_the_writer_refuses_what_would_not_read_back() -> None:
    """A typed error instead of corrupt bytes: too long, a separator inside, no two indicators, a bad code."""
    leader = "00000nam a2200000 a 4500"
    long_field = MarcField("505", "  ", (("a", "x" * 10_000),))
    many = tuple(MarcField("500", "  ", (("a", "x" * 9_000),)) for _ in range(12))
    bad = [
        MarcRecord(leader, (long_field,)),
        MarcRecord(leader, many),
        MarcRecord(leader, (MarcField("245", "10", (("a", "one\x1etwo"),)),)),
        MarcRecord(leader, (MarcField("245", "1", (("a", "Chess"),)),)),
        MarcRecord(leader, (MarcField("245", "10", (("ab", "Chess"),)),)),
        MarcRecord(leader, (MarcField("24", "10", (("a", "Chess"),)),)),
        MarcRecord("00000nam", (MarcField("245", "10", (("a", "Chess"),)),)),
    ]
    for record in bad:
        with pytest.raises(FormatError):
            iso2709_bytes(record)
    assert [MarcRecord(leader, many)] == records_in(list(read(b"".join(write_marcxml([MarcRecord(leader, many)])))))
    with pytest.raises(FormatError, match="control character"):
        marcxml_text(MarcRecord(leader, (MarcField("245", "10", (("a", "bell \x07"),)),)))


def test_a_field_with_a_separator_is_refused_when_it_is_made() -> None:
    """The error comes where the mistake is made, not when the file is written."""
    with pytest.raises(InvalidValue, match="0x1D"):
        data_field("245", "10", ("a", "one\x1dtwo"))
    with pytest.raises(InvalidValue, match="two characters"):
        data_field("245", "1", ("a", "Chess"))
    with pytest.raises(InvalidValue, match="001 to 009"):
        control_field("245", "Chess")
