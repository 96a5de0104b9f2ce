"""The cataloging desk: files laid over the catalog, earlier versions, and lists of what to look at."""

from __future__ import annotations

import json
from io import BytesIO

import pytest

import libops
from libops.base.errors import InvalidValue, NotFound
from libops.catalog.marc import marc_of
from libops.catalog.matching import OverlayPolicy
from libops.storage.rebuild import log_of, rebuilt, stored


def field(tag, text, code="a", indicators="  "):
    subfields = [{code: text}]
    return {tag: {"ind1": indicators[0], "ind2": indicators[1], "subfields": subfields}}


def marc(number, title, *fields, source="XxTown", leader="00000nam a2200000 a 4500"):
    """A small record as MARC-in-JSON; `source` is 003, left out when empty."""
    control = [{"001": number}] + ([{"003": source}] if source else [])
    return json.dumps({"leader": leader, "fields": [*control, field("245", title, indicators="10"), *fields]})


def file_of(*records):
    return BytesIO("\n".join(records).encode())


def texts(bib, tag):
    return [found.text() for found in marc_of(bib).all(tag)]


@pytest.fixture(params=["memory", "sqlite"])
def ops(request, tmp_path):
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/town.db"
    with libops.open(url) as opened:
        yield opened


OURS = marc("17", "Teh Hobbit", field("590", "Gift of the Tolkien Society"), field("650", "Dwarves", indicators=" 0"))
THEIRS = marc("17", "The Hobbit", field("650", "Hobbits", indicators=" 0"), field("590", "Their own note"))


def test_an_overlay_takes_the_better_record_and_keeps_local_fields(ops) -> None:
    """A vendor's corrected record replaces ours; the note of a gift is ours and stays, theirs does not come."""
    ops.catalog.import_marc(file_of(OURS))
    report = ops.catalog.import_marc(file_of(THEIRS))
    (bib,) = ops.catalog.all()
    assert (0, 1, 0) == (report.added, report.changed, report.unchanged)
    assert "The Hobbit" == bib.title
    assert ["Gift of the Tolkien Society"] == texts(bib, "590")
    assert ["Hobbits"] == texts(bib, "650")


def copy_of(barcode, library, item_type):
    """An item in Koha's field."""
    subfields = [{"a": library}, {"b": "MAIN"}, {"p": barcode}, {"y": item_type}]
    return {"952": {"ind1": " ", "ind2": " ", "subfields": subfields}}


def test_codes_that_no_rule_can_name_are_told_once(ops) -> None:
    """Two items of a type that the settings do not know, one of a strange library; they come in all the same."""
    copies = [copy_of("31234000000014", "MAIN", "BK"), copy_of("31234000000022", "SOUTH", "BK")]
    record = marc("17", "The Hobbit", *copies, copy_of("31234000000030", "MAIN", "book"))
    report = ops.catalog.import_marc(file_of(record), mapping="koha-952")
    assert 3 == report.items
    told = [problem.what.partition(" is not")[0] for problem in report.problems]
    assert ["item type 'BK'", "library 'SOUTH'"] == told


def test_the_same_file_again_changes_nothing(ops) -> None:
    """After an overlay our record differs from theirs by our own fields only: nothing is left to change."""
    ops.catalog.import_marc(file_of(OURS))
    ops.catalog.import_marc(file_of(THEIRS))
    (before,) = ops.catalog.all()
    report = ops.catalog.import_marc(file_of(THEIRS))
    assert (0, 0, 1) == (report.added, report.changed, report.unchanged)
    assert [before] == list(ops.catalog.all())
    assert 1 == len(ops.catalog.versions(before.id))


def test_titles_are_found_by_their_numbers(ops) -> None:
    """By each of them, as long as the catalog has the title."""
    isbn = {"020": {"ind1": " ", "ind2": " ", "subfields": [{"a": "978-0-261-10221-7 (paperback)"}]}}
    ops.catalog.import_marc(file_of(marc("17", "The Hobbit", isbn)))
    (bib,) = ops.catalog.by_number("isbn", "9780261102217")
    assert [] == ops.catalog.by_number("issn", "9780261102217")
    assert ops.catalog.delete(bib.id)
    assert [] == ops.catalog.by_number("isbn", "9780261102217")


def test_an_overlay_can_be_undone_and_the_undoing_too(ops) -> None:
    """The version before is kept; taking it back keeps the one it replaces."""
    ops.catalog.import_marc(file_of(OURS))
    (first,) = ops.catalog.all()
    ops.catalog.import_marc(file_of(THEIRS), by="vendor load")
    (second,) = ops.catalog.all()
    (version,) = ops.catalog.versions(first.id)
    assert (first, "vendor load") == (version.bib, version.replaced_by)

    assert first == ops.catalog.revert(first.id, version.id, by="cataloger").result
    assert first == ops.catalog.get(first.id)
    assert ["Dwarves"] == [hit.bib.subjects[0] for hit in ops.search.find("dwarves").hits]
    undone = next(one for one in ops.catalog.versions(first.id) if one.bib == second)
    assert second == ops.catalog.revert(first.id, undone.id).result
    assert 3 == len(ops.catalog.versions(first.id))


