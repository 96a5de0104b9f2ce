from __future__ import annotations

from datetime import date, timedelta

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from libops.base.decisions import Permit
from libops.base.ids import TicketId
from libops.equipment import (
    CHANGES,
    LEGAL,
    Asset,
    AssetFacts,
    AssetOfItem,
    AssetState,
    DeviceFault,
    EquipmentPolicy,
    OutOfService,
    Passage,
    Report,
    ReportFacts,
    Ticket,
    TicketAct,
    TicketFacts,
    TicketState,
    close,
    dismiss,
    downtime,
    find_known_issues,
    mean_time_to_repair,
    next_maintenance,
    open_ticket,
    priority_of,
    register_asset,
    reliability,
    reopen,
    resolve,
    retire,
    start_repair,
    triage,
    wait_for_parts,
)
from libops.equipment.model import KnownIssue, MaintenanceSchedule
from libops.testing.notebook import Notebook
from libops.testing.strategies.equipment import (
    FIRST_DAY,
    assets,
    known_issues,
    policies,
    reports,
    schedules,
    symptoms,
    tickets,
)

KEYS = {AssetOfItem: "item_id", DeviceFault: "key", OutOfService: "key"}
ACTS = sorted(TicketAct, key=lambda act: act.value)


def do(act: TicketAct, facts: TicketFacts, at, policy: EquipmentPolicy):
    """The decision of an act, in its plainest form."""
    return {
        TicketAct.TRIAGE: lambda: triage(facts, at=at, by="S-1", policy=policy),
        TicketAct.WAIT_FOR_PARTS: lambda: wait_for_parts(facts, at=at, by="S-1"),
        TicketAct.START_REPAIR: lambda: start_repair(facts, at=at, by="S-1"),
        TicketAct.RESOLVE: lambda: resolve(facts, fix="cleaned", at=at, by="S-1", policy=policy),
        TicketAct.DISMISS: lambda: dismiss(facts, why="twice", at=at, by="S-1", policy=policy),
        TicketAct.CLOSE: lambda: close(facts, at=at, by="S-1"),
        TicketAct.REOPEN: lambda: reopen(facts, why="again", at=at, by="S-1", policy=policy),
        TicketAct.RETIRE: lambda: retire(facts, why="worn", at=at, by="S-1"),
    }[act]()


class Shop:
    """An asset with tickets, and acts on them as they come."""

    def __init__(self, asset: Asset, policy: EquipmentPolicy) -> None:
        self.policy, self.at = policy, FIRST_DAY
        self.notebook = Notebook(CHANGES, KEYS)
        self.write(register_asset(AssetFacts(), asset, at=self.at, by="S-1"))
        self.asset_id = asset.id

    def write(self, decision: object) -> bool:
        if isinstance(decision, Permit):
            self.notebook.write(decision.result.events)
        return isinstance(decision, Permit)

    @property
    def asset(self) -> Asset:
        found = self.notebook.get(Asset, self.asset_id)
        assert found is not None
        return found

    def open(self, report: Report, number: int) -> None:
        known = ReportFacts(asset=self.asset)
        ticket_id = TicketId(f"T-{number}")
        self.write(open_ticket(known, report, ticket_id=ticket_id, at=self.at, by="P-9", policy=self.policy))

    def act(self, ticket: Ticket, act: TicketAct) -> bool:
        others = tuple(other for other in self.notebook.all(Ticket) if other.id != ticket.id)
        known = TicketFacts(ticket=ticket, asset=self.asset, other_tickets=others)
        return self.write(do(act, known, self.at, self.policy))


@settings(max_examples=60, deadline=None)
@given(st.data(), assets(), policies())
def test_only_legal_acts_move_a_ticket_and_the_keys_say_what_is_blocked(
    data: st.DataObject, asset: Asset, policy: EquipmentPolicy
) -> None:
    """Whatever is tried: states follow the table, tickets and out-of-service keys agree, and the fold is whole."""
    shop = Shop(asset, policy)
    for number in range(data.draw(st.integers(1, 3))):
        shop.open(data.draw(reports()), number)
    for _ in range(data.draw(st.integers(0, 12))):
        shop.at += timedelta(minutes=data.draw(st.integers(0, 3000)))
        ticket = data.draw(st.sampled_from(shop.notebook.all(Ticket)))
        act = data.draw(st.sampled_from(ACTS))
        done = shop.act(ticket, act)
        now = shop.notebook.get(Ticket, ticket.id)
        assert now is not None
        assert (LEGAL[ticket.state][act] if done else ticket.state) is now.state
        assert not (done and act not in LEGAL[ticket.state])
        keys_agree(shop)
    again = Notebook(CHANGES, KEYS)
    again.write(shop.notebook.log)
    assert shop.notebook.records == again.records


def keys_agree(shop: Shop) -> None:
    """Asset and item are out of service when a ticket blocks or the asset is retired, and for those tickets."""
    blocking = {ticket.id for ticket in shop.notebook.all(Ticket) if ticket.blocks}
    retired = shop.asset.state is AssetState.RETIRED
    count = 2 if shop.asset.item_id else 1
    held = shop.notebook.all(OutOfService)
    assert (count if blocking or retired else 0) == len(held)
    for record in held:
        assert (blocking, retired) == (set(record.tickets), record.retired)
    for ticket in shop.notebook.all(Ticket):
        assert ticket.passages == tuple(sorted(ticket.passages, key=lambda passage: passage.at))
        assert not (ticket.blocks and ticket.state in (TicketState.CLOSED, TicketState.RETIRED))


