"""Files of records meet the catalog: what is one of ours is laid over it, what may be waits for a person."""

from __future__ import annotations

import json
from io import BytesIO

import pytest

import libops
from libops.base.decisions import Refuse
from libops.base.errors import InvalidValue, NotFound
from libops.catalog.events import BibChanged, MatchAnswered, MatchAsked
from libops.catalog.matching import MatchKey
from libops.catalog.questions import MatchAnswer
from libops.desk.settings.loading import default_settings
from libops.hooks.markers import hookimpl
from libops.hooks.specs.formats import Format
from libops.storage.rebuild import log_of, rebuilt, stored

HOBBIT = ("020", "9780261102217")


def field(tag, text, code="a", indicators="  "):
    return {tag: {"ind1": indicators[0], "ind2": indicators[1], "subfields": [{code: text}]}}


def marc(number, title, *fields, source="XxTown", year="1995", extent="310 pages ; 20 cm", barcode=""):
    control = [{"001": number}, {"003": source}] if source else [{"001": number}]
    fixed = {"008": f"850101s{year}    enk           000 1 eng  "}
    shown = [field(tag, text) if isinstance(tag, str) else tag for tag, text in fields]
    body = [*control, fixed, field("100", "Tolkien, J. R. R."), field("245", title, indicators="10")]
    body += [field("300", extent), *shown]
    if barcode:
        shelf = {"852": {"ind1": "8", "ind2": " ", "subfields": [{"b": "MAIN"}, {"h": "823"}, {"p": barcode}]}}
        body.append(shelf)
    return json.dumps({"leader": "00000nam a2200000 a 4500", "fields": body})


def file_of(*records):
    return BytesIO("\n".join(records).encode())


@pytest.fixture(params=["memory", "sqlite"])
def ops(request, tmp_path):
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/town.db"
    with libops.open(url) as opened:
        yield opened


def titles(ops):
    return sorted(bib.title for bib in ops.catalog.all())


OURS = marc(
    "17",
    "The hobbit",
    HOBBIT,
    ("590", "Gift of the Tolkien Society"),
    ("035", "(OCoLC)ocm00032123"),
    ("028", "Argo-1196"),
)


@pytest.mark.parametrize(
    ("theirs", "why"),
    [
        (marc("v1", "The hobbit", ("035", "(OCoLC)32123"), ("520", "A journey."), source="Vendor"), "oclc"),
        (marc("v1", "The hobbit", HOBBIT, ("520", "A journey."), source="Vendor"), "isbn"),
        (marc("v1", "The hobbit", ("028", "ARGO 1196"), ("520", "A journey."), source="Vendor"), "other_number"),
        (marc("v1", "The Hobbit", ("520", "A journey."), source="Vendor"), "key"),
    ],
)
def test_each_kind_of_evidence_finds_the_record(ops, theirs, why) -> None:
    """OCLC number, ISBN with the title, match key: theirs is laid over ours, our note and number stay."""
    ops.catalog.import_marc(file_of(OURS))
    dry = ops.catalog.import_marc(file_of(theirs), dry_run=True)
    assert 1 == dry.changed
    assert why in str(dry.matched[0])
    report = ops.catalog.import_marc(file_of(theirs))
    assert (0, 1, dry.matched) == (report.added, report.changed, report.matched)
    (bib,) = ops.catalog.all()
    assert ("17", "Gift of the Tolkien Society") == (
        bib.control_number,
        next(line for line in bib.marc.split('"') if line.startswith("Gift")),
    )
    *_, (_, event) = ops.events.after(0)
    assert isinstance(event, BibChanged)
    assert why in event.reason
    assert 1 == ops.catalog.import_marc(file_of(theirs)).unchanged
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_the_number_a_vendor_gave_finds_the_record_again(ops) -> None:
    """An overlay keeps the vendor's number in 035: the vendor's next correction comes to the same record."""
    ops.catalog.import_marc(file_of(OURS))
    ops.catalog.import_marc(file_of(marc("v1", "The hobbit", HOBBIT, ("520", "A jurney."), source="Vendor")))
    ops.catalog.import_marc(file_of(marc("v1", "The hobbit", ("520", "A journey."), year="1937", source="Vendor")))
    (bib,) = ops.catalog.all()
    assert (1937, ("Vendor/v1",)) == (bib.year, bib.system_numbers)


