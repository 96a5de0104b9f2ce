"""May this loan be renewed, and until when? One example for each option of section C and for each reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from libops.base.decisions import Override, Permit
from libops.base.money import Money
from libops.circulation.events import RenewedBy
from libops.fees.model import Cause, LoanFine, OpenCharge
from libops.patrons.model import Block

NOON = datetime(2026, 3, 4, 11, tzinfo=UTC)
DUE = datetime(2026, 3, 11, 22, 59, tzinfo=UTC)
LATE = datetime(2026, 3, 17, 11, tzinfo=UTC)
"""Six days after the loan was due."""

AUTOMATIC = RenewedBy.AUTOMATIC


def renewals(**terms: object) -> dict[str, object]:
    """A loan policy of two weeks with these terms of renewal."""
    return {"renewals": terms}


def day(answer) -> date:
    """The day until which a renewal goes."""
    assert isinstance(answer, Permit), answer
    return answer.result.until.date()


# --- from when and for how long ---------------------------------------------------------------------------------------


def test_a_renewal_counts_from_now_or_from_the_due_date(counter) -> None:
    """C1, `renew_from`: two weeks from Wednesday the 4th, or from the old due date, the 11th."""
    assert date(2026, 3, 18) == day(counter(renewals(renew_from="now")).renew())
    assert date(2026, 3, 25) == day(counter(renewals(renew_from="due-date")).renew())


def test_a_renewal_without_gain_is_refused_or_keeps_the_due_date(counter) -> None:
    """C2, `without_gain`: two weeks from now gain nothing on a loan of two months; it is never shortened."""
    due = datetime(2026, 5, 1, 21, 59, tzinfo=UTC)
    refused = counter(renewals(without_gain="refuse"))
    assert ["renewal.without_gain"] == refused.codes(refused.renew(loan={"due": due}))
    allowed = counter(renewals(without_gain="allow")).renew(loan={"due": due})
    assert due == allowed.result.until


def test_the_period_of_renewals_may_be_another_or_zero(counter) -> None:
    """C3, `period`: absent is the loan period, one week is one week, and 0 days is the same day."""
    assert date(2026, 3, 18) == day(counter(renewals()).renew())
    assert date(2026, 3, 11) == day(counter(renewals(period="1 week")).renew(loan={"due": NOON + timedelta(1)}))
    zero = counter(renewals(period="0 days")).renew(loan={"due": NOON})
    assert date(2026, 3, 4) == day(zero)


def test_a_shorter_period_may_hold_while_others_wait(counter) -> None:
    """`period_with_holds`: FOLIO's alternate period, taken only while there are holds."""
    desk = counter(renewals(period_with_holds="8 days", holds="ignore"))
    assert (date(2026, 3, 12), date(2026, 3, 18)) == (day(desk.renew(holds=1)), day(desk.renew(holds=0)))


def test_a_loan_may_last_so_long_in_all(counter) -> None:
    """`no_more_after`: lent on 25 February, at most three weeks in all, until 18 March."""
    desk = counter(renewals(no_more_after="3 weeks"))
    assert ["renewal.lasts_too_long"] == desk.codes(desk.renew())
    assert counter(renewals(no_more_after="4 weeks")).renew()


def test_a_booking_stops_a_renewal_or_cuts_it(counter) -> None:
    """`booking_blocks`: booked from the 14th, the camera is not renewed, or is renewed until then."""
    booked = {"next_booking": datetime(2026, 3, 14, 9, tzinfo=UTC)}
    stops = counter(renewals(booking_blocks=True))
    assert ["renewal.booked"] == stops.codes(stops.renew(ask=booked))
    cut = counter(renewals(booking_blocks=False)).renew(ask=booked)
    assert DUE < cut.result.until <= booked["next_booking"]


# --- how often and how early ------------------------------------------------------------------------------------------


