"""What a library decides about itself: read, checked, compared, held against real loans."""

__all__: list[str] = []
