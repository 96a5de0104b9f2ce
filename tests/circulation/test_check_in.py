"""What happens when an item comes back: its fine, a suspension, and what the desk is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from attrs import evolve

from libops.base.calendars import Calendar, WeeklyHours
from libops.base.decisions import Override
from libops.base.money import Money
from libops.circulation.decide.returns import drop_box_time
from libops.fees.decide.facts import AccountFacts
from libops.fees.model import AccountLine, Cause, LineKind, LoanFine, OpenCharge
from libops.patrons.events import BlockPlaced
from libops.patrons.model import Block

NOON = datetime(2026, 3, 4, 11, tzinfo=UTC)
LATE = datetime(2026, 3, 17, 11, tzinfo=UTC)
"""Six days after the loan of the counter was due, a Tuesday."""

DAILY = {"amount": "0.20 EUR"}


def overdue(amount: str) -> tuple[tuple[str, Money], ...]:
    """What a receipt shows of such a fine."""
    return (("overdue", Money.parse(amount)),)


def test_an_item_that_was_not_on_loan_is_told(counter) -> None:
    """Used in the house, or found: the desk hears of it, and nothing is refused."""
    desk = counter()
    answer = desk.back(loan=False)
    assert (True, ["item.not_on_loan"]) == (bool(answer), desk.alerts(answer))


def test_a_return_is_never_refused_for_what_the_patron_owes(counter) -> None:
    """The item is back."""
    desk = counter(fine=DAILY, limits={"debt": {"limit": "0.00 EUR"}})
    desk.standing = evolve(desk.standing, balance=5000)
    assert overdue("1.20 EUR") == desk.back(at=LATE).result.charged


def test_the_fine_is_counted_by_the_policy_kept_on_the_loan(counter) -> None:
    """Rules may have changed since: the loan remembers its own."""
    more = {"fine_policies": {"fine": DAILY, "dear": {"amount": "1.00 EUR"}}, "fallback": {"fine": "dear"}}
    assert overdue("1.20 EUR") == counter(**more).back(at=LATE).result.charged


def test_a_return_dated_back_is_fined_for_that_day(counter) -> None:
    """F6: left on the counter on Friday, scanned on Tuesday; a day to come is ignored; on time costs nothing."""
    desk = counter(fine=DAILY)
    for returned, expected in [
        (datetime(2026, 3, 13, 11, tzinfo=UTC), overdue("0.40 EUR")),
        (LATE + timedelta(3), overdue("1.20 EUR")),
        (datetime(2026, 3, 11, 22, 59, tzinfo=UTC), ()),
    ]:
        plan = desk.back(at=LATE, returned_at=returned).result
        assert expected == plan.charged
        assert min(returned, LATE) == plan.events[0].returned_at


def test_a_return_is_never_dated_before_the_loan(counter) -> None:
    """A slip of the keyboard cannot bring an item back before it went out."""
    plan = counter().back(returned_at=datetime(2025, 3, 4, tzinfo=UTC)).result
    assert datetime(2026, 2, 25, 11, tzinfo=UTC) == plan.events[0].returned_at


def test_the_drop_box_counts_as_returned_at_the_last_closing(counter) -> None:
    """Emptied on Tuesday morning: whatever lies in it was there at closing on Thursday."""
    calendar = counter().book.calendar("MAIN")
    thursday = datetime(2026, 3, 12, 17, tzinfo=UTC)
    assert thursday == drop_box_time(calendar, datetime(2026, 3, 17, 10, tzinfo=UTC))
    assert thursday == drop_box_time(calendar, datetime(2026, 3, 13, 10, tzinfo=UTC))
    assert datetime(2026, 3, 17, 17, tzinfo=UTC) == drop_box_time(calendar, datetime(2026, 3, 17, 20, tzinfo=UTC))


def test_the_drop_box_saves_the_fine_of_closed_days(counter) -> None:
    """One day late in the box, six at the desk; a date given by hand goes before the box."""
    desk = counter(fine=DAILY)
    assert overdue("0.20 EUR") == desk.back(at=LATE, drop_box=True).result.charged
    assert overdue("1.20 EUR") == desk.back(at=LATE).result.charged
    by_hand = datetime(2026, 3, 13, 9, tzinfo=UTC)
    assert overdue("0.40 EUR") == desk.back(at=LATE, drop_box=True, returned_at=by_hand).result.charged


def test_an_amnesty_needs_a_right_and_a_reason(counter) -> None:
    """Taken back without a fine: asked for alone it stops; with the right it is recorded who and why."""
    desk = counter(fine=DAILY)
    assert ["loan.fine_forgiven"] == desk.codes(desk.back(at=LATE, amnesty=True))
    named = Override(["loan.fine_forgiven"], "ruth", "fine-free week")
    assert ["loan.fine_forgiven"] == desk.codes(desk.back(at=LATE, amnesty=True, override=named))
    plan = desk.back(at=LATE, amnesty=True, override=evolve(named, rights=["fees.amnesty"])).result
    assert () == plan.charged
    assert (("loan.fine_forgiven",), "ruth", "fine-free week") == (
        plan.waived.codes,
        plan.waived.by,
        plan.waived.why,
    )


def test_an_amnesty_is_explained(counter) -> None:
    """The trace has the fine as it was counted, and that it was forgiven; unasked there is none."""
    desk = counter(fine=DAILY)
    right = Override(["loan.fine_forgiven"], "ruth", "fine-free week", ["fees.amnesty"])
    asked = {"at": LATE, "amnesty": True, "override": right}
    steps = desk.back(**asked, ask={"explain": True}).trace.fees
    assert ("rate", Money(120, "EUR")) == (steps[-2].name, steps[-2].after)
    assert ("amnesty", Money(120, "EUR"), Money(0, "EUR")) == (steps[-1].name, steps[-1].before, steps[-1].after)
    assert None is desk.back(**asked).trace


def fined(desk, *, paid: bool = False):
    """The account after a nightly run charged 1.00 for five days, paid or not."""
    line = AccountLine(
        "loan-1-fine-1", "ada", NOON, "run", LineKind.CHARGE, Money(100, "EUR"), Cause.OVERDUE, loan_id="loan-1"
    )
    charge = OpenCharge(line.id, "ada", Money(100, "EUR"), Cause.OVERDUE, NOON, "loan-1", "item-1", "MAIN")
    facts = AccountFacts(
        evolve(desk.standing, balance=0 if paid else 100), "EUR", () if paid else (charge,), (), (line,)
    )
    return {"account": facts, "fined": LoanFine("loan-1", "ada", 0, 100, 1, line.id)}


def test_what_a_run_charged_before_is_not_charged_again(counter) -> None:
    """Five of the six days are on the account: the return adds one."""
    desk = counter(fine=DAILY)
    plan = desk.back(at=LATE, **fined(desk)).result
    assert [Money(20, "EUR")] == [event.line.amount for event in plan.events if hasattr(event, "line")]


def test_an_amnesty_takes_off_what_is_open(counter) -> None:
    """The euro that a run charged goes, too."""
    desk = counter(fine=DAILY)
    right = Override(["loan.fine_forgiven"], "ruth", "fine-free week", ["fees.amnesty"])
    plan = desk.back(at=LATE, amnesty=True, override=right, **fined(desk)).result
    assert [Money(-100, "EUR")] == [event.line.amount for event in plan.events if hasattr(event, "line")]


def test_a_claim_that_proves_right_costs_nothing_or_is_charged(counter) -> None:
    """B12, `claim_found`: found by staff on the library's own shelf, after the patron said it was there."""
    for option, expected in [
        ("claim-found-by-library-waives-fine", ()),
        ("claim-found-by-library-charges-fine", overdue("1.20 EUR")),
    ]:
        desk = counter(fine={**DAILY, "claim_found": option})
        claimed = {"claimed_returned_at": NOON}
        assert expected == desk.back(at=LATE, loan=claimed, found_here=True).result.charged
        assert overdue("1.20 EUR") == desk.back(at=LATE, loan=claimed).result.charged
        assert overdue("1.20 EUR") == desk.back(at=LATE, found_here=True).result.charged


