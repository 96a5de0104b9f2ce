"""Cutter numbers: suggest one from the LC table, then fit it between its neighbors of the shelflist.

A table only suggests. What counts is that the numbers of a class stand in the order of their headings, and that there
is room left: a number never ends in 0 or 1, so that another can always go before it. Source: LC Classification and
Shelflisting Manual G 63.

>>> suggest("Inman"), suggest("Schreiber"), suggest("Queiroz"), suggest("Campbell", figures=3)
('I56', 'S37', 'Q45', 'C367')
>>> shelf = [Shelved("Campbell", "C36"), Shelved("Carter", "C37"), Shelved("Cook", "C66")]
>>> print(fit("Cannon", shelf))
C366: between C36 (Campbell) and C37 (Carter); the table alone gives C36
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files

from attrs import field, frozen

from libops.classification.keys import fold, tidy

__all__ = ["CutterChoice", "CutterTable", "Shelved", "Suggest", "fit", "lc_table", "suggest"]

Suggest = Callable[[str], str]
"""Makes a Cutter number from a heading, by whatever table; the LC table is `suggest`."""

Starts = tuple[tuple[str, int], ...]


@frozen
class CutterTable:
    """A table of figures: for the letter after each kind of first letter, and for all further letters.

    Tables differ (older expansion tables are still in use), so a table is data; `lc_table` is the current one.
    """

    second: Mapping[str, Starts]
    further: Starts
    numerals: str = "A1"

    def of_first(self, letters: str) -> tuple[Starts, int]:
        """The figures for what follows the first letter, and how many letters that was."""
        if letters[:2] in self.second:
            return self.second[letters[:2]], 2
        if letters[0] in self.second:
            return self.second[letters[0]], 1
        return self.second["vowel" if letters[0] in "AEIOU" else "consonant"], 1


@cache
def lc_table() -> CutterTable:
    """The current LC table, read once."""
    from tomllib import loads

    read = loads(files(__package__).joinpath("cutter_lc.toml").read_text("utf-8"))
    second = {name: tuple((start, figure) for start, figure in rows) for name, rows in read["second"].items()}
    return CutterTable(second, tuple((start, figure) for start, figure in read["further"]["any"]), read["numerals"])


def figure_of(starts: Starts, rest: str) -> tuple[str, int]:
    """The figure of the letters that follow, that of the last start not after them, and how many letters it took."""
    found, used = starts[0][1], 1
    for start, figure in starts:
        if start <= rest and (len(start) == 1 or rest.startswith(start)):
            found, used = figure, len(start)
    return str(found), used


def suggest(heading: str, *, figures: int = 2, table: CutterTable | None = None) -> str:
    """The number that the table gives for a heading, without the dot, with at most `figures` figures.

    A heading that begins with a numeral stands before the letters (`A12` to `A19`); one without letters or digits
    gives an empty text.
    """
    rules = table or lc_table()
    spelled = "".join(char for char in fold(tidy(heading)) if char.isascii() and char.isalnum())
    if not spelled:
        return ""
    if spelled[0].isdecimal():
        return f"{rules.numerals}{2 + int(spelled[0]) * 8 // 10}"
    letters = "".join(char for char in spelled if char.isalpha())
    starts, used = rules.of_first(letters)
    if len(letters) == used:
        return letters[0] + str(starts[0][1])
    number, taken = figure_of(starts, letters[used:])
    for place in range(used + taken, len(letters)):
        if len(number) >= figures:
            break
        number += figure_of(rules.further, letters[place:])[0]
    return letters[0] + number[: max(figures, 1)]


def without_dot(cutter: str) -> str:
    return cutter.strip().lstrip(".").upper()


@frozen
class Shelved:
    """A heading that is on the shelf already, with its Cutter number (without the dot)."""

    heading: str
    cutter: str = field(converter=without_dot)


@frozen
class CutterChoice:
    """The number chosen, the one the table gave, and the neighbors it was fitted between.

    `shared` says that the heading has this number already. `warnings` tell what is out of order on the shelf.
    """

    cutter: str
    suggested: str
    before: Shelved | None = None
    after: Shelved | None = None
    shared: bool = False
    warnings: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.shared:
            return f"{self.cutter}: the heading has it already"
        sides = [f"{side.cutter} ({side.heading})" if side else "nothing" for side in (self.before, self.after)]
        table = "" if self.cutter == self.suggested else f"; the table alone gives {self.suggested}"
        return f"{self.cutter}: between {sides[0]} and {sides[1]}{table}"


def heading_key(heading: str) -> str:
    """Headings in filing order: letters and digits of each word, without diacritics."""
    return " ".join("".join(char if char.isalnum() else " " for char in fold(tidy(heading))).split())


def fit(heading: str, shelflist: Iterable[Shelved], *, suggesting: Suggest = suggest) -> CutterChoice:
    """A Cutter number for a heading that stands between its neighbors of one class on the live shelflist.

    The table's suggestion is kept when it fits; otherwise it is lengthened, or a number between the neighbors is
    taken, never ending in 0 or 1. A heading that is there already keeps its number.
    """
    suggested = suggesting(heading)
    mine = heading_key(heading)
    before, after = None, None
    for shelved in sorted(shelflist, key=lambda entry: (heading_key(entry.heading), entry.cutter)):
        theirs = heading_key(shelved.heading)
        if theirs == mine:
            return CutterChoice(shelved.cutter, suggested, shared=True)
        if theirs < mine:
            before = shelved
        elif after is None:
            after = shelved
    if not suggested:
        return CutterChoice("", "", before, after, warnings=(f"heading {heading!r} has no letter to make a number of",))
    low, high = bounds(suggested[0], before, after)
    warnings: tuple[str, ...] = ()
    if high is not None and low >= high:
        assert before is not None
        assert after is not None
        out_of_order = f"{before.heading} {before.cutter} does not stand before {after.heading} {after.cutter}"
        warnings, high = (f"{out_of_order}: fitted after the first",), None
    chosen = suggested[0] + figures_between(low, high, suggested[1:], heading, suggesting)
    return CutterChoice(chosen, suggested, before, after, warnings=warnings)


def bounds(letter: str, before: Shelved | None, after: Shelved | None) -> tuple[str, str | None]:
    """The figures to stay above and below; neighbors of other letters bound nothing."""
    low = before.cutter[1:] if before and before.cutter[:1] == letter else ""
    high = after.cutter[1:] if after and after.cutter[:1] == letter else None
    return figures_only(low), figures_only(high) if high is not None else None


def figures_only(text: str) -> str:
    """The figures of a number, without a work mark."""
    kept = len(text) - len(text.lstrip("0123456789"))
    return text[:kept]


def fits(figures: str, low: str, high: str | None) -> bool:
    return bool(figures) and low < figures and (high is None or figures < high) and figures[-1] not in "01"


def figures_between(low: str, high: str | None, wanted: str, heading: str, suggesting: Suggest) -> str:
    """Figures strictly between two others: as the table has them, lengthened, or the middle of the gap."""
    if fits(wanted, low, high):
        return wanted
    if suggesting is suggest:
        for longer in (3, 4):
            figures = suggest(heading, figures=longer)[1:]
            if fits(figures, low, high):
                return figures
    for length in range(max(1, len(wanted)), max(len(low), len(high or "")) + 4):
        bottom = int(low.ljust(length, "0")[:length] or "0")
        top = int(high.ljust(length, "0")[:length]) if high is not None else 10**length
        middle = (bottom + top) // 2
        for place in (middle, middle + 1, middle - 1, middle + 2, middle - 2):
            figures = str(max(place, 0)).rjust(length, "0")
            if len(figures) == length and fits(figures, low, high):
                return figures
    return low + "2" if high is None or low + "2" < high else low + "02"
