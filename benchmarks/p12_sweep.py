"""P12: the nightly run over many open loans, against reading the keys of as many rows.

Run with `python benchmarks/p12_sweep.py [LOANS] [LATE]`: 200,000 open loans when left out, 0.1 of them late. The late
ones are fined to the cap and reminded of, so that the run looks and decides and finds nothing to write; what an act
costs is told apart, for loans of which the fine grows. The floor reads (due, key) of every open loan by keyset pages
of 500, with nothing but `sqlite3`. P12 is the sum of the steps that visit overdue loans; the steps that look ahead
are shown beside it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from harness import judged
from open_loans import NOW, fill, grow, town

OVERDUE = ("fines", "losses", "reminders")
AHEAD = ("notices",)
ROUNDS = 3
GROWN = 500


def floor(connection: Any) -> int:
    """Read the keys of all open loans in the order of their due dates."""
    due, key, seen = "", "", 0
    while True:
        rows = connection.execute(
            "SELECT due, item_id FROM loan WHERE due IS NOT NULL AND (due, item_id) > (?, ?) "
            "ORDER BY due, item_id LIMIT 500",
            (due, key),
        ).fetchall()
        seen += len(rows)
        if len(rows) < 500:
            return seen
        due, key = rows[-1]


def timed(run: Any) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started


def main(loans: int = 200_000, late: float = 0.1) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "town.db"
        fill(path, loans=loans, late=late)
        with town(path) as ops:
            ops.run_due(NOW)
            rows = [timed(lambda: floor(ops.storage.connection)) for _ in range(ROUNDS)]
            steps = {
                step: min(timed(lambda step=step: ops.run_due(NOW, only=[step])) for _ in range(ROUNDS))
                for step in (*OVERDUE, *AHEAD)
            }
            report = ops.run_due(NOW)
            looked = {step.name: step.looked_at for step in report.steps}
            assert not any(step.acts for step in report.steps), report
            print(f"{loans:,} open loans, {late:.0%} late{'seconds':>32}{'ratio':>8}{'looked at':>12}")
            print(f"{'raw keyset read':<54}{min(rows):>8.3f}{1:>8.2f}{loans:>12,}")
            for step, took in steps.items():
                print(f"{step:<54}{took:>8.3f}{took / min(rows):>8.2f}{looked[step]:>12,}")
            grow(ops, GROWN)
            took = timed(lambda: ops.run_due(NOW + timedelta(days=1), only=["fines"]))
            print(f"{'one loan whose fine grows, written durably':<54}{took / GROWN:>8.6f}")
            ratio = sum(steps[step] for step in OVERDUE) / min(rows)
            noisy = ", noisy" if max(rows) > 2 * min(rows) else ""
            print(f"= P12 {ratio:.2f}x {judged('P12', ratio)}{noisy}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*(kind(word) for kind, word in zip((int, float), sys.argv[1:], strict=False))))
