"""What every act on bookings and jobs loads, and how the charges it plans reach the patron's account."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from attrs import evolve, frozen

from libops.base.decisions import Decision, Permit, Reason, Refuse
from libops.base.errors import InvalidValue, NotFound
from libops.base.ids import LibraryCode
from libops.bookings.decide import BookingPlan
from libops.bookings.model import (
    BookedSlot,
    Certification,
    ChargeCause,
    Resource,
    WaitingEntry,
    slot_key,
    slots_between,
)
from libops.bookings.policy import BookingPolicy, blocked_span, terms_for
from libops.circulation.decide.patron_reasons import PatronFacts, patron_reasons
from libops.circulation.model import Loan
from libops.circulation.policy.book import CirculationBook
from libops.circulation.policy.limits import PatronAction
from libops.desk.holders import Holders
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.equipment.model import OutOfService, subject_key
from libops.fees.decide import AccountFacts, Act, charge, credit
from libops.fees.model import Cause, OpenCharge, OpenCredit
from libops.patrons.model import Patron
from libops.patrons.standing import Standing
from libops.storage.kinds import kind_of
from libops.storage.port import Find, Get

__all__ = ["Moment", "ReservingDesk"]

CAUSES = {
    ChargeCause.DEPOSIT: Cause.DEPOSIT,
    ChargeCause.DEPOSIT_BACK: Cause.DEPOSIT,
    ChargeCause.RENT: Cause.RENTAL,
    ChargeCause.LATE_END: Cause.BOOKING,
    ChargeCause.LATE_CANCELLATION: Cause.BOOKING,
    ChargeCause.NO_SHOW: Cause.BOOKING,
    ChargeCause.JOB: Cause.PRINTING,
}
OVERDUE_COUNTED = 1_000

Taken = tuple[BookedSlot, ...]
A_MOMENT = "a time on the library's clock, such as '2026-03-02T09:30' or datetime(2026, 3, 2, 9, 30)"
Moment = Annotated[datetime, A_MOMENT] | str
"""A time as people say it: without a zone it is the library's clock time."""


@frozen
class WithAccount:
    """The facts of a room, with the account that its charges go to."""

    facts: Any
    account: AccountFacts


