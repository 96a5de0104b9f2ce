"""The repair shop: equipment, tickets from report to return, maintenance."""

__all__: list[str] = []
