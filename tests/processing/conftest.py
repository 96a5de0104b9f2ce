from __future__ import annotations

import pytest

from libops.processing import CHANGES, AccessionNumber, AccessionSeries, Preparation
from libops.testing.notebook import Notebook


@pytest.fixture
def notebook() -> Notebook:
    """The records of the back room, kept by its events alone."""
    return Notebook(CHANGES, {Preparation: "item_id", AccessionSeries: "key", AccessionNumber: "number"})
