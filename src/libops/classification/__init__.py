"""Call numbers: which scheme, which parts, where they file, how they stand on a label.

A number is read once into parts; its sort key, printed form, label lines, range and the explanation of an order all
come from that reading. Each scheme is a module with the same verbs: `lcc`, `ddc`, `local` and so on. `sort_key` makes
the key of an item from its call number, volume, date, copy and stamps. Odd numbers keep a place and get a warning.
Where libraries differ, `FilingPolicy` has a named option.

>>> from libops.classification import CallNumber, sort_key
>>> shelf = [CallNumber("ddc", "813.6 M32"), CallNumber("ddc", "813.54 Z9")]
>>> [number.text for number in sorted(shelf, key=sort_key)]
['813.54 Z9', '813.6 M32']
"""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
    from libops.classification.model import (
        CallNumber,
        Candidate,
        Comparison,
        Detection,
        Explanation,
        KeyRange,
        ParsedNumber,
        Part,
        PartKind,
    )
    from libops.classification.policy import (
        DEFAULT_LABELS,
        DEFAULT_POLICY,
        ClassYear,
        FilingPolicy,
        FirstCutterDot,
        LabelStyle,
        MultiLetterCutters,
        RomanNumerals,
        ShortClass,
        StampPlace,
        SudocHearings,
        SudocLetters,
        SudocYears,
        ThematicNumbers,
        UdcRanges,
        VolumeCaptions,
        VolumeOrder,
        WordAfterClass,
        WordAfterCutter,
        WorkMarks,
    )
    from libops.classification.scheme import Scheme, compare
    from libops.classification.shelving import SCHEMES, Schemes, base_key, detect, explain, label_lines, place, sort_key
else:
    __getattr__ = offering(__name__, "model", "policy", "scheme", "shelving")

__all__ = [
    "DEFAULT_LABELS",
    "DEFAULT_POLICY",
    "SCHEMES",
    "CallNumber",
    "Candidate",
    "ClassYear",
    "Comparison",
    "Detection",
    "Explanation",
    "FilingPolicy",
    "FirstCutterDot",
    "KeyRange",
    "LabelStyle",
    "MultiLetterCutters",
    "ParsedNumber",
    "Part",
    "PartKind",
    "RomanNumerals",
    "Scheme",
    "Schemes",
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
    "base_key",
    "compare",
    "detect",
    "explain",
    "label_lines",
    "place",
    "sort_key",
]
