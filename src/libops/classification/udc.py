"""Universal Decimal Classification.

A number is a decimal fraction; a point after every third digit is only punctuation. At one number the connected and
extended numbers come first, then the number alone, then its relations, common auxiliaries and special auxiliaries,
then longer numbers: `+`, `/`, alone, `:`, `::`, `[ ]`, `=`, `(0...)`, `(1/9)`, `(=...)`, quotes, `*`, names, `.00`,
`-02` to `-05`, `-1` to `-9`, `.01` to `.09`, apostrophe. Numbers in brackets are decimal too. Letters after a space
are the author's. Sources: UDC filing order as practiced; citation order is the reverse.

>>> sorted(["510", "51(410)", "51:53", "51", "51/53", "51+53", "52"], key=sort_key)
['51+53', '51/53', '51', '51:53', '51(410)', '510', '52']
>>> label_lines("821.111(73)-31 HEM v.2")
('821.111(73)-31', 'HEM', 'v.2')
>>> print(explain("51:53", "51(410)"))
related number ':53' before place auxiliary '(410)' (kind of part)
>>> parse('94(410').warnings
("'94(410': ( without )",)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from libops.classification.enumeration import RawPart, volume_line
from libops.classification.keys import fold, letters, reverse, tidy
from libops.classification.lcc import VOLUMES, unreadable
from libops.classification.model import Candidate, ParsedNumber, PartKind
from libops.classification.policy import FilingPolicy, LabelStyle, UdcRanges
from libops.classification.scheme import Scheme
from libops.classification.stamps import place, prefix_part
from libops.classification.tail import book_marks, scan_tail

__all__ = ["SCHEME", "explain", "format", "label_lines", "parse", "range", "sort_key"]

NUMBER = r"[0-9]+(?:\.(?!0)[0-9]+)*"
TOKEN = re.compile(
    rf"(?P<number>{NUMBER})|(?P<plus>\+)|/ ?(?P<end>\.?{NUMBER})|(?P<slash>/)|(?P<relation>::?)|(?P<open>\[)"
    r"|=(?P<language>[0-9.'/]*)|\((?P<form>0[^()]*)\)?|\((?P<place>[1-9][^()]*)\)?|\(=(?P<people>[^()]*)\)?"
    r'|\((?P<bracket>[^()]*)\)?|"(?P<time>[^"]*)"?|\*(?P<foreign>[^ *]*)|(?P<name>[^\W\d_]+)|\.(?P<view>00[0-9.]*)'
    r"|-(?P<general>0[0-9.]*)|-(?P<special>[0-9.]+)|\.(?P<pointed>0[0-9.]*)|'(?P<synthesis>[0-9.]*)"
    r"|\.(?P<rest>[0-9][0-9.]*)"
)
MARKS = {
    "plus": "-A",
    "end": "-B",
    "slash": "-B",
    "simple": "-C",
    "relation": "-D",
    "::": "-E",
    "open": "-F",
    "language": "-G",
    "form": "-H",
    "bracket": "-H",
    "place": "-I",
    "people": "-J",
    "time": "-K",
    "foreign": "-L",
    "name": "-M",
    "view": "-N",
    "general": "-O",
    "special": "-P",
    "pointed": "-Q",
    "synthesis": "-R",
    "rest": "-S",
}
"""The filing order at one number; a digit, sorting after every mark, makes a longer number."""
KINDS = {
    "number": PartKind.MAIN,
    "end": PartKind.CONNECTION,
    "plus": PartKind.CONNECTION,
    "slash": PartKind.CONNECTION,
    "relation": PartKind.RELATION,
    "open": PartKind.RELATION,
    "language": PartKind.LANGUAGE,
    "form": PartKind.FORM,
    "bracket": PartKind.FORM,
    "place": PartKind.PLACE,
    "people": PartKind.ANCESTRY,
    "time": PartKind.TIME,
    "foreign": PartKind.FOREIGN,
    "name": PartKind.NAME,
    "view": PartKind.VIEW,
    "general": PartKind.GENERAL,
    "special": PartKind.SPECIAL,
    "pointed": PartKind.SPECIAL,
    "synthesis": PartKind.SPECIAL,
    "rest": PartKind.MAIN,
}
OF_THE_NUMBER = frozenset(KINDS.values())
BOUNDED = frozenset(["form", "place", "people", "bracket", "time"])
INNER = {"+": "-A", "/": "-B", ":": "-D", "=": "-G", "-": "-P", "'": "-R"}
AUTHOR = re.compile(r" (?=[^\W\d_])")
STAMP = re.compile(r"(?:[A-Z]+ )+(?=[0-9(\"=\[])")


def scan(text: str, policy: FilingPolicy) -> tuple[list[RawPart], Sequence[str]]:
    text = tidy(text)
    folded = fold(text)
    stamp = STAMP.match(folded)
    start = stamp.end() if stamp else 0
    author = AUTHOR.search(folded, start)
    stop = author.start() if author else len(folded)
    parts = number_parts(text, folded, start, stop, policy)
    if not parts or parts[0][0] is PartKind.UNREAD:
        if not text:
            return [], ["no call number"]
        return unreadable(text, policy), [f"{text!r} is not read as a UDC number such as '51(410)': it files last"]
    parts.append((PartKind.SIMPLE, "", MARKS["simple"]))
    if author:
        parts += scan_tail(text, folded, stop, policy, book_marks(policy), maps=False)
    if stamp or any(part[2][:1] in "^ " for part in parts):
        parts = place([prefix_part(text[:start].strip(), policy)] if stamp else [], parts)
    return parts, unbalanced(text)


def number_parts(text: str, folded: str, start: int, stop: int, policy: FilingPolicy) -> list[RawPart]:
    """The number up to `stop`: main numbers, connections and auxiliaries."""
    parts: list[RawPart] = []
    connector, main, pending = "", "", ""
    joined: PartKind | None = None
    for match in TOKEN.finditer(folded, start, stop):
        what = match.lastgroup or ""
        value = match[what]
        written = text[match.start() : match.end()]
        if what == "name" and not parts:
            return [(PartKind.UNREAD, text, "")]
        if what in ("plus", "slash", "relation", "open"):
            connector += MARKS["::" if value == "::" else what]
            pending += written
            joined = joined or KINDS[what]
            continue
        if what == "number":
            main = value
            piece = decimal(value) if connector or not parts else MARKS["rest"] + decimal(value)
        elif what == "end":
            end = decimal(expand(main, value))
            piece = MARKS["end"] + (reverse(end) if policy.udc_ranges is UdcRanges.WIDER_FIRST else end)
        else:
            piece = MARKS[what] + inner(value) + (MARKS["simple"] if what in BOUNDED else "")
        parts.append((joined or KINDS[what], pending + written, connector + piece))
        connector, pending, joined = "", "", None
    if joined:
        parts.append((joined, pending, connector))
    return parts


def decimal(digits: str) -> str:
    return digits.replace(".", "")


def expand(main: str, end: str) -> str:
    """The end of a range in full: `523.41/.43` ends at 523.43."""
    return main.rpartition(".")[0] + end if end[:1] == "." else end


def inner(value: str) -> str:
    """What stands inside brackets, quotes or after a sign: digits as a decimal, ranges before the number alone."""
    if value.isdecimal() and value.isascii():
        return value
    return "".join([INNER.get(char) or (letters(char) if char.isalnum() else "") for char in value])


def unbalanced(text: str) -> list[str]:
    """Brackets and quotes that lack their other half."""
    found = [f"{text!r}: {a} without {b}" for a, b in ("()", "[]") if text.count(a) > text.count(b)]
    found += [f"{text!r}: {b} without {a}" for a, b in ("()", "[]") if text.count(b) > text.count(a)]
    if text.count('"') % 2:
        found.append(f"{text!r}: a quotation mark without its other half")
    return found


def join(number: ParsedNumber, policy: FilingPolicy) -> str:
    return tidy(number.text)


def lines(number: ParsedNumber, policy: FilingPolicy, style: LabelStyle) -> list[str]:
    found = [""]
    for part in number.parts:
        if part.kind in OF_THE_NUMBER:
            found[-1] += part.text
        elif part.kind is PartKind.PREFIX:
            found = [*found[:-1], part.text, ""]
        elif part.kind is PartKind.WORK_MARK:
            found[-1] += part.text
        elif part.kind in VOLUMES:
            found.append(volume_line(part.text, policy))
        else:
            found.append(part.text)
    return found


SIGNS = re.compile(r"[0-9.]+[:+/=(\"\[]|[0-9]-[0-9]|^[(=\"]")


def recognize(text: str) -> Candidate:
    folded = fold(tidy(text))
    if folded[:1] not in '0123456789([="' or not folded:
        return Candidate("udc", 0.0)
    number = re.match(NUMBER, folded)
    written = number[0] if number else ""
    if SIGNS.search(folded) and not re.match(r"[0-9.]+/[0-9]+(?: |\Z)", folded):
        return Candidate("udc", 0.85, ("auxiliary or relation signs",))
    if len(written) in (1, 2) and "." not in written:
        return Candidate("udc", 0.4, ("fewer than three digits",))
    if written.count(".") > 1:
        return Candidate("udc", 0.9, ("a point after every third digit",))
    return Candidate("udc", 0.5 if len(written) < 8 else 0.3, ("a decimal number",))


SCHEME = Scheme("udc", "Universal Decimal Classification", scan, join, lines, recognize)
parse, sort_key, format = SCHEME.parse, SCHEME.sort_key, SCHEME.format
label_lines, range, explain = SCHEME.label_lines, SCHEME.range, SCHEME.explain
