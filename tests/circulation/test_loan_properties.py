"""What holds for every loan, whatever the policies: renewals, limits, fines, closings."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libops.base.decisions import Override, Permit
from libops.circulation.decide.change_due import closed_calendar, due_after_closing
from libops.circulation.decide.returns import drop_box_time
from libops.circulation.model import ReadyHold
from libops.patrons.model import Block
from libops.testing.strategies.holds import queues

NOON = datetime(2026, 3, 4, 11, tzinfo=UTC)
# The fixture hands over a class and keeps nothing between examples.
MODEST = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

LENT = datetime(2026, 2, 25, 12, tzinfo=UTC)
MOMENTS = st.integers(0, 190 * 24 * 60).map(lambda minutes: LENT + timedelta(minutes=minutes))
SPRING = st.integers(0, 57 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes))
CLOSED_DAYS = st.sampled_from(
    ["ignore-calendar", "push-one-day-at-a-time", "count-open-days", "push-same-weekday", "next-open-day-end"]
)
PERIODS = st.sampled_from(["0 days", "3 days", "2 weeks", "1 month", "5 hours"])
NUMBERS = st.integers(0, 12)


@MODEST
@given(
    period=PERIODS,
    again=st.none() | PERIODS,
    closed=CLOSED_DAYS,
    base=st.sampled_from(["now", "due-date"]),
    at=MOMENTS,
    due=MOMENTS,
    holds=NUMBERS,
)
def test_a_renewal_never_shortens(counter, period, again, closed, base, at, due, holds) -> None:
    """Invariant 3: whatever the period, the base and the calendar, the loan is due no earlier than before."""
    renewals = {"renew_from": base, "without_gain": "allow", "holds": "ignore", "period_with_holds": "1 day"}
    if again is not None:
        renewals["period"] = again
    desk = counter({"due": {"period": period, "closed_days": closed}, "renewals": renewals})
    answer = desk.renew(at=at, loan={"due": due}, holds=holds)
    assert isinstance(answer, Permit)
    assert answer.result.until >= due


@MODEST
@given(limit=NUMBERS, out=NUMBERS, more=NUMBERS, boundary=st.sampled_from(["reached", "passed"]))
def test_more_out_never_helps(counter, limit: int, out: int, more: int, boundary: str) -> None:
    """Who is refused with so many items out is refused with more."""
    desk = counter(limits={"items_out": limit, "items_out_boundary": boundary})
    desk.standing = evolve(desk.standing, open_loans=out)
    few = desk.codes(desk.out())
    desk.standing = evolve(desk.standing, open_loans=out + more)
    assert set(few) <= set(desk.codes(desk.out()))


@MODEST
@given(
    balance=st.integers(-500, 3000),
    out=NUMBERS,
    expires=st.dates(date(2026, 1, 1), date(2026, 6, 1)),
    lifted=st.sets(st.sampled_from(["patron.debt_limit", "loan.limit_reached", "patron.expired"])),
)
def test_rights_lift_what_they_name_and_nothing_else(counter, balance, out, expires, lifted) -> None:
    """An override takes away the codes it names; the others stay, in their order, and the first alone is the first."""
    desk = counter(limits={"items_out": 6, "debt": {"limit": "10.00 EUR"}})
    desk.patron = evolve(desk.patron, expires=expires)
    desk.standing = evolve(desk.standing, balance=balance, open_loans=out)
    every = desk.codes(desk.out())
    rights = ["loan.limit", "loan.indebted_patron", "loan.expired_patron"]
    left = desk.codes(desk.out(override=Override(lifted, "ruth", "trusted", rights)))
    assert [code for code in every if code not in lifted] == left
    assert every[:1] == desk.codes(desk.out(ask={"first_only": True}))


@MODEST
@given(
    item=st.fixed_dictionaries(
        {},
        optional={
            "withdrawn_at": st.just(NOON),
            "missing_since": st.just(NOON),
            "damaged": st.booleans(),
            "in_repair": st.booleans(),
            "not_for_loan": st.sampled_from(["", "reference only"]),
        },
    ),
    blocked=st.booleans(),
    bad_address=st.booleans(),
    on_loan=st.booleans(),
    ready=st.none() | st.sampled_from(["ada", "p001"]),
    waiting=queues(longest=2),
    standing=st.fixed_dictionaries(
        {"balance": st.integers(-200, 200)},
        optional={name: st.integers(0, 2) for name in ("lost", "claims_returned")},
    ),
    least=st.integers(0, 2),
    boundary=st.sampled_from(["reached", "passed"]),
    late=st.integers(0, 2),
    facts=st.fixed_dictionaries(
        {},
        optional={name: st.booleans() for name in ("on_site", "in_processing", "out_of_service")},
    ),
)
def test_checks_that_are_left_out_had_nothing_to_say(
    counter, item, blocked, bad_address, on_loan, ready, waiting, facts, standing, least, boundary, late
) -> None:
    """The desk leaves out checks whose facts are not set; the reasons are those of asking every check, in order."""
    count = {"limit": least, "boundary": boundary}
    counts = dict.fromkeys(["overdue", "overdue_recalls", "lost", "claims_returned"], count)
    debt = {"limit": f"{least}.00 EUR", "boundary": boundary}
    desk = counter(limits={"items_out": 6, "bad_address": {}, "debt": debt, **counts})
    desk.standing = evolve(desk.standing, **standing)
    desk.item = evolve(desk.item, **item)
    blocks = (Block("block-1", "spoke loudly", NOON, "ruth"),) if blocked else ()
    desk.patron = evolve(desk.patron, blocks=blocks, bad_address=bad_address)
    if on_loan:
        facts["loan"] = desk.loan(item_id=desk.item.id)
    if ready is not None:
        facts["ready"] = ReadyHold(desk.item.id, "h001", ready, desk.bib.id, "MAIN", NOON)
    asked = {**facts, "waiting": tuple(waiting), "overdue": tuple(desk.loan(f"late-{n}") for n in range(late))}
    assert desk.codes(desk.out(**asked, ask={"explain": True})) == desk.codes(desk.out(**asked))


@MODEST
@given(
    back=MOMENTS,
    later=st.integers(0, 2000),
    closed=st.sampled_from(["count-closed-time", "exclude-closed-days", "exclude-closed-minutes"]),
    charge=st.sampled_from(["charge-at-start-of-interval", "charge-at-end-of-interval"]),
    grace=st.sampled_from(["0 days", "2 days"]),
)
def test_coming_later_never_costs_less(counter, back, later, closed, charge, grace) -> None:
    """Invariant 4, through the desk: the fine grows with time, is none within grace, and stays under its cap."""
    fine = {"amount": "0.20 EUR", "closed": closed, "charge_at": charge, "grace": grace, "cap": "5.00 EUR"}
    desk = counter(fine=fine)
    costs = []
    for moment in (back, back + timedelta(hours=later)):
        charged = desk.back(at=moment).result.charged
        costs.append(charged[0][1].amount if charged else 0)
    assert costs[0] <= costs[1] <= 500
    if back <= datetime(2026, 3, 11, 22, 59, tzinfo=UTC):
        assert 0 == costs[0]


@MODEST
@given(at=MOMENTS)
def test_the_drop_box_never_costs_more_than_the_counter(counter, at: datetime) -> None:
    """What counts as returned at the last closing was returned no later than now, and while the library was there."""
    desk = counter(fine={"amount": "0.20 EUR"})
    calendar = desk.book.calendar("MAIN")
    assert drop_box_time(calendar, at) <= at
    box, hand = (desk.back(at=at, drop_box=drop_box).result.charged for drop_box in (True, False))
    assert (box[0][1].amount if box else 0) <= (hand[0][1].amount if hand else 0)


@MODEST
@given(
    closed=CLOSED_DAYS,
    due=SPRING,
    before=st.integers(0, 5),
    after=st.integers(0, 20),
)
def test_a_closing_moves_due_dates_later_and_to_open_days(counter, closed, due, before, after) -> None:
    """Never earlier; and where the policy promises an open day, the new one is open in spite of the closing."""
    desk = counter({"due": {"period": "2 weeks", "closed_days": closed}})
    calendar = desk.book.calendar("MAIN")
    day = calendar.service_day(due)
    first, last = day - timedelta(before), day + timedelta(after)
    moved = due_after_closing(desk.loan(due=due), desk.patron, desk.book, first=first, last=last, at=NOON)
    assert moved is not None
    assert moved >= due
    if closed != "ignore-calendar":
        assert closed_calendar(calendar, first, last).is_open_day(calendar.local(moved).date())
