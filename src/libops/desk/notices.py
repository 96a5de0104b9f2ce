"""The mail desk: messages to patrons, and what waits in the outbox."""

from __future__ import annotations

from datetime import datetime

from libops.base.decisions import Decision, Reason, Refuse
from libops.desk.announcer import Announcer, Delivery
from libops.desk.holders import Holders
from libops.desk.reads import Reads
from libops.desk.shell import Errand, Shell
from libops.notices.decide import MessagePlan, write
from libops.notices.model import Message, OutboxEntry, OutboxState
from libops.patrons.model import Patron
from libops.storage.kinds import kind_of
from libops.storage.port import Find

__all__ = ["NoticeDesk"]


class NoticeDesk:
    """Messages. They are committed to the outbox first and handed to their channel after the commit."""

    def __init__(self, shell: Shell, announcer: Announcer, holders: Holders) -> None:
        self.shell = shell
        self.announcer = announcer
        self.holders = holders

    def send(self, *, patron: str, kind: str, subject: str, body: str, channel: str = "email") -> Decision[Message]:
        """Write to a patron. Refused when the patron has no address for the channel."""
        key = self.shell.ids()

        def load(reads: Reads) -> Patron | Refuse:
            use = self.holders.patron(reads, patron)
            if isinstance(use, Reason):
                return Refuse((use,))
            return self.holders.patron_or_raise(reads, use.holder_id)

        def decide(facts: Patron, at: datetime) -> Decision[MessagePlan]:
            return write(facts, key=key, kind=kind, channel=channel, subject=subject, body=body, at=at)

        return self.shell.act(
            Errand(
                load,
                decide,
                lambda plan, facts, at, alerts: plan.entry.message,
                lambda plan, facts, at: (plan.entry,),
            )
        )

    def waiting(self, *, limit: int = 500) -> list[OutboxEntry]:
        """Messages that have not gone out yet, the next one first."""
        return self.of_state(OutboxState.WAITING, limit)

    def failed(self, *, limit: int = 500) -> list[OutboxEntry]:
        """Messages that were given up."""
        return self.of_state(OutboxState.FAILED, limit)

    def deliver_due(self) -> Delivery:
        """Hand over every message whose time has come."""
        return self.announcer.deliver_due()

    def of_state(self, state: OutboxState, limit: int) -> list[OutboxEntry]:
        found = self.shell.storage.read([Find(kind_of(OutboxEntry), "by_next_try", (state,), limit=limit)])[0]
        return [row.record for row in found]
