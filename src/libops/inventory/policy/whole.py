"""A library's terms for its shelves, as one value: what the settings say under `inventory`."""

from __future__ import annotations

from attrs import evolve, frozen

from libops.classification import DEFAULT_POLICY, SCHEMES, FilingPolicy
from libops.inventory.model import STANDARD_TERMS, StocktakeTerms
from libops.inventory.policy.displays import STANDARD_DISPLAYS, DisplayTerms, RotationMoves
from libops.inventory.policy.stocktake import STANDARD_CORRECTIONS, CorrectionTerms
from libops.inventory.policy.weeding import WeedingRule, WeedingTerms

__all__ = ["InventoryPolicy"]

STANDARD_WEEDING = WeedingTerms()
"""No table: nothing is a candidate until the library loads one."""


@frozen(kw_only=True)
class InventoryPolicy:
    """How a library counts, corrects, weeds and displays. `scheme` is the one its call-number ranges are written in.

    >>> rule = WeedingRule.crew("computers", "3/X/MUSTIE", call_numbers="004-006")
    >>> ready = InventoryPolicy(weeding=WeedingTerms(rules=(rule,))).weeding_terms()
    >>> SCHEMES.filing("ddc").sort_key("005.1 KNU") in ready.rules[0].keys
    True
    """

    stocktake: StocktakeTerms = STANDARD_TERMS
    corrections: CorrectionTerms = STANDARD_CORRECTIONS
    weeding: WeedingTerms = STANDARD_WEEDING
    displays: DisplayTerms = STANDARD_DISPLAYS
    rotation_moves: RotationMoves = RotationMoves.AUTOMATIC
    scheme: str = "ddc"

    def weeding_terms(self, filing: FilingPolicy = DEFAULT_POLICY) -> WeedingTerms:
        """The weeding terms with the range of each rule that was written as call numbers, as the library files."""
        return evolve(self.weeding, rules=tuple(self._ranged(rule, filing) for rule in self.weeding.rules))

    def _ranged(self, rule: WeedingRule, filing: FilingPolicy) -> WeedingRule:
        if rule.keys is not None or not rule.call_numbers:
            return rule
        return evolve(rule, keys=SCHEMES.filing(self.scheme).stretch(rule.call_numbers, policy=filing))
