"""The public strategies give what a library has: values that a store can keep and a channel can carry."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libops.circulation.model import Loan
from libops.hooks import load
from libops.items.model import Item
from libops.notices.model import Message
from libops.patrons.model import Block, Patron
from libops.testing.strategies.base import instants
from libops.testing.strategies.circulation import loans
from libops.testing.strategies.items import items
from libops.testing.strategies.notices import messages
from libops.testing.strategies.patrons import blocks, patrons
from libops.wire.json import as_json, from_json

OFFERED = {Item: items(), Patron: patrons(), Block: blocks(), Loan: loans(), Message: messages()}


@pytest.mark.parametrize("kind", OFFERED)
@given(data=st.data())
def test_what_a_strategy_gives_is_the_same_after_it_was_text(kind, data) -> None:
    """A host that keeps records of its own gets back what it wrote."""
    value = data.draw(OFFERED[kind])
    assert value == from_json(as_json(value), kind)


@given(items())
def test_who_is_hidden_or_gone_is_not_seen(item) -> None:
    """The public sees no item that is suppressed or has left the collection, whatever else is the matter with it."""
    assert item.visible == (not item.suppressed and item.withdrawn_at is None)


@given(blocks(), instants())
def test_a_block_stops_its_actions_up_to_its_last_instant(block, at) -> None:
    """One without an end stops them until it is lifted; other actions go on."""
    holds = block.until is None or at <= block.until
    assert all(holds == block.stops(action, at) for action in block.actions)
    assert block.until is None or block.stops(block.actions[0], block.until)


@given(loans())
def test_a_loan_is_due_after_it_began(loan) -> None:
    """And never renewed by machines or from home more often than it was renewed."""
    assert loan.due is None or loan.checked_out_at < loan.due
    assert loan.unseen_renewals <= loan.renewals


@given(messages())
def test_a_message_lies_in_its_file_as_it_was_written(message) -> None:
    """Umlauts, a dot alone on its line and `From` at the start of one are no marks of the file channel's."""
    with TemporaryDirectory() as folder:
        load().channel("file").open({"folder": folder}).send(message)
        (file,) = Path(folder).glob("*.txt")
        assert file.read_text(encoding="utf-8").endswith(f"\n\n{message.body}")
