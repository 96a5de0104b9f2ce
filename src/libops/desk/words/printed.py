"""What is printed for people to take along: in the reader's language, dates and amounts as notices write them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from libops.base.money import Money
from libops.desk.words import Words, in_english
from libops.notices.templates import moment_written, money_written

__all__ = ["Printed"]


class Printed(Words):
    """The words of receipts, slips and statements in one language."""

    def shown(self, value: Any) -> str:
        """A fact as the reader writes it.

        >>> from datetime import UTC
        >>> Printed("de", UTC).shown(date(2026, 3, 24)), Printed("en", UTC).shown(date(2026, 3, 24))
        ('24.03.2026', '2026-03-24')
        """
        if isinstance(value, Money):
            return money_written(value, self.language)
        # Readers of English disagree whether the day or the month comes first: the ISO form is the one all read alike.
        if not isinstance(value, date) or self.language == "en":
            return super().shown(value)
        if isinstance(value, datetime):
            return moment_written(value.astimezone(self.zone), self.language, whole_day=False)
        midnight = datetime.combine(value, time(), self.zone)
        return moment_written(midnight, self.language, whole_day=True)

    def moment(self, at: datetime) -> str:
        """An instant as the library's clocks show it, with the day of the week."""
        names = self.report("receipt.weekdays").split()
        return self.report("receipt.moment", weekday=names[at.astimezone(self.zone).weekday()], when=at)

    def day(self, at: datetime) -> str:
        """The day of an instant in the library."""
        return self.shown(at.astimezone(self.zone).date())

    def person(self, name: str, card: str) -> str:
        """A patron, with the card if there is one."""
        return f"{name} ({card})" if card else name

    def act(self, act: str) -> str:
        """What was done; an act of a plugin is called by its own name."""
        key = f"receipt.act.{act}"
        return self.report(key) if key in in_english() else act.replace("_", " ").capitalize()

    def line(self, what: str) -> str:
        """What an account line is, or what it is for."""
        key = f"account.{what}"
        return self.report(key) if key in in_english() else what

    def method(self, method: str) -> str:
        """How money changed hands; what the words do not know by its own name."""
        key = f"receipt.method.{method}"
        return self.report(key) if key in in_english() else method

    def pairs(self, *lines: tuple[str, str]) -> list[tuple[str, str]]:
        """Lines with the words for their labels, without those that say nothing."""
        return [(self.report(f"receipt.{label}"), text) for label, text in lines if text]
