"""Settings as they were when a loan was decided by them."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

__all__ = ["PolicyVersion"]


@frozen
class PolicyVersion:
    """Settings that loans were decided by, as they were: `text` is their canonical form as JSON.

    Every loan names `policy` that governed it, so that the reasons for an old loan can still be read.
    """

    policy: str
    text: str
    first_used_at: datetime
