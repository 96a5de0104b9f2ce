"""Under which cataloging rules a record was made. Hybrids are normal: they are named, never converted in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import Final

from libops.catalog.marc import MarcRecord
from libops.catalog.validation.findings import Finding, Severity

__all__ = ["CatalogingRules", "cataloging_rules", "check_rules"]

ABBREVIATED: Final = re.compile(r"\b(?:p|v|ill|col|port|facsim|ca)\.|\[S\.l\.|\[s\.n\.|et al\.")


class CatalogingRules(Enum):
    """The rules a record follows, as its codes and fields tell."""

    RDA = "rda"
    """040 $e rda and nothing that speaks against it."""
    AACR2 = "aacr2"
    """Leader/18 a, and no field that only RDA has."""
    HYBRID = "hybrid"
    """Signs of both: an older record enriched, or a newer one made from it."""
    OTHER = "other"
    """Neither says so: ISBD, national rules, or none."""


def _signs(record: MarcRecord) -> tuple[list[str], list[str]]:
    """What speaks for RDA, and what for AACR2."""
    rda, aacr2 = [], []
    source = record.first("040")
    if source is not None and "rda" in source.all("e"):
        rda.append("040 $e rda")
    elif record.leader[18:19] == "a":
        aacr2.append("leader/18 a")
    for tag in ("264", "336", "337", "338"):
        if record.first(tag) is not None:
            rda.append(tag)
    if record.first("260") is not None:
        aacr2.append("260")
    if any(found.get("h") for found in record.all("245")):
        aacr2.append("245 $h")
    if any(ABBREVIATED.search(found.text()) for found in record.all("260", "264", "300")):
        aacr2.append("abbreviations")
    return rda, aacr2


def cataloging_rules(record: MarcRecord) -> CatalogingRules:
    """The rules this record follows."""
    rda, aacr2 = _signs(record)
    if rda and aacr2:
        return CatalogingRules.HYBRID
    if rda:
        return CatalogingRules.RDA
    return CatalogingRules.AACR2 if "leader/18 a" in aacr2 else CatalogingRules.OTHER


def check_rules(record: MarcRecord) -> Iterator[Finding]:
    """A note for a hybrid record, and a warning for one that says RDA and lacks what RDA asks for."""
    rda, aacr2 = _signs(record)
    if rda and aacr2:
        found = f"RDA: {', '.join(rda)}; AACR2: {', '.join(aacr2)}"
        yield Finding("rules.hybrid", Severity.NOTE, "040", found=found)
    if "040 $e rda" in rda:
        for tag in ("336", "337", "338"):
            if tag not in rda:
                yield Finding("rules.rda_incomplete", Severity.WARNING, tag, right="content, media and carrier type")
        if "245 $h" in aacr2:
            yield Finding("rules.rda_gmd", Severity.WARNING, "245", subfield="h", right="338 says the carrier in RDA")
