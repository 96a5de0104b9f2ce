"""Catalog values for property tests: MARC records that any format can hold, and bibliographic records made of them."""

from __future__ import annotations

from unicodedata import normalize

from hypothesis import strategies as st

from libops.base.ids import BibId
from libops.catalog.marc import MarcField, MarcRecord, to_bib
from libops.catalog.model import BibRecord

__all__ = ["bibs", "marc_fields", "marc_records", "texts"]


LETTERS = " -.,:;/$&<>{}\\'\"()[]=|#01279ABCXYZabcdefghijklmnopqrstuvwxyzäéñøßłşŽМиркнига図書館ספרكتابਕਖΩ😀\u0301\u0327"
"""Letters of many scripts, the signs that some format gives a meaning to, and two combining marks."""


def texts(*, max_size: int = 40) -> st.SearchStrategy[str]:
    """Words as cataloging holds them: letters of many scripts, punctuation, no control characters, in NFC."""
    return st.text(LETTERS, min_size=1, max_size=max_size).map(lambda text: normalize("NFC", text))


def marc_fields() -> st.SearchStrategy[MarcField]:
    """A data field with two indicators and one to four subfields."""
    tags = st.sampled_from(["100", "245", "250", "260", "264", "300", "490", "500", "505", "650", "700", "856", "952"])
    pairs = st.tuples(st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789"), texts())
    indicators = st.sampled_from(["  ", "1 ", "10", "04", " 0", "00"])
    subfields = st.lists(pairs, min_size=1, max_size=4).map(tuple)
    return st.builds(lambda tag, two, many: MarcField(tag, two, many), tags, indicators, subfields)


@st.composite
def marc_records(draw: st.DrawFn) -> MarcRecord:
    """A record with leader, 001, 008 and one to eight data fields."""
    kind = draw(st.sampled_from(["am", "as", "jm", "gm", "em", "ac", "tm"]))
    number = draw(st.integers(1, 10**8))
    fixed = f"260101s{draw(st.integers(1500, 2030))}    xx            000 0 eng d"[:40].ljust(40)
    fields = draw(st.lists(marc_fields(), min_size=1, max_size=8))
    head = (MarcField("001", "", (), f"ocm{number:08d}"), MarcField("008", "", (), fixed))
    return MarcRecord(f"00000n{kind} a2200000 a 4500", (*head, *fields))


def bibs() -> st.SearchStrategy[BibRecord]:
    """A bibliographic record drawn from a MARC record."""
    return st.builds(
        lambda record, number, hidden: to_bib(record, BibId(f"bib{number:06d}"), suppressed=hidden),
        marc_records(),
        st.integers(1, 999_999),
        st.booleans(),
    )
