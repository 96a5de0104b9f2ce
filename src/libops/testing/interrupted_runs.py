"""A nightly run that is killed at random points, over and over, until it comes through.

Each run is a process of its own with a clock that stands still; it prints its report when it comes through. A channel
of files shows what was sent, and the store what was charged.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

__all__ = ["main", "run_until_done", "settings_text"]


def run_until_done(
    url: str, settings: str, folder: str, at: datetime, *, seed: int, most: int = 60, patience: float = 0.1
) -> int:
    """Start the run, kill it after a random while, and start it again until it comes through; returns how often.

    `patience` is how many seconds the first run has at most; each further one has a quarter more. The clock goes on by
    a quarter of an hour each time, as a machine would come up again. Raises `RuntimeError` when a run fails by itself.
    """
    chance = random.Random(seed)
    for kills in range(most):
        command = [sys.executable, "-m", "libops.testing.interrupted_runs", url, settings, folder, at.isoformat()]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0, patience))
        if process.poll() is None:
            process.kill()
        _, error = process.communicate()
        if process.returncode == 0:
            return kills
        if process.returncode > 0:
            raise RuntimeError(f"the run failed by itself:\n{error}")
        patience *= 1.25
        at += timedelta(minutes=15)
    raise RuntimeError(f"the run did not come through in {most} attempts")


def settings_text(settings: Mapping[str, Any]) -> str:
    """Settings as TOML, for the file that the processes read; tables inline, as JSON nearly is.

    >>> print(settings_text({"currency": "EUR", "barcodes": {"card": ["2"]}}))
    currency = "EUR"
    barcodes = {"card" = ["2"]}
    """

    def inline(value: Any) -> str:
        if isinstance(value, Mapping):
            return "{" + ", ".join(f"{json.dumps(key)} = {inline(each)}" for key, each in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(inline, value)) + "]"
        return json.dumps(value, default=str)

    return "\n".join(f"{key} = {inline(value)}" for key, value in settings.items())


def main(arguments: Sequence[str]) -> None:
    """One run: open the store, say so, run."""
    from libops.desk.opening import open as open_library

    def rehearse() -> None:
        """Run in an empty library: what a run imports is here before it starts, and a kill hits the run itself."""
        with open_library(settings=settings, clock=lambda: at) as empty:
            empty.run_due()

    url, settings, folder, now = arguments
    at = datetime.fromisoformat(now)
    options = {"file": {"folder": folder}}
    rehearse()
    with open_library(
        url, settings=settings, clock=lambda: at, channels={"email": "file"}, channel_options=options
    ) as ops:
        print("ready", flush=True)
        ops.run_due()
        print("done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
