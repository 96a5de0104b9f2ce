"""An ISO 2709 file comes in whole: every byte has its outcome, and damage to one record never costs another."""

from __future__ import annotations

from io import BytesIO
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymarc import marc8_mapping
from pymarc.marc8 import marc8_to_unicode

from libops.catalog.marc import Gap, Ok, Rejected, Rescued, iso2709_bytes, read, read_iso2709, rejects, tally
from libops.catalog.marc.marc8 import decode_marc8
from libops.testing.sample_marc import accounted, chunks, records, records_in


def shapes(blob: bytes) -> list[str]:
    outcomes = list(read_iso2709(BytesIO(blob)))
    assert accounted(outcomes, blob)
    return [type(outcome).__name__ for outcome in outcomes]


def codes(blob: bytes) -> list[str]:
    found = []
    for outcome in read_iso2709(BytesIO(blob)):
        if isinstance(outcome, Rejected):
            found.append(outcome.reason.code)
        elif not isinstance(outcome, Gap):
            found += [note.code for note in outcome.warnings]
            found += [note.code for note in outcome.repairs] if isinstance(outcome, Rescued) else []
    return found


def replaced(chunk: bytes, at: int, new: bytes) -> bytes:
    return chunk[:at] + new + chunk[at + len(new) :]


def built(*fields: tuple[str, bytes], utf8: bool = True) -> bytes:
    """A record put together by hand."""
    directory, body = b"", b""
    for tag, value in fields:
        directory += b"%s%04d%05d" % (tag.encode(), len(value) + 1, len(body))
        body += value + b"\x1e"
    base = 25 + len(directory)
    coding = b"a" if utf8 else b" "
    leader = b"%05dnam %s22%05d a 4500" % (base + len(body) + 1, coding, base)
    return leader + directory + b"\x1e" + body + b"\x1d"


def test_a_sound_file_is_read_record_by_record() -> None:
    """Sound records come out as they are, without a warning."""
    outcomes = list(read(b"".join(chunks(9))))
    assert ["Ok"] * 9 == [type(outcome).__name__ for outcome in outcomes]
    assert [()] * 9 == [outcome.warnings for outcome in outcomes if isinstance(outcome, Ok)]


def test_a_record_written_and_read_is_the_same_record() -> None:
    """What the writer writes, byte for byte, is what the sample file holds."""
    assert list(chunks(40)) == [iso2709_bytes(record) for record in records(40)]


@pytest.mark.parametrize("padding", [b"\n", b"\r\n", b"\x00\x00", b"\x1a", b"   "])
def test_padding_between_records_is_a_gap(padding: bytes) -> None:
    """Line ends, NUL, end-of-file marks and blanks between records are no error."""
    one, two = chunks(2)
    assert ["Ok", "Gap", "Ok", "Gap"] == shapes(one + padding + two + padding)


@pytest.mark.parametrize("length", [b"00000", b"00004", b"abcde", b"99999", b"00700", b"     "])
def test_a_wrong_length_costs_no_record(length: bytes) -> None:
    """The terminator ends a record, whatever its leader says; the repair names both lengths."""
    one, two, three = chunks(3)
    blob = one + replaced(two, 0, length) + three
    outcomes = [outcome for outcome in read(blob) if not isinstance(outcome, Gap)]
    assert ["Ok", "Rescued", "Ok"] == [type(outcome).__name__ for outcome in outcomes] or length == b"     "
    assert records(3)[2] == records_in(outcomes)[-1]


def test_a_length_that_spans_the_next_record_does_not_swallow_it() -> None:
    """Length right for two records: the inner terminator still ends the first."""
    one, two, three = chunks(3)
    swallowing = b"%05d" % (len(one) + len(two))
    assert ["Rescued", "Ok", "Ok"] == shapes(replaced(one, 0, swallowing) + two + three)
    assert "leader.length" in codes(replaced(one, 0, swallowing) + two)


def test_a_length_with_blanks_for_zeros_belongs_to_its_record() -> None:
    """Some systems pad the length with blanks: they are not padding between records."""
    one, two = chunks(2)
    padded = b"  " + b"%3d" % len(two) if len(two) < 1000 else b" " + b"%4d" % len(two)
    assert ["Ok", "Rescued"] == shapes(one + replaced(two, 0, padded))


