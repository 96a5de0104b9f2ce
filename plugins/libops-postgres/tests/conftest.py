"""One real PostgreSQL server for all tests of the plugin."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from libops_postgres.trial import trial_server


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of an empty database."""
    with trial_server() as url:
        yield url
