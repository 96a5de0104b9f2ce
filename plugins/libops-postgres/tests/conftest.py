"""One real PostgreSQL server for all tests of the plugin."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest

from libops_postgres.trial import trial_server


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of an empty database."""
    with trial_server() as url:
        yield url


@pytest.fixture
def apart(server: str) -> str:
    """The URL of a schema of its own on the server, still empty: its tables may be older, newer or damaged."""
    schema = f"apart_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    return f"{server}&options={quote(f'-c search_path={schema}')}"
