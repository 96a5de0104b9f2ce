"""Forgetting on PostgreSQL: somebody with the whole store in hand finds no way back."""

from __future__ import annotations

from uuid import uuid4

import pytest

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
