"""What a library lets a stocktake change by itself, and what it only wants on a list."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from attrs import evolve, field, frozen

from libops.base.errors import InvalidValue
from libops.base.ids import LibraryCode
from libops.inventory.model import (
    Correction,
    CorrectionKind,
    Finding,
    FindingKind,
    ShelfStatus,
    StocktakeResult,
)

__all__ = ["STANDARD_CORRECTIONS", "CorrectionTerms", "Treatment", "corrections_for", "propose_corrections"]


class Treatment(Enum):
    """What happens with a finding when the result is accepted."""

    CORRECT = "correct"
    """The record is corrected."""
    LIST_ONLY = "list_only"
    """It stays on the report, and people see to it."""


@frozen(kw_only=True)
class CorrectionTerms:
    """How a library treats each kind of finding, and how much may be missing before somebody has to confirm it.

    `on_the_way` is for items in transit, awaiting pickup, in process, on order or in repair that stand on the shelf.
    `missing_share` is in percent of the items expected on the shelf; None never asks.
    """

    missing: Treatment = Treatment.CORRECT
    on_loan: Treatment = Treatment.CORRECT
    found_again: Treatment = Treatment.CORRECT
    on_the_way: Treatment = Treatment.LIST_ONLY
    withdrawn: Treatment = Treatment.LIST_ONLY
    wrong_location: Treatment = Treatment.LIST_ONLY
    missing_share: int | None = field(default=10)

    @missing_share.validator
    def _percent(self, attribute: object, value: int | None) -> None:
        if value is not None and not 0 <= value <= 100:
            raise InvalidValue(f"missing share {value} is no percentage: give 0 to 100, or None")


STANDARD_CORRECTIONS = CorrectionTerms()
"""Missing, found again and returned items are corrected; withdrawn, strayed and traveling ones are listed."""

LOST = (
    ShelfStatus.MISSING,
    ShelfStatus.DECLARED_LOST,
    ShelfStatus.AGED_TO_LOST,
    ShelfStatus.CLAIMED_RETURNED,
)


def _status_kind(status: ShelfStatus, terms: CorrectionTerms) -> tuple[CorrectionKind, Treatment]:
    if status is ShelfStatus.ON_LOAN:
        return CorrectionKind.CHECK_IN, terms.on_loan
    if status is ShelfStatus.WITHDRAWN:
        return CorrectionKind.REINSTATE, terms.withdrawn
    if status in LOST:
        return CorrectionKind.MARK_FOUND, terms.found_again
    return CorrectionKind.CHECK_IN, terms.on_the_way


def _possible(finding: Finding, terms: CorrectionTerms) -> tuple[CorrectionKind, Treatment] | None:
    if finding.kind is FindingKind.MISSING:
        return CorrectionKind.MARK_MISSING, terms.missing
    if finding.kind is FindingKind.WRONG_STATUS and finding.status is not None:
        return _status_kind(finding.status, terms)
    if finding.kind is FindingKind.WRONG_LOCATION and finding.location is not None:
        return CorrectionKind.CHANGE_LOCATION, terms.wrong_location
    return None


def corrections_for(
    result: StocktakeResult, library: LibraryCode, terms: CorrectionTerms
) -> Iterator[tuple[Correction, Treatment]]:
    """Every correction that a finding of a result in this library supports, with how the library treats it."""
    for finding in result.findings:
        possible = _possible(finding, terms)
        if possible is None or finding.item is None:
            continue
        kind, treatment = possible
        place, status = finding.item.place, finding.status or finding.item.status
        if kind is CorrectionKind.CHANGE_LOCATION:
            after_place, after_status = evolve(place, library=library, location=finding.location or ""), status
        else:
            after_place = place
            after_status = ShelfStatus.MISSING if kind is CorrectionKind.MARK_MISSING else ShelfStatus.AVAILABLE
        correction = Correction(
            session_id=result.session_id,
            item_id=finding.item.item_id,
            kind=kind,
            before_status=status,
            after_status=after_status,
            before_place=place,
            after_place=after_place,
        )
        yield correction, treatment


def propose_corrections(
    result: StocktakeResult, library: LibraryCode, terms: CorrectionTerms = STANDARD_CORRECTIONS
) -> tuple[Correction, ...]:
    """The corrections for the reviewer: all that the library treats as to be corrected. Take out or add to them."""
    found = corrections_for(result, library, terms)
    return tuple(correction for correction, treatment in found if treatment is Treatment.CORRECT)