def test_a_file_cut_in_the_middle_keeps_its_tail_for_mending() -> None:
    """No terminator to the end of the file: rejected as truncated, with the bytes."""
    one, two = chunks(2)
    outcomes = list(read(one + two[:300]))
    assert ("record.truncated", two[:300]) == (outcomes[1].reason.code, outcomes[1].raw)


def test_a_record_cut_in_the_middle_does_not_take_the_next_along() -> None:
    """Half a record, then a whole one: the half is rejected, the whole one is sound."""
    one, two, three = chunks(3)
    assert ["Ok", "Rejected", "Ok"] == shapes(one + two[:300] + three)


def test_two_spans_where_a_terminator_stands_inside_a_record() -> None:
    """A stray 0x1D inside a record makes two spans; the records around stay sound."""
    one, two, three = chunks(3)
    outcomes = list(read(one + two[:400] + b"\x1d" + two[401:] + three))
    assert 4 == len(outcomes)
    assert [records(3)[0], records(3)[2]] == [o.record for o in outcomes if isinstance(o, Ok)]


def test_a_directory_with_wrong_numbers_is_rebuilt_by_order() -> None:
    """As many entries as fields: lengths and offsets are taken from the fields themselves."""
    (one,) = chunks(1)
    broken = replaced(one, 24 + 12 * 6 + 3, b"000100009")
    outcomes = list(read(broken))
    assert isinstance(outcomes[0], Rescued)
    assert records(1)[0] == outcomes[0].record
    assert ["directory.rebuilt"] == codes(broken)


def test_a_field_too_long_for_its_directory_entry_is_rebuilt() -> None:
    """A writer that let a length grow to five digits: entries and fields still go together."""
    note = b"  \x1fa" + b"Contents. " * 1_200
    entries = b"245001000000" + b"505%05d%05d" % (len(note) + 1, 10) + b"650%04d%05d" % (13, 10 + len(note) + 1)
    title, subject = b"10\x1faChess\x1e", b" 0\x1faPuzzles.\x1e"
    base = 25 + len(entries)
    length = base + len(title) + len(note) + 1 + len(subject) + 1
    head = b"%05dnam a22%05d a 4500" % (length, base)
    outcomes = list(read(head + entries + b"\x1e" + title + note + b"\x1e" + subject + b"\x1d"))
    assert isinstance(outcomes[0], Rescued)
    assert ["245", "505", "650"] == [found.tag for found in outcomes[0].record.fields]
    assert "Contents. " * 1_200 == outcomes[0].record.subfield("505", "a")


def test_fields_stored_in_another_order_than_the_directory_are_no_damage() -> None:
    """The directory may list fields in any order; its own order is kept."""
    first, second = b"10\x1faChess\x1e", b" 0\x1faPuzzles.\x1e"
    entries = b"245%04d%05d" % (len(first), len(second)) + b"650%04d%05d" % (len(second), 0)
    base = 25 + len(entries)
    blob = b"%05dnam a22%05d a 4500" % (base + len(first) + len(second) + 1, base)
    outcomes = list(read(blob + entries + b"\x1e" + second + first + b"\x1d"))
    assert isinstance(outcomes[0], Ok)
    assert "Chess" == outcomes[0].record.subfield("245", "a")


def test_a_field_that_the_directory_does_not_name_is_reported_with_its_bytes() -> None:
    """Nothing is dropped in silence: the bytes of an unlisted field are in the repair."""
    first, second = b"10\x1faChess\x1e", b" 0\x1faPuzzles.\x1e"
    entries = b"245%04d%05d" % (len(first), 0)
    blob = b"%05dnam a22%05d a 4500" % (37 + len(first) + len(second) + 1, 37)
    outcomes = list(read(blob + entries + b"\x1e" + first + second + b"\x1d"))
    assert [("field.unlisted", second[:-1])] == [(note.code, note.raw) for note in outcomes[0].repairs]


def test_a_directory_that_cannot_be_matched_is_rejected() -> None:
    """Three entries for two fields: which tag is whose would be a guess."""
    blob = b"00075nam a2200061 a 4500" + b"245000900000" * 3 + b"\x1e10\x1faChess\x1e 0\x1faGo\x1e\x1d"
    outcomes = list(read(blob))
    assert "directory.disagrees" == outcomes[0].reason.code


