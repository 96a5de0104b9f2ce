"""Decisions about loans: one module an act, each from frozen facts to `Permit` or `Refuse`."""

__all__: list[str] = []
