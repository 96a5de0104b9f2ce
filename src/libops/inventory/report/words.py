"""The words of inventory reports, in English unless the caller brings another language.

>>> english("collection.total", items=12, titles=10)
'12 items, 10 titles'
"""

from __future__ import annotations

from libops.base.spoken import english_of

__all__ = ["english"]


def english(key: str, /, **facts: object) -> str:
    """A word of a report in English."""
    return english_of("libops.inventory.report")[key].format_map(facts)
