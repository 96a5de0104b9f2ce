from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from attrs import evolve

from libops.base.decisions import Override, Permit, Refuse
from libops.base.errors import InvalidValue, NotFound
from libops.base.ids import AssetId, ItemId, LibraryCode, TicketId
from libops.base.money import Money
from libops.base.periods import Period
from libops.equipment import (
    LEGAL,
    Asset,
    AssetFacts,
    AssetOfItem,
    AssetState,
    BlockOn,
    EquipmentPolicy,
    Impact,
    KnownIssue,
    MaintenanceSchedule,
    OutOfService,
    PartsWait,
    PartUsed,
    Priority,
    ReleaseOn,
    Report,
    ReportFacts,
    ResolveNeeds,
    Targets,
    Ticket,
    TicketAct,
    TicketFacts,
    TicketResolved,
    TicketState,
    Urgency,
    assign,
    change_asset,
    close,
    diagnose,
    dismiss,
    escalate,
    escalation_due,
    find_known_issues,
    log_labor,
    open_ticket,
    record_known_issue,
    register_asset,
    reopen,
    resolve,
    retire,
    start_repair,
    subject_key,
    triage,
    use_part,
    wait_for_parts,
)
from libops.testing.notebook import Notebook

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
CUTTER = Asset(
    id=AssetId("A-7"),
    name="Laser cutter",
    kind="laser cutter",
    library=LibraryCode("MAIN"),
    item_id=ItemId("I-31"),
    warranty_until=date(2026, 12, 31),
)
POLICY = EquipmentPolicy(labor_rate=Money.parse("40.00 EUR"), escalate_to=("technician", "head of IT"))
SMOKE = Report(symptom="smoke from the lid", urgency=Urgency.HIGH, safety=True)


def minutes(count: int) -> datetime:
    return MONDAY + timedelta(minutes=count)


def write(notebook: Notebook, decision: object) -> None:
    assert isinstance(decision, Permit), decision
    notebook.write(decision.result.events)


def codes(decision: object) -> list[str]:
    assert isinstance(decision, Refuse), decision
    return [reason.code for reason in decision.reasons]


def facts(notebook: Notebook, ticket_id: str = "T-1") -> TicketFacts:
    ticket = notebook.get(Ticket, ticket_id)
    assert ticket is not None
    asset = notebook.get(Asset, ticket.asset_id) if ticket.asset_id else None
    return TicketFacts(ticket=ticket, asset=asset)


@pytest.fixture
def shop(notebook: Notebook) -> Notebook:
    """A shop with a laser cutter that is lent as an item, and one safety ticket on it."""
    write(notebook, register_asset(AssetFacts(), CUTTER, at=MONDAY, by="S-1"))
    opened = open_ticket(
        ReportFacts(asset=CUTTER), SMOKE, ticket_id=TicketId("T-1"), at=MONDAY, by="P-9", policy=POLICY
    )
    write(notebook, opened)
    return notebook


def test_a_safety_ticket_blocks_booking_and_lending_at_once(shop: Notebook) -> None:
    """The keys of the asset and of its item are out of service from the moment the ticket is opened."""
    expected = [
        OutOfService("asset:A-7", MONDAY, (TicketId("T-1"),)),
        OutOfService("item:I-31", MONDAY, (TicketId("T-1"),)),
    ]
    assert expected == [shop.get(OutOfService, key) for key in ("asset:A-7", "item:I-31")]


