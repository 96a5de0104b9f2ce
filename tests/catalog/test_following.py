"""Titles follow their headings: nothing is overlooked, nothing is done twice, and all of it can be taken back."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from libops.base.ids import BibId
from libops.catalog.authorities import (
    HEADING_CHANGE_TRANSITIONS,
    Follower,
    HeadingAct,
    HeadingChange,
    HeadingChangeState,
    HeadingKind,
    edited_authority,
    follow,
    forms_of,
    made_authority,
    merged_authority,
)
from libops.catalog.authorities.control import affected_fields
from libops.catalog.authorities.follow import Sight
from libops.catalog.marc import MarcField, MarcRecord, marc_of, to_bib
from libops.catalog.model import BibRecord

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
NAMES = st.sampled_from(
    [
        "Chess", "CHESS", "Chess.", "Échecs", "Dvořák, Antonín", "Dvorak, Antonin,", "Æsop", "Aesop", "Rhythm & blues",
        "Rhythm and blues", "L'art", "Art & industry", 'The "Four hundred"', "走れメロス", "K",
    ]
)  # fmt: skip
LINKS = st.lists(st.sampled_from(["(XxTown)t1", "(DE-588)4"]), unique=True, max_size=2)


def title(headings: list[tuple[str, list[str]]]) -> BibRecord:
    fields = [MarcField("245", "00", (("a", "A title of its own"),))]
    fields += [
        MarcField("650", " 4", (("a", name), ("z", "Hungary"), *[("0", link) for link in links]))
        for name, links in headings
    ]
    return to_bib(MarcRecord("00000nam a2200000 a 4500", tuple(fields)), BibId("b1"))


HEADINGS = st.lists(st.tuples(NAMES, LINKS), min_size=1, max_size=3)


def change(act: HeadingAct, *before: object, after: tuple[object, ...] = (), into: str = "") -> HeadingChange:
    return HeadingChange("c1", act, HeadingChangeState.APPLYING, AT, "ruth", before, after, into)  # type: ignore[arg-type]


@settings(max_examples=80, deadline=None)
@given(HEADINGS, NAMES, NAMES)
def test_the_quick_look_overlooks_no_title(headings: list[tuple[str, list[str]]], old: str, new: str) -> None:
    """A title is passed over unread only when none of its fields would read otherwise."""
    before = made_authority("a1", HeadingKind.TOPIC, old, number="(XxTown)t1")
    after = edited_authority(before, heading=new)
    bib = title(headings)
    if list(affected_fields(marc_of(bib), before, after)):
        assert Sight(before).possible(bib.marc)


@settings(max_examples=80, deadline=None)
@given(HEADINGS, NAMES, NAMES)
def test_a_title_that_has_followed_has_nothing_more_to_follow(
    headings: list[tuple[str, list[str]]], old: str, new: str
) -> None:
    """So an interrupted change may be begun again from the top; and only headings of the authority are touched."""
    before = made_authority("a1", HeadingKind.TOPIC, old, number="(XxTown)t1")
    edit = change(HeadingAct.EDIT, before, after=(edited_authority(before, heading=new),))
    bib = title(headings)
    followed = follow(bib, edit)
    if followed is None:
        return
    assert all(("z", "Hungary") in found.subfields for found in followed.record.all("650"))
    touched = {place for place, _, _ in followed.fields}
    kept = [one for place, one in enumerate(marc_of(bib).fields) if place not in touched]
    assert kept == [one for place, one in enumerate(followed.record.fields) if place not in touched]
    assert follow(to_bib(followed.record, bib.id), edit) is None


@settings(max_examples=50, deadline=None)
@given(NAMES, NAMES, HEADINGS)
def test_a_merge_leaves_no_title_behind(keep: str, gone: str, headings: list[tuple[str, list[str]]]) -> None:
    """Afterwards nothing names the one that is gone, and both forms lead to the one that stays."""
    kept = made_authority("a1", HeadingKind.TOPIC, keep, number="(XxTown)t9")
    lost = made_authority("a2", HeadingKind.TOPIC, gone, number="(XxTown)t1")
    merged = merged_authority(kept, lost)
    bib = title(headings)
    followed = follow(bib, change(HeadingAct.MERGE, kept, lost, after=(merged,), into="a1"))
    record = marc_of(bib) if followed is None else followed.record
    assert all("(XxTown)t1" not in found.all("0") for found in record.all("650"))
    lookups = {form.lookup for form in forms_of(merged)}
    assert {form.lookup for one in (kept, lost) for form in forms_of(one)} == lookups


def test_a_change_that_is_settled_for_good_moves_no_more() -> None:
    """Undone is the end; what is dismissed can still be applied."""
    assert {} == HEADING_CHANGE_TRANSITIONS[HeadingChangeState.UNDONE]
    assert HEADING_CHANGE_TRANSITIONS[HeadingChangeState.DISMISSED]
    assert Follower(change(HeadingAct.EDIT)).follow(title([("Chess", [])])) is None
