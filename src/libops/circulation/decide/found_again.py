"""A lost item is there again: what goes back to whoever lost it, and the fine that the policy counts for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count

from libops.base.decisions import Reason
from libops.base.events import Event
from libops.circulation import reasons
from libops.circulation.decide.facts import CheckInFacts, case_of
from libops.circulation.events import LostItemFound
from libops.circulation.model import Loan, LostItem
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.rules import Concern
from libops.fees.decide.facts import Act
from libops.fees.decide.losses import Loss, NewFine, return_lost, taken_over
from libops.fees.overdue import fine
from libops.fees.policy.account import RuleLibrary, rule_library
from libops.fees.policy.lost import LostPolicy, OverdueOnLostReturn

__all__ = ["charges_taken_over", "earlier_loss_events", "found_again_events", "loss_of"]


def found_again_events(
    facts: CheckInFacts, lost: LostItem, book: CirculationBook, act: Act, returned: datetime
) -> tuple[Event, ...]:
    """What the return of a lost item gives back, and the fine that the policy counts for it."""
    found = LostItemFound(act.at, act.by, lost.loan_id, lost.item_id, lost.patron_id)
    policy, account = policy_on_return(facts, lost, book, act.at), facts.account
    if policy is None or account is None or lost.billed_at is None:
        return (found,)
    calendar = book.calendar(lost.library)
    numbers = count(1)
    plan = return_lost(
        account,
        act,
        loss=loss_of(lost),
        policy=policy,
        ids=lambda: f"{lost.loan_id}-found-{lost.number}-{next(numbers)}",
        accounts=book.accounts,
        zone=calendar.zone_info,
        new_fine=new_fine(facts, lost, policy, book, returned),
    )
    return (found, *plan.events)


def earlier_loss_events(
    earlier: CheckInFacts | None, loan: Loan, book: CirculationBook, at: datetime, by: str
) -> tuple[Event, ...]:
    """A loss by a loan before this one is over: the item was there, or it could not have been lent."""
    if earlier is None or earlier.lost is None:
        return ()
    return found_again_events(earlier, earlier.lost, book, Act(at, by, earlier.lost.library), loan.checked_out_at)


def charges_taken_over(facts: CheckInFacts, lost: LostItem, book: CirculationBook, at: datetime) -> Iterator[Reason]:
    """Charges that went to another account do not name the loan there, so the desk settles them by hand."""
    policy, account = policy_on_return(facts, lost, book, at), facts.account
    if policy is None or account is None or lost.billed_at is None:
        return
    zone = book.calendar(lost.library).zone_info
    amount = taken_over(account, loss=loss_of(lost), policy=policy, at=at, zone=zone)
    if amount is not None:
        yield reasons.LOSS_TAKEN_OVER(amount=amount)


def policy_on_return(facts: CheckInFacts, lost: LostItem, book: CirculationBook, at: datetime) -> LostPolicy | None:
    """Whose policy says what a return gives back (F8): the one kept on the loan, or that of the library asked for."""
    kept, option = book.losts.get(lost.policy), book.returns.lost_rule
    if option is RuleLibrary.CHECK_OUT or facts.patron is None:
        return kept
    item = facts.item
    library = rule_library(
        option, item_home=item.home_library, item_holding=item.holding_library, check_in=facts.library
    )
    today = book.calendar(facts.library).service_day(at)
    case = case_of(facts.library, facts.patron, item, facts.bib, today, book)
    return book.terms(book.rules.as_if(case, Concern.LOST, library)).lost or kept


def new_fine(
    facts: CheckInFacts, lost: LostItem, policy: LostPolicy, book: CirculationBook, returned: datetime
) -> NewFine | None:
    """The fine up to the return, where the policy counts it anew."""
    terms, item = book.fines.get(lost.fine), facts.item
    if policy.overdue_on_return is not OverdueOnLostReturn.RECOMPUTED or terms is None or lost.due is None:
        return None
    recalled = lost.recalled_at is not None
    calendar = book.calendar_for(Concern.FINE, lost.library, item, facts.patron)
    amount = fine(
        terms,
        due=lost.due,
        at=returned,
        calendar=calendar,
        price=item.price,
        default_price=book.default_prices.get(item.item_type),
        recalled=recalled,
    ).amount
    return NewFine(amount, lost.renewals, facts.fined)


def loss_of(lost: LostItem) -> Loss:
    """The loss as the patron's account knows it."""
    return Loss(lost.loan_id, lost.item_id, lost.lost_at, lost.number)
