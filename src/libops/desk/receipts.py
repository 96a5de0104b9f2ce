"""Receipts: what a patron takes home from the desk, as text, as HTML, and as a value.

In a notebook a receipt shows itself as HTML.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from attrs import field, frozen

from libops.base.cards import html_card, html_pairs
from libops.base.decisions import Reason, Step
from libops.base.money import Money
from libops.desk.hold_receipts import Slip

__all__ = ["Receipt"]

TITLES = {
    "check_out": "Checked out",
    "renew": "Renewed",
    "change_due": "New due date",
    "check_in": "Checked in",
    "declare_lost": "Declared lost",
    "age_to_lost": "Counted as lost",
    "bill": "Loss charged",
    "settle": "Loss settled",
    "claim_returned": "Claimed returned",
    "claim_never_had": "Claimed never had",
    "resolve_claim": "Given up as missing",
    "pay": "Payment",
}
WITH_DUE = ("check_out", "renew", "change_due")


@frozen(weakref_slot=False)
class Receipt:
    """What was done at the desk.

    `act` is what was done, such as `check_out`, `check_in`, `pay` or `declare_lost`; times are UTC and are shown in
    the library's `zone`. `steps` say how the due date came about when that was asked for; `rule` and `policy` name the
    circulation rule and the settings that decided. `hold_for`, `keep_until` and `send_to` say where a returned item
    goes, `credited` what goes back for one that counted as lost. `preview` is set on the answer of a preview, and
    handed back to act on just that.
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

    def local(self, at: datetime) -> str:
        """An instant as the library's clocks show it."""
        return f"{at.astimezone(self.zone):%a %Y-%m-%d %H:%M}"

    def lines(self) -> list[tuple[str, str]]:
        """What the receipt says, as pairs of a label and a text."""
        found = [
            (TITLES.get(self.act) or self.act.replace("_", " ").capitalize(), self.local(self.at)),
            ("Library", self.library),
        ]
        if self.patron:
            found.append(("Patron", f"{self.patron} ({self.card})" if self.card else self.patron))
        if self.title:
            found.append(("Item", self.title))
        if self.barcode:
            found.append(("Barcode", self.barcode))
        if self.call_number:
            found.append(("Call number", self.call_number))
        if self.act in WITH_DUE:
            found.append(("Due", "no due date" if self.due is None else self.local(self.due)))
        if self.hold_for:
            found.append(("Hold for", self.hold_for))
        if self.keep_until is not None:
            found.append(("Keep until", self.local(self.keep_until)))
        if self.send_to:
            found.append(("Send to", self.send_to))
        found += [(f"Charged: {what}", str(amount)) for what, amount in self.charged]
        found += [(f"Credited: {what}", str(amount)) for what, amount in self.credited]
        if self.paid is not None:
            found.append(("Paid", str(self.paid)))
        if self.balance is not None:
            found.append(("Balance", str(self.balance)))
        found += [("Note", str(alert)) for alert in self.alerts]
        return found

    def slip(self) -> Slip | None:
        """The slip to lay into an item that was taken back: for the hold shelf, or for its way; None for neither.

        The one for the way, which strangers may read, does not name the patron.
        """
        what = [("Item", self.title), ("Barcode", self.barcode), ("Call number", self.call_number)]
        if self.send_to:
            why = [("Why", "hold")] if self.hold_for else []
            lines = [*what, ("From", self.library), ("Sent", f"{self.at.astimezone(self.zone):%Y-%m-%d}"), *why]
            return Slip("transit", f"To {self.send_to}", tuple(line for line in lines if line[1]))
        if self.hold_for:
            until = "for good" if self.keep_until is None else self.local(self.keep_until)
            lines = [("Keep until", until), *what, ("At", self.library)]
            return Slip("hold", self.hold_for, tuple(line for line in lines if line[1]))
        return None

    def __str__(self) -> str:
        return "\n".join(f"{label + ':':<14} {text}" for label, text in self.lines())

    def html(self) -> str:
        """The receipt as a piece of HTML that needs no style sheet."""
        return html_card([html_pairs(self.lines())])

    def _repr_html_(self) -> str:
        return self.html()
