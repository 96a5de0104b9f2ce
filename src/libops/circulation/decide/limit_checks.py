"""Checks on how much a patron has out: in all, by item type, by library, in the house."""

from __future__ import annotations

from collections.abc import Iterator

from libops.base.decisions import Reason
from libops.circulation import reasons
from libops.circulation.decide.question import NOT_ASKED, CheckFunction, LoanQuestion, NotAsked, asked_where
from libops.circulation.model import Loan
from libops.circulation.policy.limits import ClaimsCounting, ItemLimitScope, LimitPolicy, OnSiteCounting, PatronAction
from libops.circulation.policy.rules import Axis, CircRule, Criterion, LibraryRole
from libops.items.model import Item
from libops.patrons.standing import Standing

__all__ = ["ITEM_AXES", "LIMIT_CHECKS", "OWNER", "counters_tell", "item_criteria", "some_left_out"]

Found = Reason | NotAsked | None
ON_SITE = PatronAction.CHECK_OUT_ON_SITE

ITEM_AXES = {
    Axis.ITEM_TYPE.value: "item_type",
    Axis.LOAN_TYPE.value: "loan_type",
    Axis.SHELVING_LOCATION.value: "shelving_location",
    Axis.COLLECTION.value: "collection",
    Axis.ITEM_LIBRARY.value: "home_library",
    Axis.HOLDING_LIBRARY.value: "holding_library",
}
"""The axes of a rule that speak of the item itself, with the item's field."""


OWNER = {LibraryRole.ITEM_HOME: "home_library", LibraryRole.ITEM_HOLDING: "holding_library"}
"""The item's field with the library that counts for limits, where that is a library of the item."""


def item_criteria(rule: CircRule | None) -> dict[str, Criterion]:
    """What a rule says about items, by axis; the scope of FOLIO's item limit (E7)."""
    if rule is None:
        return {}
    return {axis: found for axis, found in rule.axes.items() if axis in ITEM_AXES and isinstance(found, Criterion)}


def counters_tell(limits: LimitPolicy, criteria: dict[str, Criterion]) -> bool:
    """Whether the patron's counters say how many loans match a rule's item criteria, so that no loan need be read."""
    alike = limits.on_site is not OnSiteCounting.APART and limits.on_site_items is None
    return alike and limits.claims is ClaimsCounting.COUNTED and set(criteria) <= {Axis.ITEM_TYPE.value}


def some_left_out(limits: LimitPolicy, standing: Standing) -> bool:
    """Whether some of what is out does not count by type and by library, so that the counters say too much."""
    in_the_house = limits.on_site is OnSiteCounting.APART and standing.on_site_loans > 0
    return in_the_house or limits.claims is ClaimsCounting.NOT_COUNTED


def used_in_the_house(question: LoanQuestion) -> bool:
    """Whether this is an on-site loan that has a limit of its own, and no other (E6)."""
    return bool(question.facts.on_site) and question.terms.limits.on_site is OnSiteCounting.APART


def items_out(question: LoanQuestion) -> Found:
    """How many items the patron has out in all; on-site loans with the others or apart (E6)."""
    limits, standing = question.terms.limits, question.facts.standing
    if limits.counts_all_alike:
        if limits.items_out is None:
            return NOT_ASKED
        if not limits.items_out_boundary.stops(standing.open_loans, limits.items_out):
            return None
    limit, scope = limits.items_out, scope_of(question)
    if limit is None or (scope is not None and not scope) or used_in_the_house(question):
        return NOT_ASKED
    if scope is None and limits.claims is ClaimsCounting.COUNTED:
        apart = limits.on_site is OnSiteCounting.APART
        count = standing.open_loans - (standing.on_site_loans if apart else 0)
    elif scope is not None and counters_tell(limits, scope):
        count = sum(number for known, number in types_out(question) if of_type(question, known, scope))
    else:
        count = sum(within(question, loan, scope) for loan in loans_counted(question))
    if not limits.items_out_boundary.stops(count, limit):
        return None
    return reasons.LOAN_LIMIT_REACHED.weighing(limits.items_out_weight, count=count, limit=limit)


@asked_where(lambda terms, action: action is ON_SITE and terms.limits.on_site_items is not None)
def items_in_the_house(question: LoanQuestion) -> Found:
    """How many items the patron has for use in the house, within the rule where the limit is (E6)."""
    limits, scope = question.terms.limits, scope_of(question)
    limit = limits.on_site_items
    if limit is None or (scope is not None and not scope):
        return NOT_ASKED
    if scope is None and limits.claims is ClaimsCounting.COUNTED:
        count = question.facts.standing.on_site_loans
    else:
        count = sum(loan.on_site and within(question, loan, scope) for loan in loans_counted(question))
    if not limits.items_out_boundary.stops(count, limit):
        return None
    return reasons.ON_SITE_LIMIT_REACHED.weighing(limits.items_out_weight, count=count, limit=limit)


