"""A library day with its back rooms: tickets, bookings and stocktakes among the loans, in any order."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from libops.base.decisions import Override, Permit
from libops.bookings.model import BookedSlot, Booking, BookingState
from libops.catalog.serials import IssueState, SerialIssue, Subscription
from libops.equipment.model import OutOfService, Ticket
from libops.inventory.model import StocktakeState
from libops.testing.library_day import LibraryDay
from libops.testing.library_day_holds import CARDS, LABELS
from libops.testing.sample_library import ITEMS

__all__ = ["StacksDay"]

PROJECTOR = ITEMS[0][0]
RESOURCES = st.sampled_from(["study", "projector"])
MOVES = st.sampled_from(["triage", "start_repair", "wait_for_parts", "close", "escalate"])
BOOKING_ACTS = st.sampled_from(["start", "end", "cancel", "approve", "mark_no_show"])
ISSUE_ACTS = st.sampled_from(
    ["receive", "undo_receipt", "mark_late", "claim", "give_up", "mark_not_published", "skip", "reopen"]
)
MONTHLY = "$a v. $b no. $u 12 $v r $i (year) $j (month) $w m $y cm07/08"
SURE = Override(
    ["stocktake.much_missing", "stocktake.overlaps", "stocktake.nothing_expected"], "ruth", "a small library"
)


class StacksDay(LibraryDay):
    """The same desk, with a repair shop, a room and a projector that are booked, shelves that are counted, and
    a monthly that is subscribed to."""

    @initialize()
    def open_the_doors(self) -> None:
        """The sample library, an asset, a room, and an item that is lent and booked."""
        super().open_the_doors()
        assert self.ops.equipment.register(id="cutter", name="Laser cutter", kind="laser cutter")
        assert self.ops.bookings.register(id="study", name="Study room", kind="study room", asset="cutter")
        assert self.ops.bookings.register(id="projector", name="Projector", kind="projector", item=PROJECTOR)
        bib = self.ops.items.get(PROJECTOR).bib_id
        assert self.ops.serials.subscribe(bib, pattern=MONTHLY, last="$a 41 $b 12 $i 2025 $j 12")

    # --- what the back rooms do -----------------------------------------------------------------------------------

    @rule(label=LABELS | st.none(), safety=st.booleans())
    def report_a_fault(self, label: str | None, safety: bool) -> None:
        """Of an item, or of the cutter."""
        asset = "cutter" if label is None else None
        assert self.ops.equipment.open_ticket(symptom="smells burnt", asset=asset, item=label, safety=safety)

    @rule(label=LABELS)
    def a_device_fails(self, label: str) -> None:
        """The same error again and again is one ticket."""
        before = self.ops.equipment.times_reported(device="cutter", error="fan")
        assert self.ops.equipment.report_device_error(device="cutter", error="fan")
        assert before + 1 == self.ops.equipment.times_reported(device="cutter", error="fan")

    @rule(place=st.integers(0, 9), act=MOVES, fix=st.booleans())
    def move_a_ticket(self, place: int, act: str, fix: bool) -> None:
        """One act, legal or not."""
        tickets = sorted(self.all_of(Ticket), key=lambda ticket: ticket.id)
        if tickets:
            ticket = tickets[place % len(tickets)]
            if fix:
                self.ops.equipment.resolve(ticket.id, fix="cleaned")
            else:
                getattr(self.ops.equipment, act)(ticket.id)

    @rule(label=LABELS)
    def a_damaged_return(self, label: str) -> None:
        """Never refused; the item is marked."""
        if isinstance(self.ops.circulation.check_in(item=label, damaged="spine is loose"), Permit):
            assert self.ops.items.get(label).damaged

    @rule(resource=RESOURCES, card=CARDS, days=st.integers(0, 4), quarter=st.integers(0, 24), length=st.integers(1, 8))
    def book(self, resource: str, card: str, days: int, quarter: int, length: int) -> None:
        """Some hours ahead, for some quarters of an hour."""
        hour = self.clock().replace(minute=0, second=0, microsecond=0)
        start = hour + timedelta(days=days, minutes=15 * quarter)
        self.ops.bookings.make(resource=resource, patron=card, start=start, end=start + timedelta(minutes=15 * length))

    @rule(place=st.integers(0, 9), act=BOOKING_ACTS)
    def move_a_booking(self, place: int, act: str) -> None:
        """One act, legal or not."""
        bookings = sorted(self.all_of(Booking), key=lambda booking: booking.id)
        if bookings:
            getattr(self.ops.bookings, act)(bookings[place % len(bookings)].id)

    @rule()
    def start_counting(self) -> None:
        """A session over all shelves, unless one is open."""
        if not self.ops.inventory.stocktakes():
            assert self.ops.inventory.open_stocktake(name="all shelves", override=SURE)

    @rule(labels=st.lists(LABELS, max_size=6), device=st.sampled_from(["wand-1", "wand-2"]))
    def scan(self, labels: list[str], device: str) -> None:
        """Whatever stands there, as often as it is met."""
        for session in self.ops.inventory.stocktakes():
            assert self.ops.inventory.scan(session.id, labels, device=device)

    @rule(accept=st.booleans())
    def finish_counting(self, accept: bool) -> None:
        """Close it; accept what was found, or leave it to another day."""
        for session in self.ops.inventory.stocktakes():
            assert self.ops.inventory.close_counting(session.id)
        for session in self.ops.inventory.stocktakes(StocktakeState.CLOSED):
            if accept:
                reviewed = self.ops.inventory.result(session.id).fingerprint
                assert self.ops.inventory.accept_stocktake(session.id, reviewed=reviewed, override=SURE)
                assert not self.ops.inventory.result(session.id).pending

    @rule()
    def take_a_stocktake_back(self) -> None:
        """The last accepted one: nothing stays missing that it alone said so."""
        for session in self.ops.inventory.stocktakes(StocktakeState.ACCEPTED)[-1:]:
            assert self.ops.inventory.undo_stocktake(session.id, why="a shelf was forgotten")

    @rule(place=st.integers(0, 30), act=ISSUE_ACTS)
    def handle_an_issue(self, place: int, act: str) -> None:
        """Received, claimed, given up, skipped, taken back: one act, legal or not."""
        issues = sorted(self.all_of(SerialIssue), key=lambda issue: issue.id)
        getattr(self.ops.serials, act)(issues[place % len(issues)].id)

    # --- what holds all the while ---------------------------------------------------------------------------------

    @precondition(lambda self: self.ready())
    @invariant()
    def slots_are_those_of_the_bookings_that_stand(self) -> None:
        """No slot is taken twice, none is left over."""
        slots = {slot.key: slot.booking_id for slot in self.all_of(BookedSlot)}
        kept = (BookingState.REQUESTED, BookingState.CONFIRMED, BookingState.STARTED, BookingState.ENDED)
        wanted = [slot for booking in self.all_of(Booking) if booking.state in kept for slot in booking.slots()]
        assert len(wanted) == len(slots)
        assert {slot.key: slot.booking_id for slot in wanted} == slots

    @precondition(lambda self: self.ready())
    @invariant()
    def out_of_service_is_what_tickets_hold(self) -> None:
        """Exactly while a ticket blocks it."""
        holding = {ticket.id for ticket in self.all_of(Ticket) if ticket.blocks}
        held = [ticket for each in self.all_of(OutOfService) for ticket in each.tickets]
        assert holding == set(held)

    @precondition(lambda self: self.ready())
    @invariant()
    def every_predicted_issue_is_accounted_for(self) -> None:
        """Each place of the run has one issue, which came or stands somewhere."""
        (subscription,) = self.all_of(Subscription)
        issues = self.all_of(SerialIssue)
        assert list(range(1, subscription.predicted + 1)) == sorted(issue.place for issue in issues)
        assert all(bool(issue.copies) is (issue.state is IssueState.RECEIVED) for issue in issues)
