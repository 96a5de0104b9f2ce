"""What somebody typed into the search box, as words to find.

>>> parse_search('author:Dvořák "new world" symphon*').terms
(Wanted(words=('dvorak',), field='contributor', prefix=False, excluded=False), \
Wanted(words=('new', 'world'), field='', prefix=False, excluded=False), \
Wanted(words=('symphon',), field='', prefix=True, excluded=False))
>>> parse_search("0131103628").numbers
('isbn:9780131103627',)
"""

from __future__ import annotations

import re
from typing import Final

from attrs import frozen

from libops.base.barcodes import isbn, issn
from libops.catalog.model import lookup_text
from libops.catalog.search.text import folded

__all__ = ["SearchQuery", "Wanted", "parse_search"]

FIELDS: Final = {
    "title": "title",
    "ti": "title",
    "author": "contributor",
    "au": "contributor",
    "name": "contributor",
    "subject": "subject",
    "su": "subject",
}
PIECE: Final = re.compile(r'(-)?(?:(\w+):)?(?:"([^"]*)"|([^\s"]+))')


@frozen
class Wanted:
    """Words that must stand together in a record, or in one field of it; `excluded` ones must not be there.

    `prefix` finds words that begin with the last one.
    """

    words: tuple[str, ...]
    field: str = ""
    prefix: bool = False
    excluded: bool = False


@frozen
class SearchQuery:
    """What is wanted: words, exact numbers (`isbn:...`, `issn:...`), and the whole text folded, for a known title."""

    terms: tuple[Wanted, ...]
    numbers: tuple[str, ...]
    title: str


def parse_search(text: str) -> SearchQuery:
    """Read what was typed. Anything is a query: what means nothing special is words.

    `"..."` is a phrase, `word*` a beginning, `-word` excludes, `title:`, `author:` and `subject:` name a field. A text
    that is the number of a book or serial also asks for just that number, an ISBN of ten digits for that of thirteen.
    """
    terms = []
    for minus, name, phrase, word in PIECE.findall(text):
        field = FIELDS.get(name.lower(), "")
        body = phrase or word
        if name and not field:
            body = f"{name} {body}"
        parts = tuple(folded(body).split())
        if not parts:
            continue
        if phrase or len(parts) > 1:
            terms.append(Wanted(parts, field, False, bool(minus)))
        else:
            terms.append(Wanted(parts, field, word.endswith("*"), bool(minus)))
    return SearchQuery(tuple(terms), numbers_in(text), folded(text))


def numbers_in(text: str) -> tuple[str, ...]:
    """The book or serial number that the whole text is, if it is one."""
    bare = text.strip()
    if isbn.is_valid(bare):
        return (lookup_text("isbn", isbn.validate(bare)),)
    if issn.is_valid(bare):
        return (lookup_text("issn", issn.format(bare)),)
    return ()
