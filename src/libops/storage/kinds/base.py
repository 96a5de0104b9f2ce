"""Who holds a barcode: one text, one holder, over items and patron cards alike. And where sweeps stand."""

from libops.base.holders import BarcodeUse
from libops.storage.cursors import SweepCursor
from libops.storage.records import RecordType

__all__ = ["BARCODES", "KINDS", "SWEEPS"]

BARCODES = RecordType("barcode", BarcodeUse, "barcode")
SWEEPS = RecordType("sweep", SweepCursor, "name", logged=False)

KINDS = (BARCODES, SWEEPS)
