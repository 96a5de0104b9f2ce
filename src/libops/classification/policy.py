"""Filing and label practice: where libraries differ, a named option.

The defaults are the most common practice for each scheme; a library that shelves otherwise says so here once and
rebuilds its keys.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from attrs import field, frozen

__all__ = [
    "DEFAULT_LABELS",
    "DEFAULT_POLICY",
    "ClassYear",
    "FilingPolicy",
    "FirstCutterDot",
    "LabelStyle",
    "MultiLetterCutters",
    "RomanNumerals",
    "ShortClass",
    "StampPlace",
    "SudocHearings",
    "SudocLetters",
    "SudocYears",
    "ThematicNumbers",
    "UdcRanges",
    "VolumeCaptions",
    "VolumeOrder",
    "WordAfterClass",
    "WordAfterCutter",
    "WorkMarks",
]


class WorkMarks(Enum):
    """`.A1m` against `.A1 B2`."""

    BEFORE_CUTTER = "before cutter"
    """All marked forms of a Cutter number first, then the next Cutter number."""
    AFTER_CUTTER = "after cutter"
    """The further Cutter number first."""


class WordAfterCutter(Enum):
    """`.R79 Har` against `.R79 C5`."""

    BEFORE_CUTTER = "before cutter"
    """Words first, then further Cutter numbers."""
    BY_LETTER = "by letter"
    """Words and Cutter numbers in one alphabet."""


class WordAfterClass(Enum):
    """A word between class and first Cutter number: `B9 SVAR .L3`."""

    AFTER_CUTTERS = "after cutters"
    """After every Cutter number of the class."""
    BEFORE_CUTTERS = "before cutters"
    """Before every Cutter number of the class."""
    UNREADABLE = "unreadable"
    """Not a number of the scheme: at the end of the shelf, with a warning."""


class MultiLetterCutters(Enum):
    """`.MS32`, a Cutter number of several letters."""

    BY_LETTER = "by letter"
    """Letter by letter: after `.M9`, before `.N1`."""
    AS_WORD = "as word"
    """Where a word would file."""


class ThematicNumbers(Enum):
    """`K.240`, a number of a composer's catalog, against the Cutter number `K240`."""

    WHOLE_NUMBER = "whole number"
    """The dot tells them apart: whole numbers, before Cutter numbers of that letter."""
    AS_CUTTER = "as cutter"
    """Read as a Cutter number: digits as a decimal fraction."""


class VolumeOrder(Enum):
    """Volumes of a serial or set."""

    ASCENDING = "ascending"
    """v.1 first."""
    NEWEST_FIRST = "newest first"
    """The highest number first, as on a current-periodicals shelf."""


class VolumeCaptions(Enum):
    """`no. 1730` against `vol. 1724` in one set, whose caption changed on the way."""

    BY_NUMBER = "by number"
    """Numbers decide; captions only between equal numbers."""
    BY_CAPTION = "by caption"
    """All of one caption together."""


class StampPlace(Enum):
    """What a stamp such as REF or a size mark such as `folio` does to the order."""

    OWN_SEQUENCE = "own sequence"
    """A shelf of its own, after the plain numbers."""
    IGNORED = "ignored"
    """Files as if it were not there."""
    SUFFIX = "suffix"
    """Counts last, after the volume and copy."""


class SudocYears(Enum):
    """Years after the colon."""

    YEARS_FIRST = "years first"
    """Before letters and numbers, in time order; three digits from 800 mean 18xx and 19xx."""
    AS_NUMBERS = "as numbers"
    """Plain numbers."""


class SudocLetters(Enum):
    """Letters against numbers at one place of a SuDoc number."""

    BEFORE_NUMBERS = "before numbers"
    """As the Government Publishing Office files."""
    AFTER_NUMBERS = "after numbers"
    """Numbers first."""


class SudocHearings(Enum):
    """Senate hearings and prints (`S.HRG.`, `S.PRT.`) in their class."""

    BY_LETTER = "by letter"
    """In the alphabet."""
    LAST = "last"
    """After all else in the class."""


class FirstCutterDot(Enum):
    """The dot before the first Cutter number, when printed."""

    ALWAYS = "always"
    """Printed, whether the record has it or not."""
    AS_GIVEN = "as given"
    """Only where the record has it."""


class UdcRanges(Enum):
    """`622/623` against `622/624`."""

    WIDER_FIRST = "wider first"
    """The more general, wider range first."""
    BY_END = "by end"
    """The nearer end first."""


class ClassYear(Enum):
    """What the year of `A1 1990` is; the order is the same either way."""

    CLASS_DATE = "class date"
    """A part of the class."""
    PUBLICATION = "publication"
    """The date of the book, when no Cutter number follows."""


class ShortClass(Enum):
    """A Dewey class of fewer than three digits."""

    PAD = "pad"
    """Leading zeros were lost: `1` is 001. `92` before a name stays biography."""
    DECIMAL = "decimal"
    """Cut short on purpose: `92` files just before 920."""


class RomanNumerals(Enum):
    """`Bd. IV` in an enumeration."""

    AS_NUMBERS = "as numbers"
    """Counted, and printed in Arabic on labels."""
    AS_LETTERS = "as letters"
    """Left as letters."""


def in_order(stamps: Iterable[str]) -> tuple[str, ...]:
    return tuple(stamps)


@frozen(cache_hash=True)
class FilingPolicy:
    """How one library files. `prefix_order` names stamps in the order of their sequences; others follow by letter."""

    work_marks: WorkMarks = WorkMarks.BEFORE_CUTTER
    word_after_cutter: WordAfterCutter = WordAfterCutter.BY_LETTER
    word_after_class: WordAfterClass = WordAfterClass.AFTER_CUTTERS
    multi_letter_cutters: MultiLetterCutters = MultiLetterCutters.BY_LETTER
    thematic_numbers: ThematicNumbers = ThematicNumbers.WHOLE_NUMBER
    volumes: VolumeOrder = VolumeOrder.ASCENDING
    captions: VolumeCaptions = VolumeCaptions.BY_NUMBER
    prefixes: StampPlace = StampPlace.OWN_SEQUENCE
    size_marks: StampPlace = StampPlace.SUFFIX
    sudoc_years: SudocYears = SudocYears.YEARS_FIRST
    sudoc_letters: SudocLetters = SudocLetters.BEFORE_NUMBERS
    sudoc_hearings: SudocHearings = SudocHearings.BY_LETTER
    first_cutter_dot: FirstCutterDot = FirstCutterDot.ALWAYS
    udc_ranges: UdcRanges = UdcRanges.WIDER_FIRST
    class_year: ClassYear = ClassYear.CLASS_DATE
    short_class: ShortClass = ShortClass.PAD
    roman_numerals: RomanNumerals = RomanNumerals.AS_NUMBERS
    prefix_order: tuple[str, ...] = field(default=(), converter=in_order)


@frozen
class LabelStyle:
    """How a number is broken into label lines.

    `class_on_one_line` keeps class letters and number together; `decimal_on_own_line` is for narrow labels;
    `break_after_colon` breaks a SuDoc number after its stem.
    """

    class_on_one_line: bool = False
    decimal_on_own_line: bool = False
    break_after_colon: bool = True


DEFAULT_POLICY = FilingPolicy()
DEFAULT_LABELS = LabelStyle()
