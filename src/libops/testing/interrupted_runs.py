"""A nightly run that is killed at random points, over and over, until it comes through.

All runs are children of one program that has imported what a run needs, each with a clock that stands still. The system
ends a run without warning when it has worked for so long, however busy the machine is. A channel of files shows what
was sent, and the store what was charged. For systems that can fork.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

__all__ = ["main", "run_until_done", "settings_text"]


MOST = 60
"""Attempts after which a run that does not come through has failed."""

PATIENCE = 0.1
"""How many seconds the first run may work at most; each further one has a quarter more."""


def run_until_done(url: str, settings: str, folder: str, at: datetime, *, seed: int) -> int:
    """Start the run, kill it after a random while, and start it again until it comes through; returns how often.

    The clock goes on by a quarter of an hour each time, as a machine would come up again. Raises `RuntimeError` when a
    run fails by itself, or does not come through in `MOST` attempts.
    """
    words = (url, settings, folder, at.isoformat(), str(seed))
    command = [sys.executable, "-m", "libops.testing.interrupted_runs", *words]
    ran = subprocess.run(command, capture_output=True, text=True)
    if ran.returncode != 0:
        raise RuntimeError(f"the run failed by itself:\n{ran.stderr}")
    return int(ran.stdout)


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


def run(url: str, settings: str, folder: str, at: datetime) -> None:
    """One run that is left alone."""
    from libops.desk.opening import open as open_library

    options = {"file": {"folder": folder}}
    with open_library(
        url, settings=settings, clock=lambda: at, channels={"email": "file"}, channel_options=options
    ) as ops:
        ops.run_due()


def rehearse(settings: str, at: datetime) -> None:
    """Run in an empty library: what a run imports is here before it starts, and a kill hits the run itself."""
    from libops.desk.opening import open as open_library

    with open_library(settings=settings, clock=lambda: at) as empty:
        empty.run_due()


def killed_after(seconds: float, url: str, settings: str, folder: str, at: datetime) -> bool:
    """Let a child run until it has worked for so long; whether it was killed. Raises `RuntimeError` when it fails."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.setitimer(signal.ITIMER_PROF, seconds)
            run(url, settings, folder, at)
            signal.setitimer(signal.ITIMER_PROF, 0)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code not in (0, -signal.SIGPROF):
        raise RuntimeError(f"the run ended with {code}")
    return code != 0


def main(arguments: Sequence[str]) -> None:
    """One run, or with a seed the same run again and again until it comes through."""
    url, settings, folder, now, *seed = arguments
    at = datetime.fromisoformat(now)
    if not seed:
        run(url, settings, folder, at)
        return
    rehearse(settings, at)
    chance, patience = random.Random(int(seed[0])), PATIENCE
    for kills in range(MOST):
        if not killed_after(max(chance.uniform(0, patience), 0.001), url, settings, folder, at):
            print(kills)
            return
        patience *= 1.25
        at += timedelta(minutes=15)
    raise RuntimeError(f"the run did not come through in {MOST} attempts")


if __name__ == "__main__":
    main(sys.argv[1:])
