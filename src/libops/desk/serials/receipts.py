"""What the serials desk hands over: receipts of its acts, slips and letters for claims."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from tomllib import loads

from attrs import frozen

from libops.base.decisions import Reason
from libops.catalog.model import BibRecord
from libops.catalog.serials.model import SerialIssue, Subscription
from libops.desk.holds.receipts import Slip
from libops.items.model import Item

__all__ = ["ClaimNotice", "SerialReceipt"]


@frozen
class SerialReceipt:
    """What was done with a subscription: the issues it touched, and the item that was made or removed.

    `preview` is set on the answer of a preview, and handed back to act on just that.
    """

    act: str
    subscription: Subscription
    issues: tuple[SerialIssue, ...] = ()
    item: Item | None = None
    alerts: tuple[Reason, ...] = ()
    preview: str = ""

    @property
    def issue(self) -> SerialIssue:
        """The one issue that the act was about."""
        (issue,) = self.issues
        return issue

    def __str__(self) -> str:
        rows = [f"{issue.id}  {issue.expected_on}  {issue.state.value:<13}  {issue.name}" for issue in self.issues]
        item = [f"item {self.item.barcode or self.item.id}: {self.item.call_number}".rstrip(": ")] if self.item else []
        head = f"{self.act} {self.subscription.id}"
        return "\n".join([head, *rows, *item, *map(str, self.alerts)])


@cache
def words(language: str) -> dict[str, str]:
    table: dict[str, dict[str, str]] = loads(files(__package__).joinpath("claim_notices.toml").read_text("utf-8"))
    return table.get(language, table["en"])


@frozen
class ClaimNotice:
    """A claim as the vendor gets it, for one issue; `library` is the name of the library that asks."""

    issue: SerialIssue
    subscription: Subscription
    bib: BibRecord
    library: str
    language: str = "en"

    @property
    def number(self) -> int:
        """Which claim for this issue it is; before the first, the one that would be."""
        return max(1, len(self.issue.claims))

    def facts(self) -> dict[str, str]:
        """What a letter about the claim can name."""
        return {
            "vendor": self.subscription.vendor,
            "vendor_number": self.subscription.vendor_number or "–",
            "title": self.bib.title,
            "issn": ", ".join(self.bib.issns) or "–",
            "issue": self.issue.name,
            "expected": self.issue.expected_on.isoformat(),
            "number": str(self.number),
            "copies": str(max(1, self.subscription.copies - len(self.issue.copies))),
            "library": self.library,
        }

    @property
    def subject(self) -> str:
        """The subject of the letter."""
        return words(self.language)["subject"].format_map(self.facts())

    @property
    def text(self) -> str:
        """The letter, in the library's language."""
        return words(self.language)["text"].format_map(self.facts())

    def slip(self) -> Slip:
        """The claim as a slip of paper."""
        facts, said = self.facts(), words(self.language)
        lines = tuple((said[name], facts[name]) for name in ("vendor_number", "title", "issn", "issue", "expected"))
        return Slip("claim", self.subject, lines, self.language)

    def __str__(self) -> str:
        return f"{self.subject}\n\n{self.text}"
