"""Checklists and terms of processing as data: what each kind of material needs, and where libraries differ.

>>> checklist = shipped_checklists()["book"]
>>> [step.code for step in checklist.missing(frozenset({"quality_check", "catalog", "barcode", "property_stamp"}))]
['spine_label', 'final_scan']
>>> AccessionFormat(pattern="{year}-{serial:04}", yearly=True).number(year=2026, serial=173)
'2026-0173'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from functools import cache
from string import Formatter

from attrs import field, frozen

from libops.base.errors import InvalidValue
from libops.base.ids import LibraryCode
from libops.processing.model import Preparation, PreparationState, StepEntry

__all__ = [
    "AccessionFormat",
    "Checklist",
    "ChecklistStep",
    "LoanableWhen",
    "ProcessingPolicy",
    "SkipRule",
    "StepOrder",
    "shipped_checklists",
]


class SkipRule(Enum):
    """Whether a step may be left out."""

    NEVER = "never"
    """Only with a right."""
    WITH_REASON = "with_reason"
    """When somebody says why."""
    FREELY = "freely"
    """Whenever it does not fit the piece."""


class StepOrder(Enum):
    """In which order steps are done."""

    FREE = "free"
    """As the work table has it."""
    PREREQUISITES = "prerequisites"
    """A step waits for those it names."""
    AS_LISTED = "as_listed"
    """Required steps strictly from the top of the list down."""


class LoanableWhen(Enum):
    """From when on new material may be lent."""

    REQUIRED_STEPS_DONE = "required_steps_done"
    """As soon as it is ready: a patron who waits for it need not wait for the cart."""
    ON_SHELF = "on_shelf"
    """Only when it was shelved."""


def in_order(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(codes)


def once_each(codes: Iterable[str]) -> frozenset[str]:
    return frozenset(codes)


@frozen
class ChecklistStep:
    """One step: its code, its words for staff, whether it is required, what comes first, whether it may be skipped."""

    code: str
    title: str = ""
    required: bool = False
    after: tuple[str, ...] = field(default=(), converter=in_order)
    skip: SkipRule = field(default=SkipRule.WITH_REASON, converter=SkipRule)


@frozen
class Checklist:
    """What one kind of material needs. `forbidden` are steps that would harm it.

    Raises `InvalidValue` for a step listed twice, one that waits for a step not on the list or in a circle, or one
    that is both listed and forbidden.
    """

    name: str
    steps: tuple[ChecklistStep, ...] = field()
    title: str = ""
    forbidden: frozenset[str] = field(default=frozenset(), converter=once_each)

    @steps.validator
    def _steps_make_sense(self, attribute: object, steps: tuple[ChecklistStep, ...]) -> None:
        codes = [step.code for step in steps]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise InvalidValue(f"checklist {self.name!r} lists {', '.join(twice)} twice: once is enough")
        placed: set[str] = set()
        waiting = list(steps)
        while fit := [step for step in waiting if placed.issuperset(step.after)]:
            placed.update(step.code for step in fit)
            waiting = [step for step in waiting if step not in fit]
        if waiting:
            stuck = ", ".join(step.code for step in waiting)
            raise InvalidValue(
                f"checklist {self.name!r}: {stuck} can never be done; name only steps of the list, in no circle"
            )

    @forbidden.validator
    def _forbidden_are_not_listed(self, attribute: object, forbidden: frozenset[str]) -> None:
        both = sorted(forbidden.intersection(step.code for step in self.steps))
        if both:
            raise InvalidValue(f"checklist {self.name!r} both lists and forbids {', '.join(both)}")

    def step(self, code: str) -> ChecklistStep | None:
        """The step of this code, or None."""
        return next((step for step in self.steps if step.code == code), None)

    def missing(self, done: frozenset[str]) -> tuple[ChecklistStep, ...]:
        """The required steps that are neither done nor skipped, in the order of the list."""
        return tuple(step for step in self.steps if step.required and step.code not in done)


@cache
def shipped_checklists() -> Mapping[str, Checklist]:
    """Checklists for common materials, by name, to start from: book, disc, serial issue, kit, equipment, special."""
    from importlib.resources import files
    from tomllib import loads

    read = loads(files(__package__).joinpath("checklists.toml").read_text("utf-8"))
    found = {}
    for row in read["checklist"]:
        steps = tuple(ChecklistStep(**step) for step in row["steps"])
        found[row["name"]] = Checklist(row["name"], steps, row["title"], row.get("forbidden", ()))
    return found


def _pattern_is_usable(accession: AccessionFormat, attribute: object, pattern: str) -> None:
    try:
        names = {name for _, name, _, _ in Formatter().parse(pattern) if name is not None}
        pattern.format(library="MAIN", year=2026, serial=1)
    except (ValueError, KeyError, IndexError, AttributeError, TypeError) as wrong:
        raise InvalidValue(f"accession pattern {pattern!r} cannot be filled in: {wrong}") from wrong
    if "serial" not in names:
        raise InvalidValue(f"accession pattern {pattern!r} needs {{serial}}, such as '{{year}}-{{serial:05}}'")
    if accession.yearly and "year" not in names:
        raise InvalidValue(f"accession pattern {pattern!r} starts again each year, so it needs {{year}}")
    if not accession.shared and "library" not in names:
        raise InvalidValue(f"accession pattern {pattern!r} counts for each library, so it needs {{library}}")


@frozen
class AccessionFormat:
    """How accession numbers look and count: one running series or one a year; shared by all libraries, or each its own.

    The pattern knows `{library}`, `{year}` and `{serial}`. Numbers are never given twice, also not after a withdrawal.
    Raises `InvalidValue` for a pattern under which two items could get one number.
    """

    yearly: bool = False
    shared: bool = True
    pattern: str = field(default="{serial:06}", validator=_pattern_is_usable, kw_only=True)

    def series(self, *, library: LibraryCode, year: int) -> str:
        """The name of the series a number is taken from."""
        return "/".join(filter(None, ("" if self.shared else library, str(year) if self.yearly else ""))) or "all"

    def number(self, *, year: int, serial: int, library: str = "") -> str:
        """The number as it is written into the item."""
        return self.pattern.format(library=library, year=year, serial=serial)


@frozen
class ProcessingPolicy:
    """How one library processes. `search_again_days` is the wait before a copy is searched for again;
    after `search_limit` searches the item is cataloged originally (None: search forever)."""

    checklists: Mapping[str, Checklist] = field(factory=shipped_checklists)
    order: StepOrder = StepOrder.PREREQUISITES
    loanable_when: LoanableWhen = LoanableWhen.REQUIRED_STEPS_DONE
    accession: AccessionFormat = AccessionFormat()
    search_again_days: int = 30
    search_limit: int | None = 3

    def checklist(self, preparation: Preparation) -> Checklist:
        """The checklist the material follows; one that was removed since is empty."""
        return self.checklists.get(preparation.checklist) or Checklist(preparation.checklist, ())

    def before(self, checklist: Checklist, code: str) -> tuple[str, ...]:
        """Which steps come before this one."""
        step = checklist.step(code)
        if step is None or self.order is StepOrder.FREE:
            return ()
        if self.order is StepOrder.PREREQUISITES:
            return step.after
        above = checklist.steps[: checklist.steps.index(step)]
        return tuple(earlier.code for earlier in above if earlier.required)

    def state_after(
        self,
        preparation: Preparation,
        *,
        entries: tuple[StepEntry, ...] | None = None,
        open_problems: int | None = None,
    ) -> PreparationState:
        """Where material stands by what is done and what is wrong."""
        done = preparation.entries if entries is None else entries
        wrong = sum(problem.is_open for problem in preparation.problems) if open_problems is None else open_problems
        if wrong:
            return PreparationState.SET_ASIDE
        if not done:
            missing = self.checklist(preparation).missing(frozenset())
            return PreparationState.RECEIVED if missing else PreparationState.READY
        missing = self.checklist(preparation).missing(frozenset(entry.code for entry in done))
        return PreparationState.IN_PROCESS if missing else PreparationState.READY

    def loanable(self, preparation: Preparation | None) -> bool:
        """Whether an item may be lent as far as processing is concerned; one that was never in processing may."""
        if preparation is None or preparation.state is PreparationState.ON_SHELF:
            return True
        return self.loanable_when is LoanableWhen.REQUIRED_STEPS_DONE and preparation.state is PreparationState.READY

    def searches_due(self, preparation: Preparation, *, today: date) -> tuple[int, ...]:
        """The places of open problems whose day for another search has come."""
        return tuple(
            place
            for place, problem in enumerate(preparation.problems)
            if problem.is_open and problem.search_again is not None and problem.search_again <= today
        )
