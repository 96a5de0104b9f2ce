"""Barcodes and the numbers on books, music and serials: one module each, all with the same verbs.

`compact` gives the number without what is there for the eye, `validate` the number or `InvalidValue` with what is
wrong, `is_valid` a yes or no, `check_digit` the check for a number without one, `format` the printed form. `profiles`
tells what a scanned text is. Import the topic modules: `from libops.base.barcodes import isbn`.

>>> from libops.base.barcodes import isbn, library14
>>> isbn.is_valid("0-306-40615-2"), library14.check_digit("3023400051786")
(True, '1')
"""

__all__: list[str] = []
