"""Reports as text: HTML to read and print, CSV for spreadsheets, SVG for a picture. The caller writes the file."""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
    from libops.inventory.report.collection import (
        collection_csv,
        collection_html,
        collection_picture,
    )
    from libops.inventory.report.stocktake import (
        shelf_reading_csv,
        stocktake_csv,
        stocktake_html,
    )
    from libops.inventory.report.weeding import (
        weeding_list_csv,
        weeding_list_html,
        weeding_log_csv,
    )
    from libops.inventory.report.words import (
        english,
    )
else:
    __getattr__ = offering(__name__, "collection", "stocktake", "weeding", "words")

__all__ = [
    "collection_csv",
    "collection_html",
    "collection_picture",
    "english",
    "shelf_reading_csv",
    "stocktake_csv",
    "stocktake_html",
    "weeding_list_csv",
    "weeding_list_html",
    "weeding_log_csv",
]