def test_renewals_are_counted(counter) -> None:
    """`count`: at two of two no more; 0 is none at all, absent is no limit; `allowed` says whether at all."""
    for terms, made, expected in [
        ({"count": 2}, 1, []),
        ({"count": 2}, 2, ["renewal.limit_reached"]),
        ({"count": 0}, 0, ["renewal.limit_reached"]),
        ({}, 99, []),
        ({"allowed": False}, 0, ["renewal.not_allowed"]),
    ]:
        desk = counter(renewals(**terms))
        assert expected == desk.codes(desk.renew(loan={"renewals": made}))


def test_renewals_without_seeing_the_item_are_counted_apart(counter) -> None:
    """`unseen_count` (Koha): after two by telephone the item must be shown; shown, it is renewed."""
    desk = counter(renewals(unseen_count=2))
    twice = {"renewals": 2, "unseen_renewals": 2}
    assert ["renewal.unseen_limit_reached"] == desk.codes(desk.renew(loan=twice))
    assert desk.renew(loan=twice, renewed_by=RenewedBy.STAFF_SEEN)
    assert desk.renew(loan={"renewals": 2, "unseen_renewals": 1})


def test_a_renewal_may_have_to_wait(counter) -> None:
    """C6, `not_before`: two days before the 11th is the 9th; 0 days is the due date; absent is any time."""
    for before, at, expected in [
        ("2 days", datetime(2026, 3, 8, 12, tzinfo=UTC), ["renewal.too_early"]),
        ("2 days", datetime(2026, 3, 8, 23, 30, tzinfo=UTC), []),
        ("0 days", datetime(2026, 3, 10, 12, tzinfo=UTC), ["renewal.too_early"]),
        ("0 days", datetime(2026, 3, 11, 6, tzinfo=UTC), []),
        (None, datetime(2026, 3, 1, 12, tzinfo=UTC), []),
    ]:
        desk = counter(renewals(**({} if before is None else {"not_before": before})))
        assert expected == desk.codes(desk.renew(at=at))


def test_a_wait_in_hours_is_counted_by_the_clock(counter) -> None:
    """`not_before` of two hours for a loan by hours."""
    desk = counter({"due": {"period": "4 hours"}, "renewals": {"not_before": "2 hours"}})
    loan = {"checked_out_at": NOON, "due": NOON + timedelta(hours=4)}
    early, right = NOON + timedelta(hours=1, minutes=59), NOON + timedelta(hours=2)
    assert ["renewal.too_early"] == desk.codes(desk.renew(at=early, loan=loan))
    assert desk.renew(at=right, loan=loan)


# --- who and what stands against it -----------------------------------------------------------------------------------


def test_holds_of_others_stop_a_renewal_as_the_policy_says(counter) -> None:
    """C4, `holds`: never, always, or only when the free items cannot fill them all (Koha's option)."""
    wanted = ["renewal.wanted_by_others"]
    for option, holds, free, expected in [
        ("ignore", 3, 0, []),
        ("block", 1, 5, wanted),
        ("block", 0, 0, []),
        ("block-unless-others-fill", 2, 2, []),
        ("block-unless-others-fill", 2, 1, wanted),
    ]:
        desk = counter(renewals(holds=option))
        assert expected == desk.codes(desk.renew(holds=holds, items_free=free))


def test_a_hold_on_the_very_item_always_stops_where_holds_do(counter) -> None:
    """C4: other free items are no help to who asked for this one."""
    desk = counter(renewals(holds="block-unless-others-fill"))
    assert ["renewal.wanted_by_others"] == desk.codes(desk.renew(holds=1, items_free=4, item_held=True))


def test_a_recall_always_stops_a_renewal(counter) -> None:
    """C4: also where holds do not matter."""
    desk = counter(renewals(holds="ignore"))
    assert ["renewal.recalled"] == desk.codes(desk.renew(loan={"recalled_at": NOON}))


