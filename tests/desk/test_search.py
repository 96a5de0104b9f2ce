"""What a person types finds what a librarian would hand over, on every store."""

from __future__ import annotations

from importlib.resources import files
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import libops
from libops.base.errors import BackendError, NotFound
from libops.hooks import StorageBackend, hookimpl
from libops.storage.memory import MemoryStorage
from libops.storage.port import Capabilities

TITLES = r"""
{"leader": "00000nam a2200000 a 4500", "fields": [{"001": "1"}, {"020": {"ind1": " ", "ind2": " ", "subfields": [{"a": "0131103628"}]}}, {"100": {"ind1": "1", "ind2": " ", "subfields": [{"a": "Kernighan, Brian W."}]}}, {"245": {"ind1": "1", "ind2": "4", "subfields": [{"a": "The C programming language"}]}}, {"650": {"ind1": " ", "ind2": "0", "subfields": [{"a": "C (Computer program language)"}]}}]}
{"leader": "00000nam a2200000 a 4500", "fields": [{"001": "2"}, {"100": {"ind1": "1", "ind2": " ", "subfields": [{"a": "Camus, Albert"}]}}, {"245": {"ind1": "1", "ind2": "2", "subfields": [{"a": "L'étranger : résumé"}]}}]}
{"leader": "00000nam a2200000 a 4500", "fields": [{"001": "3"}, {"245": {"ind1": "0", "ind2": "0", "subfields": [{"a": "Programming for everybody : a C primer"}]}}]}
{"leader": "00000nam a2200000 a 4500", "fields": [{"001": "4"}, {"245": {"ind1": "0", "ind2": "0", "subfields": [{"a": "走れメロス"}]}}]}
{"leader": "00000nam a2200000 a 4500", "fields": [{"001": "5"}, {"100": {"ind1": "1", "ind2": " ", "subfields": [{"a": "Mockingbird, Harper"}]}}, {"245": {"ind1": "0", "ind2": "0", "subfields": [{"a": "To kill time"}]}}]}
{"leader": "00000nam a2200000 a 4500", "fields": [{"001": "6"}, {"245": {"ind1": "0", "ind2": "0", "subfields": [{"a": "To kill a mockingbird"}]}}]}
"""  # noqa: E501


@pytest.fixture(params=["memory", "sqlite"])
def ops(request, tmp_path):
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/town.db"
    with libops.open(url) as opened:
        report = opened.catalog.import_marc(BytesIO(TITLES.strip().encode()))
        assert 6 == report.added, report.problems
        yield opened


def found(ops, text, **wanted):
    return [hit.bib.control_number for hit in ops.search.find(text, **wanted).hits]


def test_a_known_title_comes_first(ops) -> None:
    """The whole title, with or without its leading article, before titles that only share its words."""
    assert "1" == found(ops, "the c programming language")[0]
    assert "1" == found(ops, "C programming language")[0]
    assert "6" == found(ops, "to kill a mockingbird")[0]


def test_title_and_author_together_find_the_book(ops) -> None:
    """Words of several fields, all of which must be there."""
    assert ["1"] == found(ops, "kernighan programming")


def test_an_old_number_of_a_book_finds_the_new_one(ops) -> None:
    """ISBN-10 and ISBN-13, with and without hyphens."""
    assert ["1"] == found(ops, "0-13-110362-8")
    assert ["1"] == found(ops, "9780131103627")


def test_marks_and_case_make_no_difference(ops) -> None:
    """A keyboard without accents finds what has them, and the other way round."""
    assert ["2"] == found(ops, "resume")
    assert ["2"] == found(ops, "RÉSUMÉ etranger")


def test_scripts_without_blanks_are_found_by_a_part(ops) -> None:
    """A reader of Japanese types a word in the middle of the title."""
    assert ["4"] == found(ops, "メロス")


def test_phrases_beginnings_exclusions_and_fields(ops) -> None:
    """The few signs that mean something."""
    assert ["1"] == found(ops, '"c programming"')
    assert {"1", "3"} == set(found(ops, "program*"))
    assert ["3"] == found(ops, "programming -kernighan")
    assert ["5"] == found(ops, "author:mockingbird")
    assert ["6"] == found(ops, "title:mockingbird")


def test_suppressed_records_are_never_found_by_the_public(ops) -> None:
    """Neither by words nor by title nor by number; staff may ask for them."""
    (hit,) = ops.search.find("0131103628").hits
    assert ops.catalog.suppress(hit.bib.id)
    for text in ("0131103628", "the c programming language", "kernighan"):
        assert "1" not in found(ops, text)
    assert ["1"] == found(ops, "kernighan", staff=True)
    assert ops.catalog.suppress(hit.bib.id, hidden=False)
    assert ["1"] == found(ops, "kernighan")


def test_a_deleted_record_is_gone(ops) -> None:
    """Its words lead nowhere."""
    (hit,) = ops.search.find("etranger").hits
    assert ops.catalog.delete(hit.bib.id)
    assert [] == found(ops, "etranger", staff=True)


def test_where_is_it(ops) -> None:
    """Library, shelf, call number, and until when somebody has it."""
    (hit,) = ops.search.find("etranger").hits
    assert ops.items.add(hit.bib.id, barcode="31234000000014", item_type="book", call_number="843 CAM")
    assert ["available"] == [place.status for place in ops.search.where(hit.bib.id)]
    ops.patrons.register(name="Ada Flores", category="adult", card="21234000000017")
    lent = ops.circulation.check_out(patron="21234000000017", item="31234000000014")
    (place,) = ops.search.find("etranger").hits[0].places
    assert ("on loan", lent.result.due, "843 CAM") == (place.status, place.due, place.call_number)
    assert str(place) == f"31234000000014  MAIN 843 CAM  on loan, due {place.due:%Y-%m-%d}"
    assert "Europe/Berlin" == str(place.due.tzinfo)


