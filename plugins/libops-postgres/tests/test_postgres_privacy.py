"""Forgetting on PostgreSQL: somebody with the whole store in hand finds no way back."""

from __future__ import annotations

from collections import Counter
from uuid import uuid4

import pytest

from libops.circulation.model import ClosedLoan
from libops.circulation.policy.privacy import CROWD
from libops.storage.kinds import kind_of
from libops.storage.rebuild import log_of, rebuilt, stored
from libops.testing.watched_town import ADA, BOOK, OTHER, STORIES, Town, paid_together


@pytest.mark.parametrize("story", STORIES)
def test_neither_equal_values_nor_the_order_of_the_log_tell_who_had_what(server, story) -> None:
    """No identifier, millisecond or time stands by both any more, and no act has both sides left in the log."""
    town = Town("until-return", f"{server}&tenant={uuid4().hex}", plugins=["libops_postgres"])
    story(town)
    labels = (BOOK,) if story is not paid_together else (BOOK, OTHER)
    assert set() != town.joined(ADA, *labels)
    town.night()
    assert set() == town.joined(ADA, *labels)
    assert [] == town.neighbors(ADA, *labels)
    assert stored(town.ops.storage) == rebuilt(log_of(town.ops.storage))
    town.ops.close()


def test_what_is_forgotten_alone_is_told_in_company(server) -> None:
    """A dozen returns, one after the other, each forgotten at once: the last commit tells of several."""
    town = Town("never", f"{server}&tenant={uuid4().hex}", plugins=["libops_postgres"])
    desk = town.ops.circulation
    for _ in range(12):
        town.do(desk.check_out, patron=ADA, item=BOOK)
        town.do(desk.check_in, item=BOOK)
    rows = town.ops.storage.scan(kind_of(ClosedLoan)).rows
    assert CROWD == Counter(row.version for row in rows)[max(row.version for row in rows)]
    assert {None} == {row.record.patron_id for row in rows}
    assert stored(town.ops.storage) == rebuilt(log_of(town.ops.storage))
    town.ops.close()