def test_overdue_loans_stop_a_renewal_as_the_policy_says(counter) -> None:
    """C8, `overdue`: Koha's three answers, for this loan being late and for another."""
    stopped = ["renewal.overdue"]
    late = {"due": NOON - timedelta(2)}
    for option, loan, others, expected in [
        ("allow", late, 1, []),
        ("block-overdue-item", late, 0, stopped),
        ("block-overdue-item", {}, 1, []),
        ("block-all", {}, 1, stopped),
        ("block-all", {}, 0, []),
    ]:
        desk = counter(renewals(overdue=option))
        overdue = tuple(desk.loan(f"late-{n}") for n in range(others))
        assert expected == desk.codes(desk.renew(loan=loan, overdue=overdue))


def test_a_restriction_stops_renewals_or_not(counter) -> None:
    """C8, `restriction_blocks`."""
    for option, expected in [(True, ["patron.restricted"]), (False, [])]:
        desk = counter(renewals(restriction_blocks=option), limits={})
        desk.patron = evolve(desk.patron, blocks=(Block("b1", "lost a key", NOON, "ruth"),))
        assert expected == desk.codes(desk.renew())


def test_expired_patrons_may_be_let_renew(counter) -> None:
    """E8, `expired.stops` without renew: Evergreen's option; checking out stays closed to them."""
    for stops, expected in [(["check-out", "renew"], ["patron.expired"]), (["check-out"], [])]:
        desk = counter(limits={"expired": {"stops": stops}})
        desk.patron = evolve(desk.patron, expires=date(2026, 3, 1))
        assert expected == desk.codes(desk.renew())
        assert ["patron.expired"] == desk.codes(desk.out())


def test_what_is_lost_or_said_to_be_back_is_not_renewed(counter) -> None:
    """FOLIO: neither can be kept longer; staff with the right may."""
    desk = counter()
    assert ["renewal.claimed_returned"] == desk.codes(desk.renew(loan={"claimed_returned_at": NOON}))
    for lost in ("declared_lost_at", "aged_to_lost_at"):
        assert ["renewal.item_lost"] == desk.codes(desk.renew(loan={lost: NOON}))
    right = Override(["renewal.claimed_returned"], "ruth", "it was in the bag", ["renewal.not_at_hand"])
    assert desk.renew(loan={"claimed_returned_at": NOON}, override=right)


def test_without_a_rule_there_are_no_renewals(counter) -> None:
    """C7: the same answer as for loans, and not an endless number."""
    desk = counter(rules=[{"id": "renewals", "renewal": True, "loan": ""}])
    assert ["rule.missing"] == desk.codes(desk.renew())


# --- renewals the library makes by itself -----------------------------------------------------------------------------

ON_DUE_DAY = datetime(2026, 3, 11, 4, tzinfo=UTC)


def automatic(**terms: object) -> dict[str, object]:
    """A loan policy of two weeks with automatic renewals on these terms."""
    return {"renewals": {"automatic": terms}}


def test_a_policy_without_automatic_renewals_has_none(counter) -> None:
    """Absent terms: people may renew, the nightly run may not."""
    desk = counter(renewals(count=2))
    assert ["renewal.not_automatic"] == desk.codes(desk.renew(at=ON_DUE_DAY, renewed_by=AUTOMATIC))
    assert desk.renew(at=ON_DUE_DAY)


def test_the_nightly_run_waits_for_the_due_date(counter) -> None:
    """C6, `without_not_before`: on the due date (Koha's batch job), or at any time as at the desk."""
    waits = counter(automatic())
    assert ["renewal.too_early"] == waits.codes(waits.renew(renewed_by=AUTOMATIC))
    assert waits.renew(at=ON_DUE_DAY, renewed_by=AUTOMATIC)
    assert counter(automatic(without_not_before="any-time")).renew(renewed_by=AUTOMATIC)


