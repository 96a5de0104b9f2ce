"""A classification scheme: one value with the verbs that every scheme has.

A scheme is made from four functions: `scan` reads a number into parts with their pieces of the key, `join` prints the
parts as one line, `lines` breaks them for a label, `recognize` says how much a text looks like the scheme. The verbs
follow from these, so that key, format, label, range and explanation all come from one reading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from attrs import evolve, field, frozen

from libops.base.errors import InvalidValue
from libops.classification.enumeration import RawPart
from libops.classification.keys import LAST
from libops.classification.model import (
    Candidate,
    Comparison,
    Explanation,
    KeyRange,
    ParsedNumber,
    Part,
    PartKind,
)
from libops.classification.policy import DEFAULT_LABELS, DEFAULT_POLICY, FilingPolicy, LabelStyle

__all__ = ["Scan", "Scheme", "compare"]

Scan = Callable[[str, FilingPolicy], tuple[list[RawPart], Sequence[str]]]
"""Reads a number: its parts in filing order, and warnings. Takes any text, never raises, in linear time."""

APART = (("..", re.compile(r"\.\.+")), (" - ", re.compile(r"\s-+\s|[–—]")))
"""What parts two numbers that may have hyphens in them, the surest first."""
FIRST = "give the number that files first first"
ALONE = "{0!r} alone is written '{0} .. {0}'"

WRITTEN = {PartKind.PREFIX: -1, PartKind.SIZE_MARK: 1, PartKind.SUFFIX: 2}


@frozen
class Scheme:
    """A classification scheme. `code` is its MARC 21 source code where it has one.

    `compared` names the kinds of part that this scheme compares otherwise than usual. `plain_key` may give the key of
    the commonest shape of number faster than `scan`, and None for any other; it must give the same key.
    """

    code: str
    name: str
    scan: Scan
    join: Callable[[ParsedNumber, FilingPolicy], str]
    lines: Callable[[ParsedNumber, FilingPolicy, LabelStyle], list[str]]
    recognize: Callable[[str], Candidate]
    compared: Mapping[PartKind, Comparison] = field(factory=dict)
    plain_key: Callable[[str, FilingPolicy], str | None] | None = None

    def parse(self, text: str, *, policy: FilingPolicy = DEFAULT_POLICY) -> ParsedNumber:
        """The parts of a number in filing order, with warnings for what looked odd. Never raises."""
        raw, warnings = self.scan(text, policy)
        parts = tuple([Part(kind, written, key, self.compared.get(kind)) for kind, written, key in raw])
        return ParsedNumber(self.code, text, parts, tuple(warnings))

    def sort_key(self, text: str, *, policy: FilingPolicy = DEFAULT_POLICY) -> str:
        """One ASCII string that any database sorts byte by byte into shelf order. Never raises."""
        if self.plain_key is not None and (key := self.plain_key(text, policy)) is not None:
            return key
        return "".join([part[2] for part in self.scan(text, policy)[0]])

    def format(self, text: str, *, policy: FilingPolicy = DEFAULT_POLICY) -> str:
        """The number as the scheme writes it on one line; formatting twice changes nothing."""
        return self.join(as_written(self.parse(text, policy=policy)), policy)

    def label_lines(
        self, text: str, *, policy: FilingPolicy = DEFAULT_POLICY, style: LabelStyle = DEFAULT_LABELS
    ) -> tuple[str, ...]:
        """The number broken into the lines of a spine label, nothing cut."""
        lines = self.lines(as_written(self.parse(text, policy=policy)), policy, style)
        return tuple(line for line in lines if line)

    def range(self, start: str, end: str = "", *, policy: FilingPolicy = DEFAULT_POLICY) -> KeyRange:
        """The stretch of shelf from `start` to all that `end` covers (or all that `start` covers).

        Raises `InvalidValue` when `end` files before `start`.
        """
        low = self.covering_key(start, policy)
        last = self.covering_key(end, policy) if end.strip() else low
        if not in_order(low, last):
            raise InvalidValue(f"range {start!r} to {end!r} runs backward: {FIRST}")
        return KeyRange(low, last + LAST)

    def stretch(self, text: str, *, policy: FilingPolicy = DEFAULT_POLICY) -> KeyRange:
        """The `range` that is written in one text, `500-599`, or the one number that stands alone.

        Numbers with a hyphen in them are set apart by `..`, by a hyphen with blanks around it or by an en dash:
        `SF-KAL .. SF-MUS`. Without these, the one hyphen counts that has a number of the scheme on each side, the one
        that files first before it. Raises `InvalidValue` where no hyphen or several are such, or the range runs
        backward: a stretch that was misunderstood would be another part of the shelf.
        """
        for mark, pattern in APART:
            if pattern.search(text):
                ends = [end.strip() for end in pattern.split(text)]
                if len(ends) == 2 and all(ends):
                    return self.range(*ends, policy=policy)
                raise InvalidValue(f"{text!r} is no stretch: write a number on each side of one {mark!r}")
        places = [at for at, char in enumerate(text) if char == "-"]
        pairs = [(low, high) for at in places if (low := text[:at].strip()) and (high := text[at + 1 :].strip())]
        if not places:
            return self.range(text.strip(), policy=policy)
        if not pairs:
            raise InvalidValue(f"{text!r} is no stretch: write a number on each side of the hyphen")
        read = [pair for pair in pairs if all(self.reads(end, policy) for end in pair)]
        if not read and not self.reads(text, policy):
            read = pairs
        found = [
            self.range(*pair, policy=policy)
            for pair in read
            if in_order(*(self.covering_key(end, policy) for end in pair))
        ]
        if len(found) == 1:
            return found[0]
        if len(pairs) == len(read) == 1:
            raise InvalidValue(f"range {text!r} runs backward: {FIRST}; {ALONE.format(text)}")
        why = "may be parted at more than one hyphen" if found else "has no hyphen between two numbers in order"
        raise InvalidValue(f"{text!r} {why}: write '500-1 .. 599-9' with the two numbers; {ALONE.format(text)}")

    def reads(self, text: str, policy: FilingPolicy) -> bool:
        """Whether a text is a number of the scheme."""
        parts = self.scan(text, policy)[0]
        return bool(parts) and parts[0][0] is not PartKind.UNREAD

    def covering_key(self, text: str, policy: FilingPolicy = DEFAULT_POLICY) -> str:
        """What the keys of all longer numbers begin with."""
        raw = self.scan(text, policy)[0]
        if raw and raw[-1][0] is PartKind.SIMPLE:
            raw = raw[:-1]
        return "".join([part[2] for part in raw])

    def explain(self, a: str, b: str, *, policy: FilingPolicy = DEFAULT_POLICY) -> Explanation:
        """Which part decides the order of two numbers."""
        return compare(self.parse(a, policy=policy), self.parse(b, policy=policy))


def in_order(low: str, last: str) -> bool:
    """Whether a key comes before the end of what another key covers."""
    return low <= last or low.startswith(last)


def as_written(number: ParsedNumber) -> ParsedNumber:
    """The parts in the order of writing: stamps first, size marks last, wherever the policy files them."""
    parts = sorted(number.parts, key=lambda part: WRITTEN.get(part.kind, 0))
    return evolve(number, parts=tuple(parts))


def part_at(parts: Sequence[Part], place: int) -> Part | None:
    """The part whose piece covers this place of the joined key."""
    for part in parts:
        place -= len(part.key)
        if place < 0:
            return part
    return None


def compare(a: ParsedNumber, b: ParsedNumber) -> Explanation:
    """Which part decides the order of two parsed numbers; always agrees with their sort keys."""
    first_key, second_key = a.sort_key, b.sort_key
    if first_key == second_key:
        return Explanation(0, Comparison.SAME)
    order = -1 if first_key < second_key else 1
    shorter = min(len(first_key), len(second_key))
    place = next((at for at in range(shorter) if first_key[at] != second_key[at]), shorter)
    first, second = part_at(a.parts, place), part_at(b.parts, place)
    if first is None or second is None:
        return Explanation(order, Comparison.NOTHING_BEFORE_SOMETHING, first, second)
    if PartKind.PREFIX in (first.kind, second.kind) and first.kind is not second.kind:
        return Explanation(order, Comparison.SEQUENCE, first, second)
    if first.kind is second.kind:
        return Explanation(order, first.comparison, first, second)
    return Explanation(order, Comparison.KIND, first, second)
