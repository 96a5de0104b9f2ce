"""Hypothesis strategies for the equipment room: assets, reports, policies, tickets on their way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from attrs import evolve
from hypothesis import strategies as st

from libops.base.ids import AssetId, ItemId, LibraryCode, TicketId
from libops.base.money import Money
from libops.base.periods import Unit
from libops.equipment.decide import Report
from libops.equipment.model import (
    LEGAL,
    Asset,
    Impact,
    KnownIssue,
    MaintenanceSchedule,
    Passage,
    Priority,
    Ticket,
    TicketState,
    Urgency,
)
from libops.equipment.policy import (
    BlockOn,
    EquipmentPolicy,
    MaintenanceCounts,
    PartsWait,
    ReleaseOn,
    RepeatAfterFix,
    ResolveNeeds,
    Targets,
)
from libops.testing.strategies.base import periods

__all__ = ["FIRST_DAY", "assets", "known_issues", "policies", "reports", "schedules", "symptoms", "tickets"]

FIRST_DAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
KINDS = ("public computer", "printer", "self-check", "gate", "e-reader", "laptop", "laser cutter")
WORDS = ("paper", "jam", "tray", "screen", "dark", "noise", "smoke", "cable", "slow", "login", "toner", "belt")


def symptoms() -> st.SearchStrategy[str]:
    """What people say is wrong, in two to five words."""
    return st.lists(st.sampled_from(WORDS), min_size=2, max_size=5).map(" ".join)


def assets(*, lent: bool | None = None) -> st.SearchStrategy[Asset]:
    """Assets in use; with `lent` only those that are (or are not) an item."""
    items = st.just("I-31").map(ItemId)
    return st.builds(
        Asset,
        id=st.integers(1, 99).map(lambda number: AssetId(f"A-{number}")),
        name=st.sampled_from(KINDS).map(str.title),
        kind=st.sampled_from(KINDS),
        library=st.just(LibraryCode("MAIN")),
        item_id=st.one_of(st.none(), items) if lent is None else (items if lent else st.none()),
        warranty_until=st.one_of(st.none(), st.dates(date(2025, 1, 1), date(2028, 1, 1))),
    )


def reports() -> st.SearchStrategy[Report]:
    """Reports by people, grave and less grave."""
    return st.builds(
        Report,
        symptom=symptoms(),
        impact=st.sampled_from(Impact),
        urgency=st.sampled_from(Urgency),
        safety=st.booleans(),
        unusable=st.one_of(st.none(), st.booleans()),
    )


def targets() -> st.SearchStrategy[Targets]:
    """Targets from at once to a week, or none."""
    minutes = st.one_of(st.none(), st.integers(0, 7 * 1440))
    return st.builds(Targets, minutes, minutes)


def policies() -> st.SearchStrategy[EquipmentPolicy]:
    """Terms of repair shops with every named option."""
    return st.builds(
        EquipmentPolicy,
        block_on=st.sampled_from(BlockOn),
        release_on=st.sampled_from(ReleaseOn),
        repeat_after_fix=st.sampled_from(RepeatAfterFix),
        resolve_needs=st.sampled_from(ResolveNeeds),
        maintenance_counts=st.sampled_from(MaintenanceCounts),
        parts_wait=st.sampled_from(PartsWait),
        reopen_days=st.one_of(st.none(), st.integers(0, 30)),
        labor_rate=st.one_of(st.none(), st.integers(0, 9000).map(lambda cents: Money(cents, "EUR"))),
        targets=st.fixed_dictionaries({priority: targets() for priority in Priority}),
    )


def known_issues() -> st.SearchStrategy[list[KnownIssue]]:
    """A small known-issue base with ids of its own."""
    issue = st.builds(KnownIssue, id=st.just(""), title=symptoms(), symptom=symptoms(), fix=symptoms())
    return st.lists(issue, max_size=8).map(
        lambda found: [evolve(issue, id=f"K-{number}") for number, issue in enumerate(found)]
    )


def schedules() -> st.SearchStrategy[MaintenanceSchedule]:
    """Tasks that come back every few days, weeks or months."""
    return st.builds(
        MaintenanceSchedule,
        id=st.just("M-1"),
        asset_id=st.just(AssetId("A-1")),
        task=st.sampled_from(("clean the rollers", "change the lamp", "test the alarm")),
        every=periods(units=(Unit.DAYS, Unit.WEEKS, Unit.MONTHS), longest=24).filter(lambda every: every.amount > 0),
        next_due=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
        lead_days=st.integers(0, 14),
    )


@st.composite
def tickets(draw: st.DrawFn, *, number: int = 1) -> Ticket:
    """A ticket that came by legal acts, minutes to days apart, to any state."""
    at, state = FIRST_DAY + timedelta(minutes=draw(st.integers(0, 5000))), TicketState.NEW
    passages = [Passage(state, at)]
    for _ in range(draw(st.integers(0, 6))):
        if not LEGAL[state]:
            break
        state = LEGAL[state][draw(st.sampled_from(sorted(LEGAL[state], key=lambda act: act.value)))]
        at += timedelta(minutes=draw(st.integers(0, 5000)))
        passages.append(Passage(state, at))
    return Ticket(
        id=TicketId(f"T-{number}"),
        asset_id=AssetId("A-1"),
        symptom=draw(symptoms()),
        opened_at=passages[0].at,
        opened_by="S-1",
        state=state,
        safety=draw(st.booleans()),
        unusable=draw(st.booleans()),
        passages=tuple(passages),
    )
