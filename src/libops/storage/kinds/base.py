"""Who holds a barcode: one text, one holder, over items and patron cards alike. And how far long work has come."""

from typing import Any

from libops.storage.records import RecordType

__all__ = ["BARCODES", "KINDS", "RESTORES", "SWEEPS"]

BARCODES: RecordType[Any] = RecordType("barcode", "libops.base.holders:BarcodeUse", "barcode")
SWEEPS: RecordType[Any] = RecordType("sweep", "libops.storage.cursors:SweepCursor", "name", logged=False)

RESTORES: RecordType[Any] = RecordType(
    "unfinished_restore", "libops.storage.unfinished:UnfinishedRestore", "name", logged=False
)

KINDS: tuple[RecordType[Any], ...] = (BARCODES, SWEEPS, RESTORES)
