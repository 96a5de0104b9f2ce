"""Contracts: test suites that a plugin author inherits, so that a plugin proves itself in a few lines.

A store is proved by a class that inherits `StorageContract`, names its plugin in `plugins`, and returns the URL of a
store inside an empty folder from `url(folder)`; pytest does the rest.
"""

from libops.testing.contracts.storage import StorageContract

__all__ = ["StorageContract"]
