"""Queries in CQL, the language of SRU, with every text quoted so that it can never be read as an operator."""

from __future__ import annotations

from libops.catalog import numbers

__all__ = ["clause", "known_item"]


def clause(index: str, text: str, relation: str = "=") -> str:
    """One search clause.

    >>> clause("dc.title", "libraries and books", "all")
    'dc.title all "libraries and books"'
    """
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    between = relation if relation in ("=", "==", "<>", "<", ">", "<=", ">=") else f" {relation} "
    return f'{index}{between}"{quoted}"'


def known_item(*, isbn: str = "", issn: str = "", lccn: str = "", title: str = "", author: str = "") -> str:
    """The query for an item in hand: any of its numbers, or its title and author.

    A number that is not valid is left out. An empty text when nothing is left to ask for.
    """
    found = [
        clause("bath.isbn", numbers.isbn_13(isbn)) if numbers.isbn_13(isbn) else "",
        clause("bath.issn", numbers.issn(issn)) if numbers.issn(issn) else "",
        clause("bath.lccn", numbers.lccn(lccn)) if numbers.lccn(lccn) else "",
    ]
    described = [clause("dc.title", title) if title else "", clause("dc.creator", author) if author else ""]
    words = " and ".join(filter(None, described))
    if words and any(found):
        words = f"({words})"
    return " or ".join(filter(None, [*found, words]))