@given(tickets(), st.sampled_from(ACTS), policies())
def test_an_act_is_permitted_exactly_when_the_table_has_it(
    ticket: Ticket, act: TicketAct, policy: EquipmentPolicy
) -> None:
    """Apart from what a library wants written down, the table alone decides."""
    easy = evolve(policy, reopen_days=None)
    known = TicketFacts(ticket=evolve(ticket, diagnosis="worn"))
    assert (act in LEGAL[ticket.state]) is isinstance(do(act, known, ticket.changed_at, easy), Permit)


@given(st.lists(tickets(), max_size=5), st.integers(0, 20000), st.integers(0, 20000))
def test_downtime_fits_into_its_span_and_adds_up(found: list[Ticket], first: int, second: int) -> None:
    """Two tickets at once count once; the downtime of two adjacent spans is that of the whole."""
    start, end = FIRST_DAY, FIRST_DAY + timedelta(minutes=first + second)
    middle = FIRST_DAY + timedelta(minutes=first)
    whole = downtime(found, start, end)
    assert timedelta() <= whole <= end - start
    assert whole == downtime(found, start, middle) + downtime(found, middle, end)
    assert whole <= sum((downtime([ticket], start, end) for ticket in found), timedelta())
    assert 0 <= reliability(found, start, end).availability <= 1


@given(st.lists(tickets(), max_size=5))
def test_the_mean_time_to_repair_lies_between_the_shortest_and_the_longest(found: list[Ticket]) -> None:
    """And there is none without a repair."""
    each = [took for ticket in found if (took := mean_time_to_repair([ticket])) is not None]
    mean = mean_time_to_repair(found)
    assert (mean is None) is (not each)
    if mean is not None:
        assert min(each) <= mean <= max(each)


def test_downtime_counts_only_opening_hours_when_asked() -> None:
    """Down from Monday 8:00 to Tuesday 8:00: 24 hours on the wall, 8 hours for a library that opens 9 to 17."""
    ticket = Ticket(
        id=TicketId("T-1"),
        item_id="I-1",
        symptom="dark screen",
        opened_at=FIRST_DAY,
        opened_by="S-1",
        unusable=True,
        state=TicketState.RESOLVED,
        passages=(Passage(TicketState.NEW, FIRST_DAY), Passage(TicketState.RESOLVED, FIRST_DAY + timedelta(1))),
    )
    week = FIRST_DAY + timedelta(7)
    assert timedelta(1) == downtime([ticket], FIRST_DAY, week)
    assert timedelta(hours=8) == downtime(
        [ticket], FIRST_DAY, week, open_time=lambda start, end: timedelta(hours=8) * (end - start).days
    )
    figures = reliability([ticket], FIRST_DAY, week)
    assert (1, 6 / 7, timedelta(1), timedelta(6)) == (
        figures.faults,
        figures.availability,
        figures.mean_time_to_repair,
        figures.mean_time_between_faults,
    )


@given(known_issues(), symptoms())
def test_a_known_issue_is_found_exactly_when_it_shares_a_word(found: list[KnownIssue], symptom: str) -> None:
    """No issue with a common word is lost, none without one is shown, and the best comes first."""
    likenesses = find_known_issues(found, symptom, limit=100)
    asked = set(symptom.split())
    expected = {issue.id for issue in found if asked & set(f"{issue.title} {issue.symptom} {issue.fix}".split())}
    assert expected == {like.issue.id for like in likenesses}
    scores = [like.score for like in likenesses]
    assert sorted(scores, reverse=True) == scores
    assert likenesses[:2] == find_known_issues(found, symptom, limit=2)


@given(schedules(), policies(), st.integers(-40, 400))
def test_maintenance_is_due_again_after_the_day_it_was_done(
    schedule: MaintenanceSchedule, policy: EquipmentPolicy, days: int
) -> None:
    """However late or early, the next time is later than this one."""
    done = schedule.next_due + timedelta(days)
    assert done < next_maintenance(policy, schedule, done)


@given(reports(), policies())
def test_a_graver_or_more_urgent_fault_never_has_a_lower_priority(report: Report, policy: EquipmentPolicy) -> None:
    """The matrix that ships grows along both axes; safety has its own priority."""
    order = ("low", "normal", "high", "critical")
    impacts, urgencies = list(type(report.impact)), list(type(report.urgency))
    here = order.index(priority_of(policy, report.impact, report.urgency).value)
    for impact in impacts[impacts.index(report.impact) :]:
        for urgency in urgencies[urgencies.index(report.urgency) :]:
            assert here <= order.index(priority_of(policy, impact, urgency).value)
    assert policy.safety_priority is priority_of(policy, report.impact, report.urgency, safety=True)


def test_the_register_tells_an_unknown_warranty_from_one_that_ended() -> None:
    """Unset is not the same as over."""
    asset = Asset(id="A-1", name="Gate", kind="gate", library="MAIN", warranty_until=date(2026, 1, 1))
    answers = [asset.under_warranty(date(2026, 1, 1)), asset.under_warranty(date(2026, 1, 2))]
    assert [True, False, None] == [*answers, evolve(asset, warranty_until=None).under_warranty(date(2026, 1, 1))]
