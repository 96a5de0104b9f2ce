"""What the repair shop knows beforehand: known issues, and the maintenance that comes back."""

from __future__ import annotations

from datetime import date, datetime

from libops.base.decisions import Decision, Permit
from libops.base.errors import NotFound
from libops.base.ids import AssetId, TicketId
from libops.base.periods import Period
from libops.desk.equipment.tickets import Answer, TicketDesk
from libops.desk.reads import Reads
from libops.desk.shell import Errand
from libops.equipment import decide
from libops.equipment.model import (
    Asset,
    KnownIssue,
    Likeness,
    MaintenanceSchedule,
    Ticket,
    find_known_issues,
)
from libops.storage.kinds import kind_of
from libops.storage.rebuild import every

__all__ = ["MaintenanceDesk"]


class MaintenanceDesk(TicketDesk):
    """Known issues and maintenance. `schedule` is its identifier; one that is not there raises `NotFound`."""

    def record_known_issue(
        self, *, title: str, symptom: str, diagnosis: str = "", fix: str = "", kind: str = "", by: str = "desk"
    ) -> Decision[KnownIssue]:
        """Write down a fault that was understood, so that `known_issues` finds it the next time; never refused.

        Args:
            title: what people call it: "Paper jam in tray 2".
            symptom: how it shows, in the words that people report it in.
            diagnosis: what it is.
            fix: what helps.
            kind: the kind of asset that has it, as the register writes it; any when left out.
            by: who wrote it, for the log.
        """
        issue = KnownIssue(id=self.shell.ids(), title=title, symptom=symptom, diagnosis=diagnosis, fix=fix, kind=kind)
        return self.shell.act(
            Errand(
                lambda reads: issue,
                lambda facts, at: decide.record_known_issue(facts, at=at, by=by),
                lambda plan, facts, at, alerts: facts,
            )
        )

    def known_issues(self, symptom: str, *, kind: str = "", limit: int = 5) -> tuple[Likeness, ...]:
        """Known issues that share words with a symptom, the likeliest first, at most `limit` of them.

        Case, accents and plurals do not count; with a `kind` of asset only issues of that kind, or of any. Each comes
        with its score, for comparing only, and the words in common.
        """
        issues = every(self.shell.storage, kind_of(KnownIssue))
        return find_known_issues(issues, symptom, kind=kind, limit=limit)

    def schedule_maintenance(
        self, asset: str, *, task: str, every: Period | str, first_due: date, lead_days: int = 0, by: str = "desk"
    ) -> Decision[MaintenanceSchedule]:
        """Plan a task that comes back on an asset; the nightly run opens its ticket, `lead_days` before it is due.

        Args:
            asset: identifier of the asset.
            task: what is to be done; the symptom of its tickets.
            every: how often, in days, weeks, months or years: `"6 months"`.
            first_due: the first day it is due.
            lead_days: how many days before that its ticket is opened.
            by: who plans it, for the log.

        Refused: `asset.retired`. Raises `NotFound` for an unknown asset, `InvalidValue` for a period of hours or of
        nothing.
        """
        schedule = MaintenanceSchedule(
            id=self.shell.ids(),
            asset_id=AssetId(asset),
            task=task,
            every=Period.parse(every) if isinstance(every, str) else every,
            next_due=first_due,
            first_due=first_due,
            lead_days=lead_days,
        )
        return self.shell.act(
            Errand(
                lambda reads: self.asset_or_raise(reads, asset),
                lambda facts, at: decide.schedule_maintenance(facts, schedule, at=at, by=by),
                lambda plan, facts, at, alerts: schedule,
            )
        )

    def maintenance(self, *, asset: str | None = None) -> list[MaintenanceSchedule]:
        """The tasks that come back, of one asset or of all, those that are due first ahead."""
        if asset is None:
            found = list(every(self.shell.storage, kind_of(MaintenanceSchedule)))
        else:
            found = Reads(self.shell.storage).find(MaintenanceSchedule, "by_asset", asset)
        return sorted(found, key=lambda one: (one.next_due, one.id))

    def stop_maintenance(self, schedule: str, *, by: str = "desk") -> Decision[MaintenanceSchedule]:
        """Let a task not come back any more, and return it as it was; never refused.

        A ticket that is open for it stays: resolve or dismiss it.
        """
        return self.shell.act(
            Errand(
                lambda reads: self.schedule_or_raise(reads, schedule),
                lambda facts, at: decide.stop_maintenance(facts, at=at, by=by),
                lambda plan, facts, at, alerts: facts,
            )
        )

    def open_maintenance(self, schedule: str, *, by: str = "maintenance") -> Decision[Ticket]:
        """Open the ticket of a task that is due; `schedule` is its identifier.

        Refused: `maintenance.not_due`, `maintenance.ticket_open` while its last one is open, `asset.retired`.
        """
        ticket_id = TicketId(self.shell.ids())

        def load(reads: Reads) -> tuple[MaintenanceSchedule, Asset]:
            found = self.schedule_or_raise(reads, schedule)
            return found, self.asset_or_raise(reads, found.asset_id)

        def ask(facts: tuple[MaintenanceSchedule, Asset], at: datetime) -> Answer:
            return decide.open_maintenance(
                *facts, today=self.today(at), ticket_id=ticket_id, at=at, by=by, policy=self.policy
            )

        answer: Decision[Ticket] = self.act(load, ask, ticket_id)
        return answer

    def open_due_maintenance(self, *, by: str = "maintenance") -> list[Ticket]:
        """Open the ticket of every task that is due, each once, and hand out those. The nightly run does so as well."""
        answers = [self.open_maintenance(schedule.id, by=by) for schedule in self.maintenance()]
        return [answer.result for answer in answers if isinstance(answer, Permit)]

    def schedule_or_raise(self, reads: Reads, schedule: str) -> MaintenanceSchedule:
        found = reads.get(MaintenanceSchedule, schedule)
        if found is None:
            raise NotFound(f"no maintenance is scheduled under {schedule!r}")
        return found
