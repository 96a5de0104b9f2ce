"""Reading an account: what became of each charge, and the statement a patron can follow line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo

from attrs import field, frozen

from libops.base.cards import html_card, html_grid
from libops.base.errors import InvalidValue
from libops.base.ids import AccountLineId, PatronId
from libops.base.money import Money
from libops.base.spoken import Say, english_of
from libops.fees.model import PAID_KINDS, AccountLine, Cause, LineKind

__all__ = [
    "ChargeHistory",
    "PaidPart",
    "Statement",
    "StatementRow",
    "charge_histories",
    "net_allocations",
    "statement",
    "voided_lines",
]


def english(key: str, /, **facts: object) -> str:
    """A word of a statement in English."""
    return english_of("libops.fees")[key].format_map(facts)


@frozen
class PaidPart:
    """What one credit line paid of a charge, in minor units: by whom (empty for the patron) and when.

    `outside` says that an account outside the library took the debt over, so that a refund goes there.
    """

    credit: AccountLineId
    payer: str
    at: datetime
    amount: int
    outside: bool


@frozen
class ChargeHistory:
    """What became of one charge, in minor units: charged in all, still open, and how the rest was settled.

    `lowered` is what credits tied to the charge took off, `credited` what free credits settled, `moved` what another
    patron took over. `refunded` maps each payer to what went back to them.
    """

    line: AccountLine
    charged: int
    open: int
    paid: tuple[PaidPart, ...] = ()
    waived: int = 0
    written_off: int = 0
    lowered: int = 0
    credited: int = 0
    moved: int = 0
    refunded: Mapping[str, int] = {}
    voided: bool = False

    @property
    def refundable(self) -> tuple[PaidPart, ...]:
        """What was paid and has not gone back yet, oldest payment first."""
        back = dict(self.refunded)
        parts = []
        for part in self.paid:
            taken = min(back.get(part.payer, 0), part.amount)
            back[part.payer] = back.get(part.payer, 0) - taken
            if taken < part.amount:
                parts.append(PaidPart(part.credit, part.payer, part.at, part.amount - taken, part.outside))
        return tuple(parts)


def voided_lines(lines: Iterable[AccountLine]) -> frozenset[AccountLineId]:
    """The lines that a void undid."""
    return frozenset(line.of for line in lines if line.kind is LineKind.VOID and line.of is not None)


def net_allocations(lines: Iterable[AccountLine]) -> dict[AccountLineId, dict[AccountLineId, int]]:
    """For each charge (or payout) how many minor units each credit settles of it, what was undone taken out."""
    settled: dict[AccountLineId, dict[AccountLineId, int]] = {}
    for line in lines:
        for sign, allocations in ((1, line.allocations), (-1, line.undone)):
            for part in allocations:
                by_credit = settled.setdefault(part.charge, {})
                by_credit[part.credit] = by_credit.get(part.credit, 0) + sign * part.amount
    return settled


def charge_histories(lines: Iterable[AccountLine]) -> dict[AccountLineId, ChargeHistory]:
    """What became of each charge among a patron's lines, in the order they were written.

    The lines must be those of one patron and include every credit that settled one of the charges.
    """
    every = tuple(lines)
    by_id = {line.id: line for line in every}
    voided = voided_lines(every)
    charged: dict[AccountLineId, int] = {}
    settled = net_allocations(every)
    refunded: dict[AccountLineId, dict[str, int]] = {}
    for line in every:
        if line.amount.amount > 0:
            charged[line.account_id] = charged.get(line.account_id, 0) + line.amount.amount
        if line.kind is LineKind.REFUND and line.of is not None and line.id not in voided:
            by_payer = refunded.setdefault(line.of, {})
            by_payer[line.payer] = by_payer.get(line.payer, 0) - line.amount.amount
    return {
        key: _history(by_id[key], amount, settled.get(key, {}), refunded.get(key, {}), by_id, key in voided)
        for key, amount in charged.items()
    }


def _history(
    line: AccountLine,
    charged: int,
    settled: Mapping[AccountLineId, int],
    refunded: Mapping[str, int],
    by_id: Mapping[AccountLineId, AccountLine],
    voided: bool,
) -> ChargeHistory:
    paid: list[PaidPart] = []
    sums = {"waived": 0, "written_off": 0, "lowered": 0, "credited": 0, "moved": 0}
    for key, amount in settled.items():
        if amount == 0:
            continue
        credit = by_id.get(key)
        if credit is None:
            raise InvalidValue(f"credit line {key!r} settled charge {line.id!r} but is not among the lines given")
        if credit.kind in PAID_KINDS and credit.other_patron is None:
            outside = credit.kind is LineKind.TRANSFER
            paid.append(PaidPart(key, credit.payer, credit.at, amount, outside))
        elif credit.kind is not LineKind.VOID:
            sums[_settled_as(credit)] += amount
    paid.sort(key=lambda part: (part.at, part.credit))
    left = charged - sum(settled.values())
    return ChargeHistory(line, charged, left, tuple(paid), refunded=refunded, voided=voided, **sums)


def _settled_as(credit: AccountLine) -> str:
    if credit.kind is LineKind.WAIVER:
        return "waived"
    if credit.kind is LineKind.WRITE_OFF:
        return "written_off"
    if credit.kind is LineKind.TRANSFER:
        return "moved"
    return "credited" if credit.of is None else "lowered"


@frozen
class StatementRow:
    """A line and the balance after it."""

    line: AccountLine
    balance: Money


@frozen
class Statement:
    """A patron's account as it is printed: each line with the balance after it, and the balance now.

    Times are UTC; their days are shown as the clocks of `zone` have them, and all in the words of `say`.
    """

    patron_id: PatronId
    rows: tuple[StatementRow, ...]
    balance: Money
    zone: tzinfo = field(default=UTC, repr=False)
    say: Say = field(default=english, repr=False, eq=False)

    def day(self, at: datetime) -> str:
        """The day of an instant in the library."""
        return self.say("statement.value", value=at.astimezone(self.zone).date())

    def cells(self) -> list[tuple[str, str, str, str]]:
        """Of each line its day, what it is, its amount, and the balance after it."""
        return [
            (
                self.day(row.line.at),
                self.title(row.line),
                self.say("statement.value", value=row.line.amount),
                self.say("statement.value", value=row.balance),
            )
            for row in self.rows
        ]

    def title(self, line: AccountLine) -> str:
        """What a line is, what it is for, and what was noted when a fee was charged by hand.

        Why something was waived or undone is for the staff.
        """
        what = self.say(f"account.{line.kind.value}")
        if line.cause is not None:
            what = self.say("statement.line", kind=what, cause=self.say(f"account.{line.cause.value}"))
        # The note of a reminder is the name of its letter.
        noted = line.kind is LineKind.CHARGE and line.cause is not Cause.REMINDER and line.note
        return self.say("statement.noted", what=what, note=line.note) if noted else what

    def __str__(self) -> str:
        cells = self.cells()
        width = max((len(amount) for _, _, amount, _ in cells), default=0)
        room = max((len(title) + 1 for _, title, _, _ in cells), default=0)
        shown = [f"{day}  {title:<{max(room, 24)}}{amount:>{width}}  {after}" for day, title, amount, after in cells]
        return "\n".join([*shown, self.say("statement.total", balance=self.balance)])

    def html(self) -> str:
        """The account as a piece of HTML that needs no style sheet."""
        cells, names = self.cells(), ("day", "what", "amount", "balance")
        grid = html_grid([self.say(f"statement.{name}") for name in names], cells)
        heading = self.say("statement.heading", balance=self.balance)
        return html_card([grid] if cells else [], heading=heading, language=self.say("language"))

    def _repr_html_(self) -> str:
        return self.html()


def statement(
    patron_id: PatronId, lines: Iterable[AccountLine], *, currency: str, zone: tzinfo = UTC, say: Say = english
) -> Statement:
    """A patron's lines in the order of their time, each with the balance after it; `zone` is the library's.

    `say` brings the words of another language, with its dates and amounts; at the desk `ops.fees.statement` does.
    Raises `InvalidValue` for a line of another patron or another currency.
    """
    balance = Money(0, currency)
    rows = []
    for line in sorted(lines, key=lambda each: (each.at, each.id)):
        if line.patron_id != patron_id:
            raise InvalidValue(f"line {line.id!r} is of patron {line.patron_id!r}, not of {patron_id!r}")
        balance += line.amount
        rows.append(StatementRow(line, balance))
    return Statement(patron_id, tuple(rows), balance, zone, say)