def test_the_nightly_run_may_start_days_before(counter) -> None:
    """`automatic.not_before` of three days: from the 8th on; the desk's own `not_before` is not the run's."""
    desk = counter({"renewals": {"not_before": "0 days", "automatic": {"not_before": "3 days"}}})
    early, right = datetime(2026, 3, 7, 12, tzinfo=UTC), datetime(2026, 3, 8, 12, tzinfo=UTC)
    assert ["renewal.too_early"] == desk.codes(desk.renew(at=early, renewed_by=AUTOMATIC))
    assert desk.renew(at=right, renewed_by=AUTOMATIC)
    assert ["renewal.too_early"] == desk.codes(desk.renew(at=right))


@given(
    st.sampled_from([None, "0 days", "3 days", "36 hours", "1 month"]),
    st.integers(0, 40 * 24 * 60),
    st.integers(0, 366 * 24 * 60),
)
def test_the_nightly_run_looks_far_enough_ahead(counter, not_before, further, into_the_year) -> None:
    """A loan that is due beyond `renews_ahead` is too early for the run, at every hour and on each side of a change
    of the clocks: nothing is left out that could be renewed."""
    terms = {} if not_before is None else {"not_before": not_before}
    desk, at = counter(automatic(**terms)), datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=into_the_year)
    due = at + desk.book.renews_ahead + timedelta(minutes=further)
    lent = {"due": due, "checked_out_at": at - timedelta(1)}
    assert "renewal.too_early" in desk.codes(desk.renew(at=at, renewed_by=AUTOMATIC, loan=lent))


def test_the_nightly_run_looks_at_no_more_than_it_may_renew(counter) -> None:
    """Nobody is looked at where no policy renews by itself; every loan where one may at any time."""
    assert counter(renewals(count=2)).book.renews_ahead is None
    assert counter({"renewals": {"allowed": False, "automatic": {}}}).book.renews_ahead is None
    assert timedelta(5) == counter(automatic(not_before="3 days")).book.renews_ahead
    assert counter(automatic(without_not_before="any-time")).book.renews_ahead > timedelta(days=30_000)


def test_automatic_renewals_have_a_count_of_their_own(counter) -> None:
    """`automatic.count`: three by the run although people may renew once; absent, the count for all holds."""
    own = counter({"renewals": {"count": 1, "automatic": {"count": 3}}})
    for made, expected in [(2, []), (3, ["renewal.limit_reached"])]:
        loan = {"renewals": made, "automatic_renewals": made}
        assert expected == own.codes(own.renew(at=ON_DUE_DAY, renewed_by=AUTOMATIC, loan=loan))
    shared = counter({"renewals": {"count": 1, "automatic": {}}})
    assert ["renewal.limit_reached"] == shared.codes(
        shared.renew(at=ON_DUE_DAY, renewed_by=AUTOMATIC, loan={"renewals": 1})
    )


def test_automatic_renewals_end_some_day(counter) -> None:
    """`no_more_after` a time from check-out, or `no_more_after_date` on; people at the desk are not concerned."""
    for terms, expected in [
        ({"no_more_after": "13 days"}, ["renewal.too_late"]),
        ({"no_more_after": "15 days"}, []),
        ({"no_more_after_date": date(2026, 3, 11)}, ["renewal.too_late"]),
        ({"no_more_after_date": date(2026, 3, 12)}, []),
    ]:
        desk = counter(automatic(**terms))
        assert expected == desk.codes(desk.renew(at=ON_DUE_DAY, renewed_by=AUTOMATIC))
        assert desk.renew(at=ON_DUE_DAY)


def test_a_debt_stops_automatic_renewals_above_its_limit(counter) -> None:
    """E4, `debt_limit`: exactly five euros are allowed (Koha); a cent more is not; people are not concerned."""
    desk = counter(automatic(debt_limit="5.00 EUR"))
    for owed, expected in [(500, []), (501, ["patron.debt_limit"])]:
        desk.standing = evolve(desk.standing, balance=owed)
        assert expected == desk.codes(desk.renew(at=ON_DUE_DAY, renewed_by=AUTOMATIC))
        assert desk.renew(at=ON_DUE_DAY)