def test_fines_follow_the_calendar_of_the_library_whose_rule_counts(counter) -> None:
    """B10, `control.fine`: the branch opens on Wednesdays only, so five open days at home are one there."""
    fine = {**DAILY, "closed": "exclude-closed-days"}
    for control, expected in [("transaction", "0.40 EUR"), ("item-home", "0.20 EUR"), ("item-holding", "0.40 EUR")]:
        desk = counter(fine=fine, control={"fine": control})
        desk.item = evolve(desk.item, home_library="NORTH")
        assert (
            overdue(expected)
            == desk.back(
                at=datetime(2026, 3, 18, 20, tzinfo=UTC), loan={"due": datetime(2026, 3, 12, 22, 59, tzinfo=UTC)}
            ).result.charged
        )


def test_parts_are_counted_at_the_return(counter) -> None:
    """`parts_at_return`: told by default, to be confirmed, or not spoken of."""
    for option, refused, told in [
        ("alert", [], ["item.parts_to_count"]),
        ("confirm", ["item.parts_to_count"], []),
        ("allow", [], []),
    ]:
        desk = counter({"parts_at_return": option})
        desk.item = evolve(desk.item, pieces=3)
        answer = desk.back()
        assert (refused, told) == (desk.codes(answer), desk.alerts(answer))


