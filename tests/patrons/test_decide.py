"""Registering, editing and removing patrons: when the desk says no."""

from __future__ import annotations

from datetime import UTC, datetime

from libops.base.decisions import Override, Permit
from libops.base.holders import BarcodeUse, Holder
from libops.patrons import Block, Patron, Standing, change, lift_block, place_block, register, remove, replace_card

AT = datetime(2026, 3, 4, 11, tzinfo=UTC)
CATEGORIES = ("adult", "child")
CARD = "21234000000017"
ADA = Patron("ada", "Ada Flores", "adult", "MAIN", CARD)


def codes(answer) -> list[str]:
    """The codes of the reasons that refuse."""
    return [] if isinstance(answer, Permit) else [reason.code for reason in answer.reasons]


def test_a_barcode_is_on_one_card_only() -> None:
    """A card that another patron holds, or an item's label, cannot be given out; one's own can be given again."""
    for use, expected in [
        (BarcodeUse(CARD, Holder.PATRON, "ben"), ["card.taken"]),
        (BarcodeUse(CARD, Holder.ITEM, "item-1"), ["card.taken"]),
        (BarcodeUse(CARD, Holder.PATRON, "ada"), []),
        (None, []),
    ]:
        assert expected == codes(register(ADA, use=use, categories=CATEGORIES, at=AT, by="ruth"))
        assert expected == codes(replace_card(ADA, CARD, use=use, at=AT, by="ruth"))


def test_a_category_must_be_one_of_the_librarys() -> None:
    """The answer lists those there are."""
    senior = Patron("eve", "Eve Sand", "senior", "MAIN")
    answer = register(senior, use=None, categories=CATEGORIES, at=AT, by="ruth")
    assert (["category.unknown"], "adult, child") == (codes(answer), answer.reasons[0].data["known"])
    assert ["category.unknown"] == codes(change(senior, before=ADA, categories=CATEGORIES, at=AT, by="ruth"))


def test_only_a_block_that_is_there_can_be_lifted() -> None:
    """Lifted twice, the second time is told so."""
    blocked = place_block(ADA, Block("b1", "lost a key", AT, "ruth"), at=AT, by="ruth").result.patron
    free = lift_block(blocked, "b1", at=AT, by="ruth").result.patron
    assert () == free.blocks
    assert ["block.unknown"] == codes(lift_block(free, "b1", at=AT, by="ruth"))


def test_a_patron_with_anything_open_is_not_removed() -> None:
    """Loans and holds stop it for good; a balance, either way, only without the right."""
    for standing, expected in [
        (Standing("ada", open_loans=1), ["patron.has_loans"]),
        (Standing("ada", holds=2), ["patron.has_holds"]),
        (Standing("ada", balance=250), ["patron.has_balance"]),
        (Standing("ada", balance=-250), ["patron.has_balance"]),
        (Standing("ada", 1, holds=1, balance=1), ["patron.has_loans", "patron.has_holds", "patron.has_balance"]),
        (Standing("ada", lost=3), []),
    ]:
        assert expected == codes(remove(ADA, standing, currency="EUR", at=AT, by="ruth"))
    right = Override(["patron.has_balance"], "ruth", "moved abroad", ["patron.remove_with_balance"])
    assert remove(ADA, Standing("ada", balance=250), currency="EUR", at=AT, by="ruth", override=right)
