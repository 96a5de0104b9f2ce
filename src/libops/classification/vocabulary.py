"""Shelving by subject heading or genre: an ordered list of headings that the library makes, then the author.

Bookshops' BISAC headings, genre sections, a local picture-book scheme: there is nothing to parse, only an order. A
heading of the list files where the list has it, by code or by words; what follows is the author's name or letters.

>>> GENRES = ordered_scheme("genre", "Our fiction sections", ["Mystery", "Romance", "Science fiction"])
>>> sorted(["SCIENCE FICTION LEG", "Mystery SAY", "Romance HEY", "Mystery CHR"], key=GENRES.sort_key)
['Mystery CHR', 'Mystery SAY', 'Romance HEY', 'SCIENCE FICTION LEG']
>>> GENRES.label_lines("science fiction LEG")
('science fiction', 'LEG')
>>> GENRES.parse("Western GRE").warnings
("'Western GRE' begins with no heading of the list: it files last",)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from libops.base.errors import InvalidValue
from libops.classification.enumeration import RawPart, volume_line
from libops.classification.keys import fold, tidy, whole
from libops.classification.lcc import VOLUMES, unreadable
from libops.classification.model import Candidate, Comparison, ParsedNumber, PartKind
from libops.classification.policy import FilingPolicy, LabelStyle
from libops.classification.scheme import Scheme
from libops.classification.tail import book_marks, scan_tail

__all__ = ["ordered_scheme"]


def ordered_scheme(code: str, name: str, headings: Iterable[str]) -> Scheme:
    """A scheme from headings in shelf order; where one begins with another, the longer is meant when it fits.

    Raises `InvalidValue` for an empty heading, or one that is listed twice.
    """
    folded_headings = [fold(tidy(heading)) for heading in headings]
    for heading in folded_headings:
        if not heading or folded_headings.count(heading) > 1:
            raise InvalidValue(
                f"heading {heading!r} of scheme {code!r} is empty or listed twice: each stands at one place"
            )
    places = {heading: place for place, heading in enumerate(folded_headings, 1)}
    longest_first = sorted(places, key=len, reverse=True)

    def found(folded: str) -> str | None:
        for heading in longest_first:
            if folded.startswith(heading) and not folded[len(heading) : len(heading) + 1].isalnum():
                return heading
        return None

    def scan(text: str, policy: FilingPolicy) -> tuple[list[RawPart], Sequence[str]]:
        text = tidy(text)
        folded = fold(text)
        heading = found(folded)
        if heading is None:
            if not text:
                return [], ["no call number"]
            return unreadable(text, policy), [f"{text!r} begins with no heading of the list: it files last"]
        end = len(heading)
        parts = [(PartKind.CATEGORY, text[:end], whole(str(places[heading])))]
        return parts + scan_tail(text, folded, end, policy, book_marks(policy), maps=False), ()

    def recognize(text: str) -> Candidate:
        heading = found(fold(tidy(text)))
        return Candidate(code, 0.8, (f"begins with the heading {heading}",)) if heading else Candidate(code, 0.0)

    return Scheme(code, name, scan, join, lines, recognize, {PartKind.CATEGORY: Comparison.SEQUENCE})


def join(number: ParsedNumber, policy: FilingPolicy) -> str:
    return tidy(number.text)


def lines(number: ParsedNumber, policy: FilingPolicy, style: LabelStyle) -> list[str]:
    found: list[str] = []
    for part in number.parts:
        if part.kind is PartKind.WORK_MARK and found:
            found[-1] += part.text
        else:
            found.append(volume_line(part.text, policy) if part.kind in VOLUMES else part.text)
    return found
