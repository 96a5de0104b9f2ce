"""Searching the catalog: what of a record can be found, and what a person's words ask for.

`BibText` is a record's words in the form in which they are compared; `parse_search` reads what somebody typed: words,
"phrases", beginnings*, `author:` and its like, numbers of books and serials. Nothing that is typed is a syntax error.
"""

from libops.catalog.search.query import SearchQuery, parse_search
from libops.catalog.search.text import BibText, bib_text, folded

__all__ = ["BibText", "SearchQuery", "bib_text", "folded", "parse_search"]
