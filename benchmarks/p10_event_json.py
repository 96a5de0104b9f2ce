"""P10: a checkout's event to JSON text and back, against the same fields written by hand and orjson."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any

import orjson
from harness import Case, compare

from libops.base.ids import LoanId
from libops.circulation.events import ItemCheckedOut
from libops.circulation.model import Loan
from libops.testing.small_records import MONDAY, loan
from libops.wire.events import event_from_text, event_to_text

EVENT = ItemCheckedOut(MONDAY, "ruth", LoanId("loan-0001-0001"), loan(1))
NAMES = list(Loan.__attrs_attrs__)  # type: ignore[attr-defined]
FIELDS = [(one.name, "datetime" in str(one.type)) for one in NAMES]


def by_hand(event: ItemCheckedOut) -> ItemCheckedOut:
    """The floor: every field named, orjson for the text."""
    made = event.loan
    plain: dict[str, Any] = {"at": event.at, "by": event.by, "loan_id": event.loan_id, "waived": None}
    plain["loan"] = {name: getattr(made, name) for name, _ in FIELDS}
    back = orjson.loads(orjson.dumps(plain))
    fields = back["loan"]
    for name, is_time in FIELDS:
        if is_time and fields[name] is not None:
            fields[name] = datetime.fromisoformat(fields[name])
    at = datetime.fromisoformat(back["at"]).replace(tzinfo=UTC)
    return ItemCheckedOut(at, back["by"], back["loan_id"], Loan(*fields.values()), None)


def floor(count: int) -> None:
    for _ in range(count):
        by_hand(EVENT)


def subject(count: int) -> None:
    for _ in range(count):
        event_from_text("ItemCheckedOut", EVENT.schema, event_to_text(EVENT))


def main() -> int:
    assert EVENT == by_hand(EVENT) == event_from_text("ItemCheckedOut", EVENT.schema, event_to_text(EVENT))
    compare("P10", [Case("by hand, orjson", floor), Case("libops", subject)], busy=True, rounds=15)
    return 0


if __name__ == "__main__":
    sys.exit(main())