def scope_of(question: LoanQuestion) -> dict[str, Criterion] | None:
    """The item criteria that limit the count; None where every loan counts."""
    if question.terms.limits.item_limit_scope is ItemLimitScope.ALL_LOANS:
        return None
    return item_criteria(question.terms.limits_rule)


def loans_counted(question: LoanQuestion) -> Iterator[Loan]:
    """The loans that count beside this one: those to take home, or those in the house, where each have a limit."""
    limits, on_site = question.terms.limits, question.facts.on_site
    not_claimed, apart = limits.claims is ClaimsCounting.NOT_COUNTED, limits.on_site is OnSiteCounting.APART
    for loan in question.facts.loans:
        if not (not_claimed and loan.claimed_returned_at is not None) and not (apart and loan.on_site is not on_site):
            yield loan


def within(question: LoanQuestion, loan: Loan, scope: dict[str, Criterion] | None) -> bool:
    """Whether a loan is of an item that the rule's own item criteria match."""
    item: Item | None = question.facts.items.get(loan.item_id)
    for axis, criterion in (scope or {}).items():
        known = loan.item_type if axis == Axis.ITEM_TYPE.value else getattr(item, ITEM_AXES[axis], "")
        if not holds(question, axis, criterion, known):
            return False
    return True


def of_type(question: LoanQuestion, item_type: str, scope: dict[str, Criterion]) -> bool:
    return all(holds(question, axis, criterion, item_type) for axis, criterion in scope.items())


def holds(question: LoanQuestion, axis: str, criterion: Criterion, known: str) -> bool:
    """Whether a criterion holds for a value or for one that it belongs to."""
    tree = question.book.rules.trees.of(axis)
    return criterion.holds(tree.lineage(known) if tree is not None else (known,))


@asked_where(lambda terms, action: bool(terms.limits.by_item_type))
def items_of_type(question: LoanQuestion) -> Found:
    """How many items of the type, or of its group of types, the patron has out."""
    limits, book = question.terms.limits, question.book
    if used_in_the_house(question):
        return NOT_ASKED
    kinds = book.kinds_of(question.facts.item.item_type)
    for limit in limits.by_item_type:
        if limit.kinds.isdisjoint(kinds):
            continue
        count = sum(
            number for item_type, number in types_out(question) if not limit.kinds.isdisjoint(book.kinds_of(item_type))
        )
        if limits.items_out_boundary.stops(count, limit.limit):
            return reasons.TYPE_LIMIT_REACHED.weighing(
                limits.items_out_weight, types=", ".join(limit.item_types), count=count, limit=limit.limit
            )
    return None


def types_out(question: LoanQuestion) -> list[tuple[str, int]]:
    """The types of what the patron has out, each with a number."""
    if some_left_out(question.terms.limits, question.facts.standing):
        return [(loan.item_type, 1) for loan in loans_counted(question)]
    by_type = question.facts.standing.by_type
    return [(key.rpartition("@")[0], number) for key, number in by_type.items()]


@asked_where(lambda terms, action: terms.limits.counts_by_library)
def items_of_library(question: LoanQuestion) -> Found:
    """How many items of one library the patron has out; some libraries have a number of their own (E7, rero).

    Those lent at this desk's library; where the item's library counts for limits, those of its own, lent anywhere.
    """
    facts, limits = question.facts, question.terms.limits
    owner = OWNER.get(question.book.rules.control.limits)
    library = facts.library if owner is None else getattr(facts.item, owner)
    limit = limits.items_out_at(library)
    if limit is None or used_in_the_house(question):
        return NOT_ASKED
    if owner is not None:
        count = sum(getattr(facts.items.get(loan.item_id), owner, "") == library for loan in loans_counted(question))
    elif some_left_out(limits, facts.standing):
        count = sum(loan.library == library for loan in loans_counted(question))
    else:
        by_type = facts.standing.by_type
        count = sum(number for key, number in by_type.items() if key.rpartition("@")[2] == library)
    if not limits.items_out_boundary.stops(count, limit):
        return None
    return reasons.LOAN_LIMIT_REACHED.weighing(limits.items_out_weight, count=count, limit=limit, library=library)


LIMIT_CHECKS: tuple[tuple[str, CheckFunction], ...] = (
    ("items out", items_out),
    ("items in the house", items_in_the_house),
    ("items of the type", items_of_type),
    ("items of the library", items_of_library),
)
