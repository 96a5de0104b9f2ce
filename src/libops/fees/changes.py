"""What each event changes: the account line, what is open of it, and the patron's balance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from libops.base.errors import InvalidValue
from libops.base.events import Change, Changes, Drop, Put, Records
from libops.base.ids import AccountLineId
from libops.fees.events import EVENT_OF, FineCounted, LinesForgotten, LineWritten
from libops.fees.model import AccountLine, LoanFine, OpenCharge, OpenCredit
from libops.patrons.standing import Standing, owing

__all__ = ["CHANGES", "fine_counted", "line_written"]


def line_written(event: LineWritten, records: Records) -> Iterator[Change]:
    """The new line, the open charges and credits that it moves, and the patron's standing."""
    line = event.line
    yield Put(line)
    charges, credits = line.moves
    yield from _moved(OpenCharge, charges, line, records)
    yield from _moved(OpenCredit, credits, line, records)
    standing = records.get(Standing, line.patron_id) or Standing(line.patron_id)
    yield Put(owing(standing, line.amount.amount))


def fine_counted(event: FineCounted, _: Records) -> Iterator[Change]:
    """What the loan has been fined so far."""
    yield Put(LoanFine(event.loan_id, event.patron_id, event.period, event.total, event.lines, event.charge))


def lines_forgotten(event: LinesForgotten, _: Records) -> Iterator[Change]:
    """The lines as they are told now; the balance stays as it was."""
    yield from map(Put, (*event.lines, *event.charges, *event.credits))


def _moved(
    cls: type[OpenCharge] | type[OpenCredit], moves: Mapping[AccountLineId, int], line: AccountLine, records: Records
) -> Iterator[Change]:
    for key, by in moves.items():
        if by:
            known = records.get(cls, key)
            now = cls.of(_source(key, line, records), by) if known is None else known.moved(by)
            if now.open.amount:
                yield Put(now)
            elif known is not None:
                yield Drop(cls, key)


def _source(key: AccountLineId, line: AccountLine, records: Records) -> AccountLine:
    """The line that an open amount which was not there before comes from: this one, or the one a void frees again."""
    if line.account_id == key:
        return line
    source = records.get(AccountLine, key)
    if source is None:
        raise InvalidValue(f"line {line.id!r} moves line {key!r}, which was not loaded with it")
    return source


CHANGES: Changes = {
    FineCounted: fine_counted,
    LinesForgotten: lines_forgotten,
    **dict.fromkeys(EVENT_OF.values(), line_written),
}
