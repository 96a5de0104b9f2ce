"""Who holds a barcode: one text, one holder, over items and patron cards alike."""

from libops.base.holders import BarcodeUse
from libops.storage.records import RecordType

__all__ = ["BARCODES", "KINDS"]

BARCODES = RecordType("barcode", BarcodeUse, "barcode")

KINDS = (BARCODES,)