def test_what_is_set_aside_is_not_called_available(ops) -> None:
    """A reader who looks for it on the shelf would look in vain: it waits for somebody else, or is on its way."""
    (hit,) = ops.search.find("etranger").hits
    assert ops.items.add(hit.bib.id, barcode="31234000000014", item_type="book")
    ops.patrons.register(name="Ada Flores", category="adult", card="21234000000017")
    assert ops.holds.place(patron="21234000000017", bib=hit.bib.id)
    assert ops.circulation.check_in(item="31234000000014")
    assert ["awaiting pickup"] == [place.status for place in ops.search.where(hit.bib.id)]
    assert "1 title" == str(ops.search.find("etranger")).splitlines()[0]
    assert "awaiting pickup" in ops.search.find("etranger")._repr_html_()


def test_facets_count_all_hits_and_narrow(ops) -> None:
    """How the hits spread, and only those of one kind."""
    everything = ops.search.find("programming")
    assert {"book": 2} == dict(everything.facets["material_type"])
    assert 2 == len(ops.search.find("programming", material_type="book").hits)
    assert 0 == len(ops.search.find("programming", material_type="map").hits)


def test_pages_of_hits_follow_each_other(ops) -> None:
    """No hit twice, none left out."""
    whole = found(ops, "programming")
    assert whole == found(ops, "programming", limit=1) + found(ops, "programming", limit=1, offset=1)


def test_the_shelf_can_be_browsed_from_an_item(ops) -> None:
    """Neighbors by call number, on both sides."""
    (hit,) = ops.search.find("etranger").hits
    for number in ("843 CAM", "841 VIL", "844 MON", "842 MOL"):
        assert ops.items.add(hit.bib.id, item_type="book", call_number=number, call_number_scheme="ddc")
    middle = next(item for item in ops.items.of_bib(hit.bib.id) if item.call_number == "843 CAM")
    assert ["842 MOL", "843 CAM", "844 MON"] == [item.call_number for item in ops.search.shelf(middle.id, around=1)]


def test_the_shelf_is_browsed_from_a_barcode_too(ops) -> None:
    """As every verb takes an item: by its label or its identifier; one that nobody knows is told."""
    (hit,) = ops.search.find("etranger").hits
    item = ops.items.add(hit.bib.id, item_type="book", barcode="31234000099994", call_number="843 CAM").result
    assert item in ops.search.shelf("31234000099994") == ops.search.shelf(item.id)
    with pytest.raises(NotFound, match="31234000099995"):
        ops.search.shelf("31234000099995")


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    """The same catalog in both stores."""
    sample = files("libops.cli").joinpath("sample", "catalog.mrc").read_bytes()[:60_000]
    opened = [libops.open(), libops.open(f"sqlite:///{tmp_path_factory.mktemp('search')}/town.db")]
    for each in opened:
        each.catalog.import_marc(BytesIO(sample))
    yield opened
    for each in opened:
        each.close()


PIECES = st.sampled_from(
    ["history", "the", '"', "*", "-", "title:", "author:", "NEAR(", "OR", "'", "art", "New*", "éa", ":"]
)


@given(st.lists(PIECES | st.text(max_size=4), max_size=6).map(" ".join))
@settings(max_examples=60, deadline=None)
def test_nothing_typed_is_a_syntax_error_and_both_stores_find_the_same(stores, text) -> None:
    """Quotes, stars, operators of the engine: words, all of them."""
    memory, sqlite = (each.search.find(text, limit=1000) for each in stores)
    assert {hit.bib.control_number for hit in memory.hits} == {hit.bib.control_number for hit in sqlite.hits}


def test_a_form_that_nobody_uses_leads_to_the_established_heading(ops) -> None:
    """Who looks for Clemens finds what stands under Twain."""
    from libops.catalog.authorities import to_authority
    from libops.catalog.events import AuthorityAdded
    from libops.catalog.marc import MarcRecord, control_field, data_field
    from libops.desk.reads import Reads

    record = MarcRecord(
        "00000nz  a2200000n  4500",
        (
            control_field("001", "n79021164"),
            data_field("100", "1 ", ("a", "Camus, Albert")),
            data_field("400", "1 ", ("a", "Mathe, Albert")),
        ),
    )
    event = AuthorityAdded(ops.clock(), "ruth", to_authority(record, "authority-1"))
    ops.shell.commit([event], Reads(ops.storage))
    assert ["2"] == found(ops, "Mathe, Albert")
    assert ["2"] == found(ops, "mathé albert")
    assert [] == found(ops, "Mathe Gaston")


class PlainShelf:
    """A backend that finds by its indexes, and keeps no words."""

    @hookimpl
    def libops_storage(self):
        def own(url, *, durability):
            return MemoryStorage()

        return [StorageBackend("plain", ("plain",), own, Capabilities(full_text=False))]


def test_a_store_without_words_is_asked_for_none() -> None:
    """A small backend need not search: the rest of the catalog works, and whoever searches is told why not."""
    with libops.open("plain:", plugins=[PlainShelf()]) as opened:
        assert 6 == opened.catalog.import_marc(BytesIO(TITLES.strip().encode())).added
        with pytest.raises(BackendError, match="declares full_text"):
            opened.search.find("programming")
