from __future__ import annotations

import pytest

from libops.equipment import CHANGES, AssetOfItem, DeviceFault, OutOfService
from libops.testing.notebook import Notebook


@pytest.fixture
def notebook() -> Notebook:
    return Notebook(CHANGES, {AssetOfItem: "item_id", DeviceFault: "key", OutOfService: "key"})
