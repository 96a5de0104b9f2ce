"""What a library decides about its catalog: how records that arrive are matched, what an overlay keeps, what is asked
of a record. A `CatalogPolicy` is the table `catalog` of the settings.

>>> CatalogPolicy(overlay=OverlayPolicy(protect=("590", "9XX"))).overlay.protect[0].written
'590'
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import Attribute, field, frozen

from libops.base.bounds import at_least_zero
from libops.base.errors import InvalidValue, NotFound
from libops.catalog.matching.evidence import MatchOptions
from libops.catalog.matching.keys import KEYS, MatchKey
from libops.catalog.matching.overlay import OverlayPolicy
from libops.catalog.questions import OnDoubt, OnMatch
from libops.catalog.validation.standard import Profile, shipped_profile

__all__ = ["CatalogPolicy", "MatchTerms"]


def _is_likeness(record: object, attribute: Attribute[int], value: int) -> None:
    if not 0 <= value <= 100:
        raise InvalidValue(f"{attribute.name} is {value}: it goes from 0 (nothing in common) to 100 (the same words)")


@frozen(kw_only=True)
class MatchTerms:
    """Where the library draws its lines between one edition and two; likeness of titles goes from 0 to 100."""

    title_agrees: int = field(default=60, validator=_is_likeness)
    """From here on, two titles are taken for one when a number agrees too."""
    title_corrected: int = field(default=30, validator=_is_likeness)
    """From here on, the titles under one control number of one source are one title, corrected."""
    same_work: int = field(default=85, validator=_is_likeness)
    """From here on, records without a common number are worth a question."""
    year_tolerance: int = field(default=1, validator=at_least_zero)
    """Years of publication apart that say nothing."""
    key: str = "title-year-author"
    """The match key that counts as evidence: a shipped one, or one of a plugin.

    With a version behind it, as in `author-year/2`, no other version will do: a key made otherwise finds nothing that
    was filed under the earlier one.
    """

    def options(self, more: Mapping[str, MatchKey] | None = None) -> MatchOptions:
        """The options of `compare`; `more` are the keys of plugins. Raises `NotFound` for a key that is nowhere."""
        keys = {**KEYS, **(more or {})}
        name, _, version = self.key.partition("/")
        key = keys.get(name)
        if key is None or version not in ("", str(key.version)):
            there = ", ".join(f"{one.name}/{one.version}" for one in keys.values())
            raise NotFound(f"no match key {self.key!r}; there are {there}. Is its plugin let in?")
        return MatchOptions(
            title_agrees=self.title_agrees,
            title_corrected=self.title_corrected,
            same_work=self.same_work,
            year_tolerance=self.year_tolerance,
            key=key,
        )


@frozen(kw_only=True)
class CatalogPolicy:
    """The library's own decisions about its catalog."""

    on_match: OnMatch = OnMatch.OVERLAY
    on_doubt: OnDoubt = OnDoubt.ASK
    matching: MatchTerms = field(factory=MatchTerms)
    overlay: OverlayPolicy = field(factory=OverlayPolicy)
    """Which fields of the record in the catalog an overlay keeps, and what it never takes from the new one."""
    validation: str = "minimal"
    """The profile that records are held against: a shipped one, or one of `profiles`."""
    profiles: Mapping[str, Profile] = field(factory=dict)
    """Profiles of the library's own: the fields it requires, and those it expects."""

    def profile(self, name: str = "") -> Profile:
        """A profile by its name, the library's own first; the one of `validation` when left out. Raises `NotFound`."""
        name = name or self.validation
        return self.profiles[name] if name in self.profiles else shipped_profile(name)
