"""The validator knows the standard and the library's profile, and names record, field and place."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given, settings

from libops.base.errors import NotFound, SettingsError
from libops.catalog.marc import MarcField, MarcRecord, data_field, read
from libops.catalog.validation import (
    CatalogingRules,
    Severity,
    cataloging_rules,
    field_rules,
    linked_880,
    profile_of,
    shipped_profile,
    validate,
    validate_outcomes,
)
from libops.testing.sample_marc import chunks, records
from libops.testing.strategies.catalog import marc_records

SOUND = records(1)[0]


def edited(*fields: MarcField, leader: str = SOUND.leader, without: tuple[str, ...] = ()) -> MarcRecord:
    tags = {found.tag for found in fields} | set(without)
    kept = [found for found in SOUND.fields if found.tag not in tags]
    return MarcRecord(leader, tuple(sorted([*kept, *fields], key=lambda found: found.tag)))


def found(record: MarcRecord, profile: str = "minimal") -> list[tuple[str, str]]:
    return [
        (finding.code, finding.tag)
        for finding in validate(record, shipped_profile(profile))
        if finding.severity is not Severity.NOTE
    ]


def test_a_sound_record_has_no_findings_but_that_it_is_hybrid() -> None:
    """The sample record has fields of RDA in a record coded AACR2, as so many do."""
    assert [] == found(SOUND)
    assert ["rules.hybrid"] == [finding.code for finding in validate(SOUND)]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (data_field("245", "20", ("a", "Chess")), ("indicator.bad_1", "245")),
        (data_field("245", "14", ("a", "Chess for two")), ("title.nonfiling", "245")),
        (data_field("245", "10", ("c", "Ada Lovelace")), ("title.missing", "245")),
        (data_field("245", "10", ("a", "Chess"), ("a", "Go")), ("subfield.repeated", "245")),
        (data_field("300", "  ", ("a", "12 pages"), ("z", "odd")), ("subfield.unknown", "300")),
        (data_field("020", "  ", ("a", "0131103629")), ("isbn.invalid", "020")),
        (data_field("022", "  ", ("a", "2049-3631")), ("issn.invalid", "022")),
        (data_field("264", "# ", ("a", "London")), ("indicator.bad_1", "264")),
        (data_field("349", "  ", ("a", "local")), None),
        (data_field("285", "  ", ("a", "nothing")), ("field.unknown", "285")),
        (data_field("500", "  ", ("a", "")), ("subfield.empty", "500")),
        (MarcField("500", "  "), ("field.empty", "500")),
        (MarcField("500", "", (), "a note"), ("field.wrong_form", "500")),
        (data_field("880", "  ", ("6", "245-01"), ("a", "Шахматы")), ("linkage.broken", "880")),
        (data_field("880", "  ", ("a", "Шахматы")), ("linkage.bad", "880")),
        (data_field("500", "  ", ("6", "880-02"), ("a", "a note")), ("linkage.broken", "500")),
        (MarcField("005", "", (), "yesterday"), ("005.bad", "005")),
        (MarcField("008", "", (), "260101s2000"), ("008.length", "008")),
    ],
)
def test_each_mistake_is_named(field: MarcField, expected: tuple[str, str] | None) -> None:
    """One mistake, one finding; local fields are nobody's business."""
    assert ([expected] if expected else []) == [one for one in found(edited(field)) if one[0] != "profile.required"][:1]


def test_a_field_that_stands_once_stands_once() -> None:
    """Two titles, two main entries: named at the second."""
    twice = evolve(SOUND, fields=(*SOUND.fields, data_field("245", "10", ("a", "Chess"))))
    assert [("field.repeated", "245", len(SOUND.fields))] == [
        (finding.code, finding.tag, finding.field_no)
        for finding in validate(twice)
        if finding.severity is Severity.ERROR
    ]
    both = evolve(SOUND, fields=(*SOUND.fields, data_field("110", "2 ", ("a", "Town Library"))))
    assert ("main_entry.repeated", "110") in found(both)


