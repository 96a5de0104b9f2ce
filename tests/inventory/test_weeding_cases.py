"""The case of an item: proposed, kept or withdrawn, made ready, disposed of; all decisions logged and reversible."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from libops.base.decisions import Override, Permit
from libops.base.errors import NotFound
from libops.inventory import (
    WEEDING_TRANSITIONS,
    Disposal,
    FollowUp,
    LastCopyGuard,
    Protection,
    ShelfStatus,
    WeedingAct,
    WeedingCase,
    WeedingFacts,
    WeedingItem,
    WeedingLogEntry,
    WeedingRule,
    WeedingState,
    WeedingTerms,
    WithdrawalStep,
    complete_step,
    dispose_item,
    keep_item,
    propose_weeding,
    protect,
    reinstate_item,
    unprotect,
    withdraw_item,
)
from libops.inventory.events import WithdrawalDecided
from libops.testing.strategies.inventory import shelf_item

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SOMEBODY = {"at": NOW, "by": "staff-7"}
DATED = {**SOMEBODY, "on": TODAY}
ATLAS = WeedingItem(
    item=evolve(shelf_item(1), title="Star Atlas", bib_id="B-1"),
    published=1998,
    copies_in_system=3,
    copies_in_library=3,
)
TERMS = WeedingTerms(rules=(WeedingRule.crew("astronomy", "10/3/MUSTIE"),))
GIFT = Protection(list_name="Lincoln gift", subject="B-1", why="deed of gift", since=NOW, by="staff-1")


def codes(decision):
    return [reason.code for reason in decision.reasons]


def facts(store, subject=ATLAS, **rest):
    return WeedingFacts(subject=subject, case=store.get(WeedingCase, subject.item.item_id), **rest)


def perform(store, act, *, terms=TERMS, subject=ATLAS, step=WithdrawalStep.LABEL_REMOVED, **rest):
    """One act on the case, as the desk does it: facts, decision, records."""
    here = facts(store, subject)
    decision = {
        WeedingAct.PROPOSE: lambda: propose_weeding(here, terms=terms, **DATED, **rest),
        WeedingAct.KEEP: lambda: keep_item(here, terms=terms, why="still asked for", **DATED, **rest),
        WeedingAct.WITHDRAW: lambda: withdraw_item(here, terms=terms, why="outdated", **DATED, **rest),
        WeedingAct.STEP: lambda: complete_step(here, step=step, **SOMEBODY),
        WeedingAct.REINSTATE: lambda: reinstate_item(here, why="a class needs it", **SOMEBODY),
        WeedingAct.DISPOSE: lambda: dispose_item(here, terms=terms, way=Disposal.BOOK_SALE, **SOMEBODY, **rest),
    }[act]()
    if decision:
        store.write(decision.result.events)
    return decision


def withdrawn(store):
    perform(store, WeedingAct.PROPOSE)
    perform(store, WeedingAct.WITHDRAW)
    return store


def test_an_item_goes_from_proposal_to_book_sale(new_store):
    """Proposed by a rule, withdrawn, label removed, record suppressed, sold: five entries say who did what and why."""
    store = withdrawn(new_store())
    perform(store, WeedingAct.STEP)
    perform(store, WeedingAct.STEP, step=WithdrawalStep.RECORD_SUPPRESSED)
    perform(store, WeedingAct.DISPOSE)
    case = store.get(WeedingCase, ATLAS.item.item_id)
    assert (WeedingState.DISPOSED, Disposal.BOOK_SALE, NOW) == (case.state, case.disposal, case.disposed_at)
    log = store.all(WeedingLogEntry)
    assert [
        (WeedingAct.PROPOSE, "", "astronomy"),
        (WeedingAct.WITHDRAW, "outdated", ""),
        (WeedingAct.STEP, "", "label_removed"),
        (WeedingAct.STEP, "", "record_suppressed"),
        (WeedingAct.DISPOSE, "", "book_sale"),
    ] == [(entry.act, entry.why, entry.detail) for entry in log]
    assert {("staff-7", NOW)} == {(entry.by, entry.at) for entry in log}


@given(st.lists(st.sampled_from(WeedingAct), max_size=12))
def test_acts_follow_the_table_of_transitions(new_store, acts):
    """Whatever is tried in whatever order: legal acts lead where the table says, others change nothing."""
    store = new_store()
    terms = evolve(TERMS, steps=(), keep_years=0)
    steps = iter(WithdrawalStep)
    for act in acts:
        before = store.get(WeedingCase, ATLAS.item.item_id)
        state = before.state if before else None
        after = WEEDING_TRANSITIONS[state].get(act) if state else {WeedingAct.PROPOSE: WeedingState.PROPOSED}.get(act)
        if act is WeedingAct.STEP and after and len(before.steps) == len(WithdrawalStep):
            continue
        step = next((one for one in steps), WithdrawalStep.STAMPED) if act is WeedingAct.STEP and after else None
        if step is not None and step in before.steps:
            continue
        decision = perform(store, act, terms=terms, step=step)
        now = store.get(WeedingCase, ATLAS.item.item_id)
        assert (after is not None) == isinstance(decision, Permit)
        assert (after or state) is (now.state if now else None)
        assert (now.decisions if now else 0) == len(store.all(WeedingLogEntry))


@given(st.sets(st.sampled_from(WithdrawalStep)))
def test_a_withdrawal_can_be_reversed_until_disposal(new_store, steps):
    """The item is kept again, and the case lists which steps have to be taken back."""
    store = withdrawn(new_store())
    done = sorted(steps, key=lambda step: step.value)
    for step in done:
        perform(store, WeedingAct.STEP, step=step)
    perform(store, WeedingAct.REINSTATE)
    case = store.get(WeedingCase, ATLAS.item.item_id)
    assert (WeedingState.KEPT, (), tuple(done)) == (case.state, case.steps, case.to_reverse)


def test_nothing_comes_back_after_disposal(new_store):
    """The book was sold."""
    store = withdrawn(new_store())
    perform(store, WeedingAct.DISPOSE, terms=evolve(TERMS, steps=()))
    decision = reinstate_item(facts(store), why="a patron asks", **SOMEBODY)
    assert ["weeding.wrong_state"] == codes(decision)
    assert {"item": ATLAS.item.item_id, "state": "disposed", "act": "reinstate"} == decision.reasons[0].data


def test_an_item_may_be_kept_with_a_follow_up_and_rests(new_store):
    """To be mended; for a year it is not proposed again unless somebody insists."""
    store = new_store()
    perform(store, WeedingAct.PROPOSE)
    perform(store, WeedingAct.KEEP, follow_up=FollowUp.MEND)
    case = store.get(WeedingCase, ATLAS.item.item_id)
    assert (FollowUp.MEND, date(2027, 3, 2)) == (case.follow_up, case.review_after)
    assert ["weeding.kept_lately"] == codes(propose_weeding(facts(store), terms=TERMS, **DATED))
    later = {**DATED, "on": date(2027, 3, 2)}
    assert propose_weeding(facts(store), terms=TERMS, **later)


def test_an_open_case_is_not_opened_again(new_store):
    """Two people with two carts."""
    store = new_store()
    perform(store, WeedingAct.PROPOSE)
    assert ["weeding.case_open"] == codes(propose_weeding(facts(store), terms=TERMS, **DATED))


def test_without_a_rule_a_proposal_needs_words(new_store):
    """No rule names a new book; somebody saw that its binding is broken."""
    fresh = evolve(ATLAS, published=2026)
    assert ["weeding.why_missing"] == codes(propose_weeding(facts(new_store(), fresh), terms=TERMS, **DATED))
    decision = propose_weeding(facts(new_store(), fresh), terms=TERMS, why="broken binding", **DATED)
    assert ("by hand", ()) == (decision.result.events[0].rule, decision.result.events[0].reasons)


def test_guards_are_said_at_the_proposal_and_stop_the_withdrawal(new_store):
    """A protected last copy: the proposer hears of it, the decider needs two rights, and the log keeps both."""
    store = new_store()
    last = evolve(ATLAS, copies_in_system=1)
    proposal = propose_weeding(WeedingFacts(subject=last, protections=[GIFT]), terms=TERMS, **DATED)
    assert ["weeding.protected", "weeding.last_copy"] == [alert.code for alert in proposal.alerts]
    store.write(proposal.result.events)
    here = facts(store, last, protections=[GIFT])
    decision = withdraw_item(here, terms=TERMS, why="outdated", **DATED)
    assert ["weeding.protected", "weeding.last_copy"] == codes(decision)
    lift = Override(
        ["weeding.protected", "weeding.last_copy"],
        "staff-1",
        "the heirs agreed",
        ["inventory.withdraw_protected", "inventory.withdraw_last_copy"],
    )
    store.write(withdraw_item(here, terms=TERMS, why="outdated", override=lift, **DATED).result.events)
    assert ("weeding.protected", "weeding.last_copy") == store.all(WeedingLogEntry)[-1].waived


@pytest.mark.parametrize(
    ("guard", "copies", "expected"),
    [
        (LastCopyGuard.OFF, {"copies_in_library": 1, "copies_in_system": 1}, []),
        (LastCopyGuard.LIBRARY, {"copies_in_library": 1}, ["weeding.last_copy"]),
        (LastCopyGuard.LIBRARY, {"copies_in_system": 1}, []),
        (LastCopyGuard.SYSTEM, {"copies_in_system": 1}, ["weeding.last_copy"]),
        (LastCopyGuard.NETWORK, {"copies_in_network": 1}, ["weeding.last_copy"]),
        (LastCopyGuard.NETWORK, {}, ["weeding.copies_unknown"]),
    ],
)
def test_where_the_last_copy_is_guarded_is_policy(new_store, guard, copies, expected):
    """In the library, the system or the network; what nobody has counted has to be confirmed."""
    store = new_store()
    perform(store, WeedingAct.PROPOSE)
    decision = withdraw_item(
        facts(store, evolve(ATLAS, **copies)), terms=evolve(TERMS, last_copy=guard), why="outdated", **DATED
    )
    assert expected == ([] if decision else codes(decision))


@pytest.mark.parametrize("status", [ShelfStatus.ON_LOAN, ShelfStatus.AWAITING_PICKUP, ShelfStatus.IN_TRANSIT])
def test_an_item_that_is_not_here_is_not_withdrawn(new_store, status):
    """It is with a patron, waits for one, or travels."""
    store = new_store()
    perform(store, WeedingAct.PROPOSE)
    away = evolve(ATLAS, item=evolve(ATLAS.item, status=status))
    assert ["weeding.item_away"] == codes(withdraw_item(facts(store, away), terms=TERMS, why="outdated", **DATED))


def test_a_missing_item_can_be_withdrawn(new_store):
    """That is how the record of a book that never came back is closed."""
    store = new_store()
    perform(store, WeedingAct.PROPOSE)
    missing = evolve(ATLAS, item=evolve(ATLAS.item, status=ShelfStatus.MISSING))
    assert withdraw_item(facts(store, missing), terms=TERMS, why="missing since 2023", **DATED)


def test_all_reasons_come_at_once(new_store):
    """No words, patrons waiting, and the proposer alone: everything is said in one answer."""
    store = new_store()
    perform(store, WeedingAct.PROPOSE)
    decision = withdraw_item(
        facts(store, evolve(ATLAS, holds=2)), terms=evolve(TERMS, second_person=True), why="", explain=True, **DATED
    )
    assert ["weeding.why_missing", "weeding.has_holds", "weeding.same_person"] == codes(decision)
    assert 8 == len(decision.trace.checks)


def test_disposal_waits_for_its_steps(new_store):
    """With the label still on and the record still shown nothing leaves the house; a right can lift it."""
    store = withdrawn(new_store())
    decision = dispose_item(facts(store), terms=TERMS, way=Disposal.RECYCLED, **SOMEBODY)
    assert ["weeding.steps_open"] == codes(decision)
    assert ("label_removed", "record_suppressed") == decision.reasons[0].data["steps"]
    lift = Override(["weeding.steps_open"], "staff-1", "moldy, out at once", ["inventory.dispose_unready"])
    assert dispose_item(facts(store), terms=TERMS, way=Disposal.RECYCLED, override=lift, **SOMEBODY)


def test_a_step_is_done_once(new_store):
    """The label cannot be removed twice."""
    store = withdrawn(new_store())
    perform(store, WeedingAct.STEP)
    assert ["weeding.step_done"] == codes(complete_step(facts(store), step=WithdrawalStep.LABEL_REMOVED, **SOMEBODY))


def test_a_library_may_allow_few_ways_of_disposal(new_store):
    """A town that may not sell public property."""
    store = withdrawn(new_store())
    terms = evolve(TERMS, steps=(), ways=(Disposal.RECYCLED, Disposal.OFFERED_TO_LIBRARIES))
    assert ["weeding.way_not_allowed"] == codes(
        dispose_item(facts(store), terms=terms, way=Disposal.BOOK_SALE, **SOMEBODY)
    )


def test_lists_protect_and_stop_protecting(new_store):
    """A title is put on a list, once, and taken off again with a reason."""
    store = new_store()
    store.write(protect(GIFT).result.events)
    stored = store.get(Protection, GIFT.key)
    assert GIFT == stored
    assert ["protection.exists"] == codes(protect(GIFT, stored=stored))
    assert protect(evolve(GIFT, until=date(2030, 1, 1)), stored=stored)
    off = {"list_name": GIFT.list_name, "subject": GIFT.subject, **SOMEBODY}
    assert ["weeding.why_missing"] == codes(unprotect(stored, why="", **off))
    store.write(unprotect(stored, why="deed ended", **off).result.events)
    assert ["protection.unknown"] == codes(unprotect(store.get(Protection, GIFT.key), why="again", **off))


def test_a_log_without_its_beginning_is_no_log(new_store):
    """A withdrawal without its proposal cannot be applied."""
    with pytest.raises(NotFound, match=ATLAS.item.item_id):
        new_store().write([WithdrawalDecided(item_id=ATLAS.item.item_id, **SOMEBODY)])
