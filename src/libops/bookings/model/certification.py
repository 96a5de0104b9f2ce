"""Certifications: who may use what only after its course, or only when somebody said yes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from types import MappingProxyType

from attrs import field, frozen

from libops.base.ids import PatronId
from libops.base.texts import an_identifier

__all__ = [
    "CERTIFICATION_LEGAL",
    "Certification",
    "CertificationAct",
    "CertificationState",
    "certification_key",
]


class CertificationState(Enum):
    """Where a certification stands."""

    REQUESTED = "requested"
    GRANTED = "granted"
    REJECTED = "rejected"
    REVOKED = "revoked"


class CertificationAct(Enum):
    """What moves a certification from state to state."""

    REQUEST = "request"
    GRANT = "grant"
    """The course was taken, or the request approved; again to renew it."""
    REJECT = "reject"
    REVOKE = "revoke"


def _legal() -> Mapping[CertificationState | None, Mapping[CertificationAct, CertificationState]]:
    state, act = CertificationState, CertificationAct
    ask = {act.REQUEST: state.REQUESTED}
    grant = {act.GRANT: state.GRANTED}
    table: dict[CertificationState | None, dict[CertificationAct, CertificationState]] = {
        None: ask | grant,
        state.REQUESTED: grant | {act.REJECT: state.REJECTED},
        state.GRANTED: grant | {act.REVOKE: state.REVOKED},
        state.REJECTED: ask | grant,
        state.REVOKED: ask | grant,
    }
    return MappingProxyType({before: MappingProxyType(acts) for before, acts in table.items()})


CERTIFICATION_LEGAL: Mapping[CertificationState | None, Mapping[CertificationAct, CertificationState]] = _legal()
"""Every legal move of a certification; None is the state of one that nobody asked for yet."""


@frozen
class Certification:
    """What a patron may use: keyed by patron and subject, so that there is one answer.

    The subject is a course or a kind of risky material, in the library's own words. It holds from `since` and ends at
    `expires_at`; None never ends.
    """

    key: str
    patron_id: PatronId
    subject: str = field(validator=an_identifier)
    state: CertificationState
    since: datetime
    expires_at: datetime | None = None
    by: str = ""
    why: str = field(default="")

    def holds(self, at: datetime) -> bool:
        """Whether it is granted and not expired at that moment; at `expires_at` it is over."""
        return self.state is CertificationState.GRANTED and (self.expires_at is None or at < self.expires_at)


def certification_key(patron_id: PatronId, subject: str) -> str:
    """The key of `Certification`.

    >>> certification_key(PatronId("P-9"), "laser")
    'P-9:laser'
    """
    return f"{patron_id}:{subject}"
