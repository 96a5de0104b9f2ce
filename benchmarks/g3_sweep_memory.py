"""G3: the memory that the nightly run takes, and its time for each late loan, at two sizes of the library.

Run with `python benchmarks/g3_sweep_memory.py [FEW] [MANY]`: 30,000 and 300,000 open loans when left out, half of them
late. Each size is measured in a process of its own: what it holds after reading all keys once (the store's page cache
is full then), and the most it held during the run. At most 16 MB may come on top, and a late loan may take 1.2 times
as long among many as among few.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from open_loans import NOW, fill, town
from p12_sweep import OVERDUE, floor

MOST_MIB = 16
MOST_SLOWER = 1.2


def peak() -> float:
    """The most memory that this process has held so far, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():
        # What `getrusage` says on Linux begins with the memory of the process that started this one.
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        assert found is not None
        return int(found[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def measure(path: Path) -> dict[str, float]:
    """One run over a store that is there: memory before and at most, microseconds for each late loan."""
    with town(path) as ops:
        floor(ops.storage.connection)  # type: ignore[attr-defined]
        ops.storage.connection.execute("SELECT max(counted_as), max(fine) FROM loan").fetchall()  # type: ignore[attr-defined]
        base, started = peak(), time.process_time()
        report = ops.run_due(NOW, only=OVERDUE)
        took = time.process_time() - started
        rows = sum(step.looked_at for step in report.steps)
        return {"base": base, "peak": peak(), "micros": took / rows * 1e6}


def main(few: int = 30_000, many: int = 300_000) -> int:
    found = []
    print(f"{'open loans':<16}{'base MiB':>12}{'peak MiB':>12}{'more':>8}{'µs a row':>12}")
    with tempfile.TemporaryDirectory() as folder:
        for loans in (few, many):
            path = Path(folder) / f"{loans}.db"
            fill(path, loans=loans, late=0.5)
            command = [sys.executable, "-W", "ignore", __file__, "--measure", str(path)]
            ran = subprocess.run(command, capture_output=True, text=True, check=True)
            row = json.loads(ran.stdout)
            found.append(row)
            more = row["peak"] - row["base"]
            print(f"{loans:<16,}{row['base']:>12.1f}{row['peak']:>12.1f}{more:>8.1f}{row['micros']:>12.2f}")
    more, slower = found[1]["peak"] - found[1]["base"], found[1]["micros"] / found[0]["micros"]
    kept = more <= MOST_MIB and slower <= MOST_SLOWER
    print(f"= G3 base + {more:.1f} MiB, a row {slower:.2f}x {'kept' if kept else 'missed'}")
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(Path(sys.argv[2]))))
    else:
        sys.exit(main(*map(int, sys.argv[1:])))