def test_the_life_of_a_ticket_is_told_with_its_times_and_costs(shop: Notebook) -> None:
    """From the first word to the second look: triage, parts, repair, fix; 65 minutes and 78.33 EUR."""
    write(shop, triage(facts(shop), at=minutes(10), by="S-1", policy=POLICY, assignee="S-2"))
    write(shop, diagnose(facts(shop), diagnosis="fan bearing dry", at=minutes(20), by="S-2"))
    write(shop, wait_for_parts(facts(shop), at=minutes(30), by="S-2", parts="fan 120 mm"))
    write(shop, start_repair(facts(shop), at=minutes(1470), by="S-2"))
    write(shop, use_part(facts(shop), PartUsed("fan 120 mm", 2, Money(1750, "EUR")), at=minutes(1480), by="S-2"))
    write(shop, log_labor(facts(shop), minutes=65, at=minutes(1535), by="S-2", policy=POLICY))
    write(shop, resolve(facts(shop), fix="new fan", at=minutes(1540), by="S-2", policy=POLICY))
    write(shop, close(facts(shop), at=minutes(1600), by="S-1"))
    ticket = shop.get(Ticket, "T-1")
    assert ticket is not None
    assert ["new", "triaged", "waiting_for_parts", "in_repair", "resolved", "closed"] == [
        passage.state.value for passage in ticket.passages
    ]
    assert (65, Money(3500 + 4333, "EUR"), "S-2", "new fan") == (
        ticket.minutes_worked,
        ticket.cost,
        ticket.assignee,
        ticket.fix,
    )
    assert () == shop.all(OutOfService)


def test_a_library_may_keep_it_blocked_until_a_second_look(shop: Notebook) -> None:
    """With release on closing, a resolved safety ticket still blocks; closing ends it."""
    careful = EquipmentPolicy(release_on=ReleaseOn.CLOSED)
    write(shop, resolve(facts(shop), fix="new fan", at=minutes(60), by="S-2", policy=careful))
    assert 2 == len(shop.all(OutOfService))
    write(shop, close(facts(shop), at=minutes(90), by="S-1"))
    assert () == shop.all(OutOfService)


def test_two_safety_tickets_both_have_to_end_before_it_is_lent_again(shop: Notebook) -> None:
    """The first ticket that ends leaves the other one's hold."""
    second = open_ticket(
        ReportFacts(asset=CUTTER, open_tickets=(facts(shop).ticket,)),
        SMOKE,
        ticket_id=TicketId("T-2"),
        at=minutes(5),
        by="S-1",
        policy=POLICY,
        today=date(2026, 3, 2),
    )
    assert isinstance(second, Permit)
    assert ["asset.under_warranty", "asset.has_open_tickets"] == [alert.code for alert in second.alerts]
    write(shop, second)
    write(shop, resolve(facts(shop), fix="new fan", at=minutes(60), by="S-2", policy=POLICY))
    assert OutOfService("item:I-31", MONDAY, (TicketId("T-2"),)) == shop.get(OutOfService, "item:I-31")
    write(shop, dismiss(facts(shop, "T-2"), why="the same fault", at=minutes(61), by="S-2", policy=POLICY))
    assert () == shop.all(OutOfService)


def test_a_broken_computer_blocks_only_where_the_library_says_so(notebook: Notebook) -> None:
    """Unusable blocks under one policy; under the other only safety does."""
    for number, block_on in enumerate(BlockOn):
        decision = open_ticket(
            ReportFacts(asset=CUTTER),
            Report(symptom="does not start"),
            ticket_id=TicketId(f"T-{number}"),
            at=MONDAY,
            by="S-1",
            policy=EquipmentPolicy(block_on=block_on),
        )
        write(notebook, decision)
    assert [False, True] == [ticket.blocks for ticket in notebook.all(Ticket)]


def test_triage_may_find_that_it_was_no_matter_of_safety(shop: Notebook) -> None:
    """Steam, not smoke: the cutter is free again, and the priority falls."""
    write(shop, triage(facts(shop), at=minutes(5), by="S-1", policy=POLICY, safety=False, impact=Impact.ONE_FUNCTION))
    assert Priority.NORMAL is facts(shop).ticket.priority
    assert () == shop.all(OutOfService)


def test_an_act_the_state_does_not_allow_is_refused_with_the_legal_ones(shop: Notebook) -> None:
    """A new ticket cannot wait for parts: nobody knows yet which."""
    refused = wait_for_parts(facts(shop), at=minutes(5), by="S-2")
    assert ["ticket.act_not_legal"] == codes(refused)
    assert isinstance(refused, Refuse)
    assert ("triage", "dismiss", "resolve", "retire") == refused.reasons[0].data["legal"]


def test_nothing_happens_before_what_happened_last(shop: Notebook) -> None:
    """A late note from a technician's slow clock is refused, not sorted in."""
    assert ["ticket.before_last_change"] == codes(assign(facts(shop), to="S-2", at=minutes(-1), by="S-1"))