def test_patrons_may_have_to_ask_for_automatic_renewals(counter) -> None:
    """`patron_must_opt_in`."""
    desk = counter(automatic(patron_must_opt_in=True))
    assert ["renewal.not_opted_in"] == desk.codes(desk.renew(at=ON_DUE_DAY, renewed_by=AUTOMATIC))
    desk.patron = evolve(desk.patron, renews_automatically=True)
    assert desk.renew(at=ON_DUE_DAY, renewed_by=AUTOMATIC)


def test_the_run_may_renew_for_expired_patrons(counter) -> None:
    """E8, `expired_blocks`: what an expired card stops at the desk does not decide for the run."""
    for option, expected in [(True, ["patron.expired"]), (False, [])]:
        desk = counter(automatic(expired_blocks=option), limits={})
        desk.patron = evolve(desk.patron, expires=date(2026, 3, 1))
        assert expected == desk.codes(desk.renew(at=ON_DUE_DAY, renewed_by=AUTOMATIC))
        assert ["patron.expired"] == desk.codes(desk.renew(at=ON_DUE_DAY))


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("in-check-order", ["renewal.limit_reached", "renewal.wanted_by_others", "renewal.too_early"]),
        ("automatic-first", ["renewal.too_early", "renewal.limit_reached", "renewal.wanted_by_others"]),
    ],
)
def test_the_order_of_reasons_is_the_librarys(counter, order: str, expected: list[str]) -> None:
    """C5, `reason_order`: all reasons are given; those about automatic renewal may come first (Koha)."""
    desk = counter({"renewals": {"count": 0, "reason_order": order, "automatic": {}}})
    assert expected == desk.codes(desk.renew(renewed_by=AUTOMATIC, holds=1))


# --- what it costs ----------------------------------------------------------------------------------------------------

DAILY = {"amount": "0.20 EUR"}


def test_the_fine_of_an_overdue_loan_is_charged_at_its_renewal(counter) -> None:
    """B9, `at_renewal`: six days late cost 1.20, for the time before this renewal."""
    answer = counter(fine=DAILY).renew(at=LATE)
    assert (("overdue", Money(120, "EUR")),) == answer.result.charged
    line, counted = answer.result.events[1].line, answer.result.events[2]
    assert (Cause.OVERDUE, 0, 120) == (line.cause, counted.period, counted.total)


def test_the_fine_may_be_forgiven_at_renewal(counter) -> None:
    """B9: nothing is charged, and what a nightly run had charged is taken off."""
    desk = counter(fine={**DAILY, "at_renewal": "fine-forgiven-on-renewal"})
    assert () == desk.renew(at=LATE).result.charged
    account = desk.renew().result  # nothing is due before the loan is late
    assert () == account.charged
    from libops.fees.decide.facts import AccountFacts

    standing = evolve(desk.standing, balance=100)
    charge = OpenCharge("loan-1-fine-1", "ada", Money(100, "EUR"), Cause.OVERDUE, LATE, "loan-1", "item-1", "MAIN")
    facts = AccountFacts(standing, "EUR", (charge,))
    fined = LoanFine("loan-1", "ada", 0, 100, 1, "loan-1-fine-1")
    lowered = desk.renew(at=LATE, account=facts, fined=fined).result.events[1].line
    assert Money(-100, "EUR") == lowered.amount


def test_a_rental_is_charged_again_at_renewal_or_not(counter) -> None:
    """`rental.at_renewal`: each renewal of the bestseller costs again, or only the loan did."""
    for again, expected in [(True, (("rental", Money(200, "EUR")),)), (False, ())]:
        desk = counter({"rental": {"amount": "2.00 EUR", "at_renewal": again}})
        assert expected == desk.renew().result.charged
