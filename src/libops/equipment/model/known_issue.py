"""The known-issue base: faults seen before, found again by what people say is wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from math import log
from unicodedata import combining, normalize

from attrs import field, frozen

from libops.base.texts import not_blank

__all__ = ["KnownIssue", "Likeness", "find_known_issues", "words_of"]


@frozen(kw_only=True)
class KnownIssue:
    """A fault that was understood once: how it shows, what it is, what helped, and how often it came back.

    `kind` is the kind of asset it concerns; empty means any.
    """

    id: str
    title: str = field(validator=not_blank)
    symptom: str = field(validator=not_blank)
    diagnosis: str = ""
    fix: str = ""
    kind: str = ""
    seen: int = 0


@frozen
class Likeness:
    """A known issue and how well it fits: the higher the score, the better; `words` are those in common."""

    issue: KnownIssue
    score: float
    words: tuple[str, ...]


def words_of(text: str) -> tuple[str, ...]:
    """The words of a symptom for comparing: no case, no accents, plural s gone, no words of one or two letters.

    >>> words_of("Paper jams at the Résumé printer")
    ('paper', 'jam', 'the', 'resume', 'printer')
    """
    plain = "".join(sign for sign in normalize("NFKD", text.casefold()) if not combining(sign))
    words = (word for word in re.findall(r"\w+", plain) if len(word) > 2 or word.isdigit())
    return tuple(word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] != "s" else word for word in words)


def find_known_issues(
    issues: Iterable[KnownIssue], symptom: str, *, kind: str = "", limit: int = 5
) -> tuple[Likeness, ...]:
    """Known issues that share words with a symptom, the likeliest first.

    A word weighs more the fewer issues have it; one in the title or symptom counts twice one in the fix.
    With `kind` only issues of that kind of asset, or of any, are looked at. Equals go by how often they were seen,
    then by id.

    >>> jam = KnownIssue(id="K-1", title="Paper jam", symptom="paper jams in tray 2", fix="clean the pickup roller")
    >>> dark = KnownIssue(id="K-2", title="Dark screen", symptom="screen stays dark", fix="reseat the cable")
    >>> [like.issue.id for like in find_known_issues([jam, dark], "Paper jam again, tray 2")]
    ['K-1']
    """
    fitting = [issue for issue in issues if not kind or issue.kind in ("", kind)]
    asked = set(words_of(symptom))
    likenesses = []
    shown = [(issue, set(words_of(f"{issue.title} {issue.symptom}"))) for issue in fitting]
    known = [(issue, first, set(words_of(f"{issue.diagnosis} {issue.fix}")) - first) for issue, first in shown]
    spread = Counter(word for _, first, second in known for word in first | second)
    for issue, first, second in known:
        common = asked & (first | second)
        score = sum((2.0 if word in first else 1.0) * log(1 + len(known) / spread[word]) for word in common)
        if common:
            likenesses.append(Likeness(issue, round(score, 6), tuple(sorted(common))))
    likenesses.sort(key=lambda like: (-like.score, -like.issue.seen, like.issue.id))
    return tuple(likenesses[:limit])
