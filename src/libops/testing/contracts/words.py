"""Scenarios of a search by words: what `Match` finds, counts and forgets, for backends that keep an index of words."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libops.base.errors import Conflict
from libops.base.ids import BibId
from libops.catalog.search.text import BibText, folded
from libops.storage.kinds import kind_of
from libops.storage.memory import MemoryStorage
from libops.storage.port import Batch, Match, Matches, Storage, Term
from libops.testing.contracts.reaching import ReachesStore
from libops.testing.small_records import drop, get, patron, put

__all__ = ["WordScenarios"]

TITLES = {
    1: ("the left hand of darkness", "le guin ursula k", "science fiction", "winter is gethen", "eng", 1969),
    2: ("darkness at noon", "koestler arthur", "prisons", "left behind", "eng", 1940),
    3: ("sonnenfinsternis", "koestler arthur", "prisons", "darkness at noon", "ger", 1948),
    4: ("the hand", "", "anatomy", "left and right hand", "eng", None),
    5: ("走 れ メ ロ ス", "dazai osamu", "", "", "jpn", 1940),
}
"""Words of five titles: title, contributor, subject, the rest; then language and year."""

WORDS = st.sampled_from(["hand", "hands", "left", "dark", "darkness", "of", "the", "war", "müller", "走", "れ", "c"])
ODD_WORDS = (
    '"',
    "*",
    "^",
    "and",
    "NOT",
    "NEAR(",
    "title:",
    "%",
    "_",
    "'; drop",
    "\\",
    "a:*",
    "&",
    "|",
    "!",
    "-",
    "<->",
)
TEXTS = st.lists(WORDS, max_size=5).map(" ".join) | st.text("aeéßo李走-'. 7", max_size=12).map(folded)


def text(number: int, *, title: str = "", visible: bool = True) -> BibText:
    """What can be found of one of the titles, or of one with another title."""
    words = TITLES[number]
    return BibText(
        BibId(f"bib-{number:04}"), title or words[0], *words[1:4], words[0], words[4], "book", words[5], visible
    )


def term(words: str, field: str = "", *, prefix: bool = False, excluded: bool = False) -> Term:
    """Words that must stand together."""
    return Term(tuple(words.split()), field, prefix, excluded)


def match(*terms: Term, **more: Any) -> Match:
    """One way to ask."""
    return Match(kind_of(BibText), (terms,), **more)


def keys(matches: Matches) -> list[str]:
    """The numbers of the titles found, in order."""
    return [row.record.bib_id.removeprefix("bib-000") for row in matches.rows]


@st.composite
def matches_of(draw: st.DrawFn) -> Match:
    """Any question: some terms, of any field, phrases and beginnings and exclusions, in one or two ways."""
    spans = st.lists(WORDS, min_size=1, max_size=3).map(tuple)
    fields = st.sampled_from(["", "title", "contributor", "subject", "other"])
    terms = st.builds(Term, spans, fields, st.booleans(), st.booleans())
    ways = st.lists(terms, min_size=1, max_size=3).map(tuple)
    equal = draw(st.sampled_from([(), (("language", "eng"),), (("year", 1940),), (("visible", True),)]))
    return Match(kind_of(BibText), tuple(draw(st.lists(ways, min_size=1, max_size=2))), equal, ("language", "year"))


class WordScenarios(ReachesStore):
    """What a search by words promises, for backends with the capability `full_text`.

    Words come folded and parted by blanks, in records and in questions: a store compares them, and decides nothing
    about letters.
    """

    @pytest.fixture
    def titles(self, store: Storage) -> Storage:
        """A store with five titles."""
        self.need("full_text")
        store.apply(Batch(writes=tuple(put(text(number)) for number in TITLES)))
        return store

    def found(self, store: Storage, *terms: Term, **more: Any) -> list[str]:
        """The titles that hold all of these terms, in the order of their numbers."""
        return sorted(keys(store.read([match(*terms, **more)])[0]))

    def test_801_a_word_finds_what_holds_it(self, titles: Storage) -> None:
        """In any of the fields; half a word finds nothing."""
        assert ["1", "2", "3"] == self.found(titles, term("darkness"))
        assert [] == self.found(titles, term("dark"))

    def test_802_all_terms_must_be_held(self, titles: Storage) -> None:
        """In whatever order and whatever fields they stand."""
        assert ["1", "4"] == self.found(titles, term("hand"), term("left"))
        assert [] == self.found(titles, term("hand"), term("noon"))

    def test_803_a_phrase_stands_together_in_one_field(self, titles: Storage) -> None:
        """ "Left hand" is not "hand", then "left"."""
        assert ["1"] == self.found(titles, term("left hand"))
        assert [] == self.found(titles, term("noon koestler"))

    def test_804_a_beginning_finds_the_words_that_begin_so(self, titles: Storage) -> None:
        """Of a phrase only the last word may be a beginning."""
        assert ["1", "2", "3"] == self.found(titles, term("dark", prefix=True))
        assert ["3"] == self.found(titles, term("sonnenf", prefix=True))
        assert ["2", "3"] == self.found(titles, term("darkness at no", prefix=True))
        assert [] == self.found(titles, term("dark at noon", prefix=True))

    def test_805_a_term_can_be_held_to_one_field(self, titles: Storage) -> None:
        """A title called so, not one that mentions it."""
        assert ["1", "2"] == self.found(titles, term("darkness", "title"))
        assert [] == self.found(titles, term("koestler", "title"))

    def test_806_a_term_can_be_excluded(self, titles: Storage) -> None:
        """With nothing wanted, nothing is found."""
        assert ["2", "3"] == self.found(titles, term("darkness"), term("hand", excluded=True))
        assert [] == self.found(titles, term("darkness", excluded=True))

    def test_807_one_of_several_ways_is_enough(self, titles: Storage) -> None:
        """What was typed, or the heading that it leads to; what both find is found once."""
        ways = ((term("prisons"),), (term("le guin", "contributor"),), (term("noon"), term("prisons")))
        matches = titles.read([Match(kind_of(BibText), ways)])[0]
        assert (["1", "2", "3"], 3) == (sorted(keys(matches)), matches.total)

    def test_808_a_title_comes_before_a_mention(self, titles: Storage) -> None:
        """The weightier field first."""
        assert ["2", "3"] == keys(titles.read([match(term("noon"))])[0])

    def test_809_hits_can_be_held_to_a_value(self, titles: Storage) -> None:
        """By language, by year; a hidden record is not found where only visible ones are wanted."""
        assert ["3"] == self.found(titles, term("koestler"), equal=(("language", "ger"),))
        assert ["2"] == self.found(titles, term("koestler"), equal=(("language", "eng"), ("year", 1940)))
        hidden = text(2, visible=False)
        titles.apply(Batch(writes=(put(hidden, self.version(titles, hidden)),)))
        assert ["3"] == self.found(titles, term("koestler"), equal=(("visible", True),))

    def test_810_facets_count_the_values_of_all_hits(self, titles: Storage) -> None:
        """Also of those on other pages; a missing year is a value of its own."""
        matches = titles.read([match(term("hand"), facets=("language", "year"), limit=1)])[0]
        assert {"language": {"eng": 2}, "year": {1969: 1, None: 1}} == matches.facets
        nothing = titles.read([match(term("gethen"), term("noon"), facets=("language",))])[0]
        assert (0, [], {"language": {}}) == (nothing.total, nothing.rows, nothing.facets)

    def test_811_hits_come_in_pages(self, titles: Storage) -> None:
        """Each hit is on one page, and each page knows how many there are."""
        pages = [titles.read([match(term("darkness"), limit=2, offset=offset)])[0] for offset in (0, 2, 4)]
        assert [2, 1, 0] == [len(page.rows) for page in pages]
        assert {"1", "2", "3"} == {key for page in pages for key in keys(page)}
        assert [(3, True)] * 3 == [(page.total, page.counted_all) for page in pages]

    def test_812_counting_ends_where_it_was_told(self, titles: Storage) -> None:
        """The answer says whether there were more."""
        counts = []
        for most in (2, 3, 4):
            matches = titles.read([match(term("darkness"), facets=("language",), count_up_to=most)])[0]
            counts.append((matches.total, matches.counted_all, sum(matches.facets["language"].values())))
        assert [(2, False, 2), (3, True, 3), (3, True, 3)] == counts

    def test_813_a_changed_record_is_found_by_its_new_words_only(self, titles: Storage) -> None:
        """A cataloger mends a title."""
        mended = text(1, title="the right hand of light")
        titles.apply(Batch(writes=(put(mended, self.version(titles, mended)),)))
        assert [] == self.found(titles, term("darkness", "title"), term("hand", "title"))
        assert ["1"] == self.found(titles, term("hand of light"))

    def test_814_a_removed_record_is_not_found(self, titles: Storage) -> None:
        """Nor counted; and it can come back."""
        titles.apply(Batch(writes=(drop(text(2), self.version(titles, text(2))),)))
        assert 2 == titles.read([match(term("darkness"))])[0].total
        titles.apply(Batch(writes=(put(text(2)),)))
        assert ["2", "3"] == self.found(titles, term("noon"))

    def test_815_the_index_is_written_with_its_record_or_not_at_all(self, titles: Storage) -> None:
        """A conflict leaves the words as they were."""
        mended, version = text(1, title="the right hand of light"), self.version(titles, text(1))
        titles.apply(Batch(writes=(put(patron(1)),)))
        with pytest.raises(Conflict):
            titles.apply(Batch(writes=(put(mended, version), drop(text(2), 10**9), put(patron(1)))))
        assert ["1", "2", "3"] == self.found(titles, term("darkness"))
        assert [] == self.found(titles, term("light"))

    def test_816_what_was_typed_is_words_and_no_language(self, titles: Storage) -> None:
        """Nothing that a person types is a syntax error or finds everything."""
        for odd in ODD_WORDS:
            assert [] == self.found(titles, Term((odd,)), term("gethen"), term("noon")), odd
            assert set(self.found(titles, Term((odd, "noon")))) <= {"2", "3"}, odd

    def test_817_words_of_every_script_are_found(self, titles: Storage) -> None:
        """Scripts without blanks come letter by letter, and a phrase finds the word."""
        assert ["5"] == self.found(titles, term("メ ロ ス"))
        assert [] == self.found(titles, term("ス ロ メ"))

    def test_818_the_index_outlives_the_program(self, folder: Path) -> None:
        """What was found before a reopen is found after it, and the rest of the work goes on."""
        self.need("full_text")
        self.need("persistent")
        store = self.reopened(folder)
        store.apply(Batch(writes=tuple(put(text(number)) for number in TITLES)))
        store.close()
        store = self.reopened(folder)
        assert ["2", "3"] == self.found(store, term("noon"))
        store.apply(Batch(writes=(drop(text(3), self.version(store, text(3))),)))
        assert ["2"] == self.found(store, term("noon"))
        store.close()

    def test_819_it_finds_what_the_memory_store_finds(self, folder: Path) -> None:
        """Whatever the words and whatever the question: the memory store is the model. Only the order may differ."""
        self.need("full_text")
        runs = iter(range(1_000_000))

        @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
        @given(st.lists(st.tuples(TEXTS, TEXTS, st.sampled_from(["eng", "ger"])), max_size=6), st.data())
        def compare(shelf: list[tuple[str, str, str]], data: st.DataObject) -> None:
            place = folder / f"run-{next(runs)}"
            place.mkdir()
            store, model = self.reopened(place), MemoryStorage()
            try:
                fill((store, model), shelf)
                for _ in range(4):
                    question = data.draw(matches_of())
                    ours, models = store.read([question])[0], model.read([question])[0]
                    assert sorted(keys(models)) == sorted(keys(ours)), question
                    assert models[1:4] == ours[1:4], question
                    assert keys(ours) == [key.removeprefix("bib-000") for key in ours.keys]
                    bare = store.read([question._replace(records=False)])[0]
                    assert ([], ours[1:]) == (bare.rows, bare[1:]), question
            finally:
                store.close()

        compare()

    def test_820_keys_alone_can_be_asked_for(self, titles: Storage) -> None:
        """A page of hits that shows other records than those whose words were searched."""
        for offset in (0, 2):
            question = match(term("darkness"), limit=2, offset=offset)
            whole, bare = titles.read([question, question._replace(records=False)])
            assert [row.record.bib_id for row in whole.rows] == whole.keys == bare.keys
            assert ([], 3) == (bare.rows, bare.total)


def fill(stores: Iterable[Storage], shelf: list[tuple[str, str, str]]) -> None:
    """Put titles into several stores; each is written twice, first with the words of the one before."""
    for store in stores:
        before = ("", "", "eng")
        for number, words in enumerate(shelf):
            for title, other, language in (before, words):
                key = BibId(f"bib-{number:04}")
                record = BibText(key, title, "", "", other, "", language, "book", 1940 if title else None, True)
                version = store.read([get(record)])[0].version
                store.apply(Batch(writes=(put(record, version),)))
            before = words
