"""P9: what importing costs, against importing attrs. Each figure is one fresh interpreter.

`import libops` imports next to nothing; the rows before it are honest about what the first use brings along: opening a
library in memory, and lending the first item. None of them may bring Hypothesis, pymarc or sqlite3.
"""

from __future__ import annotations

import subprocess
import sys

from harness import Measured, judged

ROUNDS = 11
FIRST_LOAN = """
import libops

ops = libops.open()

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
assert ops.circulation.check_out(patron=card.barcode, item=label.barcode)
"""
SUBJECTS = {
    "import attrs": "import attrs",
    "import attrs, cattrs, pluggy": "import attrs, cattrs, pluggy",
    "import libops and touch libops.open": "import libops; libops.open",
    "libops.open()": "import libops; libops.open()",
    "libops.open() and the first loan": FIRST_LOAN,
    "import libops": "import libops",
}
TIMED = """
import sys, time
start = time.process_time()
{code}
print((time.process_time() - start) * 1e6)
heavy = {{"hypothesis", "pymarc", "sqlite3"}} & set(sys.modules)
sys.exit(f"{{heavy}} came along" if heavy else 0)
"""


def once(code: str) -> float:
    ran = subprocess.run([sys.executable, "-c", TIMED.format(code=code)], capture_output=True, text=True, check=True)
    return float(ran.stdout)


def main() -> int:
    found: dict[str, list[float]] = {name: [] for name in SUBJECTS}
    for _ in range(ROUNDS):
        for name, code in SUBJECTS.items():
            found[name].append(once(code))
    rows = [Measured(name, tuple(times)) for name, times in found.items()]
    floor = rows[0].median
    print(f"{'processor time':<44}{'median ms':>12}{'min':>10}{'max':>10}{'ratio':>8}")
    for row in rows:
        least, most = min(row.times) / 1e3, max(row.times) / 1e3
        print(f"{row.name:<44}{row.median / 1e3:>12.2f}{least:>10.2f}{most:>10.2f}{row.median / floor:>8.2f}")
    first_loan = rows[4].median / floor
    first_use, whole = rows[2].median / floor, rows[-1].median / floor
    print(
        f"= P9 {whole:.2f}x {judged('P9', whole)} "
        f"(first use of libops.open {first_use:.2f}x, with a loan {first_loan:.2f}x)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
