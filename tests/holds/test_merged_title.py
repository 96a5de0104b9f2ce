"""Who waits for one of two records that become one: nobody is lost, nobody stands twice, nobody gets before another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from libops.base.ids import BibId, HoldId, ItemId, LibraryCode, PatronId
from libops.circulation.decide.merged_title import MergedTitleFacts, follow_title
from libops.circulation.events import HoldCancelled, HoldRetitled
from libops.circulation.model import Hold, HoldLevel, HoldState, retitled

GONE, INTO, THIRD = BibId("gone"), BibId("into"), BibId("third")
AT = datetime(2026, 3, 3, 10, tzinfo=UTC)
MAIN = LibraryCode("MAIN")
WISHES = [(GONE,), (INTO,), (GONE, INTO), (THIRD, GONE), (THIRD, INTO)]


def hold(number: int, patron: str, bibs: tuple[BibId, ...], caught: bool, batch: str, minutes: int) -> Hold:
    placed = AT + timedelta(minutes=minutes)
    return Hold(
        id=HoldId(f"h{number:02}"),
        patron_id=PatronId(patron),
        bib_id=bibs[0],
        level=HoldLevel.TITLE if len(bibs) == 1 else HoldLevel.ANY_OF,
        targets=tuple(f"bib:{bib}" for bib in bibs),
        target_bibs=bibs,
        pickup_library=MAIN,
        placed_at=placed,
        queued_at=placed,
        patron_category="adult",
        patron_library=MAIN,
        state=HoldState.READY if caught else HoldState.WAITING,
        item_id=ItemId(f"i{number}") if caught else None,
        batch=batch,
    )


ROWS = st.tuples(
    st.sampled_from(["ada", "ben"]),
    st.sampled_from(WISHES),
    st.sampled_from([False, False, True]),
    st.sampled_from(["", "", "club"]),
    st.integers(0, 5),
)
HOLDS = st.lists(ROWS, max_size=8).map(lambda rows: [hold(number, *row) for number, row in enumerate(rows)])


@given(HOLDS)
def test_everybody_who_waited_still_does_and_nobody_twice(holds: list[Hold]) -> None:
    """Given up is only what waits, of a patron who asks for the same by a hold that is caught or stands before it."""
    asks = tuple(one for one in holds if GONE in one.target_bibs)
    others = tuple(one for one in holds if one not in asks)
    plan = follow_title(MergedTitleFacts(GONE, INTO, asks, others), at=AT, by="ruth", why="waits already").result
    cancelled = {event.hold_id for event in plan.events if isinstance(event, HoldCancelled)}
    moved = {event.hold_id for event in plan.events if isinstance(event, HoldRetitled)}
    assert {one.id for one in asks} == moved | (cancelled & {one.id for one in asks})
    after = {one.id: retitled(one, GONE, INTO) for one in holds}
    for given_up, stays in plan.given_up:
        assert stays.id not in cancelled
        assert (given_up.patron_id, set(after[given_up.id].targets)) == (stays.patron_id, set(after[stays.id].targets))
        assert (HoldState.WAITING, "", "") == (given_up.state, given_up.batch, stays.batch)
        assert stays.state is HoldState.READY or (stays.queued_at, stays.id) < (given_up.queued_at, given_up.id)
    from_both = {(one.patron_id, frozenset(after[one.id].targets)) for one in asks if not one.batch}
    from_both &= {(one.patron_id, frozenset(after[one.id].targets)) for one in others if not one.batch}
    left = [after[one.id] for one in holds if one.id not in cancelled and not one.batch]
    for patron, wish in from_both:
        waiting = [one for one in left if (one.patron_id, frozenset(one.targets)) == (patron, wish)]
        assert sum(one.state is HoldState.WAITING for one in waiting) <= 1
        assert waiting


@given(HOLDS)
def test_a_hold_that_follows_asks_for_nothing_that_is_gone_and_for_nothing_twice(holds: list[Hold]) -> None:
    """What else it asks for stays, in its order."""
    for one in holds:
        after = retitled(one, GONE, INTO)
        assert GONE not in (after.bib_id, *after.target_bibs)
        assert len(set(after.targets)) == len(after.targets) == len(after.target_bibs)
        assert {INTO if bib == GONE else bib for bib in one.target_bibs} == set(after.target_bibs)
        assert after == retitled(after, GONE, INTO)


@given(HOLDS, st.permutations([("item:i1", GONE), ("item:i2", GONE), ("bib:gone", GONE), ("bib:third", THIRD)]))
def test_an_item_that_leaves_its_title_takes_along_only_what_is_asked_of_it(holds: list[Hold], wanted) -> None:
    """Other items, and the title itself, are asked for as before, in the same order."""
    for one in holds:
        asks = dict(wanted[: one.queued_at.minute - AT.minute])
        before = evolve(one, bib_id=GONE, targets=tuple(asks), target_bibs=tuple(asks.values()))
        after = retitled(before, GONE, INTO, ItemId("i1"))
        expected = {**asks, "item:i1": INTO} if "item:i1" in asks else asks
        assert expected == dict(zip(after.targets, after.target_bibs, strict=True))
        assert before.targets == after.targets
        assert after == retitled(after, GONE, INTO, ItemId("i1"))
