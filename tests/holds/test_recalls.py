"""Recalls: what may be recalled, once, and when the loan ends then (D9)."""

from __future__ import annotations

import pytest

from libops import Permit, Refuse


def recalling(town, **terms):
    """A world in which loans are recalled under these terms, and an item that went out on Tuesday, 3 March."""
    policy = {"terms": {"guaranteed": "2 weeks", "return_within": "7 days", **terms.pop("terms", {})}, **terms}
    world = town(per_record=None, more={"recall_policies": {"standard": policy}, "fallback": {"recall": "standard"}})
    label = world.item()
    world.lend(label)
    return world, label


def due_of(world, label) -> str:
    """The due date of the item's loan."""
    return world.ops.circulation.loan_of(label).due.date().isoformat()


def test_a_recall_shortens_the_loan_once(town) -> None:
    """D9, FOLIO: to the later of guarantee and return interval; a second recall changes nothing."""
    world, label = recalling(town)
    answer = world.ops.holds.place(patron=world.patron(), bib=world.bib, recall=True)
    assert isinstance(answer, Permit)
    assert "recall" == answer.result.request
    assert "2026-03-17" == due_of(world, label)
    world.clock.forward(days=10)
    again = world.ops.holds.place(patron=world.patron(), bib=world.bib, recall=True)
    assert isinstance(again, Permit)
    (told,) = again.alerts
    assert ("recall.already", world.ops.circulation.loan_of(label).due) == (told.code, told.data["due"])
    assert "2026-03-17" == due_of(world, label)
    assert isinstance(world.ops.circulation.renew(item=label), Refuse)


def test_a_recall_never_lengthens_a_loan_that_is_not_overdue(town) -> None:
    """D9: three days before the end, the return interval would be later; the due date stays."""
    world, label = recalling(town)
    before = due_of(world, label)
    world.clock.forward(days=25)
    world.hold(recall=True)
    assert before == due_of(world, label)


@pytest.mark.parametrize(("extends", "due"), [(False, "2026-03-31"), (True, "2026-04-21")])
def test_a_recall_may_lengthen_an_overdue_loan(town, extends, due) -> None:
    """D9, `recall-extends-overdue-loan`: FOLIO's option; the end of the interval is a Sunday, so Tuesday."""
    world, label = recalling(town, terms={"extends_overdue": extends})
    world.clock.forward(days=40)
    world.hold(recall=True)
    assert due == due_of(world, label)


def test_a_loan_policy_may_keep_its_loans_from_recalls(town) -> None:
    """Recalls are allowed, but a loan that was made under such a policy is left to its end."""
    standard = {"terms": {"guaranteed": "2 weeks", "return_within": "7 days"}}
    more = {"recall_policies": {"standard": standard}, "fallback": {"recall": "standard"}}
    kept = town(per_record=None, more={**more, "loan": {"recallable": False}})
    label = kept.item()
    kept.lend(label)
    before = due_of(kept, label)
    assert ["recall.not_allowed"] == kept.refused(recall=True)
    assert before == due_of(kept, label)


def test_what_cannot_be_recalled(town) -> None:
    """Nothing out, a policy without recalls, and as many recalls as the policy allows."""
    world, _ = recalling(town, per_record=1)
    world.lend(world.item())
    world.hold(recall=True)
    assert ["recall.limit_reached"] == world.refused(recall=True)
    none, _ = recalling(town)
    none.item(bib=none.other_bib)
    assert ["recall.none_out"] == none.refused(bib=none.other_bib, recall=True)
    without, _ = recalling(town, allowed=False)
    assert ["recall.not_allowed"] == without.refused(recall=True)