def test_bytes_that_are_not_utf8_are_read_as_what_they_are() -> None:
    """Leader/09 says UTF-8, one field is cp1252: that field alone is reread, and its bytes are kept."""
    blob = built(("245", b"10\x1faL'\xe9t\xe9"), ("500", "  \x1faÉté".encode()))
    (outcome,) = read(blob)
    assert isinstance(outcome, Rescued)
    assert ("L'été", "Été") == (outcome.record.subfield("245", "a"), outcome.record.subfield("500", "a"))
    assert [("encoding.not_utf8", "245", b"10\x1faL'\xe9t\xe9")] == [(n.code, n.tag, n.raw) for n in outcome.repairs]


def test_a_leader_that_lies_about_utf8_is_noticed() -> None:
    """Leader/09 blank, data UTF-8: read as UTF-8, with a warning, not as mojibake."""
    (outcome,) = read(built(("245", "10\x1faL'été".encode()), utf8=False))
    assert ("L'été", ["encoding.leader_contradicts"]) == (
        outcome.record.subfield("245", "a"),
        [note.code for note in outcome.warnings],
    )


def test_marc8_diacritics_stand_before_their_letter_and_end_up_in_nfc() -> None:
    """ANSEL E2 is the acute accent, written before its letter."""
    (outcome,) = read(built(("245", b"10\x1faL'\xe2et\xe2e"), utf8=False))
    assert (Ok, "L'été") == (type(outcome), outcome.record.subfield("245", "a"))


def test_marc8_escapes_reach_cyrillic_and_come_back() -> None:
    """ESC ( N switches to Cyrillic, ESC ( B back to Latin. Source: MARC 21 character sets, part 2."""
    (outcome,) = read(built(("245", b"10\x1faBook \x1b(Nkniga\x1b(B end\x1fbnext"), utf8=False))
    assert "Book КНИГА end" == outcome.record.subfield("245", "a").upper().replace("BOOK", "Book").replace("END", "end")
    assert "next" == outcome.record.subfield("245", "b")


def test_an_unmapped_marc8_byte_is_shown_and_located() -> None:
    """A byte that means nothing becomes U+FFFD and is reported with its offset in the file."""
    blob = built(("245", b"10\x1faA\xd8B"), utf8=False)
    (outcome,) = read(blob)
    assert ("A\ufffdB", [("encoding.unmapped", blob.index(b"\xd8"))]) == (
        outcome.record.subfield("245", "a"),
        [(note.code, note.offset) for note in outcome.warnings],
    )


@pytest.mark.parametrize(
    ("body", "code", "indicators", "subfields"),
    [
        (b"1\x1faChess", "field.indicators", "1 ", (("a", "Chess"),)),
        (b"\x1faChess", "field.indicators", "  ", (("a", "Chess"),)),
        (b"100\x1faChess", "field.indicators", "10", ((" ", "0"), ("a", "Chess"))),
        (b"10\x1faChess\x1f\x1fbA game", "field.empty_subfield", "10", (("a", "Chess"), ("b", "A game"))),
        (b"10\x1faChess\x1f:A game", "field.bad_code", "10", (("a", "Chess"), (":", "A game"))),
    ],
)
def test_odd_indicators_and_codes_are_kept_and_named(body: bytes, code: str, indicators: str, subfields) -> None:
    """The reader keeps what stands there; the validator decides what it is worth."""
    blob = built(("245", body))
    (outcome,) = read(blob)
    assert [code] == codes(blob)
    assert (indicators, subfields) == (outcome.record.fields[0].indicators, outcome.record.fields[0].subfields)


def test_a_rejects_file_can_be_mended_and_read_again() -> None:
    """Rejected records keep their original bytes: with the terminator put back, the record is whole."""
    one, two, three = chunks(3)
    (wreck,) = rejects(read(one + two[:-1] + three))
    assert [records(3)[1]] == records_in(list(read(wreck + b"\x1d")))


def test_progress_ends_with_the_length_of_the_file() -> None:
    """Whoever shows a bar sees it reach the end."""
    seen: list[int] = []
    blob = b"".join(chunks(30))
    list(read(blob + b"\n", progress=seen.append))
    assert (len(blob) + 1, sorted(seen)) == (seen[-1], seen)


