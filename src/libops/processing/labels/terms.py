"""What a library decides about its labels: how numbers are broken, its own sheets and layouts, its printer."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from libops.classification import DEFAULT_LABELS, LabelStyle
from libops.processing.labels.model import LabelLayout, Printer, Sheet
from libops.processing.labels.stock import shipped_layouts, shipped_sheets

__all__ = ["LabelTerms"]


@frozen(kw_only=True)
class LabelTerms:
    """The library's labels: the table `labels` of its settings. Sheets and layouts of its own go before shipped ones.

    >>> LabelTerms(sheet="5160").all_sheets["5160"].per_page
    30
    """

    style: LabelStyle = DEFAULT_LABELS
    """How a call number is broken into lines."""
    sheet: str = "L7651"
    """The sheet that labels of items go on when none is named."""
    card_sheet: str = "L7414"
    """The sheet that cards of patrons go on when none is named."""
    sheets: Mapping[str, Sheet] = field(factory=dict)
    layouts: Mapping[str, LabelLayout] = field(factory=dict)
    printer: Printer | None = None
    """What the library's printer can do and how far it prints beside the mark; a fine one when left out."""

    @property
    def all_sheets(self) -> Mapping[str, Sheet]:
        """Every sheet by name."""
        return {**shipped_sheets(), **self.sheets}

    @property
    def all_layouts(self) -> Mapping[str, LabelLayout]:
        """Every layout by name."""
        return {**shipped_layouts(), **self.layouts}
