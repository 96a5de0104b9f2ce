"""The privacy desk: what a library forgets of what its readers did, and how it forgets it."""

__all__: list[str] = []
