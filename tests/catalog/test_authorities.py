"""Headings are linked to their authority, flipped to the established form, or left to a person."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from attrs import evolve

import libops
from libops.base.decisions import Override, Refuse
from libops.base.errors import FormatError
from libops.base.events import Put
from libops.base.ids import BibId
from libops.catalog import CHANGES
from libops.catalog.authorities import (
    Authority,
    AuthorityFile,
    AuthorityForm,
    HeadingKind,
    HeadingOutcome,
    Relation,
    control,
    effects,
    forms_of,
    marc_of_authority,
    one_way_relations,
    to_authority,
    unauthorized,
)
from libops.catalog.authorities.decide import (
    AuthorityFacts,
    add_authority,
    change_authority,
    delete_authority,
)
from libops.catalog.marc import MarcField, MarcRecord, control_field, data_field, to_bib
from libops.desk.reads import Reads
from libops.testing.sample_marc import records
from libops.wire.json import as_json, from_json

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LEADER = "00000nz  a2200000n  4500"
LCSH = "860211|| anannbabn          |a ana     "
MESH = LCSH[:11] + "c" + LCSH[12:]


def authority(number: str, *fields: MarcField, fixed: str = LCSH) -> Authority:
    head = (control_field("001", number), control_field("003", "DLC"), control_field("008", fixed))
    return to_authority(MarcRecord(LEADER, (*head, *fields)), number)


COOKING = authority(
    "sh1",
    data_field("150", "  ", ("a", "Cooking")),
    data_field("450", "  ", ("w", "nne"), ("a", "Cookery")),
    data_field("450", "  ", ("a", "Cuisine")),
    data_field("550", "  ", ("w", "h"), ("a", "Baking")),
)
BAKING = authority("sh2", data_field("150", "  ", ("a", "Baking")))
TWAIN = authority(
    "n1",
    data_field("100", "1 ", ("a", "Twain, Mark,"), ("d", "1835-1910")),
    data_field("400", "1 ", ("a", "Clemens, Samuel Langhorne,"), ("d", "1835-1910")),
)
FILE = AuthorityFile([COOKING, BAKING, TWAIN])


def controlled(*fields: MarcField, file: AuthorityFile = FILE):
    return control(MarcRecord("00000nam a2200000 a 4500", fields), file)


def test_an_authority_record_is_read() -> None:
    """Heading, thesaurus, see-from and see-also forms, and the number that $0 names."""
    assert ("Cooking", HeadingKind.TOPIC, "lcsh", "(DLC)sh1", ("Cookery", "Cuisine")) == (
        COOKING.heading,
        COOKING.kind,
        COOKING.thesaurus,
        COOKING.number,
        COOKING.see_from,
    )
    assert [("Baking", Relation.NARROWER)] == [(also.heading, also.relation) for also in COOKING.see_also]
    with pytest.raises(FormatError, match="no authority"):
        to_authority(records(1)[0], "x")


def test_an_established_heading_is_linked_whatever_its_case_and_punctuation() -> None:
    """The heading stays as it is and gets the number of its authority, once."""
    result = controlled(data_field("650", " 0", ("a", "COOKING.")))
    assert (("a", "COOKING."), ("0", "(DLC)sh1")) == result.record.fields[0].subfields
    assert result.record == control(result.record, FILE).record


def test_a_see_from_form_is_flipped_and_keeps_its_subdivisions() -> None:
    """Cookery -- France becomes Cooking -- France."""
    result = controlled(data_field("650", " 0", ("a", "Cookery"), ("z", "France.")))
    assert (("a", "Cooking"), ("z", "France."), ("0", "(DLC)sh1")) == result.record.fields[0].subfields
    assert [(HeadingOutcome.FLIPPED, "Cookery -- France", "Cooking -- France")] == [
        (one.outcome, one.before, one.after) for one in result.results
    ]


def test_a_flipped_name_keeps_its_relator() -> None:
    """Clemens, author, becomes Twain, author."""
    name = data_field("700", "1 ", ("a", "Clemens, Samuel Langhorne,"), ("d", "1835-1910,"), ("e", "author."))
    flipped = controlled(name).record.fields[0]
    assert (("a", "Twain, Mark,"), ("d", "1835-1910"), ("e", "author."), ("0", "(DLC)n1")) == flipped.subfields


def test_a_heading_of_another_thesaurus_or_kind_is_left_alone() -> None:
    """Cooking of MeSH is not that of LCSH; a place is no topic."""
    mesh = controlled(data_field("650", " 2", ("a", "Cooking")))
    place = controlled(data_field("651", " 0", ("a", "Cooking")))
    assert [HeadingOutcome.UNAUTHORIZED] * 2 == [mesh.results[0].outcome, place.results[0].outcome]


def test_two_authorities_that_fit_are_a_question() -> None:
    """Nothing changes, and both are named."""
    more = AuthorityFile([COOKING, BAKING, authority("sh3", data_field("150", "  ", ("a", "cooking")))])
    field = data_field("650", " 0", ("a", "Cooking"))
    result = controlled(field, file=more)
    assert (HeadingOutcome.AMBIGUOUS, ("sh1", "sh3")) == (result.queue[0].outcome, result.queue[0].authorities)
    assert field == result.record.fields[0]


def test_the_queue_of_a_catalog_names_record_and_heading() -> None:
    """Headings no authority knows, for a person to establish."""
    bibs = [to_bib(records(1)[0], BibId("b1"))]
    queue = [(bib_id, result.before) for bib_id, result in unauthorized(bibs, FILE)]
    assert ("b1", "Christian women -- Religious life") in queue


def test_effects_are_listed_before_they_happen() -> None:
    """A new established form: every field that names the authority, or has its heading and names no other."""
    marc = marc_of_authority(COOKING)
    renamed = [evolve(one, subfields=(("a", "Food preparation"),)) if one.tag == "150" else one for one in marc.fields]
    new = to_authority(evolve(marc, fields=tuple(renamed)), "sh1")
    leader = "00000nam a2200000 a 4500"
    linked = data_field("650", " 0", ("a", "Cooking"), ("x", "History"), ("0", "(DLC)sh1"))
    unlinked = data_field("650", " 0", ("a", "Cooking."))
    elsewhere = data_field("650", " 0", ("a", "Cooking"), ("0", "(DLC)sh9"))
    made = [MarcRecord(leader, (field,)) for field in (linked, unlinked, elsewhere)]
    bibs = [to_bib(record, BibId(f"b{number}")) for number, record in enumerate(made)]
    found = list(effects(COOKING, new, bibs))
    assert [("b0", "Cooking -- History", "Food preparation -- History"), ("b1", "Cooking", "Food preparation")] == [
        (effect.bib_id, effect.before, effect.after) for effect in found
    ]
    assert (("a", "Food preparation"), ("x", "History"), ("0", "(DLC)sh1")) == found[0].field.subfields
    assert 1 == len(list(effects(COOKING, new, bibs, most=1)))


def test_hierarchies_told_from_one_side_are_found() -> None:
    """Cooking names Baking as narrower; Baking does not name Cooking as broader."""
    assert [("sh1", "Baking")] == list(one_way_relations([COOKING, BAKING, TWAIN]))
    broader = data_field("550", "  ", ("w", "g"), ("a", "Cooking"))
    back = authority("sh2", data_field("150", "  ", ("a", "Baking")), broader)
    assert [] == list(one_way_relations([COOKING, back]))


def test_mesh_authorities_serve_mesh_headings() -> None:
    """The thesaurus of an authority is told by 008/11."""
    mesh = AuthorityFile([authority("D1", data_field("150", "  ", ("a", "Cooking")), fixed=MESH)])
    assert [HeadingOutcome.LINKED, HeadingOutcome.UNAUTHORIZED] == [
        controlled(data_field("650", f" {code}", ("a", "Cooking")), file=mesh).results[0].outcome for code in "20"
    ]


def codes(answer: object) -> list[str]:
    assert isinstance(answer, Refuse)
    return [reason.code for reason in answer.reasons]


def folded(*events) -> dict[str, object]:
    kept: dict[str, object] = {}
    for event in events:
        for change in CHANGES[type(event)](event, None):
            if isinstance(change, Put):
                kept[getattr(change.record, "id", None) or change.record.key] = change.record
            else:
                del kept[change.key]
    return kept


def test_an_authority_is_found_by_all_its_forms_and_by_none_when_it_is_gone() -> None:
    """Added, renamed, deleted: the forms in the store are those of the record as it is."""
    added = add_authority(AuthorityFacts(), COOKING, at=AT, by="ada").result
    renamed = authority("sh1", data_field("150", "  ", ("a", "Food")), data_field("450", "  ", ("a", "Cooking")))
    facts = AuthorityFacts(COOKING, linked=tuple(BibId(f"b{number}") for number in range(60)))
    (changed,) = change_authority(facts, renamed, at=AT, by="ada").result
    deleted = delete_authority(AuthorityFacts(renamed), at=AT, by="ada").result
    forms = {form.lookup: form.established for form in forms_of(renamed)}
    assert {"topic:food": True, "topic:cooking": False} == forms
    stored = folded(*added, changed)
    assert forms == {one.lookup: one.established for one in stored.values() if isinstance(one, AuthorityForm)}
    assert (50, 10) == (len(changed.affected), changed.affected_more)
    assert {} == folded(*added, changed, *deleted)


def test_an_authority_in_use_stays_and_a_second_of_its_heading_is_asked_about() -> None:
    """No heading is left pointing at nothing; two people may share a name, but somebody says so."""
    used = AuthorityFacts(COOKING, same_heading=("sh1",), linked=(BibId("b1"),))
    assert ["authority.in_use"] == codes(delete_authority(used, at=AT, by="ada"))
    second = evolve(COOKING, id="sh9")
    assert ["authority.known"] == codes(add_authority(used, second, at=AT, by="ada"))
    assert add_authority(used, second, at=AT, by="ada", override=Override({"authority.known"}, "ada"))
    assert ["authority.unchanged"] == codes(change_authority(used, COOKING, at=AT, by="ada"))
    nobody = AuthorityFacts()
    assert [["authority.unknown"]] * 2 == [
        codes(change_authority(nobody, COOKING, at=AT, by="ada")),
        codes(delete_authority(nobody, at=AT, by="ada")),
    ]


def test_an_authority_lives_in_a_store_and_in_the_log(tmp_path) -> None:
    """Committed with its event, it is found by a form that leads to it; the event goes to JSON and back whole."""
    (event,) = add_authority(AuthorityFacts(), COOKING, at=AT, by="ada").result
    assert event == from_json(as_json(event), type(event))
    ops = libops.open(f"sqlite:///{tmp_path}/town.db")
    ops.catalog.shell.commit([event], Reads(ops.catalog.shell.storage))
    reads = Reads(ops.catalog.shell.storage)
    assert COOKING == reads.get(Authority, "sh1")
    assert [("sh1", False)] == [
        (form.authority_id, form.established)
        for form in reads.find(AuthorityForm, "by_lookup", "topic:cookery", limit=2)
    ]
