"""Each option of sections A, B, C and E (time, fines, renewals, limits), set as a library sets it, tried at the desk.

`SCENES` says how each is tried, and `answers.toml` what comes of every answer. No two answers of an option may come
to the same, and no option of a policy may be missing here, or in the list of those that have a test file of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path
from tomllib import loads
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import attrs
import pytest

from libops.base.decisions import Weight
from libops.base.errors import SettingsError
from libops.base.money import Rounding
from libops.base.periods import MonthLength
from libops.circulation.events import RenewedBy
from libops.circulation.policy import due, limits, terms
from libops.circulation.policy.limits import LimitPolicy
from libops.circulation.policy.terms import LoanPolicy
from libops.fees import policy as fees
from libops.fees.policy import AccountPolicy, FinePolicy, LostPolicy, SuspensionPolicy

ADA, BOOK = "21234000000017", "31234000000014"
Scene = Callable[[Any, Any], tuple[Any, ...]]


def loan(town, **more):
    """A town whose loans have these terms."""
    return town(loan_policies={"standard": more})


def lent(here, item: str = "book", at: str = "", **more) -> str:
    """When an item is due that is lent at a moment; the reasons if it is not lent."""
    if at:
        here.until(at)
    answer = here.lend(item, **more)
    return here.due(item)[:16] if answer else ", ".join(here.codes(answer))


def asked(answer) -> str:
    """How the desk is asked: nothing, an alert, a question, a refusal that a right lifts, one for good."""
    if answer:
        return "alert" if answer.alerts else "nothing said"
    return answer.reasons[-1].weight.value


# --- A. due dates ---------------------------------------------------------------------------------------------------


def closed_days(town, value) -> tuple[Any, ...]:
    """Thirteen days end on a closed Monday, due at six or at the time of the loan; two weeks end on a holiday."""
    holiday = [{"first": date(2026, 3, 17), "last": date(2026, 3, 18)}]
    found = []
    for period, due_time, special in (("13 days", "18:00", []), ("13 days", "none", []), ("2 weeks", "18:00", holiday)):
        here = town(
            loan_policies={"standard": {"due": {"period": period, "closed_days": value, "due_time": due_time}}},
            calendars={"tuesday-to-saturday": {"special": special}},
        )
        found.append(lent(here))
    return tuple(found)


def closing(town, value) -> tuple[Any, ...]:
    """On a Thursday with a break from 13 to 15: three hours into the break and past closing, twenty over night."""
    cases = (("11:30", "3 hours"), ("17:30", "3 hours"), ("17:30", "20 hours"))
    return tuple(
        lent(loan(town, due={"period": period, "closing": value}), at=f"2026-03-05 {clock}") for clock, period in cases
    )


def schedule_use(town, value) -> tuple[Any, ...]:
    """Two weeks, with the 12th and the 24th as the end of term."""
    return tuple(
        lent(loan(town, due={"period": "2 weeks", "schedule": [{"due": date(2026, 3, day)}], "schedule_use": value}))
        for day in (12, 24)
    )


def profile(town, value) -> tuple[Any, ...]:
    """Two weeks, with the 24th as the end of term."""
    due = {"period": "2 weeks", "profile": value, "schedule": [{"due": date(2026, 3, 24)}]}
    return (lent(loan(town, due=due, renewals={"allowed": False})),)


def expiry_cut(town, value) -> tuple[Any, ...]:
    """Two weeks; the card ends on Monday the 16th, a closed day."""
    here = loan(town, due={"period": "2 weeks", "expiry_cut": value})
    here.patron("Ada", expires=date(2026, 3, 16))
    return (lent(here),)


def after_cut(town, value) -> tuple[Any, ...]:
    """Two weeks, and no loan beyond Monday the 16th, a closed day."""
    return (lent(loan(town, due={"period": "2 weeks", "ceiling": date(2026, 3, 16), "after_cut": value})),)


def on_calendar_change(town, value) -> tuple[Any, ...]:
    """A holiday is announced on the due date after the loan was made; the nightly run, a loan set by hand apart."""
    from libops.desk.opening import open as open_library

    policy = {"standard": {"due": {"period": "2 weeks", "on_calendar_change": value}}}
    here = town(loan_policies=policy)
    assert here.lend("book")
    assert here.lend("second book")
    by_hand = here.allow("loan.due_by_hand", right="loan.change_due")
    tuesday = datetime.fromisoformat("2026-03-17T15:00:00+00:00")
    assert here.ops.circulation.change_due(item="31234000000022", due=tuesday, override=by_hand)
    calendars = here.settings["calendars"]
    calendars["tuesday-to-saturday"] |= {"special": [{"first": date(2026, 3, 17)}]}
    later = open_library(settings=here.settings, clock=here.clock, library="MAIN")
    later.storage = later.shell.storage = here.ops.storage
    here.clock.forward(days=1)
    later.run_due(only=["calendar"])
    return here.due("book")[:10], here.due("second book")[:16]


# --- C. loans and renewals ------------------------------------------------------------------------------------------


def loanable(town, value) -> tuple[Any, ...]:
    """Taken home, and used in the house."""
    return tuple(asked(loan(town, loanable=value).lend("book", on_site=house)) for house in (False, True))


def held_for_others(town, value) -> tuple[Any, ...]:
    here = loan(town, held_for_others=value)
    assert here.hold("book", by="Ben")
    return (asked(here.lend("book")),)


def one_per_title(town, value) -> tuple[Any, ...]:
    here = loan(town, one_per_title=value)
    assert here.lend("book")
    return asked(here.lend("film")), asked(here.lend("second book"))


def had_before(town, value) -> tuple[Any, ...]:
    here = loan(town, had_before=value)
    assert here.lend("book")
    assert here.bring_back("book")
    return (asked(here.lend("film")),)


def parts(town, value) -> tuple[Any, ...]:
    here = loan(town, parts=value)
    here.change("film", pieces=3)
    return (asked(here.lend("film")),)


def parts_at_return(town, value) -> tuple[Any, ...]:
    here = loan(town, parts="allow", parts_at_return=value)
    here.change("film", pieces=3)
    assert here.lend("film")
    return (asked(here.bring_back("film")),)


def rental_ask(town, value) -> tuple[Any, ...]:
    return (asked(loan(town, rental={"amount": "1.00 EUR", "ask": value}).lend("book")),)


def age_otherwise(town, value) -> tuple[Any, ...]:
    here = loan(town, age={"at_least": 18, "otherwise": value})
    here.patron("Ada", birth_date=date(2010, 1, 2))
    return (asked(here.lend("book")),)


def unknown_age(town, value) -> tuple[Any, ...]:
    here = loan(town, age={"at_least": 18, "unknown": value})
    here.patron("Ada", birth_date=None)
    return (asked(here.lend("book")),)


def renewed(here, **more) -> str:
    """When the book is due after a renewal; the reasons if it is not renewed."""
    answer = here.renew("book", **more)
    return here.due("book")[:10] if answer else ", ".join(here.codes(answer))


def renew_from(town, value) -> tuple[Any, ...]:
    """Two weeks, renewed on the second day."""
    here = loan(town, renewals={"renew_from": value})
    assert here.lend("book")
    here.clock.forward(days=1)
    return (renewed(here),)


def without_gain(town, value) -> tuple[Any, ...]:
    """Two weeks, renewed for one week at once."""
    here = loan(town, renewals={"period": "1 week", "without_gain": value})
    assert here.lend("book")
    return renewed(here), here.loan().renewals


def missing_period(town, value) -> tuple[Any, ...]:
    try:
        here = loan(town, renewals={"missing_period": value})
    except SettingsError:
        return ("settings refused",)
    assert here.lend("book")
    here.clock.forward(days=7)
    return (renewed(here),)


def zero_period(town, value) -> tuple[Any, ...]:
    """Renewed for 0 days from now, a week before the due date: it stays, and the count goes up."""
    try:
        here = loan(town, renewals={"period": "0 days", "zero_period": value, "without_gain": "allow"})
    except SettingsError:
        return ("settings refused",)
    assert here.lend("book")
    here.clock.forward(days=7)
    return renewed(here), here.loan().renewals


def holds_and_renewal(town, value) -> tuple[Any, ...]:
    """Somebody waits for the title; another item of it stands on the shelf, or does not."""
    found = []
    for taken in (False, True):
        here = loan(town, renewals={"holds": value}, held_for_others="allow")
        assert here.lend("book")
        if taken:
            for item in ("film", "reference"):
                barcode = {"film": "31234000000030", "reference": "31234000000055"}[item]
                assert here.ops.items.change(barcode, not_for_loan="at the binder")
        assert here.hold("book", by="Ben")
        here.clock.forward(days=7)
        found.append(renewed(here))
    return tuple(found)


def overdue_and_renewal(town, value) -> tuple[Any, ...]:
    """The book is overdue, the film is not."""
    here = town(
        loan_policies={
            "standard": {"renewals": {"overdue": value}},
            "long": {"due": {"period": "1 month"}, "renewals": {"overdue": value}},
        },
        rules=[{"id": "films", "item_type": "dvd", "loan": "long", "limits": "standard"}],
    )
    assert here.lend("book")
    assert here.lend("film")
    here.clock.forward(days=21)
    return tuple(bool(here.renew(item)) for item in ("book", "film"))


def reason_order(town, value) -> tuple[Any, ...]:
    """An automatic renewal that is refused by the count, and because the patron has not asked for it."""
    here = loan(town, renewals={"count": 0, "reason_order": value, "automatic": {"patron_must_opt_in": True}})
    assert here.lend("book")
    here.clock.forward(days=14)
    return tuple(here.codes(here.renew("book", renewed_by=RenewedBy.AUTOMATIC)))


def without_not_before(town, value) -> tuple[Any, ...]:
    """The nightly run a week before the due date, and on it."""
    here = loan(town, renewals={"automatic": {"without_not_before": value}})
    assert here.lend("book")
    found = []
    for days in (7, 7):
        here.clock.forward(days=days)
        here.night()
        found.append(here.due("book")[:10])
    return tuple(found)


# --- E. limits ------------------------------------------------------------------------------------------------------


def limited(town, **more):
    """A town with these limits."""
    return town(limit_policies={"standard": more})


def how_many(here, *items: str, **more) -> int:
    """How many of these a patron gets."""
    return sum(bool(here.lend(item, **more)) for item in items)


def items_out_boundary(town, value) -> tuple[Any, ...]:
    return (how_many(limited(town, items_out=2, items_out_boundary=value), "book", "second book", "film", "record"),)


def overdue_boundary(town, value) -> tuple[Any, ...]:
    """One overdue item against a limit of one."""
    here = limited(town, overdue={"limit": 1, "boundary": value})
    assert here.lend("book")
    here.clock.forward(days=30)
    return (bool(here.lend("film")),)


def debt_boundary(town, value) -> tuple[Any, ...]:
    """A debt of exactly the limit."""
    here = limited(town, debt={"limit": "2.00 EUR", "boundary": value})
    assert here.ops.fees.charge(patron=ADA, amount="2.00 EUR")
    return (bool(here.lend("book")),)


def on_site(town, value) -> tuple[Any, ...]:
    """One item to take home; two in the house before it."""
    here = limited(town, items_out=1, on_site=value, **({"on_site_items": 2} if value == "apart" else {}))
    return how_many(here, "book", "second book", on_site=True), bool(here.lend("film"))


def overdue_scope(town, value) -> tuple[Any, ...]:
    """Overdue at the main library, asked at both."""
    here = limited(town, overdue={"limit": 1, "scope": value})
    assert here.lend("book")
    here.clock.forward(days=30)
    return tuple(bool(here.lend(item, library=place)) for item, place in (("film", "NORTH"), ("record", "MAIN")))


def item_limit_scope(town, value) -> tuple[Any, ...]:
    """Two films at most, by a rule about films; three books are out already."""
    here = town(
        limit_policies={"films": {"items_out": 2, "item_limit_scope": value}},
        rules=[{"id": "films", "item_type": "media", "loan": "standard", "limits": "films"}],
    )
    assert 2 == how_many(here, "book", "second book")
    return (how_many(here, "film", "record"),)


def claims(town, value) -> tuple[Any, ...]:
    """One item at most; the one that is out is claimed returned."""
    here = limited(town, items_out=1, claims=value)
    assert here.lend("book")
    assert here.ops.losses.claim_returned(BOOK)
    return (bool(here.lend("film")),)


def weight(town, value) -> tuple[Any, ...]:
    """One item at most: asked for the second."""
    here = limited(town, items_out=1, items_out_weight=value)
    assert here.lend("book")
    return (asked(here.lend("film")),)


# --- B. fines -------------------------------------------------------------------------------------------------------


def fined(town, back: str, *, period: str = "11 days", **more) -> str:
    """What is owed for a book due on Saturday the 14th that comes back at a moment."""
    here = town(loan_policies={"standard": {"due": {"period": period}}}, fine_policies={"standard": more})
    assert here.lend("book")
    here.until(back)
    assert here.bring_back("book")
    return here.owed()


def charge_at(town, value) -> tuple[Any, ...]:
    """Ten days late, a euro a week."""
    return (fined(town, "2026-03-24 12:00", amount="1.00 EUR", interval="1 week", charge_at=value),)


def closed_time(town, value) -> tuple[Any, ...]:
    """From Saturday to the second Tuesday after it."""
    return (fined(town, "2026-03-24 12:00", amount="0.20 EUR", closed=value),)


def counting(town, value) -> tuple[Any, ...]:
    """Due on the 28th, a day before the clocks go forward; back two days later at noon, and just before midnight."""
    terms = {"period": "25 days", "amount": "0.20 EUR", "counting": value, "charge_at": "charge-at-end-of-interval"}
    return tuple(fined(town, back, **terms) for back in ("2026-03-30 12:00", "2026-03-30 23:59:30"))


def grace_kind(town, value) -> tuple[Any, ...]:
    """Two days of grace, three days late."""
    return (fined(town, "2026-03-17 12:00", amount="0.20 EUR", grace="2 days", grace_kind=value),)


def grace_over_closed(town, value) -> tuple[Any, ...]:
    """Whether a fine is due: grace that ends on a closed Monday, on the next two days; grace that ends on a Saturday,
    on the Monday after it; the first again, where closed days cost nothing."""
    backs = (("2026-03-17 12:00", "2 days"), ("2026-03-18 12:00", "2 days"), ("2026-03-23 12:00", "7 days"))
    terms = {"amount": "0.20 EUR", "grace_over_closed": value}
    free = {**terms, "grace": "2 days", "closed": "exclude-closed-days"}
    found = [fined(town, back, grace=grace, **terms) != "0.00 EUR" for back, grace in backs]
    return (*found, fined(town, "2026-03-17 12:00", **free) != "0.00 EUR")


def at_renewal(town, value) -> tuple[Any, ...]:
    here = town(fine_policies={"standard": {"amount": "0.20 EUR", "at_renewal": value}})
    assert here.lend("book")
    here.clock.forward(days=17)
    assert here.renew("book")
    return (here.owed(),)


def claim_found(town, value) -> tuple[Any, ...]:
    here = town(fine_policies={"standard": {"amount": "0.20 EUR", "claim_found": value}})
    assert here.lend("book")
    assert here.ops.losses.claim_returned(BOOK)
    here.clock.forward(days=17)
    assert here.bring_back("book", found_here=True)
    return (here.owed(),)


def claim_found_days(town, value) -> tuple[Any, ...]:
    """Days without borrowing in place of money."""
    here = town(
        suspension_policies={"standard": {"days": 1, "claim_found": value}}, fallback={"suspension": "standard"}
    )
    assert here.lend("book")
    assert here.ops.losses.claim_returned(BOOK)
    here.clock.forward(days=17)
    assert here.bring_back("book", found_here=True)
    return (len(here.ops.patrons.get(ADA).blocks),)


def backdated(town, value) -> tuple[Any, ...]:
    """Ten days late by the nightly run, four days late by the date it really came back."""
    here = town(fine_policies={"standard": {"amount": "0.20 EUR", "backdated": value}})
    assert here.lend("book")
    here.until("2026-03-27 12:00")
    here.night()
    assert here.bring_back("book", returned_at=here.clock() - timedelta(6))
    return (here.owed(),)


def month(town, value) -> tuple[Any, ...]:
    """A euro for each whole month: one from the 31st of January is over in 28, 31 or a little more than 30 days."""
    found = []
    for back in ("2026-03-01 12:00", "2026-03-02 12:00", "2026-03-03 12:00", "2026-03-04 12:00"):
        terms = {"amount": "1.00 EUR", "interval": "1 month", "month": value, "counting": "elapsed"}
        here = town(
            fine_policies={"standard": terms | {"charge_at": "charge-at-end-of-interval"}},
            loan_policies={"standard": {"due": {"period": "11 days"}}},
        )
        here.until("2026-01-20 12:00")
        assert here.lend("book")
        here.until(back)
        assert here.bring_back("book")
        found.append(here.owed() != "0.00 EUR")
    return tuple(found)


def rounding(town, value) -> tuple[Any, ...]:
    """A cap of an eighth of a price of 1.00 EUR: twelve and a half cents."""
    here = town(fine_policies={"standard": {"amount": "0.20 EUR", "cap_percent": "12.5", "rounding": value}})
    here.change("book", price=here.ops.fees.balance(ADA).parse("1.00 EUR"))
    assert here.lend("book")
    here.clock.forward(days=20)
    assert here.bring_back("book")
    return (here.owed(),)


def several(town, value) -> tuple[Any, ...]:
    """Two books late by five and by five days, back on the same day."""
    here = town(
        suspension_policies={"standard": {"days": 1, "several": value}},
        fallback={"suspension": "standard"},
    )
    for item in ("book", "second book"):
        assert here.lend(item)
    here.clock.forward(days=19)
    for item in ("book", "second book"):
        assert here.bring_back(item)
    blocks = here.ops.patrons.get(ADA).blocks
    return (max(f"{block.until:%Y-%m-%d}" for block in blocks),)


SCENES: dict[str, tuple[type[Enum], Scene]] = {
    "loan.due.closed_days": (due.ClosedDays, closed_days),
    "loan.due.closing": (due.ClosingTime, closing),
    "loan.due.schedule_use": (due.ScheduleUse, schedule_use),
    "loan.due.profile": (due.Profile, profile),
    "loan.due.expiry_cut": (due.ExpiryCut, expiry_cut),
    "loan.due.after_cut": (due.AfterCut, after_cut),
    "loan.due.on_calendar_change": (due.CalendarChange, on_calendar_change),
    "loan.loanable": (terms.Loanable, loanable),
    "loan.held_for_others": (terms.Question, held_for_others),
    "loan.one_per_title": (terms.Question, one_per_title),
    "loan.had_before": (terms.Question, had_before),
    "loan.parts": (terms.Question, parts),
    "loan.parts_at_return": (terms.Question, parts_at_return),
    "loan.rental.ask": (terms.Question, rental_ask),
    "loan.age.otherwise": (terms.Question, age_otherwise),
    "loan.age.unknown": (terms.UnknownAge, unknown_age),
    "loan.renewals.renew_from": (terms.RenewFrom, renew_from),
    "loan.renewals.without_gain": (terms.WithoutGain, without_gain),
    "loan.renewals.missing_period": (terms.MissingRenewalPeriod, missing_period),
    "loan.renewals.zero_period": (terms.ZeroRenewalPeriod, zero_period),
    "loan.renewals.holds": (terms.HoldsAndRenewal, holds_and_renewal),
    "loan.renewals.overdue": (terms.OverdueAndRenewal, overdue_and_renewal),
    "loan.renewals.reason_order": (terms.ReasonOrder, reason_order),
    "loan.renewals.automatic.without_not_before": (terms.WithoutNotBefore, without_not_before),
    "limits.items_out_boundary": (limits.Boundary, items_out_boundary),
    "limits.overdue.boundary": (limits.Boundary, overdue_boundary),
    "limits.debt.boundary": (limits.Boundary, debt_boundary),
    "limits.on_site": (limits.OnSiteCounting, on_site),
    "limits.overdue.scope": (limits.LimitScope, overdue_scope),
    "limits.item_limit_scope": (limits.ItemLimitScope, item_limit_scope),
    "limits.claims": (limits.ClaimsCounting, claims),
    "limits.items_out_weight": (Weight, weight),
    "fine.charge_at": (fees.ChargeAt, charge_at),
    "fine.closed": (fees.ClosedTime, closed_time),
    "fine.counting": (fees.Counting, counting),
    "fine.grace_kind": (fees.GraceKind, grace_kind),
    "fine.grace_over_closed": (fees.GraceOverClosed, grace_over_closed),
    "fine.at_renewal": (fees.AtRenewal, at_renewal),
    "fine.claim_found": (fees.ClaimFound, claim_found),
    "fine.backdated": (fees.BackdatedFine, backdated),
    "fine.month": (MonthLength, month),
    "fine.rounding": (Rounding, rounding),
    "suspension.several": (fees.Several, several),
    "suspension.claim_found": (fees.ClaimFound, claim_found_days),
}
"""Every option by its key, with its type and how it is tried."""

ANSWERS: dict[str, dict[str, list[Any]]] = loads(Path(__file__).with_name("answers.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, answers in ANSWERS.items() for value in answers])
def test_what_comes_of_an_option(town, key: str, value: str) -> None:
    """Set in the settings, tried at the desk."""
    assert ANSWERS[key][value] == list(SCENES[key][1](town, value))


@pytest.mark.parametrize("key", SCENES)
def test_no_two_answers_come_to_the_same(key: str) -> None:
    """Every answer of an option is tried, and each is told apart from its neighbors."""
    answers = ANSWERS[key]
    assert {member.value for member in SCENES[key][0]} == set(answers)
    assert len(answers) == len({tuple(each) for each in answers.values()})


ELSEWHERE: Mapping[str, str] = {
    "DemandMeasure": "tests/options/test_demand_and_credit.py::test_a_title_in_demand_is_lent_for_less_time",
    "PatronAction": "tests/options/test_every_option.py::test_each_act_that_a_block_may_stop",
    "AllocationOrder": "tests/options/test_accounts.py::test_which_charge_a_payment_settles_first",
    "Overpayment": "tests/options/test_accounts.py::test_paying_more_than_is_open",
    "NegativeBalance": "tests/options/test_accounts.py::test_whether_a_patron_may_end_with_a_credit",
    "RefundTo": "tests/options/test_accounts.py::test_where_a_refund_goes",
    "Cause": "tests/options/test_accounts.py::test_which_charge_a_payment_settles_first",
    "FinesInClosing": "tests/options/test_closings.py::test_fines_charged_for_the_closed_days",
    "InClosing": "tests/options/test_closings.py::test_bookings_in_the_closing",
    "LibraryRole": "tests/options/test_whose_library.py::test_due_dates_follow_the_calendar_of_the_library_that_counts",
    "RuleLibrary": "tests/options/test_whose_library.py::test_whose_rule_says_what_a_lost_item_gives_back",
    "LostCost": "tests/desk/test_lost_items.py::test_what_a_loss_costs",
    "LossCause": "tests/desk/test_lost_items.py::test_what_a_loss_costs",
}
"""Options that have a test file of their own, by the name of the option's type."""
LOSSES = {
    "OverdueWhenLost",
    "LostRefund",
    "RefundClock",
    "ProcessingFeeOnReturn",
    "OverdueOnLostReturn",
    "LoanAfterLoss",
    "LossEnd",
}
"""Section F: tests/desk/test_lost_items.py."""


