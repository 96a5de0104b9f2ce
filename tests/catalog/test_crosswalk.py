"""A MARC record as Dublin Core and MODS, as other systems read it."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given, settings

from libops.catalog.crosswalk import dublin_core, dublin_core_xml, mods_xml
from libops.catalog.marc import MarcRecord, data_field
from libops.testing.sample_marc import records
from libops.testing.strategies.catalog import marc_records

MODS = "{http://www.loc.gov/mods/v3}"
BOOK = records(1)[0]


def test_dublin_core_of_a_book() -> None:
    """Title, creator, subjects, publisher, date, language, type and number, without cataloging punctuation."""
    found = dublin_core(BOOK)
    assert ("title", "Living in absolute freedom : Donna Partow") in found
    assert ("creator", "Partow, Donna") in found
    assert ("subject", "Christian women -- Religious life") in found
    assert ("publisher", "Minneapolis, Minn. : Bethany House") in found
    assert {("date", "2000"), ("language", "eng"), ("type", "Text"), ("identifier", "ISBN 9780764222924")} <= set(found)


def test_mods_of_a_book() -> None:
    """The article stands apart, the name has its role, the subject its parts and its thesaurus."""
    record = MarcRecord(
        "00000cas a2200000 a 4500",
        (
            data_field("020", "  ", ("a", "0131103628 (pbk.)")),
            data_field("245", "04", ("a", "The town library :"), ("b", "a guide /"), ("c", "Ada Lovelace.")),
            data_field("650", " 0", ("a", "Libraries"), ("z", "England"), ("x", "History.")),
            data_field("700", "1 ", ("a", "Lovelace, Ada,"), ("d", "1815-1852,"), ("e", "author.")),
        ),
    )
    root = ElementTree.fromstring(mods_xml(record))
    assert ["The ", "town library", "a guide"] == [
        root.findtext(f"{MODS}titleInfo/{MODS}{name}") + (" " if name == "nonSort" else "")
        for name in ("nonSort", "title", "subTitle")
    ]
    assert "author" == root.findtext(f"{MODS}name/{MODS}role/{MODS}roleTerm")
    subject = root.find(f"{MODS}subject")
    assert subject is not None
    assert ("lcsh", ["Libraries", "England", "History"]) == (subject.get("authority"), [part.text for part in subject])
    assert "serial" == root.findtext(f"{MODS}originInfo/{MODS}issuance")
    assert "9780131103627" == root.findtext(f"{MODS}identifier")


@given(marc_records())
@settings(max_examples=40, deadline=None)
def test_both_are_well_formed_for_any_record(record: MarcRecord) -> None:
    """Whatever stands in the record, what comes out can be parsed."""
    for text in (dublin_core_xml(record), mods_xml(record)):
        ElementTree.fromstring(text)


def test_the_whole_sample_goes_through() -> None:
    """Every shipped record has a title, a date and a language in both."""
    for record in records(60):
        names = {name for name, _ in dublin_core(record)}
        assert {"title", "date", "language", "publisher"} <= names
        ElementTree.fromstring(mods_xml(record))
