"""The circulation desk: loans, items that do not come back, items between libraries, and days that change."""

__all__: list[str] = []
