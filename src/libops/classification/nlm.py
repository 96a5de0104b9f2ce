"""National Library of Medicine Classification.

Letters that LC leaves empty, W and WA to WZ, QS to QZ, so that NLM stands among LC numbers: the keys are of one kind.
The 19th-century schedule adds a letter (`WAA`, `QSA`) and may have no number. Class numbers may have decimals;
geographic numbers of Table G are Cutter numbers of two letters (`.GA1`), as are those of serials (`W1 JO867SB`).
Source: NLM classification and shelflisting pages.

>>> sorted(["WB 102.5", "W1 JO867SB", "QSA", "QS 4", "WA 900", "W 26.5"], key=sort_key)
['QS 4', 'QSA', 'W1 JO867SB', 'W 26.5', 'WA 900', 'WB 102.5']
>>> label_lines("WA 900 .GA1 H4 1998")
('WA', '900', '.GA1', 'H4', '1998')
>>> print(explain("WB 102", "WB 102.5"))
nothing before something: one number ends before the class decimal '5'
>>> parse("QA 76").warnings
("class letters 'QA': NLM uses QS to QZ and W to WZ",)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from libops.classification import lcc
from libops.classification.enumeration import RawPart
from libops.classification.keys import fold, tidy
from libops.classification.model import Candidate, PartKind
from libops.classification.policy import FilingPolicy
from libops.classification.scheme import Scheme
from libops.classification.tail import book_marks

__all__ = ["SCHEME", "explain", "format", "label_lines", "parse", "range", "sort_key"]

LETTERS = re.compile(r"(?:W[A-Z]?|Q[S-Z])[A-Z]?\Z")
NUMBER = re.compile(r"(W[A-Z]{0,2}|Q[S-Z][A-Z]?) ?([0-9]{1,3}(?![0-9]))")


def scan(text: str, policy: FilingPolicy) -> tuple[list[RawPart], Sequence[str]]:
    parts, warnings = lcc.scan_class(text, policy, book_marks(policy))
    for kind, written, _ in parts:
        if kind is PartKind.CLASS_LETTERS:
            word = fold(written)
            if not LETTERS.match(word):
                return parts, [*warnings, f"class letters {written!r}: NLM uses QS to QZ and W to WZ"]
            if len(parts) == 1 and (len(word) == 3 or word == "W"):
                return parts, ()
    return parts, warnings


def recognize(text: str) -> Candidate:
    folded = fold(tidy(text))
    match = NUMBER.match(folded)
    if match:
        return Candidate("nlm", 0.9, (f"class {match[1]} {match[2]}, in letters that LC leaves to NLM",))
    if LETTERS.match(folded) and len(folded) == 3:
        return Candidate("nlm", 0.6, ("letters of the 19th-century schedule",))
    return Candidate("nlm", 0.0)


SCHEME = Scheme(
    "nlm", "National Library of Medicine Classification", scan, lcc.join, lcc.lines, recognize, plain_key=lcc.plain_key
)
parse, sort_key, format = SCHEME.parse, SCHEME.sort_key, SCHEME.format
label_lines, range, explain = SCHEME.label_lines, SCHEME.range, SCHEME.explain