def enums_in(cls: type, seen: set[type]) -> Iterator[type[Enum]]:
    """Every option type that settings of this class hold, however deep."""
    if cls in seen:
        return
    seen.add(cls)
    for hint in get_type_hints(cls).values():
        yield from enums_of(hint, seen)


def enums_of(hint: Any, seen: set[type]) -> Iterator[type[Enum]]:
    if get_origin(hint) is not None or isinstance(hint, UnionType):
        for part in get_args(hint):
            yield from enums_of(part, seen)
    elif isinstance(hint, type) and issubclass(hint, Enum):
        yield hint
    elif isinstance(hint, type) and attrs.has(hint) and hint.__module__.startswith("libops."):
        yield from enums_in(hint, seen)


@pytest.mark.parametrize("policy", [LoanPolicy, LimitPolicy, FinePolicy, SuspensionPolicy, AccountPolicy, LostPolicy])
def test_every_option_of_a_policy_is_tried_somewhere(policy: type) -> None:
    """An option that is added to a policy has its line here, or names the test that it has elsewhere."""
    tried = {option.__name__ for option, _ in SCENES.values()} | ELSEWHERE.keys() | LOSSES
    own = {option.__name__ for option in enums_in(policy, set()) if "base" not in option.__module__}
    assert set() == own - tried


