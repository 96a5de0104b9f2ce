"""Cutter-Sanborn author numbers: a letter, three figures of the 1969 table, and the work mark of a title.

>>> suggest("Dickens, Charles"), suggest("Dickens, Charles", title="The Pickwick papers", articles=("the",))
('D548', 'D548p')
"""

from __future__ import annotations

from collections.abc import Iterable

import csan

from libops.classification.keys import fold, tidy
from libops.hooks import Format, hookimpl

__all__ = ["libops_formats", "suggest"]


def suggest(heading: str, *, title: str = "", articles: tuple[str, ...] = ("the", "a", "an")) -> str:
    """The author number of a heading (`Surname, Forename` or a title), with the work mark of `title` if it is given.

    `articles` are the words left out at the head of the title. Letters outside the Latin alphabet, and headings without
    letters, give an empty text: nothing in the table fits them.
    """
    surname, _, forename = (fold(part).strip() for part in tidy(heading).partition(","))
    if not any(char.isascii() and char.isalpha() for char in surname):
        return ""
    try:
        number = str(csan.cutter_sanborn(surname=surname.title(), forename=forename.title() or None))
    except ValueError:
        return ""
    return number + work_mark(title, articles)


def work_mark(title: str, articles: tuple[str, ...]) -> str:
    """The first letter of a title, without a leading article."""
    words = fold(tidy(title)).casefold().split()
    if len(words) > 1 and words[0] in articles:
        words = words[1:]
    return next((char for char in "".join(words) if char.isascii() and char.isalpha()), "")


@hookimpl
def libops_formats() -> Iterable[Format]:
    return [Format("cutter", "cutter_sanborn", suggest)]
