"""What the desk answers to a scan that names nothing."""

from __future__ import annotations

import pytest

import libops


@pytest.fixture
def ops():
    with libops.open() as opened:
        yield opened


def test_a_book_number_is_no_item_barcode(ops) -> None:
    """The ISBN on the back cover is not the library's label; the answer says what was scanned."""
    ops.patrons.register(name="Ada Flores", category="adult", card="21234000000017")
    answer = ops.circulation.check_out(patron="21234000000017", item="9780131103627")
    assert ["barcode.no_item"] == [reason.code for reason in answer.reasons]
    assert "ISBN" in str(answer.reasons[0])


def test_both_unknown_barcodes_are_told_at_once(ops) -> None:
    """All reasons, never just the first."""
    answer = ops.circulation.check_out(patron="21234000000099", item="31234000000013")
    assert ["barcode.no_patron", "barcode.no_item"] == [reason.code for reason in answer.reasons]


def test_a_message_needs_an_address(ops) -> None:
    """Nothing is put in the outbox for a patron who cannot be reached that way."""
    ops.patrons.register(name="Ada Flores", category="adult", card="21234000000017")
    answer = ops.notices.send(patron="21234000000017", kind="note", subject="Found", body="Your scarf is here.")
    assert ["notice.no_address"] == [reason.code for reason in answer.reasons]
