"""Stamps and size marks: REF, OVERSIZE, folio, and what they do to the order.

>>> from libops.classification.policy import FilingPolicy, StampPlace
>>> prefix_part("YR DVD", FilingPolicy(prefix_order=("REF", "YR DVD")))[2]
'^012!'
>>> prefix_part("REF", FilingPolicy(prefixes=StampPlace.SUFFIX))[2]
' REF'
"""

from __future__ import annotations

from functools import lru_cache

from libops.classification.enumeration import RawPart
from libops.classification.keys import COUNTS_LAST, OWN_SEQUENCE, fold, letters, tidy, whole
from libops.classification.model import PartKind
from libops.classification.policy import FilingPolicy, StampPlace

__all__ = ["SIZE_WORDS", "place", "prefix_part", "size_part", "stamp_piece", "suffix_part"]

SIZE_WORDS = frozenset(
    ["OVERSIZE", "OVERSIZED", "OVSZ", "FOLIO", "FOL", "FF", "QUARTO", "ELEPHANT", "MINIATURE", "LARGE"]
)


def words_of(text: str) -> list[str]:
    """The words of a stamp, folded, without punctuation."""
    spaced = "".join(char if char.isalnum() else " " for char in fold(tidy(text)) if char != ".")
    return spaced.split() or [char for char in text if char == "+"]


@lru_cache(maxsize=1024)
def own_sequence(text: str, policy: FilingPolicy) -> str:
    words = words_of(text)
    known = [" ".join(words_of(stamp)) for stamp in policy.prefix_order]
    for named in (" ".join(words), words[0] if words else ""):
        if named in known:
            return f"{OWN_SEQUENCE}0{whole(str(known.index(named) + 1))}!"
    return f"{OWN_SEQUENCE}1{letters('!'.join(words))}!"


def piece(text: str, where: StampPlace, policy: FilingPolicy) -> str:
    if where is StampPlace.IGNORED:
        return ""
    if where is StampPlace.OWN_SEQUENCE:
        return own_sequence(text, policy)
    return COUNTS_LAST + letters(" ".join(words_of(text)))


def stamp_piece(text: str, policy: FilingPolicy) -> str:
    """The piece of the key for a stamp in front of a number."""
    return piece(text, policy.prefixes, policy)


def prefix_part(text: str, policy: FilingPolicy) -> RawPart:
    """The part for a stamp in front of a number."""
    return PartKind.PREFIX, text, stamp_piece(text, policy)


def size_part(text: str, policy: FilingPolicy) -> RawPart:
    """The part for a size mark, wherever it was written."""
    return PartKind.SIZE_MARK, text, piece(text, policy.size_marks, policy)


def suffix_part(text: str, policy: FilingPolicy) -> RawPart:
    """The part for a stamp behind a number: a size mark moves as the policy says, any other counts last."""
    words = words_of(text)
    if words and (words[0] in SIZE_WORDS or words[0] == "+" or "".join(words) in ("F", "Q")):
        return size_part(text, policy)
    return PartKind.SUFFIX, text, COUNTS_LAST + letters(" ".join(words))


def place(stamps: list[RawPart], parts: list[RawPart]) -> list[RawPart]:
    """All parts in filing order: sequences of their own in front, stamps that count last at the end."""
    front = [stamp for stamp in stamps if stamp[2][:1] == OWN_SEQUENCE]
    back = [stamp for stamp in stamps if stamp[2][:1] != OWN_SEQUENCE]
    return front + parts + back
