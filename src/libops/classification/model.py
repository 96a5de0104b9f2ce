"""Call numbers as values: what an item carries, what a scheme reads in it, and where it files.

>>> CallNumber("lcc", "QA76.73.P98 L88 2001", prefix="REF")
CallNumber(scheme='lcc', text='QA76.73.P98 L88 2001', prefix='REF', suffix='')
"""

from __future__ import annotations

from enum import Enum

from attrs import frozen

__all__ = [
    "CallNumber",
    "Candidate",
    "Comparison",
    "Detection",
    "Explanation",
    "KeyRange",
    "ParsedNumber",
    "Part",
    "PartKind",
]


@frozen
class CallNumber:
    """The call number of an item: which scheme it follows, the number as cataloged, and its stamps.

    `scheme` is a registry code (`lcc`, `ddc`, `nlm`, `sudocs`, `udc`, `anscr`, `local`, or a plugin's). `prefix` and
    `suffix` are stamps outside the number (MARC 852 $k and $m). Volume and copy belong to the item, not here; where
    data carry them inside `text` they are understood there too. Any text is allowed: odd numbers get a sort key and
    a warning.
    """

    scheme: str
    text: str
    prefix: str = ""
    suffix: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.prefix, self.text, self.suffix)))


class Comparison(Enum):
    """How two parts of the same kind are compared."""

    ALPHABETIC = "alphabetic"
    """Letter by letter."""
    WHOLE_NUMBER = "whole number"
    """As numbers: 9 before 10."""
    DECIMAL = "decimal"
    """Digit by digit, as a decimal fraction: .15 before .2."""
    NOTHING_BEFORE_SOMETHING = "nothing before something"
    """One number ends where the other goes on; the shorter files first."""
    KIND = "kind of part"
    """The parts are of different kinds, which file in the scheme's order."""
    SEQUENCE = "sequence"
    """A stamp puts one of them into a sequence of its own."""
    SAME = "same"
    """Nothing tells the two apart."""


class PartKind(Enum):
    """What a part of a call number is; the value is its name for people."""

    PREFIX = "prefix stamp"
    CLASS_LETTERS = "class letters"
    CLASS_NUMBER = "class number"
    CLASS_DECIMAL = "class decimal"
    CLASS_DATE = "class date or ordinal"
    CUTTER = "Cutter number"
    WORK_MARK = "work mark"
    DATE = "date"
    TEXT = "word"
    THEMATIC = "thematic number"
    SCALE = "map scale"
    NUMBER = "number"
    AGENCY = "agency letters"
    STEM = "stem number"
    RELATED = "related series"
    MAIN = "main number"
    CONNECTION = "connected number"
    RELATION = "related number"
    LANGUAGE = "language auxiliary"
    FORM = "form auxiliary"
    PLACE = "place auxiliary"
    ANCESTRY = "ancestry auxiliary"
    TIME = "time auxiliary"
    FOREIGN = "code from outside"
    VIEW = "point of view"
    GENERAL = "general characteristic"
    SPECIAL = "special auxiliary"
    SIMPLE = "number alone"
    CATEGORY = "category"
    NAME = "name letters"
    TITLE = "title letters"
    PERFORMER = "performer and label number"
    ENUMERATION = "enumeration"
    CHRONOLOGY = "chronology"
    COPY = "copy"
    SIZE_MARK = "size mark"
    SUFFIX = "suffix stamp"
    UNREAD = "unread text"


