"""The plugins that come with libops. They enter through the same doors as guests."""

__all__: list[str] = []
