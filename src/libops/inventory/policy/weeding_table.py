"""A weeding table from a spreadsheet: each library loads its own, as CSV text.

Columns, in any order: `name`, `from`, `to` (call numbers, the class of `to` included), `formula` (CREW), and if wanted
`location`, `item_type` (several with `;` between), `copies`, `condition`, `keep` (yes), `note`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from io import StringIO

from libops.base.errors import FormatError, InvalidValue
from libops.classification import KeyRange
from libops.inventory.model import Condition
from libops.inventory.policy.weeding import WeedingRule

__all__ = ["RangeOf", "read_weeding_table"]

RangeOf = Callable[[str, str], KeyRange]
"""Makes a range of two call numbers: the `range` of a classification scheme."""

COLUMNS = ("name", "from", "to", "formula", "location", "item_type", "copies", "condition", "keep", "note")
YES = {"yes": True, "y": True, "true": True, "1": True, "": False, "no": False, "n": False, "false": False, "0": False}


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _rule(row: Mapping[str, str], range_of: RangeOf) -> WeedingRule:
    low, high = row.get("from", ""), row.get("to", "") or row.get("from", "")
    copies, condition, keep = row.get("copies", ""), row.get("condition", "").lower(), row.get("keep", "").lower()
    if copies and not (copies.isascii() and copies.isdigit()):
        raise InvalidValue(f"copies {copies!r} is no number")
    if condition and condition not in {one.value for one in Condition}:
        raise InvalidValue(f"condition {condition!r} is not one of {', '.join(one.value for one in Condition)}")
    if keep not in YES:
        raise InvalidValue(f"keep {keep!r} is neither yes nor no")
    if high and not low:
        raise InvalidValue(f"the range ends at {high!r} and begins nowhere: fill in `from`")
    stretch = f"{low} .. {high}" if "-" in low + high else f"{low}-{high}"
    return WeedingRule.crew(
        row.get("name", "") or stretch,
        row.get("formula", "") or "X/X/X",
        keys=range_of(low, high) if low else None,
        call_numbers=low if low == high else stretch,
        locations=_several(row.get("location", "")),
        item_types=_several(row.get("item_type", "")),
        copies=int(copies) if copies else None,
        condition=Condition(condition) if condition else None,
        keep=YES[keep],
        note=row.get("note", ""),
    )


def read_weeding_table(text: str, range_of: RangeOf) -> tuple[WeedingRule, ...]:
    """The rules of a table, in its order: put the special before the general, since the first one counts.

    Raises `FormatError` with every line that cannot be read, and what would be right.

    >>> from libops.classification import KeyRange
    >>> table = "from,to,formula\\n004,006,3/X/MUSTIE\\n,,10/3/MUSTIE"
    >>> [rule.formula for rule in read_weeding_table(table, lambda low, high: KeyRange(low, high + "~"))]
    ['3/X/MUSTIE', '10/3/MUSTIE']
    """
    reader = csv.DictReader(StringIO(text.lstrip("\ufeff"), newline=""))
    names = [name.strip().lower() for name in reader.fieldnames or ()]
    strange = [name for name in names if name not in COLUMNS]
    if strange or "formula" not in names:
        raise FormatError(f"columns {', '.join(names) or 'none'}: a weeding table has {', '.join(COLUMNS)}")
    rules, problems = [], []
    for row in reader:
        clean = {str(name).strip().lower(): (value or "").strip() for name, value in row.items() if name is not None}
        if not any(clean.values()):
            continue
        try:
            rules.append(_rule(clean, range_of))
        except InvalidValue as wrong:
            problems.append(f"line {reader.line_num}: {wrong}")
    if problems:
        raise FormatError("; ".join(problems))
    return tuple(rules)