def test_a_reused_isbn_is_a_question_and_changes_nothing(ops) -> None:
    """The publisher gave the number to another book: ours stays as it is, theirs waits with its item."""
    ops.catalog.import_marc(file_of(OURS))
    (before,) = ops.catalog.all()
    other = marc("v9", "Gardens of Kent", HOBBIT, source="Vendor", barcode="31234000000090")
    report = ops.catalog.import_marc(file_of(other))
    assert (0, 0, 1, 0) == (report.added, report.changed, report.asked, report.items)
    assert "1 waiting for an answer" in str(report)
    assert [before] == list(ops.catalog.all())
    (asked,) = ops.catalog.questions
    assert "Gardens of Kent" == asked.bib.title
    assert [(before.id, ("isbn",))] == [(one.bib_id, one.evidence) for one in asked.candidates]
    again = ops.catalog.import_marc(file_of(other))
    assert (1, 1) == (again.asked, len(list(ops.catalog.questions))), "the same record asks once"


def test_the_answer_new_adds_the_record_with_its_item(ops) -> None:
    """Said to be none of ours, it joins the catalog; who said so stands in the log; later files do not ask again."""
    ops.catalog.import_marc(file_of(OURS))
    other = marc("v9", "Gardens of Kent", HOBBIT, source="Vendor", barcode="31234000000090")
    ops.catalog.import_marc(file_of(other))
    (asked,) = ops.catalog.questions
    said = ops.catalog.questions.answer(asked.id[:10], new=True, by="cataloger").result
    assert (MatchAnswer.NEW, "cataloger") == (said.answer, said.answered_by)
    assert ["Gardens of Kent", "The hobbit"] == titles(ops)
    assert asked.bib.id == ops.items.get("31234000000090").bib_id
    assert [] == list(ops.catalog.questions)
    kinds = [type(entry.event) for entry in ops.events.after(0)]
    assert MatchAsked in kinds
    assert MatchAnswered in kinds
    assert (1, 0) == ((report := ops.catalog.import_marc(file_of(other))).unchanged, report.asked)
    corrected = marc("v9", "Gardens of Kent", HOBBIT, ("520", "Walks."), source="Vendor")
    assert 1 == ops.catalog.import_marc(file_of(corrected)).changed, "its own number finds it, not the shared ISBN"
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_the_answer_same_lays_it_over_and_can_be_undone(ops) -> None:
    """Another edition statement made it a question; said to be one, it is an overlay as any other."""
    ops.catalog.import_marc(file_of(OURS))
    (ours,) = ops.catalog.all()
    theirs = marc("v2", "The hobbit", HOBBIT, ("250", "Reset edition"), source="Vendor", barcode="31234000000091")
    ops.catalog.import_marc(file_of(theirs))
    (asked,) = ops.catalog.questions
    assert ("edition",) == asked.candidates[0].against
    assert ops.catalog.questions.answer(asked.id, same_as=ours.id)
    (bib,) = ops.catalog.all()
    assert "Reset edition" == bib.edition
    assert ours.id == ops.items.get("31234000000091").bib_id
    (version,) = ops.catalog.versions(ours.id)
    assert ops.catalog.revert(ours.id, version.id)
    assert ours == ops.catalog.get(ours.id)
    report = ops.catalog.import_marc(file_of(theirs))
    assert (1, 0) == (report.changed, report.asked), "the answer holds for the same record in a later file"
    assert stored(ops.storage) == rebuilt(log_of(ops.storage))


def test_a_record_left_out_stays_out(ops) -> None:
    """Not wanted: nothing joins the catalog, now or in a later file."""
    ops.catalog.import_marc(file_of(OURS))
    other = marc("v9", "Gardens of Kent", HOBBIT, source="Vendor", barcode="31234000000090")
    ops.catalog.import_marc(file_of(other))
    (asked,) = ops.catalog.questions
    assert ops.catalog.questions.answer(asked.id, leave_out=True)
    report = ops.catalog.import_marc(file_of(other))
    assert (0, 1, 0) == (report.asked, report.skipped, report.items)
    assert ["The hobbit"] == titles(ops)