def test_a_version_of_another_record_is_not_taken_back(ops) -> None:
    """`bib.version_unknown` for a version that is none of this record; `bib.unchanged` when it is there already."""
    ops.catalog.import_marc(file_of(OURS, marc("18", "Emma")))
    ops.catalog.import_marc(file_of(THEIRS))
    emma = next(bib for bib in ops.catalog.all() if bib.title == "Emma")
    hobbit = next(bib for bib in ops.catalog.all() if bib.title == "The Hobbit")
    (version,) = ops.catalog.versions(hobbit.id)
    assert ["bib.version_unknown"] == [why.code for why in ops.catalog.revert(emma.id, version.id).reasons]
    assert ops.catalog.revert(hobbit.id, version.id)
    assert ["bib.unchanged"] == [why.code for why in ops.catalog.revert(hobbit.id, version.id).reasons]
    with pytest.raises(NotFound):
        ops.catalog.versions("no such record")


def test_a_library_may_skip_or_add_what_it_knows(ops) -> None:
    """`on_match`: leave our record alone, or put theirs beside it; either way the report says which."""
    ops.catalog.import_marc(file_of(OURS))
    skipped = ops.catalog.import_marc(file_of(THEIRS), on_match="skip")
    assert (1, 1) == (skipped.skipped, skipped.records)
    assert "1 skipped" in str(skipped)
    assert ["Teh Hobbit"] == [bib.title for bib in ops.catalog.all()]
    added = ops.catalog.import_marc(file_of(THEIRS), on_match="add")
    assert 1 == added.added
    assert ["Teh Hobbit", "The Hobbit"] == sorted(bib.title for bib in ops.catalog.all())
    with pytest.raises(InvalidValue, match=r"'replace'.*overlay, skip, add"):
        ops.catalog.import_marc(file_of(THEIRS), on_match="replace")


def test_a_library_says_which_fields_are_its_own(ops) -> None:
    """With another policy the gift note goes and our subjects stay."""
    ops.catalog.import_marc(file_of(OURS))
    ops.catalog.import_marc(file_of(THEIRS), overlay=OverlayPolicy(protect=("6XX",)))
    (bib,) = ops.catalog.all()
    assert (["Their own note"], ["Dwarves"]) == (texts(bib, "590"), texts(bib, "650"))


def test_a_bare_control_number_does_not_merge_two_books(ops) -> None:
    """001 names a record within its source (003): two files of unknown source that both count from 1 stay apart."""
    ops.catalog.import_marc(file_of(marc("1", "Persuasion", source="")))
    report = ops.catalog.import_marc(file_of(marc("1", "Moby Dick", source="")))
    assert (1, 0) == (report.added, report.changed)
    assert ["Moby Dick", "Persuasion"] == sorted(bib.title for bib in ops.catalog.all())
    again = ops.catalog.import_marc(file_of(marc("1", "Moby Dick", field("520", "A whale."), source="")))
    assert (0, 1) == (again.added, again.changed)


def test_a_file_is_checked_before_it_is_imported(ops, tmp_path) -> None:
    """Findings carry the number of the record; one that cannot be read is a finding, not a silence."""
    good, bad = marc("1", "Emma"), marc("2", "Persuasion", field("245", "Persuasion again"))
    path = tmp_path / "vendor.json"
    path.write_text(good + "\n" + bad + '\n{"leader": "00000nam", "fields": [')
    found = [(one.record_no, one.code, one.tag) for one in ops.catalog.validate(path) if one.severity.value == "error"]
    assert (2, "field.repeated", "245") in found
    assert 3 in [number for number, _, _ in found]
    ops.catalog.import_marc(file_of(good))
    (bib,) = ops.catalog.all()
    assert list(ops.catalog.validate(bib)) == list(ops.catalog.validate(bib.id))
    assert len(list(ops.catalog.validate(bib, "full"))) > len(list(ops.catalog.validate(bib, "minimal")))
    with pytest.raises(NotFound, match="minimal, full"):
        list(ops.catalog.validate(bib, "exhaustive"))


def test_the_duplicate_report_names_what_agrees(ops) -> None:
    """Two records of one edition from two sources are a pair; another book is in none."""
    isbn = field("020", "9780140430721")
    twice = file_of(marc("1", "Emma", isbn), marc("9", "Emma", isbn, source="Else"), marc("2", "Persuasion"))
    ops.catalog.import_marc(twice, on_match="add")
    (pair,) = ops.catalog.duplicates()
    assert {"Emma"} == {pair.one.title, pair.other.title}
    assert "isbn" in [each.value for each in pair.comparison.evidence]