def test_codes_of_the_leader_and_008_are_checked_by_position() -> None:
    """Status, type and level of the leader; literary form and language of a book's 008."""
    assert [("LDR", 5), ("LDR", 6)] == [
        (finding.tag, finding.offset)
        for finding in validate(evolve(SOUND, leader="00000?Zm a2200000 a 4500"))
        if finding.code == "leader.bad_code"
    ]
    value = "260101s2000    xx ".ljust(29) + "000 Q ENG d"
    offsets = [f.offset for f in validate(edited(MarcField("008", "", (), value))) if f.tag == "008"]
    assert [33, 35] == offsets


def test_profiles_say_what_must_be_there() -> None:
    """Minimal asks for a title and a source; full for publication, extent and more; missing ones are named together."""
    bare = edited(without=("040", "264", "300", "336", "650"))
    assert [("profile.required", "040"), ("profile.expected", "300")] == found(bare)
    full = [one for one in found(bare, "full") if one[0] == "profile.required"]
    assert {"040", "260", "300"} == {tag for _, tag in full}
    own = profile_of("town", {"required": ["952$p"], "expected": ["6XX"]})
    missing = [f.code for f in validate(edited(without=("952", "650")), own) if f.severity is not Severity.NOTE]
    assert ["profile.required", "profile.expected"] == missing
    with pytest.raises(SettingsError, match="write"):
        profile_of("town", {"required": ["24"]})
    with pytest.raises(NotFound, match="minimal"):
        shipped_profile("maximal")


def test_rules_are_recognized() -> None:
    """RDA says so in 040; AACR2 in leader/18; both signs together are hybrid."""
    rda = edited(
        data_field("040", "  ", ("a", "DLC"), ("b", "eng"), ("e", "rda"), ("c", "DLC")),
        data_field("300", "  ", ("a", "233 pages")),
        leader="00000nam a2200000 i 4500",
    )
    aacr2 = edited(data_field("260", "  ", ("a", "London")), without=("264", "336", "337", "338"))
    assert [CatalogingRules.RDA, CatalogingRules.AACR2, CatalogingRules.HYBRID] == [
        cataloging_rules(one) for one in (rda, aacr2, SOUND)
    ]
    gmd = edited(*rda.fields[:8], data_field("245", "10", ("a", "Chess"), ("h", "[videorecording]")), leader=rda.leader)
    assert "rules.rda_gmd" in [finding.code for finding in validate(gmd)]


def test_a_pair_of_scripts_is_found_from_its_romanized_side() -> None:
    """880 and its partner are linked through $6 both ways."""
    title = data_field("245", "10", ("6", "880-01"), ("a", "Shakhmaty"))
    original = data_field("880", "10", ("6", "245-01/(N"), ("a", "Шахматы"))
    record = edited(title, original)
    assert (original, []) == (linked_880(record, title), found(record))


def test_findings_of_a_file_carry_their_record() -> None:
    """Whoever mends a file needs the number of the record."""
    wrong = chunks(3)[1].replace(b"\x1faDLC", b"\x1f%DLC", 1)
    blob = chunks(1)[0] + wrong + chunks(3)[2]
    numbers = [(f.record_no, f.code) for f in validate_outcomes(read(blob)) if f.severity is not Severity.NOTE]
    assert [(2, "subfield.unknown"), (2, "profile.required")] == numbers


def test_the_whole_sample_catalog_is_sound() -> None:
    """The shipped records hold to the standard; what is odd in the source facts is only warned of."""
    errors = {
        f"{finding}" for record in records(682) for finding in validate(record) if finding.severity is Severity.ERROR
    }
    assert set() == errors


def test_the_table_is_whole() -> None:
    """Every field of the table has indicators of one character, or none, and a name."""
    for rule in field_rules().values():
        assert rule.name
        assert all(set(values) <= set(" 0123456789") for values in rule.indicators)


@given(marc_records())
@settings(max_examples=40, deadline=None)
def test_the_validator_never_raises(record: MarcRecord) -> None:
    """Any record at all gets its findings."""
    assert all(str(finding) for finding in validate(record, shipped_profile("full")))