def test_a_question_is_answered_once_and_by_what_is_there(ops) -> None:
    """`match_question.unknown`, `match_question.answered`, `bib.unknown`, `bib.deleted`."""
    ops.catalog.import_marc(file_of(OURS))
    (ours,) = ops.catalog.all()
    ops.catalog.import_marc(file_of(marc("v9", "Gardens of Kent", HOBBIT, source="Vendor")))
    (asked,) = ops.catalog.questions
    answer = ops.catalog.questions.answer

    def codes(said):
        assert isinstance(said, Refuse)
        return [reason.code for reason in said.reasons]

    assert ["match_question.unknown"] == codes(answer("no such question", new=True))
    assert ["bib.unknown"] == codes(answer(asked.id, same_as="no such record"))
    assert ops.catalog.delete(ours.id)
    assert ["bib.deleted"] == codes(answer(asked.id, same_as=ours.id))
    assert answer(asked.id, new=True)
    assert ["match_question.answered"] == codes(answer(asked.id, leave_out=True))
    with pytest.raises(InvalidValue, match="one of same_as"):
        answer(asked.id, new=True, leave_out=True)


def test_a_library_may_add_what_is_in_doubt(ops) -> None:
    """`on_doubt="add"`, for a migration: nothing waits, and the report names what to look at."""
    ops.catalog.import_marc(file_of(OURS))
    report = ops.catalog.import_marc(file_of(marc("v9", "Gardens of Kent", HOBBIT, source="Vendor")), on_doubt="add")
    assert (1, 0) == (report.added, report.asked)
    assert "'The hobbit') by isbn: look at both" in str(report.problems[-1])
    with pytest.raises(InvalidValue, match=r"'wait'.*ask, add"):
        ops.catalog.import_marc(file_of(OURS), on_doubt="wait")


def test_a_score_and_its_recording_are_not_merged_by_their_title(ops) -> None:
    """Title, author and year agree, the extent does not: both stay, and a person is asked."""
    disc = marc("1", "Modern jazz classics", extent="2 sound discs : digital", source="")
    score = marc("2", "Modern jazz classics", extent="2 v. of music", source="")
    ops.catalog.import_marc(file_of(disc))
    assert (0, 0, 1) == ((report := ops.catalog.import_marc(file_of(score))).added, report.changed, report.asked)


def test_two_records_that_match_equally_well_are_a_question(ops) -> None:
    """The catalog has the edition twice: which of the two is meant is for a person to say."""
    ops.catalog.import_marc(
        file_of(marc("1", "The hobbit", HOBBIT, source="A"), marc("2", "The hobbit", HOBBIT, source="B")),
        on_match="add",
    )
    report = ops.catalog.import_marc(file_of(marc("v1", "The hobbit", HOBBIT, ("520", "!"), source="Vendor")))
    assert (1, 2) == (report.asked, len(next(iter(ops.catalog.questions)).candidates))


def test_a_damaged_record_does_not_stop_the_import(ops) -> None:
    """A number and a title of thousands of letters: the record comes in, and is filed by the beginning of its title."""
    long = marc("9" * 5000, "Atlas " + "of birds " * 900, ("024", "x" * 3000), ("035", f"(Town){'7' * 3000}"))
    report = ops.catalog.import_marc(file_of(long, marc("2", "Emma")))
    assert (2, 0) == (report.added, report.rejected)
    bib = max(ops.catalog.all(), key=lambda one: len(one.title))
    assert ("", (), (), 500) == (bib.control_number, bib.other_numbers, bib.system_numbers, len(bib.sort_title))
    assert len(bib.title) > 8000
    assert 1 == len(ops.search.find("atlas").hits)


def test_two_records_of_one_file_are_matched_too(ops) -> None:
    """A file with one edition twice: the second is laid over the first, in a dry run as well."""
    twice = [OURS, marc("v1", "The hobbit", HOBBIT, ("520", "A journey."), source="Vendor")]
    dry = ops.catalog.import_marc(file_of(*twice), dry_run=True)
    wet = ops.catalog.import_marc(file_of(*twice))
    assert (1, 1) == (dry.added, dry.changed) == (wet.added, wet.changed)


