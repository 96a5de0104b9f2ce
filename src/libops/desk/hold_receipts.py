"""What the desk hands over about holds: receipts, and slips to lay into the item, as data, text and HTML."""

from __future__ import annotations

from datetime import datetime, tzinfo

from attrs import field, frozen

from libops.base.cards import html_card, html_pairs
from libops.base.decisions import Reason
from libops.circulation.model import Hold

__all__ = ["HoldReceipt", "Slip"]


@frozen
class HoldReceipt:
    """What was done about a hold.

    `holds` are those that were placed or changed, as they are afterwards; one that ended as it was. `title` is that of
    the item that was caught, else of the first title asked for. `request` is `page`, `hold` or `recall`. `keep_until`
    is the last instant of an item on the hold shelf, `send_to` where the item goes.
    """

    act: str
    at: datetime
    library: str
    zone: tzinfo = field(repr=False)
    holds: tuple[Hold, ...]
    patron: str
    card: str
    title: str
    request: str = ""
    keep_until: datetime | None = None
    send_to: str = ""
    recalled_due: datetime | None = None
    alerts: tuple[Reason, ...] = ()
    preview: str = ""

    @property
    def hold(self) -> Hold:
        """The hold, or the first of several."""
        return self.holds[0]

    def local(self, at: datetime) -> str:
        """An instant as the library's clocks show it."""
        return f"{at.astimezone(self.zone):%a %Y-%m-%d %H:%M}"

    def others(self) -> str:
        """How many other titles a hold that waits would take as well."""
        count = len(set(self.hold.target_bibs)) - 1
        return f" (or one of {count} more)" if count and self.hold.item_id is None else ""

    def lines(self) -> list[tuple[str, str]]:
        """What the receipt says, as pairs of a label and a text."""
        hold = self.hold
        lines = [
            (self.act.replace("_", " ").capitalize(), self.local(self.at)),
            ("Patron", f"{self.patron} ({self.card})" if self.card else self.patron),
            ("Title", self.title + self.others()),
            ("Hold", ", ".join(each.id for each in self.holds)),
            ("Pickup at", hold.pickup_library),
        ]
        if hold.suspended(self.at):
            until = hold.suspended_until
            lines.append(("Suspended", "until it is resumed" if until is None else f"until {self.local(until)}"))
        if self.recalled_due is not None:
            lines.append(("Recalled", f"the loan that ends first is now due {self.local(self.recalled_due)}"))
        if self.keep_until is not None:
            lines.append(("Keep until", self.local(self.keep_until)))
        if self.send_to:
            lines.append(("Send to", self.send_to))
        return [*lines, *(("Note", str(alert)) for alert in self.alerts)]

    def __str__(self) -> str:
        return "\n".join(f"{label + ':':<14} {text}" for label, text in self.lines())

    def _repr_html_(self) -> str:
        return html_card([html_pairs(self.lines())])


@frozen
class Slip:
    """A slip of paper for an item: `kind` is `pull`, `hold` or `transit`; `lines` are pairs of a label and a text."""

    kind: str
    heading: str
    lines: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return "\n".join([self.heading, *(f"{label + ':':<14} {text}" for label, text in self.lines)])

    def html(self) -> str:
        """The slip as a piece of HTML that needs no style sheet; every text is escaped."""
        return html_card([html_pairs(self.lines)], heading=self.heading)

    def _repr_html_(self) -> str:
        return self.html()
