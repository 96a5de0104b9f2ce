"""What the desk hands over about holds: receipts, and slips to lay into the item, as data, text and HTML."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from attrs import field, frozen

from libops.base.cards import html_card, html_pairs, text_pairs
from libops.base.decisions import Reason
from libops.circulation.model import Hold
from libops.desk.words import read_by

if TYPE_CHECKING:
    from libops.desk.words.printed import Printed

__all__ = ["HoldReceipt", "Slip", "aligned", "printed"]


def printed(language: str, zone: tzinfo) -> Printed:
    """The words to print with; fetched when somebody prints, so that lending does not wait for them."""
    from libops.desk.words.printed import Printed

    return Printed(language, zone)


def aligned(lines: Iterable[tuple[str, str]], language: str) -> str:
    """Labels and what they say, one below the other, as plain text."""
    words = printed(read_by(language, ""), UTC)
    return text_pairs([(words.report("receipt.label", label=label), text) for label, text in lines])


@frozen
class HoldReceipt:
    """What was done about a hold.

    `holds` are those that were placed or changed, as they are afterwards; one that ended as it was. `title` is that of
    the item that was caught, else of the first title asked for. `request` is `page`, `hold` or `recall`. `keep_until`
    is the last instant of an item on the hold shelf, `send_to` where the item goes. `language` is the patron's.
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
    language: str = "en"

    @property
    def hold(self) -> Hold:
        """The hold, or the first of several."""
        return self.holds[0]

    def local(self, at: datetime) -> str:
        """An instant as the library's clocks show it, in the language of the receipt."""
        return printed(self.language, self.zone).moment(at)

    def lines(self) -> list[tuple[str, str]]:
        """What the receipt says, as pairs of a label and a text."""
        words, hold = printed(self.language, self.zone), self.hold
        recalled = self.recalled_due
        told = words.pairs(
            ("patron", words.person(self.patron, self.card)),
            ("title", self.titles(words)),
            ("hold", ", ".join(each.id for each in self.holds)),
            ("pickup_at", hold.pickup_library),
            ("suspended", self.until(words) if hold.suspended(self.at) else ""),
            ("recalled", "" if recalled is None else words.report("receipt.recalled_to", due=words.moment(recalled))),
            ("keep_until", "" if self.keep_until is None else words.moment(self.keep_until)),
            ("send_to", self.send_to),
            *(("note", str(alert)) for alert in self.alerts),
        )
        return [(words.act(self.act), words.moment(self.at)), *told]

    def titles(self, words: Printed) -> str:
        """The title, and how many others a hold that waits would take as well."""
        count = len(set(self.hold.target_bibs)) - 1
        if not count or self.hold.item_id is not None:
            return self.title
        return words.report("receipt.others", title=self.title, count=count)

    def until(self, words: Printed) -> str:
        """How long the hold is suspended."""
        until = self.hold.suspended_until
        if until is None:
            return words.report("receipt.until_resumed")
        return words.report("receipt.until", until=words.moment(until))

    def __str__(self) -> str:
        return aligned(self.lines(), self.language)

    def html(self) -> str:
        """The receipt as a piece of HTML that needs no style sheet."""
        return html_card([html_pairs(self.lines())], language=self.language)

    def _repr_html_(self) -> str:
        return self.html()


@frozen
class Slip:
    """A slip of paper for an item: `kind` is `pull`, `hold` or `transit`; `lines` are pairs of a label and a text.

    `language` is that of the labels.
    """

    kind: str
    heading: str
    lines: tuple[tuple[str, str], ...]
    language: str = ""

    def __str__(self) -> str:
        return f"{self.heading}\n{aligned(self.lines, self.language)}"

    def html(self) -> str:
        """The slip as a piece of HTML that needs no style sheet; every text is escaped."""
        return html_card([html_pairs(self.lines)], heading=self.heading, language=self.language)

    def _repr_html_(self) -> str:
        return self.html()
