"""Items join, change, leave and come back; their barcode names them and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from libops import items
from libops.base.decisions import Override, Permit, Refuse
from libops.base.errors import InvalidValue
from libops.base.events import Event, Put
from libops.base.holders import BarcodeUse, Holder
from libops.items import CHANGES, Item, ItemFacts

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BY = "ada"
ATLAS = Item(id="i1", bib_id="b1", home_library="MAIN", holding_library="MAIN", barcode="31234000000016")


class Shelf:
    """The records as a dictionary: the simplest store there is."""

    def __init__(self) -> None:
        self.kept: dict[tuple[type, str], Any] = {}

    def get(self, cls: type, key: str) -> Any:
        return self.kept.get((cls, key))

    def fold(self, *events: Event) -> Shelf:
        for event in events:
            for change in list(CHANGES[type(event)](event, self)):
                if isinstance(change, Put):
                    record = change.record
                    self.kept[type(record), record.barcode if isinstance(record, BarcodeUse) else record.id] = record
                else:
                    del self.kept[change.cls, change.key]
        return self


def codes(answer: object) -> list[str]:
    assert isinstance(answer, Refuse)
    return [reason.code for reason in answer.reasons]


def events(answer: object) -> tuple[Event, ...]:
    assert isinstance(answer, Permit)
    return answer.result


def test_an_item_is_added_with_its_barcode() -> None:
    """A scan finds the item and its title with one look."""
    shelf = Shelf().fold(*events(items.add(ItemFacts(), ATLAS, at=AT, by=BY)))
    assert BarcodeUse("31234000000016", Holder.ITEM, "i1", "b1") == shelf.get(BarcodeUse, "31234000000016")


def test_an_item_may_wait_for_its_label() -> None:
    """Without a barcode nothing is taken."""
    shelf = Shelf().fold(*events(items.add(ItemFacts(), evolve(ATLAS, barcode=None), at=AT, by=BY)))
    assert [Item] == [cls for cls, _ in shelf.kept]


@pytest.mark.parametrize("holder", [Holder.ITEM, Holder.PATRON])
def test_a_barcode_in_use_is_refused(holder: Holder) -> None:
    """Neither another item's barcode nor a patron's card number can be stuck on."""
    facts = ItemFacts(barcode_use=BarcodeUse("31234000000016", holder, "other"))
    answer = items.add(facts, ATLAS, at=AT, by=BY)
    assert ["barcode.taken"] == codes(answer)
    assert holder.value == answer.reasons[0].data["holder"]


def test_all_that_is_wrong_is_said_at_once() -> None:
    """No title and a taken barcode: both reasons, in this order."""
    facts = ItemFacts(bib_exists=False, barcode_use=BarcodeUse("31234000000016", Holder.ITEM, "other"))
    assert ["item.no_bib", "barcode.taken"] == codes(items.add(facts, ATLAS, at=AT, by=BY))
    assert ["item.bib_deleted"] == codes(items.add(ItemFacts(bib_deleted=True), ATLAS, at=AT, by=BY))


def test_a_new_label_frees_the_old_barcode() -> None:
    """Relabeled: the new text finds the item, the old one nobody."""
    relabeled = evolve(ATLAS, barcode="31234000000024")
    shelf = Shelf().fold(*events(items.add(ItemFacts(), ATLAS, at=AT, by=BY)))
    shelf.fold(*events(items.change(ItemFacts(item=ATLAS), relabeled, at=AT, by=BY)))
    assert (None, "i1") == (
        shelf.get(BarcodeUse, "31234000000016"),
        shelf.get(BarcodeUse, "31234000000024").holder_id,
    )
    assert ["item.unchanged"] == codes(items.change(ItemFacts(item=relabeled), relabeled, at=AT, by=BY))


def test_an_item_moved_to_another_title_takes_its_barcode_along() -> None:
    """The use of the barcode names the new title."""
    moved = evolve(ATLAS, bib_id="b2")
    shelf = Shelf().fold(*events(items.add(ItemFacts(), ATLAS, at=AT, by=BY)))
    shelf.fold(*events(items.change(ItemFacts(item=ATLAS), moved, at=AT, by=BY)))
    assert "b2" == shelf.get(BarcodeUse, "31234000000016").bib_id


def test_an_item_on_loan_cannot_be_withdrawn() -> None:
    """The patron has it: check it in or declare it lost first; a hold can be set aside with the right."""
    facts = ItemFacts(item=ATLAS, on_loan=True, has_hold=True)
    right = Override({"item.on_loan_now", "item.has_hold"}, "head", "worn", {"items.withdraw_with_hold"})
    assert ["item.on_loan_now", "item.has_hold"] == codes(items.withdraw(facts, at=AT, by=BY))
    assert ["item.on_loan_now"] == codes(items.withdraw(facts, at=AT, by=BY, override=right))


def test_an_item_on_loan_is_not_missing() -> None:
    """Who has it is known: a wrong barcode on the search list marks nobody's loan (Evergreen checks it in first)."""
    missed, lent = evolve(ATLAS, missing_since=AT), ItemFacts(item=ATLAS, on_loan=True)
    assert ["item.on_loan_now"] == codes(items.mark_missing(lent, at=AT, by=BY))
    assert ["item.on_loan_now"] == codes(items.change(lent, missed, at=AT, by=BY))
    assert missed == events(items.mark_missing(ItemFacts(item=ATLAS), at=AT, by=BY))[0].item
    marked_before = ItemFacts(item=missed, on_loan=True)
    assert ATLAS == events(items.change(marked_before, ATLAS, at=AT, by=BY))[0].item


