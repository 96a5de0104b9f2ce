"""G5: compiling 500 rules again after one of them changed. Run with `python benchmarks/g5_recompile.py`."""

from __future__ import annotations

import statistics
import sys
import time

import attrs
from p4_policy import made_rules

from libops.circulation.policy.rules import FixedWeights, compile_rules

ROUNDS = 15


def main() -> int:
    rules = tuple(made_rules(500).values())
    found, processor = [], []
    for number in range(ROUNDS):
        changed = attrs.evolve(rules[number], loan="another")
        start, busy = time.perf_counter(), time.process_time()
        compile_rules((*rules[:number], changed, *rules[number + 1 :]), precedence=FixedWeights())
        processor.append((time.process_time() - busy) * 1e3)
        found.append((time.perf_counter() - start) * 1e3)
    print(f"processor time: median {statistics.median(processor):.2f} ms, min {min(processor):.2f}")
    print(f"500 rules: median {statistics.median(found):.2f} ms, min {min(found):.2f}, max {max(found):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
