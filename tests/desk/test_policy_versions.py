"""The settings that a loan was decided by can be read as long as the loan can."""

from __future__ import annotations

import pytest

import libops
from libops.base.errors import NotFound
from libops.desk.settings.loading import default_settings
from libops.testing.sample_library import sample_library


def test_an_old_loan_names_settings_that_can_still_be_read(tmp_path) -> None:
    """The library changes its rules; the loan of last month still says which rule it was, and the rule is there."""
    url = f"sqlite:///{tmp_path}/town.db"
    with libops.open(url) as ops:
        sample_library(ops)
        assert ops.circulation.check_out(patron="21234000000017", item="31234000000014")
    plain = default_settings().canonical()
    plain["loan_policies"]["four-weeks"]["due"]["period"] = "1 week"
    with libops.open(url, settings=plain) as ops:
        loan = ops.circulation.loan_of("31234000000014")
        assert loan.policy != ops.settings.version
        before = ops.settings_at(loan.policy)
        assert loan.policy == before.version
        assert "4 weeks" == str(before.file.loan_policies[loan.loan_policy].due.period)
        assert ops.settings is ops.settings_at(ops.settings.version)
        with pytest.raises(NotFound, match="0123456789abcdef"):
            ops.settings_at("0123456789abcdef")