def test_every_test_named_is_there() -> None:
    """The list of tests elsewhere stays true."""
    root = Path(__file__).resolve().parents[2]
    for place in ELSEWHERE.values():
        path, _, name = place.partition("::")
        assert f"def {name}(" in (root / path).read_text(encoding="utf-8"), place


STOPPED: Mapping[str, Callable[[Any], bool]] = {
    "check-out": lambda here: bool(here.lend("film")),
    "check-out-on-site": lambda here: bool(here.lend("film", on_site=True)),
    "renew": lambda here: bool(here.renew("book")),
    "renew-automatically": lambda here: bool(here.renew("book", renewed_by=RenewedBy.AUTOMATIC)),
    "place-hold": lambda here: bool(here.hold("second book", by="Ada")),
    "capture-hold": lambda here: caught(here),
    "pick-up": lambda here: picked_up(here),
    "book": lambda here: booked(here),
}


def caught(here) -> bool:
    """Whether an item is set aside for Ada's hold."""
    free = here.allow("patron.debt_limit", right="loan.indebted_patron")
    assert here.hold("record", by="Ada", override=free)
    return bool(here.bring_back("record").result.hold_for)


def picked_up(here) -> bool:
    """Whether Ada gets what waits for her."""
    assert caught(here)
    return bool(here.lend("record"))


def booked(here) -> bool:
    """Whether Ada may book a room."""
    rooms = here.ops.bookings
    assert rooms.register(id="study", name="Study room", kind="room")
    start = here.clock().replace(hour=15, minute=0) + timedelta(1)
    return bool(rooms.make(resource="study", patron=ADA, start=start, end=start + timedelta(hours=1)))


@pytest.mark.parametrize("act", [action.value for action in limits.PatronAction])
def test_each_act_that_a_block_may_stop(town, act: str) -> None:
    """A debt that stops one act stops that one, and no other that a patron could want."""
    for stopped in (act, None):
        stops = [stopped] if stopped else [each.value for each in limits.PatronAction if each.value != act]
        if act == "pick-up" and stopped is None:
            stops.remove("capture-hold")
        here = town(
            limit_policies={"standard": {"debt": {"limit": "1.00 EUR", "stops": stops}}},
            loan_policies={"standard": {"renewals": {"automatic": {"without_not_before": "any-time"}}}},
        )
        assert here.lend("book")
        here.clock.forward(days=1)
        assert here.ops.fees.charge(patron=ADA, amount="5.00 EUR")
        assert (stopped is None) is STOPPED[act](here)
