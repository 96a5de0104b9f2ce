"""A program that only lends pays for lending: the rooms it never enters are not imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SRC = Path(__file__).resolve().parents[2] / "src"

FIRST_LOAN = """
import sys
import libops

ops = libops.open()
opened = set(sys.modules)

from libops.base.holders import BarcodeUse, Holder
from libops.catalog.model import BibRecord
from libops.items.model import Item
from libops.patrons.model import Patron
from libops.patrons.standing import Standing
from libops.storage.kinds import kind_of
from libops.storage.port import Batch, Write

walden = BibRecord(id="B-1", title="Walden")
copy = Item(id="I-1", bib_id="B-1", item_type="book", home_library="MAIN", holding_library="MAIN")
ada = Patron(id="P-1", name="Ada Kowalski", category="adult", home_library="MAIN")
label = BarcodeUse("31234000000013", Holder.ITEM, "I-1", "B-1")
card = BarcodeUse("21234000000017", Holder.PATRON, "P-1")
records = (walden, copy, ada, Standing("P-1"), label, card)
ops.storage.apply(Batch(writes=[Write(kind, kind.key_of(r), r, 0) for r in records for kind in [kind_of(type(r))]]))
lent = ops.circulation.check_out(patron=card.barcode, item=label.barcode)
assert lent, lent

print(*sorted(opened))
print(*sorted(sys.modules))
"""

NOT_TO_LEND = (
    "hypothesis",
    "libops.bookings",
    "libops.catalog.authorities",
    "libops.catalog.marc",
    "libops.catalog.search",
    "libops.cli",
    "libops.desk.bookings.desk",
    "libops.desk.catalog.desk",
    "libops.desk.equipment.desk",
    "libops.desk.inventory.desk",
    "libops.desk.moving.export",
    "libops.desk.notices.planning",
    "libops.desk.settings.file",
    "libops.desk.sweeps",
    "libops.equipment.decide",
    "libops.inventory",
    "libops.notices.templates",
    "libops.processing",
    "libops.testing",
    "pymarc",
    "pytest",
    "rich",
    "smtplib",
    "sqlite3",
    "ssl",
)
"""What neither opening a library in memory nor its first loan may bring along."""

NOT_TO_OPEN = (*NOT_TO_LEND, "libops.catalog", "libops.circulation.decide", "libops.equipment", "libops.fees.decide")
"""What opening alone may not bring."""


def test_who_only_lends_imports_nothing_else() -> None:
    """The first loan of the day needs the rules of loans, and no stocktake, booking, mail server or MARC record."""
    ran = subprocess.run(
        [sys.executable, "-c", FIRST_LOAN], env={**os.environ, "PYTHONPATH": str(SRC)}, capture_output=True, text=True
    )
    assert "" == ran.stderr
    opened, lent = (set(line.split()) for line in ran.stdout.splitlines())
    assert [] == sorted(opened & set(NOT_TO_OPEN)), "import it where it is first used"
    assert [] == sorted(lent & set(NOT_TO_LEND)), "import it where it is first used"
