"""A picture of the collection in numbers: by class range, how many items, how old, how much used, how deep."""

from __future__ import annotations

from datetime import date

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.classification import KeyRange

__all__ = ["AGE_BANDS", "CollectionReport", "ConspectusRange", "RangeReport"]

AGE_BANDS = (5, 10, 20)
"""Upper ends, in years since publication, of the bands that are counted; beyond the last one is old."""


def _level(line: object, attribute: object, value: int | None) -> None:
    if value is not None and not 0 <= value <= 5:
        raise InvalidValue(
            f"{getattr(attribute, 'name', 'level')} {value} is no conspectus level: give 0 to 5, or None"
        )


@frozen(kw_only=True)
class ConspectusRange:
    """A line of a conspectus: a class range, how deep the library collects there, and how deep it wants to.

    Levels run from 0 (out of scope) over 1 (minimal), 2 (basic information), 3 (study), 4 (research) to 5
    (comprehensive), as in the RLG and WLN conspectus; None where nobody has said.
    """

    name: str
    keys: KeyRange
    call_numbers: str = ""
    level: int | None = field(default=None, validator=_level)
    goal: int | None = field(default=None, validator=_level)


@frozen(kw_only=True)
class RangeReport:
    """The numbers of one class range.

    `bands` counts items by age: up to each end of `AGE_BANDS`, older than the last, and without a year. `turnover` is
    uses per item in the span, None for a range without items; `unused` items were not used in it.
    """

    name: str
    call_numbers: str = ""
    level: int | None = None
    goal: int | None = None
    items: int
    titles: int
    bands: tuple[int, ...]
    median_year: int | None
    uses: int
    unused: int
    added: int

    @property
    def turnover(self) -> float | None:
        """Uses per item in the span."""
        return self.uses / self.items if self.items else None

    @property
    def unused_share(self) -> float | None:
        """The share of items not used in the span, from 0 to 1."""
        return self.unused / self.items if self.items else None


@frozen(kw_only=True)
class CollectionReport:
    """A collection by class range, from one day to another; `outside` are the items that no range holds."""

    since: date
    on: date
    ranges: tuple[RangeReport, ...]
    outside: RangeReport
    total: RangeReport
