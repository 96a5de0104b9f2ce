"""Which facts a decision needs beyond the usual ones: most policies ask for none of them."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from libops.circulation.decide.facts import CheckOutFacts, terms_of
from libops.circulation.decide.limit_checks import OWNER, counters_tell, item_criteria, some_left_out
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.limits import ItemLimitScope, LimitPolicy
from libops.circulation.policy.rules import Axis
from libops.circulation.policy.terms import Question

__all__ = ["NOTHING_MORE", "WantedFacts", "wanted_facts"]


@frozen
class WantedFacts:
    """What else to load.

    The patron's open `loans`, the `items` of those, whether they `had` the title `before`, their open `credits`, the
    `demand` for the title, and of their open loans those of the `same_title` alone.
    """

    loans: bool = False
    items: bool = False
    had_before: bool = False
    credits: bool = False
    demand: bool = False
    same_title: bool = False


NOTHING_MORE = WantedFacts()


def wanted_facts(facts: CheckOutFacts, book: CirculationBook, *, at: datetime) -> WantedFacts:
    """What the policies of this case ask for beyond the usual facts, so that nobody loads it in vain."""
    today = book.calendar(facts.library).service_day(at)
    terms = terms_of(facts.library, facts.patron, facts.item, facts.bib, today, book)
    loan, limits = terms.loan, terms.limits
    scoped = limits.item_limit_scope is ItemLimitScope.WITHIN_RULE and limits.items_out is not None
    criteria = item_criteria(terms.limits_rule) if scoped else {}
    if counters_tell(limits, criteria):
        criteria = {}
    titles = loan is not None and loan.one_per_title is not Question.ALLOW
    before = loan is not None and loan.had_before is not Question.ALLOW
    left_out = some_left_out(limits, facts.standing) and counts(limits)
    owned = limits.counts_by_library and book.rules.control.limits in OWNER
    credits = loan is not None and loan.rental is not None and book.accounts.spend_credit
    demand = loan is not None and loan.due.demand is not None
    if not (titles or before or left_out or criteria or owned or credits or demand):
        return NOTHING_MORE
    items = owned or any(axis != Axis.ITEM_TYPE.value for axis in criteria)
    loans = left_out or owned or bool(criteria)
    return WantedFacts(loans, items, before, credits, demand, titles and not loans)


def counts(limits: LimitPolicy) -> bool:
    """Whether any number limits what is out."""
    return any(
        (
            limits.items_out is not None,
            limits.by_item_type,
            limits.counts_by_library,
            limits.on_site_items is not None,
        )
    )
