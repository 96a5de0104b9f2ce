"""A library moves: all of it into plain files, and back into an empty store."""

__all__: list[str] = []
