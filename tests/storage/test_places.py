"""The order of an index in memory: whatever is added and taken away, a range shows what a sorted list would."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from libops.storage.places import Places

PLACES = st.tuples(st.sampled_from("abc"), st.integers(0, 40), st.text("xyz", max_size=2))


@given(st.lists(PLACES, unique=True, max_size=60), st.data())
def test_a_range_of_places_is_that_of_a_sorted_list(added: list[tuple[str, int, str]], data: st.DataObject) -> None:
    """A walk along an index, or part of one, misses nothing, doubles nothing and keeps the order."""
    places = Places()
    kept = sorted(added)
    for place in added:
        places.add(place)
    list(places.between((), None))
    for place in data.draw(st.lists(st.sampled_from(added), unique=True) if added else st.just([])):
        places.remove(place)
        kept.remove(place)
    first, low, high = data.draw(st.tuples(st.sampled_from("abcd"), st.integers(0, 40), st.integers(0, 40)))
    inside = [place for place in kept if place[0] == first and low <= place[1] < high]
    assert inside == list(places.within((first,), low, high))
    assert inside[::-1] == list(places.within((first,), low, high, descending=True))
    assert [p for p in kept if p[0] == first] == list(places.within((first,), None, None))
    assert [p for p in kept if (first, low) <= p] == list(places.between((first, low), None))
    assert [p for p in kept if p < (first,)] == list(places.between((), (first,)))
    assert kept[::-1] == list(places.between_reversed((), None))


def test_a_long_queue_is_kept_in_runs() -> None:
    """Thousands of loans due at one closing time are still added, found and taken away in order."""
    places = Places()
    for number in reversed(range(2_000)):
        places.add(("2026-03-30", number))
    assert [("2026-03-30", n) for n in range(2_000)] == list(places.within(("2026-03-30",), None, None))
    assert [("2026-03-30", 700), ("2026-03-30", 701)] == list(places.within(("2026-03-30",), 700, 702))
    for number in range(2_000):
        places.remove(("2026-03-30", number))
    assert [] == list(places.between((), None))
