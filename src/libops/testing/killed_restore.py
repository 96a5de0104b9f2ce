"""A restore that is killed after so many of its batches: what is left in the store is known for what it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from libops.desk.moving import restore as restores
from libops.hooks.loader import load
from libops.storage.port import Batch, Storage

__all__ = ["main", "restore_until_killed"]

AT_ONCE = 5
"""Lines of the export to a batch: few, so that a small library takes many."""


def restore_until_killed(url: str, folder: Path, batches: int, plugins: Sequence[str] = ()) -> None:
    """Restore an export in a process of its own, which is killed without warning after so many batches.

    Raises `RuntimeError` with the words of the process when it ended by itself.
    """
    command = [sys.executable, "-m", "libops.testing.killed_restore", url, str(folder), str(batches), ",".join(plugins)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if "killed" not in ran.stdout:
        raise RuntimeError(f"the restore ended by itself:\n{ran.stdout}{ran.stderr}")


class Killed:
    """A store whose program is killed when the batches that it may write are used up."""

    def __init__(self, store: Storage, batches: int) -> None:
        self.store, self.left = store, batches

    def apply(self, batch: Batch) -> int:
        """Write the batch, if it is not one too many."""
        if not self.left:
            print("killed", flush=True)
            os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        self.left -= 1
        return self.store.apply(batch)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


def main(arguments: Sequence[str]) -> None:
    """One restore: open the store, and write until the end."""
    url, folder, batches, plugins = arguments
    restores.CHUNK = AT_ONCE
    store = load([name for name in plugins.split(",") if name]).backend_for(url).own(url)
    killed: Any = Killed(store, int(batches))
    restores.restore(killed, folder)
    store.close()


if __name__ == "__main__":
    main(sys.argv[1:])