def test_what_must_be_written_down_before_resolving_is_the_librarys_choice(shop: Notebook) -> None:
    """Both reasons are given at once; a library that asks for nothing takes an empty fix."""
    strict = EquipmentPolicy(resolve_needs=ResolveNeeds.DIAGNOSIS_AND_FIX)
    refused = resolve(facts(shop), fix=" ", at=minutes(5), by="S-2", policy=strict)
    assert ["ticket.fix_missing", "ticket.diagnosis_missing"] == codes(refused)
    easy = EquipmentPolicy(resolve_needs=ResolveNeeds.NOTHING)
    assert isinstance(resolve(facts(shop), fix="", at=minutes(5), by="S-2", policy=easy), Permit)


def test_a_closed_ticket_is_reopened_late_only_with_the_right(shop: Notebook) -> None:
    """After the reopening days a right is needed; the event says who set it aside and why; safety blocks again."""
    week = EquipmentPolicy(reopen_days=7)
    write(shop, resolve(facts(shop), fix="new fan", at=minutes(60), by="S-2", policy=week))
    write(shop, close(facts(shop), at=minutes(90), by="S-1"))
    later = minutes(90) + timedelta(days=8)
    assert ["ticket.reopening_late"] == codes(reopen(facts(shop), why="smoke", at=later, by="S-1", policy=week))
    override = Override({"ticket.reopening_late"}, "S-1", "same fan", {"equipment.reopen_late"})
    write(shop, reopen(facts(shop), why="smoke", at=later, by="S-1", policy=week, override=override))
    assert ("ticket.reopening_late",) == shop.log[-1].overridden
    assert TicketState.REOPENED is facts(shop).ticket.state
    assert 2 == len(shop.all(OutOfService))


def test_no_days_to_reopen_a_ticket_mean_the_day_it_was_closed(shop: Notebook) -> None:
    """0 is the same day, by the library's clocks; a week ends with its seventh day, not at the hour of closing."""
    write(shop, resolve(facts(shop), fix="new fan", at=minutes(60), by="S-2", policy=POLICY))
    write(shop, close(facts(shop), at=minutes(90), by="S-1"))
    closed = facts(shop).ticket.changed_at
    evening = closed.replace(hour=23, minute=50)
    asked = [(0, evening), (0, evening + timedelta(minutes=20)), (7, evening + timedelta(days=7)), (None, evening)]
    answers = [
        reopen(facts(shop), why="smoke", at=at, by="S-1", policy=EquipmentPolicy(reopen_days=days))
        for days, at in asked
    ]
    assert [True, False, True, True] == [isinstance(answer, Permit) for answer in answers]
    west = timezone(timedelta(hours=-8))
    answer = reopen(
        facts(shop),
        why="smoke",
        at=evening + timedelta(minutes=20),
        by="S-1",
        policy=EquipmentPolicy(reopen_days=0),
        day_of=lambda at: at.astimezone(west).date(),
    )
    assert isinstance(answer, Permit), "there it is still the same day"


def test_an_asset_given_up_takes_its_tickets_and_tasks_along_and_is_never_lent_again(shop: Notebook) -> None:
    """Retiring ends the other tickets, stops maintenance, keeps the key blocked, and refuses new tickets."""
    other = open_ticket(
        ReportFacts(asset=CUTTER), SMOKE, ticket_id=TicketId("T-2"), at=minutes(1), by="S-1", policy=POLICY
    )
    write(shop, other)
    lens = MaintenanceSchedule(
        id="M-1", asset_id=CUTTER.id, task="clean the lens", every=Period.parse("1 month"), next_due=date(2026, 4, 1)
    )
    whole = TicketFacts(
        ticket=facts(shop).ticket, asset=CUTTER, other_tickets=(facts(shop, "T-2").ticket,), schedules=(lens,)
    )
    write(shop, retire(whole, why="tube broken, 3,000 EUR", at=minutes(30), by="S-1"))
    asset = shop.get(Asset, "A-7")
    assert asset is not None
    assert AssetState.RETIRED is asset.state
    assert {TicketState.RETIRED} == {ticket.state for ticket in shop.all(Ticket)}
    held = shop.get(OutOfService, "item:I-31")
    assert held is not None
    assert held.retired
    again = open_ticket(
        ReportFacts(asset=asset), SMOKE, ticket_id=TicketId("T-3"), at=minutes(40), by="S-1", policy=POLICY
    )
    assert ["asset.retired"] == codes(again)