class ReservingDesk:
    """What bookings and jobs share."""

    def __init__(
        self, shell: Shell, book: CirculationBook, policy: BookingPolicy, library: LibraryCode, holders: Holders
    ) -> None:
        self.shell = shell
        self.book = book
        self.policy = policy
        self.library = library
        self.holders = holders

    def instant(self, when: Moment) -> datetime:
        """A moment in UTC; one without a zone is read on the library's clocks."""
        try:
            moment = datetime.fromisoformat(when) if isinstance(when, str) else when
        except ValueError:
            raise InvalidValue(f"{when!r} is no time: give {A_MOMENT}") from None
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
        return self.book.calendar(self.library).instant(moment.date(), moment.time())

    def resource_or_raise(self, reads: Reads, resource: str) -> Resource:
        found = reads.get(Resource, resource)
        if found is None:
            raise NotFound(f"nothing is booked under {resource!r}: register it first")
        return found

    def held_by(self, reads: Reads, resource: Resource) -> tuple[str, ...]:
        """The tickets that hold a resource, its asset or its item out of service."""
        keys = [] if resource.asset_id is None else [subject_key(asset=resource.asset_id)]
        keys += [] if resource.item_id is None else [subject_key(item=resource.item_id)]
        held = [found for found in reads.load(*(Get(kind_of(OutOfService), key) for key in keys)) if found is not None]
        tickets = tuple(dict.fromkeys(ticket for found in held for ticket in found.tickets))
        return tickets or tuple("retired" for found in held[:1])

    def loan_due(self, reads: Reads, resource: Resource) -> datetime | None:
        """When the item of a resource is due back; a loan without end is never back in time."""
        loan = None if resource.item_id is None else reads.get(Loan, resource.item_id)
        if loan is None:
            return None
        return datetime.max.replace(tzinfo=UTC) if loan.due is None else loan.due

    def taken(self, reads: Reads, resource: Resource, spans: Iterable[tuple[datetime, datetime]]) -> Taken:
        """The slots taken within spans, lead and trail included.

        Each slot is asked for by its key, so that one that is free now is guarded: a desk that takes it first makes
        the act a conflict.
        """
        terms, _ = terms_for(self.policy, resource)
        step = timedelta(minutes=resource.slot_minutes)
        starts = dict.fromkeys(
            slot
            for start, end in spans
            if start < end
            for since, until in [blocked_span(terms, start, end, resource.slot_minutes)]
            for slot in slots_between(since - step, until + step, resource.slot_minutes)
        )
        slots = kind_of(BookedSlot)
        asked = [Get(slots, slot_key(resource.id, start)) for start in starts]
        return tuple(found for found in reads.load(*asked) if found is not None)

    def waiting(self, reads: Reads, resource: Resource) -> tuple[WaitingEntry, ...]:
        """Who waits for a resource, the longest first."""
        return tuple(reads.find(WaitingEntry, "by_resource", resource.id))

    def certifications(self, reads: Reads, patron_id: str) -> tuple[Certification, ...]:
        """What a patron may use."""
        return tuple(reads.find(Certification, "by_patron", patron_id))

    def patron_reasons(self, reads: Reads, patron_id: str, at: datetime) -> tuple[Reason, ...]:
        """What stands against this patron's booking anything."""
        patron, standing = reads.load(Get(kind_of(Patron), patron_id), Get(kind_of(Standing), patron_id))
        due = Find(kind_of(Loan), "by_patron", (patron_id,), high=at, limit=OVERDUE_COUNTED)
        facts = PatronFacts(self.library, patron, standing, tuple(reads.load(due)[0]))
        return patron_reasons(facts, self.book, at=at, action=PatronAction.BOOK)

    def account(self, reads: Reads, patron_id: str) -> AccountFacts:
        """The patron's account, for the charges that an act plans."""
        standing, charges, credits = reads.load(
            Get(kind_of(Standing), patron_id),
            Find(kind_of(OpenCharge), "by_patron", (patron_id,)),
            Find(kind_of(OpenCredit), "by_patron", (patron_id,)),
        )
        return AccountFacts(standing, self.book.currency, tuple(charges), tuple(credits))

    def act(
        self,
        load: Callable[[Reads], Any],
        ask: Callable[[Any, datetime], Decision[BookingPlan]],
        receive: Callable[[BookingPlan], Any],
    ) -> Any:
        """An act of the room that charges nobody."""
        return self.shell.act(Errand(load, ask, lambda plan, facts, at, alerts: receive(plan)))

    def charging(
        self,
        load: Callable[[Reads], Any],
        patron_of: Callable[[Any], str],
        ask: Callable[[Any, datetime], Decision[BookingPlan]],
        receive: Callable[[BookingPlan], Any],
        by: str,
    ) -> Any:
        """An act of the room whose charges are written in the same step."""
        loaded, asked = self.with_account(load, patron_of, ask, by)
        return self.act(loaded, asked, receive)

    def with_account(
        self,
        load: Callable[[Reads], Any],
        patron_of: Callable[[Any], str],
        ask: Callable[[Any, datetime], Decision[BookingPlan]],
        by: str,
    ) -> tuple[Callable[[Reads], Any], Callable[[Any, datetime], Decision[BookingPlan]]]:
        """Loading and asking, with the patron's account read along and the planned charges written to it."""

        def loaded(reads: Reads) -> WithAccount | Refuse:
            facts = load(reads)
            if isinstance(facts, Refuse):
                return facts
            return WithAccount(facts, self.account(reads, patron_of(facts)))

        def asked(both: WithAccount, at: datetime) -> Decision[BookingPlan]:
            return self.charged(ask(both.facts, at), both.account, at, by)

        return loaded, asked

    def charged(
        self, decision: Decision[BookingPlan], account: AccountFacts, at: datetime, by: str
    ) -> Decision[BookingPlan]:
        """The decision with the account lines of its planned charges; money that goes back settles what is open."""
        if isinstance(decision, Refuse):
            return decision
        plan = decision.result
        for planned in plan.charges:
            act = Act(at, by, self.library, f"{planned.cause.value} {planned.about}")
            write = (
                charge(
                    account,
                    act,
                    amount=planned.amount,
                    cause=CAUSES[planned.cause],
                    ids=self.shell.ids,
                    policy=self.book.accounts,
                )
                if planned.amount.amount > 0
                else credit(account, act, amount=-planned.amount, ids=self.shell.ids)
            )
            if isinstance(write, Refuse):
                return Refuse(write.reasons, decision.alerts, decision.trace)
            account = account.after(write.result.lines)
            plan = evolve(plan, events=plan.events + write.result.events)
        return Permit(plan, decision.alerts, decision.trace)
