"""The catalog as a file for another program: whole records, or a reason."""

from __future__ import annotations

import json
import tracemalloc
from importlib.resources import files
from io import BytesIO
from xml.etree import ElementTree

import pytest

import libops
from libops.base.errors import InvalidValue, NotFound
from libops.catalog.export_formats import ExportFormat
from libops.catalog.marc import Ok, read
from libops.hooks.markers import hookimpl
from libops.hooks.specs.formats import Format

MARC_FORMS = {"marc": "town.mrc", "marcxml": "town.xml", "marc-json": "town.json", "mrk": "town.mrk"}


def title(number, text, note="", code="a"):
    body = [{"001": number}, {"003": "XxTown"}, {"245": {"ind1": "1", "ind2": "0", "subfields": [{"a": text}]}}]
    body.append({"500": {"ind1": " ", "ind2": " ", "subfields": [{code: note or "A note."}]}})
    return json.dumps({"leader": "00000nam a2200000 a 4500", "fields": body})


@pytest.fixture
def ops():
    with libops.open() as opened:
        opened.catalog.import_marc(BytesIO("\n".join([title("1", "Emma"), title("2", "Persuasion")]).encode()))
        yield opened


@pytest.mark.parametrize("format", MARC_FORMS)
def test_what_is_written_reads_back_as_the_same_records(ops, format, tmp_path) -> None:
    """The four forms of MARC lose nothing; the name of the file says which is meant."""
    path = tmp_path / MARC_FORMS[format]
    report = ops.catalog.export(path)
    assert (format, 2, path.stat().st_size, []) == (
        report.format,
        report.records,
        report.bytes_written,
        report.left_out,
    )
    with libops.open() as other:
        assert 2 == other.catalog.import_marc(path).added
        ours, theirs = ({bib.content_hash for bib in each.catalog.all()} for each in (ops, other))
    assert ours == theirs


def test_mods_and_dublin_core_are_well_formed_and_hold_every_title(ops, tmp_path) -> None:
    """One element for each record, in the namespace of its format."""
    mods, dc = BytesIO(), BytesIO()
    assert 2 == ops.catalog.export(mods, "mods").records == ops.catalog.export(dc, "dc").records
    root = ElementTree.fromstring(mods.getvalue())
    assert "{http://www.loc.gov/mods/v3}modsCollection" == root.tag
    assert {"Emma", "Persuasion"} == {found.text for found in root.iter("{http://www.loc.gov/mods/v3}title")}
    titles = ElementTree.fromstring(dc.getvalue()).iter("{http://purl.org/dc/elements/1.1/}title")
    assert {"Emma", "Persuasion"} == {found.text for found in titles}


def test_a_record_a_format_cannot_hold_is_left_out_and_named(ops) -> None:
    """A note of 12,000 bytes is no ISO 2709, a control character no XML; the others are written whole."""
    ops.catalog.import_marc(BytesIO("\n".join([title("3", "Long", "x" * 12_000), title("4", "Odd", "\x07")]).encode()))
    marc = BytesIO()
    report = ops.catalog.export(marc, "marc")
    assert (3, ["Long"]) == (report.records, [one.title for one in report.left_out])
    assert "9999" in report.left_out[0].why
    assert "1 were left out" in str(report)
    assert 3 == sum(isinstance(outcome, Ok) for outcome in read(BytesIO(marc.getvalue())))
    xml = ops.catalog.export(BytesIO(), "marcxml")
    assert (3, ["Odd"]) == (xml.records, [one.title for one in xml.left_out])


def test_what_is_hidden_or_deleted_does_not_go_out(ops) -> None:
    """Deleted records never; suppressed ones not where the public is meant. Single records by their identifier."""
    first, second = ops.catalog.all()
    assert ops.catalog.suppress(first.id)
    assert (2, 1) == tuple(ops.catalog.export(BytesIO(), "mods", public=public).records for public in (False, True))
    assert 1 == ops.catalog.export(BytesIO(), "mods", bibs=[second.id]).records
    assert ops.catalog.delete(second.id)
    assert 1 == ops.catalog.export(BytesIO(), "mods").records
    with pytest.raises(NotFound, match="no such"):
        ops.catalog.export(BytesIO(), "mods", bibs=["no such"])


def test_a_file_is_new_and_whole_or_not_there(ops, tmp_path) -> None:
    """Nothing is overwritten, and an export that fails leaves no half file."""
    path = tmp_path / "town.mrc"
    path.write_bytes(b"another file")
    with pytest.raises(InvalidValue, match="is there already"):
        ops.catalog.export(path)
    assert b"another file" == path.read_bytes()
    with pytest.raises(NotFound, match="no such"):
        ops.catalog.export(tmp_path / "new.mrc", bibs=["no such"])
    assert ["town.mrc"] == [each.name for each in tmp_path.iterdir()]
    with pytest.raises(NotFound, match=r"'town.docx'.*marcxml"):
        ops.catalog.export(tmp_path / "town.docx")
    with pytest.raises(NotFound, match=r"'bibframe'.*mods"):
        ops.catalog.export(tmp_path / "town.rdf", "bibframe")


class TitleList:
    """A plugin with a format of its own."""

    @staticmethod
    @hookimpl
    def libops_formats():
        write = lambda record: record.subfield("245", "a").encode() + b"\n"  # noqa: E731
        return [Format("record", "titles", ExportFormat("titles", write, b"Our books\n", suffixes=(".txt",)))]


def test_a_plugin_brings_a_format(tmp_path) -> None:
    """A format of kind `record`, by its name or the end of the file's name."""
    with libops.open(plugins=[TitleList]) as ops:
        ops.catalog.import_marc(BytesIO(title("1", "Emma").encode()))
        assert "titles" == ops.catalog.export(tmp_path / "list.txt").format
    assert "Our books\nEmma\n" == (tmp_path / "list.txt").read_text()


def test_a_large_catalog_streams(tmp_path) -> None:
    """The file is written page by page, not made in memory."""
    sample = files("libops.cli").joinpath("sample", "catalog.mrc").read_bytes()
    with libops.open(f"sqlite:///{tmp_path}/town.db") as ops:
        ops.catalog.import_marc(BytesIO(sample))

        class Counting(BytesIO):
            largest = 0

            def write(self, raw) -> int:
                self.largest = max(self.largest, len(raw))
                return len(raw)

        sink = Counting()
        tracemalloc.start()
        pages = ops.catalog.all
        ops.catalog.all = lambda: pages(page=20)
        report = ops.catalog.export(sink, "mods")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert report.records > 600
    assert sink.largest < report.bytes_written / 20
    assert peak < report.bytes_written


def test_the_command_writes_and_says_what_it_could_not(tmp_path, capsysbinary) -> None:
    """`libops catalog export`: exit code 1 when a record was left out; `-` writes to the output."""
    from libops.cli.main import main

    store, source = ("--db", str(tmp_path / "town.db")), tmp_path / "town.json"
    source.write_text(title("1", "Emma") + "\n" + title("2", "Long", "x" * 12_000))
    assert 0 == main(["import", str(source), *store])
    assert 0 == main(["catalog", "export", str(tmp_path / "out.xml"), "--as", "dc", *store])
    assert 1 == main(["catalog", "export", str(tmp_path / "out.mrc"), *store])
    assert b"('Long') was left out" in capsysbinary.readouterr().err
    assert 0 == main(["catalog", "export", "-", "--as", "mods", *store])
    assert b"<modsCollection" in capsysbinary.readouterr().out