def test_an_item_is_missing_since_it_was_first_missed() -> None:
    """Who looks for it again and finds nothing changes nothing; what has left the collection is not looked for."""
    missed, gone = evolve(ATLAS, missing_since=AT), evolve(ATLAS, withdrawn_at=AT)
    later = AT + timedelta(days=3)
    (again,) = items.mark_missing(ItemFacts(item=missed), at=later, by=BY).reasons
    assert ("item.missing_already", {"item": ATLAS.barcode, "since": AT}) == (again.code, again.data)
    assert ["item.withdrawn_already"] == codes(items.mark_missing(ItemFacts(item=gone), at=later, by=BY))


def test_a_withdrawn_item_keeps_its_record_and_comes_back() -> None:
    """Withdrawn with its reason and day; reinstated as it was."""
    shelf = Shelf().fold(*events(items.add(ItemFacts(), ATLAS, at=AT, by=BY)))
    shelf.fold(*events(items.withdraw(ItemFacts(item=ATLAS), at=AT, by=BY, reason="worn")))
    gone = shelf.get(Item, "i1")
    assert (True, AT, "worn", False) == (gone.withdrawn, gone.withdrawn_at, gone.withdrawn_reason, gone.visible)
    assert ["item.withdrawn_already"] == codes(items.withdraw(ItemFacts(item=gone), at=AT, by=BY))
    shelf.fold(*events(items.reinstate(ItemFacts(item=gone), at=AT, by=BY)))
    assert ATLAS == shelf.get(Item, "i1")
    assert ["item.not_withdrawn"] == codes(items.reinstate(ItemFacts(item=ATLAS), at=AT, by=BY))


def test_the_last_item_of_a_title_goes_with_a_word_to_the_desk() -> None:
    """It stops nothing, but the title is then without items."""
    answer = items.withdraw(ItemFacts(item=ATLAS, others_of_bib=0), at=AT, by=BY)
    assert isinstance(answer, Permit)
    assert ["item.last_of_title"] == [alert.code for alert in answer.alerts]


def test_an_item_that_was_lent_is_withdrawn_rather_than_deleted() -> None:
    """Its loans count in the statistics; one added by mistake can go, and frees its barcode."""
    assert ["item.has_history"] == codes(items.delete(ItemFacts(item=ATLAS, has_history=True), at=AT, by=BY))
    shelf = Shelf().fold(*events(items.add(ItemFacts(), ATLAS, at=AT, by=BY)))
    assert {} == shelf.fold(*events(items.delete(ItemFacts(item=ATLAS), at=AT, by=BY))).kept


def test_an_unknown_item_is_named_as_such() -> None:
    """By every act."""
    answers = [
        items.change(ItemFacts(), ATLAS, at=AT, by=BY),
        items.withdraw(ItemFacts(), at=AT, by=BY),
        items.reinstate(ItemFacts(), at=AT, by=BY),
        items.delete(ItemFacts(), at=AT, by=BY),
    ]
    assert [["item.unknown"]] * 4 == [codes(answer) for answer in answers]


@pytest.mark.parametrize(
    "wrong", [{"id": ""}, {"home_library": ""}, {"barcode": " "}, {"pieces": 0}, {"age_restriction": -1}]
)
def test_an_item_that_cannot_be_is_refused_with_its_value(wrong: dict[str, Any]) -> None:
    """The error shows what was wrong."""
    with pytest.raises(InvalidValue):
        evolve(ATLAS, **wrong)


def test_a_type_that_no_rule_can_name_is_told() -> None:
    """A misspelled item type would be lent by the fallback, and nobody would know why: it is added, with a word."""
    film = evolve(ATLAS, item_type="dvdd")
    added = items.add(ItemFacts(), film, at=AT, by=BY, item_types={"book", "dvd"})
    assert isinstance(added, Permit)
    assert [("item.type_unknown", "book, dvd")] == [(one.code, one.data["known"]) for one in added.alerts]
    for known in (None, (), {"dvdd"}):
        assert () == items.add(ItemFacts(), film, at=AT, by=BY, item_types=known).alerts
    moved = evolve(film, call_number="791.43 CHA")
    assert () == items.change(ItemFacts(item=film), moved, at=AT, by=BY, item_types={"book", "dvd"}).alerts
