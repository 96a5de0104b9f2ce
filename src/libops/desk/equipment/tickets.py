"""The life of a ticket at the desk: triage, repair, parts and work, until it is closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from attrs import evolve

from libops.base.decisions import Decision, Override, Permit, Reason, Refuse
from libops.base.errors import InvalidValue, NotFound
from libops.base.ids import ItemId, LibraryCode
from libops.base.money import Money
from libops.circulation.policy.book import CirculationBook
from libops.desk.arguments import fitting_fields
from libops.desk.holders import Holders
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.equipment import decide
from libops.equipment.decide import AssetFacts, EquipmentPlan, Report, TicketFacts
from libops.equipment.model import (
    Asset,
    AssetOfItem,
    MaintenanceSchedule,
    OutOfService,
    PartUsed,
    Priority,
    Ticket,
    TicketState,
    subject_key,
)
from libops.equipment.policy import EquipmentPolicy
from libops.storage.kinds import kind_of
from libops.storage.port import Find

__all__ = ["TicketDesk"]

NOT_GRADED = ("symptom", "source", "fault", "schedule", "patron_id")
"""The fields of a report that do not say how grave it is."""
OPEN = tuple(state for state in TicketState if state.is_open)

Answer = Decision[EquipmentPlan]


class TicketDesk:
    """Tickets that are there. Acts return `Permit` with the ticket as it now is, or `Refuse` with every reason.

    `ticket` is the ticket's identifier; one that is not there raises `NotFound`. An act that its state does not allow
    is refused with `ticket.act_not_legal`, which names those that are; notes, parts and work on one that is not open
    with `ticket.not_open`; anything said to be earlier than the last change with `ticket.before_last_change`.
    """

    def __init__(
        self, shell: Shell, book: CirculationBook, policy: EquipmentPolicy, library: LibraryCode, holders: Holders
    ) -> None:
        self.shell = shell
        self.book = book
        self.policy = policy
        self.library = library
        self.holders = holders

    def ticket(self, ticket: str) -> Ticket:
        """The ticket with this identifier. Raises `NotFound`."""
        return self.ticket_or_raise(Reads(self.shell.storage), ticket)

    def tickets(self, *, state: TicketState | None = None, asset: str | None = None) -> list[Ticket]:
        """Open tickets, or those of one state, of every library: the most urgent first, then the oldest.

        With `asset`, all tickets of that asset (or those of the state), the oldest first.
        """
        reads = Reads(self.shell.storage)
        if asset is not None:
            found = reads.find(Ticket, "by_asset", asset)
            return [ticket for ticket in found if state in (None, ticket.state)]
        states = OPEN if state is None else (state,)
        asked = [Find(kind_of(Ticket), "by_state", (each,)) for each in states]
        found = [ticket for tickets in reads.load(*asked) for ticket in tickets]
        rank = list(Priority)
        return sorted(found, key=lambda ticket: (-rank.index(ticket.priority), ticket.opened_at, ticket.id))

    def triage(self, ticket: str, *, by: str = "desk", **grade: Any) -> Decision[Ticket]:
        """Say how grave a ticket is and who takes it; what is left out stays as it was reported.

        `grade` are `impact` (`Impact`), `urgency` (`Urgency`), `safety` (it may hurt somebody), `unusable` (it cannot
        do its work) and `assignee`. The priority follows from impact and urgency. A ticket found to concern safety
        holds its asset out of service from here on; with `block_on = "unusable"` in the settings so does one of an
        unusable asset.
        """
        fitting_fields(Report, "a ticket", grade, but=NOT_GRADED)
        return self.move(ticket, lambda facts, at: decide.triage(facts, at=at, by=by, policy=self.policy, **grade))

    def assign(self, ticket: str, *, to: str | None, by: str = "desk") -> Decision[Ticket]:
        """Give an open ticket to somebody, `to` a name or number of the library's own; None takes it back."""
        return self.move(ticket, lambda facts, at: decide.assign(facts, to=to, at=at, by=by))

    def diagnose(
        self, ticket: str, *, diagnosis: str, known_issue: str | None = None, by: str = "desk"
    ) -> Decision[Ticket]:
        """Write down what is wrong; with the identifier of a `known_issue`, that it is that one."""
        return self.move(
            ticket, lambda facts, at: decide.diagnose(facts, diagnosis=diagnosis, at=at, by=by, known_issue=known_issue)
        )

    def wait_for_parts(self, ticket: str, *, parts: str = "", by: str = "desk") -> Decision[Ticket]:
        """Let a repair wait for parts that were ordered; `parts` says which.

        Whether the target for resolving runs on meanwhile, the settings say (`equipment.parts_wait`).
        """
        return self.move(ticket, lambda facts, at: decide.wait_for_parts(facts, at=at, by=by, parts=parts))

    def start_repair(self, ticket: str, *, by: str = "desk") -> Decision[Ticket]:
        """Begin the repair of a ticket that was triaged or reopened, or go on with it when the parts have come."""
        return self.move(ticket, lambda facts, at: decide.start_repair(facts, at=at, by=by))

    def use_part(
        self, ticket: str, *, name: str, count: int = 1, price: Money | str | None = None, by: str = "desk"
    ) -> Decision[Ticket]:
        """Write down parts that were used; `price` is that of one, None when it is not known.

        Told by an alert: `asset.under_warranty`. Refused: `ticket.other_currency` where the ticket's costs so far are
        in another one. Raises `InvalidValue` for a count below 1, or a price below 0 or that cannot be read.
        """
        part = PartUsed(name, count, Money.parse(price) if isinstance(price, str) else price)
        return self.move(ticket, lambda facts, at: decide.use_part(facts, part, at=at, by=by, today=self.today(at)))

    def log_labor(self, ticket: str, *, minutes: int, note: str = "", by: str = "desk") -> Decision[Ticket]:
        """Write down work of `by`, in whole minutes; it costs what `equipment.labor_rate` says for an hour.

        Told by an alert: `asset.under_warranty`. Refused: `ticket.other_currency`. Raises `InvalidValue` below 1
        minute.
        """
        return self.move(
            ticket,
            lambda facts, at: decide.log_labor(
                facts, minutes=minutes, at=at, by=by, policy=self.policy, note=note, today=self.today(at)
            ),
        )

    def resolve(self, ticket: str, *, fix: str, by: str = "desk") -> Decision[Ticket]:
        """Say that it is fixed, and what helped; the asset is in service again, unless the settings wait for `close`.

        A maintenance ticket sets the next due date of its task. Refused as `equipment.resolve_needs` says:
        `ticket.fix_missing`, `ticket.diagnosis_missing`.
        """
        return self.move(
            ticket,
            lambda facts, at: decide.resolve(facts, fix=fix, at=at, by=by, policy=self.policy, today=self.today(at)),
        )

    def dismiss(self, ticket: str, *, why: str, by: str = "desk") -> Decision[Ticket]:
        """Close a ticket that is not in repair yet: a duplicate, or no fault found. It holds its asset no more.

        A task of maintenance is skipped so until it is due again.
        """
        return self.move(
            ticket,
            lambda facts, at: decide.dismiss(facts, why=why, at=at, by=by, policy=self.policy, today=self.today(at)),
        )

    def close(self, ticket: str, *, by: str = "desk") -> Decision[Ticket]:
        """Agree that a resolved ticket is fixed; it holds its asset out of service no more, if it still did."""
        return self.move(ticket, lambda facts, at: decide.close(facts, at=at, by=by))

    def reopen(self, ticket: str, *, why: str, by: str = "desk", override: Override | None = None) -> Decision[Ticket]:
        """Open a resolved or closed ticket again: the fault came back, and one of safety holds its asset again at once.

        Refused: `asset.retired`, and `ticket.reopening_late` for one closed more than `equipment.reopen_days` days ago,
        which the right `equipment.reopen_late` lifts.
        """
        return self.move(
            ticket,
            lambda facts, at: decide.reopen(
                facts, why=why, at=at, by=by, policy=self.policy, day_of=self.today, override=override
            ),
        )

    def retire(self, ticket: str, *, why: str, by: str = "desk") -> Decision[Ticket]:
        """Give the asset up: all its open tickets end, its maintenance stops, it is never booked or lent again."""
        return self.move(ticket, lambda facts, at: decide.retire(facts, why=why, at=at, by=by))

    def escalate(self, ticket: str, *, why: str = "", by: str = "desk") -> Decision[Ticket]:
        """Move an open ticket up a level, because a target was missed or, with a `why`, because somebody asks for it.

        The level is 1 when nobody responded in time, 2 when it is not resolved in time; only opening hours count. Who
        is told at each level, `equipment.escalate_to` says. Refused without a `why`: `escalation.not_due`.
        """
        return self.move(
            ticket,
            lambda facts, at: decide.escalate(
                facts, at=at, by=by, policy=self.policy, why=why, open_time=self.open_time
            ),
        )

    def escalate_due(self, *, by: str = "escalation") -> list[Ticket]:
        """Escalate every open ticket that missed a target since it was last looked at; returns those. Run it every
        hour.
        """
        answers = [self.escalate(ticket.id, by=by) for ticket in self.tickets()]
        return [answer.result for answer in answers if isinstance(answer, Permit)]

    # --- loading --------------------------------------------------------------------------------------------------

    def act(self, load: Callable[[Reads], Any], ask: Callable[[Any, datetime], Answer], ticket_id: str) -> Any:
        return self.shell.act(Errand(load, ask, lambda plan, facts, at, alerts: self.ticket(ticket_id)))

    def move(self, ticket: str, ask: Callable[[TicketFacts, datetime], Answer]) -> Decision[Ticket]:
        answer: Decision[Ticket] = self.act(lambda reads: self.ticket_facts(reads, ticket), ask, ticket)
        return answer

    def subject(self, reads: Reads, asset: str | None, item: str | None) -> dict[str, Any] | Refuse:
        """What a report is about: the asset, or the item and the asset it may be, with the open tickets."""
        not_both(asset, item)
        if item is not None:
            use = self.holders.item(reads, item)
            if isinstance(use, Reason):
                return Refuse((use,))
            item_id = ItemId(use.holder_id)
            link = reads.get(AssetOfItem, item_id)
            found = None if link is None else reads.get(Asset, link.asset_id)
            tickets = reads.find(Ticket, "by_item", item_id)
        else:
            if asset is None:
                raise InvalidValue("a ticket is about something: give the asset, or the item")
            found = self.asset_or_raise(reads, asset)
            item_id, tickets = found.item_id, reads.find(Ticket, "by_asset", asset)  # type: ignore[assignment]
        running = tuple(ticket for ticket in tickets if ticket.state.is_open)
        return {"asset": found, "item_id": item_id, "open_tickets": running}

    def ticket_facts(self, reads: Reads, ticket: str) -> TicketFacts:
        found = self.ticket_or_raise(reads, ticket)
        schedule = None if found.schedule is None else reads.get(MaintenanceSchedule, found.schedule)
        if found.asset_id is None:
            return TicketFacts(ticket=found, schedule=schedule)
        others = [one for one in reads.find(Ticket, "by_asset", found.asset_id) if one.id != found.id]
        return TicketFacts(
            ticket=found,
            asset=reads.get(Asset, found.asset_id),
            schedule=schedule,
            other_tickets=tuple(others),
            schedules=tuple(reads.find(MaintenanceSchedule, "by_asset", found.asset_id)),
        )

    def asset_facts(self, reads: Reads, asset: Asset, item: str | None) -> tuple[AssetFacts, Asset] | Refuse:
        if item is not None:
            use = self.holders.item(reads, item)
            if isinstance(use, Reason):
                return Refuse((use,))
            asset = evolve(asset, item_id=ItemId(use.holder_id))
        link = None if asset.item_id is None else reads.get(AssetOfItem, asset.item_id)
        return (
            AssetFacts(
                stored=reads.get(Asset, asset.id),
                asset_of_item=None if link is None else link.asset_id,
                out_of_service=reads.get(OutOfService, subject_key(asset=asset.id)),
            ),
            asset,
        )

    def asset_or_raise(self, reads: Reads, asset: str) -> Asset:
        found = reads.get(Asset, asset)
        if found is None:
            raise NotFound(f"no asset {asset!r} in the register: take it in with `register(id={asset!r}, ...)`")
        return found

    def ticket_or_raise(self, reads: Reads, ticket: str) -> Ticket:
        found = reads.get(Ticket, ticket)
        if found is None:
            raise NotFound(f"no ticket has the identifier {ticket!r}")
        return found

    def today(self, at: datetime) -> date:
        return self.book.calendar(self.library).service_day(at)

    def open_time(self, start: datetime, end: datetime) -> timedelta:
        return timedelta(minutes=self.book.calendar(self.library).open_minutes(start, end))


def not_both(asset: str | None, item: str | None) -> None:
    """Raises `InvalidValue` where it is not clear which is meant."""
    if asset is not None and item is not None:
        raise InvalidValue(f"asset {asset!r} and item {item!r} are both named: give the asset or the item")
