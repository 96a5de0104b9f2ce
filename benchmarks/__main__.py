"""Run the benchmarks: all, or those whose names begin with a word, and write what they print to the docs.

`python3 dev.py bench` runs all, `python3 dev.py bench p1 g5` two; a number after a name is handed to the benchmark:
`python3 dev.py bench g1 10000000`, and so is a folder: `python3 dev.py bench p1 /mnt/disk`. `python3 dev.py bench
races` counts what comes out of races and kills (`races.py`). Each file here named after a budget is a program of its
own; a line that begins with `=` is its verdict. After a run of all, `docs/reference/performance.md` is written anew;
after a run of some, only with `--write`, which keeps the others' last results.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "reference" / "performance.md"
KEPT = HERE / "results.json"
TOP = """\
# Performance

What libops takes, each time as a ratio to a floor measured in the same run: a machine twice as fast changes both.

## How to rerun

| command | runs |
|---|---|
| `python3 dev.py bench` | all, a quarter of an hour on two processors, and writes this page |
| `python3 dev.py bench p1 p11` | these |
| `python3 dev.py bench g1 --write` | this one, and writes its part of the page |
| `python3 dev.py bench g1 10000000` | growth to 10,000,000 items in place of 1,000,000: ten minutes, 7 GB of disk |
| `python3 dev.py bench p1 /mnt/disk` | a durable checkout on this disk too: how long a sync takes decides |
| `python3 dev.py bench p12 1000000` | the nightly run over so many open loans |
| `python3 dev.py bench g3 100000 10000000` | its memory and time with few and with many: half an hour, 9 GB of disk |

How it is measured is in `benchmarks/harness.py`; a verdict marked *noisy* comes from a machine that was busy with
other things.

## Verdicts

| budget | verdict | measured |
|---|---|---|
"""


def programs(words: list[str]) -> list[Path]:
    """The benchmarks asked for, in the order of their numbers."""
    every = HERE.glob("[pg][0-9]*_*.py")
    found = [path for path in every if not words or any(f"{path.stem}_".startswith(f"{word}_") for word in words)]
    return sorted(found, key=lambda path: (path.stem[0] != "p", int(re.findall(r"\d+", path.stem)[0])))


def environment() -> dict[str, str]:
    """The core and all plugins on the path, also where nothing is installed."""
    paths = [str(HERE.parent / "src"), *map(str, sorted(HERE.parent.glob("plugins/libops-*/src")))]
    return {**os.environ, "PYTHONPATH": os.pathsep.join([*paths, *filter(None, [os.environ.get("PYTHONPATH")])])}


def run(path: Path, *sizes: str) -> str:
    """Run one benchmark, at these sizes or in these folders if it is told any, show what it prints, and return it."""
    command = [sys.executable, "-W", "ignore", str(path), *sizes]
    ran = subprocess.run(command, capture_output=True, text=True, env=environment())
    print(ran.stdout, ran.stderr, sep="", end="", flush=True)
    if ran.returncode:
        raise SystemExit(f"{path.name} failed")
    return ran.stdout.rstrip()


def machine() -> str:
    """Where the figures come from."""
    return f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}, CPython {platform.python_version()}"


def page(results: dict[str, dict[str, str]]) -> str:
    """The results as a page: the verdicts in a table, then what each benchmark printed."""
    rows, parts = [], []
    for name, result in results.items():
        for line in result["out"].splitlines():
            if line.startswith("= "):
                budget, verdict = line[2:].split(" ", 1)
                rows.append(f"| {budget} | {verdict} | {result['day']} |")
        doc = result["doc"].splitlines()
        parts.append(
            f"## {doc[0].rstrip('.')}\n\n`benchmarks/{name}.py`, {result['day']}, {result['machine']}\n\n"
            f"```text\n{result['out']}\n```\n"
        )
    return TOP + "\n".join(rows) + "\n\n" + "\n".join(parts)


def main(words: list[str]) -> int:
    if words[:1] == ["races"]:
        return subprocess.call([sys.executable, str(HERE / "races.py"), *words[1:]], env=environment())
    chosen = [word for word in words if not word.startswith("-")]
    sizes = [word for word in chosen if word.isdigit() or os.sep in word]
    names = [word for word in chosen if word not in sizes]
    wanted = programs(names)
    if sizes and len(wanted) != 1:
        told = f"{' '.join(sizes)} after {len(wanted)} benchmarks"
        print(f"{told}: a size or a folder goes with one, such as `bench g1 10000000`")
        return 2
    if not wanted:
        print(f"no benchmark begins with {' or '.join(names)}; there are {', '.join(p.stem for p in programs([]))}")
        return 2
    results = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    for path in wanted:
        doc = path.read_text(encoding="utf-8").split('"""')[1]
        print(f"\n{path.stem}: {doc.splitlines()[0]}", flush=True)
        day = f"{datetime.now(UTC):%Y-%m-%d}"
        results[path.stem] = {"doc": doc, "out": run(path, *sizes), "day": day, "machine": machine()}
    if not chosen or "--write" in words:
        order = [path.stem for path in programs([])]
        results = {name: results[name] for name in order if name in results}
        KEPT.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        PAGE.write_text(page(results), encoding="utf-8")
        print(f"\nwritten: {PAGE.relative_to(HERE.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
