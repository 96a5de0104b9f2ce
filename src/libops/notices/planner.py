"""The planner: what a patron is told of, when, and in which message. Pure: facts in, entries of the outbox out.

A rerun plans the same keys: a track of each loan or hold says which occasions were told, and is written together with
the entry. Occasions that belong together join the entry of their group that still waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import evolve, frozen

from libops.base.calendars import Calendar
from libops.base.ids import LibraryCode
from libops.notices.decide import address_of, channel_for
from libops.notices.model import Message, NoticeTrack, Occasion, OutboxEntry, OutboxState, Trigger
from libops.notices.policy import Digest, Notice, NoticePolicy, Timing
from libops.notices.timing import moments, send_time
from libops.patrons.model import Patron

__all__ = ["PlannedNotice", "Telling", "due_notices", "enter", "group_of", "notices_upon", "told", "worth_telling"]

NO_CHANNEL = "no channel reaches this patron: add an address, or a channel to the notice"


@frozen
class Telling:
    """What notices are about: the occasion without its key, whom it concerns, and the due date if there is one.

    `round` tells occasions of the same subject apart that may come again: a loan with another due date is late anew.
    """

    occasion: Occasion
    patron: Patron
    library: LibraryCode
    due: datetime | None = None
    round: str = ""


@frozen
class PlannedNotice:
    """One occasion with the notice it calls for and when that may go out."""

    notice: Notice
    occasion: Occasion
    moment: datetime
    send_at: datetime
    policy: NoticePolicy


def key_of(notice: Notice, telling: Telling, number: int) -> str:
    return f"{notice.template}:{telling.occasion.subject}:{telling.round}:{number}"


def due_notices(
    policy: NoticePolicy,
    telling: Telling,
    calendar: Calendar,
    *,
    at: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    trigger: Trigger = Trigger.DUE,
) -> tuple[PlannedNotice, ...]:
    """What a loan calls for before, at and after its due date, with a moment in `since < moment <= until`.

    `at` is now, and `until` too unless it is given. Of notices before the due date none is planned that could only go
    out once it has passed, also where quiet hours or closed days would put it off till then. With another `trigger` it
    is a booking's start, or the end of a membership, that `telling.due` says.
    """
    due = telling.due
    if due is None:
        return ()
    found = []
    for notice in policy.notices:
        before = notice.timing is Timing.BEFORE
        if notice.trigger is not trigger or (before and at >= due):
            continue
        for number, moment in moments(notice, due, calendar, until=until or at):
            if since is None or moment > since:
                planned = _planned(policy, notice, telling, number, moment, at, calendar)
                if not before:
                    found.append(planned)
                elif planned.send_at < due:
                    found.append(evolve(planned, occasion=evolve(planned.occasion, until=due)))
    return tuple(found)


def notices_upon(
    policy: NoticePolicy, trigger: Trigger, telling: Telling, calendar: Calendar, *, at: datetime
) -> tuple[PlannedNotice, ...]:
    """What is told when something happens."""
    return tuple(
        _planned(policy, notice, telling, 1, at, at, calendar) for notice in policy.notices if notice.trigger is trigger
    )


def _planned(
    policy: NoticePolicy,
    notice: Notice,
    telling: Telling,
    number: int,
    moment: datetime,
    at: datetime,
    calendar: Calendar,
) -> PlannedNotice:
    occasion = evolve(telling.occasion, key=key_of(notice, telling, number))
    return PlannedNotice(notice, occasion, moment, send_time(policy, notice, max(moment, at), calendar), policy)


def told(track: NoticeTrack | None, planned: Iterable[PlannedNotice]) -> tuple[PlannedNotice, ...]:
    """The notices that the track does not know yet."""
    known = () if track is None else track.told
    return tuple(each for each in planned if each.occasion.key not in known)


def worth_telling(occasions: Iterable[Occasion], at: datetime) -> tuple[Occasion, ...]:
    """What a message that goes out now tells of: nothing that is past, and each thing once, as it was told of last.

    Fees are told of one by one, for the patron owes each of them.
    """
    found: dict[tuple[Trigger, str], Occasion] = {}
    for occasion in occasions:
        if occasion.until is None or at < occasion.until:
            found[(occasion.trigger, occasion.subject if occasion.fee is None else occasion.key)] = occasion
    return tuple(found.values())


def group_of(planned: PlannedNotice, telling: Telling, channel: str, calendar: Calendar) -> str | None:
    """What an occasion must share with others to go into one message with them; None: it goes alone."""
    notice = planned.notice
    if notice.digest is Digest.NONE:
        return None
    parts = [telling.patron.id, notice.template, channel, telling.library]
    if notice.digest is Digest.DAY:
        parts.append(calendar.local(planned.send_at).date().isoformat())
    return "|".join(parts)


def enter(
    planned: PlannedNotice,
    telling: Telling,
    calendar: Calendar,
    *,
    at: datetime,
    waiting: Sequence[OutboxEntry] = (),
    policy: str = "",
) -> OutboxEntry | None:
    """The entry of the outbox for one notice: a waiting one of its group with the occasion added, or a new one.

    None when the patron wants no such notice. `policy` is the name of the notice policy. Where no channel reaches the
    patron the entry fails at once, so that somebody sees it.
    """
    patron, notice = telling.patron, planned.notice
    channel = channel_for(patron, notice)
    if channel is None:
        return None
    group = group_of(planned, telling, channel, calendar) if channel else None
    for entry in waiting:
        if entry.group is not None and entry.group == group:
            later = max(entry.next_try, planned.send_at) if notice.digest is Digest.SESSION else entry.next_try
            return evolve(entry, occasions=(*entry.occasions, planned.occasion), next_try=later)
    key = planned.occasion.key
    to = address_of(patron, channel)
    message = Message(key, patron.id, notice.template, channel, to, "", "", patron.language, at)
    state, error = (OutboxState.WAITING, "") if channel else (OutboxState.FAILED, NO_CHANNEL)
    occasions = (planned.occasion,)
    return OutboxEntry(
        key, message, state, planned.send_at, 0, error, patron.id, telling.library, group, occasions, policy
    )
