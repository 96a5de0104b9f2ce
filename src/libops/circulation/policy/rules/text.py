"""Circulation rules as text, in the language that FOLIO's libraries know.

A line names criteria joined by `+`, then a colon and policies; an indented line adds its criteria to those of the line
above it. `!` negates, `all` names an axis without restricting it, `#` or `/` begins a comment, at the start of a line
or after a blank, so that codes such as `KU/CC/DI/M` may be written. Letters of criteria: g patron category, m item
type, t loan type, a, b and c libraries at the first three levels, s shelving location; of policies: l loan, o overdue
fine, i lost item, r holds, n notices. What has no letter is written by its name.

>>> text = '''
... priority: number-of-criteria, last-line
... fallback-policy: l three-weeks o daily
... m dvd: l one-week o daily
...     g student + patron_age 12-17: l two-weeks o daily limits young
... '''
>>> found = parse_rules(text)
>>> [(rule.id, rule.loan) for rule in found.rules]
[('line-4', 'one-week'), ('line-5', 'two-weeks')]
>>> found.fallback.loan, found.precedence.priority
('three-weeks', 'number-of-criteria, last-line')
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import frozen

from libops.base.errors import InvalidValue, SettingsError
from libops.circulation.policy.rules.model import AXES, AgeRange, CircRule, Concern, Criterion, RuleCriterion
from libops.circulation.policy.rules.precedence import LETTERS, PriorityLine

__all__ = ["RuleText", "parse_rules"]

POLICY_LETTERS: Final[Mapping[str, str]] = {
    "l": Concern.LOAN.value,
    "o": Concern.FINE.value,
    "i": Concern.LOST.value,
    "r": Concern.HOLDS.value,
    "n": Concern.NOTICES.value,
    **{concern.value: concern.value for concern in Concern},
}
FLAGS: Final = frozenset({"juvenile", "reference", "new", "renewal"})
AGES: Final = frozenset({"patron_age", "item_age"})
YES_NO: Final = {"yes": True, "no": False}
COMMENT: Final = re.compile(r"(^|(?<=\s))[#/].*")

Criteria = dict[str, tuple[str, RuleCriterion]]
"""For each axis, the letter it was named by and the criterion."""


@frozen
class RuleText:
    """A text of rules, read: the strategy, the rules by line, and what holds where none matches."""

    precedence: PriorityLine
    rules: tuple[CircRule, ...]
    fallback: CircRule


def parse_rules(text: str) -> RuleText:
    """Read a text of rules. Raises `SettingsError` with all problems, each with its line number."""
    problems: list[str] = []
    rules: list[CircRule] = []
    heads: dict[str, tuple[int, str]] = {}
    outer: list[tuple[int, Criteria]] = []
    for number, indent, content in lines_of(text):
        try:
            word, _, rest = content.partition(":")
            if word.strip() in ("priority", "fallback-policy"):
                place_head(heads, word.strip(), number, rest, after_rules=bool(rules))
                continue
            outer = [(depth, criteria) for depth, criteria in outer if depth < indent]
            criteria = read_criteria(word, outer[-1][1] if outer else {})
            outer.append((indent, criteria))
            if rest.strip():
                named: dict[str, Any] = {axis: criterion for axis, (_, criterion) in criteria.items()}
                rules.append(CircRule(id=f"line-{number}", **named, **read_policies(rest)))
        except InvalidValue as error:
            problems.append(f"line {number}: {error}")
    problems += [f"line {number}: no policies here, nor on a line below that belongs to it" for number in idle(text)]
    precedence, fallback = read_heads(heads, problems, first_rule=rules[0].id if rules else "")
    if problems:
        raise SettingsError("\n  ".join(["rules that cannot be read:", *problems]), tuple(problems))
    return RuleText(precedence, tuple(rules), fallback)


def lines_of(text: str) -> Iterator[tuple[int, int, str]]:
    """Number, indentation and content of each line that says anything."""
    for number, line in enumerate(text.expandtabs(4).splitlines(), 1):
        content = COMMENT.sub("", line).rstrip()
        if content:
            yield number, len(content) - len(content.lstrip()), content.strip()


def idle(text: str) -> Iterator[int]:
    """The lines that name criteria only, for no line below."""
    lines = list(lines_of(text))
    for (number, indent, content), (_, below, _) in zip(lines, [*lines[1:], (0, 0, "")], strict=True):
        if not content.partition(":")[2].strip() and below <= indent:
            yield number


def place_head(heads: dict[str, tuple[int, str]], word: str, number: int, rest: str, *, after_rules: bool) -> None:
    if word in heads:
        raise InvalidValue(f"{word} was given on line {heads[word][0]} already: keep one of them")
    if word == "priority" and after_rules:
        raise InvalidValue("priority stands after the first rule: move it to the top")
    heads[word] = (number, rest)


def read_heads(
    heads: dict[str, tuple[int, str]], problems: list[str], *, first_rule: str
) -> tuple[PriorityLine, CircRule]:
    precedence, fallback = PriorityLine(), CircRule(id="fallback")
    if "priority" in heads:
        number, rest = heads["priority"]
        try:
            precedence = PriorityLine(rest.strip())
        except InvalidValue as error:
            problems.append(f"line {number}: {error}")
    if "fallback-policy" not in heads:
        problems.append("fallback-policy: is missing; write a line such as 'fallback-policy: l three-weeks'")
        return precedence, fallback
    number, rest = heads["fallback-policy"]
    after = bool(first_rule) and number > int(first_rule.removeprefix("line-"))
    if first_rule and after != precedence.fallback_comes_last:
        where = "after all rules, with first-line" if precedence.fallback_comes_last else "before the first rule"
        problems.append(f"line {number}: fallback-policy must stand {where}")
    try:
        fallback = CircRule(id="fallback", **read_policies(rest))
    except InvalidValue as error:
        problems.append(f"line {number}: {error}")
    return precedence, fallback


def read_criteria(written: str, outer: Criteria) -> Criteria:
    """The criteria of a line, together with those of the lines it stands under."""
    found: Criteria = dict(outer)
    for part in written.split("+"):
        letter, *values = part.split() or [""]
        axis = LETTERS[letter][0] if letter in LETTERS else letter
        if axis not in AXES:
            raise InvalidValue(f"{letter!r} is no criterion; the letters are {', '.join(LETTERS)}, or write a name")
        criterion = read_values(axis, values)
        if axis in found:
            criterion = narrowed(axis, found[axis], (letter, criterion))
        found[axis] = (letter, criterion)
    return found


def read_values(axis: str, values: list[str]) -> RuleCriterion:
    if axis in FLAGS:
        if len(values) != 1 or values[0] not in YES_NO:
            raise InvalidValue(f"{axis} {' '.join(values)!r}: write {axis} yes or {axis} no")
        return YES_NO[values[0]]
    if axis in AGES:
        return AgeRange.parse(" ".join(values))
    return Criterion() if values == ["all"] else Criterion.parse(values)


def narrowed(axis: str, outer: tuple[str, RuleCriterion], inner: tuple[str, RuleCriterion]) -> RuleCriterion:
    """Both criteria on one axis at once. A library further down the tree stands for itself."""
    (outer_letter, broad), (letter, narrow) = outer, inner
    if not isinstance(broad, Criterion) or not isinstance(narrow, Criterion):
        raise InvalidValue(f"{axis} is named twice, here and on an outer line: name it once")
    if broad.is_any or outer_letter != letter:
        return narrow if not narrow.is_any else broad
    if narrow.is_any:
        return broad
    if not broad.any_of and not narrow.any_of:
        return Criterion((), (*broad.none_of, *narrow.none_of))
    either, other = (broad, narrow) if broad.any_of else (narrow, broad)
    both = tuple(code for code in either.any_of if other.holds((code,)))
    if not both:
        raise InvalidValue(f"{axis} can be both {broad} and {narrow} for no case: this line never matches")
    return Criterion(both)


def read_policies(written: str) -> dict[str, Any]:
    words = written.split()
    if len(words) % 2:
        raise InvalidValue(f"policies {written.strip()!r}: write a letter and a name for each, such as l three-weeks")
    found: dict[str, Any] = {}
    for letter, name in zip(words[::2], words[1::2], strict=True):
        concern = POLICY_LETTERS.get(letter)
        if concern is None:
            raise InvalidValue(f"{letter!r} is no kind of policy; those are {', '.join(POLICY_LETTERS)}")
        if concern in found:
            raise InvalidValue(f"{concern} policy is given twice: {found[concern]} and {name}")
        found[concern] = name
    return found