COMPARED = {
    PartKind.CLASS_NUMBER: Comparison.WHOLE_NUMBER,
    PartKind.CLASS_DECIMAL: Comparison.DECIMAL,
    PartKind.CLASS_DATE: Comparison.WHOLE_NUMBER,
    PartKind.CUTTER: Comparison.DECIMAL,
    PartKind.DATE: Comparison.WHOLE_NUMBER,
    PartKind.THEMATIC: Comparison.WHOLE_NUMBER,
    PartKind.SCALE: Comparison.WHOLE_NUMBER,
    PartKind.NUMBER: Comparison.WHOLE_NUMBER,
    PartKind.STEM: Comparison.WHOLE_NUMBER,
    PartKind.RELATED: Comparison.WHOLE_NUMBER,
    PartKind.MAIN: Comparison.DECIMAL,
    PartKind.CONNECTION: Comparison.DECIMAL,
    PartKind.RELATION: Comparison.DECIMAL,
    PartKind.LANGUAGE: Comparison.DECIMAL,
    PartKind.FORM: Comparison.DECIMAL,
    PartKind.PLACE: Comparison.DECIMAL,
    PartKind.ANCESTRY: Comparison.DECIMAL,
    PartKind.TIME: Comparison.DECIMAL,
    PartKind.VIEW: Comparison.DECIMAL,
    PartKind.GENERAL: Comparison.DECIMAL,
    PartKind.SPECIAL: Comparison.DECIMAL,
    PartKind.ENUMERATION: Comparison.WHOLE_NUMBER,
    PartKind.CHRONOLOGY: Comparison.WHOLE_NUMBER,
    PartKind.COPY: Comparison.WHOLE_NUMBER,
}
"""Kinds that are not compared letter by letter."""


@frozen
class Part:
    """One part of a call number: what it is, as written, and its piece of the sort key.

    `compared` is set where the scheme departs from the usual rule of the kind (a Dewey class is a decimal).
    """

    kind: PartKind
    text: str
    key: str
    compared: Comparison | None = None

    @property
    def comparison(self) -> Comparison:
        """How this part is compared with another of its kind."""
        return self.compared or COMPARED.get(self.kind, Comparison.ALPHABETIC)


@frozen
class ParsedNumber:
    """A call number taken apart, in filing order; `warnings` say what looked odd."""

    scheme: str
    text: str
    parts: tuple[Part, ...]
    warnings: tuple[str, ...] = ()

    @property
    def sort_key(self) -> str:
        """The pieces of the parts, joined: what the shelf is ordered by."""
        return "".join([part.key for part in self.parts])

    def of(self, kind: PartKind) -> tuple[str, ...]:
        """The texts of all parts of one kind, in order."""
        return tuple(part.text for part in self.parts if part.kind is kind)


@frozen
class KeyRange:
    """A stretch of shelf: every key with `low <= key < high`; it ends after all that the last number covers."""

    low: str
    high: str

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.low <= key < self.high


@frozen
class Explanation:
    """Which part decided the order of two call numbers.

    `order` is -1 when the first files first, 1 when the second does, 0 when they file at the same place. `first` and
    `second` are the parts that differ, None where one number has already ended.
    """

    order: int
    comparison: Comparison
    first: Part | None = None
    second: Part | None = None

    def __str__(self) -> str:
        if self.order == 0:
            return "the two file at the same place"
        early, late = (self.first, self.second) if self.order < 0 else (self.second, self.first)
        if early is None or late is None:
            more = late or early
            assert more is not None
            return f"nothing before something: one number ends before the {more.kind.value} {more.text!r}"
        if early.kind is late.kind:
            return f"{early.kind.value} {early.text!r} before {late.text!r} ({self.comparison.value})"
        return f"{early.kind.value} {early.text!r} before {late.kind.value} {late.text!r} ({self.comparison.value})"


@frozen
class Candidate:
    """A scheme that a number may follow: confidence from 0 to 1, and why."""

    scheme: str
    confidence: float
    reasons: tuple[str, ...] = ()


@frozen
class Detection:
    """Which scheme a number seems to follow, the likeliest first."""

    text: str
    candidates: tuple[Candidate, ...]

    @property
    def best(self) -> Candidate:
        """The likeliest scheme; `local` with little confidence where nothing fits."""
        return self.candidates[0]

    @property
    def ambiguous(self) -> bool:
        """Whether a second scheme is nearly as likely (within 0.2): ask the catalog or a person."""
        return len(self.candidates) > 1 and self.candidates[0].confidence - self.candidates[1].confidence < 0.2
