"""What changes when settings change: the cases that another rule decides, the terms that differ, the due dates.

>>> from libops.desk.settings.loading import default_settings, load_settings
>>> before = default_settings()
>>> plain = before.canonical()
>>> plain["rules"][2]["item_type"] = ["media", "equipment"]
>>> for change in compare_settings(before, load_settings(plain)).changes:
...     print(change.concern, change.before, change.after, change.rule_after, change.count, change.of)
loan two-weeks four-weeks fallback 3 12
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from attrs import evolve, frozen

from libops.circulation.policy.book import Terms
from libops.circulation.policy.due import due_date
from libops.circulation.policy.lint.boxes import Space, all_cases, space_of
from libops.circulation.policy.lint.rules import case_in_words
from libops.circulation.policy.rules import Case, Concern, RuleBook, Tree, Trees
from libops.desk.settings.loading import Settings
from libops.wire.plain import to_plain

__all__ = ["SettingsChange", "SettingsDiff", "compare_settings"]

MOST_CASES: Final = 20_000
CONCERNS: Final = {
    Concern.LOAN: "loan",
    Concern.FINE: "fine",
    Concern.LOST: "lost",
    Concern.SUSPENSION: "suspension",
    Concern.REMINDERS: "reminders",
    Concern.LIMITS: "limits",
}
UNSET: Final = "no policy"
Difference = tuple[str, str, str, str, str, tuple[str, ...]]
"""The concern; policy before and after; rule before and after; the options that differ."""


@frozen
class SettingsChange:
    """One change: what it concerns, the policy and rule before and after, in how many of the cases, and one of them.

    `terms` lists the options that differ, as `path: before -> after`; for a due date, the two moments.
    """

    concern: str
    before: str
    after: str
    rule_before: str
    rule_after: str
    count: int
    of: int
    example: Case
    terms: tuple[str, ...] = ()

    def __str__(self) -> str:
        moved = f"{self.before} (rule {self.rule_before}) -> {self.after} (rule {self.rule_after})"
        told = f"; {', '.join(self.terms)}" if self.terms else ""
        return (
            f"{self.concern}: {moved} in {self.count} of {self.of} cases, such as: {case_in_words(self.example)}{told}"
        )


@frozen
class SettingsDiff:
    """Everything that two versions of settings answer differently, over `cases` cases."""

    before: str
    after: str
    cases: int
    changes: tuple[SettingsChange, ...]

    @property
    def by_rule(self) -> Mapping[str, int]:
        """How many answers each rule of the old settings loses or changes."""
        counts: dict[str, int] = {}
        for change in self.changes:
            counts[change.rule_before] = counts.get(change.rule_before, 0) + change.count
        return counts


def compare_settings(
    before: Settings, after: Settings, *, cases: Iterable[Case] | None = None, at: datetime | None = None
) -> SettingsDiff:
    """Ask both settings about the same cases.

    `cases` may be those of a library's real loans; by default there is one for every combination of facts that the
    rules of either version tell apart (up to 20,000, evenly chosen). With `at` (a UTC instant) due dates of loans made
    then are compared too, with the calendar of the library where the loan is made.
    """
    if cases is None:
        cases = all_cases([*joint_spaces(before.rules.book, after.rules.book)], most=MOST_CASES)
    found: dict[Difference, tuple[Case, int]] = {}
    asked = 0
    for case in cases:
        asked += 1
        for difference in differences(before, after, case, at):
            example, count = found.get(difference, (case, 0))
            found[difference] = (example, count + 1)
    changes = tuple(
        SettingsChange(concern, old, new, lost, won, count, asked, example, terms)
        for (concern, old, new, lost, won, terms), (example, count) in found.items()
    )
    return SettingsDiff(before.version, after.version, asked, changes)


def joint_spaces(before: RuleBook, after: RuleBook) -> Iterator[Space]:
    """The cases that the rules of both versions tell apart, once for each view of whose library counts."""
    trees = Trees(
        libraries=joint_tree(before.trees.libraries, after.trees.libraries),
        categories=joint_tree(before.trees.categories, after.trees.categories),
        item_types=joint_tree(before.trees.item_types, after.trees.item_types),
    )
    renamed = [evolve(rule, id=f"{rule.id} (after)") for rule in after.rules]
    for control in dict.fromkeys((before.control, after.control)):
        rules = [*before.rules, *renamed]
        yield space_of(RuleBook(rules, {}, before.precedence, None, trees, control), Concern.LOAN)


def joint_tree(before: Tree, after: Tree) -> Tree:
    return Tree({**before.parents, **after.parents})


def differences(before: Settings, after: Settings, case: Case, at: datetime | None) -> Iterator[Difference]:
    old, new = before.book.terms(case), after.book.terms(case)
    for concern, name in CONCERNS.items():
        one, other = getattr(old, name), getattr(new, name)
        if one != other:
            terms = options_changed(one, other) if policy_name(old, name) == policy_name(new, name) else ()
            lost, won = rules(old, new, concern)
            yield name, policy_name(old, name), policy_name(new, name), lost, won, terms
    if at is not None:
        was_due, is_due = due_words(before, old, case, at), due_words(after, new, case, at)
        if was_due != is_due:
            lost, won = rules(old, new, Concern.LOAN)
            yield "due", was_due, is_due, lost, won, ()


def policy_name(terms: Terms, concern: str) -> str:
    given: str | None = getattr(terms, f"{concern}_name", None)
    return (getattr(terms.match, concern) if given is None else given) or UNSET


def rules(old: Terms, new: Terms, concern: Concern) -> tuple[str, str]:
    return old.match.rule_for(concern) or "none", new.match.rule_for(concern) or "none"


def due_words(settings: Settings, terms: Terms, case: Case, at: datetime) -> str:
    # Where no rule names a library, any of them will do.
    library = case.transaction_library or next(iter(settings.calendars), None)
    if terms.loan is None or library is None or library not in settings.calendars:
        return "no due date"
    calendar = settings.calendar_of(library)
    due = due_date(terms.loan.due, at=at, calendar=calendar).at
    return "no due date" if due is None else f"{calendar.local(due):%Y-%m-%d %H:%M}"


def options_changed(one: object, other: object) -> tuple[str, ...]:
    """The options in which two policies of one name differ, each with both values."""
    old, new = flat(to_plain(one)), flat(to_plain(other))
    paths = dict.fromkeys((*old, *new))
    return tuple(
        f"{path}: {old.get(path, 'default')} -> {new.get(path, 'default')}"
        for path in paths
        if old.get(path) != new.get(path)
    )


def flat(plain: Any, path: str = "") -> dict[str, Any]:
    if not isinstance(plain, Mapping):
        return {path: plain}
    return {
        name: value for key, part in plain.items() for name, value in flat(part, f"{path}.{key}".lstrip(".")).items()
    }
