"""The result of a stocktake is accepted in one reviewed step, and that step can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given, settings

from libops.base.decisions import Override
from libops.base.errors import InvalidValue
from libops.base.ids import LibraryCode
from libops.inventory.decide import (
    UndoFacts,
    accept_stocktake,
    reckon,
    undo_stocktake,
)
from libops.inventory.events import StocktakeAccepted
from libops.inventory.model import (
    Correction,
    CorrectionKind,
    CorrectionState,
    FindingKind,
    ShelfMovement,
    ShelfStatus,
    Stocktake,
    StocktakeRange,
)
from libops.inventory.policy import CorrectionTerms, Treatment, propose_corrections
from libops.testing.strategies.inventory import OPENED, SESSION, seeded_stocktakes, shelf_item

EVENING = OPENED + timedelta(hours=12)
MAIN = LibraryCode("MAIN")
STACKS = StocktakeRange(library=MAIN, location="STACKS")
SHELF = [shelf_item(number) for number in range(1, 13)]
WHO = {"at": EVENING, "by": "staff-7"}
SEE_ALL = CorrectionTerms(missing_share=None)


def codes(decision):
    return [reason.code for reason in decision.reasons]


def shelf_with_every_correction(store):
    """Volume 1 missing, 2 on loan here, 3 withdrawn here, 4 lost here, 5 in transit here, and a stray."""
    status = [None, ShelfStatus.ON_LOAN, ShelfStatus.WITHDRAWN, ShelfStatus.DECLARED_LOST, ShelfStatus.IN_TRANSIT]
    items = [evolve(item, status=s or item.status) for item, s in zip(SHELF, status + [None] * 7, strict=True)]
    stray = shelf_item(900, location="CHILDREN")
    store.counted_shelf(items=items, scanned=[*items[1:], stray])
    return store.facts_of(others=[stray])


def test_what_a_result_corrects_by_itself_is_policy(new_store):
    """By default missing, found again and returned items are corrected; the rest goes on a list for people."""
    result = reckon(shelf_with_every_correction(new_store()), at=EVENING)
    kinds = [CorrectionKind.MARK_MISSING, CorrectionKind.CHECK_IN, CorrectionKind.MARK_FOUND]
    assert kinds == [correction.kind for correction in propose_corrections(result, MAIN)]
    all_of_it = CorrectionTerms(
        on_the_way=Treatment.CORRECT, withdrawn=Treatment.CORRECT, wrong_location=Treatment.CORRECT
    )
    corrections = {one.item_id: one for one in propose_corrections(result, MAIN, all_of_it)}
    assert CorrectionKind.REINSTATE is corrections["I-00003"].kind
    assert CorrectionKind.CHECK_IN is corrections["I-00005"].kind
    moved = corrections["I-00900"]
    assert ("CHILDREN", "STACKS") == (moved.before_place.location, moved.after_place.location)


@pytest.mark.parametrize("share", [-1, 101])
def test_a_share_is_a_percentage(share):
    """Ten means ten percent."""
    with pytest.raises(InvalidValue, match=str(share)):
        CorrectionTerms(missing_share=share)


def applied(items, corrections):
    """The items as the desk leaves them after applying or undoing corrections."""
    items = dict(items)
    for one in corrections:
        if one.state is CorrectionState.LEFT or one.item_id not in items:
            continue
        undo = one.state is CorrectionState.UNDONE
        place = one.before_place if undo else one.after_place
        status = one.before_status if undo else one.after_status
        if one.kind is CorrectionKind.CHANGE_LOCATION:
            items[one.item_id] = evolve(items[one.item_id], location=place.location)
        else:
            items[one.item_id] = evolve(items[one.item_id], status=status)
    return items


@settings(max_examples=40)
@given(seeded_stocktakes())
def test_undoing_restores_every_item(new_store, counted):
    """A result accepted by mistake is taken back: every item is what it was, and the session is under review again."""
    store = new_store()
    everything = CorrectionTerms(
        withdrawn=Treatment.CORRECT, wrong_location=Treatment.CORRECT, on_the_way=Treatment.CORRECT, missing_share=None
    )
    store.records[(Stocktake, SESSION)] = before = counted.facts.session
    result = reckon(counted.facts, at=EVENING)
    corrections = propose_corrections(result, MAIN, everything)
    accepted = accept_stocktake(
        counted.facts, reviewed=result.fingerprint, corrections=corrections, terms=everything, **WHO
    )
    store.write(accepted.result.events)
    items = {item.item_id: item for item in [*(row.item for row in counted.facts.expected), *counted.facts.others]}
    corrected = applied(items, store.all(Correction))
    assert len(corrections) == sum(items[item_id] != corrected[item_id] for item_id in items)
    session = store.get(Stocktake, SESSION)
    undo = undo_stocktake(
        UndoFacts(session=session, corrections=store.all(Correction), items=corrected), why="wrong bay", **WHO
    )
    store.write(undo.result.events)
    assert before == store.get(Stocktake, SESSION)
    assert items == applied(corrected, store.all(Correction))


def test_an_item_that_changed_since_is_left_alone_by_undo(new_store):
    """Marked missing, then found and lent by the desk: taking the stocktake back must not undo that loan."""
    store = new_store().counted_shelf(scanned=SHELF[1:])
    facts = store.facts_of()
    result = reckon(facts, at=EVENING)
    store.write(
        accept_stocktake(
            facts, reviewed=result.fingerprint, corrections=propose_corrections(result, MAIN), terms=SEE_ALL, **WHO
        ).result.events
    )
    lent = {SHELF[0].item_id: evolve(SHELF[0], status=ShelfStatus.ON_LOAN)}
    undo = undo_stocktake(
        UndoFacts(session=store.get(Stocktake, SESSION), corrections=store.all(Correction), items=lent),
        why="wrong bay",
        **WHO,
    )
    assert ["correction.superseded"] == [alert.code for alert in undo.alerts]
    store.write(undo.result.events)
    assert [CorrectionState.LEFT] == [one.state for one in store.all(Correction)]


def test_nobody_signs_what_they_have_not_seen(new_store):
    """After the review a volume was returned: the result is another one, and has to be looked at again."""
    store = new_store().counted_shelf(scanned=SHELF[1:])
    reviewed = reckon(store.facts_of(), at=EVENING).fingerprint
    later = store.facts_of(movements=[ShelfMovement(SHELF[0].item_id, EVENING, ShelfStatus.ON_LOAN)])
    decision = accept_stocktake(later, reviewed=reviewed, corrections=(), **WHO)
    assert ["stocktake.changed_since_review"] == codes(decision)


def test_a_correction_without_a_finding_is_refused(new_store):
    """The reviewer may leave corrections out, but not invent them."""
    store = new_store().counted_shelf(scanned=SHELF[1:])
    facts = store.facts_of()
    result = reckon(facts, at=EVENING)
    (missing,) = propose_corrections(result, MAIN)
    invented = evolve(missing, item_id=SHELF[4].item_id)
    decision = accept_stocktake(facts, reviewed=result.fingerprint, corrections=[missing, invented], **WHO)
    assert ["correction.unsupported"] == codes(decision)
    assert (invented.key,) == decision.reasons[0].data["corrections"]


def test_a_shelf_that_is_mostly_missing_has_to_be_confirmed(new_store):
    """A quarter of the range missing looks like a bay that nobody scanned."""
    store = new_store().counted_shelf(scanned=SHELF[3:])
    facts = store.facts_of()
    reviewed = reckon(facts, at=EVENING).fingerprint
    assert ["stocktake.much_missing"] == codes(accept_stocktake(facts, reviewed=reviewed, corrections=(), **WHO))
    sure = Override(["stocktake.much_missing"], "staff-7", "the flood of last week")
    decision = accept_stocktake(facts, reviewed=reviewed, corrections=(), override=sure, **WHO)
    (event,) = decision.result.events
    assert isinstance(event, StocktakeAccepted)
    assert (9, 3, ("stocktake.much_missing",)) == (event.found, event.missing, event.waived)


def test_a_live_result_cannot_be_accepted(new_store):
    """Counting has to be closed first."""
    store = new_store()
    store.open_session(SHELF)
    facts = store.facts_of()
    decision = accept_stocktake(facts, reviewed=reckon(facts, at=EVENING).fingerprint, corrections=(), **WHO)
    assert ["stocktake.wrong_state"] == codes(decision)
    assert 12 == len(reckon(facts, at=EVENING).of(FindingKind.PENDING))