class AuthorAndYear:
    """A plugin with a match key of its own."""

    @staticmethod
    @hookimpl
    def libops_formats():
        return [Format("match_key", "author-year", MatchKey("author-year", 1, lambda bib: f"{bib.author} {bib.year}"))]


def test_a_library_decides_in_its_settings(tmp_path) -> None:
    """Lines, keys, protected fields and item mappings are data: this library matches by author and year alone."""
    own = {
        "catalog": {
            "matching": {"key": "author-year", "title_agrees": 0},
            "overlay": {"protect": ["650"]},
        },
        "item_mappings": {"town-949": {"tag": "949", "attributes": {"barcode": "i", "home_library": "l"}}},
    }
    settings = {**default_settings().canonical(), **own}
    item = {"949": {"ind1": " ", "ind2": " ", "subfields": [{"i": "31234000000077"}, {"l": "MAIN"}]}}
    with libops.open(f"sqlite:///{tmp_path}/town.db", settings=settings, plugins=[AuthorAndYear]) as ops:
        ops.catalog.import_marc(file_of(marc("1", "The hobbit", (item, ""), source="")), mapping="town-949")
        assert "MAIN" == ops.items.get("31234000000077").home_library
        report = ops.catalog.import_marc(file_of(marc("2", "There and back again", source="")))
        assert 1 == report.changed
        assert "key" in report.matched[0].why
        with pytest.raises(NotFound, match=r"town-950.*koha-952"):
            ops.catalog.import_marc(file_of(OURS), mapping="town-950")
    with libops.open(settings=settings) as ops, pytest.raises(NotFound, match=r"'author-year'.*plugin"):
        ops.catalog.import_marc(file_of(OURS))


def test_a_batch_asks_by_indexes_and_in_few_round_trips(monkeypatch) -> None:
    """However large the catalog, an import reads what its records name and nothing else."""
    with libops.open() as ops:
        many = [marc(str(number), f"Atlas of birds {number}") for number in range(150)]
        ops.catalog.import_marc(file_of(*many))
        asked, scans, whole = [], [], ops.storage.read
        monkeypatch.setattr(ops.storage, "read", lambda queries: (asked.append(len(queries)), whole(queries))[1])
        monkeypatch.setattr(ops.storage, "scan", lambda *given, **more: scans.append(given))
        report = ops.catalog.import_marc(file_of(*[marc(str(n), f"Atlas of birds {n}") for n in range(150)]))
        assert (150, []) == (report.unchanged, scans)
        assert len(asked) < 15


def test_the_command_asks_and_is_answered(tmp_path, capsys) -> None:
    """`libops import --dry-run`, `catalog questions`, `answer`, `versions`, `revert`."""
    from libops.cli.main import main

    store, ours, theirs = ("--db", str(tmp_path / "town.db")), tmp_path / "ours.json", tmp_path / "theirs.json"
    ours.write_text(OURS)
    theirs.write_text(marc("v2", "The hobbit", HOBBIT, ("250", "Reset edition"), source="Vendor"))
    assert 0 == main(["import", str(ours), *store])
    assert 0 == main(["import", str(theirs), "--dry-run", *store])
    assert "asked: may be record" in capsys.readouterr().out
    assert 0 == main(["import", str(theirs), *store])
    capsys.readouterr()
    assert 0 == main(["catalog", "questions", *store])
    first, second = capsys.readouterr().out.splitlines()
    question, bib = first.split()[0], second.split()[2]
    assert 1 == main(["catalog", "answer", "ffff", "--new", *store])
    assert 0 == main(["catalog", "answer", question, "--same-as", bib, *store])
    capsys.readouterr()
    assert 0 == main(["catalog", "versions", bib, *store])
    assert "theirs.json" in capsys.readouterr().out
    assert 0 == main(["catalog", "revert", bib, "last", *store])
    capsys.readouterr()
    assert 0 == main(["catalog", "versions", bib, *store, "--json"])
    assert 2 == len(json.loads(capsys.readouterr().out))
