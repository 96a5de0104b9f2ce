"""Who holds a barcode: one text, one holder, over items and patron cards alike. And how far long work has come."""

from libops.base.holders import BarcodeUse
from libops.storage.cursors import SweepCursor
from libops.storage.records import RecordType
from libops.storage.unfinished import UnfinishedRestore

__all__ = ["BARCODES", "KINDS", "RESTORES", "SWEEPS"]

BARCODES = RecordType("barcode", BarcodeUse, "barcode")
SWEEPS = RecordType("sweep", SweepCursor, "name", logged=False)
RESTORES = RecordType("unfinished_restore", UnfinishedRestore, "name", logged=False)

KINDS = (BARCODES, SWEEPS, RESTORES)
