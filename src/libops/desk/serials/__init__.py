"""The serials desk: subscriptions, and issues as they come or fail to."""

__all__: list[str] = []
