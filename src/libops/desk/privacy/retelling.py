"""What stays with a patron of loans and holds that are forgotten, told anew: the pure part.

The log keeps its order, and what an act did to the patron stands in it beside what the act did to the item. So lines
of the account and suspensions are taken out of their places and told anew at the end, to the day, under identifiers of
their own: a line's identifier names its loan, or tells the millisecond it was made in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from attrs import evolve, frozen

from libops.base.events import Event
from libops.base.ids import PatronId
from libops.circulation.decide.returns import SUSPENSION
from libops.desk.privacy.forgetting import Telling, forgotten
from libops.fees.events import FineCounted, LinesForgotten, LineWritten
from libops.fees.model import AccountLine, OpenCharge, OpenCredit
from libops.patrons.events import BlockLifted, BlockPlaced, HistoryForgotten, PatronChanged
from libops.patrons.model import Block, Patron
from libops.storage.port import Logged, Rewrite

__all__ = ["Account", "Retold", "counted_meanwhile", "fines_forgotten", "lines_retold", "suspensions_retold"]

BY = "run-due"


@frozen
class Account:
    """What is known of a patron before something is forgotten: the stream, and what stands on the account."""

    patron_id: PatronId
    stream: Sequence[Logged]
    lines: Sequence[AccountLine]
    charges: Sequence[OpenCharge]
    credits: Sequence[OpenCredit]


@frozen
class Retold:
    """Events to log, events to take out or to change, and records whose keys are no more.

    Those in `moved` are told in the places of others, and leave records as those that are logged.
    """

    events: tuple[Event, ...] = ()
    rewrites: tuple[Rewrite, ...] = ()
    dropped: tuple[tuple[type[Any], str], ...] = ()
    moved: tuple[Rewrite, ...] = ()

    def __add__(self, other: Retold) -> Retold:
        return Retold(
            self.events + other.events,
            self.rewrites + other.rewrites,
            self.dropped + other.dropped,
            self.moved + other.moved,
        )


def lines_retold(account: Account, own: Collection[str], telling: Telling) -> Retold:
    """Lines of forgotten loans and holds without what they were for, with all lines that were settled with them."""
    if not own:
        return Retold()
    ordered = dict.fromkeys(line.id for entry in account.stream for line in lines_of(entry.event) if line.id in own)
    # A statement sorts the lines of one time by their identifiers: a charge stands before what settles it.
    names: dict[str, str] = dict(zip(ordered, sorted(telling.name() for _ in ordered), strict=True))
    entries = settled_together(account.stream, own)
    lines = [line for entry in entries for line in lines_of(entry.event)]
    known = {line.id for line in lines}
    charges, credits = (
        tuple([nameless(each, names, telling) for each in found if each.id in known])
        for found in (account.charges, account.credits)
    )
    told = LinesForgotten(
        telling.at,
        BY,
        account.patron_id,
        tuple([nameless(line, names, telling) for line in lines]),
        charges,
        credits,
    )
    dropped = [
        (type(each), each.id)
        for found in (account.lines, account.charges, account.credits)
        for each in found
        if each.id in names
    ]
    return Retold((told,), tuple(map(telling.gap, entries)), tuple(dropped))


def settled_together(stream: Sequence[Logged], own: Collection[str]) -> list[Logged]:
    """The entries that tell of these lines, and of lines that these are settled by, and so on."""
    about = {entry.position: mentioned(entry.event) for entry in stream}
    known, found = set(own), set[int]()
    reached = [position for position, lines in about.items() if lines & known]
    while reached:
        found.update(reached)
        for position in reached:
            known |= about[position]
        reached = [position for position, lines in about.items() if position not in found and lines & known]
    return [entry for entry in stream if entry.position in found]


def lines_of(event: Event) -> tuple[AccountLine, ...]:
    if isinstance(event, LineWritten):
        return (event.line,)
    return event.lines if isinstance(event, LinesForgotten) else ()


def mentioned(event: Event) -> set[str]:
    """Every line that an event of the account names."""
    found: set[str] = set()
    for line in lines_of(event):
        found |= {line.id, line.account_id, *([] if line.of is None else [line.of])}
        for part in (*line.allocations, *line.undone):
            found |= {part.charge, part.credit}
    return found


def nameless(told: Any, names: Mapping[str, str], telling: Telling) -> Any:
    """A line, or what is open of one, with the new identifiers; one that is forgotten without what it was for."""
    found = forgotten(told, names, cut=None)
    if told.id not in names:
        return found
    if isinstance(found, AccountLine):
        other = None if found.other_patron is None else PatronId("")
        return evolve(found, loan_id=None, item_id=None, note="", at=telling.day(found.at), other_patron=other)
    found = evolve(found, since=telling.day(found.since))
    return evolve(found, loan_id=None, item_id=None) if isinstance(found, OpenCharge) else found


def fines_forgotten(account: Account, loans: Collection[str], telling: Telling) -> Retold:
    """How the fines of these loans were counted is nobody's business any more."""
    counted = [
        entry for entry in account.stream if isinstance(entry.event, FineCounted) and entry.event.loan_id in loans
    ]
    return Retold(rewrites=tuple(map(telling.gap, counted)))


def counted_meanwhile(stream: Iterable[Logged], entries: Sequence[Logged]) -> bool:
    """Whether the patron's counters were told anew between these events of a loan or hold, which was open then."""
    told = (entry.position for entry in stream if isinstance(entry.event, HistoryForgotten))
    return bool(entries) and any(entries[0].position < position < entries[-1].position for position in told)


def suspensions_retold(account: Account, patron: Patron | None, loans: Iterable[str], telling: Telling) -> Retold:
    """Suspensions that these loans earned, under names that do not say which loan it was."""
    names = {f"{SUSPENSION}{loan}": f"{SUSPENSION}{telling.name()}" for loan in loans}

    def renamed(blocks: Iterable[Block]) -> tuple[Block, ...]:
        return tuple([forgotten(block, names, cut=None) if block.id not in names else plain(block) for block in blocks])

    def plain(block: Block) -> Block:
        return evolve(block, id=names[block.id], placed_at=telling.day(block.placed_at))

    rewrites: list[Rewrite] = []
    for entry in account.stream:
        event = entry.event
        if isinstance(event, BlockPlaced) and event.block.id in names:
            rewrites.append(telling.gap(entry))
        elif isinstance(event, BlockLifted) and event.block_id in names:
            rewrites.append(Rewrite(entry.position, forgotten(event, names, cut=None)))
        elif isinstance(event, PatronChanged) and any(block.id in names for block in event.patron.blocks):
            after = evolve(event.patron, blocks=renamed(event.patron.blocks))
            rewrites.append(Rewrite(entry.position, evolve(event, patron=after)))
    if patron is None or not any(block.id in names for block in patron.blocks):
        return Retold(rewrites=tuple(rewrites))
    changed = PatronChanged(telling.at, BY, patron.id, evolve(patron, blocks=renamed(patron.blocks)))
    return Retold((changed,), tuple(rewrites))
