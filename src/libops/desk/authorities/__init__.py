"""The authority desk: headings under control, and the titles that follow them."""

__all__: list[str] = []