def test_a_dry_run_counts_what_is_there() -> None:
    """The report of a dry run: records, repairs by kind, reasons, and that every byte has its place."""
    one, two, three = chunks(3)
    report = tally(read(one + replaced(two, 0, b"00000") + b"\n" + three[:200]))
    assert (1, 1, 1, 1, True) == (report.ok, report.rescued, report.rejected, report.gaps, report.contiguous)
    assert {"leader.length": 1} == report.repairs
    assert {"record.truncated": 1} == report.reasons
    assert report.examples["record.truncated"].startswith("record 3: record.truncated")


ACTS = st.sampled_from(["cut", "flip", "splice", "double"])


@st.composite
def mutilated(draw) -> tuple[bytes, list[bytes]]:
    """The sample's bytes with something cut, flipped, spliced in or doubled; and the records that are still whole."""
    whole = list(chunks(8))
    blob = b"".join(whole)
    for _ in range(draw(st.integers(1, 4))):
        act, at = draw(ACTS), draw(st.integers(0, len(blob) - 1))
        size = draw(st.one_of(st.integers(1, 12), st.integers(1, 2_000)))
        if act == "cut":
            blob = blob[:at] + blob[at + size :]
        elif act == "flip":
            blob = blob[:at] + bytes([blob[at] ^ draw(st.integers(1, 255))]) + blob[at + 1 :]
        elif act == "splice":
            blob = blob[:at] + draw(st.binary(min_size=1, max_size=60)) + blob[at:]
        else:
            blob = blob[:at] + blob[at : at + size] + blob[at:]
        if not blob:
            blob = b"\n"
    return blob, [chunk for chunk in whole if chunk in blob]


@given(mutilated(), st.integers(1, 7))
@settings(max_examples=150, deadline=None)
def test_no_mutilation_loses_a_good_record_or_a_byte(case: tuple[bytes, list[bytes]], size: int) -> None:
    """Whatever happens to a file: no exception, every byte has its outcome, and every whole record is read."""
    blob, whole = case
    outcomes = list(read_iso2709(Slow(blob, size * 97)))
    assert accounted(outcomes, blob)
    sound = {outcome.raw for outcome in outcomes if isinstance(outcome, Ok)}
    assert [] == [chunk[:24] for chunk in whole if chunk not in sound]


class Slow(BytesIO):
    """A stream that gives a few bytes at a time, as a socket may."""

    def __init__(self, blob: bytes, portion: int) -> None:
        super().__init__(blob)
        self.portion = portion

    def read(self, size: int | None = -1) -> bytes:
        return super().read(self.portion)


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_at_all_have_an_account(blob: bytes) -> None:
    """A photograph named catalog.mrc is refused, not crashed on."""
    assert accounted(list(read_iso2709(BytesIO(blob))), blob)
    assert accounted(list(read(blob)), blob)


def test_a_mark_at_the_end_of_a_subfield_is_kept_and_named() -> None:
    """MARC-8 puts a mark before its letter; one with no letter behind it is not dropped."""
    (outcome,) = read(built(("245", b"10\x1faCafe\xe2\x1fbnoir"), utf8=False))
    assert (["encoding.mark_without_letter"], "noir") == (
        [note.code for note in outcome.warnings],
        outcome.record.subfield("245", "b"),
    )


def test_marc8_reads_as_pymarc_reads_it_where_pymarc_reads_it_right() -> None:
    """Every letter of every set that the tables hold, one by one, between Latin letters."""
    shifts = {0x4E: b"(N", 0x51: b")Q", 0x32: b"(2", 0x33: b"(3", 0x53: b"(S", 0x31: b"$1"}
    shifts |= {0x70: b"p", 0x62: b"b", 0x67: b"g"}
    for code, shift in shifts.items():
        back = b"s" if len(shift) == 1 else b"(B"
        for point in [point for point in marc8_mapping.CODESETS[code] if point > 0x20][::7]:
            raw = b"a\x1b" + shift + point.to_bytes(3 if code == 0x31 else 1, "big") + b"\x1b" + back + b"x"
            assert marc8_to_unicode(raw, hide_utf8_warnings=True) == normalize("NFC", decode_marc8(raw)[0])
