"""The mark of a restore under way: it stands in a store from the first record of an export to the last."""

from __future__ import annotations

from attrs import frozen

__all__ = ["UnfinishedRestore"]


@frozen
class UnfinishedRestore:
    """How far the restore of an export has come; a store has one such mark or none.

    `folder` is where the export lay, `manifest` a fingerprint of its manifest; `records` and `events` are how many of
    its lines, from the first one on, the store holds.
    """

    name: str
    folder: str
    manifest: str
    records: int = 0
    events: int = 0
