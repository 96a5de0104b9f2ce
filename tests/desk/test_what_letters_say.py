"""What letters say: what it costs, which title came, which library took it back, and each thing once."""

from __future__ import annotations

from typing import Any

import libops
from libops.desk.settings.loading import default_settings
from libops.testing.fakes import CountingIds, FrozenClock, RecordingChannel
from libops.testing.sample_library import sample_library

ADA, BEN = "21234000000017", "21234000000025"
BOOK, OTHER = "31234000000014", "31234000000022"
KINDS = ("check_in", "lost", "lost_billed", "hold_not_collected")


class Town:
    """The sample library, with options of its tables; a channel keeps what it is sent."""

    def __init__(self, **tables: dict[str, dict[str, Any]]) -> None:
        plain = default_settings().canonical()
        told = [{"template": kind, "trigger": kind.replace("_", "-"), "digest": "none"} for kind in KINDS]
        plain["notice_policies"] = {"letters": {"notices": told}}
        plain["fallback"]["notices"] = "letters"
        for table, entries in tables.items():
            for name, options in entries.items():
                plain[table][name] = plain[table].get(name, {}) | options
        self.clock, self.channel = FrozenClock(), RecordingChannel()
        self.ops = libops.open(
            settings=plain,
            clock=self.clock,
            ids=CountingIds(),
            plugins=[self.channel],
            channels={"email": "recording"},
        )
        sample_library(self.ops)
        for card, name in ((ADA, "ada"), (BEN, "ben")):
            assert self.ops.patrons.change(card, email=f"{name}@example.org", language="en")

    def nights(self, count: int) -> None:
        for _ in range(count):
            self.clock.forward(days=1)
            self.ops.run_due()


def test_an_expiry_fee_is_told_with_the_hold_that_cost_it() -> None:
    """Of a hold on any of two titles, the one that came and was not collected is named."""
    town = Town(hold_policies={"standard": {"expiry_fee": "1.50 EUR"}})
    bibs = [bib.id for bib in town.ops.catalog.all()]
    assert town.ops.circulation.check_out(patron=ADA, item=OTHER)
    assert town.ops.holds.place(patron=BEN, any_of=[town.ops.items.get(BOOK).bib_id, *bibs])
    assert town.ops.circulation.check_in(item=OTHER)
    town.nights(14)
    letter = next(message for message in town.channel.sent if message.kind == "hold_not_collected")
    assert "- Sign talk of the Cheyenne Indians; charged 1.50 EUR" in letter.body


def test_a_loss_is_told_with_its_charge_at_once_or_later() -> None:
    """Declared lost it is charged at once; what ages to lost is charged a week later, and told of again."""
    late = {"replacement": {"aged_after": "1 week", "billed_after": "1 week"}}
    town = Town(lost_policies=late, item_types={"book": {"default_price": "20.00 EUR"}})
    assert town.ops.circulation.check_out(patron=ADA, item=BOOK)
    assert town.ops.circulation.check_out(patron=BEN, item=OTHER)
    assert town.ops.losses.declare_lost(BOOK)
    town.nights(50)
    letters = {(message.kind, message.to[:3]): message.body for message in town.channel.sent}
    assert {("lost", "ada"), ("lost", "ben"), ("lost_billed", "ben")} == letters.keys()
    assert "charged 25.00 EUR" in letters["lost", "ada"]
    assert "EUR" not in letters["lost", "ben"]
    assert f"({OTHER}): 25.00 EUR" in letters["lost_billed", "ben"]


def test_a_return_is_told_in_the_name_of_the_library_that_took_it() -> None:
    """Lent at the main library, brought back to the branch."""
    town = Town(libraries={"EAST": {"name": "East branch", "calendar": "main"}})
    assert town.ops.circulation.check_out(patron=ADA, item=BOOK)
    assert town.ops.circulation.check_in(item=BOOK, library="EAST")
    assert "Returned to East branch" in [message.subject for message in town.channel.sent]
