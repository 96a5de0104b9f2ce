from __future__ import annotations

import pytest

from libops.bookings import CHANGES, BookedSlot, Certification, RunningJob
from libops.testing.notebook import Notebook


@pytest.fixture
def notebook() -> Notebook:
    return Notebook(CHANGES, {BookedSlot: "key", Certification: "key", RunningJob: "resource_id"})
