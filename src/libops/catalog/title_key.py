"""The short text under which a title is filed for matching: the beginning of its title proper, year, author.

It is drawn with the other facts of a record and stored with them, name and version in front: a recipe that changes gets
another version, and records that were filed before keep the text they have.

>>> title_key("Town libraries : a study", "Flores, Ada", 2019)
'title-proper/1:townlibraries|2019|flore'
"""

from __future__ import annotations

import re
from typing import Final

from libops.catalog.naco import words

__all__ = ["title_key"]

TITLE, AUTHOR = 25, 5
"""How many letters of each are taken: enough to tell works apart, few enough that customs of cataloging agree."""
NO_LETTER: Final = re.compile(r"[^a-z0-9]+")


def title_key(title: str, author: str, year: int | None) -> str:
    """The key, or an empty text for a title without a letter; a subtitle makes no difference."""
    proper = _letters(title.partition(" : ")[0])[:TITLE]
    if not proper:
        return ""
    return f"title-proper/1:{proper}|{'' if year is None else year}|{_letters(author)[:AUTHOR]}"


def _letters(text: str) -> str:
    """The letters and figures of a text in normal form; plain English takes a short way to the same result."""
    if text.isascii() and "&" not in text:
        return NO_LETTER.sub("", text.lower())
    return "".join(words(text))
