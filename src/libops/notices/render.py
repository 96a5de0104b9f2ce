"""Putting a message into words: its occasions, a text, and how the reader's language writes dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from attrs import frozen

from libops.base.money import Money
from libops.notices.model import Occasion, Trigger
from libops.notices.templates import PLAIN, HtmlFormat, TemplateFormat, Text, moment_written, money_written

__all__ = ["SAMPLES", "Reader", "rendered"]

LAST_MINUTE = time(23, 59)

SAMPLES = (
    Occasion(
        "1",
        Trigger.DUE,
        "1",
        None,
        "The sea around us",
        "31234000000014",
        "551.46",
        fee=Money(150, "EUR"),
        note="Room 2",
    ),
    Occasion(
        "2",
        Trigger.DUE,
        "2",
        None,
        "Bread & <water>",
        "31234000000022",
        "641.8",
        fee=Money(25, "EUR"),
        note="Room 3",
    ),
)
"""What a preview of a notice tells of; the second title is one that a careless text would break on."""


@frozen
class Reader:
    """Whom a message addresses, in which language, on behalf of which library, and when."""

    patron_name: str
    library_name: str
    language: str
    zone: ZoneInfo
    at: datetime


def rendered(
    text: Text, occasions: Sequence[Occasion], reader: Reader, *, how: TemplateFormat = PLAIN
) -> tuple[str, str]:
    """The subject and the body of a message. Raises `InvalidValue` for a text that names what is not there."""
    lines = [how.render(_line(text, occasion), _values(occasion, reader)) for occasion in occasions]
    fees = [occasion.fee for occasion in occasions if occasion.fee is not None]
    values: Mapping[str, object] = {
        "patron_name": reader.patron_name,
        "library_name": reader.library_name,
        "today": _shown(reader.at, reader, date_only=True),
        "count": len(occasions),
        "lines": "\n".join(lines),
        "fee": money_written(_sum(fees), reader.language) if fees else "",
    }
    subject = how.plain if isinstance(how, HtmlFormat) else how
    return subject.render(text.subject, values), how.render(text.body, values)


def _sum(fees: Sequence[Money]) -> Money:
    total = fees[0]
    for fee in fees[1:]:
        total += fee
    return total


def _line(text: Text, occasion: Occasion) -> str:
    """The line of a text for this occasion."""
    if occasion.due is None and text.line_without_due:
        return text.line_without_due
    if occasion.fee is not None and occasion.fee.amount and text.line_with_fee:
        return text.line_with_fee
    return text.line


def _values(occasion: Occasion, reader: Reader) -> Mapping[str, object]:
    return {
        "title": occasion.title,
        "barcode": occasion.barcode,
        "call_number": occasion.call_number,
        "due": "" if occasion.due is None else _shown(occasion.due, reader),
        "start": "" if occasion.start is None else _shown(occasion.start, reader),
        "end": "" if occasion.end is None else _shown(occasion.end, reader),
        "note": occasion.note,
        "fee": "" if occasion.fee is None else money_written(occasion.fee, reader.language),
    }


def _shown(moment: datetime, reader: Reader, *, date_only: bool = False) -> str:
    """A moment as the reader writes it; one at the end of a day is shown as the day."""
    local = moment.astimezone(reader.zone)
    whole_day = date_only or local.time().replace(second=0, microsecond=0) == LAST_MINUTE
    return moment_written(local, reader.language, whole_day=whole_day)