def test_nothing_is_added_to_a_ticket_that_is_not_open(shop: Notebook) -> None:
    """Resolved means done: to work on it, reopen it."""
    write(shop, resolve(facts(shop), fix="new fan", at=minutes(60), by="S-2", policy=POLICY))
    for refused in (
        assign(facts(shop), to="S-3", at=minutes(61), by="S-1"),
        log_labor(facts(shop), minutes=5, at=minutes(61), by="S-2", policy=POLICY),
        escalate(facts(shop), at=minutes(61), by="S-1", policy=POLICY, why="still warm"),
    ):
        assert ["ticket.not_open"] == codes(refused)


def test_costs_of_one_ticket_are_in_one_currency(shop: Notebook) -> None:
    """A part priced in dollars on a ticket counted in euros is refused, never added up wrongly."""
    write(shop, log_labor(facts(shop), minutes=30, at=minutes(5), by="S-2", policy=POLICY))
    part = PartUsed("mirror", price=Money(1000, "USD"))
    assert ["ticket.other_currency"] == codes(use_part(facts(shop), part, at=minutes(6), by="S-2"))


def test_a_part_bought_under_warranty_is_pointed_out(shop: Notebook) -> None:
    """On the last day of the warranty the maker is asked first; the day after not."""
    part = PartUsed("mirror")
    last = use_part(facts(shop), part, at=minutes(6), by="S-2", today=date(2026, 12, 31))
    after = use_part(facts(shop), part, at=minutes(6), by="S-2", today=date(2027, 1, 1))
    assert [("asset.under_warranty",), ()] == [
        tuple(alert.code for alert in decision.alerts) for decision in (last, after)
    ]


def test_a_ticket_nobody_answers_goes_up_a_level_once(shop: Notebook) -> None:
    """30 minutes to respond to a critical ticket, 4 hours to resolve it; each missed target is told once."""
    assert [0, 1, 2] == [escalation_due(facts(shop).ticket, POLICY, minutes(at)) for at in (30, 31, 241)]
    write(shop, escalate(facts(shop), at=minutes(31), by="sweep", policy=POLICY))
    assert ["escalation.not_due"] == codes(escalate(facts(shop), at=minutes(40), by="sweep", policy=POLICY))
    write(shop, escalate(facts(shop), at=minutes(241), by="sweep", policy=POLICY))
    assert ("head of IT", 2) == (shop.log[-1].to, facts(shop).ticket.escalation)


def test_waiting_for_parts_may_stop_the_clock(shop: Notebook) -> None:
    """A day of waiting misses the target, unless the library does not count it; asking by hand always works."""
    targets = {Priority.CRITICAL: Targets(None, 60)}
    write(shop, triage(facts(shop), at=minutes(5), by="S-1", policy=POLICY))
    write(shop, wait_for_parts(facts(shop), at=minutes(10), by="S-2"))
    ticket = facts(shop).ticket
    due = [
        escalation_due(ticket, EquipmentPolicy(parts_wait=wait, targets=targets), minutes(1450)) for wait in PartsWait
    ]
    assert [2, 0] == due
    write(shop, escalate(facts(shop), at=minutes(20), by="S-1", policy=POLICY, why="the class is tomorrow"))
    assert 1 == facts(shop).ticket.escalation


def test_a_known_issue_is_found_by_its_symptom_and_counted_when_it_helped(shop: Notebook) -> None:
    """The second smoke finds the first one's fix."""
    fan = KnownIssue(
        id="K-1", title="Fan stuck", symptom="smoke or smell from the lid", fix="new fan", kind="laser cutter"
    )
    belt = KnownIssue(id="K-2", title="Belt loose", symptom="wavy lines", fix="tighten the belt", kind="laser cutter")
    write(shop, record_known_issue(fan, at=MONDAY, by="S-2"))
    found = find_known_issues((fan, belt), facts(shop).ticket.symptom, kind="laser cutter")
    assert "K-1" == found[0].issue.id
    write(shop, diagnose(facts(shop), diagnosis="fan stuck", known_issue="K-1", at=minutes(5), by="S-2"))
    write(shop, resolve(facts(shop), fix=found[0].issue.fix, at=minutes(60), by="S-2", policy=POLICY))
    counted = shop.get(KnownIssue, "K-1")
    assert counted is not None
    assert 1 == counted.seen