def authority(number, heading, *see_from):
    fields = [{"001": number}, {"003": "XxTown"}, field("150", heading)]
    return json.dumps(
        {"leader": "00000nz  a2200000n  4500", "fields": fields + [field("450", one) for one in see_from]}
    )


def test_what_a_changed_heading_does_is_listed_before_it_happens(ops) -> None:
    """A dry run lists the fields; the import stores the authority and names the records in its event."""
    ops.catalog.import_marc(
        file_of(marc("1", "On the line", field("650", "Railroads", indicators=" 4")), marc("2", "Emma"))
    )
    assert 1 == ops.catalog.import_authorities(file_of(authority("t1", "Railroads"))).added
    assert [] == list(ops.catalog.unauthorized())
    changed = authority("t1", "Railways")
    dry = ops.catalog.import_authorities(file_of(changed), dry_run=True)
    assert [("650", "Railroads", "Railways")] == [(one.tag, one.before, one.after) for one in dry.effects]
    assert [] == list(ops.catalog.unauthorized()), "a dry run writes nothing"
    wet = ops.catalog.import_authorities(file_of(changed))
    assert (1, dry.effects) == (wet.changed, wet.effects)
    *_, (_, event), (_, waits) = ops.events.after(0)
    assert (wet.effects[0].bib_id,) == event.affected
    assert [waits.change] == ops.catalog.authorities.waiting()
    assert ["Railroads"] == [result.before for _, result in ops.catalog.unauthorized()]
    assert 1 == ops.catalog.import_authorities(file_of(changed)).unchanged


def test_a_second_authority_with_one_heading_is_for_a_person(ops) -> None:
    """`authority.known`: it may be another topic of the same name; a bibliographic record is no authority at all."""
    report = ops.catalog.import_authorities(
        file_of(authority("t1", "Mercury"), authority("t2", "Mercury"), marc("3", "Emma"))
    )
    assert (1, 2) == (report.added, report.rejected)
    assert [2, 3] == [problem.record_no for problem in report.problems]


def test_the_command_checks_and_lists(tmp_path, capsys) -> None:
    """`libops catalog validate`, `duplicates`, `authorities`, `unauthorized`; errors in a file give exit code 1."""
    from libops.cli.main import main

    records, terms, store = tmp_path / "records.json", tmp_path / "terms.json", str(tmp_path / "town.db")
    love, isbn = field("650", "Love", indicators=" 4"), field("020", "9780140430721")
    records.write_text(marc("1", "Emma", love, isbn) + "\n" + marc("1", "Emma", isbn, source="Else"))
    terms.write_text(authority("t1", "Courtship"))
    assert 1 == main(["catalog", "validate", str(records), "--profile", "full"])
    assert "record 1: error profile.required" in capsys.readouterr().out
    assert 0 == main(["import", str(records), "--db", store, "--on-match", "add"])
    assert 0 == main(["catalog", "duplicates", "--db", store])
    assert 2 == capsys.readouterr().out.count("  Emma")
    assert 0 == main(["catalog", "authorities", str(terms), "--db", store])
    assert 0 == main(["catalog", "unauthorized", "--db", store])
    assert "unauthorized Love" in capsys.readouterr().out


def test_a_deleted_record_is_restored(ops) -> None:
    """`bib.deleted` says so: it is found by number, word and list again; nothing is to be restored twice."""
    isbn = {"020": {"ind1": " ", "ind2": " ", "subfields": [{"a": "978-0-261-10221-7"}]}}
    ops.catalog.import_marc(file_of(marc("17", "The Hobbit", isbn)))
    (bib,) = ops.catalog.by_number("isbn", "9780261102217")
    assert ["bib.not_deleted"] == [why.code for why in ops.catalog.restore(bib.id).reasons]
    assert ops.catalog.delete(bib.id, by="cataloger")
    assert ["bib.deleted"] == [why.code for why in ops.catalog.suppress(bib.id).reasons]

    assert bib == ops.catalog.restore(bib.id, by="cataloger").result
    assert [bib] == ops.catalog.by_number("isbn", "9780261102217")
    assert [bib] == [hit.bib for hit in ops.search.find("hobbit").hits]
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))
    assert ["bib.not_deleted"] == [why.code for why in ops.catalog.restore(bib.id).reasons]
    assert ["bib.unknown"] == [why.code for why in ops.catalog.restore("no-such-record").reasons]


def test_a_suppressed_record_comes_back_suppressed(ops) -> None:
    """Restoring undoes the deletion alone: what the public did not see before, it does not see now."""
    ops.catalog.import_marc(file_of(marc("17", "The Hobbit")))
    (bib,) = ops.catalog.all()
    assert ops.catalog.suppress(bib.id)
    assert ops.catalog.delete(bib.id)
    assert not ops.catalog.restore(bib.id).result.visible
    assert () == ops.search.find("hobbit").hits
    assert 1 == ops.search.find("hobbit", staff=True).total
