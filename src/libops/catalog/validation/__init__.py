"""Validation: what a record says against the standard, and what the library asks for beyond it.

`validate` gives findings as values; it never changes a record and never raises for what a record holds. The tables are
data files made from the standard; a profile (minimal, full, one's own) says what must be there.
"""

from typing import TYPE_CHECKING

from libops.base.packages import offering

if TYPE_CHECKING:
    from libops.catalog.validation.check import validate, validate_outcomes
    from libops.catalog.validation.fields import is_local
    from libops.catalog.validation.findings import Finding, Severity
    from libops.catalog.validation.fixed import map_of_008
    from libops.catalog.validation.linkage import linked_880
    from libops.catalog.validation.rules import CatalogingRules, cataloging_rules
    from libops.catalog.validation.standard import FieldRule, Profile, field_rules, profile_of, shipped_profile
else:
    __getattr__ = offering(__name__, "check", "fields", "findings", "fixed", "linkage", "rules", "standard")

__all__ = [
    "CatalogingRules",
    "FieldRule",
    "Finding",
    "Profile",
    "Severity",
    "cataloging_rules",
    "field_rules",
    "is_local",
    "linked_880",
    "map_of_008",
    "profile_of",
    "shipped_profile",
    "validate",
    "validate_outcomes",
]
