"""The inventory desk: stocktakes, shelf reading, weeding, displays and rotations in one."""

from __future__ import annotations

from collections.abc import Sequence

from libops.base.spoken import Say
from libops.classification import CallNumber, explain, place
from libops.desk.arguments import checks_arguments
from libops.desk.inventory.displays import DisplayDesk
from libops.desk.reads import Reads
from libops.inventory.decide import read_shelf
from libops.inventory.model import ShelfReading

__all__ = ["InventoryDesk"]


@checks_arguments()
class InventoryDesk(DisplayDesk):
    """What stands on the shelves, what should, and what should no longer: stocktakes, weeding, displays, rotations.

    `session`, `display` and `rotation` are identifiers, `item` is a barcode or an identifier. Acts answer `Permit` with
    the record as it is now, or `Refuse` with every reason; what is not there raises `NotFound`.

    >>> import libops
    >>> from libops.testing.sample_library import ITEMS, sample_library
    >>> ops = libops.open()
    >>> sample_library(ops)
    >>> spring = ops.inventory.open_stocktake(name="Spring").result
    >>> scanned = ops.inventory.scan(spring.id, [barcode for barcode, _ in ITEMS[1:]], device="wand")
    >>> closed = ops.inventory.close_counting(spring.id)
    >>> len(ops.inventory.result(spring.id).missing)
    1
    """

    @property
    def say(self) -> Say:
        """The words of reports in this desk's language: `stocktake_html(result, session, say=ops.inventory.say)`."""
        return self.shell.words.report

    def read_shelf(self, barcodes: Sequence[str]) -> ShelfReading:
        """Check the order of a shelf from its barcodes, first item first, and say why each misplaced one is.

        The misplaced are the fewest that have to move; each comes with the two between which it belongs. Raises
        `NotFound` for a barcode that no item has.

        >>> import libops
        >>> from libops.testing.sample_library import ITEMS, sample_library
        >>> ops = libops.open()
        >>> sample_library(ops)
        >>> first, second, third = (barcode for barcode, _ in ITEMS[:3])
        >>> reading = ops.inventory.read_shelf([second, third, first])
        >>> [(one.item.call_number, one.position) for one in reading.misplaced]
        [('781.65 0', 3)]
        """
        reads = Reads(self.shell.storage)
        items = [self.holders.item_or_raise(reads, text) for text in barcodes]
        schemes = {item.call_number: item.call_number_scheme for item in items}

        def words(before: str, after: str) -> str:
            pair = (place(CallNumber(schemes.get(text, ""), text)) for text in (before, after))
            return str(explain(*pair))

        return read_shelf(self.shelves.seen(items), explain=words)
