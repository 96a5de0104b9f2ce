"""Contracts: test suites that a plugin author inherits, so that a plugin proves itself in a few lines.

A store is proved by a class that inherits `StorageContract`, names its plugin in `plugins`, and returns the URL of a
store inside an empty folder from `url(folder)`; pytest does the rest. There is a contract for each kind of plugin:
`ChannelContract`, `ScannerContract`, `PolicyContract`, `FormatContract` (for label formats `LabelFormatContract`, for
those of notices `TemplateContract`) and `ObserverContract`.
"""

import pytest

# Failures of an inherited test say what was there, as failures of one's own tests do.
SCENARIOS = (
    "channels",
    "engine",
    "finding",
    "formats",
    "joined",
    "letting_in",
    "log",
    "observers",
    "policies",
    "rivalry",
    "scanners",
    "storage",
    "templates",
    "words",
    "years",
)
pytest.register_assert_rewrite(*(f"{__name__}.{module}" for module in SCENARIOS))

from libops.testing.contracts.channels import ChannelContract  # noqa: E402
from libops.testing.contracts.formats import FormatContract, LabelFormatContract  # noqa: E402
from libops.testing.contracts.observers import ObserverContract  # noqa: E402
from libops.testing.contracts.policies import Act, PolicyContract  # noqa: E402
from libops.testing.contracts.scanners import ScannerContract  # noqa: E402
from libops.testing.contracts.storage import StorageContract  # noqa: E402
from libops.testing.contracts.templates import TemplateContract  # noqa: E402

__all__ = [
    "Act",
    "ChannelContract",
    "FormatContract",
    "LabelFormatContract",
    "ObserverContract",
    "PolicyContract",
    "ScannerContract",
    "StorageContract",
    "TemplateContract",
]
