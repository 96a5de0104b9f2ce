"""Match keys: short texts that are equal for two descriptions of one edition.

A key is named with its version, and both stand in front of it: two libraries (or two years) that make it differently
never compare apples with pears. A plugin brings its own as another `MatchKey`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from attrs import frozen

from libops.base.errors import NotFound
from libops.catalog.model import BibRecord
from libops.catalog.naco import normalized, words

__all__ = ["FINGERPRINT", "KEYS", "TITLE_YEAR_AUTHOR", "MatchKey", "match_key"]

ARTICLES: Final = frozenset(
    {"the", "a", "an", "le", "la", "les", "l", "un", "une", "una", "el", "los", "las"}
    | {"der", "die", "das", "ein", "eine", "il", "lo", "gli", "i"}
)


@frozen
class MatchKey:
    """A way to make a key of a record; an empty result says that the record gives too little for one."""

    name: str
    version: int
    make: Callable[[BibRecord], str]

    def __call__(self, bib: BibRecord) -> str:
        """The key with its name and version in front, or an empty text."""
        made = self.make(bib)
        return f"{self.name}/{self.version}:{made}" if made else ""


def _title_year_author(bib: BibRecord) -> str:
    title = "".join(words(bib.title))[:25]
    author = normalized(bib.author, keep_comma=False).replace(" ", "")[:5]
    return f"{title}|{bib.year}|{author}" if title and bib.year is not None else ""


def _fingerprint(bib: BibRecord) -> str:
    title = "".join([word for word in words(bib.title.partition("[")[0]) if word not in ARTICLES and word != "and"])
    author = words(bib.author or bib.publisher)[:1]
    return f"title:{title} author:{author[0] if author else ''}" if title else ""


TITLE_YEAR_AUTHOR: Final = MatchKey("title-year-author", 1, _title_year_author)
"""Title to 25 letters, year, author to 5: finds the same edition of a book across cataloging customs."""
FINGERPRINT: Final = MatchKey("fingerprint", 1, _fingerprint)
"""Title without articles and the first word of the author, of any edition: for a list of editions, not for merging."""
KEYS: Final[Mapping[str, MatchKey]] = {key.name: key for key in (TITLE_YEAR_AUTHOR, FINGERPRINT)}


def match_key(name: str) -> MatchKey:
    """A shipped key by its name. Raises `NotFound` with the names there are."""
    try:
        return KEYS[name]
    except KeyError:
        raise NotFound(f"no match key {name!r}; there are {', '.join(KEYS)}") from None
