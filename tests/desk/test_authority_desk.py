"""Headings under control: linked, flipped, changed, merged, removed; each act is listed first and can be taken back."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest

import libops
from libops.base.decisions import Override, Permit, Refuse
from libops.base.errors import InvalidValue, NotFound
from libops.catalog.authorities import HeadingChangeState
from libops.catalog.marc import marc_of
from libops.desk.operations import Operations
from libops.storage.rebuild import log_of, rebuilt, stored
from libops.testing.fakes import CountingIds, FrozenClock

ALLOWED = Override(["authority.in_use"], "ruth", "a mistaken record", ["catalog.delete_linked_authority"])


def title(number: str, text: str, *fields: tuple[str, list[tuple[str, str]]]) -> dict[str, Any]:
    made: list[dict[str, Any]] = [{"001": number}, {"003": "XxTown"}, {"245": plain([("a", text)])}]
    made += [{tag: plain(subfields, "1 " if tag[1:] == "00" else " 0")} for tag, subfields in fields]
    return {"leader": "00000nam a2200000 a 4500", "fields": made}


def plain(subfields: list[tuple[str, str]], marks: str = "  ") -> dict[str, Any]:
    return {"ind1": marks[0], "ind2": marks[1], "subfields": [{code: text} for code, text in subfields]}


HUCK = title("1", "Adventures of Huckleberry Finn", ("100", [("a", "Clemens, Samuel,"), ("e", "author.")]))
TOM = title("2", "The adventures of Tom Sawyer", ("100", [("a", "Twain, Mark,"), ("d", "1835-1910.")]))
COOK = title("3", "Cooking in the West", ("650", [("a", "Cookery"), ("z", "Oregon.")]), ("650", [("a", "Hobbies")]))


class Town:
    """Three titles, two authorities: Twain (from Clemens), Cooking (from Cookery)."""

    def __init__(self) -> None:
        self.clock = FrozenClock()
        self.ops: Operations = libops.open(clock=self.clock, ids=CountingIds())
        self.bring(HUCK, TOM, COOK)
        self.desk = self.ops.catalog.authorities
        twain = self.desk.add("person", "Twain, Mark, $d 1835-1910", number="(XxTown)n1", see_from=["Clemens, Samuel"])
        cooking = self.desk.add("topic", "Cooking", number="(XxTown)t1", see_from=["Cookery"])
        self.twain, self.cooking = (self.done(one).authority.id for one in (twain, cooking))

    def bring(self, *records: dict[str, Any]) -> None:
        self.ops.catalog.import_marc(BytesIO(b"".join(json.dumps(one).encode() + b"\n" for one in records)))

    def done(self, answer: Any) -> Any:
        assert isinstance(answer, Permit), answer
        return answer.result

    def refused(self, answer: Any) -> list[str]:
        assert isinstance(answer, Refuse), answer
        assert all(reason.text for reason in answer.reasons)
        return [reason.code for reason in answer.reasons]

    def bib(self, words: str) -> str:
        (hit,) = self.ops.search.find(words).hits
        return str(hit.bib.id)

    def fields(self, words: str, tag: str) -> list[str]:
        record = marc_of(self.ops.catalog.get(self.bib(words)))
        return ["".join(f"${code}{text}" for code, text in found.subfields) for found in record.all(tag)]

    def found(self, words: str) -> set[str]:
        return {hit.bib.title for hit in self.ops.search.find(words).hits}

    def rebuilt_as_stored(self) -> None:
        assert stored(self.ops.storage) == rebuilt(log_of(self.ops.storage))


def test_headings_are_linked_and_flipped_after_they_were_listed() -> None:
    """Twain gets his number, Clemens becomes Twain, Cookery becomes Cooking; relator and place stay."""
    town = Town()
    seen = town.done(town.desk.control(commit=False))
    shown = [(one.tag, one.before, one.after) for one in seen.effects]
    assert ("100", "Clemens, Samuel", "Twain, Mark, 1835-1910") in shown
    assert ("650", "Cookery -- Oregon", "Cooking -- Oregon") in shown
    assert (3, 3) == (seen.fields, seen.records)
    assert ["$aCookery$zOregon.", "$aHobbies"] == town.fields("cooking west", "650")
    receipt = town.done(town.desk.control(preview=seen.preview))
    assert 3 == receipt.report.changed
    assert HeadingChangeState.APPLIED is receipt.change.state
    assert ["$aTwain, Mark,$d1835-1910$eauthor.$0(XxTown)n1"] == town.fields("huckleberry", "100")
    assert ["$aCooking$zOregon.$0(XxTown)t1", "$aHobbies"] == town.fields("cooking west", "650")
    assert ["headings.in_order"] == town.refused(town.desk.control())
    assert ["Hobbies"] == [heading.before for _, heading in town.desk.queue()]
    (version,) = town.ops.catalog.versions(town.bib("huckleberry"))
    assert receipt.change.source == version.source
    town.rebuilt_as_stored()


def test_control_is_taken_back_title_by_title() -> None:
    """What was edited since stays, and is reported; taking back twice is refused."""
    town = Town()
    change = town.done(town.desk.control()).change
    edited, hidden = town.bib("tom sawyer"), town.bib("huckleberry")
    assert town.ops.catalog.suppress(hidden)
    town.bring(title("2", "The adventures of Tom Sawyer", ("100", [("a", "Twain, Mark,"), ("d", "1835-1910")])))
    report = town.done(town.desk.undo(change.id))
    assert (2, (edited,)) == (report.changed, report.left)
    assert HeadingChangeState.UNDONE is report.change.state
    huckleberry = town.ops.catalog.get(hidden)
    assert huckleberry.suppressed
    assert "Clemens, Samuel" == huckleberry.author
    assert ["heading_change.wrong_state"] == town.refused(town.desk.undo(change.id))
    town.rebuilt_as_stored()


def test_a_changed_heading_is_followed_and_found_under_both_forms() -> None:
    """Cooking is Food preparation now; who asks for Cooking or Cookery still finds the title."""
    town = Town()
    town.done(town.desk.control())
    seen = town.done(town.desk.change(town.cooking, heading="Food preparation", commit=False))
    assert ["Cooking -- Oregon"] == [one.before for one in seen.effects]
    assert "1 fields of 1 titles" in str(seen)
    receipt = town.done(town.desk.change(town.cooking, heading="Food preparation", preview=seen.preview))
    assert ("Cooking", "Cookery") == receipt.authority.see_from
    assert ["$aFood preparation$zOregon.$0(XxTown)t1", "$aHobbies"] == town.fields("west", "650")
    for words in ("food preparation", "cooking", "cookery"):
        assert {"Cooking in the West"} == town.found(words)
    assert ["authority.unchanged"] == town.refused(town.desk.change(town.cooking, heading="Food preparation"))
    report = town.done(town.desk.undo(receipt.change.id))
    assert 1 == report.changed
    assert "Cooking" == town.desk.get(town.cooking).heading
    assert ["$aCooking$zOregon.$0(XxTown)t1", "$aHobbies"] == town.fields("west", "650")
    town.rebuilt_as_stored()


def test_a_preview_that_is_not_so_any_more_is_refused() -> None:
    """A title more is affected than was listed; or the authority was edited."""
    town = Town()
    town.done(town.desk.control())
    seen = town.done(town.desk.change(town.cooking, heading="Food preparation", commit=False))
    town.bring(title("4", "More cooking", ("650", [("a", "Cooking")])))
    late = town.desk.change(town.cooking, heading="Food preparation", preview=seen.preview)
    assert ["preview.stale"] == town.refused(late)
    seen = town.done(town.desk.change(town.cooking, heading="Food preparation", commit=False))
    town.done(town.desk.change(town.cooking, see_from=["Cookery", "Cuisine"]))
    late = town.desk.change(town.cooking, heading="Food preparation", preview=seen.preview)
    assert ["preview.stale"] == town.refused(late)


def test_links_to_other_files_stay() -> None:
    """Only the number of the authority itself is its own."""
    town = Town()
    links = [("a", "Cooking"), ("0", "(DE-588)4114247-6"), ("0", "(XxTown)t1")]
    town.bring(title("5", "Bread", ("650", links)))
    town.done(town.desk.change(town.cooking, heading="Food preparation"))
    assert ["$aFood preparation$0(XxTown)t1$0(DE-588)4114247-6"] == town.fields("bread", "650")


def test_two_authorities_are_merged_and_parted_again() -> None:
    """The titles of the second get the heading of the first; taken back, both stand as before."""
    town = Town()
    town.bring(title("6", "Letters", ("700", [("a", "Twain, M."), ("0", "(XxTown)n2")])))
    other = town.done(town.desk.add("person", "Twain, M.", number="(XxTown)n2", see_from=["Snodgrass, Quintus"]))
    seen = town.done(town.desk.merge(town.twain, other.authority.id, commit=False))
    assert ["Twain, M."] == [one.before for one in seen.effects]
    receipt = town.done(town.desk.merge(town.twain, other.authority.id, preview=seen.preview))
    assert ["$aTwain, Mark,$d1835-1910$0(XxTown)n1"] == town.fields("letters", "700")
    assert ("Clemens, Samuel", "Twain, M.", "Snodgrass, Quintus") == receipt.authority.see_from
    assert "(XxTown)n2" in receipt.authority.marc
    assert [town.twain] == [one.id for one in town.desk.find("Snodgrass, Quintus")]
    with pytest.raises(NotFound):
        town.desk.get(other.authority.id)
    town.done(town.desk.undo(receipt.change.id))
    assert ["$aTwain, M.$0(XxTown)n2"] == town.fields("letters", "700")
    assert [other.authority.id] == [one.id for one in town.desk.find("Snodgrass, Quintus")]
    assert ("Clemens, Samuel",) == town.desk.get(town.twain).see_from
    town.rebuilt_as_stored()


def test_what_cannot_be_merged_is_refused() -> None:
    """With itself, a person with a topic, across thesauri without a word, an unknown one."""
    town = Town()
    assert ["authority.same"] == town.refused(town.desk.merge(town.twain, town.twain))
    assert ["authority.other_kind"] == town.refused(town.desk.merge(town.twain, town.cooking))
    assert ["authority.unknown"] == town.refused(town.desk.merge(town.twain, "nobody"))
    fields = [{"001": "sh1"}, {"008": "260101|||||a".ljust(40)}, {"150": plain([("a", "Cuisine")])}]
    lcsh = {"leader": "00000nz  a2200000n  4500", "fields": fields}
    town.ops.catalog.import_authorities(BytesIO(json.dumps(lcsh).encode()))
    (other,) = town.desk.find("cuisine")
    assert "lcsh" == other.thesaurus
    assert ["authority.other_thesaurus"] == town.refused(town.desk.merge(town.cooking, other.id))
    sure = Override(["authority.other_thesaurus"], "ruth", "one list from now on")
    town.done(town.desk.merge(town.cooking, other.id, override=sure))


def test_an_authority_that_titles_name_is_not_removed_without_the_right() -> None:
    """With it, the titles keep the words and lose the link; taken back, the link is there again."""
    town = Town()
    town.done(town.desk.control())
    assert [town.bib("west")] == town.desk.titles_of(town.cooking)
    assert ["authority.in_use"] == town.refused(town.desk.delete(town.cooking))
    receipt = town.done(town.desk.delete(town.cooking, override=ALLOWED))
    assert ["$aCooking$zOregon.", "$aHobbies"] == town.fields("west", "650")
    assert [] == town.desk.find("cooking")
    town.done(town.desk.undo(receipt.change.id))
    assert ["$aCooking$zOregon.$0(XxTown)t1", "$aHobbies"] == town.fields("west", "650")
    unused = town.done(town.desk.add("topic", "Skittles"))
    town.done(town.desk.delete(unused.authority.id))
    assert ["authority.unknown"] == town.refused(town.desk.delete(unused.authority.id))
    town.rebuilt_as_stored()


def test_titles_follow_in_as_many_sittings_as_it_takes() -> None:
    """Two at once, the others by the nightly run; an interruption loses nothing and doubles nothing."""
    town = Town()
    town.bring(*[title(f"c{number}", f"Cooking part {number}", ("650", [("a", "Cooking")])) for number in range(5)])
    receipt = town.done(town.desk.change(town.cooking, heading="Food preparation", most=2))
    assert (2, False) == (receipt.report.changed, receipt.report.finished)
    assert [receipt.change.id] == [one.id for one in town.desk.unfinished()]
    assert 3 == town.desk.effects(receipt.change.id).fields
    report = {step.name: step.acts for step in town.ops.run_due().steps}
    assert 3 == report["headings"]
    assert HeadingChangeState.APPLIED is town.desk.change_of(receipt.change.id).state
    assert "headings" not in [step.name for step in town.ops.run_due().steps]
    undone = town.done(town.desk.undo(receipt.change.id, most=2))
    assert not undone.finished
    assert 3 == town.desk.finish()[0].changed
    assert ["$aCooking"] == town.fields("part 4", "650")
    assert all(2 == len(town.ops.catalog.versions(town.bib(f"part {number}"))) for number in range(5))
    town.rebuilt_as_stored()


def test_a_change_from_a_file_waits_for_the_cataloger() -> None:
    """Applied or dismissed; dismissed, it can still be applied."""
    town = Town()
    town.done(town.desk.control())
    fields = [{"001": "t1"}, {"003": "XxTown"}, {"150": plain([("a", "Food preparation")])}]
    fields.append({"450": plain([("a", "Cooking")])})
    file = json.dumps({"leader": "00000nz  a2200000n  4500", "fields": fields}).encode()
    assert 1 == town.ops.catalog.import_authorities(BytesIO(file)).changed
    (change,) = town.desk.waiting()
    assert "Cooking" in town.fields("west", "650")[0]
    town.done(town.desk.dismiss(change.id))
    assert [] == town.desk.waiting()
    assert ["heading_change.wrong_state"] == town.refused(town.desk.dismiss(change.id))
    assert 1 == town.done(town.desk.apply(change.id)).changed
    assert "Food preparation" in town.fields("west", "650")[0]
    town.done(town.desk.change(town.cooking, heading="Cuisine"))
    assert ["authority.changed_since"] == town.refused(town.desk.undo(change.id))
    assert ["heading_change.unknown"] == town.refused(town.desk.apply("nothing"))
    with pytest.raises(NotFound, match="no change of headings"):
        town.desk.change_of("nothing")


def test_a_heading_that_is_established_already_is_asked_about() -> None:
    """Added or changed into it; an empty one is misuse."""
    town = Town()
    assert ["authority.known"] == town.refused(town.desk.add("topic", "Cooking"))
    other = town.done(town.desk.add("topic", "Baking"))
    assert ["authority.known"] == town.refused(town.desk.change(other.authority.id, heading="Cooking"))
    assert ["authority.unknown"] == town.refused(town.desk.change("nobody", heading="Cooking"))
    with pytest.raises(InvalidValue, match="is no heading"):
        town.desk.add("topic", " ")
    with pytest.raises(ValueError, match="planet"):
        town.desk.add("planet", "Mars")


def test_a_former_heading_need_not_lead_anywhere() -> None:
    """keep_former=False: a misspelling is forgotten."""
    town = Town()
    receipt = town.done(town.desk.change(town.cooking, heading="Cookery books", keep_former=False))
    assert ("Cookery",) == receipt.authority.see_from
    assert [] == town.desk.find("Cooking")


def test_a_person_decides_about_a_heading_of_the_queue() -> None:
    """Hobbies is given to Pastimes: listed, done, kept as a version; what does not fit is refused."""
    town = Town()
    pastimes = town.done(town.desk.add("topic", "Pastimes", number="(XxTown)t3")).authority.id
    town.done(town.desk.control())
    ((bib, heading),) = town.desk.queue()
    asked = (bib, heading.field_no, pastimes)
    seen = town.done(town.desk.link(*asked, commit=False))
    assert [("Hobbies", "Pastimes")] == [(one.before, one.after) for one in seen.effects]
    town.done(town.desk.link(*asked, before="Hobbies", preview=seen.preview))
    assert "$aPastimes$0(XxTown)t3" in town.fields("west", "650")
    assert [] == list(town.desk.queue())
    assert f"authority {pastimes}" == town.ops.catalog.versions(bib)[0].source
    assert ["heading.linked"] == town.refused(town.desk.link(*asked))
    assert ["heading.changed", "heading.linked"] == town.refused(town.desk.link(*asked, before="Hobbies"))
    assert ["heading.unknown"] == town.refused(town.desk.link(bib, 0, pastimes))
    assert ["heading.unknown"] == town.refused(town.desk.link(bib, 99, pastimes))
    assert ["authority.other_kind"] == town.refused(town.desk.link(bib, heading.field_no, town.twain))
    assert ["authority.unknown"] == town.refused(town.desk.link(bib, heading.field_no, "nobody"))
    assert ["bib.unknown"] == town.refused(town.desk.link("b99", 1, pastimes))
    town.rebuilt_as_stored()


def test_titles_that_follow_late_get_the_latest_heading() -> None:
    """Changed twice before all had followed: nobody is taken back to the heading in between."""
    town = Town()
    town.bring(*[title(f"c{number}", f"Bread part {number}", ("650", [("a", "Cooking")])) for number in range(4)])
    town.done(town.desk.control())
    assert not town.done(town.desk.change(town.cooking, heading="Food preparation", most=1)).report.finished
    town.done(town.desk.change(town.cooking, heading="Cuisine", most=1))
    assert 2 == len(town.desk.unfinished())
    town.ops.run_due()
    assert [] == town.desk.unfinished()
    headings = [town.fields(f"bread part {number}", "650") for number in range(4)]
    assert [["$aCuisine$0(XxTown)t1"]] * 4 == headings
    # Linked, and changed once; the one that followed at once was changed twice.
    kept = [len(town.ops.catalog.versions(town.bib(words))) for words in ("west", *(f"part {one}" for one in range(4)))]
    assert [2, 2, 2, 2, 3] == sorted(kept)


def test_a_hierarchy_told_from_one_side_is_listed() -> None:
    """Cooking names a broader heading that does not name it back."""
    town = Town()
    fields = [{"001": "t9"}, {"003": "XxTown"}, {"150": plain([("a", "Baking")])}]
    fields.append({"550": plain([("w", "g"), ("a", "Cooking")])})
    town.ops.catalog.import_authorities(
        BytesIO(json.dumps({"leader": "00000nz  a2200000n  4500", "fields": fields}).encode())
    )
    (baking,) = town.desk.find("baking")
    assert [(baking.id, "Cooking")] == list(town.desk.one_way_relations())
