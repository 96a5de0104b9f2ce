"""A program that only lends pays for lending: the rooms it never enters are not imported."""

from __future__ import annotations

from pathlib import Path

SRC = Path(__file__).resolve().parents[2] / "src"

LEND = """
import sys
import libops

ops = libops.open({url!r})
{act}
print(*sys.modules)
"""

FIRST_LOAN = """
ops.patrons.add(barcode="21234000000017", name="Ada Kowalski", category="adult")
"""

NOT_TO_OPEN = (
    "hypothesis",
    "libops.bookings",
    "libops.catalog.marc",
    "libops.catalog.search",
    "libops.circulation.decide",
    "libops.cli",
    "libops.equipment",
    "libops.inventory",
    "libops.processing",
    "libops.testing",
    "pymarc",
    "pytest",
    "rich",
    "smtplib",
    "ssl",
)
"""What a library that is opened may not bring along; its database is its own business."""
