"""New identifiers: no two alike, whoever else uses chance, and in every process."""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime

import pytest

from libops.desk.sources import id_source

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_host_that_seeds_chance_gets_new_identifiers_all_the_same() -> None:
    """Tests and simulations seed Python's own chance; two runs of them may write into one store."""
    ids = id_source(lambda: NOON)
    found = set()
    for _ in range(50):
        random.seed(1876)
        found.add(ids())
    assert 50 == len(found)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_a_forked_desk_does_not_make_the_identifiers_of_its_parent() -> None:
    """A server forks its workers after it has opened the library; at one instant they lend to different patrons."""
    ids = id_source(lambda: NOON)
    ids()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, " ".join(ids() for _ in range(20)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        of_child = set(answer.read().split())
    os.waitpid(child, 0)
    assert 20 == len(of_child)
    assert set() == of_child & {ids() for _ in range(20)}
