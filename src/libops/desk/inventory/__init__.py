"""The inventory desk: stocktakes, weeding, displays, and the shelves as all of them see them."""

__all__: list[str] = []
