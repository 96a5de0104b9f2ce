"""Parting ended bookings of lent items from their patrons: who booked a camera for a day had it on that day.

Done in the two steps that loans are parted in. A room, a machine or a job is no loan: its bookings stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from libops.base.ids import BookingId
from libops.bookings.events import BookingForgotten, BookingMade, WaitingLeft
from libops.bookings.model import BookedSlot, Booking, BookingTally, tally_key
from libops.circulation.policy.privacy import forgotten_at
from libops.desk.fees.moved_debts import owed_elsewhere
from libops.desk.privacy.forgetting import CHANCE, Telling, booking_forgotten
from libops.desk.privacy.parting import Ended, Parting, written_in
from libops.desk.privacy.retelling import BY, Account, Retold
from libops.desk.reads import Reads
from libops.fees.model import AccountLine, Cause
from libops.notices.model import NoticeTrack
from libops.patrons.model import Patron
from libops.storage.kinds import kind_of
from libops.storage.port import Logged

__all__ = ["BookingParting"]

BOOKING_FEES = (Cause.BOOKING, Cause.DEPOSIT, Cause.RENTAL, None)
"""What acts on bookings charge; a deposit that is given back is a credit without a cause."""


class BookingParting:
    """Takes ended bookings of items off their patrons."""

    def __init__(self, parting: Parting) -> None:
        self.both = parting

    def parted(
        self, patron_id: str, bookings: Iterable[Booking], at: datetime, *, whatever_rules: bool = False
    ) -> list[str]:
        """Part a patron's records from the ended bookings whose time has come; returns these bookings."""
        both, keys = self.both, [booking.id for booking in bookings if is_lent_and_over(booking)]

        def attempt() -> list[str]:
            reads = Reads(both.shell.storage)
            patron = reads.get(Patron, patron_id)
            there = [one for key in keys if (one := reads.get(Booking, key)) is not None and is_lent_and_over(one)]
            if not whatever_rules:
                there = [one for one in there if self.may_be_over(one, patron, at)]
            if not there:
                return []
            (account,), telling = both.account(reads, patron_id), both.telling(at)
            open_now = {charge.id for charge in account.charges}
            due = [ended for one in there if not (ended := self.ended(one, account)).own & open_now]
            due = [ended for ended in due if whatever_rules or self.is_over(ended, patron, account, at)]
            due = [
                ended for ended in due if whatever_rules or not owed_elsewhere(both.shell.storage, account, ended.own)
            ]
            if not due:
                return []
            ids = [ended.record.id for ended in due]
            told = both.retold(account, due, telling)
            writes = both.touched(reads, account, due)
            tally = reads.get(BookingTally, tally_key(patron=due[0].record.patron_id))
            if tally is not None:
                writes[(kind_of(BookingTally), tally.key)] = tally
            for key in ids:
                if reads.get(NoticeTrack, key) is not None:
                    writes[(kind_of(NoticeTrack), key)] = None
            both.forget_messages(reads, patron_id, ids, writes)
            both.taken_over(account, at, due)
            both.write(reads, writes, told + both.recounted(reads, account, bool(told.events), telling))
            return ids

        return both.tried(attempt, [])

    def unnamed(self, booking_ids: Sequence[str], at: datetime) -> int:
        """Give bookings another name and no patron; returns how many."""
        both = self.both

        def attempt() -> int:
            reads = Reads(both.shell.storage)
            found = [one for key in booking_ids if (one := reads.get(Booking, key)) is not None and one.patron_id]
            CHANCE.shuffle(found)
            told, telling = Retold(), both.telling(at)
            for booking in found:
                told += self.without_patron(reads, booking, telling)
            if found:
                both.write_in_company(reads, {}, told, telling)
            return len(found)

        return both.tried(attempt, 0)

    def without_patron(self, reads: Reads, booking: Booking, telling: Telling) -> Retold:
        entries, name = self.both.stream(f"booking_id:{booking.id}"), BookingId(telling.name())
        slots = [(BookedSlot, slot.key) for slot in reads.find(BookedSlot, "by_booking", booking.id)]
        told = BookingForgotten(telling.at, BY, name, booking_forgotten(booking, name, telling))
        entries += [more for entry in entries for more in self.waited(entry)]
        return Retold((told,), tuple(map(telling.gap, entries)), ((Booking, booking.id), *slots))

    def waited(self, made: Logged) -> list[Logged]:
        """The events of the place on the waiting list that a booking was made from."""
        if not isinstance(made.event, BookingMade):
            return []
        entries, _ = self.both.shell.storage.events(made.position, 1)
        left = [entry.event for entry in entries if isinstance(entry.event, WaitingLeft)]
        return [
            each
            for event in left
            if event.at == made.event.at
            for each in self.both.stream(f"entry_id:{event.entry_id}")
        ]

    def ended(self, booking: Booking, account: Account) -> Ended:
        """A booking with its events; the lines it was charged by name it in their note."""
        entries = self.both.stream(f"booking_id:{booking.id}")
        acts = {entry.event.at for entry in entries}
        own = {
            line.id
            for line in account.lines
            if booking.id in line.note or (line.cause in BOOKING_FEES and written_in(line, acts))
        }
        moved = [line for line in account.lines if line.other_patron is not None]
        own |= {line.id for line in moved if any(part.charge in own for part in line.allocations)}
        return Ended(booking, entries, (), frozenset(own))

    def may_be_over(self, booking: Booking, patron: Patron | None, at: datetime) -> bool:
        """Whether its time can have come at all: what the log says of it is read of these alone."""
        if patron is None:
            return False
        policy, begun = self.both.policy, booking.made_at
        due = forgotten_at(policy, patron.history, returned=begun)
        with_fees = forgotten_at(policy, patron.history, returned=begun, last_fee=begun)
        return any(each is not None and each <= at for each in (due, with_fees))

    def is_over(self, ended: Ended, patron: Patron | None, account: Account, at: datetime) -> bool:
        if patron is None:
            return False
        fees: list[AccountLine] = [line for line in account.lines if line.id in ended.own]
        last = max((line.at for line in fees), default=None)
        closed = max((entry.event.at for entry in ended.entries), default=ended.record.end)
        due = forgotten_at(self.both.policy, patron.history, returned=closed, last_fee=last)
        return due is not None and due <= at


def is_lent_and_over(booking: Booking) -> bool:
    return booking.item_id is not None and bool(booking.patron_id) and not booking.state.is_open