def test_no_item_is_two_assets_and_no_id_is_used_twice(shop: Notebook) -> None:
    """Uniqueness lives in keys: the item's record names its one asset."""
    taken = AssetFacts(stored=CUTTER, asset_of_item="A-7")
    twin = Asset(id=AssetId("A-8"), name="Twin", kind="laser cutter", library=CUTTER.library, item_id=CUTTER.item_id)
    assert ["asset.known"] == codes(register_asset(taken, CUTTER, at=MONDAY, by="S-1"))
    assert ["item.is_other_asset"] == codes(register_asset(AssetFacts(asset_of_item="A-7"), twin, at=MONDAY, by="S-1"))
    bare = AssetFacts(stored=evolve(twin, item_id=None), asset_of_item="A-7")
    assert ["item.is_other_asset"] == codes(change_asset(bare, twin, at=MONDAY, by="S-1"))
    assert change_asset(taken, evolve(CUTTER, library=LibraryCode("NORTH")), at=MONDAY, by="S-1")
    assert (AssetOfItem(ItemId("I-31"), CUTTER.id),) == shop.all(AssetOfItem)


def test_an_asset_held_out_of_service_does_not_change_its_item(shop: Notebook) -> None:
    """Otherwise the old item would stay blocked for ever; when it is free again, it may."""
    bare = Asset(id=CUTTER.id, name="Laser cutter", kind="laser cutter", library=CUTTER.library)
    held = shop.get(OutOfService, subject_key(asset=CUTTER.id))
    refused = change_asset(AssetFacts(stored=CUTTER, out_of_service=held), bare, at=minutes(1), by="S-1")
    assert ["asset.out_of_service"] == codes(refused)
    write(shop, resolve(facts(shop), fix="new fan", at=minutes(60), by="S-2", policy=POLICY))
    write(shop, change_asset(AssetFacts(stored=CUTTER), bare, at=minutes(61), by="S-1"))
    assert ((), (bare,)) == (shop.all(AssetOfItem), shop.all(Asset))


def test_every_state_but_retired_has_a_way_on_and_every_state_is_reached() -> None:
    """The table of legal acts has no dead end except the one that is meant."""
    assert {TicketState.RETIRED} == {state for state, acts in LEGAL.items() if not acts}
    assert set(TicketState) - {TicketState.NEW} == {state for acts in LEGAL.values() for state in acts.values()}
    assert set(TicketAct) == {act for acts in LEGAL.values() for act in acts}


def test_values_that_cannot_be_are_shown() -> None:
    """The message names what was wrong."""
    ticket = Ticket(id=TicketId("T-1"), asset_id=CUTTER.id, symptom="dark", opened_at=MONDAY, opened_by="P-9")
    with pytest.raises(InvalidValue, match="0 minutes"):
        log_labor(
            TicketFacts(ticket=ticket),
            minutes=0,
            at=MONDAY,
            by="S-1",
            policy=POLICY,
        )
    with pytest.raises(InvalidValue, match="about nothing"):
        Ticket(id=TicketId("T-1"), symptom="smoke", opened_at=MONDAY, opened_by="P-9")
    with pytest.raises(InvalidValue, match="exactly one"):
        subject_key()
    with pytest.raises(InvalidValue, match="90 minutes"):
        MaintenanceSchedule(
            id="M-1", asset_id=CUTTER.id, task="air", every=Period.parse("90 minutes"), next_due=date(2026, 4, 1)
        )


def test_an_event_for_a_ticket_nobody_knows_is_an_error(notebook: Notebook) -> None:
    """A log that lost its beginning is found out, not patched."""
    with pytest.raises(NotFound, match="T-1"):
        notebook.write([TicketResolved(MONDAY, "S-1", TicketId("T-1"), "new fan", True)])
