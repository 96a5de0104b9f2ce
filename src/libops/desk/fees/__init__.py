"""The cash desk: what patrons owe, pay, are forgiven, and hand to one another."""

__all__: list[str] = []
