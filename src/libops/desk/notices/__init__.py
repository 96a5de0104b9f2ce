"""The mail desk: what patrons are told, planned from what happened and what lies ahead."""

__all__: list[str] = []