# --- days without borrowing -------------------------------------------------------------------------------------------


def suspending(counter, **terms):
    """A counter where each day late keeps a patron from borrowing for two."""
    policies = {"suspension_policies": {"days": {"days": 2, **terms}}, "fallback": {"suspension": "days"}}
    return counter(**policies)


def placed(answer) -> list[Block]:
    """The blocks that a return placed."""
    return [event.block for event in answer.result.events if isinstance(event, BlockPlaced)]


def test_days_late_keep_a_patron_from_borrowing(counter) -> None:
    """B11: six days late are twelve days, through the last moment of 29 March by the library's clocks."""
    desk = suspending(counter)
    answer = desk.back(at=LATE, loan={"suspension": "days"})
    [block] = placed(answer)
    assert datetime(2026, 3, 29, 21, 59, 59, 999_999, tzinfo=UTC) == block.until
    assert () == answer.result.charged
    assert [] == placed(desk.back(at=LATE))


def test_the_desk_is_told_of_days_without_borrowing_and_how_they_came_about(counter) -> None:
    """`patron.suspended` names the last of them; the trace has the days late, the maximum, and the end."""
    answer = suspending(counter, max_days=10).back(at=LATE, loan={"suspension": "days"}, ask={"explain": True})
    [told] = answer.alerts
    assert ("patron.suspended", date(2026, 3, 27)) == (told.code, told.data["until"])
    assert [("suspension", 12), ("maximum", 10), ("until", date(2026, 3, 27))] == [
        (step.name, step.after) for step in answer.trace.fees
    ]


def test_an_item_that_was_on_the_shelf_all_along_costs_no_days(counter) -> None:
    """B12: claimed returned, and found by staff where it belongs."""
    desk = suspending(counter)
    claimed = {"suspension": "days", "claimed_returned_at": NOON}
    answer = desk.back(at=LATE, loan=claimed, found_here=True)
    assert ([], []) == (placed(answer), desk.alerts(answer))
    assert placed(desk.back(at=LATE, loan=claimed))


def test_days_without_borrowing_end_with_the_service_day(counter) -> None:
    """Open until two: the last day of a suspension is over when its service day is, at three, and a second one that
    adds up counts from that day."""
    desk = suspending(counter, several="suspensions-add-up")
    night = Calendar("Europe/Berlin", WeeklyHours(monday="18:00-02:00"), day_starts=time(3))
    desk.book = evolve(desk.book, calendars=dict.fromkeys(desk.book.calendars, night))
    [block] = placed(desk.back(at=LATE, loan={"suspension": "days"}))
    assert datetime(2026, 3, 30, 0, 59, 59, 999_999, tzinfo=UTC) == block.until
    desk.patron = evolve(desk.patron, blocks=(block,))
    [second] = placed(desk.back(at=LATE, loan={"suspension": "days"}))
    assert datetime(2026, 4, 11, 0, 59, 59, 999_999, tzinfo=UTC) == second.until


def test_a_second_suspension_is_the_longer_or_adds_up(counter) -> None:
    """B11, `several`: twelve days beside a suspension until 5 April."""
    running = Block("suspension-loan-0", "late", NOON, "ruth", until=datetime(2026, 4, 5, 21, 59, 59, tzinfo=UTC))
    longest = suspending(counter)
    longest.patron = evolve(longest.patron, blocks=(running,))
    assert [] == placed(longest.back(at=LATE, loan={"suspension": "days"}))
    adding = suspending(counter, several="suspensions-add-up")
    adding.patron = evolve(adding.patron, blocks=(running,))
    [block] = placed(adding.back(at=LATE, loan={"suspension": "days"}))
    assert date(2026, 4, 17) == block.until.date()


def test_a_loan_remembers_its_suspension_and_its_reminders(counter) -> None:
    """What the rule named at check-out holds at the return."""
    desk = counter(
        suspension_policies={"days": {"days": 1}},
        reminder_policies={"letters": [{"after": "7 days", "fee": "1.00 EUR", "notice": "reminder"}]},
        fallback={"suspension": "days", "reminders": "letters"},
    )
    loan = desk.out().result.loan
    assert ("days", "letters") == (loan.suspension, loan.reminders)
