"""Policies of circulation as data: rules that match, loan terms, due dates, limits."""

__all__: list[str] = []
