"""What every room shares: identifiers, money, periods, calendars, barcodes, decisions, events, errors.

Import from the topic modules (`from libops.base.decisions import Refuse`); this package holds no code of its own.
"""

__all__: list[str] = []
