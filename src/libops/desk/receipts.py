"""Receipts: what a patron takes home from the desk, as text, as HTML, and as a value.

In a notebook a receipt shows itself as HTML.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from attrs import field, frozen

from libops.base.cards import html_card, html_pairs
from libops.base.decisions import Reason, Step
from libops.base.money import Money
from libops.desk.holds.receipts import Slip, aligned, printed

__all__ = ["Receipt"]

WITH_DUE = ("check_out", "renew", "change_due")


@frozen(weakref_slot=False)
class Receipt:
    """What was done at the desk.

    `act` is what was done, such as `check_out`, `check_in`, `pay` or `declare_lost`; times are UTC and are shown in
    the library's `zone`. `steps` say how the due date came about when that was asked for; `rule` and `policy` name the
    circulation rule and the settings that decided. `hold_for`, `keep_until` and `send_to` say where a returned item
    goes, `credited` what goes back for one that counted as lost, or to another account. `method` is how money changed
    hands. `preview` is set on the answer of a preview, and
    handed back to act on just that. It is printed in the patron's `language`, else the library's, else English; its
    slip in `slip_language`, that of who reads it. `alerts` are what the desk was told, in the desk's language.
    """

    act: str
    at: datetime
    library: str
    zone: tzinfo = field(repr=False)
    patron: str = ""
    card: str = ""
    title: str = ""
    barcode: str = ""
    call_number: str = ""
    loan_id: str = ""
    due: datetime | None = None
    charged: tuple[tuple[str, Money], ...] = ()
    paid: Money | None = None
    balance: Money | None = None
    hold_for: str = ""
    keep_until: datetime | None = None
    send_to: str = ""
    alerts: tuple[Reason, ...] = ()
    steps: tuple[Step, ...] = ()
    rule: str = ""
    policy: str = ""
    preview: str = ""
    credited: tuple[tuple[str, Money], ...] = ()
    language: str = "en"
    slip_language: str = ""
    method: str = ""

    def local(self, at: datetime) -> str:
        """An instant as the library's clocks show it, in the language of the receipt."""
        return printed(self.language, self.zone).moment(at)

    def lines(self) -> list[tuple[str, str]]:
        """What the receipt says, as pairs of a label and a text."""
        words = printed(self.language, self.zone)
        due = "" if self.act not in WITH_DUE else words.report("receipt.no_due")
        what = [
            ("library", self.library),
            ("patron", words.person(self.patron, self.card)),
            ("item", self.title),
            ("barcode", self.barcode),
            ("call_number", self.call_number),
            ("due", due if self.due is None or not due else words.moment(self.due)),
            ("hold_for", self.hold_for),
            ("keep_until", "" if self.keep_until is None else words.moment(self.keep_until)),
            ("send_to", self.send_to),
        ]
        money = [
            (words.report(f"receipt.{how}", what=words.line(cause)), words.shown(amount))
            for how, moved in (("charged", self.charged), ("credited", self.credited))
            for cause, amount in moved
        ]
        sums = [
            ("paid", "" if self.paid is None else words.shown(self.paid)),
            ("method", words.method(self.method)),
            ("balance", "" if self.balance is None else words.shown(self.balance)),
            *(("note", str(alert)) for alert in self.alerts),
        ]
        return [(words.act(self.act), words.moment(self.at)), *words.pairs(*what), *money, *words.pairs(*sums)]

    def slip(self) -> Slip | None:
        """The slip to lay into an item that was taken back: for the hold shelf, or for its way; None for neither.

        The one for the way, which strangers may read, does not name the patron.
        """
        words = printed(self.slip_language or self.language, self.zone)
        what = (("item", self.title), ("barcode", self.barcode), ("call_number", self.call_number))
        if self.send_to:
            why = words.report("receipt.why.hold") if self.hold_for else ""
            lines = words.pairs(*what, ("from", self.library), ("sent", words.day(self.at)), ("why", why))
            return Slip("transit", words.report("receipt.to", library=self.send_to), tuple(lines), words.language)
        if self.hold_for:
            until = words.report("receipt.for_good") if self.keep_until is None else words.moment(self.keep_until)
            lines = words.pairs(("keep_until", until), *what, ("at", self.library))
            return Slip("hold", self.hold_for, tuple(lines), words.language)
        return None

    def __str__(self) -> str:
        return aligned(self.lines(), self.language)

    def html(self) -> str:
        """The receipt as a piece of HTML that needs no style sheet."""
        return html_card([html_pairs(self.lines())], language=self.language)

    def _repr_html_(self) -> str:
        return self.html()
