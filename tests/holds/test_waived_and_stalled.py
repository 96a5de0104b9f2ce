"""What staff allowed when they placed a hold stays allowed; and for a while only items nearby fill it."""

from __future__ import annotations

import pytest

import libops
from libops.base.decisions import Override
from libops.circulation.model import Hold
from libops.patrons.model import Action
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every, log_of, rebuilt, stored

LIMITS = {
    "limit_policies": {"standard": {"restricted": {"stops": ["place-hold", "capture-hold"]}}},
    "fallback": {"limits": "standard"},
}


def allowing(*codes: str) -> Override:
    """A member of staff with every right about holds sets these reasons aside."""
    rights = ["hold.not_allowed", "hold.pickup", "hold.on_shelf", "loan.restricted_patron"]
    return Override(codes, "ruth", "the reader is moving house", rights)


def codes(answer) -> list[str]:
    """The codes of a refusal, or of the holds that were passed over."""
    return [reason.code for reason in answer.reasons]


def test_an_override_is_kept_with_the_hold(town) -> None:
    """By whom and why, so that whoever looks at the hold a month later knows."""
    library = town(allowed="own-library")
    library.item("MAIN")
    card = library.patron("EAST")
    assert ["hold.not_allowed"] == codes(library.ops.holds.place(patron=card, bib=library.bib))
    placed = library.ops.holds.place(patron=card, bib=library.bib, override=allowing("hold.not_allowed"))
    waived = library.ops.holds.get(placed.result.hold.id).waived
    assert (("hold.not_allowed",), "ruth", "the reader is moving house") == (waived.codes, waived.by, waived.why)
    assert stored(library.ops.storage) == rebuilt(log_of(library.ops.storage))


@pytest.mark.parametrize(
    ("policy", "pickup", "code"),
    [
        ({"allowed": "own-library"}, "EAST", "hold.not_allowed"),
        ({"pickup_match": "home"}, "EAST", "hold.pickup_not_allowed"),
    ],
)
def test_what_was_allowed_at_placing_is_allowed_when_the_item_comes(town, policy, pickup, code) -> None:
    """Whose items may fill the hold and where it is picked up are not asked again; without an override they are."""
    library = town(**policy)
    item = library.item("MAIN")
    library.lend(item)
    card = library.patron("EAST")
    asked = {"patron": card, "bib": library.bib, "pickup": pickup}
    assert [code] == codes(library.ops.holds.place(**asked))
    hold = library.ops.holds.place(**asked, override=allowing(code)).result.hold
    assert library.ops.circulation.check_in(item=item).result.send_to == pickup
    assert hold.id == library.ops.transits.of_item(item).hold_id


def test_only_what_was_named_is_set_aside(town) -> None:
    """The reader was allowed another library's item, not to be restricted since then."""
    library = town(allowed="own-library", more=LIMITS)
    item = library.item("MAIN")
    library.lend(item)
    card = library.patron("EAST")
    assert library.ops.holds.place(patron=card, bib=library.bib, override=allowing("hold.not_allowed"))
    assert library.ops.patrons.place_block(card, note="banned until May", actions=(Action.PICK_UP,))
    found = library.ops.holds.next_for(item)
    assert (None, ["patron.restricted"]) == (found.hold, codes(found.considered[0]))


def test_a_restriction_set_aside_at_placing_does_not_stop_the_item(town) -> None:
    """Staff took the hold although the patron is restricted: then the item is set aside, too."""
    library = town(more=LIMITS)
    item = library.item("MAIN")
    library.lend(item)
    library.ops.circulation.check_in(item=item)
    card = library.patron("MAIN")
    assert library.ops.patrons.place_block(card, note="owes a signature", actions=(Action.PLACE_HOLD, Action.PICK_UP))
    assert ["patron.restricted"] == codes(library.ops.holds.place(patron=card, bib=library.bib))
    placed = library.ops.holds.place(patron=card, bib=library.bib, override=allowing("patron.restricted"))
    assert isinstance(placed, libops.Permit), placed
    assert placed.result.hold.id == library.ops.holds.next_for(item).hold.id


def test_an_item_on_the_shelf_that_staff_let_be_held_is_on_the_pull_list(town) -> None:
    """Items on the shelf are for whoever comes, except this one."""
    library = town(on_shelf="never")
    item = library.item("MAIN")
    card = library.patron("MAIN")
    asked = {"patron": card, "bib": library.bib}
    assert ["hold.item_on_shelf"] == codes(library.ops.holds.place(**asked))
    assert library.ops.holds.place(**asked, override=allowing("hold.item_on_shelf"))
    assert [item] == [line.item.barcode for line in library.ops.holds.pull_list()]


@pytest.mark.parametrize(
    ("targeting", "stock_at_pickup", "at_once", "later"),
    [
        ({}, True, "EAST", "EAST"),
        ({"stall": "24 hours"}, True, "", "EAST"),
        ({"stall": "24 hours"}, False, "EAST", "EAST"),
        ({"stall": "24 hours", "stall_without_local": True}, False, "", "EAST"),
    ],
)
def test_stalling_keeps_items_from_afar(town, targeting, stock_at_pickup, at_once, later) -> None:
    """For a day the hold waits for an item of its own library, if that has one; then any item fills it."""
    library = town(more={"holds": {"targeting": targeting}})
    far = library.item("MAIN")
    if stock_at_pickup:
        library.lend(library.item("EAST"))
    library.lend(far)
    assert library.ops.holds.place(patron=library.patron("EAST"), bib=library.bib, pickup="EAST")
    for wait, sent_to in ((1, at_once), (25, later)):
        library.clock.forward(hours=wait)
        assert sent_to == library.ops.circulation.check_in(item=far).result.send_to
        if not sent_to:
            library.lend(far, override=Override(["item.held_for_others"]))


def test_a_stalled_hold_takes_what_is_in_hand_at_its_library(town) -> None:
    """The item belongs to another library, but it was returned where the hold is picked up."""
    library = town(more={"holds": {"targeting": {"stall": "24 hours"}}})
    far = library.item("MAIN")
    library.lend(library.item("EAST"))
    library.lend(far)
    hold = library.ops.holds.place(patron=library.patron("EAST"), bib=library.bib, pickup="EAST").result.hold
    elsewhere = library.ops.holds.next_for(far, library="WEST")
    assert ["hold.stalled"] == codes(elsewhere.considered[0])
    assert hold.id == library.ops.holds.next_for(far, library="EAST").hold.id
    assert [hold.stalled_until] == [each.stalled_until for each in every(library.ops.storage, kind_of(Hold))]
